package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.inventory.ArchiveLimits;
import underpin.inventory.ArchiveReader;
import underpin.inventory.Inventories;
import underpin.inventory.LocalRepository;
import underpin.inventory.SbomReader;
import underpin.inventory.TargetKind;
import underpin.inventory.UnreadableTargetException;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;

/** From what the user typed to an inventory. */
final class TargetReader {
  private static final Pattern COORDINATES =
      Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.+-]+", Pattern.UNICODE_CHARACTER_CLASS);

  private final Setup setup;
  private final Progress progress;

  TargetReader(Setup setup, Progress progress) {
    this.setup = setup;
    this.progress = progress;
  }

  Inventory read(String target) throws CampaignException {
    Optional<Path> path = existing(target);
    try {
      if (path.isEmpty()) {
        if (COORDINATES.matcher(target).matches()) {
          return select(ofCoordinates(target));
        }
        throw unreadable(
            "'"
                + target
                + "' is no file or folder here, and no group:artifact:version. Give a Maven project's"
                + " folder, a jar or war, an SBOM, or coordinates.",
            null);
      }
      return switch (TargetKind.detect(path.get())) {
        case MAVEN_PROJECT -> ofProject(path.get());
        case SBOM -> select(SbomReader.read(path.get()));
        case ARCHIVE, COORDINATES ->
            select(
                ArchiveReader.read(
                    path.get(), ArchiveLimits.DEFAULT, new LocalRepository(localRepository())));
      };
    } catch (MavenProjectException | UnreadableTargetException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unreadable(target + ": " + e.getMessage(), e);
    }
  }

  private Inventory ofProject(Path path) throws MavenProjectException {
    Path folder =
        Files.isDirectory(path)
            ? path
            : Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      return ofMaven(maven, reactor, maven.resolve(reactor, false, progress));
    }
  }

  /** Where jars that Maven already fetched lie: a jar's digest may tell what it is. */
  private Path localRepository() {
    return setup
        .maven()
        .localRepository()
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".m2", "repository"));
  }

  /**
   * {@return the inventory of a resolved project, without what the policy or the user leaves out}
   */
  Inventory ofMaven(MavenSession maven, Reactor reactor, Resolution dependencies) {
    Resolution plugins =
        setup.plugins()
            ? maven.resolvePlugins(reactor, false, progress)
            : new Resolution(reactor, List.of(), List.of());
    return select(Inventories.ofMaven(dependencies, plugins));
  }

  private Inventory ofCoordinates(String coordinates) throws IOException, MavenProjectException {
    String[] parts = coordinates.split(":");
    Path folder = Files.createTempDirectory("underpin-coordinates-");
    Path pom = folder.resolve("pom.xml");
    // Should the run be stopped while a repository does not answer, nobody comes by here again.
    folder.toFile().deleteOnExit();
    pom.toFile().deleteOnExit();
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Files.writeString(pom, wrapper(parts[0], parts[1], parts[2]), StandardCharsets.UTF_8);
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      Inventory inventory =
          Inventories.ofMaven(
              maven.resolve(reactor, false, progress),
              new Resolution(reactor, List.of(), List.of()));
      return new Inventory(
          new Inventory.Target(Inventory.Target.Kind.COORDINATES, coordinates, folder),
          inventory.entries().stream().map(TargetReader::declaredNowhere).toList(),
          inventory.problems());
    } finally {
      Files.deleteIfExists(pom);
      Files.deleteIfExists(folder);
    }
  }

  /** The POM around coordinates is ours and gone in a moment: no place to send a reader to. */
  private static Inventory.Entry declaredNowhere(Inventory.Entry entry) {
    return new Inventory.Entry(
        entry.component(),
        entry.role(),
        entry.scopes(),
        entry.modules(),
        entry.direct(),
        entry.optional(),
        Optional.empty(),
        entry.paths(),
        entry.pathCount(),
        entry.file(),
        entry.location());
  }

  /** The pattern admits no character that XML would read as markup. */
  private static String wrapper(String groupId, String artifactId, String version) {
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>underpin.coordinates</groupId>
      <artifactId>target</artifactId>
      <version>1</version>
      <dependencies>
        <dependency>
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
        </dependency>
      </dependencies>
    </project>
    """
        .formatted(groupId, artifactId, version);
  }

  /** Leaves out the scopes that do not count here; what has no scope always counts. */
  private Inventory select(Inventory inventory) {
    Set<String> leftOut = setup.policy().leftOutScopes();
    return new Inventory(
        inventory.target(),
        inventory.entries().stream()
            .filter(entry -> {
              Set<String> counted = new TreeSet<>(entry.scopes());
              if (setup.scopes().isEmpty()) {
                counted.removeAll(leftOut);
              } else {
                counted.retainAll(setup.scopes());
              }
              return entry.scopes().isEmpty() || !counted.isEmpty();
            })
            .toList(),
        inventory.problems());
  }

  private static Optional<Path> existing(String target) {
    try {
      return Optional.of(Path.of(target)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty(); // no file name on this system, so no file: perhaps coordinates
    }
  }

  private static CampaignException unreadable(
      String message, @org.jspecify.annotations.Nullable Throwable cause) {
    return cause == null
        ? new CampaignException(CampaignException.Kind.UNREADABLE, message)
        : new CampaignException(CampaignException.Kind.UNREADABLE, message, cause);
  }
}
