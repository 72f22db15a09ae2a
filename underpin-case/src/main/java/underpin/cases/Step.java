package underpin.cases;

import java.time.LocalDate;
import java.util.List;

/** Something that happened to a Case. Which may follow which: {@link #mayFollow}. */
public sealed interface Step {
  /** A matcher, an engine or a stranger said so. */
  record Found(Finding finding) implements Step {}

  /**
   * An advisory names the version, but the code holds the fix.
   *
   * @param because how that is known
   * @param functions of the fix that were recognised, {@code a.b.C$D.name(descriptor)}
   */
  record FixFound(String because, List<String> functions) implements Step {
    public FixFound {
      functions = List.copyOf(functions);
    }
  }

  /** Reachability was judged. */
  record ReachJudged(Reach reach) implements Step {}

  /** The project's owner accepts the risk until a date. */
  record RiskAccepted(String reason, String author, LocalDate expires) implements Step {}

  /** A patch was made. */
  record PatchProposed(Patch patch) implements Step {}

  /**
   * No patch could be made.
   *
   * @param because one sentence: what decided
   * @param considered what else was looked at
   */
  record PatchDeclined(String because, String wouldHelp, List<Patch.Considered> considered)
      implements Step {
    public PatchDeclined {
      considered = List.copyOf(considered);
    }
  }

  /** The patch was verified. */
  record Verified(Verdict verdict) implements Step {}

  /** {@return the word for it in machine formats and evidence} */
  default String word() {
    return switch (this) {
      case Found _ -> "found";
      case FixFound _ -> "fix-found";
      case ReachJudged _ -> "reach-judged";
      case RiskAccepted _ -> "risk-accepted";
      case PatchProposed _ -> "patch-proposed";
      case PatchDeclined _ -> "patch-declined";
      case Verified _ -> "verified";
    };
  }

  /** {@return whether this step is legal for a case in {@code state}} The table of the design. */
  default boolean mayFollow(CaseState state) {
    return switch (this) {
      case Found _ -> state == CaseState.NEW;
      case FixFound _ -> state == CaseState.FOUND;
      case ReachJudged _ -> state == CaseState.FOUND || state == CaseState.ASSESSED;
      case RiskAccepted _ -> state == CaseState.FOUND || state == CaseState.ASSESSED;
      case PatchProposed _ ->
          state == CaseState.ASSESSED || state == CaseState.UNFIXABLE || state == CaseState.JUDGED;
      case PatchDeclined _ -> state == CaseState.ASSESSED || state == CaseState.JUDGED;
      case Verified _ -> state == CaseState.PATCHED;
    };
  }

  /** {@return the state after this step} */
  default CaseState leadsTo() {
    return switch (this) {
      case Found _ -> CaseState.FOUND;
      case FixFound _ -> CaseState.CLEARED;
      case ReachJudged _ -> CaseState.ASSESSED;
      case RiskAccepted _ -> CaseState.ACCEPTED;
      case PatchProposed _ -> CaseState.PATCHED;
      case PatchDeclined _ -> CaseState.UNFIXABLE;
      case Verified _ -> CaseState.JUDGED;
    };
  }
}
