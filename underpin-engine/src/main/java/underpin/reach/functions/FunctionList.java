package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;

/** What is known of the functions of one vulnerability. */
public sealed interface FunctionList {
  /** {@return the id asked for, and what was compared or could not be} */
  String id();

  /** {@return what was not done, or done otherwise than usual, in sentences} */
  List<String> notes();

  /**
   * Derived from the releases around the fix.
   *
   * @param functions every changed or removed method, by rank
   * @param added methods that only fixed releases have: what the fix does, not what is vulnerable
   * @param compared the pairs of releases
   * @param methods how many methods the affected releases have
   * @param complete how likely any of the functions is truly patched, 0 to 1: the fix may lie in
   *     another artifact than the advisory names
   * @param confidence how likely the cut holds at least one truly patched method, 0 to 1
   */
  record Derived(
      String id,
      List<VulnerableFunction> functions,
      List<String> added,
      List<ReleasePair> compared,
      int methods,
      double complete,
      double confidence,
      List<String> notes)
      implements FunctionList {
    /** Nothing is likelier than that. */
    private static final double SURELY = 0.999;

    public Derived {
      requireNonNull(id, "id");
      functions = List.copyOf(functions);
      added = List.copyOf(added);
      compared = List.copyOf(compared);
      notes = List.copyOf(notes);
    }

    /** {@return the published functions, by rank} */
    public List<VulnerableFunction> cut() {
      return functions.stream().filter(VulnerableFunction::inCut).toList();
    }

    /**
     * {@return how likely at least one of some functions of the cut is truly patched, 0 to 1} The
     * confidence of the cut, shared out by the scores: {@code benchmarks/functions/calibration.py}
     * holds that against fix commits. Below 0.1 it says less than is true.
     *
     * @param some those that are not in the cut count for nothing
     */
    public double chance(Collection<VulnerableFunction> some) {
      double published = 0;
      double here = 0;
      for (VulnerableFunction function : cut()) {
        double weight = -Math.log(1 - Math.min(function.score(), SURELY));
        published += weight;
        here += some.contains(function) ? weight : 0;
      }
      return published == 0 ? 0 : 1 - Math.pow(1 - Math.min(confidence, SURELY), here / published);
    }
  }

  /** No function can be named; the whole component counts as vulnerable. */
  record Undecided(String id, String because, List<String> notes) implements FunctionList {
    public Undecided {
      requireNonNull(id, "id");
      requireNonNull(because, "because");
      notes = List.copyOf(notes);
    }
  }
}
