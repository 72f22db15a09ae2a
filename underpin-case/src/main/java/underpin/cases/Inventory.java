package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The components of a target and how they got there.
 *
 * @param entries sorted by component, one per component and role
 * @param problems what could not be read; the entries are what is left
 */
public record Inventory(Target target, List<Entry> entries, List<Problem> problems) {

  public Inventory {
    requireNonNull(target, "target");
    entries =
        entries.stream()
            .sorted(Comparator.comparing(Entry::component).thenComparing(Entry::role))
            .toList();
    problems = List.copyOf(problems);
    Set<List<Object>> seen = new HashSet<>();
    for (Entry entry : entries) {
      if (!seen.add(List.of(entry.component(), entry.role()))) {
        throw new IllegalArgumentException("Inventory lists twice " + entry.component().purl());
      }
    }
  }

  /** What was looked at. */
  public record Target(Kind kind, String name, Path path) {
    /** The kinds of target. */
    public enum Kind {
      MAVEN_PROJECT,
      ARCHIVE,
      SBOM,
      COORDINATES
    }
  }

  /** Why a component is part of the target. */
  public enum Role {
    /** A dependency of a module, or contained in an archive. */
    DEPENDENCY,
    /** A build plugin, or a dependency of one: runs at build time only. */
    BUILD_PLUGIN
  }

  /**
   * One component of the target.
   *
   * @param scopes Maven scopes over all modules ({@code compile}, {@code runtime}, {@code test},
   *     {@code provided}, {@code system}); empty where the format knows none
   * @param modules paths of the modules that have it, "." for the root
   * @param direct whether some module declares it itself
   * @param paths at most {@value #MAX_PATHS}, the shortest first
   * @param pathCount how many paths there are in all
   * @param file the artifact's file where it is at hand
   * @param location inside an archive, the nested entry ("app.war!/WEB-INF/lib/x.jar"); else empty
   * @param embedding for a component whose code lies in the file of another; else empty
   */
  public record Entry(
      Component component,
      Role role,
      SortedSet<String> scopes,
      SortedSet<String> modules,
      boolean direct,
      boolean optional,
      Optional<Declaration> declaredAt,
      List<DependencyPath> paths,
      long pathCount,
      Optional<Path> file,
      Optional<String> location,
      Optional<Embedding> embedding) {
    /** The most paths that one entry keeps. */
    public static final int MAX_PATHS = 20;

    public Entry {
      requireNonNull(component, "component");
      requireNonNull(role, "role");
      scopes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
      modules = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(modules));
      paths = List.copyOf(paths);
      if (paths.size() > MAX_PATHS) {
        throw new IllegalArgumentException(component.purl() + " keeps " + paths.size() + " paths");
      }
    }

    /** A component with a file of its own. */
    public Entry(
        Component component,
        Role role,
        SortedSet<String> scopes,
        SortedSet<String> modules,
        boolean direct,
        boolean optional,
        Optional<Declaration> declaredAt,
        List<DependencyPath> paths,
        long pathCount,
        Optional<Path> file,
        Optional<String> location) {
      this(
          component,
          role,
          scopes,
          modules,
          direct,
          optional,
          declaredAt,
          paths,
          pathCount,
          file,
          location,
          Optional.empty());
    }
  }

  /**
   * Something that could not be read; the rest is still reported.
   *
   * @param place file, module or coordinates
   * @param message what is wrong and the next move, in plain words
   */
  public record Problem(String place, String message) {}
}
