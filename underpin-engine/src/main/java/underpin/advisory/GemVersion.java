package underpin.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RubyGems' order, as {@code Gem::Version} documents it: the text is cut into numbers and words; a
 * word makes a prerelease and comes before any number; zeros at the end of the numbers and before
 * the first word do not count; {@code -} means {@code .pre.}.
 */
record GemVersion(List<String> segments) implements Comparable<GemVersion> {
  private static final Pattern SHAPE =
      Pattern.compile("[0-9]+(?:\\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
  private static final Pattern SEGMENT = Pattern.compile("[0-9]+|[A-Za-z]+");

  static GemVersion read(String text) {
    String version = text.strip();
    if (!SHAPE.matcher(version).matches()) {
      throw new NotAVersionException(text, null);
    }
    List<String> segments = new ArrayList<>();
    boolean inNumbers = true;
    Matcher matcher = SEGMENT.matcher(version.replace("-", ".pre."));
    while (matcher.find()) {
      String segment = matcher.group();
      if (SemVer.isNumber(segment)) {
        segments.add(SemVer.withoutZeros(segment));
      } else {
        if (inNumbers) {
          dropZeros(segments);
          inNumbers = false;
        }
        segments.add(segment);
      }
    }
    dropZeros(segments);
    return new GemVersion(List.copyOf(segments));
  }

  @Override
  public int compareTo(GemVersion other) {
    int size = Math.max(segments.size(), other.segments.size());
    for (int i = 0; i < size; i++) {
      String left = i < segments.size() ? segments.get(i) : "0";
      String right = i < other.segments.size() ? other.segments.get(i) : "0";
      boolean leftNumber = SemVer.isNumber(left);
      boolean rightNumber = SemVer.isNumber(right);
      int order =
          leftNumber && rightNumber
              ? SemVer.compareNumbers(left, right)
              : leftNumber == rightNumber ? left.compareTo(right) : leftNumber ? 1 : -1;
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static void dropZeros(List<String> segments) {
    while (!segments.isEmpty() && segments.getLast().equals("0")) {
      segments.removeLast();
    }
  }
}
