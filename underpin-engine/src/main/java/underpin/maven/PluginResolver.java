package underpin.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.model.Build;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Extension;
import org.apache.maven.model.Plugin;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import underpin.cases.Declaration;
import underpin.cases.Inventory.Entry;
import underpin.cases.Inventory.Problem;
import underpin.maven.Resolution.ModuleResolution;
import underpin.maven.Resolution.Origin;

/** Build plugins with what they bring, the way Maven's plugin resolver collects it. */
final class PluginResolver {
  /** What every packaging of Maven's own binds, as far as a POM manages the version. */
  private static final Set<String> LIFECYCLE =
      Set.of(
          "org.apache.maven.plugins:maven-clean-plugin",
          "org.apache.maven.plugins:maven-deploy-plugin",
          "org.apache.maven.plugins:maven-install-plugin",
          "org.apache.maven.plugins:maven-site-plugin");

  private static final Set<String> JAVA =
      Set.of(
          "org.apache.maven.plugins:maven-compiler-plugin",
          "org.apache.maven.plugins:maven-resources-plugin",
          "org.apache.maven.plugins:maven-surefire-plugin");

  /**
   * What Maven itself puts before a plugin's own (the exportedArtifacts of maven-core's
   * META-INF/maven/extension.xml, 3.9): the plugin's POM names them, but they are never loaded.
   */
  private static final Set<String> FROM_MAVEN =
      Set.of(
          "classworlds:classworlds",
          "javax.annotation:javax.annotation-api",
          "javax.inject:javax.inject",
          "org.apache.maven:maven-aether-provider",
          "org.apache.maven:maven-artifact",
          "org.apache.maven:maven-artifact-manager",
          "org.apache.maven:maven-compat",
          "org.apache.maven:maven-core",
          "org.apache.maven:maven-error-diagnostics",
          "org.apache.maven:maven-lifecycle",
          "org.apache.maven:maven-model",
          "org.apache.maven:maven-model-builder",
          "org.apache.maven:maven-monitor",
          "org.apache.maven:maven-plugin-api",
          "org.apache.maven:maven-plugin-descriptor",
          "org.apache.maven:maven-plugin-parameter-documenter",
          "org.apache.maven:maven-plugin-registry",
          "org.apache.maven:maven-profile",
          "org.apache.maven:maven-project",
          "org.apache.maven:maven-repository-metadata",
          "org.apache.maven:maven-resolver-provider",
          "org.apache.maven:maven-settings",
          "org.apache.maven:maven-settings-builder",
          "org.apache.maven:maven-toolchain",
          "org.apache.maven.resolver:maven-resolver-api",
          "org.apache.maven.resolver:maven-resolver-impl",
          "org.apache.maven.resolver:maven-resolver-spi",
          "org.apache.maven.wagon:wagon-provider-api",
          "org.codehaus.plexus:plexus-classworlds",
          "org.codehaus.plexus:plexus-component-api",
          "org.codehaus.plexus:plexus-container-default",
          "org.eclipse.aether:aether-api",
          "org.eclipse.aether:aether-impl",
          "org.eclipse.aether:aether-spi",
          "org.eclipse.sisu:org.eclipse.sisu.plexus",
          "org.fusesource.jansi:jansi",
          "org.slf4j:slf4j-api",
          "org.sonatype.aether:aether-api",
          "org.sonatype.aether:aether-impl",
          "org.sonatype.aether:aether-spi",
          "org.sonatype.sisu:sisu-inject-plexus",
          "org.sonatype.spice:spice-inject-plexus",
          "plexus:plexus-container-default");

  private final Connection connection;
  private final RepositorySystemSession session;
  private final ReactorWorkspace workspace;
  private final ArtifactFiles files;
  private final Map<Wanted, Collected> collected = new ConcurrentHashMap<>();

  /** A plugin as configured; modules mostly share them. */
  private record Wanted(
      Gav plugin,
      List<org.eclipse.aether.graph.Dependency> dependencies,
      List<RemoteRepository> repositories) {}

