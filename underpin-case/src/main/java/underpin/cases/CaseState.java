package underpin.cases;

/** Where a Case stands; derived from its Steps, never stored beside them. */
public enum CaseState {
  NEW,
  FOUND,
  ASSESSED,
  ACCEPTED,
  PATCHED,
  UNFIXABLE,
  JUDGED
}
