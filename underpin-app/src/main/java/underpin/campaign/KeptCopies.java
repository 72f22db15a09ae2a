package underpin.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Embedding;
import underpin.evidence.Sha256;
import underpin.program.KeptFiles;
import underpin.reach.functions.CopySearch.Copy;

/**
 * What was recognised in one jar and in the archives inside of it, kept in a file of the user's
 * cache: it follows from the jar, the build of underpin and the advisories. A file that is damaged
 * counts as none.
 */
final class KeptCopies {
  /** Most files take 100 bytes. */
  private static final int MOST_FILES = 4000;

  private final KeptJson file;
  private final Map<String, List<Copy>> copies = new TreeMap<>();
  private boolean changed;

  private KeptCopies(KeptJson file) {
    this.file = file;
  }

  /**
   * {@return what is known of this jar}
   *
   * @param folder of all such files
   */
  static KeptCopies of(Path jar, AdvisoryStore store, Path folder) {
    KeptCopies kept =
        new KeptCopies(new KeptJson(new KeptFiles(folder, ".json", MOST_FILES), key(jar, store)));
    kept.read();
    return kept;
  }

  private static String key(Path jar, AdvisoryStore store) {
    String state;
    try {
      state = jar.toRealPath() + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
    } catch (IOException unknown) {
      state = jar + " " + System.nanoTime(); // never found again
    }
    String all = String.join("\n", OwnBuild.text(), store.snapshot().digest(), state);
    return Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /** {@return what was recognised in the archive at this place of the jar} */
  Optional<List<Copy>> get(String place) {
    return Optional.ofNullable(copies.get(place));
  }

  void put(String place, List<Copy> found) {
    copies.put(place, List.copyOf(found));
    changed = true;
  }

  /** Writes what is new; a cache that cannot be written only costs time. */
  void keep() {
    if (!changed) {
      return;
    }
    ObjectNode all = KeptJson.node();
    copies.forEach((place, found) -> {
      ArrayNode array = all.putArray(place);
      found.forEach(copy -> write(copy, array.addObject()));
    });
    try {
      file.keep(all);
      changed = false;
    } catch (IOException notKept) {
      return;
    }
  }

  private static void write(Copy copy, ObjectNode node) {
    node.put("package", copy.packageName());
    copy.atLeast().ifPresent(version -> node.put("atLeast", version));
    copy.below().ifPresent(version -> node.put("below", version));
    node.put("representative", copy.representative());
    texts(node, "vulnerable", copy.vulnerable());
    texts(node, "fixed", copy.fixed());
    texts(node, "absent", copy.absent());
    ObjectNode evidence = node.putObject("evidence");
    copy.evidence()
        .forEach((id, functions) -> {
          ArrayNode array = evidence.putArray(id);
          functions.forEach(
              each -> array.addObject().put("id", each.id()).put("digest", each.digest()));
        });
  }

  private static void texts(ObjectNode node, String name, List<String> texts) {
    ArrayNode array = node.putArray(name);
    texts.forEach(array::add);
  }

  private void read() {
    try {
      Optional<JsonNode> all = file.read();
      if (all.isPresent()) {
        for (Map.Entry<String, JsonNode> each : all.get().properties()) {
          List<Copy> found = new ArrayList<>();
          each.getValue().forEach(node -> found.add(copy(node)));
          copies.put(each.getKey(), List.copyOf(found));
        }
      }
    } catch (IOException damaged) {
      copies.clear(); // searched anew, and written over
    }
  }

  private static Copy copy(JsonNode node) {
    Map<String, List<Embedding.Function>> evidence = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : node.path("evidence").properties()) {
      List<Embedding.Function> functions = new ArrayList<>();
      each.getValue()
          .forEach(function ->
              functions.add(
                  new Embedding.Function(
                      function.path("id").asText(), function.path("digest").asText())));
      evidence.put(each.getKey(), functions);
    }
    return new Copy(
        node.path("package").asText(),
        text(node.path("atLeast")),
        text(node.path("below")),
        node.path("representative").asText(),
        KeptJson.texts(node.path("vulnerable")),
        KeptJson.texts(node.path("fixed")),
        KeptJson.texts(node.path("absent")),
        evidence);
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }
}
