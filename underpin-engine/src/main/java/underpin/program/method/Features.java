package underpin.program.method;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of a method as every compiler writes them, under whatever packages, numbered where
 * they repeat, as 32-bit hashes. The lowest two bits say how far compilers agree on it: calls,
 * fields and texts are alike the first time; jumps, small numbers and arithmetic mostly; what
 * repeats, and the words of sentences, often are not.
 */
final class Features {
  /** The bits that say how far compilers agree. */
  private static final int WEIGHTS = 3;

  private static final int UNSTABLE = 0;
  private static final int STABLE = 1;
  private static final int LOOSE = 2;

  /** Class literals, as compilers wrote them for Java 1.4 and before. */
  private static final String CLASS_OF = ".class$(Ljava/lang/String;)Ljava/lang/Class;";

  private static final Pattern OLD_CLASS_FIELD =
      Pattern.compile("[gp][eu]t \\S+\\.(?:class|array)\\$\\S*:Ljava/lang/Class;");

  /**
   * What stands for no call of the source: the text of an operand, what closes a resource, the
   * tables of a switch over an enum, whose shape is an event of its own, and accessors whose class
   * is not there.
   */
  private static final Pattern OF_COMPILER =
      Pattern.compile(
          "call java/lang/String\\.valueOf\\(Ljava/lang/Object;\\).*"
              + "|call java/lang/Throwable\\.addSuppressed\\(.*"
              + "|call \\S+\\.\\$closeResource\\(.*"
              + "|call \\S+\\.\\$SWITCH_TABLE\\$.*"
              + "|call \\S+\\.access\\$\\S*\\(.*"
              + "|(?:get|put) \\S+\\.\\$assertionsDisabled:Z"
              + "|call java/lang/Class\\.desiredAssertionStatus\\(\\)Z"
              + "|switch map .*");

  /** Parameters that compilers add so that a private constructor can be called. */
  private static final Pattern OF_ANONYMOUS = Pattern.compile("[^;()]*\\$#;");

  /** A class or a resource, which moves with the packages. */
  private static final Pattern PLACE =
      Pattern.compile("\"[\\[/]*L?(?:[\\w$-]+[./]){2,}([\\w$.-]+);?/?\"");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]{2,}");

  private Features() {}

  /** {@return what a feature counts, 0 to 1} */
  static double weight(int feature) {
    return switch (feature & WEIGHTS) {
      case STABLE -> 1;
      case LOOSE -> 0.1;
      default -> 0.25;
    };
  }

  /** {@return whether it repeats another or is a word: all such together tell little} */
  static boolean isLoose(int feature) {
    return (feature & WEIGHTS) == LOOSE;
  }

  static Set<Integer> of(List<String> events) {
    Map<String, Integer> seen = new HashMap<>();
    Set<Integer> features = new HashSet<>();
    for (String event : plain(events)) {
      int times = seen.merge(event, 1, Integer::sum);
      int hash = (event + "#" + times).hashCode() * 0x9E3779B9;
      // Some compilers write a finally block once, others at every way out of it.
      int weight =
          times > 1 || event.startsWith("word ") ? LOOSE : isStable(event) ? STABLE : UNSTABLE;
      features.add(hash & ~WEIGHTS | weight);
    }
    return features;
  }

  /** {@return the events without what only some compilers write, and without packages} */
  static List<String> plain(List<String> events) {
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      String event = events.get(i);
      if (event.startsWith("const \"")
          && i + 1 < events.size()
          && events.get(i + 1).endsWith(CLASS_OF)) {
        plain.add(
            Events.withoutPackages(
                "class "
                    + event.substring("const \"".length(), event.length() - 1).replace('.', '/')));
        i++;
      } else if (!OLD_CLASS_FIELD.matcher(event).matches()
          && !OF_COMPILER.matcher(event).matches()) {
        plain.addAll(words(constructor(Events.withoutPackages(place(event)))));
      }
    }
    return plain;
  }

  /** A constructor without what compilers add to its parameters. */
  private static String constructor(String event) {
    int at = event.indexOf(".<init>(");
    if (at < 0) {
      return event;
    }
    String owner = event.substring(event.indexOf(' ') + 1, at);
    String parameters = OF_ANONYMOUS.matcher(event.substring(at)).replaceAll("");
    String own = owner + ";)V";
    return event.substring(0, at)
        + (parameters.endsWith(own) && owner.contains("$")
            ? parameters.substring(0, parameters.length() - own.length()) + ")V"
            : parameters);
  }

  private static String place(String event) {
    if (!event.startsWith("const \"")) {
      return event;
    }
    Matcher place = PLACE.matcher(event.substring("const ".length()));
    return place.matches() ? "const \"" + place.group(1) + "\"" : event;
  }

  /** The words of a sentence, for compilers differ in which of its pieces they join. */
  private static List<String> words(String event) {
    if (!event.startsWith("const \"") || event.strip().indexOf(' ', "const \"".length()) < 0) {
      return List.of(event);
    }
    return WORD.matcher(event.substring("const ".length()))
        .results()
        .map(word -> "word " + word.group())
        .toList();
  }

  private static boolean isStable(String event) {
    int blank = event.indexOf(' ');
    return switch (blank < 0 ? event : event.substring(0, blank)) {
      case "call", "super", "get", "put", "class", "instanceof", "annotation", "catch", "handle" ->
          true;
      case "const" -> event.length() > "const 10".length() || event.startsWith("const \"");
      default -> false;
    };
  }
}
