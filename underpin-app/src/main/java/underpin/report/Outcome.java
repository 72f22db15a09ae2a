package underpin.report;

import underpin.cases.CaseState;
import underpin.cases.Verdict;

/** What was done about a case, best first: the one word a reader looks for. */
enum Outcome {
  FIXED("fixed", "Fixed", "the patch applies, links and builds, and no test that passed fails now"),
  CLEARED("cleared", "Cleared", "the code holds the fix, whatever its version says"),
  MITIGATED("mitigated", "Mitigated", "a setting keeps the flaw from being used"),
  NOT_VERIFIED("not-verified", "Not verified", "there is a patch; whether it is good is not known"),
  INCOMPLETE("incomplete", "Failed", "a patch was made and did not stand its verification"),
  DECLINED("no-patch", "No patch", "nothing that was looked at removes the flaw safely"),
  ACCEPTED("accepted", "Accepted", "the project's owner accepts the risk for now"),
  OPEN("open", "Open", "known, and not worked on in this run");

  private final String word;
  private final String title;
  private final String meaning;

  Outcome(String word, String title, String meaning) {
    this.word = word;
    this.title = title;
    this.meaning = meaning;
  }

  /** {@return the word in machine formats} */
  String word() {
    return word;
  }

  String title() {
    return title;
  }

  String meaning() {
    return meaning;
  }

  static Outcome of(CaseStory story) {
    CaseState state = story.subject().state();
    return switch (state) {
      case NEW, FOUND, ASSESSED -> OPEN;
      case ACCEPTED -> ACCEPTED;
      case CLEARED -> CLEARED;
      case UNFIXABLE -> DECLINED;
      case PATCHED -> NOT_VERIFIED;
      case JUDGED ->
          switch (story.verdict().orElseThrow()) {
            case Verdict.Fixed _ -> FIXED;
            case Verdict.Mitigated _ -> MITIGATED;
            case Verdict.Incomplete _ -> INCOMPLETE;
            case Verdict.NotVerified _ -> NOT_VERIFIED;
          };
    };
  }
}
