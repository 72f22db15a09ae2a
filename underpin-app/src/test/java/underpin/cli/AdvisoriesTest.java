package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cli.Program.Run;

/** {@code advisories update} and {@code import}, as a process whose home is empty. */
class AdvisoriesTest {
  private static final String RECORD =
      """
      {"schema_version":"1.6.0","id":"ACME-2026-1","modified":"2026-10-02T00:00:00Z",
       "published":"2026-10-02T00:00:00Z","summary":"A flaw of our own",
       "affected":[{"package":{"ecosystem":"Maven","name":"com.acme:anvil"},
       "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":"2.0"}]}]}]}
      """
          .replace("\n", "");

  @TempDir Path temp;
  private Program program;
  private Path export;

  @BeforeEach
  void an_export() throws Exception {
    program = new Program(temp);
    export = temp.resolve("mine.jsonl");
    Files.writeString(export, RECORD + "\n");
  }

  @Test
  void an_imported_advisory_counts_from_then_on_and_stands_beside_the_shipped_ones()
      throws Exception {
    Run imported = program.run("advisories", "import", export.toString()).isPlain();
    assertThat(imported.code()).isZero();
    assertThat(imported.out()).contains("Read 1 records").contains("2026-10-02");
    Run affected = program.run("advisories", "show", "com.acme:anvil:1.5").isPlain();
    assertThat(affected.out()).contains("ACME-2026-1").contains("A flaw of our own");
    assertThat(program.run("advisories", "show", "com.acme:anvil:2.0").out())
        .doesNotContain("ACME-2026-1");
    assertThat(program.run("advisories", "show", "CVE-2021-44228").out())
        .contains("org.apache.logging.log4j:log4j-core");
  }

  @Test
  void a_file_is_a_source_of_updates_too() throws Exception {
    Run updated =
        program
            .run("advisories", "update", "--from", export.toString(), "--format", "json")
            .isPlain();
    assertThat(updated.code()).isZero();
    assertThat(updated.out())
        .contains("\"result\" : \"updated\"")
        .contains("\"newest\" : \"2026-10-02\"");
  }

  @Test
  void what_cannot_be_had_is_told_and_changes_nothing() throws Exception {
    Run dead =
        program.run(
            "advisories", "update", "--from", "http://127.0.0.1:1/osv", "--ecosystem", "Go");
    assertThat(dead.isPlain().code()).isEqualTo(3);
    assertThat(dead.err()).contains("http://127.0.0.1:1/osv/Go/all.zip").contains("unchanged");
    assertThat(program.run("advisories", "show", "com.acme:anvil:1.5").out())
        .doesNotContain("ACME");
  }

  @Test
  void wrong_sources_are_wrong_usage() throws Exception {
    Run missing = program.run("advisories", "import", temp.resolve("none.zip").toString());
    assertThat(missing.isPlain().code()).isEqualTo(2);
    assertThat(missing.err()).contains("none.zip does not exist");
    Run scheme = program.run("advisories", "update", "--from", "ftp://mirror.example/osv");
    assertThat(scheme.isPlain().code()).isEqualTo(2);
    Run which = program.run("advisories", "update", "--from", "http://127.0.0.1:1/all.zip");
    assertThat(which.isPlain().code()).isEqualTo(2);
    assertThat(which.err()).contains("--ecosystem");
  }

  @Test
  void a_file_that_is_no_export_is_named_with_its_line() throws Exception {
    Files.writeString(export, "not json\n");
    Run run = program.run("advisories", "import", export.toString()).isPlain();
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("mine.jsonl").contains("neither a zip nor OSV JSON (line 1");
  }
}
