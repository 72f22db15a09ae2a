package underpin.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.advisory.Advisory;
import underpin.cases.Component;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.cases.PatchSet;
import underpin.cases.Progress;
import underpin.cases.Step;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionList;
import underpin.verify.ProofJudge;
import underpin.version.Ecosystem;

/**
 * Tells of releases that are called like backports of ours whether their code holds the fix of a
 * vulnerability that the version they were made from has. The name makes it worth a look; only the
 * code clears.
 */
final class OwnReleases {
  private final Setup setup;
  private final Progress progress;
  private final Path folder;
  private final Map<Component, Path> files = new HashMap<>();
  private Optional<KnownCode> code = Optional.empty();

  /**
   * @param inventory of a project, whose own repository folder is looked into, or of anything else
   */
  OwnReleases(Setup setup, Inventory inventory, Progress progress) {
    this.setup = setup;
    this.progress = progress;
    this.folder = inventory.target().path();
    for (Inventory.Entry entry : inventory.entries()) {
      if (entry.location().isEmpty()) {
        entry.file().ifPresent(file -> files.putIfAbsent(entry.component(), file));
      }
    }
  }

  /** {@return that the code holds the fix}; empty where it does not, or where that is not known */
  Optional<Step.FixFound> fixFound(Finding finding) {
    Component component = finding.component();
    if (!component.ecosystem().equals(Ecosystem.MAVEN)
        || !PatchSet.Release.isOurs(component.version())
        || !component.qualifiers().isEmpty()) {
      return Optional.empty();
    }
    String id = finding.vulnerability().id();
    progress.at("own releases", 0, 0, component.display() + " " + id);
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Optional<Path> jar = file(component, maven);
      if (jar.isEmpty()) {
        return Optional.empty();
      }
      KnownCode known = code.orElseGet(() -> new KnownCode(true, setup.store()));
      code = Optional.of(known);
      if (!known.known().contains(id)) {
        known.learn(functions(id, maven), maven);
      }
      return Optional.ofNullable(known.fixed(jar.get()).get(id))
          .filter(functions -> !functions.isEmpty())
          .map(functions ->
              new Step.FixFound(
                  "The code of %s holds the fix, by the fingerprints of its functions"
                      .formatted(component.display()),
                  functions));
    } catch (IOException unknown) {
      return Optional.empty(); // the version decides then, and it is affected
    }
  }

  private FunctionList functions(String id, MavenSession maven) throws IOException {
    List<Advisory> advisories =
        setup.store().byId(id).stream().filter(a -> a.ecosystem().equals(Ecosystem.MAVEN)).toList();
    return new Porting(
            setup,
            maven,
            ProofJudge.NONE,
            ProofJudge.Depth.GATE,
            Optional.empty(),
            Optional.empty(),
            progress)
        .functions(advisories, Optional.empty());
  }

  private Optional<Path> file(Component component, MavenSession maven) {
    int colon = component.name().indexOf(':');
    Gav gav =
        new Gav(
            component.name().substring(0, colon),
            component.name().substring(colon + 1),
            component.version());
    Path inProject =
        folder
            .resolve(PatchSet.REPOSITORY)
            .resolve(gav.groupId().replace('.', '/'))
            .resolve(gav.artifactId())
            .resolve(gav.version())
            .resolve(gav.artifactId() + "-" + gav.version() + ".jar");
    return Optional.ofNullable(files.get(component))
        .filter(Files::isRegularFile)
        .or(() -> maven.atHand(gav))
        .or(() ->
            Optional.of(inProject)
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)));
  }
}
