package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonFormatTest {
  private static final Path SCHEMA =
      Path.of(System.getProperty("underpin.root", ".."))
          .resolve("docs/formats/report-1.schema.json");

  static Stream<Report> reports() {
    return Stream.of(
        SampleReport.everyOutcome(),
        SampleReport.everyOutcome().withApplied(true),
        SampleReport.scanOnly(),
        SampleReport.clean(),
        SampleReport.large(300),
        SampleReport.hostile());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void valid_by_the_published_schema(Report report) throws IOException {
    Schemas.assertValid(Files.readString(SCHEMA), SpecificationVersion.DRAFT_2020_12, json(report));
  }

  @Test
  void every_outcome() throws IOException {
    Golden.check("every-outcome.json", json(SampleReport.everyOutcome()));
  }

  @Test
  void the_names_of_issue_2_stay() throws IOException {
    JsonNode root = new ObjectMapper().readTree(json(SampleReport.everyOutcome()));
    assertThat(root.get("schema").asText()).isEqualTo("underpin/report/1");
    assertThat(names(root)).contains("target", "advisories", "components", "cases", "summary");
    assertThat(names(root.get("components").get(0)))
        .contains("purl", "scopes", "direct", "declaredAt", "paths");
    assertThat(names(root.at("/components/0/declaredAt"))).contains("file", "line", "kind");
    assertThat(names(root.get("cases").get(0)))
        .contains("id", "component", "vulnerability", "reach", "patch", "verdict");
    assertThat(names(root.at("/cases/0/vulnerability")))
        .contains("id", "aliases", "severity", "cvss", "epss", "kev");
    assertThat(names(root.at("/cases/0/reach"))).contains("verdict");
    assertThat(names(root.at("/cases/0/patch"))).contains("kind", "summary", "edits");
    assertThat(names(root.at("/cases/0/verdict"))).contains("result", "rungs");
    assertThat(names(root.at("/cases/0/verdict/rungs/0")))
        .contains("rung", "name", "result", "because");
  }

  @Test
  void a_case_without_a_patch_says_why_and_ran_no_rung() throws IOException {
    JsonNode root = new ObjectMapper().readTree(json(SampleReport.everyOutcome()));
    List<JsonNode> declined = new ArrayList<>();
    root.get("cases")
        .forEach(c -> {
          if (c.get("outcome").asText().equals("no-patch")) {
            declined.add(c);
          }
        });
    assertThat(declined).hasSize(2);
    assertThat(declined)
        .allSatisfy(c -> {
          assertThat(c.at("/patch/kind").asText()).isEqualTo("none");
          assertThat(c.at("/patch/because").asText()).isNotEmpty();
          assertThat(c.at("/patch/wouldHelp").asText()).isNotEmpty();
          assertThat(c.at("/verdict/result").asText()).isEqualTo("not-verified");
          assertThat(c.at("/verdict/rungs").isArray()).isTrue();
          assertThat(c.at("/verdict/rungs")).isEmpty();
        });
  }

  @Test
  void strings_of_strangers_come_back_as_they_were_but_for_lone_surrogates() throws IOException {
    Report report = SampleReport.hostile();
    JsonNode root = new ObjectMapper().readTree(json(report));
    assertThat(root.at("/cases/0/vulnerability/summary").asText())
        .isEqualTo(report.cases().getFirst().vulnerability().summary().replace('\ud800', '?'));
  }

  @Test
  void the_same_report_gives_the_same_bytes() throws IOException {
    for (Format format : Format.values()) {
      assertThat(Golden.render(format, SampleReport.everyOutcome(), RenderOptions.forFile()))
          .isEqualTo(Golden.render(format, SampleReport.everyOutcome(), RenderOptions.forFile()));
    }
  }

  @Test
  void a_hundred_thousand_components_are_streamed() throws IOException {
    Report report = SampleReport.withComponents(100_000);
    long[] written = {0};
    long[] writes = {0};
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            written[0]++;
          }

          @Override
          public void write(byte[] b, int off, int len) {
            assertThat(len).isLessThan(1 << 18);
            written[0] += len;
            writes[0]++;
          }
        };
    Format.JSON.render(report, counting, RenderOptions.forFile());
    assertThat(written[0]).isGreaterThan(50_000_000);
    assertThat(writes[0]).isGreaterThan(1_000);
  }

  private static String json(Report report) throws IOException {
    return Golden.render(Format.JSON, report, RenderOptions.forFile());
  }

  private static TreeSet<String> names(JsonNode node) {
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