  private record Collected(
      Optional<DependencyNode> root,
      DependencyGraph graph,
      Map<DependencyNode, Path> files,
      List<Problem> problems) {}

  PluginResolver(
      Connection connection,
      RepositorySystemSession session,
      ReactorWorkspace workspace,
      ArtifactFiles files) {
    this.connection = connection;
    this.session = session;
    this.workspace = workspace;
    this.files = files;
  }

  ModuleResolver.Outcome resolve(ReactorModule module, Declarations declarations) {
    List<RemoteRepository> repositories =
        connection.withExternal(module.effective().getPluginRepositories());
    List<Resolution.Dependency> dependencies = new ArrayList<>();
    Set<Problem> problems = new LinkedHashSet<>();
    for (Plugin plugin : plugins(module)) {
      Gav gav = new Gav(plugin.getGroupId(), plugin.getArtifactId(), plugin.getVersion());
      Map<String, Dependency> own = new LinkedHashMap<>();
      List<org.eclipse.aether.graph.Dependency> added = new ArrayList<>();
      for (Dependency dependency : plugin.getDependencies()) {
        if (dependency.getVersion() == null) {
          continue;
        }
        org.eclipse.aether.graph.Dependency converted = ModuleResolver.convert(dependency, session);
        added.add(
            "system".equals(converted.getScope()) ? converted : converted.setScope("runtime"));
        own.put(dependency.getGroupId() + ":" + dependency.getArtifactId(), dependency);
      }
      Wanted wanted = new Wanted(gav, added, repositories);
      Collected brought = collected.computeIfAbsent(wanted, this::collect);
      problems.addAll(brought.problems());
      Declarations.Found at = declarations.of(plugin);
      dependencies.add(
          dependency(
              gav,
              at,
              brought.root().map(brought.files()::get),
              true,
              List.of(List.of(gav)),
              1,
              "maven-plugin"));
      for (DependencyNode node : brought.graph().winners()) {
        Artifact artifact = node.getArtifact();
        String key = artifact.getGroupId() + ":" + artifact.getArtifactId();
        if (FROM_MAVEN.contains(key) || isForBuildOnly(node)) {
          continue;
        }
        List<List<DependencyNode>> paths = brought.graph().paths(node, Entry.MAX_PATHS);
        Dependency declared = brought.graph().isDirect(node) ? own.get(key) : null;
        Declarations.Found found =
            declared != null
                ? declarations.ofPluginDependency(declared)
                : brought.graph().isDirect(node)
                    ? broughtBy(gav, key)
                    : ModuleResolver.transitive(artifact, paths);
        dependencies.add(
            dependency(
                DependencyGraph.gav(artifact),
                found,
                Optional.ofNullable(brought.files().get(node)),
                declared != null,
                paths.stream().map(path -> through(gav, path)).toList(),
                Math.max(paths.size(), brought.graph().pathCount(node)),
                artifact.getProperty("type", artifact.getExtension())));
      }
    }
    return new ModuleResolver.Outcome(
        new ModuleResolution(module, dependencies), List.copyOf(problems));
  }

  private static Declarations.Found broughtBy(Gav plugin, String key) {
    return new Declarations.Found(
        new Declaration(plugin.toString(), 0, Declaration.Kind.TRANSITIVE, key, false),
        Optional.empty(),
        Optional.empty());
  }

  private Resolution.Dependency dependency(
      Gav gav,
      Declarations.Found found,
      Optional<Path> file,
      boolean direct,
      List<List<Gav>> paths,
      long pathCount,
      String type) {
    Artifact artifact =
        new DefaultArtifact(
            gav.groupId(), gav.artifactId(), gav.classifier(), gav.extension(), gav.version());
    return new Resolution.Dependency(
        gav,
        "runtime",
        false,
        file,
        workspace.module(artifact).isPresent(),
        direct,
        found.declaration(),
        paths,
        pathCount,
        new Origin(type, found.managedBy(), found.overridableProperty(), Optional.empty()));
  }

  private static List<Gav> through(Gav plugin, List<DependencyNode> path) {
    List<Gav> steps = new ArrayList<>();
    steps.add(plugin);
    path.forEach(node -> steps.add(DependencyGraph.gav(node.getArtifact())));
    return steps;
  }

