package underpin.cases;

/** Where a Case stands; derived from its Steps, never stored beside them. */
public enum CaseState {
  NEW,
  FOUND,
  ASSESSED,
  /** Its code holds the fix, whatever its version says. */
  CLEARED,
  ACCEPTED,
  PATCHED,
  UNFIXABLE,
  JUDGED
}
