package underpin.fix.upgrade;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.maven.Gav;
import underpin.maven.Resolution;

/**
 * Which versions each module has: module path to {@code group:artifact} to versions. Modules of the
 * reactor itself are left out.
 */
record Installed(SortedMap<String, SortedMap<String, SortedSet<String>>> byModule) {

  static Installed of(Resolution resolution) {
    SortedMap<String, SortedMap<String, SortedSet<String>>> all = new TreeMap<>();
    for (Resolution.ModuleResolution module : resolution.modules()) {
      SortedMap<String, SortedSet<String>> versions = new TreeMap<>();
      for (Resolution.Dependency dependency : module.dependencies()) {
        if (!dependency.reactorModule()) {
          Gav gav = dependency.gav();
          versions.computeIfAbsent(gav.key(), _ -> new TreeSet<>()).add(gav.version());
        }
      }
      all.put(module.module().path(), versions);
    }
    return new Installed(all);
  }

  /** {@return the versions of a key in one module; empty where it has none} */
  SortedSet<String> versions(String module, String key) {
    return Optional.ofNullable(byModule.get(module))
        .flatMap(versions -> Optional.ofNullable(versions.get(key)))
        .orElse(new TreeSet<>());
  }

  /** {@return the versions of a key over some modules} */
  SortedSet<String> versions(Set<String> modules, String key) {
    SortedSet<String> all = new TreeSet<>();
    modules.forEach(module -> all.addAll(versions(module, key)));
    return all;
  }

  /** {@return the newest of some versions, of which there is at least one} */
  static String newest(SortedSet<String> versions) {
    return versions.stream().max(Upgrader.ORDER).orElseThrow();
  }

  /** {@return the versions after, of each key in each module where they are not those of this} */
  SortedMap<Spot, SortedSet<String>> changes(Installed after) {
    SortedMap<Spot, SortedSet<String>> changes = new TreeMap<>();
    byModule.forEach((module, versions) ->
        versions.forEach((key, now) -> {
          SortedSet<String> then = after.versions(module, key);
          if (!then.equals(now)) {
            changes.put(new Spot(module, key), then);
          }
        }));
    after.byModule.forEach((module, versions) ->
        versions.forEach((key, then) -> {
          if (versions(module, key).isEmpty()) {
            changes.put(new Spot(module, key), then);
          }
        }));
    return changes;
  }

  /**
   * A component's place in one module, whatever its version.
   *
   * @param key {@code group:artifact}
   */
  record Spot(String module, String key) implements Comparable<Spot> {
    @Override
    public int compareTo(Spot other) {
      int order = key.compareTo(other.key);
      return order != 0 ? order : module.compareTo(other.module);
    }
  }
}
