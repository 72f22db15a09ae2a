package underpin.fix.backport;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

/** Which elements of two lists belong together, in their order. */
final class Alignment {
  /** Larger tables than this are cut: only equal ends are then aligned. */
  private static final long MOST_CELLS = 16_000_000;

  private Alignment() {}

  /**
   * {@return for each element of the first list the index of its partner, or -1}
   *
   * @param likeness 0 for no partners; the sum over all partners is made as large as it can be
   */
  static <T> int[] by(List<T> one, List<T> other, ToDoubleBiFunction<T, T> likeness) {
    int n = one.size();
    int m = other.size();
    int[] partners = new int[n];
    Arrays.fill(partners, -1);
    if ((long) n * m > MOST_CELLS) {
      return partners;
    }
    double[][] like = new double[n][m];
    double[][] best = new double[n + 1][m + 1];
    for (int i = n - 1; i >= 0; i--) {
      for (int j = m - 1; j >= 0; j--) {
        like[i][j] = likeness.applyAsDouble(one.get(i), other.get(j));
        double with = like[i][j] > 0 ? like[i][j] + best[i + 1][j + 1] : -1;
        best[i][j] = Math.max(with, Math.max(best[i + 1][j], best[i][j + 1]));
      }
    }
    int i = 0;
    int j = 0;
    while (i < n && j < m) {
      if (like[i][j] > 0 && best[i][j] == like[i][j] + best[i + 1][j + 1]) {
        partners[i++] = j++;
      } else if (best[i][j] == best[i + 1][j]) {
        i++;
      } else {
        j++;
      }
    }
    return partners;
  }

  /**
   * {@return the longest common subsequence} Equal ends are taken first, so most lists are quick.
   */
  static <T> int[] equal(List<T> one, List<T> other) {
    BiPredicate<T, T> same = Object::equals;
    int n = one.size();
    int m = other.size();
    int[] partners = new int[n];
    Arrays.fill(partners, -1);
    int head = 0;
    while (head < n && head < m && same.test(one.get(head), other.get(head))) {
      partners[head] = head;
      head++;
    }
    int tail = 0;
    while (tail < n - head
        && tail < m - head
        && same.test(one.get(n - 1 - tail), other.get(m - 1 - tail))) {
      partners[n - 1 - tail] = m - 1 - tail;
      tail++;
    }
    int[] inner =
        by(
            one.subList(head, n - tail),
            other.subList(head, m - tail),
            (a, b) -> same.test(a, b) ? 1 : 0);
    for (int i = 0; i < inner.length; i++) {
      if (inner[i] >= 0) {
        partners[head + i] = head + inner[i];
      }
    }
    return partners;
  }

  /** {@return shared elements by all (Dice), counted as often as they occur, 0 to 1} */
  static double dice(List<String> one, List<String> other) {
    if (one.isEmpty() && other.isEmpty()) {
      return 1;
    }
    Map<String, Integer> counts = new HashMap<>();
    one.forEach(t -> counts.merge(t, 1, Integer::sum));
    int shared = 0;
    for (String text : other) {
      Integer left = counts.computeIfPresent(text, (_, n) -> n - 1);
      if (left != null && left >= 0) {
        shared++;
      }
    }
    return 2.0 * shared / (one.size() + other.size());
  }
}
