package underpin.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactProperties;
import org.eclipse.aether.artifact.ArtifactType;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.artifact.DefaultArtifactType;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.CollectResult;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.jspecify.annotations.Nullable;
import underpin.cases.Declaration;
import underpin.cases.Inventory.Entry;
import underpin.cases.Inventory.Problem;
import underpin.maven.Resolution.ModuleResolution;
import underpin.maven.Resolution.Origin;

/** Resolves the dependencies of one module the way Maven's own project resolver does. */
final class ModuleResolver {
  private final Connection connection;
  private final RepositorySystemSession session;
  private final ReactorWorkspace workspace;
  private final Declarations declarations;
  private final ReactorModule module;
  private final ArtifactFiles files;
  private final Map<String, Problem> problems = new LinkedHashMap<>(); // one per artifact

  /** What came of one module. */
  record Outcome(ModuleResolution resolution, List<Problem> problems) {}

  ModuleResolver(
      Connection connection,
      RepositorySystemSession session,
      ReactorWorkspace workspace,
      Declarations declarations,
      ReactorModule module,
      ArtifactFiles files) {
    this.connection = connection;
    this.session = session;
    this.workspace = workspace;
    this.declarations = declarations;
    this.module = module;
    this.files = files;
  }

  Outcome resolve() {
    Model model = module.effective();
    CollectRequest collect = new CollectRequest();
    collect.setRequestContext("project");
    collect.setRootArtifact(
        new DefaultArtifact(
            model.getGroupId(),
            model.getArtifactId(),
            null,
            null,
            model.getVersion(),
            type(model.getPackaging())));
    collect.setRepositories(module.repositories());
    Map<String, Dependency> direct = new HashMap<>();
    for (Dependency dependency : model.getDependencies()) {
      if (blank(dependency.getGroupId())
          || blank(dependency.getArtifactId())
          || blank(dependency.getVersion())) {
        continue; // the model builder has said so
      }
      org.eclipse.aether.graph.Dependency converted = convert(dependency);
      collect.addDependency(converted);
      direct.put(conflictKey(converted.getArtifact()), dependency);
    }
    Map<String, Dependency> managed = new HashMap<>();
    if (model.getDependencyManagement() != null) {
      for (Dependency dependency : model.getDependencyManagement().getDependencies()) {
        org.eclipse.aether.graph.Dependency converted = convert(dependency);
        collect.addManagedDependency(converted);
        managed.putIfAbsent(conflictKey(converted.getArtifact()), dependency);
      }
    }

    DependencyNode root;
    try {
      CollectResult result = connection.system().collectDependencies(session, collect);
      root = result.getRoot();
    } catch (DependencyCollectionException e) {
      for (Exception cause : e.getResult().getExceptions()) {
        add(files.problem(module.gav().toString(), user(), cause));
      }
      root = e.getResult().getRoot();
    }
    if (root == null) {
      return new Outcome(new ModuleResolution(module, List.of()), List.copyOf(problems.values()));
    }
    new MetaVersions(connection, session)
        .replaceIn(root, e -> add(files.problem(module.gav().toString(), user(), e)));
    DependencyGraph graph = new DependencyGraph(root);
    Map<DependencyNode, Path> fetched = files.fetch(graph.winners(), user(), this::add);
    List<Resolution.Dependency> dependencies = new ArrayList<>();
    for (DependencyNode node : graph.winners()) {
      dependencies.add(dependency(node, graph, direct, managed, fetched));
    }
    return new Outcome(new ModuleResolution(module, dependencies), List.copyOf(problems.values()));
  }

