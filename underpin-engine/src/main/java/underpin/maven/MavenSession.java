package underpin.maven;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.DependencyManagement;
import org.apache.maven.model.Model;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.version.Version;
import org.jspecify.annotations.Nullable;
import underpin.cases.Inventory.Problem;
import underpin.cases.Progress;

/**
 * One conversation with Maven's model builder and resolver. Safe for use from several threads. What
 * it learns from repositories (POMs, BOMs, lists of versions) it keeps until it is closed, so that
 * resolving a changed project again is quick; what the project's own files say it reads anew.
 */
public final class MavenSession implements AutoCloseable {
  private final MavenOptions options;
  private final Map<MavenConfig, Link> links = new ConcurrentHashMap<>();
  private final Map<Path, Link> linkByRoot = new ConcurrentHashMap<>();
  private volatile @Nullable Link latest;
  private volatile Optional<OfferedReleases> offered = Optional.empty();

  private MavenSession(MavenOptions options) {
    this.options = options;
  }

  /** Opens a session. Settings that cannot be read are told by {@link #read}. */
  public static MavenSession open(MavenOptions options) {
    return new MavenSession(options);
  }

  /**
   * From now on also takes releases from a folder, before any repository is asked. They are read
   * where they lie: nothing of them gets into the local repository.
   *
   * @param repository laid out as a Maven repository
   */
  public void offer(Path repository) {
    offered = Optional.of(OfferedReleases.all(repository));
  }

  /**
   * What is offered, and the releases of our own that a project brings in its folder. Maven would
   * copy these into the local repository; reading them must not.
   */
  private List<OfferedReleases> offered(Reactor reactor) {
    return Stream.concat(offered.stream(), Stream.of(OfferedReleases.own(reactor.root()))).toList();
  }

  /** A connection and what was learned over it. */
  private static final class Link {
    final Connection connection;
    final Map<String, DependencyManagement> importedBoms = new ConcurrentHashMap<>();
    final Map<Gav, Map<String, Dependency>> managedByBom = new ConcurrentHashMap<>();
    final Map<Gav, Optional<Model>> effective = new ConcurrentHashMap<>();
    final Map<String, List<String>> versions = new ConcurrentHashMap<>();
    final Map<Gav, Optional<Path>> files = new ConcurrentHashMap<>();

    /** By id, those of all projects read over this connection; those of the settings at first. */
    final Map<String, RemoteRepository> repositories =
        Collections.synchronizedMap(new LinkedHashMap<>());

    Link(Connection connection) {
      this.connection = connection;
      connection.external().forEach(r -> repositories.put(r.getId(), r));
    }

    List<RemoteRepository> allRepositories() {
      synchronized (repositories) {
        return List.copyOf(repositories.values());
      }
    }
  }

  /**
   * Reads the project and all its modules with effective models.
   *
   * @param project a folder with a POM, or a POM
   * @return the modules that could be read; each that could not be is a problem of the reactor
   * @throws MavenProjectException when the root POM or the settings cannot be read, or when
   *     modules, parents or imports form a cycle
   */
  public Reactor read(Path project, PomOverlay overlay) throws MavenProjectException {
    Path given = project.toAbsolutePath().normalize();
    boolean isFolder = Files.isDirectory(given);
    Path folder = isFolder ? given : given.resolveSibling("");
    MavenConfig config = MavenConfig.read(folder, options);
    Path pom = isFolder ? given.resolve("pom.xml") : given;
    Link link = link(config);
    Reactor reactor =
        new ReactorReader(link.connection, link.importedBoms, pom, overlay).read(config.problems());
    linkByRoot.put(reactor.root(), link);
    for (ReactorModule module : reactor.modules()) {
      for (RemoteRepository repository : module.repositories()) {
        link.repositories.putIfAbsent(repository.getId(), repository);
      }
      for (RemoteRepository repository :
          link.connection.aggregate(List.of(), module.effective().getPluginRepositories())) {
        link.repositories.putIfAbsent(repository.getId(), repository);
      }
    }
    latest = link;
    return reactor;
  }

