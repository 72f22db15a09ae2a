package underpin.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.campaign.BackportOutcome.Result;
import underpin.cases.Rung;
import underpin.program.KeptFiles;
import underpin.verify.RungJson;

/**
 * Backports that were made, and those that could not be, by the digest of all that they follow
 * from. A file that cannot be read counts as absent; without the list of hunks.
 */
final class PortingCache {
  /** Moved whenever answers of an earlier version must not be taken over. */
  private static final int FORMAT = 2;

  /** A jar and its changed sources are kept with each: some megabytes. */
  private static final int MOST = 200;

  private final KeptFiles kept;

  /**
   * @param folder made when something is kept
   */
  PortingCache(Path folder) {
    this.kept = new KeptFiles(folder, ".json", MOST);
  }

  Optional<Porting.Ported> get(String key) {
    try {
      Optional<JsonNode> read = new KeptJson(kept, key).read();
      if (read.isEmpty()) {
        return Optional.empty();
      }
      JsonNode node = read.get();
      if (node.path("format").asInt() != FORMAT || !node.path("key").asText().equals(key)) {
        return Optional.empty();
      }
      SortedMap<Rung, Rung.Result> rungs = RungJson.read(node.path("rungs"));
      Optional<Porting.Code> code = Optional.empty();
      if (node.has("jar")) {
        SortedMap<String, byte[]> sources = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : node.path("sources").properties()) {
          sources.put(e.getKey(), e.getValue().binaryValue());
        }
        code = Optional.of(new Porting.Code(node.get("jar").binaryValue(), sources));
      }
      return Optional.of(
          new Porting.Ported(
              new BackportOutcome(
                  Result.valueOf(node.path("result").asText()),
                  node.path("because").asText(),
                  rungs,
                  List.of(),
                  KeptJson.texts(node.path("evidence")),
                  KeptJson.texts(node.path("notes")),
                  List.of()),
              code));
    } catch (IOException | IllegalArgumentException absent) {
      return Optional.empty();
    }
  }

  void put(String key, Porting.Ported ported) throws IOException {
    BackportOutcome outcome = ported.outcome();
    ObjectNode node = KeptJson.node().put("format", FORMAT).put("key", key);
    node.put("result", outcome.result().name()).put("because", outcome.because());
    RungJson.write(outcome.rungs(), node.putObject("rungs"));
    ArrayNode evidence = node.putArray("evidence");
    outcome.evidence().forEach(evidence::add);
    ArrayNode notes = node.putArray("notes");
    outcome.notes().forEach(notes::add);
    if (ported.code().isPresent()) {
      node.put("jar", ported.code().get().jar());
      ObjectNode sources = node.putObject("sources");
      ported.code().get().sources().forEach(sources::put);
    }
    new KeptJson(kept, key).keep(node);
  }
}
