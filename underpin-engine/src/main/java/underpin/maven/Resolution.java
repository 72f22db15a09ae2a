package underpin.maven;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import underpin.cases.Declaration;
import underpin.cases.Inventory.Problem;

/** What Maven puts on each module's class paths. */
public record Resolution(Reactor reactor, List<ModuleResolution> modules, List<Problem> problems) {
  public Resolution {
    modules = List.copyOf(modules);
    problems = List.copyOf(problems);
  }

  /**
   * One module's dependencies, as {@code mvn dependency:list} would print them.
   *
   * @param dependencies after mediation, in class path order; modules of the reactor are among them
   */
  public record ModuleResolution(ReactorModule module, List<Dependency> dependencies) {
    public ModuleResolution {
      dependencies = List.copyOf(dependencies);
    }
  }

  /**
   * One dependency of one module.
   *
   * @param scope compile, runtime, test, provided or system
   * @param file empty when the artifact could not be fetched or was not asked for; for a reactor
   *     module its output folder where it exists
   * @param reactorModule whether it is a module of the same reactor
   * @param direct whether the module declares it
   * @param declaredAt where its version is written down
   * @param paths from the module's direct dependency to this one; the shortest first, at most 20;
   *     ways through a version that mediation passed over count too, shown with the version that
   *     won
   * @param pathCount how many ways there are in all
   * @param origin what else is known about where the version comes from
   */
  public record Dependency(
      Gav gav,
      String scope,
      boolean optional,
      Optional<Path> file,
      boolean reactorModule,
      boolean direct,
      Declaration declaredAt,
      List<List<Gav>> paths,
      long pathCount,
      Origin origin) {
    public Dependency {
      paths = paths.stream().map(List::copyOf).toList();
    }

    public Dependency(
        Gav gav,
        String scope,
        boolean optional,
        Optional<Path> file,
        boolean reactorModule,
        boolean direct,
        Declaration declaredAt,
        List<List<Gav>> paths,
        long pathCount) {
      this(
          gav,
          scope,
          optional,
          file,
          reactorModule,
          direct,
          declaredAt,
          paths,
          pathCount,
          new Origin(gav.extension(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
  }

  /**
   * What an edit may want to know beyond the {@link Declaration}.
   *
   * @param type Maven's type ("jar", "test-jar", "war", ...), which decides classifier and
   *     extension
   * @param managedBy the POM of a repository (BOM or parent) that holds the version
   * @param overridableProperty a property of an external parent that holds the version: the project
   *     changes the version by declaring that property itself. Never a BOM's own property, which an
   *     importing project cannot override
   * @param requested what the POM that brings it asked for, when a managed entry decided otherwise
   */
  public record Origin(
      String type,
      Optional<Gav> managedBy,
      Optional<String> overridableProperty,
      Optional<String> requested) {}
}
