package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;

/** What lies in a jar under another name, from its code to what the reports say. */
class CopiesTest {
  @TempDir Path temp;

  /** A release of commons-text as nobody would know it: its classes alone, in another jar. */
  private Path copy(String version, boolean described) throws Exception {
    Path jar = temp.resolve("tool-" + version + described + ".jar");
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults());
        ZipFile from =
            new ZipFile(
                maven
                    .fetch(new Gav("org.apache.commons", "commons-text", version))
                    .orElseThrow()
                    .toFile());
        OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry : from.stream().map(e -> (ZipEntry) e).toList()) {
        if (entry.getName().endsWith(".class")
            || (described && entry.getName().endsWith("pom.properties"))) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          from.getInputStream(entry).transferTo(to);
        }
      }
    }
    return jar;
  }

  private static JsonNode scan(Path jar, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("scan", jar.toString(), "--format", "json"));
    arguments.addAll(List.of(more));
    return new ObjectMapper()
        .readTree(Program.here(arguments.toArray(String[]::new)).isPlain().out());
  }

  private static List<String> ids(JsonNode report) {
    List<String> ids = new ArrayList<>();
    report.path("cases").forEach(c -> ids.add(c.path("vulnerability").path("id").asText()));
    return ids;
  }

  @Test
  void a_copy_without_any_description_is_found_with_its_advisory_and_its_evidence()
      throws Exception {
    Path jar = copy("1.9", false);
    JsonNode report = scan(jar);
    assertThat(ids(report)).contains("CVE-2022-42889");
    JsonNode component = report.path("components").path(0);
    assertThat(component.path("name").asText()).isEqualTo("org.apache.commons:commons-text");
    assertThat(component.path("version").asText()).isEqualTo("1.9");
    assertThat(component.path("embedded").path("carrier").asText())
        .isEqualTo(jar.getFileName().toString());
    assertThat(component.path("embedded").path("below").asText()).isEqualTo("1.10.0");
    assertThat(component.path("embedded").path("evidence").toString())
        .contains("org.apache.commons.text.", "\"digest\"");
    String shown = Program.here("scan", jar.toString(), "--verbose").isPlain().out();
    assertThat(shown).contains("commons-text:1.9 in tool-1.9false.jar");
    for (String format : List.of("sarif", "cyclonedx", "openvex", "html")) {
      assertThat(Program.here("scan", jar.toString(), "--format", format).isPlain().out())
          .as(format)
          .contains("CVE-2022-42889", "tool-1.9false.jar");
    }
  }

  @Test
  void a_fixed_copy_is_no_case_and_a_described_one_is_told_once() throws Exception {
    assertThat(ids(scan(copy("1.10.0", false)))).doesNotContain("CVE-2022-42889");
    JsonNode described = scan(copy("1.9", true));
    assertThat(described.path("components")).hasSize(1);
    assertThat(described.path("components").path(0).has("embedded")).isFalse();
  }

  @Test
  void nobody_need_have_it_searched() throws Exception {
    assertThat(ids(scan(copy("1.9", false), "--no-copies"))).isEmpty();
  }
}
