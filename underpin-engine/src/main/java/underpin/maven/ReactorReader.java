package underpin.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.model.Build;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.DependencyManagement;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.Profile;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingResult;
import org.apache.maven.model.building.ModelCache;
import org.apache.maven.model.building.ModelProblem;
import org.apache.maven.model.resolution.UnresolvableModelException;
import org.jspecify.annotations.Nullable;
import underpin.cases.Inventory.Problem;
import underpin.maven.MavenProjectException.Kind;

/**
 * Reads a project's modules as Maven does: first every model up to its modules, so that modules can
 * be each other's parents and BOMs, then the effective models, then the build order.
 */
final class ReactorReader {
  private final Connection connection;
  private final Map<String, DependencyManagement> importedBoms;
  private final Path rootPom;
  private final Path root;
  private final PomOverlay overlay;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Path> pool = new ConcurrentHashMap<>();
  private final Map<Path, Pending> pending = new LinkedHashMap<>();

  /** A module between the two phases of the model builder. */
  private record Pending(
      Path pom,
      ModelBuildingRequest request,
      ModelBuildingResult result,
      List<Dependency> imports) {}

  /**
   * @param rootPom absolute and normalized
   * @param importedBoms what earlier reads of this connection learned about BOMs of repositories
   */
  ReactorReader(
      Connection connection,
      Map<String, DependencyManagement> importedBoms,
      Path rootPom,
      PomOverlay overlay) {
    this.connection = connection;
    this.importedBoms = importedBoms;
    this.rootPom = rootPom;
    this.root = rootPom.resolveSibling("").normalize();
    this.overlay = overlay;
  }

  /**
   * @param earlier what was wrong before any POM was read
   */
  Reactor read(List<Problem> earlier) throws MavenProjectException {
    problems.addAll(earlier);
    if (!PomSource.exists(rootPom, overlay)) {
      throw new MavenProjectException(
          Kind.NO_POM,
          rootPom.toString(),
          "there is no POM here. Name a folder that holds a pom.xml.");
    }
    readModels(rootPom, new ArrayDeque<>());

    Map<String, ReactorModule> modules = new LinkedHashMap<>();
    for (Pending module : pending.values()) {
      try {
        ReactorModule complete = complete(module);
        ReactorModule other = modules.putIfAbsent(complete.gav().key(), complete);
        if (other != null) {
          throw new MavenProjectException(
              relative(complete.pom()),
              "is the second module with the coordinates %s (the first: %s). Give one of them another artifactId."
                  .formatted(complete.gav(), relative(other.pom())));
        }
      } catch (ModelBuildingException e) {
        MavenProjectException refused = explain(module.pom(), e);
        if (module.pom().equals(rootPom) || refused.kind() == Kind.CYCLE) {
          throw refused;
        }
        problems.add(problem(refused));
      }
    }
    return new Reactor(root, inBuildOrder(modules), overlay, problems);
  }

  private void readModels(Path pom, Deque<Path> above) throws MavenProjectException {
    if (above.contains(pom)) {
      List<String> circle = new ArrayList<>();
      above.descendingIterator().forEachRemaining(p -> circle.add(relative(p)));
      circle.add(relative(pom));
      throw new MavenProjectException(
          Kind.CYCLE,
          relative(pom),
          "modules form a cycle: "
              + String.join(" -> ", circle)
              + ". Remove the <module> that leads back.");
    }
    if (pending.containsKey(pom)) {
      return;
    }
    DefaultModelBuildingRequest request = request(pom);
    ModelBuildingResult result;
    try {
      result = connection.modelBuilder().build(request);
    } catch (ModelBuildingException e) {
      MavenProjectException refused = explain(pom, e);
      if (above.isEmpty() || refused.kind() == Kind.CYCLE) {
        throw refused;
      }
      problems.add(problem(refused));
      return;
    }
    Model model = result.getEffectiveModel();
    List<Dependency> imports = new ArrayList<>();
    if (model.getDependencyManagement() != null) {
      for (Dependency managed : model.getDependencyManagement().getDependencies()) {
        if ("import".equals(managed.getScope()) && "pom".equals(managed.getType())) {
          imports.add(managed.clone());
        }
      }
    }
    pending.put(pom, new Pending(pom, request, result, imports));
    pool.put(model.getGroupId() + ":" + model.getArtifactId() + ":" + model.getVersion(), pom);
    above.push(pom);
    for (String name : new LinkedHashSet<>(model.getModules())) {
      String trimmed = name.strip();
      if (trimmed.isEmpty()) {
        continue;
      }
      Path child = pom.resolveSibling(trimmed.replace('\\', '/')).normalize();
      if (Files.isDirectory(child)) {
        child = child.resolve("pom.xml");
      }
      if (PomSource.exists(child, overlay)) {
        readModels(child, above);
      } else {
        InputLocation at = model.getLocation("modules");
        problems.add(
            new Problem(
                relative(pom) + (at == null ? "" : ":" + at.getLineNumber()),
                "module "
                    + trimmed
                    + " has no POM at "
                    + relative(child)
                    + "; it was left out. Restore the folder or remove the <module>."));
      }
    }
    above.pop();
  }

