package underpin.fix.upgrade;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.PatchSet.Release;
import underpin.version.Ecosystem;

/** Which vulnerabilities a version has, remembered. */
interface Flaws {
  /** {@return ids of the vulnerabilities of {@code group:artifact} at a version} */
  SortedSet<String> of(String key, String version);

  /** {@return ids of the vulnerabilities of any of the versions}; the caller's own set */
  default SortedSet<String> of(String key, Collection<String> versions) {
    SortedSet<String> ids = new TreeSet<>();
    versions.forEach(version -> ids.addAll(of(key, version)));
    return ids;
  }

  /** {@return the versions that the advisory names as fixed, as it writes them} */
  List<String> fixedIn(String key, String vulnerabilityId);

  /** {@return the same, with releases of our own: each has the flaws of its base less its fixes} */
  default Flaws with(List<Release> backports) {
    Flaws known = this;
    return backports.isEmpty()
        ? known
        : new Flaws() {
          @Override
          public SortedSet<String> of(String key, String version) {
            for (Release each : backports) {
              if (each.component().name().equals(key)
                  && each.component().version().equals(version)) {
                SortedSet<String> left = new TreeSet<>(known.of(key, each.base()));
                left.removeAll(each.fixes());
                return left;
              }
            }
            return known.of(key, version);
          }

          @Override
          public List<String> fixedIn(String key, String vulnerabilityId) {
            return known.fixedIn(key, vulnerabilityId);
          }
        };
  }

  /**
   * {@return the same, with what lies in the files of carriers} To know that, a release must be
   * fetched and searched, so of each line only the newest is; the others count as today's.
   *
   * @param carriers today's versions of what has cases inside, by name
   * @param releases ascending versions, by name
   */
  default Flaws with(
      Inside inside, Map<String, String> carriers, Function<String, List<String>> releases) {
    Flaws known = this;
    return carriers.isEmpty()
        ? known
        : new Flaws() {
          private final Map<String, Set<String>> searched = new HashMap<>();
          private final Map<List<String>, SortedSet<String>> found = new HashMap<>();

          @Override
          public SortedSet<String> of(String key, String version) {
            String today = carriers.get(key);
            if (today == null) {
              return known.of(key, version);
            }
            boolean search =
                searched
                    .computeIfAbsent(key, _ -> Candidates.newest(today, releases.apply(key)))
                    .contains(version);
            SortedSet<String> all = new TreeSet<>(known.of(key, version));
            all.addAll(
                found.computeIfAbsent(
                    List.of(key, search ? version : today),
                    release -> inside.of(key, release.getLast())));
            return all;
          }

          @Override
          public List<String> fixedIn(String key, String vulnerabilityId) {
            return known.fixedIn(key, vulnerabilityId);
          }
        };
  }

  static Flaws of(AdvisoryStore store) {
    return new Flaws() {
      private final Map<String, List<Advisory>> advisories = new HashMap<>();
      private final Map<List<String>, SortedSet<String>> known = new HashMap<>();

      private List<Advisory> advisories(String key) {
        return advisories.computeIfAbsent(key, k -> store.forPackage(Ecosystem.MAVEN, k));
      }

      @Override
      public SortedSet<String> of(String key, String version) {
        return known.computeIfAbsent(
            List.of(key, version),
            _ -> {
              SortedSet<String> ids = new TreeSet<>();
              for (Advisory advisory : advisories(key)) {
                if (store.affects(advisory, version).isPresent()) {
                  ids.add(advisory.vulnerability().id());
                }
              }
              return ids;
            });
      }

      @Override
      public List<String> fixedIn(String key, String vulnerabilityId) {
        return advisories(key).stream()
            .filter(a -> a.vulnerability().id().equals(vulnerabilityId))
            .flatMap(a -> a.ranges().stream())
            .flatMap(r -> r.fixed().stream())
            .distinct()
            .toList();
      }
    };
  }
}
