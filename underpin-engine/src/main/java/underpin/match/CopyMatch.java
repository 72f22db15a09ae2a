package underpin.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Finding;
import underpin.cases.Vulnerability;

/**
 * Which advisories apply to code that was recognised in another file. What its functions tell goes
 * first. Where they tell nothing, because none are known, an advisory applies when it affects both
 * ends of what the code admits: then it affects all between.
 */
final class CopyMatch {
  private static final int TOLD = 2;

  private final AdvisoryStore store;
  private final Component component;
  private final Embedding copy;

  CopyMatch(AdvisoryStore store, Component component, Embedding copy) {
    this.store = store;
    this.component = component;
    this.copy = copy;
  }

  /** {@return sorted by id} */
  List<Finding> findings() {
    TreeMap<String, Finding> byId = new TreeMap<>();
    for (String id : copy.vulnerable()) {
      store.byId(id).stream()
          .filter(a -> a.ecosystem().equals(component.ecosystem()))
          .min(Comparator.comparing(a -> !a.packageName().equals(component.name())))
          .ifPresent(a -> byId.put(a.vulnerability().id(), finding(a, byFunctions(id))));
    }
    for (Advisory advisory : store.forPackage(component.ecosystem(), component.name())) {
      Vulnerability vulnerability = advisory.vulnerability();
      if (!isTold(vulnerability) && !namesCarrier(vulnerability)) {
        byVersions(advisory)
            .ifPresent(because -> byId.putIfAbsent(vulnerability.id(), finding(advisory, because)));
      }
    }
    return new ArrayList<>(byId.values());
  }

  private Finding finding(Advisory advisory, String because) {
    return new Finding(
        component,
        advisory.vulnerability(),
        "code",
        because,
        Matcher.fixesAbove(component, advisory));
  }

  private boolean isTold(Vulnerability vulnerability) {
    return names(copy.vulnerable(), vulnerability)
        || names(copy.fixed(), vulnerability)
        || names(copy.absent(), vulnerability);
  }

  /** Then the carrier's own version decides, and its case is there already, or is none. */
  private boolean namesCarrier(Vulnerability vulnerability) {
    return store.concerns(
        vulnerability.id(), component.ecosystem(), name -> copy.carrier().startsWith(name + ":"));
  }

  private static boolean names(Set<String> ids, Vulnerability vulnerability) {
    return ids.contains(vulnerability.id())
        || vulnerability.aliases().stream().anyMatch(ids::contains);
  }

  private String byFunctions(String id) {
    List<Embedding.Function> functions = copy.evidence().getOrDefault(id, List.of());
    List<String> names =
        functions.stream().map(f -> f.id().substring(0, f.id().indexOf('('))).distinct().toList();
    if (names.isEmpty()) {
      return "its code in %s is of a release that has the flaw".formatted(copy.carrier());
    }
    String shown = String.join(", ", names.stream().limit(TOLD).toList());
    int more = names.size() - TOLD;
    return "its code in %s is as before the fix: %s%s"
        .formatted(copy.carrier(), shown, more > 0 ? " and " + more + " more" : "");
  }

  private Optional<String> byVersions(Advisory advisory) {
    if (copy.below().isEmpty()) {
      return Optional.empty();
    }
    return store
        .affects(advisory, component.version())
        .filter(_ -> store.affects(advisory, copy.atLeast().orElse("0")).isPresent())
        .map(because ->
            "its code in %s is of a version %s, and %s"
                .formatted(copy.carrier(), copy.versions(), because));
  }
}
