package underpin.cli;

/** What the process tells its caller. Scripts depend on these numbers: never renumber. */
enum ExitCode {
  /** Nothing affected, or all fixed and verified. */
  CLEAN(0, "nothing affected, or all of it fixed and verified"),
  /** Affected cases remain, at or above {@code --fail-on}. */
  AFFECTED(1, "affected cases remain"),
  /** The command line or its input is wrong. */
  USAGE(2, "wrong usage, or input that cannot be read"),
  /** The work was not finished. */
  UNFINISHED(3, "could not finish; the message says what to do next");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }
}