  private static boolean isForBuildOnly(DependencyNode node) {
    String scope = node.getDependency().getScope();
    return scope.equals("test") || scope.equals("provided");
  }

  /** The plugins that run, and the build's extensions, which are resolved the same way. */
  private static List<Plugin> plugins(ReactorModule module) {
    Build build = module.effective().getBuild();
    if (build == null) {
      return List.of();
    }
    Map<String, Plugin> plugins = new LinkedHashMap<>();
    for (Plugin plugin : build.getPlugins()) {
      if (plugin.getVersion() != null) {
        plugins.put(plugin.getKey(), plugin);
      }
    }
    if (build.getPluginManagement() != null) {
      for (Plugin plugin : build.getPluginManagement().getPlugins()) {
        if (plugin.getVersion() != null && isBound(plugin.getKey(), module.packaging())) {
          plugins.putIfAbsent(plugin.getKey(), plugin);
        }
      }
    }
    for (Extension extension : build.getExtensions()) {
      if (extension.getVersion() != null) {
        Plugin same = new Plugin();
        same.setGroupId(extension.getGroupId());
        same.setArtifactId(extension.getArtifactId());
        same.setVersion(extension.getVersion());
        if (extension.getLocation("version") != null) {
          same.setLocation("version", extension.getLocation("version"));
        }
        plugins.putIfAbsent(same.getKey(), same);
      }
    }
    return List.copyOf(plugins.values());
  }

  private static boolean isBound(String key, String packaging) {
    return LIFECYCLE.contains(key)
        || (!packaging.equals("pom") && JAVA.contains(key))
        || key.equals("org.apache.maven.plugins:maven-" + packaging + "-plugin");
  }

  private Collected collect(Wanted wanted) {
    List<Problem> problems = new ArrayList<>();
    String user = "the build plugin " + wanted.plugin();
    Gav plugin = wanted.plugin();
    Artifact artifact =
        new DefaultArtifact(plugin.groupId(), plugin.artifactId(), "", "jar", plugin.version());
    CollectRequest request = new CollectRequest();
    request.setRequestContext("plugin");
    request.setRepositories(wanted.repositories());
    try {
      ArtifactDescriptorResult descriptor =
          connection
              .system()
              .readArtifactDescriptor(
                  session,
                  new ArtifactDescriptorRequest(artifact, wanted.repositories(), "plugin"));
      request.setRoot(new org.eclipse.aether.graph.Dependency(descriptor.getArtifact(), ""));
    } catch (ArtifactDescriptorException e) {
      problems.add(files.problem(plugin.toString(), user, e));
      return new Collected(
          Optional.empty(),
          new DependencyGraph(new org.eclipse.aether.graph.DefaultDependencyNode(artifact)),
          Map.of(),
          problems);
    }
    wanted.dependencies().forEach(request::addDependency);
    DependencyNode root;
    try {
      root = connection.system().collectDependencies(session, request).getRoot();
    } catch (DependencyCollectionException e) {
      for (Exception cause : e.getResult().getExceptions()) {
        problems.add(files.problem(plugin.toString(), user, cause));
      }
      root = e.getResult().getRoot();
    }
    if (root == null) {
      root = new org.eclipse.aether.graph.DefaultDependencyNode(artifact);
    }
    new MetaVersions(connection, session)
        .replaceIn(root, e -> problems.add(files.problem(plugin.toString(), user, e)));
    DependencyGraph graph = new DependencyGraph(root);
    List<DependencyNode> wantedFiles = new ArrayList<>();
    wantedFiles.add(root);
    for (DependencyNode node : graph.winners()) {
      Artifact a = node.getArtifact();
      if (!FROM_MAVEN.contains(a.getGroupId() + ":" + a.getArtifactId()) && !isForBuildOnly(node)) {
        wantedFiles.add(node);
      }
    }
    Map<DependencyNode, Path> fetched = files.fetch(wantedFiles, user, problems::add);
    return new Collected(Optional.of(root), graph, fetched, problems);
  }
}
