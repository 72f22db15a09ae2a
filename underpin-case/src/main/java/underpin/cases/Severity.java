package underpin.cases;

/** How bad a vulnerability is, least first. */
public enum Severity {
  /** No source says. Counts as the worst when a threshold is asked for: doubt counts against. */
  UNKNOWN,
  NONE,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** {@return the rating of a CVSS base score} CVSS v3.1 and v4.0, qualitative severity scale. */
  public static Severity ofScore(double score) {
    if (score <= 0) {
      return NONE;
    }
    return score < 4 ? LOW : score < 7 ? MEDIUM : score < 9 ? HIGH : CRITICAL;
  }
}
