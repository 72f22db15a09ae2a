package underpin.report;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.SortedSet;
import java.util.TreeSet;
import underpin.cases.Vulnerability;

/**
 * Writes OpenVEX 0.2.0. One statement per case; the product is the target, the component its
 * subcomponent. A report without cases has no statement to make: the array is then empty, which the
 * published schema does not foresee.
 */
final class OpenVexRenderer {
  static final String CONTEXT = "https://openvex.dev/ns/v0.2.0";

  private final Report report;
  private final Overview overview;
  private final Instant at;
  private final String product;

  OpenVexRenderer(Report report, RenderOptions options) {
    this.report = report;
    this.overview = Overview.of(report);
    this.at = options.at().orElseGet(() -> newest(report.advisories().newest()));
    this.product = Identity.purl(report.inventory().target());
  }

  void write(Writer writer) throws IOException {
    // From what is said, not from when: the same run at another time is the same document.
    OpenVexRenderer timeless = new OpenVexRenderer(report, RenderOptions.forFile());
    String id = Identity.urn(json -> timeless.document(json, "urn:uuid:0"));
    Json.document(writer, json -> document(json, id));
  }

  private void document(Json json, String id) throws IOException {
    json.text("@context", CONTEXT);
    json.text("@id", id);
    json.text("author", "underpin");
    json.text("role", "Document Creator");
    json.text("timestamp", at.toString());
    json.number("version", 1);
    json.text("tooling", "underpin " + report.toolVersion());
    json.array(
        "statements", overview.stories(), story -> json.object(() -> statement(json, story)));
  }

  private void statement(Json json, CaseStory story) throws IOException {
    Vulnerability v = story.subject().vulnerability();
    json.object(
        "vulnerability",
        () -> {
          if (v.id().matches("CVE-\\d{4}-\\d{4,19}")) {
            json.text("@id", "https://nvd.nist.gov/vuln/detail/" + v.id());
          } else if (v.id().matches("GHSA(-[a-z0-9]{4}){3}")) {
            json.text("@id", "https://github.com/advisories/" + v.id());
          }
          json.text("name", v.id());
          json.textIfAny("description", v.summary());
          // "uniqueItems" counts after encoding: two broken ids may become one.
          SortedSet<String> aliases = new TreeSet<>(v.aliases());
          json.textsIfAny("aliases", aliases);
        });
    String purl = story.subject().component().purl();
    json.single(
        "products",
        () -> {
          json.text("@id", product);
          json.single(
              "subcomponents",
              () -> {
                json.text("@id", purl);
                json.object("identifiers", () -> json.text("purl", purl));
              });
        });
    Vex vex = Vex.of(story, report.applied());
    json.text("status", vex.status());
    switch (vex.status()) {
      case "affected" -> json.text("action_statement", vex.statement());
      // The schema takes a justification or an impact statement, not both.
      case "not_affected" -> {
        json.text("status_notes", vex.statement());
        json.text("justification", vex.justification());
      }
      default -> json.textIfAny("status_notes", vex.statement());
    }
  }

  /** A document needs a time; without a clock it is that of what was known: the newest advisory. */
  private static Instant newest(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException notAnInstant) {
      try {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException notADate) {
        return Instant.EPOCH;
      }
    }
  }
}
