package underpin.reach;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import underpin.program.graph.CallGraph;
import underpin.reach.Reachability.Flaw;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.VulnerableFunction;

/**
 * Flaws of mere presence: who sends a serialized object chooses its classes among all that lie on
 * the class path, so that a gadget runs without any call of it in the program (Frohoff and
 * Lawrence, "Marshalling Pickles", 2015).
 */
final class Presence {
  static final String BECAUSE =
      "it may need no call: objects that are read back (%s opens a java.io.ObjectInputStream)"
          + " bring their classes with them";

  /**
   * What opens a stream of objects, of any class that it names. Not who reads from one: a class's
   * own {@code readObject} is given a stream that another opened.
   */
  private static final List<CallGraph.Method> OPENING =
      List.of(
          new CallGraph.Method("java.io.ObjectInputStream", "<init>", "(Ljava/io/InputStream;)V"),
          new CallGraph.Method("java.io.ObjectInputStream", "<init>", "()V"));

  /** The JDK reads back by itself, from files and connections of its own making. */
  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

  private static final String DESERIALIZATION = "CWE-502";

  /** Java Object Serialization Specification, 3.4 to 3.7 and 1.11. */
  private static final Set<String> CALLBACKS =
      Set.of("readObject", "readObjectNoData", "readResolve", "readExternal", "validateObject");

  private Presence() {}

  /**
   * {@return whether a flaw may need no call: its fix guards a callback, or all that is known is
   * its weakness}
   */
  static boolean isEnough(Flaw flaw) {
    return switch (flaw.functions()) {
      case FunctionList.Undecided _ -> flaw.cwes().contains(DESERIALIZATION);
      case FunctionList.Derived derived ->
          derived.cut().stream().map(VulnerableFunction::methodName).anyMatch(CALLBACKS::contains)
              || derived.added().stream().anyMatch(Presence::isCallback);
    };
  }

  /** Of {@code class.method(descriptor)}. */
  private static boolean isCallback(String added) {
    int end = added.indexOf('(');
    String name = end < 0 ? added : added.substring(0, end);
    return CALLBACKS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** {@return a method outside the JDK that opens a stream to read objects back} */
  static Optional<String> reader(CallGraph graph) {
    return OPENING.stream()
        .flatMap(method -> graph.callers(method).stream())
        .filter(caller -> JDK.stream().noneMatch(caller.className()::startsWith))
        .map(caller -> caller.className() + "." + caller.name())
        .min(Comparator.naturalOrder());
  }
}
