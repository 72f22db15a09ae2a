package underpin.report;

import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.cases.Component;
import underpin.cases.DependencyPath;
import underpin.cases.Embedding;
import underpin.cases.Inventory;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;

/**
 * Writes CycloneDX 1.6: the inventory, its graph, and each case as a vulnerability with analysis.
 */
final class CycloneDxRenderer {
  private static final String ROOT = "underpin:target";

  private final Report report;
  private final RenderOptions options;
  private final Overview overview;
  private final Map<String, Inventory.Entry> byPurl = new LinkedHashMap<>();

  CycloneDxRenderer(Report report, RenderOptions options) {
    this.report = report;
    this.options = options;
    this.overview = Overview.of(report);
    // A bom-ref is unique: the first of a component's roles stands for both.
    overview.entries().values().forEach(e -> byPurl.putIfAbsent(e.component().purl(), e));
  }

  void write(Writer writer) throws IOException {
    // From what is said, not from when: the same run at another time is the same document.
    CycloneDxRenderer timeless = new CycloneDxRenderer(report, RenderOptions.forFile());
    String serial = Identity.urn(json -> timeless.document(json, ""));
    Json.document(writer, json -> document(json, serial));
  }

  private void document(Json json, String serial) throws IOException {
    json.text("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    json.text("bomFormat", "CycloneDX");
    json.text("specVersion", "1.6");
    json.textIfAny("serialNumber", serial);
    json.number("version", 1);
    json.object("metadata", () -> metadata(json));
    json.array("components", byPurl.values(), e -> json.object(() -> component(json, e)));
    dependencies(json);
    json.array(
        "vulnerabilities", overview.stories(), s -> json.object(() -> vulnerability(json, s)));
  }

  private void metadata(Json json) throws IOException {
    if (options.at().isPresent()) {
      json.text("timestamp", options.at().get().toString());
    }
    json.object(
        "tools",
        () ->
            json.single(
                "components",
                () -> {
                  json.text("type", "application");
                  json.text("name", "underpin");
                  json.text("version", report.toolVersion());
                }));
    json.object(
        "component",
        () -> {
          json.text("type", "application");
          json.text("bom-ref", ROOT);
          json.text("name", report.inventory().target().name());
          json.text("purl", Identity.purl(report.inventory().target()));
        });
    Map<String, String> properties = new TreeMap<>();
    properties.put("underpin:advisories:digest", report.advisories().digest());
    properties.put("underpin:advisories:newest", report.advisories().newest());
    properties(json, properties);
  }

  private void component(Json json, Inventory.Entry entry) throws IOException {
    Component component = entry.component();
    json.text("type", "library");
    json.text("bom-ref", component.purl());
    int split =
        component.name().lastIndexOf(component.ecosystem().equals(Ecosystem.MAVEN) ? ':' : '/');
    if (split > 0) {
      json.text("group", component.name().substring(0, split));
    }
    json.text("name", component.name().substring(split + 1));
    json.textIfAny("version", component.version());
    json.text("scope", scope(entry));
    json.text("purl", component.purl());
    if (entry.embedding().isPresent()) {
      Embedding embedding = entry.embedding().get();
      json.object("evidence", () -> evidence(json, embedding, entry));
    }
    Map<String, String> properties = new TreeMap<>();
    entry
        .embedding()
        .ifPresent(embedding -> {
          properties.put("underpin:embeddedIn", embedding.carrier());
          if (!embedding.versions().isEmpty()) {
            properties.put("underpin:versions", embedding.versions());
          }
        });
    properties.put("underpin:direct", String.valueOf(entry.direct()));
    properties.put("underpin:role", Words.of(entry.role()));
    if (!entry.scopes().isEmpty()) {
      properties.put("underpin:scopes", String.join(" ", entry.scopes()));
    }
    entry.declaredAt().ifPresent(d -> properties.put("underpin:declaredAt", Words.place(d)));
    properties(json, properties);
  }

  /** By which functions the code was recognised, and where it lies. */
  private static void evidence(Json json, Embedding embedding, Inventory.Entry entry)
      throws IOException {
    List<Embedding.Function> functions =
        embedding.evidence().values().stream().flatMap(List::stream).distinct().sorted().toList();
    json.single(
        "identity",
        () -> {
          json.text("field", "purl");
          json.array(
              "methods",
              functions.isEmpty() ? List.of("") : functions.stream().map(f -> f.id()).toList(),
              function ->
                  json.object(() -> {
                    json.text(
                        "technique", function.isEmpty() ? "manifest-analysis" : "binary-analysis");
                    json.number("confidence", 0.9);
                    json.textIfAny("value", function);
                  }));
        });
    json.single(
        "occurrences", () -> json.text("location", entry.location().orElse(embedding.carrier())));
  }

  /** CycloneDX: "excluded" is what is there but not at run time, such as for tests. */
  private static String scope(Inventory.Entry entry) {
    boolean runs =
        entry.scopes().isEmpty()
            || entry.scopes().stream().anyMatch(s -> !s.equals("test") && !s.equals("provided"));
    if (entry.role() == Inventory.Role.BUILD_PLUGIN || !runs) {
      return "excluded";
    }
    return entry.optional() ? "optional" : "required";
  }

  /** The edges that the kept paths show. */
  private void dependencies(Json json) throws IOException {
    SortedMap<String, SortedSet<String>> graph = new TreeMap<>();
    graph.put(ROOT, new TreeSet<>());
    byPurl.keySet().forEach(purl -> graph.put(purl, new TreeSet<>()));
    for (Inventory.Entry entry : byPurl.values()) {
      for (DependencyPath path : entry.paths()) {
        String from = ROOT;
        for (Component step : path.steps()) {
          String to = step.purl();
          if (byPurl.containsKey(to) && !to.equals(from)) {
            graph.computeIfAbsent(from, _ -> new TreeSet<>()).add(to);
            from = to;
          }
        }
      }
      if (entry.paths().isEmpty() && entry.direct()) {
        graph.computeIfAbsent(ROOT, _ -> new TreeSet<>()).add(entry.component().purl());
      }
    }
    json.array(
        "dependencies",
        graph.entrySet(),
        node ->
            json.object(() -> {
              json.text("ref", node.getKey());
              json.texts("dependsOn", node.getValue());
            }));
  }

  private void vulnerability(Json json, CaseStory story) throws IOException {
    Vulnerability v = story.subject().vulnerability();
    Component component = story.subject().component();
    json.text("bom-ref", story.subject().id());
    json.text("id", v.id());
    json.object("source", () -> source(json, v.id()));
    json.arrayIfAny(
        "references",
        v.aliases(),
        alias ->
            json.object(() -> {
              json.text("id", alias);
              json.object("source", () -> source(json, alias));
            }));
    json.single("ratings", () -> rating(json, v));
    List<Integer> cwes =
        v.cwes().stream()
            .filter(c -> c.matches("CWE-[1-9][0-9]{0,5}"))
            .map(c -> Integer.valueOf(c.substring(4)))
            .distinct()
            .toList();
    json.numbersIfAny("cwes", cwes);
    json.textIfAny("description", v.summary());
    Vex vex = Vex.of(story, report.applied());
    if (vex.status().equals("affected")) {
      json.text("recommendation", vex.statement());
    }
    json.arrayIfAny(
        "advisories",
        v.references().stream().filter(Identity::isWebAddress).distinct().toList(),
        url -> json.object(() -> json.text("url", url)));
    json.object(
        "analysis",
        () -> {
          json.text("state", vex.state());
          if (vex.state().equals("not_affected")) {
            json.text("justification", "code_not_reachable");
          }
          json.textsIfAny("response", vex.response());
          json.textIfAny("detail", vex.statement());
        });
    json.single(
        "affects",
        () -> {
          json.text("ref", component.purl());
          if (!component.version().isEmpty()) {
            json.single(
                "versions",
                () -> {
                  json.text("version", component.version());
                  json.text(
                      "status", vex.state().equals("not_affected") ? "unaffected" : "affected");
                });
          }
        });
    Map<String, String> properties = new TreeMap<>();
    properties.put("underpin:kev", String.valueOf(v.kev()));
    properties.put("underpin:outcome", story.outcome().word());
    properties.put("underpin:verdict", story.verdictOrReason().word());
    v.epss().ifPresent(e -> properties.put("underpin:epss", String.format(Locale.ROOT, "%.5f", e)));
    if (!story.fixedVersions().isEmpty()) {
      properties.put("underpin:fixedVersions", String.join(" ", story.fixedVersions()));
    }
    properties(json, properties);
  }

  private static void rating(Json json, Vulnerability v) throws IOException {
    if (v.cvss().isPresent()) {
      var cvss = v.cvss().get();
      json.number("score", cvss.score());
      json.text("severity", severity(v.severity()));
      json.text(
          "method",
          switch (cvss.version()) {
            case "2.0", "2" -> "CVSSv2";
            case "3.0" -> "CVSSv3";
            case "3.1" -> "CVSSv31";
            case "4.0" -> "CVSSv4";
            default -> "other";
          });
      json.text("vector", cvss.vector());
    } else {
      json.text("severity", severity(v.severity()));
    }
  }

  private static String severity(Severity severity) {
    return Words.of(severity);
  }

  private static void source(Json json, String id) throws IOException {
    if (id.matches("CVE-\\d{4}-\\d{4,19}")) {
      json.text("name", "NVD");
      json.text("url", "https://nvd.nist.gov/vuln/detail/" + id);
    } else if (id.matches("GHSA(-[a-z0-9]{4}){3}")) {
      json.text("name", "GitHub Advisory Database");
      json.text("url", "https://github.com/advisories/" + id);
    } else {
      json.text("name", "OSV");
    }
  }

  private static void properties(Json json, Map<String, String> properties) throws IOException {
    json.array(
        "properties",
        properties.entrySet(),
        property ->
            json.object(() -> {
              json.text("name", property.getKey());
              json.text("value", property.getValue());
            }));
  }
}
