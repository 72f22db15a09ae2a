package underpin.campaign;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Embedding;
import underpin.reach.functions.CopySearch;
import underpin.verify.CodeSearch;

/** Tells the verifier by the functions that ship; reads each jar once. */
final class KnownCode implements CodeSearch {
  private final CopySearch search;
  private final Map<Path, Map<String, List<String>>> read = new HashMap<>();

  KnownCode(AdvisoryStore store) {
    this.search = CopySearch.ofShipped(store);
  }

  @Override
  public Set<String> known() {
    return search.ids();
  }

  @Override
  public Map<String, List<String>> vulnerable(Path jar) {
    return read.computeIfAbsent(jar, this::search);
  }

  private Map<String, List<String>> search(Path jar) {
    Map<String, List<String>> vulnerable = new TreeMap<>();
    for (CopySearch.Copy copy : search.search(jar)) {
      for (String id : copy.vulnerable()) {
        List<Embedding.Function> functions =
            Optional.ofNullable(copy.evidence().get(id)).orElse(List.of());
        vulnerable.put(id, functions.stream().map(Embedding.Function::id).toList());
      }
    }
    return vulnerable;
  }
}
