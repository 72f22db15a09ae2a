package underpin.campaign;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Rung;
import underpin.fix.backport.Hunk;

/**
 * What {@code underpin backport} found.
 *
 * @param rungs what was checked of it; empty where nothing was made
 * @param files what was written, relative to the folder
 */
public record BackportOutcome(
    Result result,
    String because,
    SortedMap<Rung, Rung.Result> rungs,
    List<Hunk> hunks,
    List<String> evidence,
    List<String> notes,
    List<String> files) {
  public BackportOutcome {
    rungs = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(rungs));
    hunks = List.copyOf(hunks);
    evidence = List.copyOf(evidence);
    notes = List.copyOf(notes);
    files = List.copyOf(files);
  }

  /** One word for it. */
  public enum Result {
    /** The proof of the flaw stops with its variants, rungs 6 to 9, and no rung failed. */
    FIXED("fixed"),
    /** Every rung that could run passed, but none that proves that the flaw is gone. */
    MITIGATED("mitigated"),
    /** A rung failed, or nothing whole could be made. */
    INCOMPLETE("incomplete"),
    /** There is nothing to fix, shown by the code. */
    NOT_APPLICABLE("not-applicable");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** {@return as it is written} */
    public String word() {
      return word;
    }
  }

  /** The rungs that a proof climbs: with all of them passed the flaw is shown to be gone. */
  static final List<Rung> PROVES =
      List.of(Rung.PROOF_STOPPED, Rung.BENIGN_CONTROL, Rung.PROOF_VARIANTS, Rung.SAME_BEHAVIOUR);

  static boolean isProven(SortedMap<Rung, Rung.Result> rungs) {
    return PROVES.stream().allMatch(rung -> rungs.get(rung) instanceof Rung.Result.Passed);
  }

  /**
   * {@return whether it may be called fixed to others} The proof stops; or, where none could tell,
   * every function of the fix is there by its code and nothing that others use is gone.
   */
  boolean isShownFixed() {
    return result == Result.FIXED
        || (result == Result.MITIGATED
            && rungs.get(Rung.VULNERABLE_CODE_GONE) instanceof Rung.Result.Passed
            && rungs.get(Rung.BINARY_COMPATIBLE) instanceof Rung.Result.Passed);
  }

  /** {@return the same, with what was written and these notes} */
  BackportOutcome with(List<String> written, List<String> all) {
    return new BackportOutcome(result, because, rungs, hunks, evidence, all, written);
  }

  /** {@return whether the exit code is 0} */
  public boolean isGood() {
    return result != Result.INCOMPLETE;
  }
}
