package underpin.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.inventory.CodeRecognition;
import underpin.reach.functions.CopySearch;
import underpin.version.Ecosystem;

/**
 * Recognises vulnerable components by their functions. What an archive says it is, is no copy: an
 * advisory that names it, or any of its other names, decides by the version.
 */
final class CopyRecognition implements CodeRecognition {
  private final AdvisoryStore store;
  private final Supplier<CopySearch> search;
  private final Set<String> known;
  private final Optional<KeptCopies> kept;

  /**
   * @param search asked for once something is to be searched
   * @param known names of further components that are there for all to see
   * @param kept what was recognised before in the jar that is read; empty for none
   */
  CopyRecognition(
      AdvisoryStore store,
      Supplier<CopySearch> search,
      Set<String> known,
      Optional<KeptCopies> kept) {
    this.store = store;
    this.search = search;
    this.known = Set.copyOf(known);
    this.kept = kept;
  }

  @Override
  public List<Recognised> recognise(Classes classes) throws IOException {
    Set<String> named = new HashSet<>(known);
    classes.described().forEach(component -> named.add(component.name()));
    List<Recognised> recognised = new ArrayList<>();
    for (CopySearch.Copy copy : found(classes)) {
      TreeSet<String> vulnerable = new TreeSet<>(copy.vulnerable());
      vulnerable.removeIf(id -> store.concerns(id, Ecosystem.MAVEN, named::contains));
      String[] name = copy.packageName().split(":");
      if (!vulnerable.isEmpty() && !named.contains(copy.packageName()) && name.length == 2) {
        Embedding embedding =
            new Embedding(
                classes.location(),
                new TreeMap<>(copy.evidence()),
                vulnerable,
                new TreeSet<>(copy.fixed()),
                new TreeSet<>(copy.absent()),
                copy.atLeast(),
                copy.below());
        recognised.add(
            new Recognised(
                embedding.in(Component.maven(name[0], name[1], copy.representative())), embedding));
      }
    }
    return recognised;
  }

  private List<CopySearch.Copy> found(Classes classes) throws IOException {
    Optional<List<CopySearch.Copy>> before = kept.flatMap(k -> k.get(classes.location()));
    if (before.isPresent()) {
      return before.get();
    }
    List<CopySearch.Copy> found = searched(classes);
    kept.ifPresent(k -> k.put(classes.location(), found));
    return found;
  }

  private List<CopySearch.Copy> searched(Classes classes) throws IOException {
    return search
        .get()
        .search(
            new CopySearch.Classes() {
              @Override
              public List<String> names() {
                return classes.names();
              }

              @Override
              public byte[] read(String name) throws IOException {
                return classes.read(name);
              }
            });
  }
}
