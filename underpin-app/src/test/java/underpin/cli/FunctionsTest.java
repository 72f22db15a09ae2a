package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import underpin.cli.Program.Run;

/** {@code advisories functions}. */
class FunctionsTest {
  private static Run run(String... args) {
    return Program.here(Clock.systemUTC(), args);
  }

  private static void assertValid(String document) throws Exception {
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(
                    Files.readString(Path.of("..", "docs", "formats", "functions-1.schema.json")))
                .validate(document, InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void what_ships_needs_no_network_and_follows_the_schema_by_any_id() throws Exception {
    Run byCve =
        run("advisories", "functions", "CVE-2013-7285", "--offline", "-f", "json").isPlain();
    assertThat(byCve.code()).isZero();
    assertValid(byCve.out());
    JsonNode first = new ObjectMapper().readTree(byCve.out()).path("functions").get(0);
    assertThat(first.path("inCut").asBoolean()).isTrue();
    assertThat(first.path("className").asText()).startsWith("com.thoughtworks.xstream.");
    assertThat(
            run("advisories", "functions", "ghsa-f554-x222-wgf7", "--offline", "-f", "json").out())
        .isEqualTo(byCve.out());
  }

  @Test
  void a_person_sees_the_published_ones_and_is_told_of_the_others() {
    Run cut = run("advisories", "functions", "CVE-2013-7285", "--offline").isPlain();
    Run all = run("advisories", "functions", "CVE-2013-7285", "--offline", "--all").isPlain();
    assertThat(cut.out()).contains("  1 * com.thoughtworks.xstream.", " → ", "--all lists them");
    assertThat(all.out().lines().count()).isGreaterThan(cut.out().lines().count());
  }

  @Test
  void an_unknown_id_is_wrong_usage_and_what_cannot_be_named_says_why() throws Exception {
    Run unknown = run("advisories", "functions", "CVE-1999-0001").isPlain();
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("CVE-1999-0001", "advisories update");
    Run npm = run("advisories", "functions", "CVE-2021-23337", "--offline", "-f", "json").isPlain();
    assertThat(npm.code()).isEqualTo(3);
    assertValid(npm.out());
    assertThat(npm.out()).contains("\"status\" : \"undecided\"");
    assertThat(run("advisories", "functions", "CVE-2021-23337", "--offline").out())
        .contains("no function can be named");
  }
}
