package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.inventory.ArchiveLimits;
import underpin.inventory.ArchiveReader;
import underpin.inventory.CodeRecognition;
import underpin.inventory.Inventories;
import underpin.inventory.LocalRepository;
import underpin.inventory.SbomReader;
import underpin.inventory.TargetKind;
import underpin.inventory.UnreadableTargetException;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.ReactorModule;
import underpin.maven.Resolution;
import underpin.verify.Baseline;
import underpin.verify.ProjectJdk;

/** From what the user typed to an inventory. */
final class TargetReader {
  private static final Pattern COORDINATES =
      Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.+-]+", Pattern.UNICODE_CHARACTER_CLASS);

  private static final String SWITCHED_OFF = "it was switched off by --reach none";
  private static final Path RUNNING_JDK = Path.of(System.getProperty("java.home"));

  private final Setup setup;
  private final Progress progress;

  TargetReader(Setup setup, Progress progress) {
    this.setup = setup;
    this.progress = progress;
  }

  /**
   * What is in a target.
   *
   * @param code what of it can be searched for calls
   */
  record Contents(Inventory inventory, Code code) {}

  Contents read(String target) throws CampaignException {
    Optional<Path> path = existing(target);
    try {
      if (path.isEmpty()) {
        if (COORDINATES.matcher(target).matches()) {
          return ofCoordinates(target);
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
        case SBOM ->
            new Contents(
                select(SbomReader.read(path.get())), new Code.None("an SBOM holds no code"));
        case ARCHIVE, COORDINATES -> ofArchive(path.get());
      };
    } catch (MavenProjectException | UnreadableTargetException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unreadable(target + ": " + e.getMessage(), e);
    }
  }

  private Contents ofProject(Path path) throws MavenProjectException {
    Path folder =
        Files.isDirectory(path)
            ? path
            : Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      Resolution resolved = maven.resolve(reactor, false, progress);
      return new Contents(ofMaven(maven, reactor, resolved), compiled(maven, resolved));
    }
  }

  /** What lies compiled in a project: a scan builds nothing. */
  private Code compiled(MavenSession maven, Resolution resolved) {
    if (setup.callSearch() == CallSearch.NONE) {
      return new Code.None(SWITCHED_OFF);
    }
    Reactor reactor = resolved.reactor();
    Programs.Folders folders =
        new Programs.Folders(folders(reactor, "classes"), folders(reactor, "test-classes"));
    if (folders.main().isEmpty() && folders.tests().isEmpty()) {
      return new Code.None(
          "the project lies not compiled (no target/classes); build it, or let fix do so");
    }
    Baseline.Jdk jdk =
        ProjectJdk.of(reactor, setup.maven().javaHome())
            .orElse(new Baseline.Jdk(RUNNING_JDK, Runtime.version().feature(), "it runs"));
    Map<Gav, Optional<Path>> files = new HashMap<>();
    return compiled(
        resolved,
        folders,
        jdk,
        dependency -> files.computeIfAbsent(dependency.gav(), maven::fetch),
        files);
  }

  /** {@return the code of a project that was resolved with files} */
  Code compiled(Resolution resolved, Programs.Folders folders, Baseline.Jdk jdk) {
    Map<Gav, Optional<Path>> files = new HashMap<>();
    return compiled(
        resolved,
        folders,
        jdk,
        dependency -> files.computeIfAbsent(dependency.gav(), _ -> dependency.file()),
        files);
  }

  private Code compiled(
      Resolution resolved,
      Programs.Folders folders,
      Baseline.Jdk jdk,
      Function<Resolution.Dependency, Optional<Path>> fileOf,
      Map<Gav, Optional<Path>> files) {
    List<Launch> launches =
        new Programs(resolved, folders, fileOf, jdk.home(), jdk.release()).all();
    return new Code.Compiled(launches, repositoryOf(files));
  }

  private static Map<String, List<Path>> folders(Reactor reactor, String name) {
    Map<String, List<Path>> folders = new TreeMap<>();
    for (ReactorModule module : reactor.modules()) {
      Path folder = module.pom().resolveSibling("target").resolve(name);
      if (Files.isDirectory(folder)) {
        folders.put(module.path(), List.of(folder));
      }
    }
    return folders;
  }

  /** Settings may name another local repository than the default: files tell which it is. */
  private Path repositoryOf(Map<Gav, Optional<Path>> files) {
    for (Map.Entry<Gav, Optional<Path>> each : files.entrySet()) {
      Optional<Path> folder = each.getValue().map(Path::toAbsolutePath);
      // The file, its version, its artifact, and each part of its group.
      int up = 3 + each.getKey().groupId().split("\\.", -1).length;
      for (int i = 0; i < up; i++) {
        folder = folder.map(Path::getParent);
      }
      if (folder.isPresent()) {
        return folder.get();
      }
    }
    return localRepository();
  }

  private Contents ofArchive(Path path) throws UnreadableTargetException {
    Inventory inventory =
        select(
            ArchiveReader.read(
                path,
                ArchiveLimits.DEFAULT,
                new LocalRepository(localRepository()),
                setup.copies()
                    ? new CopyRun(setup, progress).recognition()
                    : CodeRecognition.NONE));
    if (setup.callSearch() == CallSearch.NONE) {
      return new Contents(inventory, new Code.None(SWITCHED_OFF));
    }
    try {
      return new Contents(
          inventory,
          ArchivePrograms.of(path, inventory, setup.maven().javaHome(), localRepository()));
    } catch (IOException e) {
      return new Contents(
          inventory,
          new Code.None("what is packed in it could not be written to be read: " + e.getMessage()));
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
    return withCopies(maven, reactor, select(Inventories.ofMaven(dependencies, plugins)));
  }

  private Inventory withCopies(MavenSession maven, Reactor reactor, Inventory inventory) {
    return setup.copies()
        ? new CopyRun(setup, progress)
            .withCopies(reactor, inventory, component -> atHand(maven, component))
        : inventory;
  }

  private static Optional<Path> atHand(MavenSession maven, Component component) {
    String[] name = component.name().split(":");
    return name.length != 2 || component.version().isEmpty()
        ? Optional.empty()
        : maven.atHand(
            new Gav(
                name[0],
                name[1],
                component.version(),
                component.qualifiers().getOrDefault("classifier", ""),
                component.qualifiers().getOrDefault("type", "jar")));
  }

  private Contents ofCoordinates(String coordinates) throws IOException, MavenProjectException {
    String[] parts = coordinates.split(":");
    Path folder = Files.createTempDirectory("underpin-coordinates-");
    Path pom = folder.resolve("pom.xml");
    // Should the run be stopped while a repository does not answer, nobody comes by here again.
    folder.toFile().deleteOnExit();
    pom.toFile().deleteOnExit();
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      Files.writeString(pom, wrapper(parts[0], parts[1], parts[2]), StandardCharsets.UTF_8);
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      Resolution resolved = maven.resolve(reactor, false, progress);
      Inventory inventory =
          withCopies(
              maven,
              reactor,
              Inventories.ofMaven(resolved, new Resolution(reactor, List.of(), List.of())));
      return new Contents(
          select(
              new Inventory(
                  new Inventory.Target(Inventory.Target.Kind.COORDINATES, coordinates, folder),
                  inventory.entries().stream().map(TargetReader::declaredNowhere).toList(),
                  inventory.problems())),
          released(folder, resolved, new Gav(parts[0], parts[1], parts[2])));
    } finally {
      Files.deleteIfExists(pom);
      Files.deleteIfExists(folder);
    }
  }

  /** The release's own jar with what it needs: its public API is where a run begins. */
  private Code released(Path folder, Resolution resolved, Gav target) throws MavenProjectException {
    if (setup.callSearch() == CallSearch.NONE) {
      return new Code.None(SWITCHED_OFF);
    }
    Map<Gav, Optional<Path>> files = new LinkedHashMap<>();
    MavenOptions options = FunctionLists.reaching(setup.maven(), setup.callSearch());
    try (MavenSession jars = MavenSession.open(options)) {
      jars.read(folder, PomOverlay.NONE);
      for (Resolution.ModuleResolution module : resolved.modules()) {
        module.dependencies().stream()
            .map(Resolution.Dependency::gav)
            .filter(gav -> gav.extension().equals("jar"))
            .forEach(gav -> files.computeIfAbsent(gav, jars::fetch));
      }
    }
    long missing = files.values().stream().filter(Optional::isEmpty).count();
    if (missing > 0 || !files.containsKey(target)) {
      return new Code.None(
          missing == 0
              ? target + " has no jar"
              : "%d of its %d jars are not at hand; --reach all fetches them"
                  .formatted(missing, files.size()));
    }
    return new Code.Compiled(
        List.of(ArchivePrograms.ofRelease(target, files, setup.maven().javaHome())),
        repositoryOf(files));
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
        entry.location(),
        entry.embedding());
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
