package underpin.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import underpin.program.KeptFiles;

/** A result that only saves time, as JSON in a file of its own. */
record KeptJson(KeptFiles files, String key) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ObjectNode node() {
    return JSON.createObjectNode();
  }

  /**
   * {@return what is kept, if anything is}
   *
   * @throws IOException if it is damaged
   */
  Optional<JsonNode> read() throws IOException {
    Path file = files.file(key);
    return Files.isRegularFile(file)
        ? Optional.of(JSON.readTree(Files.readAllBytes(file)))
        : Optional.empty();
  }

  /**
   * Keeps it in place of what was kept before.
   *
   * @throws IOException if the folder cannot be written
   */
  void keep(ObjectNode all) throws IOException {
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsBytes(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    files.keep(key, ByteBuffer.wrap(bytes));
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
