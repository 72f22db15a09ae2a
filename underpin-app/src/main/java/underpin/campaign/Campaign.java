package underpin.campaign;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.casebook.Casebook;
import underpin.cases.Case;
import underpin.cases.CaseState;
import underpin.cases.Component;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.cases.PatchSet;
import underpin.cases.Progress;
import underpin.cases.Reach;
import underpin.cases.Step;
import underpin.match.Matcher;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.reach.Reachability;
import underpin.report.Message;
import underpin.report.Report;
import underpin.sandbox.Sandbox;
import underpin.version.VersionOrder;

/**
 * Runs the stages over one target and adds Steps to its Cases. The only place that does: every Step
 * is signed and appended to the evidence before anyone sees the Case with it.
 */
public final class Campaign {
  private final Setup setup;
  private final Progress progress;

  public Campaign(Setup setup) {
    this.setup = setup;
    this.progress =
        (stage, done, total, item) ->
            setup.out().accept(new Message.Working(stage, done, total, item));
  }

  /**
   * What is vulnerable here.
   *
   * @param target a folder, an archive, an SBOM or {@code group:artifact:version}, as typed
   */
  public Report scan(String target) throws CampaignException {
    TargetReader.Contents contents = new TargetReader(setup, progress).read(target);
    Inventory inventory = contents.inventory();
    Casebook casebook = new Casebook((before, step) -> {});
    Report.CallsSearched calls =
        switch (contents.code()) {
          case Code.None(String because) -> {
            open(casebook, inventory, finding -> unsearched(because));
            yield Report.CallsSearched.nothing(because);
          }
          case Code.Compiled compiled -> {
            open(casebook, inventory, new Reachability()::judge);
            yield new ReachRun(setup, inventory, casebook, progress).judge(compiled);
          }
        };
    Report report =
        report(
            "scan",
            inventory,
            casebook,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            calls);
    setup.out().accept(new Message.Finished(report));
    return report;
  }

