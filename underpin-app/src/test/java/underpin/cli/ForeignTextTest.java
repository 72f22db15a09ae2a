package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.evidence.EvidenceWriter;
import underpin.evidence.Keys;
import underpin.evidence.Statement;

/** Strangers' words must not command the terminal. */
class ForeignTextTest {
  /** ESC, CSI as one character, DEL, a turned reading direction, and a line of its own. */
  private static final String HOSTILE = "a\u001b[2Jb\u009b31mc\u007fd\u202ee\rf";

  @TempDir Path temp;

  private static void assertHarmless(Program.Run run) {
    assertThat((run.out() + run.err()).codePoints().filter(c -> c != '\n').boxed())
        .as(run.out() + run.err())
        .isNotEmpty()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
  }

  @Test
  void a_bundle_whose_steps_and_types_hold_escapes() throws Exception {
    EvidenceWriter writer = EvidenceWriter.create(Keys.generate());
    List<Statement.Subject> subjects = List.of(Statement.Subject.of(HOSTILE, new byte[1]));
    writer.append(
        Statement.of(
            subjects, "https://example.org/a", Map.of("step", HOSTILE, "verdict", HOSTILE)));
    writer.append(Statement.of(subjects, "https://example.org/" + HOSTILE, Map.of()));
    Path bundle = temp.resolve("evidence.bundle");
    writer.writeTo(bundle);
    Program.Run text = Program.here("verify", bundle.toString());
    assertThat(text.code()).isZero();
    assertThat(text.out()).contains("VALID  ", "    1  a\ufffd[2Jb\ufffd31mc\ufffdd\ufffde f");
    assertHarmless(text);
    Program.Run json = Program.here("verify", bundle.toString(), "--format=json");
    assertHarmless(json);
    JsonNode statements = new ObjectMapper().readTree(json.out()).path("statements");
    assertThat(statements.has(HOSTILE + " " + HOSTILE)).as("JSON keeps the text").isTrue();
  }

  @Test
  void a_refused_bundle_whose_path_holds_escapes() throws Exception {
    Path bundle = temp.resolve(HOSTILE);
    Files.writeString(bundle, HOSTILE);
    Program.Run run = Program.here("verify", bundle.toString());
    assertThat(run.out()).startsWith("REFUSED  ");
    assertHarmless(run);
    Program.Run missing = Program.here("verify", bundle + "x");
    assertThat(missing.err()).contains("does not exist");
    assertHarmless(missing);
  }

  @Test
  void a_pom_whose_group_holds_escapes() throws Exception {
    Files.writeString(
        temp.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>ex\u009b31mample\u202e</groupId>
          <artifactId>bad</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules><module>a</module></modules>
        </project>
        """);
    Path module = Files.createDirectories(temp.resolve("a"));
    Files.writeString(
        module.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>ex\u009b31mample\u202e</groupId>
          <artifactId>a</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>ex\u009b31mample\u202e</groupId><artifactId>a</artifactId><version>1</version>
            </dependency>
          </dependencies>
        </project>
        """);
    Program.Run run = Program.here("scan", temp.toString(), "--offline");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("underpin: ").contains("31mample");
    assertHarmless(run);
    Program.Run debug = Program.here("--debug", "scan", temp.toString(), "--offline");
    assertThat(debug.err()).contains("\tat ", "31mample");
    assertHarmless(new Program.Run(debug.code(), debug.out(), debug.err().replace("\t", "")));
  }

  @Test
  void an_advisory_whose_texts_hold_escapes() throws Exception {
    String text = new ObjectMapper().writeValueAsString(HOSTILE);
    Path export = temp.resolve("mine.jsonl");
    Files.writeString(
        export,
        """
        {"schema_version":"1.6.0","id":"ACME-2026-1","modified":"2026-10-02T00:00:00Z",\
        "published":"2026-10-02T00:00:00Z","summary":%1$s,"aliases":[%1$s],\
        "affected":[{"package":{"ecosystem":"Maven","name":"com.acme:anvil"},"versions":[%1$s],\
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":%1$s}]}]}]}
        """
            .formatted(text));
    Program program = new Program(temp);
    assertThat(program.run("advisories", "import", export.toString()).isPlain().code()).isZero();
    Program.Run shown = program.run("advisories", "show", "ACME-2026-1").isPlain();
    assertThat(shown.out()).contains("ACME-2026-1", "[2Jb");
    assertHarmless(shown);
    Program.Run json = program.run("advisories", "show", "ACME-2026-1", "--format=json").isPlain();
    assertThat(new ObjectMapper().readTree(json.out()).findValue("summary").asText())
        .contains("b\u009b31mc\u007fd");
    assertHarmless(json);
  }
}
