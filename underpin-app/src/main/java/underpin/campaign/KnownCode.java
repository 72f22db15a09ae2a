package underpin.campaign;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Embedding;
import underpin.maven.MavenSession;
import underpin.reach.functions.CopySearch;
import underpin.reach.functions.FunctionList;
import underpin.verify.CodeSearch;

/**
 * Tells the verifier by the functions that ship, and by those that were learnt on the way; reads
 * each jar once for each.
 */
final class KnownCode implements CodeSearch {
  private final boolean copies;
  private final AdvisoryStore store;
  private final CopySearch shipped;
  private final Map<String, CopySearch> learnt = new TreeMap<>();
  private final Map<Path, Map<String, Told>> read = new HashMap<>();

  /**
   * @param copies whether any jar is asked for vulnerable code; else only what was patched is
   */
  KnownCode(boolean copies, AdvisoryStore store) {
    this.copies = copies;
    this.store = store;
    this.shipped = CopySearch.ofShipped(store);
  }

  /** What a jar's code says of one vulnerability. */
  private record Told(boolean vulnerable, List<String> functions) {}

  /** Derives what tells the releases around a fix apart, where that does not ship. */
  void learn(FunctionList functions, MavenSession maven) {
    if (functions instanceof FunctionList.Derived derived
        && !shipped.ids().contains(derived.id())
        && !learnt.containsKey(derived.id())) {
      CopySearch search = CopySearch.of(derived, maven, store);
      if (!search.ids().isEmpty()) {
        learnt.put(derived.id(), search);
        read.clear();
      }
    }
  }

  @Override
  public Set<String> known() {
    if (!copies) {
      return Set.of();
    }
    Set<String> known = new TreeSet<>(shipped.ids());
    known.addAll(learnt.keySet());
    return known;
  }

  @Override
  public Map<String, List<String>> vulnerable(Path jar) {
    return told(jar, true);
  }

  @Override
  public Map<String, List<String>> fixed(Path jar) {
    return told(jar, false);
  }

  private Map<String, List<String>> told(Path jar, boolean vulnerable) {
    Map<String, List<String>> some = new TreeMap<>();
    read.computeIfAbsent(jar, this::search)
        .forEach((id, told) -> {
          if (told.vulnerable() == vulnerable) {
            some.put(id, told.functions());
          }
        });
    return some;
  }

  private Map<String, Told> search(Path jar) {
    Map<String, Told> told = new TreeMap<>();
    add(shipped.search(jar), told);
    learnt.values().forEach(search -> add(search.search(jar), told));
    return told;
  }

  private static void add(List<CopySearch.Copy> copies, Map<String, Told> told) {
    for (CopySearch.Copy copy : copies) {
      copy.fixed().forEach(id -> told.putIfAbsent(id, new Told(false, functions(copy, id))));
    }
    for (CopySearch.Copy copy : copies) {
      copy.vulnerable().stream()
          .filter(copy.evidence()::containsKey) // others follow from the release, not from code
          .forEach(id -> told.put(id, new Told(true, functions(copy, id))));
    }
  }

  private static List<String> functions(CopySearch.Copy copy, String id) {
    return Optional.ofNullable(copy.evidence().get(id)).orElse(List.of()).stream()
        .map(Embedding.Function::id)
        .toList();
  }
}
