package underpin.reach;

import underpin.cases.Finding;
import underpin.cases.Reach;

/**
 * Whether the vulnerable function is called. Version matching alone cannot tell, so until
 * function-level analysis is here every answer is Undecided and the case counts as reached.
 */
public final class Reachability {
  /** {@return the answer for one finding}; never NotReached without a search */
  public Reach judge(Finding finding) {
    return new Reach.Undecided(
        "call paths to the vulnerable code of "
            + finding.component().display()
            + " were not searched; treated as called");
  }
}
