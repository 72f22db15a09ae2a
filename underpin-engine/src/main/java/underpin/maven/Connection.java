package underpin.maven;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.maven.model.Profile;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.ModelBuilder;
import org.apache.maven.repository.internal.ArtifactDescriptorUtils;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.building.SettingsProblem;
import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.DefaultRepositoryCache;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryCache;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.impl.RemoteRepositoryManager;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.jspecify.annotations.Nullable;
import underpin.maven.MavenProjectException.Kind;

/** Maven's components, set up as the user's settings and the project's .mvn folder say. */
final class Connection implements AutoCloseable {
  /** Long enough for a slow mirror, short enough that a dead one is noticed. */
  private static final int CONNECT_MILLIS = 10_000;

  private static final int REQUEST_MILLIS = 60_000;

  /** Fetching waits for the network, not for a core. */
  private static final int POMS_AT_ONCE = 8;

  private final Context context;
  private final RepositorySystem system;
  private final ModelBuilder modelBuilder;
  private final RemoteRepositoryManager repositoryManager;
  private final Reachability reachability;
  private final RepositoryTrust trust;
  private final RepositoryCache memory = new DefaultRepositoryCache();
  private final Map<String, String> systemProperties;
  private final Map<String, String> userProperties;
  private final List<Profile> settingsProfiles;
  private final List<String> activeProfiles;
  private final List<String> inactiveProfiles;
  private final DefaultRepositorySystemSession session;
  private final List<RemoteRepository> external;

  private Connection(
      Context context,
      Reachability reachability,
      RepositoryTrust trust,
      Map<String, String> systemProperties,
      Map<String, String> userProperties,
      Settings settings,
      List<String> activeProfiles,
      List<String> inactiveProfiles) {
    this.context = context;
    this.reachability = reachability;
    this.trust = trust;
    this.system = context.repositorySystem();
    this.modelBuilder = context.lookup().lookup(ModelBuilder.class).orElseThrow();
    this.repositoryManager = context.lookup().lookup(RemoteRepositoryManager.class).orElseThrow();
    this.systemProperties = systemProperties;
    this.userProperties = userProperties;
    this.settingsProfiles = ResolverRuntime.profiles(settings);
    this.activeProfiles = activeProfiles;
    this.inactiveProfiles = inactiveProfiles;
    this.session = new DefaultRepositorySystemSession(context.repositorySystemSession());
    // MIMA adds the properties of settings profiles here; Maven does not, and they would then be
    // seen by the POMs of dependencies.
    session.setUserProperties(userProperties);
    session.setResolutionErrorPolicy(new SimpleResolutionErrorPolicy(true, false));
    session.setCache(memory);
    session.setAuthenticationSelector(trust.logins(session.getAuthenticationSelector()));
    session.setLocalRepositoryManager(
        new SharedRepository(session.getLocalRepositoryManager(), trust));
    this.external = context.remoteRepositories();
  }

