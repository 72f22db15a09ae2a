package underpin.fix.upgrade;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the text of a Maven version says beyond its order: its numbers, whether it is a stable
 * release, and its flavour ({@code jre}, {@code jre8}, {@code android}).
 */
record ReleaseName(List<Integer> numbers, Set<String> flavour, boolean stable) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z]+\\d*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern PRE_RELEASE =
      Pattern.compile(
          "(alpha|beta|a|b|m|milestone|rc|cr|snapshot|ea|pre|preview|dev|test|nightly|pr|experimental|build|incubating)\\d*");

  /** Words that only say that this is the release. */
  private static final Set<String> RELEASE = Set.of("final", "ga", "release", "sec", "v", "sp");

  /** Guava's flavours: for Java 8 and newer, and for Java 7 (and Android). */
  private static final Set<String> JRE = Set.of("jre");

  private static final Set<String> ANDROID = Set.of("android");
  private static final int FIRST_OF_JRE = 8;

  /** A year or a date as first number is another scheme than 1.2.3. */
  private static final int FIRST_DATE = 1900;

  static ReleaseName of(String version) {
    int letters = version.length();
    Matcher firstWord = WORD.matcher(version);
    List<Integer> numbers = new java.util.ArrayList<>();
    Set<String> flavour = new TreeSet<>();
    boolean stable = true;
    String lower = version.toLowerCase(Locale.ROOT);
    Matcher word = WORD.matcher(lower);
    while (word.find()) {
      String found = word.group();
      if (PRE_RELEASE.matcher(found).matches()) {
        stable = false;
      } else if (!RELEASE.contains(found.replaceAll("\\d+$", ""))) {
        flavour.add(found);
      }
    }
    if (firstWord.find() && firstWord.start() > 0) {
      letters = firstWord.start();
    }
    Matcher number = NUMBER.matcher(version.substring(0, letters));
    while (number.find()) {
      String digits = number.group();
      numbers.add(digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits));
    }
    return new ReleaseName(List.copyOf(numbers), flavour, stable);
  }

  /**
   * {@return whether {@code next} is the same kind of release, so that it may follow this one}
   *
   * @param javaRelease feature version that the project runs on
   */
  boolean mayBecome(ReleaseName next, int javaRelease) {
    // Guava 23 and older name no flavour, and go on as one of two.
    Set<String> goesOnAs = javaRelease >= FIRST_OF_JRE ? JRE : ANDROID;
    boolean same =
        flavour.equals(next.flavour) || (flavour.isEmpty() && next.flavour.equals(goesOnAs));
    return same && isOfSameScheme(next);
  }

  /** {@return whether {@code next} is numbered likewise and no less stable, of whatever flavour} */
  boolean isOfSameScheme(ReleaseName next) {
    return (next.stable || !stable) && (number(0) >= FIRST_DATE) == (next.number(0) >= FIRST_DATE);
  }

  /** {@return how far it is from this to {@code next}: the first number that differs} */
  Upgrader.Size sizeTo(ReleaseName next) {
    if (number(0) != next.number(0)) {
      return Upgrader.Size.MAJOR;
    }
    return number(1) != next.number(1) ? Upgrader.Size.MINOR : Upgrader.Size.PATCH;
  }

  int number(int index) {
    return index < numbers.size() ? numbers.get(index) : 0;
  }

  /**
   * {@return whether a version is this one or a later one of the same flavour} Of another flavour
   * nothing is known: guava's android releases say nothing of its jre ones.
   */
  static boolean isFrom(String from, String version) {
    return Upgrader.ORDER.compare(version, from) >= 0
        && of(version).flavour().equals(of(from).flavour());
  }
}
