package underpin.inventory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import underpin.cases.Inventory;

/**
 * CycloneDX and SPDX as JSON, in one pass: members may come in any order, so the document may say
 * last which of the two it is.
 */
final class JsonSbom {
  private static final Set<String> CYCLONEDX = Set.of("1.4", "1.5", "1.6");

  private final Path file;
  private final SbomLimits limits;
  private final SbomGraph graph;
  private final Set<String> described = new LinkedHashSet<>();
  private String bomFormat = "";
  private String specVersion = "";
  private String spdxVersion = "";

  JsonSbom(Path file, SbomLimits limits) {
    this.file = file;
    this.limits = limits;
    this.graph = new SbomGraph(file, limits);
  }

  Inventory read(InputStream in) throws IOException, UnreadableTargetException {
    JsonFactory factory =
        new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names may come from an attacker
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.nesting())
                    .maxStringLength(limits.stringLength())
                    .build())
            .build();
    try (JsonParser json = factory.createParser(in)) {
      document(json);
      if (json.nextToken() != null) {
        throw error(json, "something follows the document. Give one SBOM per file.");
      }
    } catch (StreamConstraintsException e) {
      throw error(e, "exceeds a limit of underpin: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      // Jackson has a type of its own for some of these only.
      boolean cutOff =
          e instanceof JsonEOFException || e.getOriginalMessage().contains("end-of-input");
      throw error(
          e,
          cutOff
              ? "the file ends within the document: it was cut off. Write or fetch it again."
              : "no valid JSON: "
                  + e.getOriginalMessage()
                  + ". Write the SBOM again with its tool.");
    } catch (CharConversionException e) {
      throw new UnreadableTargetException(
          file, 0, "text in no valid encoding: " + e.getMessage() + ". Write the SBOM as UTF-8.");
    }
    return finish();
  }

  private void document(JsonParser json) throws IOException, UnreadableTargetException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw error(json, "an SBOM is a JSON object.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "bomFormat" -> bomFormat = text(json);
        case "specVersion" -> specVersion = text(json);
        case "spdxVersion" -> spdxVersion = text(json);
        case "metadata" -> metadata(json);
        case "components" -> components(json);
        case "dependencies" -> each(json, this::dependency);
        case "packages" -> each(json, this::spdxPackage);
        case "relationships" -> each(json, this::relationship);
        case "documentDescribes" -> described.addAll(texts(json));
        default -> skip(json, value);
      }
    }
  }

  private Inventory finish() throws UnreadableTargetException {
    if (bomFormat.equals("CycloneDX")) {
      if (!CYCLONEDX.contains(specVersion)) {
        graph.note(
            "CycloneDX version '%s' is read as 1.6; 1.4 to 1.6 are supported."
                .formatted(specVersion));
      }
    } else if (spdxVersion.startsWith("SPDX-2.")) {
      if (!spdxVersion.equals("SPDX-2.3")) {
        graph.note("%s is read as SPDX-2.3, which is supported.".formatted(spdxVersion));
      }
      graph.describe(described);
    } else {
      throw new UnreadableTargetException(
          file,
          1,
          spdxVersion.isEmpty()
              ? "JSON, but no SBOM that underpin reads: it has neither \"bomFormat\": \"CycloneDX\" nor"
                  + " an \"spdxVersion\". Give CycloneDX 1.4 to 1.6 or SPDX 2.3."
              : "SPDX version '%s' is not supported. Write the SBOM as SPDX-2.3 or CycloneDX."
                  .formatted(spdxVersion));
    }
    return graph.toInventory();
  }

  private void metadata(JsonParser json) throws IOException, UnreadableTargetException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      if (member.equals("component") && value == JsonToken.START_OBJECT) {
        component(json, true);
      } else {
        json.skipChildren(); // among them the tools, which are components of the tool's making
      }
    }
  }

  private List<Integer> components(JsonParser json) throws IOException, UnreadableTargetException {
    List<Integer> numbers = new ArrayList<>();
    each(json, one -> numbers.add(component(one, false)));
    return numbers;
  }

  /**
   * Nested components may stand before the reference of what holds them, so they are related by
   * number.
   */
  private int component(JsonParser json, boolean root)
      throws IOException, UnreadableTargetException {
    JsonLocation start = json.currentTokenLocation();
    String reference = "";
    String purl = "";
    String name = "";
    String scope = "";
    List<Integer> nested = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "bom-ref" -> reference = text(json);
        case "purl" -> purl = text(json);
        case "name" -> name = text(json);
        case "scope" -> scope = text(json);
        case "components" -> nested = components(json);
        default -> skip(json, value);
      }
    }
    List<String> purls = purl.isEmpty() ? List.of() : List.of(purl);
    int line = start.getLineNr();
    int number =
        root
            ? graph.addRoot(reference, purls, line)
            : graph.add(
                new SbomGraph.Described(
                    reference,
                    purls,
                    name,
                    scope.equals("optional") || scope.equals("excluded"),
                    line,
                    start.getColumnNr()));
    for (int inner : nested) {
      graph.relate(number, inner, line);
    }
    return number;
  }

  private void dependency(JsonParser json) throws IOException, UnreadableTargetException {
    int line = json.currentTokenLocation().getLineNr();
    String reference = "";
    List<String> on = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "ref" -> reference = text(json);
        case "dependsOn" -> on = texts(json);
        default -> skip(json, value);
      }
    }
    for (String one : on) {
      graph.relate(reference, one, line);
    }
  }

  private void spdxPackage(JsonParser json) throws IOException, UnreadableTargetException {
    JsonLocation start = json.currentTokenLocation();
    String reference = "";
    String name = "";
    List<String> purls = new ArrayList<>(1);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "SPDXID" -> reference = text(json);
        case "name" -> name = text(json);
        case "externalRefs" -> each(json, one -> externalReference(one, purls));
        default -> skip(json, value);
      }
    }
    graph.add(
        new SbomGraph.Described(
            reference, purls, name, false, start.getLineNr(), start.getColumnNr()));
  }

  private static void externalReference(JsonParser json, List<String> purls) throws IOException {
    String type = "";
    String locator = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "referenceType" -> type = text(json);
        case "referenceLocator" -> locator = text(json);
        default -> skip(json, value);
      }
    }
    if (type.equals("purl")) {
      purls.add(locator);
    }
  }

  private void relationship(JsonParser json) throws IOException, UnreadableTargetException {
    int line = json.currentTokenLocation().getLineNr();
    String from = "";
    String to = "";
    String type = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonToken value = json.nextToken();
      switch (member) {
        case "spdxElementId" -> from = text(json);
        case "relatedSpdxElement" -> to = text(json);
        case "relationshipType" -> type = text(json).toUpperCase(Locale.ROOT);
        default -> skip(json, value);
      }
    }
    // SPDX 2.3, clause 11.1: what brings what, whichever end is named first.
    switch (type) {
      case "DESCRIBES" -> described.add(to);
      case "DESCRIBED_BY" -> described.add(from);
      case "DEPENDS_ON", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK", "HAS_PREREQUISITE" ->
          graph.relate(from, to, line);
      case "CONTAINED_BY",
          "DEPENDENCY_OF",
          "RUNTIME_DEPENDENCY_OF",
          "BUILD_DEPENDENCY_OF",
          "DEV_DEPENDENCY_OF",
          "TEST_DEPENDENCY_OF",
          "PROVIDED_DEPENDENCY_OF",
          "OPTIONAL_DEPENDENCY_OF",
          "OPTIONAL_COMPONENT_OF",
          "PACKAGE_OF",
          "PREREQUISITE_FOR" ->
          graph.relate(to, from, line);
      default -> {
        // Says nothing about how a component got there.
      }
    }
  }

  /** Reads one element of an array whose start is at hand. */
  @FunctionalInterface
  private interface ElementReader {
    void read(JsonParser json) throws IOException, UnreadableTargetException;
  }

  private static void each(JsonParser json, ElementReader reader)
      throws IOException, UnreadableTargetException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ended(json);
      if (json.currentToken() == JsonToken.START_OBJECT) {
        reader.read(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private static List<String> texts(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ended(json);
      String text = text(json);
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** {@return the text of a string value; empty for a value of another kind, which is skipped} */
  private static String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  private static void skip(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
      json.skipChildren();
    }
  }

  private static void ended(JsonParser json) throws JsonEOFException {
    if (json.currentToken() == null) {
      throw new JsonEOFException(json, JsonToken.NOT_AVAILABLE, "the document ends early");
    }
  }

  private UnreadableTargetException error(JsonParser json, String message) {
    return new UnreadableTargetException(
        file, Math.max(0, json.currentTokenLocation().getLineNr()), message);
  }

  private UnreadableTargetException error(JsonProcessingException e, String message) {
    JsonLocation at = e.getLocation();
    return new UnreadableTargetException(
        file, at == null ? 0 : Math.max(0, at.getLineNr()), message);
  }
}
