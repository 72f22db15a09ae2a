package underpin.reach.functions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import underpin.program.method.Fingerprint;

/** The JSON form of a {@link FunctionList}: docs/formats/functions.md. */
public final class FunctionJson {
  /** The version of the format, and of the way functions are derived. */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private FunctionJson() {}

  /** {@return the document} */
  public static ObjectNode write(FunctionList list) {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", "underpin-functions");
    node.put("version", VERSION);
    node.put("id", list.id());
    switch (list) {
      case FunctionList.Derived derived -> derived(derived, node);
      case FunctionList.Undecided undecided -> {
        node.put("status", "undecided");
        node.put("because", undecided.because());
        node.putArray("functions");
      }
    }
    texts(node, "notes", list.notes());
    return node;
  }

  private static void derived(FunctionList.Derived derived, ObjectNode node) {
    node.put("status", "derived");
    node.put("complete", rounded(derived.complete()));
    node.put("confidence", rounded(derived.confidence()));
    node.put("methods", derived.methods());
    ArrayNode compared = node.putArray("compared");
    derived
        .compared()
        .forEach(pair ->
            compared
                .addObject()
                .put("package", pair.name())
                .put("affected", pair.affected())
                .put("fixed", pair.fixed()));
    ArrayNode functions = node.putArray("functions");
    derived.functions().forEach(function -> function(function, functions.addObject()));
    texts(node, "added", derived.added());
  }

  private static void function(VulnerableFunction function, ObjectNode node) {
    node.put("className", function.className());
    node.put("methodName", function.methodName());
    node.put("descriptor", function.descriptor());
    node.put("inCut", function.inCut());
    node.put("rank", function.rank());
    node.put("score", rounded(function.score()));
    node.put("change", function.change().word());
    texts(node, "artifacts", function.artifacts());
    function.enclosing().ifPresent(e -> node.put("enclosing", e));
    texts(node, "evidence", function.evidence());
    ObjectNode signals = node.putObject("signals");
    function.signals().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(s -> signals.put(word(s.getKey()), rounded(s.getValue())));
    node.put("affectedDigest", function.affected());
    function.fixed().ifPresent(f -> node.put("fixedDigest", f));
    function.fingerprint().ifPresent(f -> node.put("fingerprint", f.text()));
  }

  private static String word(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static void texts(ObjectNode node, String name, List<String> texts) {
    ArrayNode array = node.putArray(name);
    texts.forEach(array::add);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the text is none of this version
   */
  public static FunctionList read(String text) {
    try {
      return read(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("It is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static FunctionList read(JsonNode node) {
    if (node.path("version").asInt() != VERSION || !node.path("id").isTextual()) {
      throw new IllegalArgumentException("It is no list of functions of version " + VERSION);
    }
    String id = node.path("id").asText();
    List<String> notes = texts(node.path("notes"));
    if (!node.path("status").asText().equals("derived")) {
      return new FunctionList.Undecided(id, node.path("because").asText(), notes);
    }
    List<ReleasePair> compared = new ArrayList<>();
    node.path("compared")
        .forEach(pair ->
            compared.add(
                new ReleasePair(
                    pair.path("package").asText(),
                    pair.path("affected").asText(),
                    pair.path("fixed").asText())));
    List<VulnerableFunction> functions = new ArrayList<>();
    node.path("functions").forEach(function -> functions.add(function(function)));
    return new FunctionList.Derived(
        id,
        functions,
        texts(node.path("added")),
        compared,
        node.path("methods").asInt(),
        node.path("complete").asDouble(),
        node.path("confidence").asDouble(),
        notes);
  }

  private static VulnerableFunction function(JsonNode node) {
    Map<Signal, Double> signals = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      JsonNode value = node.path("signals").path(word(signal));
      if (value.isNumber()) {
        signals.put(signal, value.asDouble());
      }
    }
    return new VulnerableFunction(
        texts(node.path("artifacts")),
        node.path("className").asText(),
        node.path("methodName").asText(),
        node.path("descriptor").asText(),
        text(node.path("enclosing")),
        Change.Kind.valueOf(node.path("change").asText().toUpperCase(Locale.ROOT)),
        node.path("rank").asInt(),
        node.path("score").asDouble(),
        node.path("inCut").asBoolean(),
        texts(node.path("evidence")),
        node.path("affectedDigest").asText(),
        text(node.path("fixedDigest")),
        text(node.path("fingerprint")).map(Fingerprint::parse),
        signals);
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
