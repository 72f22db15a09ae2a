package underpin.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/** Decides which advisories apply. */
public final class Matcher {
  private final AdvisoryStore store;

  public Matcher(AdvisoryStore store) {
    this.store = store;
  }

  /**
   * {@return one finding per (component, vulnerability) pair, sorted by component, then id} A
   * component in two roles (a dependency that is also a build plugin's) is matched once. Packages
   * are compared by ecosystem and name only; no guess is made from similar names.
   *
   * @throws underpin.advisory.IndexCorruptedException if the store is damaged
   */
  public List<Finding> match(Inventory inventory) {
    List<Finding> findings = new ArrayList<>();
    Map<Package, List<Advisory>> known = new HashMap<>();
    Set<Component> components = new LinkedHashSet<>(); // the inventory sorts them
    Map<Component, Embedding> embedded = new HashMap<>();
    inventory
        .entries()
        .forEach(entry -> {
          components.add(entry.component());
          entry.embedding().ifPresent(e -> embedded.put(entry.component(), e));
        });
    for (Component component : components) {
      Optional<Embedding> copy =
          Optional.ofNullable(embedded.get(component)).filter(e -> !e.evidence().isEmpty());
      if (copy.isPresent()) {
        findings.addAll(new CopyMatch(store, component, copy.get()).findings());
        continue;
      }
      List<Advisory> advisories =
          known.computeIfAbsent(
              new Package(component.ecosystem(), component.name()),
              name -> store.forPackage(name.ecosystem(), name.name()));
      for (Advisory advisory : advisories) {
        store
            .affects(advisory, component.version())
            .ifPresent(because ->
                findings.add(
                    new Finding(
                        component,
                        advisory.vulnerability(),
                        "advisory",
                        because,
                        fixesAbove(component, advisory))));
      }
    }
    return List.copyOf(findings);
  }

  /** A fix of an older release line is no fix for this component: going back mends nothing. */
  static List<String> fixesAbove(Component component, Advisory advisory) {
    List<String> named = AdvisoryStore.fixedVersions(advisory);
    if (!VersionOrders.readable(component.ecosystem(), component.version())) {
      return named;
    }
    VersionOrder order = VersionOrders.of(component.ecosystem());
    return named.stream().filter(v -> order.compare(v, component.version()) > 0).toList();
  }

  /** What advisories are looked up by. */
  private record Package(Ecosystem ecosystem, String name) {}
}
