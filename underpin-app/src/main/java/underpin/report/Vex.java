package underpin.report;

import java.util.List;
import java.util.Optional;
import underpin.cases.Patch;
import underpin.cases.Reach;
import underpin.cases.Verdict;

/**
 * What a case means for the target, in the terms that OpenVEX and CycloneDX share. The one table
 * for both; {@code docs/formats/vex.md} explains it.
 *
 * @param status of OpenVEX: not_affected, affected, fixed or under_investigation
 * @param justification of OpenVEX; only for not_affected
 * @param state of CycloneDX: not_affected, exploitable, resolved or in_triage
 * @param response of CycloneDX; may be empty
 * @param statement what to do, or how it is known; one sentence or two
 */
record Vex(
    String status,
    Optional<String> justification,
    String state,
    List<String> response,
    String statement) {

  /**
   * Doubt counts against: only a search that found no call gives not_affected, and only a patch
   * that was verified and is really in the target's files gives fixed.
   */
  static Vex of(CaseStory story, boolean applied) {
    Outcome outcome = story.outcome();
    if (outcome == Outcome.FIXED && applied) {
      return new Vex(
          "fixed",
          Optional.empty(),
          "resolved",
          List.of("update"),
          "Removed by " + summary(story) + ", applied and verified.");
    }
    if (outcome == Outcome.CLEARED) {
      var found = story.cleared().orElseThrow();
      return new Vex(
          "fixed",
          Optional.empty(),
          "resolved",
          List.of(),
          "%s: %s.".formatted(found.because(), String.join(", ", found.functions())));
    }
    if (story.reach() instanceof Reach.NotReached(String searched)) {
      return new Vex(
          "not_affected",
          Optional.of("vulnerable_code_not_in_execute_path"),
          "not_affected",
          List.of(),
          "The vulnerable code is not called: " + searched + ".");
    }
    return switch (outcome) {
      case CLEARED -> throw new IllegalStateException("was said before");
      case FIXED ->
          affected("update", kind(story) + ": " + summary(story) + ". Verified, not yet applied.");
      case MITIGATED -> affected("workaround_available", "Mitigation: " + summary(story) + ".");
      case NOT_VERIFIED ->
          affected(
              "update",
              kind(story) + ": " + summary(story) + ". Not verified: " + because(story) + ".");
      case INCOMPLETE ->
          affected(
              "update",
              "The "
                  + kind(story).toLowerCase(java.util.Locale.ROOT)
                  + " "
                  + summary(story)
                  + " did not pass verification: "
                  + because(story)
                  + ".");
      case DECLINED ->
          affected(
              "can_not_fix",
              "No patch: "
                  + story.noPatchBecause()
                  + "."
                  + (story.wouldHelp().isEmpty() ? "" : " Would help: " + story.wouldHelp() + "."));
      case ACCEPTED -> {
        var risk = story.accepted().orElseThrow();
        yield affected(
            "will_not_fix",
            "The risk is accepted until %s by %s: %s."
                .formatted(risk.expires(), risk.author(), risk.reason()));
      }
      case OPEN ->
          story.reach() instanceof Reach.Reached(List<String> _, List<String> functions)
              ? affected(
                  "update",
                  story.fixedVersions().isEmpty()
                      ? called(functions) + " No fixed version is known."
                      : called(functions)
                          + " Fixed versions: "
                          + String.join(", ", story.fixedVersions())
                          + ".")
              : new Vex(
                  "under_investigation",
                  Optional.empty(),
                  "in_triage",
                  List.of(),
                  story.reach() instanceof Reach.Undecided(String why, List<String> _)
                      ? "Not decided whether the vulnerable code is called: " + why + "."
                      : "");
    };
  }

  private static String called(List<String> functions) {
    return "The vulnerable code is called%s: each step is confirmed from the code; branches that depend on input, settings or other data are not judged."
        .formatted(functions.isEmpty() ? "" : " (" + functions.getFirst() + ")");
  }

  private static Vex affected(String response, String statement) {
    return new Vex("affected", Optional.empty(), "exploitable", List.of(response), statement);
  }

  private static String kind(CaseStory story) {
    return switch (story.patch().orElseThrow()) {
      case Patch.Upgrade _ -> "Upgrade";
      case Patch.Backport _ -> "Backport";
    };
  }

  private static String summary(CaseStory story) {
    return story.patch().map(Patch::summary).orElse("a patch");
  }

  private static String because(CaseStory story) {
    return switch (story.verdictOrReason()) {
      case Verdict.Incomplete incomplete -> incomplete.because();
      case Verdict.NotVerified not -> not.because();
      case Verdict.Fixed _, Verdict.Mitigated _ -> "";
    };
  }
}