  /**
   * Opens the connection for one project configuration.
   *
   * @throws MavenProjectException with kind SETTINGS when a settings file cannot be read
   */
  static Connection open(MavenConfig config) throws MavenProjectException {
    MavenOptions options = config.options();
    Map<String, String> system = new TreeMap<>();
    System.getenv().forEach((name, value) -> system.put("env." + name, value));
    System.getProperties().forEach((name, value) -> system.put("" + name, "" + value));
    // Before what the project says of itself: what it defines is not for the settings.
    Settings settings = settings(config, Map.copyOf(system));
    system.putAll(config.systemProperties());
    options.javaHome().ifPresent(home -> system.putAll(JdkRelease.properties(home)));
    system.put("maven.multiModuleProjectDirectory", config.top().toString());
    // What settings and POMs may ask for; the version of the model builder that we run.
    system.putIfAbsent("maven.version", "3.9.16");
    Map<String, String> user = new TreeMap<>(options.userProperties());

    List<String> active = new ArrayList<>();
    List<String> inactive = new ArrayList<>();
    for (String profile : options.profiles()) {
      for (String id : profile.split(",", -1)) {
        String named = id.strip();
        if (named.startsWith("!") || named.startsWith("-")) {
          inactive.add(named.substring(1).replaceFirst("^\\?", ""));
        } else if (!named.isEmpty()) {
          active.add(named.replaceFirst("^\\+", "").replaceFirst("^\\?", ""));
        }
      }
    }

    List<String> allActive = new ArrayList<>(settings.getActiveProfiles());
    allActive.addAll(active);

    Reachability reachability = new Reachability();
    Map<String, String> known = new HashMap<>(system);
    known.putAll(config.user().userProperties());
    RepositoryTrust trust =
        new RepositoryTrust(settings, known, options.trustProjectRepositories());
    Map<String, Object> resolver = new HashMap<>();
    resolver.put(ConfigurationProperties.CONNECT_TIMEOUT, CONNECT_MILLIS);
    resolver.put(ConfigurationProperties.REQUEST_TIMEOUT, REQUEST_MILLIS);
    resolver.put("aether.connector.http.retryHandler.count", 1);
    resolver.put("aether.offline.protocols", "file"); // what lies on this machine is no network
    resolver.putAll(user); // a user's -Daether... decides
    ContextOverrides.Builder overrides =
        ContextOverrides.create()
            .withUserSettings(true)
            .withEffectiveSettings(settings)
            .systemProperties(system)
            .userProperties(user)
            .configProperties(resolver)
            .withBasedirOverride(config.top())
            .withActiveProfileIds(active)
            .withInactiveProfileIds(inactive)
            .offline(options.offline() || settings.isOffline())
            .repositoryListener(reachability);
    options
        .localRepository()
        .ifPresent(folder -> overrides.withLocalRepositoryOverride(folder.toAbsolutePath()));
    try {
      Context context = new ResolverRuntime(reachability, trust).create(overrides.build());
      return new Connection(
          context, reachability, trust, system, user, settings, allActive, inactive);
    } catch (RuntimeException e) {
      throw new MavenProjectException(
          Kind.SETTINGS,
          settingsFile(config).toString(),
          "the settings cannot be used: " + reason(e) + ". Correct them and run again.");
    }
  }

