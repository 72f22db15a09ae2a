package underpin.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.casebook.Casebook;
import underpin.cases.Case;
import underpin.cases.CaseState;
import underpin.cases.Embedding;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.PatchSet;
import underpin.cases.Progress;
import underpin.cases.Step;
import underpin.cases.Verdict;
import underpin.fix.upgrade.Upgrader;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.maven.Resolution;
import underpin.program.Linkage;
import underpin.report.Message;
import underpin.report.Report;
import underpin.report.Report.BaselineSummary;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline;
import underpin.verify.ProofJudge;
import underpin.verify.Verifier;

/** One run of prove-fix-verify over the open cases of a project. */
final class FixRun {
  /**
   * @param verified the files of every part that was verified as Fixed, together
   * @param unverified where nothing was verified as Fixed: the files of every part that nothing
   *     speaks against; else empty
   * @param notes how builds had to be run other than usual, as sentences for the report
   * @param calls what was searched for calls of vulnerable code
   */
  record Outcome(
      Optional<BaselineSummary> baseline,
      List<PatchSet.FileChange> verified,
      List<PatchSet.FileChange> unverified,
      List<String> notes,
      Report.CallsSearched calls) {}

  private final Setup setup;
  private final FixRequest request;
  private final MavenSession maven;
  private final Resolution before;
  private final Inventory inventory;
  private final Casebook casebook;
  private final Sandbox sandbox;
  private final Progress progress;

  FixRun(
      Setup setup,
      FixRequest request,
      MavenSession maven,
      Resolution before,
      Inventory inventory,
      Casebook casebook,
      Sandbox sandbox,
      Progress progress) {
    this.setup = setup;
    this.request = request;
    this.maven = maven;
    this.before = before;
    this.inventory = inventory;
    this.casebook = casebook;
    this.sandbox = sandbox;
    this.progress = progress;
  }

  Outcome run() throws IOException, InterruptedException {
    List<Case> assessed =
        casebook.cases().stream().filter(c -> c.state() == CaseState.ASSESSED).toList();
    KnownCode code = new KnownCode(setup.copies(), setup.store());
    List<Case> open = assessed.stream().filter(c -> isUpgradable(c, code)).toList();
    assessed.stream().filter(c -> !isUpgradable(c, code)).forEach(this::declineEmbedded);
    if (open.isEmpty()) {
      return new Outcome(
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Report.CallsSearched.nothing("there is no open case"));
    }
    Linkage linkage = new Linkage();
    ProofJudge proofs = ShippedProofs.judge(maven, sandbox);
    Verifier verifier =
        new Verifier(
            setup.maven(),
            setup.store(),
            linkage,
            code,
            proofs,
            sandbox,
            request.work(),
            request.build(),
            progress);
    Baseline baseline = verifier.baseline(request.project());
    baseline.failure().ifPresent(why -> notice(Message.Notice.Level.WARNING, why));
    Report.CallsSearched calls = judgeReach(baseline);

    Backports backports =
        new Backports(
            setup,
            maven,
            before,
            new Porting(
                setup,
                maven,
                proofs,
                ProofJudge.Depth.GATE,
                Optional.empty(),
                Optional.of(new PortingCache(WorkFolder.cache("backports"))),
                progress),
            code,
            request.work().resolve("backports"),
            progress);
    Proposer proposer =
        (rules, releases) ->
            new Upgrader(maven, setup.store(), linkage)
                .propose(
                    before,
                    open,
                    baseline.classFolders(),
                    javaRelease(baseline),
                    rules,
                    releases,
                    (name, version) -> inside(code, name, version),
                    progress);
    Upgrader.Rules rules = setup.policy().upgradeRules();
    Upgrader.Proposal proposal = proposal(proposer, rules, open, backports);
    PatchSet patch = proposal.patch();
    recordProposal(open, proposal, backports);
    if (patch.parts().isEmpty()) {
      return new Outcome(
          Optional.of(summary(baseline)), List.of(), List.of(), notes(verifier), calls);
    }

    Verifier.Verification verification = verifier.verify(baseline, patch);
    recordVerdicts(verification);
    SortedMap<String, String> failed = failed(verification);
    if (!failed.isEmpty()) {
      // Once only: each try takes whole builds.
      Upgrader.Proposal second = again(proposal, failed, proposer, rules, open, backports);
      Set<String> all = new HashSet<>();
      second.patch().parts().forEach(part -> all.add(part.id()));
      int before = removed(patch, fixed(verification));
      if (removed(second.patch(), all) > before) {
        Verifier.Verification verified = verifier.verify(baseline, second.patch());
        if (removed(second.patch(), fixed(verified)) > before) {
          recordProposal(open, second, backports);
          recordVerdicts(verified);
          patch = second.patch();
          verification = verified;
        }
      }
    }
    Set<String> fixed = fixed(verification);
    Set<String> untold = new HashSet<>();
    verification
        .verdicts()
        .forEach((part, verdict) -> {
          if (verdict instanceof Verdict.NotVerified) {
            untold.add(part);
          }
        });
    return new Outcome(
        Optional.of(summary(baseline)),
        fixed.isEmpty() ? List.of() : patch.composer().compose(fixed),
        fixed.isEmpty() && !untold.isEmpty() ? patch.composer().compose(untold) : List.of(),
        notes(verifier),
        calls);
  }

