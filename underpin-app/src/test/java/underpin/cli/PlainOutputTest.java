package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no report goes where the user says, too. */
class PlainOutputTest {
  @TempDir Path temp;

  @Test
  void an_advisory_is_written_to_the_named_file() throws Exception {
    Path file = temp.resolve("advisory.json");
    Program.Run run =
        Program.here("advisories", "show", "CVE-2021-44228", "--format=json", "--output=" + file);
    assertThat(run.isPlain().code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(Files.readString(file)).contains("\"id\" : \"CVE-2021-44228\"");
  }

  @Test
  void the_public_key_can_be_had_as_json_and_pinned_by_its_id() throws Exception {
    Program program = new Program(temp);
    Path file = temp.resolve("key.json");
    Program.Run run = program.run("key", "show", "--format=json", "--output=" + file);
    assertThat(run.isPlain().code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(Files.readString(file))
        .containsPattern("\"keyId\" : \"[0-9a-f]{64}\"")
        .contains("BEGIN PUBLIC KEY")
        .doesNotContain("PRIVATE");
    Path secret = program.home().resolve(".config/underpin/signing-key.pem");
    assertThat(Files.getPosixFilePermissions(secret))
        .hasSize(2)
        .allMatch(p -> p.name().startsWith("OWNER"));
  }
}
