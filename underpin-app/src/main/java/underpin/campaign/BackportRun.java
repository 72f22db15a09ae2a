package underpin.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import underpin.advisory.Advisory;
import underpin.advisory.VersionOrders;
import underpin.cases.Progress;
import underpin.cases.Proof;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.sandbox.Sandbox;
import underpin.verify.ProofJudge;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * From a component and an advisory to a backport, checked as far as it can be without a project.
 */
public final class BackportRun {
  private final Setup setup;
  private final Progress progress;
  private final VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);

  public BackportRun(Setup setup) {
    this.setup = setup;
    this.progress =
        (stage, done, total, item) ->
            setup.out().accept(new underpin.report.Message.Working(stage, done, total, item));
  }

  /** Makes the backport and writes it to the folder of the request. */
  public BackportOutcome run(BackportRequest request)
      throws CampaignException, InterruptedException {
    List<Advisory> advisories =
        setup.store().byId(request.advisory()).stream()
            .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
            .toList();
    if (advisories.isEmpty()) {
      throw new CampaignException(
          CampaignException.Kind.UNREADABLE,
          "No advisory "
              + request.advisory()
              + " for Maven in this snapshot. Check the id, or take newer data: underpin advisories update");
    }
    Path scratch = null;
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      scratch = Files.createTempDirectory("underpin-backport-");
      return run(request, advisories, maven, scratch);
    } catch (IOException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED,
          "The backport could not be made: "
              + e.getMessage()
              + ". Check the files and the space left, then run again.",
          e);
    } finally {
      delete(scratch);
    }
  }

  /** Deletes a folder of work and all in it. */
  static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException left) {
      folder.toFile().deleteOnExit();
    }
  }

  private BackportOutcome run(
      BackportRequest request, List<Advisory> advisories, MavenSession maven, Path scratch)
      throws IOException, CampaignException, InterruptedException {
    Gav component = request.component();
    progress.at("fetch", 0, 0, component.toString());
    Path jar =
        maven
            .fetch(component)
            .orElseThrow(() ->
                new CampaignException(
                    CampaignException.Kind.UNREADABLE,
                    component
                        + " is in no repository at hand. Check the coordinates, or run without --offline."));
    Sandbox sandbox = Sandbox.choose(request.sandbox());
    Porting finder =
        new Porting(
            setup,
            maven,
            ProofJudge.NONE,
            ProofJudge.Depth.PATCH,
            Optional.empty(),
            Optional.empty(),
            progress);
    Porting.Subject subject = new Porting.Subject(component, jar, finder.sources(component));
    DerivedProofs proofs =
        new DerivedProofs(
            ShippedProofs.library(), maven, sandbox, finder, subject, advisories, request.search());
    Porting porting =
        new Porting(
            setup,
            maven,
            ShippedProofs.judge(maven, sandbox, proofs),
            ProofJudge.Depth.PATCH,
            request.testTime().isZero()
                ? Optional.empty()
                : Optional.of(new PublishedTests(maven, sandbox, request.testTime(), progress)),
            Optional.empty(),
            progress);
    BooleanSupplier isSpent = new TimeBudget(request.longest()).within(request.longest());
    Porting.Ported ported =
        porting.port(subject, advisories, request.patch(), request.around(), scratch, isSpent);
    BackportOutcome outcome = ported.outcome();
    if (ported.code().isEmpty()) {
      return outcome;
    }
    BackportFiles files =
        BackportFiles.of(
            subject,
            BackportFiles.nextVersion(component, maven, order),
            ported.code().get(),
            List.of(new BackportFiles.Fix(advisories, outcome)),
            maven,
            setup.toolVersion());
    List<String> notes = new java.util.ArrayList<>(outcome.notes());
    if (proofs.found().isPresent()) {
      Proof proof = proofs.found().get();
      files = files.with("proof/" + proof.name() + ".java", proof.source());
      notes.add("The proof was looked for and found: " + proof.title() + ".");
    }
    proofs.because().ifPresent(why -> notes.add("No proof could be found: " + why + "."));
    files.write(request.folder());
    if (sandbox.kind() == Sandbox.Kind.NONE) {
      notes.add("No sandbox: " + sandbox.describe());
    }
    return outcome.with(files.names(), notes);
  }
}