  /** Makes a proposal for the open cases. */
  @FunctionalInterface
  private interface Proposer {
    Upgrader.Proposal propose(Upgrader.Rules rules, List<PatchSet.Release> releases);
  }

  /** Upgrades, and backports where the user wants them: in place of one, or where none holds. */
  private Upgrader.Proposal proposal(
      Proposer proposer, Upgrader.Rules rules, List<Case> open, Backports backports)
      throws IOException, InterruptedException {
    if (request.backports() == FixRequest.Backporting.FIRST) {
      return proposer.propose(rules.withBackportsFirst(), backports.forCases(open));
    }
    Upgrader.Proposal upgrades = proposer.propose(rules, List.of());
    List<PatchSet.Release> releases = releases(upgrades, open, backports);
    return releases.isEmpty() ? upgrades : proposer.propose(rules, releases);
  }

  /** For what a proposal leaves. */
  private List<PatchSet.Release> releases(
      Upgrader.Proposal proposal, List<Case> open, Backports backports)
      throws IOException, InterruptedException {
    return request.backports() == FixRequest.Backporting.NEVER
        ? List.of()
        : backports.forCases(
            open.stream().filter(c -> proposal.declined().containsKey(c.id())).toList());
  }

  /**
   * Without what failed; and where that leaves something, with the fix on the version that the
   * project has in place of an upgrade that does not stand its tests.
   */
  private Upgrader.Proposal again(
      Upgrader.Proposal proposal,
      SortedMap<String, String> failed,
      Proposer proposer,
      Upgrader.Rules rules,
      List<Case> open,
      Backports backports)
      throws IOException, InterruptedException {
    Upgrader.Proposal second = proposal.without(failed);
    List<PatchSet.Release> known = proposal.patch().releases();
    List<PatchSet.Release> releases = releases(second, open, backports);
    if (releases.isEmpty() || known.containsAll(releases)) {
      return second;
    }
    Upgrader.Proposal third = proposer.propose(rules.withBackportsFirst(), releases);
    return third.declined().size() < second.declined().size() ? third : second;
  }

  /**
   * Whether a version in the project decides: for code inside of another component's jar that
   * component's, if its newer releases can be told to be without it.
   */
  private static boolean isUpgradable(Case one, KnownCode code) {
    return !one.component().qualifiers().containsKey(Embedding.QUALIFIER)
        || Upgrader.carrier(one.component()).isPresent()
            && code.known().contains(one.vulnerability().id());
  }

  private SortedSet<String> inside(KnownCode code, String name, String version) {
    String[] parts = name.split(":");
    return maven
        .fetch(new Gav(parts[0], parts[1], version))
        .map(jar -> new TreeSet<>(code.vulnerable(jar).keySet()))
        .orElseGet(() -> new TreeSet<String>());
  }

  private void declineEmbedded(Case one) {
    String carrier =
        Optional.ofNullable(one.component().qualifiers().get(Embedding.QUALIFIER)).orElse("");
    boolean file = Upgrader.carrier(one.component()).isEmpty();
    Step step =
        new Step.PatchDeclined(
            file
                ? "its code lies inside of the file %s, whose version this project does not set"
                    .formatted(carrier)
                : ("its code lies inside of %s, and no function of it is known to tell by whether"
                        + " a newer release still has it")
                    .formatted(carrier),
            file
                ? "the file built anew, without it"
                : "a release of %s whose scan no longer shows it"
                    .formatted(carrier.substring(0, carrier.lastIndexOf(':'))),
            List.of());
    setup.out().accept(new Message.CaseMoved(casebook.append(one.id(), step)));
  }

  /** By what the baseline compiled, so that it is what the sources say. */
  private Report.CallsSearched judgeReach(Baseline baseline) {
    ReachRun run = new ReachRun(setup, inventory, casebook, progress);
    if (setup.callSearch() == CallSearch.NONE) {
      return run.judge(new Code.None("it was switched off by --reach none"));
    }
    if (baseline.jdk().isEmpty()) {
      return run.judge(new Code.None("the project was not built"));
    }
    Map<String, List<Path>> folders = baseline.classFolders();
    return run.judge(
        new TargetReader(setup, progress)
            .compiled(
                before,
                new Programs.Folders(only(folders, false), only(folders, true)),
                new Baseline.Jdk(
                    baseline.jdk().get().home(), javaRelease(baseline), "it built the project")));
  }

