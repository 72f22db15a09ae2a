package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SARIF, CycloneDX and OpenVEX by the schemas of their owners, and what they say. */
class ExchangeFormatsTest {
  private final ObjectMapper mapper = new ObjectMapper();

  static Stream<Report> reports() {
    return Stream.of(
        SampleReport.everyOutcome(),
        SampleReport.everyOutcome().withApplied(true),
        SampleReport.scanOnly(),
        SampleReport.large(178),
        SampleReport.hostile());
  }

  static Stream<Report> andClean() {
    return Stream.concat(reports(), Stream.of(SampleReport.clean()));
  }

  @ParameterizedTest
  @MethodSource("andClean")
  void sarif_is_valid_by_the_schema_of_oasis(Report report) throws IOException {
    Schemas.assertValid(
        resource("/schema/sarif-schema-2.1.0.json"),
        SpecificationVersion.DRAFT_7,
        render(Format.SARIF, report));
  }

  @ParameterizedTest
  @MethodSource("andClean")
  void cyclonedx_is_valid_by_its_schema(Report report) throws IOException {
    assertThat(
            new JsonParser()
                .validate(
                    render(Format.CYCLONEDX, report).getBytes(StandardCharsets.UTF_8),
                    Version.VERSION_16))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("reports")
  void openvex_is_valid_by_its_rules(Report report) throws IOException {
    Schemas.assertValid(
        resource("/underpin/report/openvex-0.2.0.schema.json"),
        SpecificationVersion.DRAFT_2020_12,
        render(Format.OPENVEX, report));
  }

  @Test
  void golden() throws IOException {
    for (Format format : List.of(Format.SARIF, Format.CYCLONEDX, Format.OPENVEX)) {
      Golden.check(
          format.fileName().replace("report", "every-outcome"),
          render(format, SampleReport.everyOutcome()));
    }
  }

  @Test
  void sarif_places_a_case_on_the_line_that_declares_the_version_and_offers_the_edit()
      throws IOException {
    JsonNode result = sarifResult("CVE-2021-44228", SampleReport.everyOutcome());
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("pom.xml");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(21);
    JsonNode region = result.at("/fixes/0/artifactChanges/0/replacements/0/deletedRegion");
    assertThat(region.get("startLine").asInt()).isEqualTo(21);
    assertThat(region.get("startColumn").asInt()).isEqualTo(1);
  }

  @Test
  void sarif_places_what_a_library_brings_on_the_line_of_that_library() throws IOException {
    JsonNode result = sarifResult("CVE-2022-1471", SampleReport.everyOutcome());
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(12);
    assertThat(result.at("/suppressions/0/status").asText()).isEqualTo("accepted");
  }

  @Test
  void sarif_has_no_result_for_what_an_applied_patch_removed() throws IOException {
    assertThat(
            mapper
                .readTree(render(Format.SARIF, SampleReport.everyOutcome().withApplied(true)))
                .at("/runs/0/results"))
        .hasSize(9);
  }

  @Test
  void a_fix_that_is_not_applied_leaves_the_target_affected() throws IOException {
    assertThat(vex("CVE-2021-44228", SampleReport.everyOutcome()).get("status").asText())
        .isEqualTo("affected");
    assertThat(vex("CVE-2021-44228", SampleReport.everyOutcome()).get("action_statement").asText())
        .contains("log4j 2.14.1 → 2.17.1");
    assertThat(
            vex("CVE-2021-44228", SampleReport.everyOutcome().withApplied(true))
                .get("status")
                .asText())
        .isEqualTo("fixed");
  }

  @Test
  void only_what_was_searched_and_not_reached_is_not_affected() throws IOException {
    List<String> notAffected = new ArrayList<>();
    mapper
        .readTree(render(Format.OPENVEX, SampleReport.everyOutcome()))
        .get("statements")
        .forEach(s -> {
          if (s.get("status").asText().equals("not_affected")) {
            notAffected.add(s.at("/vulnerability/name").asText());
          }
        });
    assertThat(notAffected).containsExactly("GHSA-5mg8-w23w-74h3");
    assertThat(vex("CVE-2020-15250", SampleReport.everyOutcome()).get("status").asText())
        .isEqualTo("under_investigation");
  }

  @Test
  void a_case_without_a_patch_says_what_would_help() throws IOException {
    assertThat(vex("CVE-2021-42392", SampleReport.everyOutcome()).get("action_statement").asText())
        .contains("getMaxMemoryRows")
        .contains("backport");
  }

  @Test
  void cyclonedx_keeps_the_graph_and_has_no_time_unless_given_one() throws IOException {
    JsonNode bom = mapper.readTree(render(Format.CYCLONEDX, SampleReport.everyOutcome()));
    assertThat(bom.at("/metadata/timestamp").isMissingNode()).isTrue();
    assertThat(bom.get("serialNumber").asText()).startsWith("urn:uuid:");
    boolean[] seen = {false};
    bom.get("dependencies")
        .forEach(d -> {
          if (d.get("ref").asText().contains("spring-boot-starter-web")) {
            assertThat(d.get("dependsOn").toString()).contains("tomcat-embed-core");
            seen[0] = true;
          }
        });
    assertThat(seen[0]).isTrue();
    String timed =
        Golden.render(
            Format.CYCLONEDX,
            SampleReport.everyOutcome(),
            RenderOptions.forFile().withTime(Instant.parse("2026-11-24T00:00:00Z")));
    assertThat(mapper.readTree(timed).at("/metadata/timestamp").asText())
        .isEqualTo("2026-11-24T00:00:00Z");
  }

  private JsonNode sarifResult(String id, Report report) throws IOException {
    for (JsonNode result : mapper.readTree(render(Format.SARIF, report)).at("/runs/0/results")) {
      if (result.get("ruleId").asText().equals(id)) {
        return result;
      }
    }
    throw new AssertionError("no result for " + id);
  }

  private JsonNode vex(String id, Report report) throws IOException {
    for (JsonNode s : mapper.readTree(render(Format.OPENVEX, report)).get("statements")) {
      if (s.at("/vulnerability/name").asText().equals(id)) {
        return s;
      }
    }
    throw new AssertionError("no statement for " + id);
  }

  private static String render(Format format, Report report) throws IOException {
    return Golden.render(format, report, RenderOptions.forFile());
  }

  private static String resource(String path) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ExchangeFormatsTest.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