  private Resolution.Dependency dependency(
      DependencyNode node,
      DependencyGraph graph,
      Map<String, Dependency> direct,
      Map<String, Dependency> managed,
      Map<DependencyNode, Path> fetched) {
    Artifact artifact = node.getArtifact();
    Artifact asked =
        node.getRelocations().isEmpty() ? artifact : node.getRelocations().iterator().next();
    List<List<DependencyNode>> paths = graph.paths(node, Entry.MAX_PATHS);
    boolean isDirect = graph.isDirect(node);
    Dependency entry = isDirect ? direct.get(conflictKey(asked)) : null;
    if (entry == null && (node.getManagedBits() & DependencyNode.MANAGED_VERSION) != 0) {
      Dependency here = managed.get(conflictKey(artifact));
      entry = here == null ? managed.get(conflictKey(asked)) : here;
    }
    Declarations.Found found = entry == null ? transitive(artifact, paths) : declarations.of(entry);
    org.eclipse.aether.graph.Dependency dependency = node.getDependency();
    return new Resolution.Dependency(
        DependencyGraph.gav(artifact),
        dependency.getScope().isEmpty() ? "compile" : dependency.getScope(),
        dependency.isOptional(),
        Optional.ofNullable(fetched.get(node)),
        workspace.module(artifact).isPresent(),
        isDirect,
        found.declaration(),
        paths.stream()
            .map(
                path -> path.stream().map(step -> DependencyGraph.gav(step.getArtifact())).toList())
            .toList(),
        Math.max(paths.size(), graph.pathCount(node)),
        new Origin(
            artifact.getProperty(ArtifactProperties.TYPE, artifact.getExtension()),
            found.managedBy(),
            found.overridableProperty(),
            Optional.ofNullable(DependencyManagerUtils.getPremanagedVersion(node))));
  }

  static Declarations.Found transitive(Artifact artifact, List<List<DependencyNode>> paths) {
    List<DependencyNode> shortest = paths.isEmpty() ? List.of() : paths.getFirst();
    String bringer =
        shortest.size() < 2
            ? ""
            : DependencyGraph.gav(shortest.get(shortest.size() - 2).getArtifact()).toString();
    return new Declarations.Found(
        new Declaration(
            bringer,
            0,
            Declaration.Kind.TRANSITIVE,
            artifact.getGroupId() + ":" + artifact.getArtifactId(),
            false),
        Optional.empty(),
        Optional.empty());
  }

  private void add(Problem problem) {
    problems.putIfAbsent(problem.place(), problem);
  }

  private String user() {
    return "module " + module.path();
  }

  private org.eclipse.aether.graph.Dependency convert(Dependency dependency) {
    return convert(dependency, session);
  }

  /** As Maven's RepositoryUtils does. */
  static org.eclipse.aether.graph.Dependency convert(
      Dependency dependency, RepositorySystemSession session) {
    ArtifactType type = session.getArtifactTypeRegistry().get(dependency.getType());
    if (type == null) {
      type = new DefaultArtifactType(dependency.getType());
    }
    Map<String, String> properties = null;
    if (!blank(dependency.getSystemPath())) {
      properties = Map.of(ArtifactProperties.LOCAL_PATH, dependency.getSystemPath());
    }
    Artifact artifact =
        new DefaultArtifact(
            dependency.getGroupId(),
            dependency.getArtifactId(),
            dependency.getClassifier(),
            null,
            dependency.getVersion(),
            properties,
            type);
    List<Exclusion> exclusions =
        dependency.getExclusions().stream()
            .map(e -> new Exclusion(e.getGroupId(), e.getArtifactId(), "*", "*"))
            .toList();
    return new org.eclipse.aether.graph.Dependency(
        artifact,
        dependency.getScope(),
        dependency.getOptional() == null ? null : dependency.isOptional(),
        exclusions);
  }

  private ArtifactType type(String packaging) {
    ArtifactType type = session.getArtifactTypeRegistry().get(packaging);
    return type == null ? new DefaultArtifactType(packaging) : type;
  }

  private static boolean blank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static String conflictKey(Artifact artifact) {
    return artifact.getGroupId()
        + ":"
        + artifact.getArtifactId()
        + ":"
        + artifact.getExtension()
        + ":"
        + artifact.getClassifier();
  }
}
