package underpin.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import underpin.cases.Case;
import underpin.cases.Finding;
import underpin.cases.Patch;
import underpin.cases.Reach;
import underpin.cases.Step;
import underpin.cases.Verdict;

/**
 * What the Steps of a Case add up to, for a reader.
 *
 * @param patch the newest patch, unless it was given up
 * @param verdict on {@code patch}; empty when that was not judged
 * @param declined why there is no patch
 * @param cleared how it is known that the code holds the fix
 * @param attempts earlier patches, oldest first
 */
record CaseStory(
    Case subject,
    List<Finding> findings,
    Reach reach,
    Optional<Patch> patch,
    Optional<Verdict> verdict,
    Optional<Step.PatchDeclined> declined,
    Optional<Step.RiskAccepted> accepted,
    Optional<Step.FixFound> cleared,
    List<Attempt> attempts) {

  /** A patch that did not stay. */
  record Attempt(Patch patch, Optional<Verdict> verdict) {}

  static CaseStory of(Case subject) {
    List<Finding> findings = new ArrayList<>();
    Reach reach = new Reach.Undecided("reachability was not judged");
    Optional<Patch> patch = Optional.empty();
    Optional<Verdict> verdict = Optional.empty();
    Optional<Step.PatchDeclined> declined = Optional.empty();
    Optional<Step.RiskAccepted> accepted = Optional.empty();
    Optional<Step.FixFound> cleared = Optional.empty();
    List<Attempt> attempts = new ArrayList<>();
    for (Step step : subject.steps()) {
      switch (step) {
        case Step.Found found -> findings.add(found.finding());
        case Step.FixFound found -> {
          cleared = Optional.of(found);
          reach = new Reach.Undecided("nobody asked: the code holds the fix");
        }
        case Step.ReachJudged judged -> reach = judged.reach();
        case Step.RiskAccepted risk -> accepted = Optional.of(risk);
        case Step.PatchProposed proposed -> {
          if (patch.isPresent()) {
            attempts.add(new Attempt(patch.get(), verdict));
          }
          patch = Optional.of(proposed.patch());
          verdict = Optional.empty();
          declined = Optional.empty();
        }
        case Step.PatchDeclined no -> {
          if (patch.isPresent()) {
            attempts.add(new Attempt(patch.get(), verdict));
          }
          patch = Optional.empty();
          verdict = Optional.empty();
          declined = Optional.of(no);
        }
        case Step.Verified verified -> verdict = Optional.of(verified.verdict());
      }
    }
    return new CaseStory(
        subject,
        List.copyOf(findings),
        reach,
        patch,
        verdict,
        declined,
        accepted,
        cleared,
        List.copyOf(attempts));
  }

  /** {@return whether a call path was found} */
  boolean isCalled() {
    return reach instanceof Reach.Reached;
  }

  /** {@return whether a search found that the vulnerable functions are not called} */
  boolean isUncalled() {
    return reach instanceof Reach.NotReached;
  }

  Outcome outcome() {
    return Outcome.of(this);
  }

  /** {@return the verdict, or one that says why nothing was verified} */
  Verdict verdictOrReason() {
    return verdict.orElseGet(() -> {
      String because =
          patch.isPresent()
              ? "the patch was not verified"
              : accepted.isPresent()
                  ? "the risk is accepted, so no patch was made"
                  : cleared.isPresent()
                      ? "the code holds the fix"
                      : declined.isPresent()
                          ? "there is no patch to verify"
                          : "no patch was made in this run";
      return new Verdict.NotVerified(Rungs.allNotRun(because), because);
    });
  }

  /** {@return why there is no patch; only sensible where {@link #patch} is empty} */
  String noPatchBecause() {
    return declined
        .map(Step.PatchDeclined::because)
        .or(() -> accepted.map(_ -> "the risk is accepted"))
        .or(() -> cleared.map(_ -> "the code holds the fix"))
        .orElse("no patch was made in this run");
  }

  /** {@return what would help where there is no patch; may be empty} */
  String wouldHelp() {
    return declined.map(Step.PatchDeclined::wouldHelp).orElse("");
  }

  /** {@return what was looked at where there is no patch} */
  List<Patch.Considered> considered() {
    return declined.map(Step.PatchDeclined::considered).orElse(List.of());
  }

  /** {@return versions that an advisory names as fixed, in the order of the first who names any} */
  List<String> fixedVersions() {
    return findings.stream()
        .map(Finding::fixedVersions)
        .filter(v -> !v.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /**
   * {@return the fixed versions of the release line in use: those that begin with the most parts of
   * the component's own version; all where none does} A report knows no version order, so it names
   * candidates and ranks nothing.
   */
  List<String> fixesNearby() {
    String own = subject.component().version();
    int most = fixedVersions().stream().mapToInt(v -> sharedParts(v, own)).max().orElse(0);
    return fixedVersions().stream().filter(v -> sharedParts(v, own) == most).toList();
  }

  private static int sharedParts(String one, String other) {
    List<String> a = List.of(one.split("[.-]", -1));
    List<String> b = List.of(other.split("[.-]", -1));
    int shared = 0;
    while (shared < Math.min(a.size(), b.size()) && a.get(shared).equals(b.get(shared))) {
      shared++;
    }
    return shared;
  }
}