  private DefaultModelBuildingRequest request(Path pom) {
    DefaultModelBuildingRequest request = new DefaultModelBuildingRequest();
    request.setPomFile(pom.toFile());
    request.setModelSource(new PomSource(pom, overlay));
    request.setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_STRICT);
    request.setProcessPlugins(false);
    request.setTwoPhaseBuilding(true);
    request.setLocationTracking(true);
    request.setSystemProperties(Connection.properties(connection.systemProperties()));
    request.setUserProperties(Connection.properties(connection.userProperties()));
    request.setProfiles(connection.settingsProfiles().stream().map(Profile::clone).toList());
    request.setActiveProfileIds(connection.activeProfiles());
    request.setInactiveProfileIds(connection.inactiveProfiles());
    request.setModelResolver(new ProjectModels(connection, pool, overlay));
    request.setModelCache(new ImportedBoms());
    return request;
  }

  private ReactorModule complete(Pending module) throws ModelBuildingException {
    ModelBuildingResult result = connection.modelBuilder().build(module.request(), module.result());
    for (ModelProblem problem : result.getProblems()) {
      if (EnvironmentGuard.isNotSent(problem)) {
        Problem left = new Problem(place(module.pom(), problem), problem.getMessage());
        if (!problems.contains(left)) {
          problems.add(left); // a parent's, once for all modules
        }
      }
    }
    Model effective = result.getEffectiveModel();
    List<ReactorModule.Ancestor> lineage = new ArrayList<>();
    for (String id : result.getModelIds()) {
      if (id.isEmpty()) {
        continue; // the super POM
      }
      lineage.add(
          new ReactorModule.Ancestor(result.getRawModel(id), result.getActivePomProfiles(id)));
    }
    return new ReactorModule(
        path(module.pom()),
        module.pom(),
        new Gav(effective.getGroupId(), effective.getArtifactId(), effective.getVersion()),
        effective,
        lineage.getFirst().raw(),
        lineage,
        module.imports(),
        connection.withExternal(effective.getRepositories()));
  }

  private String path(Path pom) {
    Path named = pom.endsWith("pom.xml") ? pom.resolveSibling("") : pom;
    String path = root.relativize(named).toString().replace('\\', '/');
    return path.isEmpty() || pom.equals(rootPom) ? "." : path;
  }

  private String relative(Path file) {
    String relative = root.relativize(file).toString().replace('\\', '/');
    return relative.isEmpty() ? file.toString() : relative;
  }

  /** Dependencies, parents and plugins of the reactor before who needs them; else as declared. */
  private List<ReactorModule> inBuildOrder(Map<String, ReactorModule> modules)
      throws MavenProjectException {
    List<ReactorModule> sorted = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (String key : modules.keySet()) {
      visit(key, modules, done, new ArrayDeque<>(), sorted);
    }
    return sorted;
  }

  private void visit(
      String key,
      Map<String, ReactorModule> modules,
      Set<String> done,
      Deque<String> above,
      List<ReactorModule> sorted)
      throws MavenProjectException {
    if (done.contains(key)) {
      return;
    }
    ReactorModule module = modules.get(key);
    if (module == null) {
      return;
    }
    if (above.contains(key)) {
      List<String> circle = new ArrayList<>();
      above.descendingIterator().forEachRemaining(circle::add);
      circle.subList(0, circle.indexOf(key)).clear();
      circle.add(key);
      throw new MavenProjectException(
          Kind.CYCLE,
          relative(module.pom()),
          "modules depend on each other in a cycle: "
              + String.join(" -> ", circle)
              + ". Maven cannot build them; move the shared part into a module of its own.");
    }
    above.push(key);
    for (String needed : needs(module, modules)) {
      visit(needed, modules, done, above, sorted);
    }
    above.pop();
    done.add(key);
    sorted.add(module);
  }

  private static Set<String> needs(ReactorModule module, Map<String, ReactorModule> modules) {
    Model model = module.effective();
    Set<String> keys = new LinkedHashSet<>();
    for (Dependency d : model.getDependencies()) {
      add(d.getGroupId(), d.getArtifactId(), d.getVersion(), modules, keys);
    }
    Parent parent = model.getParent();
    if (parent != null) {
      add(parent.getGroupId(), parent.getArtifactId(), parent.getVersion(), modules, keys);
    }
    for (Dependency bom : module.imports()) {
      add(bom.getGroupId(), bom.getArtifactId(), bom.getVersion(), modules, keys);
    }
    Build build = model.getBuild();
    if (build != null) {
      for (Plugin plugin : build.getPlugins()) {
        add(plugin.getGroupId(), plugin.getArtifactId(), plugin.getVersion(), modules, keys);
        for (Dependency d : plugin.getDependencies()) {
          add(d.getGroupId(), d.getArtifactId(), d.getVersion(), modules, keys);
        }
      }
      build
          .getExtensions()
          .forEach(e -> add(e.getGroupId(), e.getArtifactId(), e.getVersion(), modules, keys));
    }
    keys.remove(module.gav().key());
    return keys;
  }

  private static void add(
      String groupId,
      String artifactId,
      @Nullable String version,
      Map<String, ReactorModule> modules,
      Set<String> keys) {
    ReactorModule module = modules.get(groupId + ":" + artifactId);
    // Another version of the same coordinates comes from a repository.
    if (module != null && (version == null || version.equals(module.gav().version()))) {
      keys.add(module.gav().key());
    }
  }

  private Problem problem(MavenProjectException refused) {
    String message = refused.getMessage();
    return new Problem(
        refused.place(),
        (message == null ? "" : message.substring(refused.place().length() + 2))
            + " The module was left out.");
  }

  /** The first error of the model builder, with the place in the user's file and the next move. */
  private MavenProjectException explain(Path pom, ModelBuildingException refused) {
    ModelProblem worst = null;
    for (ModelProblem problem : refused.getProblems()) {
      if (worst == null || problem.getSeverity().compareTo(worst.getSeverity()) < 0) {
        worst = problem;
      }
    }
    if (worst == null) {
      return new MavenProjectException(
          relative(pom), "Maven refuses it: " + refused.getMessage() + ".");
    }
    String place = place(pom, worst);
    String message = String.valueOf(worst.getMessage()).strip();
    if (message.contains("form a cycle")) {
      return new MavenProjectException(
          Kind.CYCLE, place, message + ". Remove the reference that leads back.");
    }
    if (worst.getException() instanceof UnresolvableModelException missing) {
      String coordinates =
          missing.getGroupId() + ":" + missing.getArtifactId() + ":" + missing.getVersion();
      boolean parent = message.contains("parent POM");
      String what =
          parent
              ? "the parent POM "
                  + coordinates
                  + " is neither beside the project nor in a repository"
              : "the imported BOM " + coordinates + " is in no repository";
      String move =
          connection.offline()
              ? "Run once without --offline, or install it into the local repository."
              : parent
                  ? "Check <parent> and its <relativePath>, or add the repository that has it."
                  : "Check its version, or add the repository that has it.";
      return new MavenProjectException(
          parent ? Kind.MISSING_PARENT : Kind.INVALID,
          place,
          what + " (" + missing.getMessage() + "). " + move);
    }
    if (message.startsWith("Non-parseable POM") || message.startsWith("Non-readable POM")) {
      Exception cause = worst.getException();
      String detail = cause == null ? message : Connection.reason(cause);
      if (cause instanceof IOException) {
        detail = Connection.reason(cause);
      }
      return new MavenProjectException(
          Kind.UNREADABLE, place, "is not a readable POM: " + detail + ". Correct the XML.");
    }
    return new MavenProjectException(
        place, "Maven refuses this POM: " + message + ". Correct it and run again.");
  }

  private String place(Path pom, ModelProblem problem) {
    String file = problem.getSource();
    String where = relative(pom);
    if (file != null && !file.isEmpty()) {
      // "group:artifact:version (/path/pom.xml)" or a path or nothing that is a file
      int open = file.lastIndexOf(" (");
      String named =
          Optional.of(file)
              .filter(f -> open >= 0 && f.endsWith(")"))
              .map(f -> f.substring(open + 2, f.length() - 1))
              .orElse(file);
      Path path = Path.of(named);
      if (path.isAbsolute()) {
        where = path.startsWith(root) ? relative(path) : path.toString();
      } else if (named.contains(":") && !pom.toString().contains(named)) {
        where = named;
      }
    }
    return problem.getLineNumber() > 0 ? where + ":" + problem.getLineNumber() : where;
  }

  /**
   * What imported BOMs manage, kept for as long as the connection lives. Parents are not kept:
   * which file a parent is depends on the child's relativePath. BOMs that are modules are not kept:
   * an overlay may change them.
   */
  private final class ImportedBoms implements ModelCache {
    private final Map<String, DependencyManagement> local = new HashMap<>();

    @Override
    public void put(String groupId, String artifactId, String version, String tag, Object data) {
      String gav = groupId + ":" + artifactId + ":" + version;
      if (data instanceof DependencyManagement management) {
        (pool.containsKey(gav) || version.endsWith("-SNAPSHOT") ? local : importedBoms)
            .put(gav, management);
      }
    }

    @Override
    public @Nullable Object get(String groupId, String artifactId, String version, String tag) {
      String gav = groupId + ":" + artifactId + ":" + version;
      if (!tag.equals("import")) {
        return null;
      }
      return pool.containsKey(gav) || version.endsWith("-SNAPSHOT")
          ? local.get(gav)
          : importedBoms.get(gav);
    }
  }
}
