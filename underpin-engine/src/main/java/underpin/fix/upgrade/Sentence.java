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

  /** Without the place in the code: of several places that need the same, one sentence remains. */
  static String of(LinkageBreak found) {
    if (isOfWholeEntry(found)) {
      return entry(found.from()) + found.because().replaceFirst("^it is", " is");
    }
    return PARAMETERS
        .matcher(
            entry(found.from())
                + " needs "
                + found.reference()
                + ": "
                + found.because().replaceFirst(" \\(and \\d+ more places?\\)$", ""))
        .replaceAll("(...)");
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
            + found.because();
  }

  private static boolean isOfWholeEntry(LinkageBreak found) {
    return found.kind() == LinkageBreak.Kind.CLASS_FILE_VERSION && found.cause().others().isEmpty();
  }
}
