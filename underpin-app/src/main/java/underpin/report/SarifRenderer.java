package underpin.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Reach;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;

/**
 * Writes SARIF 2.1.0. A rule is a vulnerability, a result a case, its place the line that declares
 * the version. Cases whose fix was applied are no longer in the files and have no result.
 */
final class SarifRenderer {
  private static final String BASE = "%SRCROOT%";

  private final Report report;
  private final Overview overview;
  private final List<CaseStory> results;
  private final SortedMap<String, Vulnerability> rules = new TreeMap<>();
  private final SortedMap<String, List<String>> sources = new TreeMap<>();

  SarifRenderer(Report report) {
    this.report = report;
    this.overview = Overview.of(report);
    this.results =
        overview.stories().stream()
            .filter(s -> !(report.applied() && s.outcome() == Outcome.FIXED))
            .filter(s -> s.outcome() != Outcome.CLEARED)
            .toList();
    results.forEach(
        s -> rules.putIfAbsent(s.subject().vulnerability().id(), s.subject().vulnerability()));
    for (FileChange change : report.changes()) {
      sources.put(
          change.file(), new String(change.before(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  void write(Writer writer) throws IOException {
    Json.document(
        writer,
        json -> {
          json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
          json.text("version", "2.1.0");
          json.single("runs", () -> run(json));
        });
  }

  private void run(Json json) throws IOException {
    json.object(
        "tool",
        () ->
            json.object(
                "driver",
                () -> {
                  json.text("name", "underpin");
                  json.text("version", report.toolVersion());
                  json.array("rules", rules.values(), rule -> json.object(() -> rule(json, rule)));
                }));
    json.single(
        "invocations",
        () -> {
          json.flag("executionSuccessful", true);
          json.array(
              "toolExecutionNotifications",
              report.inventory().problems(),
              problem ->
                  json.object(() -> {
                    json.text("level", "warning");
                    json.object(
                        "message",
                        () -> json.text("text", problem.place() + ": " + problem.message()));
                  }));
        });
    json.object(
        "originalUriBaseIds",
        () ->
            json.object(
                BASE,
                () ->
                    json.object(
                        "description", () -> json.text("text", "The folder of the target."))));
    json.text("columnKind", "utf16CodeUnits");
    List<String> ids = List.copyOf(rules.keySet());
    json.array(
        "results",
        results,
        story ->
            json.object(() ->
                result(
                    json,
                    story,
                    java.util.Collections.binarySearch(
                        ids, story.subject().vulnerability().id()))));
  }

  private void rule(Json json, Vulnerability v) throws IOException {
    json.text("id", v.id());
    json.object(
        "shortDescription", () -> json.text("text", v.summary().isEmpty() ? v.id() : v.summary()));
    List<String> links = v.references().stream().filter(Identity::isWebAddress).toList();
    if (v.id().matches("CVE-\\d{4}-\\d{4,19}")) {
      json.text("helpUri", "https://nvd.nist.gov/vuln/detail/" + v.id());
    } else if (!links.isEmpty()) {
      json.text("helpUri", links.getFirst());
    }
    json.object(
        "help",
        () ->
            json.text(
                "text",
                v.id()
                    + (v.aliases().isEmpty() ? "" : ", also " + String.join(", ", v.aliases()))
                    + ".\n"
                    + String.join("\n", links)));
    json.object("defaultConfiguration", () -> json.text("level", level(v.severity())));
    json.object(
        "properties",
        () -> {
          json.text("security-severity", securitySeverity(v));
          TreeSet<String> tags = new TreeSet<>(List.of("security", "vulnerability"));
          v.cwes().stream()
              .filter(c -> c.matches("CWE-[0-9]{1,6}"))
              .forEach(c -> tags.add("external/cwe/" + c.toLowerCase(Locale.ROOT)));
          if (v.kev()) {
            tags.add("known-exploited");
          }
          json.texts("tags", tags);
        });
  }

  private void result(Json json, CaseStory story, int ruleIndex) throws IOException {
    Vulnerability v = story.subject().vulnerability();
    Component component = story.subject().component();
    json.text("ruleId", v.id());
    json.number("ruleIndex", ruleIndex);
    json.text("level", level(v.severity()));
    Vex vex = Vex.of(story, report.applied());
    json.object(
        "message",
        () ->
            json.text(
                "text",
                component.display()
                    + " has "
                    + v.id()
                    + (v.summary().isEmpty() ? "" : ": " + v.summary())
                    + ". "
                    + vex.statement()));
    Place place = place(component);
    json.single(
        "locations",
        () -> {
          json.object(
              "physicalLocation",
              () -> {
                artifact(json, place.file());
                json.object("region", () -> json.number("startLine", place.line()));
              });
          json.single(
              "logicalLocations",
              () -> {
                json.text("fullyQualifiedName", component.purl());
                json.text("kind", "package");
              });
        });
    json.object(
        "partialFingerprints",
        () -> json.text("underpin/case/v1", Identity.sha256(story.subject().id())));
    if (story.accepted().isPresent()) {
      var risk = story.accepted().get();
      json.single(
          "suppressions",
          () -> {
            json.text("kind", "external");
            json.text("status", "accepted");
            json.text(
                "justification",
                "%s (%s, until %s)".formatted(risk.reason(), risk.author(), risk.expires()));
          });
    }
    if (story.patch().isPresent()
        && (story.outcome() == Outcome.FIXED || story.outcome() == Outcome.NOT_VERIFIED)) {
      fixes(json, story.patch().get());
    }
    if (story.reach() instanceof Reach.Reached(List<String> path, List<String> functions)) {
      json.single(
          "codeFlows",
          () -> {
            json.object(
                "message", () -> json.text("text", Words.REACHED + Words.others(functions)));
            json.single(
                "threadFlows",
                () ->
                    json.array(
                        "locations",
                        path,
                        step ->
                            json.object(() ->
                                json.object(
                                    "location",
                                    () -> json.object("message", () -> json.text("text", step))))));
          });
    }
    json.object(
        "properties",
        () -> {
          json.text("outcome", story.outcome().word());
          json.text("reach", story.reach().word());
          if (story.reach() instanceof Reach.Undecided(String because, List<String> way)
              && !way.isEmpty()) {
            json.text("because", because);
            json.texts("way", way);
          }
          json.text("component", component.purl());
          if (v.epss().isPresent()) {
            json.number("epss", v.epss().getAsDouble());
          }
        });
  }

  /** Only edits that are found in the files as recorded; a fix in the wrong place is none. */
  private void fixes(Json json, Patch patch) throws IOException {
    SortedMap<String, List<Replacement>> byFile = new TreeMap<>();
    for (Patch.Edit edit : patch.edits()) {
      Optional<Replacement> replacement = replacement(edit);
      if (replacement.isEmpty()) {
        return;
      }
      byFile.computeIfAbsent(edit.file(), _ -> new ArrayList<>()).add(replacement.get());
    }
    if (byFile.isEmpty()) {
      return;
    }
    json.single(
        "fixes",
        () -> {
          json.object("description", () -> json.text("text", patch.summary()));
          json.array(
              "artifactChanges",
              byFile.entrySet(),
              file ->
                  json.object(() -> {
                    artifact(json, file.getKey());
                    json.array(
                        "replacements",
                        file.getValue(),
                        r -> json.object(() -> replacement(json, r)));
                  }));
        });
  }

  private record Replacement(int line, int startColumn, int endColumn, String text) {}

  private Optional<Replacement> replacement(Patch.Edit edit) {
    List<String> lines = sources.getOrDefault(edit.file(), List.of());
    if (edit.before().isEmpty() || edit.line() < 1 || edit.line() > lines.size()) {
      return Optional.empty();
    }
    int column = lines.get(edit.line() - 1).indexOf(edit.before());
    return column < 0
        ? Optional.empty()
        : Optional.of(
            new Replacement(
                edit.line(), column + 1, column + 1 + edit.before().length(), edit.after()));
  }

  private static void replacement(Json json, Replacement r) throws IOException {
    json.object(
        "deletedRegion",
        () -> {
          json.number("startLine", r.line());
          json.number("startColumn", r.startColumn());
          json.number("endLine", r.line());
          json.number("endColumn", r.endColumn());
        });
    json.object("insertedContent", () -> json.text("text", r.text()));
  }

  private record Place(String file, int line) {}

  /**
   * The line to show: where the version is declared, else where the direct dependency that brings
   * the component is, else the target itself.
   */
  private Place place(Component component) {
    Optional<Inventory.Entry> entry = overview.entry(component);
    Optional<Place> own = entry.flatMap(SarifRenderer::place);
    Optional<Place> direct =
        own.isPresent()
            ? own
            : entry.stream()
                .flatMap(e -> e.paths().stream())
                .flatMap(p -> overview.entry(p.steps().getFirst()).stream())
                .flatMap(e -> place(e).stream())
                .findFirst();
    Inventory.Target target = report.inventory().target();
    String whole =
        target.kind() == Inventory.Target.Kind.MAVEN_PROJECT
            ? "pom.xml"
            : String.valueOf(target.path().getFileName());
    return direct.orElseGet(() -> new Place(whole, 1));
  }

  private static Optional<Place> place(Inventory.Entry entry) {
    return entry
        .declaredAt()
        .filter(d -> d.editable() || d.kind() == Declaration.Kind.DOCUMENT)
        .map(d -> new Place(d.file(), Math.max(1, d.line())));
  }

  private static void artifact(Json json, String file) throws IOException {
    json.object(
        "artifactLocation",
        () -> {
          json.text("uri", Identity.uri(file));
          json.text("uriBaseId", BASE);
        });
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM, UNKNOWN -> "warning";
      case LOW, NONE -> "note";
    };
  }

  /** What code scanning pages sort by: a number from 0.0 to 10.0 as text. */
  private static String securitySeverity(Vulnerability v) {
    double score =
        v.cvss()
            .map(Vulnerability.Cvss::score)
            .orElse(
                switch (v.severity()) {
                  case CRITICAL -> 9.5;
                  case HIGH -> 8.0;
                  case MEDIUM, UNKNOWN -> 5.5;
                  case LOW -> 2.0;
                  case NONE -> 0.0;
                });
    return String.format(Locale.ROOT, "%.1f", score);
  }
}
