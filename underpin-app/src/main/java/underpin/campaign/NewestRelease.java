package underpin.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds the newest release of a library that passes a check which costs much, with few tries: the
 * newest of each line (two numbers) may be tried, by halves. What fits lies in one stretch of
 * releases as a rule; where it does not, another one that fits may be found, or none.
 */
final class NewestRelease {
  private static final Pattern UNFINISHED =
      Pattern.compile(
          "(?i).*[.-](alpha|beta|m|cr|rc|ea|pre|preview|snapshot|dev|b)[.-]?\\d*([.-].*)?"
              + "|.*\\d(a|b|rc|m|pre)\\d+"
              + "|(.*-)?\\d{8}.*");

  private NewestRelease() {}

  /**
   * {@return what the check gives for the newest release that was found to pass}
   *
   * @param versions ascending
   * @param most tries
   */
  static <T> Optional<T> of(List<String> versions, int most, Function<String, Optional<T>> check) {
    List<String> lines = lines(versions);
    Search<T> search = new Search<>(lines, most, check);
    return lines.isEmpty() ? Optional.empty() : search.run();
  }

  /**
   * The newest of each line, the newest line first; unfinished ones where there is nothing else.
   */
  static List<String> lines(List<String> versions) {
    List<String> finished =
        versions.stream().filter(v -> !UNFINISHED.matcher(v).matches()).toList();
    Map<String, String> newest = new LinkedHashMap<>();
    for (String version : (finished.isEmpty() ? versions : finished).reversed()) {
      newest.putIfAbsent(line(version), version);
    }
    return List.copyOf(newest.values());
  }

  /** {@return the first two numbers} */
  static String line(String version) {
    String[] part = (version + ".0").split("[.-]", 3);
    return part[0] + "." + part[1];
  }

  private static final class Search<T> {
    private final List<String> lines;
    private final Function<String, Optional<T>> check;
    private int left;

    Search(List<String> lines, int most, Function<String, Optional<T>> check) {
      this.lines = lines;
      this.left = most;
      this.check = check;
    }

    Optional<T> run() {
      Optional<T> newest = tried(0);
      if (newest.isPresent()) {
        return newest;
      }
      List<int[]> stretches = new ArrayList<>(List.of(new int[] {1, lines.size()}));
      while (!stretches.isEmpty() && left > 0) {
        int[] one = stretches.removeFirst();
        if (one[0] < one[1]) {
          int middle = (one[0] + one[1]) / 2;
          Optional<T> found = tried(middle);
          if (found.isPresent()) {
            return newer(one[0], middle, found);
          }
          stretches.add(new int[] {one[0], middle});
          stretches.add(new int[] {middle + 1, one[1]});
        }
      }
      return Optional.empty();
    }

    /** Between a line that does not fit, or was not tried, and one that does. */
    private Optional<T> newer(int from, int found, Optional<T> fits) {
      Optional<T> best = fits;
      int newest = from;
      int oldest = found;
      while (newest < oldest && left > 0) {
        int middle = (newest + oldest) / 2;
        Optional<T> tried = tried(middle);
        if (tried.isPresent()) {
          best = tried;
          oldest = middle;
        } else {
          newest = middle + 1;
        }
      }
      return best;
    }

    private Optional<T> tried(int line) {
      left--;
      return check.apply(lines.get(line));
    }
  }
}
