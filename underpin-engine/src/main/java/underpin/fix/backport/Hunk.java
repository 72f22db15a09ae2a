package underpin.fix.backport;

/**
 * A difference between the releases around the fix, and what became of it.
 *
 * @param file in the fixed release
 * @param member {@code Type.method(Parameters)}, or the file where all of it is new
 * @param change added, changed or removed
 * @param because why it was kept or left
 */
public record Hunk(String file, String member, String change, Fate fate, String because) {
  /** What became of a hunk. */
  public enum Fate {
    /** In the backport. */
    KEPT,
    /** Needed, but there already. */
    PRESENT,
    /** Belongs to the fix, but its place does not exist in the version. */
    ABSENT,
    /** No part of the fix. */
    LEFT
  }
}
