package underpin.fix.upgrade;

import java.util.regex.Pattern;
import underpin.program.LinkageBreak;

/** Reasons as people read them: the one thing that decided, short. */
final class Sentence {
  /** Characters of a sentence; what is longer is cut. */
  static final int MAX = 300;

  private static final Pattern PARAMETERS = Pattern.compile("\\([^()]{30,}\\)");

  private Sentence() {}

  /** The first line; where that is too long, whole clauses of it while they say enough. */
  static String cut(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    if (line.length() <= MAX) {
      return line;
    }
    int clause = line.lastIndexOf("; ", MAX);
    return clause > MAX / 2
        ? line.substring(0, clause)
        : line.substring(0, MAX - 1).stripTrailing() + "\u2026";
  }

  /** {@return the artifact of {@code group:artifact}} */
  static String artifact(String key) {
    return key.substring(key.indexOf(':') + 1);
  }

  /** {@return {@code artifact version} of {@code group:artifact:version}; a module as it is} */
  static String entry(String from) {
    String[] parts = from.split(":", -1);
    return parts.length >= 3 ? parts[1] + " " + parts[2] : from;
  }

  /** The place only of the project's own code, which is where its people can change something. */
  static String of(LinkageBreak found) {
    if (isOfWholeEntry(found)) {
      return entry(found.from()) + found.because().replaceFirst("^it is", " is");
    }
    String place = found.from().indexOf(':') < 0 ? " (" + found.place() + ")" : "";
    String missing =
        found.reference()
            + ": "
            + shortAfter(
                found.reference(),
                found.because().replaceFirst(" \\(and \\d+ more places?\\)$", ""));
    return entry(found.from())
        + place
        + " needs "
        + PARAMETERS.matcher(missing).replaceAll("(...)");
  }

  /** A class that the reference just named in full is named by its simple name. */
  private static String shortAfter(String reference, String because) {
    int end = because.indexOf(' ');
    String named = end < 0 ? "" : because.substring(0, end);
    return reference.startsWith(named) ? because.substring(named.lastIndexOf('.') + 1) : because;
  }

  /** The same with the place. */
  static String withPlace(LinkageBreak found) {
    return isOfWholeEntry(found)
        ? of(found)
        : entry(found.from())
            + " ("
            + found.place()
            + ") needs "
            + found.reference()
            + ": "
            + shortAfter(found.reference(), found.because());
  }

  private static boolean isOfWholeEntry(LinkageBreak found) {
    return found.kind() == LinkageBreak.Kind.CLASS_FILE_VERSION && found.cause().others().isEmpty();
  }
}
