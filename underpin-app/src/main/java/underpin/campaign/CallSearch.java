package underpin.campaign;

/** How much is done to tell whether vulnerable functions are called. */
public enum CallSearch {
  /** Nothing: every case counts as reached. */
  NONE,
  /** Functions that ship, were derived before, or follow from jars at hand. */
  LOCAL,
  /** The releases around each fix are fetched where they are not at hand. */
  ALL
}
