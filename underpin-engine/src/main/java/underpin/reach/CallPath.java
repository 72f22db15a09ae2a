package underpin.reach;

import java.util.ArrayList;
import java.util.List;
import underpin.program.graph.CallGraph;
import underpin.program.graph.Replay;

/** A call path as people read it: one line for each call. */
final class CallPath {
  private CallPath() {}

  /** {@return {@code com/shop/Cart.java:42 com.shop.Cart.load calls org.yaml.Yaml.load}, ...} */
  static List<String> words(List<CallGraph.Step> path) {
    return path.stream().map(CallPath::words).toList();
  }

  /** {@return the same; it says where a call happens only after an exception} */
  static List<String> words(Replay.Confirmed path) {
    List<String> words = new ArrayList<>(words(path.steps()));
    for (int step : path.caught()) {
      words.set(step, words.get(step) + ", after an exception");
    }
    return words;
  }

  static String words(CallGraph.Step step) {
    String callee = readable(step.callee());
    return step.caller()
        .map(caller -> place(step) + readable(caller) + " calls " + callee)
        .orElse("the JVM or a framework calls " + callee);
  }

  private static String place(CallGraph.Step step) {
    if (step.file().isEmpty() || step.line() == 0) {
      return "";
    }
    return step.file() + ":" + step.line() + " ";
  }

  static String readable(CallGraph.Method method) {
    String name =
        switch (method.name()) {
          case "<init>" -> "new " + method.className();
          case "<clinit>" -> "the static initialiser of " + method.className();
          default -> method.className() + "." + method.name();
        };
    return name;
  }
}
