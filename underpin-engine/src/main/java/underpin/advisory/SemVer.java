package underpin.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Semantic Versioning 2.0.0, section 11, read leniently as the ecosystems do: a leading {@code v},
 * {@code =} or {@code go}, fewer or more than three numbers (missing ones are 0), numbers of any
 * length, a prerelease without its hyphen ({@code 1.18rc1}). Build metadata does not count, so
 * {@code v2.0.0+incompatible} equals {@code v2.0.0}.
 */
record SemVer(List<String> numbers, List<String> prerelease) implements Comparable<SemVer> {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:go|[vV=]+ ?)?(\\d+(?:\\.\\d+)*)(?:-([0-9A-Za-z.-]+)|([A-Za-z][0-9A-Za-z.-]*))?(?:\\+.*)?");

  static SemVer read(String text) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new NotAVersionException(text, null);
    }
    List<String> numbers = new ArrayList<>();
    for (String number : matcher.group(1).split("\\.")) {
      numbers.add(withoutZeros(number));
    }
    while (numbers.size() > 1 && numbers.getLast().equals("0")) {
      numbers.removeLast();
    }
    @Nullable String pre = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    return new SemVer(
        List.copyOf(numbers), pre == null ? List.of() : List.of(pre.split("\\.", -1)));
  }

  @Override
  public int compareTo(SemVer other) {
    int size = Math.max(numbers.size(), other.numbers.size());
    for (int i = 0; i < size; i++) {
      int order = compareNumbers(number(i), other.number(i));
      if (order != 0) {
        return order;
      }
    }
    if (prerelease.isEmpty() || other.prerelease.isEmpty()) {
      return Boolean.compare(prerelease.isEmpty(), other.prerelease.isEmpty());
    }
    for (int i = 0; i < Math.min(prerelease.size(), other.prerelease.size()); i++) {
      int order = compareIdentifiers(prerelease.get(i), other.prerelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(prerelease.size(), other.prerelease.size());
  }

  private String number(int index) {
    return index < numbers.size() ? numbers.get(index) : "0";
  }

  private static int compareIdentifiers(String a, String b) {
    boolean left = isNumber(a);
    boolean right = isNumber(b);
    if (left && right) {
      return compareNumbers(withoutZeros(a), withoutZeros(b));
    }
    return left == right ? a.compareTo(b) : left ? -1 : 1;
  }

  /** Compares digits without leading zeros, of any length. */
  static int compareNumbers(String a, String b) {
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static String withoutZeros(String digits) {
    int start = 0;
    while (start < digits.length() - 1 && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }
}
