package underpin.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the parts of a patch that make it fail, and the rest that passes together. Costs about
 * log2(parts) trials for each part that fails.
 */
final class Bisection {
  /** One trial. */
  interface Trial<R, E extends Exception> {
    R of(List<String> parts) throws E, InterruptedException;

    boolean passes(R result);
  }

  /**
   * @param kept the parts that pass together; may be empty
   * @param result of the kept parts; of all parts when nothing is kept
   * @param dropped by part: the trial that it made fail
   */
  record Split<R>(List<String> kept, R result, Map<String, R> dropped) {}

  private Bisection() {}

  /**
   * Takes parts away, one by one, until the rest passes: each time the part with which the parts
   * before it, which pass, begin to fail.
   *
   * @param hopeful how many of the first parts are tried together first when all of them fail,
   *     since they passed on another day; 0 for none
   */
  static <R, E extends Exception> Split<R> of(List<String> parts, int hopeful, Trial<R, E> trial)
      throws E, InterruptedException {
    Map<String, R> dropped = new LinkedHashMap<>();
    List<String> kept = parts;
    R result = trial.of(kept);
    int passing = 0;
    if (hopeful > 0
        && hopeful < parts.size()
        && !trial.passes(result)
        && trial.passes(trial.of(parts.subList(0, hopeful)))) {
      passing = hopeful;
    }
    while (!trial.passes(result) && !kept.isEmpty()) {
      // Invariant: the first "good" parts pass (none is trivially so), the first "bad" do not.
      int good = passing;
      int bad = kept.size();
      R failing = result;
      while (bad - good > 1) {
        int middle = (good + bad) / 2;
        R half = trial.of(kept.subList(0, middle));
        if (trial.passes(half)) {
          good = middle;
        } else {
          bad = middle;
          failing = half;
        }
      }
      String culprit = kept.get(bad - 1);
      dropped.put(culprit, failing);
      passing = bad - 1;
      kept = kept.stream().filter(p -> !p.equals(culprit)).toList();
      if (!kept.isEmpty()) {
        result = trial.of(kept);
      }
    }
    return new Split<>(kept, result, dropped);
  }
}