  private static Map<String, List<Path>> only(Map<String, List<Path>> folders, boolean tests) {
    Map<String, List<Path>> some = new TreeMap<>();
    folders.forEach((module, all) -> {
      List<Path> of = all.stream().filter(f -> f.endsWith("test-classes") == tests).toList();
      if (!of.isEmpty()) {
        some.put(module, of);
      }
    });
    return some;
  }

  private static Set<String> fixed(Verifier.Verification verification) {
    Set<String> fixed = new HashSet<>();
    verification
        .verdicts()
        .forEach((part, verdict) -> {
          if (verdict instanceof Verdict.Fixed && verification.kept().contains(part)) {
            fixed.add(part);
          }
        });
    return fixed;
  }

  /** {@return by part: which rung it failed and why} */
  private static SortedMap<String, String> failed(Verifier.Verification verification) {
    SortedMap<String, String> failed = new TreeMap<>();
    verification
        .verdicts()
        .forEach((part, verdict) -> {
          if (verdict instanceof Verdict.Incomplete incomplete) {
            failed.put(part, "verification failed: " + incomplete.because());
          }
        });
    return failed;
  }

  /** {@return how many pairs these parts remove together} */
  private static int removed(PatchSet patch, Set<String> parts) {
    Set<PatchSet.Pair> pairs = new HashSet<>();
    patch.parts().stream()
        .filter(part -> parts.contains(part.id()))
        .forEach(part -> pairs.addAll(part.removes()));
    return pairs.size();
  }

  private void recordProposal(List<Case> open, Upgrader.Proposal proposal, Backports backports) {
    Map<PatchSet.Pair, PatchSet.Part> partOf = new HashMap<>();
    for (PatchSet.Part part : proposal.patch().parts()) {
      part.removes().forEach(pair -> partOf.putIfAbsent(pair, part));
    }
    for (Case each : open) {
      PatchSet.Part part =
          partOf.get(new PatchSet.Pair(each.component(), each.vulnerability().id()));
      Upgrader.Declined declined = proposal.declined().get(each.id());
      Step step;
      if (part != null) {
        step = new Step.PatchProposed(part.patch());
      } else if (declined != null) {
        if (casebook.cases().stream()
            .anyMatch(c -> c.id().equals(each.id()) && c.state() == CaseState.UNFIXABLE)) {
          continue;
        }
        step = declined(each, declined, backports);
      } else {
        throw new IllegalStateException(
            "The upgrader gave neither a patch nor a reason for " + each.id());
      }
      setup.out().accept(new Message.CaseMoved(casebook.append(each.id(), step)));
    }
  }

  /** With what came of a backport, where one was tried. */
  private Step declined(Case one, Upgrader.Declined declined, Backports backports) {
    Optional<String> why =
        backports.because(new PatchSet.Pair(one.component(), one.vulnerability().id()));
    if (why.isEmpty()) {
      return new Step.PatchDeclined(
          declined.because(),
          declined.wouldHelp()
              + (request.backports() == FixRequest.Backporting.NEVER
                  ? ", or a backport of the fix: fix without --no-backport"
                  : ""),
          declined.considered());
    }
    List<Patch.Considered> considered = new java.util.ArrayList<>();
    considered.add(
        new Patch.Considered(
            "", "No backport of the fix onto " + one.component().version() + ": " + why.get()));
    considered.addAll(declined.considered());
    return new Step.PatchDeclined(declined.because(), declined.wouldHelp(), considered);
  }

  private void recordVerdicts(Verifier.Verification verification) {
    for (Case each : casebook.cases()) {
      if (each.state() != CaseState.PATCHED) {
        continue;
      }
      String part = each.last(Step.PatchProposed.class).orElseThrow().patch().part();
      Verdict verdict =
          verification
              .of(part, new PatchSet.Pair(each.component(), each.vulnerability().id()))
              .orElseThrow(
                  () -> new IllegalStateException("The verifier gave no verdict on part " + part));
      setup
          .out()
          .accept(new Message.CaseMoved(casebook.append(each.id(), new Step.Verified(verdict))));
    }
  }

  private int javaRelease(Baseline baseline) {
    return JavaTarget.of(before.reactor())
        .orElseGet(
            () -> baseline.jdk().map(Baseline.Jdk::release).orElse(Runtime.version().feature()));
  }

  private BaselineSummary summary(Baseline baseline) {
    SortedMap<String, Integer> tests = new TreeMap<>();
    baseline
        .tests()
        .values()
        .forEach(o -> tests.merge(o.name().toLowerCase(Locale.ROOT), 1, Integer::sum));
    return new BaselineSummary(
        baseline.failure().isEmpty(),
        baseline.jdk().map(jdk -> "Java " + jdk.release() + ": " + jdk.because()).orElse("none"),
        tests,
        baseline.failure());
  }

  /** The sandbox has a place of its own in the report. */
  private List<String> notes(Verifier verifier) {
    return verifier.notes().stream().filter(note -> !note.equals(sandbox.describe())).toList();
  }

  private void notice(Message.Notice.Level level, String text) {
    setup.out().accept(new Message.Notice(level, text));
  }
}
