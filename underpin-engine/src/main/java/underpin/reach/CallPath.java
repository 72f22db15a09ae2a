package underpin.reach;

import java.util.ArrayList;
import java.util.List;
import underpin.program.graph.CallGraph;

/** A call path as people read it: one line for each call. */
final class CallPath {
  private CallPath() {}

  /** {@return {@code com/shop/Cart.java:42 com.shop.Cart.load calls org.yaml.Yaml.load}, ...} */
  static List<String> words(List<CallGraph.Step> path) {
    List<String> words = new ArrayList<>();
    for (CallGraph.Step step : path) {
      String callee = readable(step.callee());
      words.add(
          step.caller()
              .map(caller -> place(step) + readable(caller) + " calls " + callee)
              .orElse("the JVM or a framework calls " + callee));
    }
    return words;
  }

  private static String place(CallGraph.Step step) {
    if (step.file().isEmpty() || step.line() == 0) {
      return "";
    }
    return step.file() + ":" + step.line() + " ";
  }

  private static String readable(CallGraph.Method method) {
    String name =
        switch (method.name()) {
          case "<init>" -> "new " + method.className();
          case "<clinit>" -> "the static initialiser of " + method.className();
          default -> method.className() + "." + method.name();
        };
    return name;
  }
}
