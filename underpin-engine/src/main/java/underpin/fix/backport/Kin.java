package underpin.fix.backport;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.program.method.JarCode;

/**
 * Which types are above which. A call of a method is one of the same method through a type above or
 * below, as the variable is declared; compilers write down the declared one.
 */
final class Kin {
  /** By simple names, as events have them. */
  private final Map<String, Set<String>> above = new TreeMap<>();

  /** {@return what these jars say} */
  static Kin of(JarCode... jars) {
    Kin kin = new Kin();
    for (JarCode jar : jars) {
      jar.classes()
          .forEach(type -> {
            Set<String> some = kin.above.computeIfAbsent(simple(type.name()), _ -> new TreeSet<>());
            some.add(simple(type.superName()));
            type.interfaces().forEach(i -> some.add(simple(i)));
          });
    }
    return kin;
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * {@return how often the same method is called through another type}
   *
   * @param event a call, without packages; others count none
   * @param events how often each is there
   * @param known through what it may be called in its own right, which do not count
   */
  int calls(String event, Map<String, Integer> events, Map<String, Integer> known) {
    int dot = event.indexOf('.');
    if (!event.startsWith("call ") || dot < 0 || event.contains(".<init>")) {
      return 0;
    }
    String owner = event.substring("call ".length(), dot);
    String method = event.substring(dot);
    int count = 0;
    for (Map.Entry<String, Integer> one : events.entrySet()) {
      String other = one.getKey();
      if (other.startsWith("call ")
          && other.endsWith(method)
          && !other.equals(event)
          && !known.containsKey(other)) {
        String through = other.substring("call ".length(), other.length() - method.length());
        count += isAbove(through, owner) || isAbove(owner, through) ? one.getValue() : 0;
      }
    }
    return count;
  }

  private boolean isAbove(String upper, String lower) {
    return upper.equals("java/lang/Object") || isAbove(upper, lower, new HashSet<>());
  }

  private boolean isAbove(String upper, String lower, Set<String> seen) {
    Set<String> next = above.getOrDefault(lower, Set.of());
    return next.contains(upper)
        || next.stream().anyMatch(n -> seen.add(n) && isAbove(upper, n, seen));
  }
}