  /**
   * Makes patches for a Maven project and verifies them; changes it only where the request says so.
   */
  public Report fix(FixRequest request) throws CampaignException, InterruptedException {
    Path project = request.project();
    requireOwnFolder(request.folder());
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Reactor reactor = maven.read(project, PomOverlay.NONE);
      Resolution before = maven.resolve(reactor, true, progress);
      Inventory inventory = new TargetReader(setup, progress).ofMaven(maven, reactor, before);
      Evidence evidence = Evidence.begin(request, setup, inventory);
      Casebook casebook = new Casebook(evidence);
      open(casebook, inventory, new Reachability()::judge);

      Sandbox sandbox = Sandbox.choose(request.sandbox());
      if (sandbox.kind() == Sandbox.Kind.NONE) {
        setup
            .out()
            .accept(
                new Message.Notice(
                    Message.Notice.Level.WARNING, "No sandbox: " + sandbox.describe()));
      }
      evidence.fact("sandbox", sandbox.describe());
      FixRun run =
          new FixRun(setup, request, maven, before, inventory, casebook, sandbox, progress);
      FixRun.Outcome outcome = run.run();

      Report report =
          report(
              "fix",
              inventory,
              casebook,
              outcome.verified(),
              outcome.baseline(),
              Optional.of(sandbox.describe()),
              outcome.notes(),
              outcome.calls());
      report = new Delivery(request, setup, evidence).deliver(report, outcome);
      setup.out().accept(new Message.Finished(report));
      return report;
    } catch (MavenProjectException e) {
      throw new CampaignException(
          CampaignException.Kind.UNREADABLE, String.valueOf(e.getMessage()), e);
    } catch (FileSystemException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED,
          "%s could not be written or read: %s. Check its rights and the space left, then run again."
              .formatted(e.getFile(), e.getReason() == null ? e.getMessage() : e.getReason()),
          e);
    } catch (IOException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED, project + ": " + e.getMessage(), e);
    }
  }

  /** A project may hold a link of that name, to anywhere. */
  private static void requireOwnFolder(Path folder) throws CampaignException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new CampaignException(
          CampaignException.Kind.UNREADABLE,
          folder + " is a link or a file; results go to a folder of that name. Remove it.");
    }
  }

  /**
   * Finds, clears what holds the fix by its code, judges reach, and sets accepted risks aside.
   * Warns of acceptances that have expired.
   */
  private void open(Casebook casebook, Inventory inventory, Function<Finding, Reach> first) {
    OwnReleases ownReleases = new OwnReleases(setup, inventory, progress);
    LocalDate today = LocalDate.now(setup.clock());
    for (Finding finding : new Matcher(setup.store()).match(inventory)) {
      Case opened = casebook.open(finding);
      Optional<Step.FixFound> fix = ownReleases.fixFound(finding);
      if (fix.isPresent()) {
        setup.out().accept(new Message.CaseMoved(casebook.append(opened.id(), fix.get())));
        continue;
      }
      opened = casebook.append(opened.id(), new Step.ReachJudged(first.apply(finding)));
      Optional<Policy.AcceptedRisk> accepted =
          setup.policy().acceptance(opened.component(), opened.vulnerability(), today);
      if (accepted.isPresent()) {
        Policy.AcceptedRisk risk = accepted.get();
        opened =
            casebook.append(
                opened.id(), new Step.RiskAccepted(risk.reason(), risk.author(), risk.expires()));
      }
      setup.out().accept(new Message.CaseMoved(opened));
    }
  }

  static Reach unsearched(String because) {
    return new Reach.Undecided("calls were not searched: " + because);
  }

  private List<String> warnings(Casebook casebook) {
    LocalDate today = LocalDate.now(setup.clock());
    List<String> warnings = new ArrayList<>();
    for (Policy.AcceptedRisk risk : setup.policy().expired(today)) {
      for (Case each : casebook.cases()) {
        if (risk.covers(each.component(), each.vulnerability())
            && each.state() != CaseState.ACCEPTED) {
          warnings.add(
              "The acceptance of %s in %s (line %d of %s) expired on %s, so it counts again."
                  .formatted(
                      each.vulnerability().id(),
                      each.component().display(),
                      risk.line(),
                      Policy.FILE_NAME,
                      risk.expires()));
        }
      }
    }
    return warnings.stream().distinct().sorted().toList();
  }

  private Report report(
      String command,
      Inventory inventory,
      Casebook casebook,
      List<PatchSet.FileChange> changes,
      Optional<Report.BaselineSummary> baseline,
      Optional<String> sandbox,
      List<String> notes,
      Report.CallsSearched calls) {
    AdvisoryStore.Snapshot snapshot = setup.store().snapshot();
    return new Report(
        setup.toolVersion(),
        command,
        inventory,
        new Report.Snapshot(
            snapshot.digest(),
            snapshot.complete(),
            snapshot.newest(),
            snapshot.records(),
            snapshot.attributions()),
        casebook.cases().stream().sorted(WORST_FIRST).toList(),
        changes,
        baseline,
        sandbox,
        false,
        Stream.concat(warnings(casebook).stream(), notes.stream()).toList(),
        fixes(casebook),
        calls);
  }

  /** What advisories name as fixed, for each component over all its cases, ascending. */
  private static SortedMap<Component, List<String>> fixes(Casebook casebook) {
    SortedMap<Component, SortedSet<String>> named = new TreeMap<>();
    for (Case each : casebook.cases()) {
      VersionOrder order = VersionOrders.of(each.component().ecosystem());
      SortedSet<String> versions =
          named.computeIfAbsent(
              each.component(), _ -> new TreeSet<>(order.thenComparing(Comparator.naturalOrder())));
      each.last(Step.Found.class).ifPresent(f -> versions.addAll(f.finding().fixedVersions()));
    }
    SortedMap<Component, List<String>> fixes = new TreeMap<>();
    named.forEach((component, versions) -> fixes.put(component, List.copyOf(versions)));
    return fixes;
  }

  private static Reach reach(Case one) {
    return one.last(Step.ReachJudged.class)
        .map(Step.ReachJudged::reach)
        .orElse(new Reach.Undecided("reachability was not judged"));
  }

  private static final Comparator<Case> WORST_FIRST =
      Comparator.<Case, Integer>comparing(c ->
              switch (reach(c)) {
                case Reach.Reached _ -> 0;
                case Reach.Undecided _ -> 1;
                case Reach.NotReached _ -> 2;
              })
          .thenComparing(c -> !c.vulnerability().kev())
          .thenComparing(c -> c.vulnerability().severity(), Comparator.reverseOrder())
          .thenComparing(c -> -c.vulnerability().epss().orElse(0))
          .thenComparing(Case::id);
}
