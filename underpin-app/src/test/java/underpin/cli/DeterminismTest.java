package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same target, advisories and version give the same bytes. */
class DeterminismTest {
  private static final String TIME = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z";

  @TempDir Path temp;

  /** Writes it anew, always in the same place: a report names the place of its target. */
  private Path project() throws Exception {
    Path project = temp.resolve("project");
    if (Files.exists(project)) {
      try (var files = Files.walk(project)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(project);
    StringBuilder dependencies = new StringBuilder();
    for (String name : List.of("commons-io:2.6", "commons-fileupload:1.3", "commons-text:1.9")) {
      String artifact = name.split(":")[0];
      dependencies.append(
          """
              <dependency>
                <groupId>%s</groupId>
                <artifactId>%s</artifactId>
                <version>%s</version>
              </dependency>
          """
              .formatted(
                  artifact.equals("commons-text") ? "org.apache.commons" : artifact,
                  artifact,
                  name.split(":")[1]));
    }
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>twice</artifactId>
          <version>1</version>
          <dependencies>
        %s  </dependencies>
        </project>
        """
            .formatted(dependencies));
    Files.createDirectories(project.resolve(".mvn/wrapper"));
    Files.writeString(project.resolve(".mvn/wrapper/maven-wrapper.properties"), "");
    // A build whose one test passes.
    Files.writeString(
        project.resolve("mvnw"),
        """
        #!/bin/sh
        mkdir -p target/surefire-reports
        echo '<testsuite name="A"><testcase classname="A" name="a" time="0"/></testsuite>' \
            > target/surefire-reports/TEST-A.xml
        """);
    return project;
  }

  private LoopbackRepository repository() throws Exception {
    return LoopbackRepository.start()
        .with("commons-io", "commons-io", "2.6", "2.7", "2.14.0")
        .with("commons-fileupload", "commons-fileupload", "1.3", "1.5", "1.6.0")
        .with("org.apache.commons", "commons-text", "1.9", "1.10.0");
  }

  @ParameterizedTest
  @EnumSource(Commands.Format.class)
  void two_scans_give_the_same_bytes(Commands.Format format) throws Exception {
    try (LoopbackRepository repository = repository()) {
      Path settings = repository.settings(temp.resolve("settings.xml"));
      String[] outs = new String[2];
      for (int i = 0; i < 2; i++) {
        Program.Run run =
            Program.here(
                "scan",
                project().toString(),
                "--settings=" + settings,
                "--maven-repo-local=" + temp.resolve("m2-" + i),
                "--format=" + format);
        assertThat(run.isPlain().code()).isEqualTo(1);
        outs[i] = run.out();
      }
      assertThat(outs[0]).contains("commons-io").isEqualTo(outs[1]);
    }
  }

  @Test
  void two_fixes_leave_the_same_bytes_apart_from_times() throws Exception {
    try (LoopbackRepository repository = repository()) {
      Path settings = repository.settings(temp.resolve("settings.xml"));
      Program program = new Program(temp);
      List<Map<String, String>> left = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Path project = project();
        Program.Run run =
            program.run(
                "fix",
                project.toString(),
                "--settings=" + settings,
                "--maven-repo-local=" + temp.resolve("m2-" + i));
        left.add(outputs(project.resolve(".underpin"), run));
        assertCanBeHandedOn(project);
      }
      assertThat(left.get(0))
          .containsKeys("fix.patch", "report.json", "report.html", "evidence.bundle");
      assertThat(left.get(0).keySet()).isEqualTo(left.get(1).keySet());
      left.get(0)
          .forEach(
              (name, content) -> assertThat(content).as(name).isEqualTo(left.get(1).get(name)));
    }
  }

  /** Patch, reports and evidence have the rights of any file that the user makes. */
  private static void assertCanBeHandedOn(Path project) throws Exception {
    var usual = Files.getPosixFilePermissions(project.resolve("pom.xml"));
    for (String name : List.of("fix.patch", "report.html", "evidence.bundle")) {
      assertThat(Files.getPosixFilePermissions(project.resolve(".underpin").resolve(name)))
          .as(name)
          .isEqualTo(usual);
    }
  }

  private static Map<String, String> outputs(Path folder, Program.Run run) throws Exception {
    Map<String, String> files = new TreeMap<>();
    files.put("standard output", run.isPlain().out());
    try (var inside = Files.list(folder)) {
      for (Path file : inside.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        files.put(
            "" + file.getFileName(),
            file.endsWith("evidence.bundle") ? statements(text) : text.replaceAll(TIME, "TIME"));
      }
    }
    return files;
  }

  /** What was signed, without the times in it; signatures and tree head are over the times too. */
  private static String statements(String bundle) {
    StringBuilder text = new StringBuilder();
    List<String> lines = bundle.lines().toList();
    for (String line : lines.subList(1, lines.size() - 1)) {
      String payload = line.replaceFirst(".*\"payload\":\"([^\"]*)\".*", "$1");
      text.append(
              new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8)
                  .replaceAll(TIME, "TIME"))
          .append('\n');
    }
    return text.toString();
  }
}
