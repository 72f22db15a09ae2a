package underpin.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Rung;
import underpin.verify.Baseline.TestOutcome;

/**
 * Work that is done already, by the digest of all its inputs, so that a run that was cancelled goes
 * on where it stood. A file is written whole or not at all; one that cannot be read counts as
 * absent.
 */
final class Finished {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path folder;

  Finished(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /**
   * @param goal what was built: verify or package
   * @param note what the report must say of the build
   */
  record Built(String goal, SortedMap<String, TestOutcome> tests, Optional<String> note) {}

  Optional<Built> baseline(String key) {
    return read("baseline", key)
        .map(node -> {
          SortedMap<String, TestOutcome> tests = new TreeMap<>();
          node.path("tests")
              .properties()
              .forEach(e -> tests.put(e.getKey(), TestOutcome.valueOf(e.getValue().asText())));
          return new Built(
              node.path("goal").asText(),
              tests,
              Optional.ofNullable(node.path("note").textValue()));
        });
  }

  void baseline(String key, Built built) throws IOException {
    ObjectNode node = JSON.createObjectNode().put("key", key).put("goal", built.goal());
    built.note().ifPresent(note -> node.put("note", note));
    ObjectNode tests = node.putObject("tests");
    built.tests().forEach((test, outcome) -> tests.put(test, outcome.name()));
    write("baseline", node);
  }

  void forgetBaseline() throws IOException {
    Files.deleteIfExists(folder.resolve("baseline.json"));
  }

  Optional<SortedMap<Rung, Rung.Result>> judged(String key) {
    return read(key, key).map(node -> RungJson.read(node.path("rungs")));
  }

  void judged(String key, SortedMap<Rung, Rung.Result> rungs) throws IOException {
    ObjectNode node = JSON.createObjectNode().put("key", key);
    RungJson.write(rungs, node.putObject("rungs"));
    write(key, node);
  }

  private Optional<JsonNode> read(String name, String key) {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(folder.resolve(name + ".json")));
      return key.equals(node.path("key").asText()) ? Optional.of(node) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private void write(String name, ObjectNode node) throws IOException {
    Path part = folder.resolve(name + ".part");
    try {
      Files.writeString(part, JSON.writeValueAsString(node), StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    Files.move(
        part,
        folder.resolve(name + ".json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