  private Link link(MavenConfig config) throws MavenProjectException {
    Link known = links.get(config);
    if (known != null) {
      return known;
    }
    synchronized (links) {
      Link raced = links.get(config);
      if (raced != null) {
        return raced;
      }
      Link opened = new Link(Connection.open(config));
      links.put(config, opened);
      return opened;
    }
  }

  /** The connection of the project read last, or one with the user's own settings. */
  private Link link() {
    Link current = latest;
    if (current != null) {
      return current;
    }
    try {
      Path here = Path.of("").toAbsolutePath();
      MavenConfig plain = new MavenConfig(here, options, options, new TreeMap<>(), List.of());
      return link(plain);
    } catch (MavenProjectException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private Link link(Reactor reactor) {
    Link link = linkByRoot.get(reactor.root());
    return link == null ? link() : link;
  }

  /**
   * Resolves every module as {@code mvn dependency:list} does; without files only POMs are fetched.
   *
   * @return every dependency that the POMs name, also those whose file no repository has: these are
   *     problems too
   */
  public Resolution resolve(Reactor reactor, boolean withFiles, Progress progress) {
    Link link = link(reactor);
    ReactorWorkspace workspace = new ReactorWorkspace(reactor, offered(reactor));
    RepositorySystemSession session = link.connection.session(workspace);
    ArtifactFiles files = new ArtifactFiles(link.connection, session, workspace, withFiles);
    AtomicInteger done = new AtomicInteger();
    int total = reactor.modules().size();
    List<Callable<ModuleResolver.Outcome>> work = new ArrayList<>();
    for (ReactorModule module : reactor.modules()) {
      work.add(() -> {
        ModuleResolver.Outcome outcome =
            new ModuleResolver(
                    link.connection,
                    session,
                    workspace,
                    declarations(link, reactor, module),
                    module,
                    files)
                .resolve();
        progress.at("resolve", done.incrementAndGet(), total, module.path());
        return outcome;
      });
    }
    List<Resolution.ModuleResolution> modules = new ArrayList<>();
    Set<Problem> problems = new LinkedHashSet<>(reactor.problems());
    for (ModuleResolver.Outcome outcome : inParallel(work)) {
      modules.add(outcome.resolution());
      problems.addAll(outcome.problems());
    }
    return new Resolution(reactor, modules, List.copyOf(problems));
  }

  /** Runs the work, results in its order. Modules are independent: the reactor answers for each. */
  private static <T> List<T> inParallel(List<Callable<T>> work) {
    int threads = Math.min(work.size(), Math.min(8, Runtime.getRuntime().availableProcessors()));
    List<T> results = new ArrayList<>();
    if (threads <= 1) {
      for (Callable<T> task : work) {
        try {
          results.add(task.call());
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      return results;
    }
    try (ExecutorService threadsOfModules =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("maven-", 0).factory())) {
      List<Future<T>> futures = new ArrayList<>();
      work.forEach(task -> futures.add(threadsOfModules.submit(task)));
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException stopped = new CancellationException("cancelled while resolving");
      stopped.initCause(e);
      throw stopped;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  private Map<String, Dependency> managed(Link link, Gav bom) {
    Map<String, Dependency> known = link.managedByBom.get(bom);
    if (known != null) {
      return known;
    }
    DependencyManagement management =
        link.importedBoms.get(bom.groupId() + ":" + bom.artifactId() + ":" + bom.version());
    if (management == null) {
      management = effectiveModel(link, bom).map(Model::getDependencyManagement).orElse(null);
    }
    Map<String, Dependency> managed = new LinkedHashMap<>();
    if (management != null) {
      management.getDependencies().forEach(d -> managed.putIfAbsent(Declarations.key(d), d));
    }
    if (!bom.version().endsWith("-SNAPSHOT")) {
      link.managedByBom.put(bom, managed);
    }
    return managed;
  }

  /**
   * Build plugins and their own dependencies, module by module: those that the effective POM names
   * and those that the packaging brings and the POM manages. A plugin whose version only the
   * installed Maven decides is left out. A dependency stands once for each plugin that brings it;
   * its paths begin with the plugin. What cannot be resolved is a problem, never a failure.
   *
   * <p>Optional for callers, and not cheap on a cold local repository: a plugin has as many
   * dependencies as a small project.
   */
  public Resolution resolvePlugins(Reactor reactor, boolean withFiles, Progress progress) {
    Link link = link(reactor);
    ReactorWorkspace workspace = new ReactorWorkspace(reactor, offered(reactor));
    RepositorySystemSession session = link.connection.session(workspace);
    ArtifactFiles files = new ArtifactFiles(link.connection, session, workspace, withFiles);
    PluginResolver resolver = new PluginResolver(link.connection, session, workspace, files);
    AtomicInteger done = new AtomicInteger();
    List<Callable<ModuleResolver.Outcome>> work = new ArrayList<>();
    for (ReactorModule module : reactor.modules()) {
      work.add(() -> {
        ModuleResolver.Outcome outcome =
            resolver.resolve(module, declarations(link, reactor, module));
        progress.at("plugins", done.incrementAndGet(), work.size(), module.path());
        return outcome;
      });
    }
    List<Resolution.ModuleResolution> modules = new ArrayList<>();
    Set<Problem> problems = new LinkedHashSet<>();
    for (ModuleResolver.Outcome outcome : inParallel(work)) {
      modules.add(outcome.resolution());
      problems.addAll(outcome.problems());
    }
    return new Resolution(reactor, modules, List.copyOf(problems));
  }

  private Declarations declarations(Link link, Reactor reactor, ReactorModule module) {
    return new Declarations(
        reactor, module, link.connection.userProperties(), bom -> managed(link, bom));
  }

  /**
   * {@return every released version that the repositories list, ascending; empty when none answers}
   * The repositories are those of the project read last and of the settings. Pre-releases are among
   * them, snapshots are not. Asked once per session.
   */
  public List<String> versions(String groupId, String artifactId) {
    Link link = link();
    return link.versions.computeIfAbsent(
        groupId + ":" + artifactId,
        key -> {
          VersionRangeRequest request =
              new VersionRangeRequest(
                  new DefaultArtifact(groupId, artifactId, "", "jar", "[0,)"),
                  link.allRepositories(),
                  "project");
          try {
            return link
                .connection
                .system()
                .resolveVersionRange(link.connection.session(), request)
                .getVersions()
                .stream()
                .map(Version::toString)
                .filter(version -> !version.endsWith("-SNAPSHOT"))
                .sorted(java.util.Comparator.comparing(ComparableVersion::new))
                .toList();
          } catch (VersionRangeResolutionException e) {
            return List.of();
          }
        });
  }

  /** {@return the artifact's file where it is offered or local; nothing is fetched} */
  public Optional<Path> atHand(Gav gav) {
    return copiesAtHand(gav).stream().findFirst();
  }

  /** {@return the artifact's files, those offered before that of the local repository} */
  public List<Path> copiesAtHand(Gav gav) {
    return Stream.of(offered(gav), local(gav)).flatMap(Optional::stream).toList();
  }

  private Optional<Path> local(Gav gav) {
    var local = link().connection.session().getLocalRepositoryManager();
    Path file =
        local
            .getRepository()
            .getBasedir()
            .toPath()
            .resolve(
                local.getPathForLocalArtifact(
                    new DefaultArtifact(
                        gav.groupId(),
                        gav.artifactId(),
                        gav.classifier(),
                        gav.extension(),
                        gav.version())));
    return Optional.of(file).filter(Files::isRegularFile);
  }

  /** {@return the artifact's file, fetched where the local repository lacks it} */
  public Optional<Path> fetch(Gav gav) {
    Optional<Path> here = offered(gav);
    if (here.isPresent()) {
      return here;
    }
    Link link = link();
    return link.files.computeIfAbsent(
        gav,
        g -> {
          ArtifactRequest request =
              new ArtifactRequest(
                  new DefaultArtifact(
                      g.groupId(), g.artifactId(), g.classifier(), g.extension(), g.version()),
                  link.allRepositories(),
                  "project");
          try {
            return Optional.of(
                link.connection
                    .system()
                    .resolveArtifact(link.connection.session(), request)
                    .getArtifact()
                    .getFile()
                    .toPath());
          } catch (ArtifactResolutionException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * {@return what a BOM or parent manages, "group:artifact" (plus ":classifier" where there is one)
   * to version; empty when no repository has it}
   */
  public Optional<SortedMap<String, String>> managedVersions(Gav pom) {
    return effectiveModel(pom)
        .map(model -> {
          SortedMap<String, String> versions = new TreeMap<>();
          if (model.getDependencyManagement() != null) {
            for (Dependency d : model.getDependencyManagement().getDependencies()) {
              String classifier = d.getClassifier();
              String key =
                  d.getGroupId()
                      + ":"
                      + d.getArtifactId()
                      + (classifier == null || classifier.isEmpty() ? "" : ":" + classifier);
              if (d.getVersion() != null) {
                versions.putIfAbsent(key, d.getVersion());
              }
            }
          }
          return versions;
        });
  }

  /**
   * {@return the effective model of a POM in a repository, with input locations; empty when no
   * repository has it or Maven refuses it} Shared: never change it.
   */
  public Optional<Model> effectiveModel(Gav pom) {
    return effectiveModel(link(), pom);
  }

  private Optional<Model> effectiveModel(Link link, Gav gav) {
    Gav pom = new Gav(gav.groupId(), gav.artifactId(), gav.version(), "", "pom");
    Optional<Model> known = link.effective.get(pom);
    if (known == null) {
      known = buildEffective(link, pom);
      link.effective.put(pom, known);
    }
    return known;
  }

  private Optional<Model> buildEffective(Link link, Gav pom) {
    Connection connection = link.connection;
    ProjectModels models = new ProjectModels(connection, Map.of(), PomOverlay.NONE);
    DefaultModelBuildingRequest request = new DefaultModelBuildingRequest();
    request.setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL);
    request.setProcessPlugins(false);
    request.setLocationTracking(true);
    // As for any POM of a repository: what the user defines does not override its properties.
    TreeMap<String, String> properties = new TreeMap<>(connection.systemProperties());
    properties.putAll(connection.userProperties());
    request.setSystemProperties(Connection.properties(properties));
    request.setModelResolver(models);
    try {
      Optional<Path> file = offered(pom).or(() -> fetchPom(link, pom));
      if (file.isEmpty()) {
        return Optional.empty();
      }
      request.setModelSource(
          new org.apache.maven.model.building.FileModelSource(file.get().toFile()));
      return Optional.of(connection.modelBuilder().build(request).getEffectiveModel());
    } catch (ModelBuildingException e) {
      return Optional.empty();
    }
  }

  private Optional<Path> offered(Gav gav) {
    return Stream.concat(
            offered.stream(), linkByRoot.keySet().stream().sorted().map(OfferedReleases::own))
        .flatMap(releases -> releases.file(gav).stream())
        .findFirst();
  }

  private static Optional<Path> fetchPom(Link link, Gav pom) {
    try {
      ArtifactRequest request =
          new ArtifactRequest(
              new DefaultArtifact(pom.groupId(), pom.artifactId(), "", "pom", pom.version()),
              link.allRepositories(),
              "project");
      return Optional.of(
          link.connection
              .system()
              .resolveArtifact(link.connection.session(), request)
              .getArtifact()
              .getFile()
              .toPath());
    } catch (ArtifactResolutionException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    links.values().forEach(link -> link.connection.close());
    links.clear();
    linkByRoot.clear();
    latest = null;
  }
}
