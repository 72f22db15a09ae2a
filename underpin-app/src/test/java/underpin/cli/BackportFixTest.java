package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project that uses what the fixed release of a component no longer has, from the fix put on the
 * release in use to the report that knows it again.
 */
class BackportFixTest {
  private static final String CASE = "CVE-2022-1471@pkg:maven/org.yaml/snakeyaml@1.33";

  /** Not always the first: the local repository may hold a release of ours with other code. */
  private static final Pattern RELEASE =
      Pattern.compile("<version>(1\\.33-underpin\\.\\d+)</version>");

  @TempDir static Path shared;

  private static Path project;
  private static Program.Run fixed;
  private static JsonNode report;
  private static int evidence;

  @BeforeAll
  static void fix_and_apply() throws IOException {
    project = Files.createDirectories(shared.resolve("project"));
    write(
        "pom.xml",
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>settings</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>
            <dependency>
              <groupId>org.yaml</groupId>
              <artifactId>snakeyaml</artifactId>
              <version>1.33</version>
            </dependency>
            <dependency>
              <groupId>org.junit.jupiter</groupId>
              <artifactId>junit-jupiter</artifactId>
              <version>6.1.3</version>
              <scope>test</scope>
            </dependency>
          </dependencies>
          <build><plugins>
            <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
            <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
            <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
            <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
          </plugins></build>
        </project>
        """);
    write(
        "src/main/java/example/Settings.java",
        """
        package example;
        import org.yaml.snakeyaml.Yaml;
        import org.yaml.snakeyaml.constructor.SafeConstructor;
        public class Settings {
          public static Object read(String text) {
            return new Yaml(new SafeConstructor()).load(text);
          }
        }
        """);
    write(
        "src/test/java/example/SettingsTest.java",
        """
        package example;
        import static org.junit.jupiter.api.Assertions.assertEquals;
        import org.junit.jupiter.api.Test;
        class SettingsTest {
          @Test void reads() { assertEquals("{a=1}", Settings.read("a: 1").toString()); }
        }
        """);
    fixed = Program.here("fix", project.toString(), "--reach", "none", "--apply");
    report = report(Files.readString(project.resolve(".underpin/report.json")));
    evidence =
        Program.here("verify", project.resolve(".underpin/evidence.bundle").toString()).code();
  }

  private static void write(String name, String text) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static JsonNode report(String text) throws IOException {
    for (JsonNode each : new ObjectMapper().readTree(text).path("cases")) {
      if (each.path("vulnerability").path("id").asText().equals("CVE-2022-1471")) {
        return each;
      }
    }
    throw new AssertionError("no case of CVE-2022-1471 in " + text);
  }

  @Test
  void what_no_upgrade_removes_is_fixed_on_the_version_in_use_and_stands_every_rung_that_runs() {
    assertThat(fixed.code()).as(fixed.out() + fixed.err()).isZero();
    JsonNode one = report;
    assertThat(one.path("id").asText()).isEqualTo(CASE);
    assertThat(one.path("outcome").asText()).isEqualTo("fixed");
    assertThat(one.path("patch").path("kind").asText()).isEqualTo("backport");
    Map<Integer, String> results = new TreeMap<>();
    one.path("verdict")
        .path("rungs")
        .forEach(r -> results.put(r.path("rung").asInt(), r.path("result").asText()));
    assertThat(results).hasSize(11);
    assertThat(results.values()).as("%s", one.path("verdict")).containsOnly("passed");
  }

  @Test
  void the_release_and_the_place_that_names_it_are_in_the_project() throws IOException {
    String pom = Files.readString(project.resolve("pom.xml"));
    assertThat(pom)
        .containsPattern(RELEASE)
        .contains("<url>file://${maven.multiModuleProjectDirectory}/underpin-repository</url>");
    String version = RELEASE.matcher(pom).results().findFirst().orElseThrow().group(1);
    String release =
        "underpin-repository/org/yaml/snakeyaml/%s/snakeyaml-%s".formatted(version, version);
    for (String end :
        new String[] {".jar", ".jar.sha1", ".pom", "-sources.jar", ".patch", ".openvex.json"}) {
      assertThat(project.resolve(release + end)).isNotEmptyFile();
    }
    assertThat(Files.readString(project.resolve(release + ".openvex.json")))
        .contains("\"status\" : \"fixed\"", "Rung 6, ", "the proof of the flaw stops");
  }

  @Test
  void the_evidence_is_accepted() {
    assertThat(evidence).isZero();
  }

  @Test
  void a_later_scan_and_fix_know_the_fix_by_its_code() throws IOException {
    Program.Run scan =
        Program.here("scan", project.toString(), "--reach", "none", "--format", "json");
    JsonNode one = report(scan.out());
    assertThat(one.path("outcome").asText()).isEqualTo("cleared");
    assertThat(one.path("fixFound").path("functions").toString())
        .contains("org.yaml.snakeyaml.constructor.BaseConstructor");
    assertThat(scan.code()).isZero();
    JsonNode vex =
        new ObjectMapper()
            .readTree(
                Program.here("scan", project.toString(), "--reach", "none", "--format", "openvex")
                    .out());
    assertThat(vex.path("statements").path(0).path("status").asText()).isEqualTo("fixed");
    assertThat(vex.path("statements").path(0).path("status_notes").asText())
        .contains("BaseConstructor");
    Program.Run again = Program.here("fix", project.toString(), "--reach", "none");
    assertThat(again.code()).as(again.out()).isZero();
    assertThat(again.out()).contains("Cleared").doesNotContain("No patch");
  }
}
