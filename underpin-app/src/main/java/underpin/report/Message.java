package underpin.report;

import underpin.cases.Case;

/** One stream of typed messages feeds every renderer. */
public sealed interface Message {
  /** Long work goes on; {@code total} is 0 when it is not known. */
  record Working(String stage, long done, long total, String item) implements Message {}

  /** Something a person should know now, not only at the end. */
  record Notice(Level level, String text) implements Message {
    /** How much it matters. */
    public enum Level {
      INFO,
      WARNING
    }
  }

  /** A case was opened, or its state changed. */
  record CaseMoved(Case now) implements Message {}

  /** The end: everything. */
  record Finished(Report report) implements Message {}
}
