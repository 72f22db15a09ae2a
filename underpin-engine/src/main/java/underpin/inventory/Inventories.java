package underpin.inventory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Inventory;
import underpin.cases.Inventory.Entry;
import underpin.cases.Inventory.Problem;
import underpin.cases.Inventory.Role;
import underpin.maven.Gav;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;

/** From what a tool read to the components of the target. */
public final class Inventories {
  private Inventories() {}

  /**
   * Turns Maven's resolution (and the plugins', reported apart) into an inventory. The project's
   * own modules are not components. A component that several modules have is one entry: scopes,
   * modules and paths of all; its declaration is the one that an edit can reach best (a place in
   * the target before one outside, then a direct dependency's before a transitive one's).
   */
  public static Inventory ofMaven(Resolution dependencies, Resolution plugins) {
    List<Entry> entries = new ArrayList<>(entries(dependencies, Role.DEPENDENCY));
    entries.addAll(entries(plugins, Role.BUILD_PLUGIN));
    Set<Problem> problems = new LinkedHashSet<>(dependencies.problems());
    problems.addAll(plugins.problems());
    Reactor reactor = dependencies.reactor();
    Path root = reactor.root();
    String name =
        reactor.modules().stream()
            .filter(module -> module.path().equals("."))
            .map(module -> module.gav().key())
            .findFirst()
            .orElse(String.valueOf(root.getFileName()));
    return new Inventory(
        new Inventory.Target(Inventory.Target.Kind.MAVEN_PROJECT, name, root),
        entries,
        List.copyOf(problems));
  }

  private static List<Entry> entries(Resolution resolution, Role role) {
    Map<Component, Merged> merged = new LinkedHashMap<>();
    for (ModuleResolution module : resolution.modules()) {
      for (Dependency dependency : module.dependencies()) {
        if (!dependency.reactorModule()) {
          merged
              .computeIfAbsent(dependency.gav().component(), component -> new Merged())
              .add(module.module().path(), dependency);
        }
      }
    }
    List<Entry> entries = new ArrayList<>();
    merged.forEach((component, all) -> entries.add(all.entry(component, role)));
    return entries;
  }

  /** One component as several modules have it. */
  private static final class Merged {
    private final TreeSet<String> scopes = new TreeSet<>();
    private final TreeSet<String> modules = new TreeSet<>();
    private final List<DependencyPath> paths = new ArrayList<>();
    private Optional<Path> file = Optional.empty();
    private Optional<Dependency> best = Optional.empty();
    private boolean direct;
    private boolean optional = true;
    private long pathCount;

    void add(String module, Dependency dependency) {
      scopes.add(dependency.scope());
      modules.add(module);
      direct |= dependency.direct();
      optional &= dependency.optional();
      file = file.or(dependency::file);
      long sum = pathCount + dependency.pathCount();
      pathCount = sum < 0 ? Long.MAX_VALUE : sum;
      for (List<Gav> path : dependency.paths()) {
        paths.add(new DependencyPath(module, path.stream().map(Gav::component).toList()));
      }
      if (best.isEmpty() || rank(dependency) < rank(best.get())) {
        best = Optional.of(dependency);
      }
    }

    private static int rank(Dependency dependency) {
      Declaration at = dependency.declaredAt();
      return (at.editable() ? 0 : 4)
          + (at.kind() == Declaration.Kind.TRANSITIVE ? 2 : 0)
          + (dependency.direct() ? 0 : 1);
    }

    Entry entry(Component component, Role role) {
      paths.sort(Comparator.comparingInt(path -> path.steps().size())); // stable: module order
      return new Entry(
          component,
          role,
          scopes,
          modules,
          direct,
          optional,
          best.map(Dependency::declaredAt),
          paths.subList(0, Math.min(paths.size(), Entry.MAX_PATHS)),
          pathCount,
          file,
          Optional.empty());
    }
  }
}
