package underpin.campaign;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import underpin.maven.Gav;
import underpin.maven.MavenSession;

/** Which releases of libraries the POMs around a component name, what it manages among them. */
final class VersionHints {
  /** POMs of the component's release that are read besides its own. */
  private static final int MOST_SIBLINGS = 8;

  /** By {@code group:artifact}, the nearest first. */
  private final SortedMap<String, List<Hint>> hints = new TreeMap<>();

  private final SortedMap<String, SortedSet<String>> versionsByGroup = new TreeMap<>();
  private final MavenSession maven;

  /**
   * A release, and where it is named.
   *
   * @param isSame whether that is the component's own release
   */
  record Hint(String version, String because, boolean isSame) {}

  private VersionHints(MavenSession maven) {
    this.maven = maven;
  }

  /**
   * Reads the POMs of the component, of releases around it and of artifacts of its own release.
   *
   * @param named what the component's POM names and brings
   */
  static VersionHints of(
      Gav component,
      Collection<Gav> named,
      Collection<Gav> around,
      LibraryTable table,
      MavenSession maven) {
    VersionHints all = new VersionHints(maven);
    all.add(component, true);
    all.versionsByGroup
        .computeIfAbsent(component.groupId(), _ -> new TreeSet<>())
        .add(component.version());
    named.forEach(gav ->
        all.versionsByGroup
            .computeIfAbsent(gav.groupId(), _ -> new TreeSet<>())
            .add(gav.version()));
    Set<String> siblings = new TreeSet<>();
    named.stream()
        .filter(gav -> gav.groupId().equals(component.groupId()))
        .filter(gav -> gav.version().equals(component.version()))
        .forEach(gav -> siblings.add(gav.key()));
    siblings.addAll(table.ofGroup(component.groupId()));
    siblings.remove(component.key());
    siblings.stream()
        .limit(MOST_SIBLINGS)
        .forEach(name -> all.add(gav(name, component.version()), true));
    around.stream().filter(gav -> !gav.equals(component)).forEach(gav -> all.add(gav, false));
    return all;
  }

  /**
   * Reads one more POM: what it names, for its tests too, and what it manages.
   *
   * @param isSame whether it is of the component's release
   */
  void add(Gav pom, boolean isSame) {
    maven
        .effectiveModel(pom)
        .ifPresent(model -> {
          String name = pom.artifactId() + " " + pom.version();
          add(model.getDependencies(), "the POM of " + name + " names it", isSame);
          add(managed(model), "the POM of " + name + " manages it", isSame);
        });
  }

  private static List<Dependency> managed(Model model) {
    return model.getDependencyManagement() == null
        ? List.of()
        : model.getDependencyManagement().getDependencies();
  }

  private void add(List<Dependency> dependencies, String because, boolean isSame) {
    for (Dependency one : dependencies) {
      boolean usable =
          one.getVersion() != null
              && !one.getVersion().contains("$")
              && (one.getType() == null || one.getType().equals("jar"))
              && (one.getClassifier() == null || one.getClassifier().isEmpty());
      if (usable) {
        hints
            .computeIfAbsent(one.getGroupId() + ":" + one.getArtifactId(), _ -> new ArrayList<>())
            .add(new Hint(one.getVersion(), because, isSame));
      }
    }
  }

  /** {@return hints for an artifact, the nearest first, each version once} */
  List<Hint> of(String name) {
    List<Hint> all = new ArrayList<>(hints.getOrDefault(name, List.of()));
    String group = name.substring(0, name.indexOf(':'));
    versionsByGroup
        .getOrDefault(group, new TreeSet<>())
        .forEach(version ->
            all.add(new Hint(version, "the release of its group that goes with it", true)));
    Set<String> seen = new HashSet<>();
    return all.stream().filter(hint -> seen.add(hint.version())).toList();
  }

  /** {@return the artifacts that POMs name, sorted} */
  Set<String> names() {
    return hints.keySet();
  }

  static Gav gav(String name, String version) {
    int colon = name.indexOf(':');
    return new Gav(name.substring(0, colon), name.substring(colon + 1), version);
  }
}