  private static Path settingsFile(MavenConfig config) {
    return config
        .options()
        .userSettings()
        .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".m2", "settings.xml"));
  }

  private static Settings settings(MavenConfig config, Map<String, String> system)
      throws MavenProjectException {
    Path userFile = settingsFile(config);
    if (config.options().userSettings().isPresent() && !Files.isRegularFile(userFile)) {
      throw new MavenProjectException(
          Kind.SETTINGS,
          userFile.toString(),
          "there is no such settings file. Name an existing one with --settings.");
    }
    Optional<Path> home = mavenHome(system);
    DefaultSettingsBuildingRequest request = new DefaultSettingsBuildingRequest();
    request.setUserSettingsFile(userFile.toFile());
    home.map(h -> h.resolve("conf/settings.xml"))
        .filter(Files::isRegularFile)
        .ifPresent(global -> request.setGlobalSettingsFile(global.toFile()));
    request.setSystemProperties(properties(system));
    request.setUserProperties(properties(config.user().userProperties()));
    Settings settings;
    try {
      settings =
          new DefaultSettingsBuilderFactory().newInstance().build(request).getEffectiveSettings();
    } catch (SettingsBuildingException e) {
      SettingsProblem problem = e.getProblems().getFirst();
      String place =
          problem.getSource() + (problem.getLineNumber() > 0 ? ":" + problem.getLineNumber() : "");
      throw new MavenProjectException(
          Kind.SETTINGS, place, problem.getMessage() + ". Correct the file and run again.");
    }
    if (home.isEmpty()) {
      // What the settings of every Maven since 3.8.1 bring: no repository over plain http.
      Mirror blocker = new Mirror();
      blocker.setId("maven-default-http-blocker");
      blocker.setMirrorOf("external:http:*");
      blocker.setName("Pseudo repository to mirror external repositories initially using HTTP.");
      blocker.setUrl("http://0.0.0.0/");
      blocker.setBlocked(true);
      settings.addMirror(blocker);
    }
    return settings;
  }

  /** The installed Maven, whose conf/settings.xml is part of how this machine resolves. */
  private static Optional<Path> mavenHome(Map<String, String> system) {
    for (String name : List.of("maven.home", "env.MAVEN_HOME", "env.M2_HOME")) {
      String home = system.get(name);
      if (home != null && Files.isDirectory(Path.of(home, "conf"))) {
        return Optional.of(Path.of(home));
      }
    }
    return Arrays.stream(system.getOrDefault("env.PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "mvn"))
        .filter(Files::isExecutable)
        .flatMap(mvn -> {
          try {
            Path bin = mvn.toRealPath().getParent();
            return Optional.ofNullable(bin).map(Path::getParent).stream();
          } catch (IOException e) {
            return java.util.stream.Stream.empty();
          }
        })
        .filter(home -> Files.isDirectory(home.resolve("conf")))
        .findFirst();
  }

  static Properties properties(Map<String, String> map) {
    Properties properties = new Properties();
    properties.putAll(map);
    return properties;
  }

  /**
   * {@return why it failed} The innermost message of the resolver, which names artifact and
   * repository; where the resolver has no part in it, the innermost of all.
   */
  static String reason(Throwable thrown) {
    Throwable telling = thrown;
    boolean fromResolver = thrown instanceof RepositoryException;
    int depth = 0; // a chain of causes may be a circle
    for (Throwable t = thrown; t != null && depth++ < 50; t = t.getCause()) {
      if (t instanceof RepositoryException) {
        telling = t;
        fromResolver = true;
      } else if (!fromResolver) {
        telling = t;
      }
    }
    String message = telling.getMessage();
    return message == null ? telling.getClass().getSimpleName() : message.strip();
  }

  /** {@return why it failed}, with the login that was kept back where that is why */
  String reasonAndLogin(Throwable thrown) {
    return trust.withLogin(reason(thrown));
  }

  /** {@return the id that a POM or the settings gave the repository} */
  String originalId(RemoteRepository repository) {
    return trust.originalId(repository.getId());
  }

  RepositorySystem system() {
    return system;
  }

  ModelBuilder modelBuilder() {
    return modelBuilder;
  }

  Reachability reachability() {
    return reachability;
  }

  RepositorySystemSession session() {
    return session;
  }

  Map<String, String> systemProperties() {
    return systemProperties;
  }

  Map<String, String> userProperties() {
    return userProperties;
  }

  List<Profile> settingsProfiles() {
    return settingsProfiles;
  }

  List<String> activeProfiles() {
    return activeProfiles;
  }

  List<String> inactiveProfiles() {
    return inactiveProfiles;
  }

  boolean offline() {
    return session.isOffline();
  }

  /** {@return the repositories of the settings and Central, ready for use} */
  List<RemoteRepository> external() {
    return external;
  }

  /** {@return the model's repositories before those of the settings, mirrors applied} */
  List<RemoteRepository> withExternal(List<Repository> declared) {
    return aggregate(aggregate(List.of(), declared), external, false);
  }

  List<RemoteRepository> aggregate(List<RemoteRepository> dominant, List<Repository> declared) {
    List<RemoteRepository> raw =
        declared.stream().map(ArtifactDescriptorUtils::toRemoteRepository).toList();
    return aggregate(dominant, raw, true);
  }

  List<RemoteRepository> aggregate(
      List<RemoteRepository> dominant, List<RemoteRepository> recessive, boolean raw) {
    return repositoryManager.aggregateRepositories(session, dominant, recessive, raw);
  }

  /**
   * {@return a session for one reactor} It knows the reactor's modules, and its graphs keep what
   * mediation passed over, so that every way to a component is seen. The breadth-first collector
   * gives the same graph as the depth-first one that Maven 3 takes by default, and reads several
   * POMs at once where they have to be fetched.
   */
  RepositorySystemSession session(WorkspaceReader workspace) {
    DefaultRepositorySystemSession own = new DefaultRepositorySystemSession(session);
    own.setWorkspaceReader(workspace);
    own.setConfigProperty(ConflictResolver.CONFIG_PROP_VERBOSE, true);
    own.setConfigProperty(DependencyManagerUtils.CONFIG_PROP_VERBOSE, true);
    own.setConfigProperty("aether.dependencyCollector.impl", "bf");
    own.setConfigProperty("aether.dependencyCollector.bf.threads", POMS_AT_ONCE);
    own.setCache(new OneReactor(memory));
    return own;
  }

  @Override
  public void close() {
    context.close();
  }

  /**
   * The resolver's memory, without the part that would remember what a module's POM said before an
   * overlay changed it: the collector's pools live for one reactor, parents and BOMs for all.
   */
  private static final class OneReactor implements RepositoryCache {
    private final RepositoryCache shared;
    private final RepositoryCache own = new DefaultRepositoryCache();

    OneReactor(RepositoryCache shared) {
      this.shared = shared;
    }

    private RepositoryCache of(Object key) {
      return key instanceof String pool && pool.contains("DataPool") ? own : shared;
    }

    @Override
    public void put(RepositorySystemSession session, Object key, @Nullable Object data) {
      of(key).put(session, key, data);
    }

    @Override
    public @Nullable Object get(RepositorySystemSession session, Object key) {
      return of(key).get(session, key);
    }
  }
}
