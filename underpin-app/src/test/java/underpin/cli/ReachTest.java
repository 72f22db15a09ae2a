package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a vulnerable function is called, from the advisory to what the reports say. */
class ReachTest {
  private static final String ADVISORY =
      """
      {"schema_version":"1.6.0","id":"ACME-2026-1","modified":"2026-10-02T00:00:00Z",\
      "published":"2026-10-02T00:00:00Z","summary":"Anvil drops on what it should not",\
      "details":"Anvil.drop does not check its target.",\
      "affected":[{"package":{"ecosystem":"Maven","name":"com.acme:anvil"},\
      "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0"}]}]}]}
      """;

  private static final String ANVIL =
      """
      package com.acme;
      public class Anvil {
        public static String drop(String on) {%s
          return "dropped on " + on;
        }
        public static int weight() { return 50; }
      }
      """;

  @TempDir Path temp;
  private Program program;
  private Path project;

  @BeforeEach
  void an_advisory_and_a_project() throws Exception {
    program = new Program(temp);
    Path export = Files.writeString(temp.resolve("acme.jsonl"), ADVISORY);
    assertThat(program.run("advisories", "import", export.toString()).code()).isZero();
    project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>app</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>com.acme</groupId>
              <artifactId>anvil</artifactId>
              <version>1.5</version>
            </dependency>
          </dependencies>
        </project>
        """);
  }

  private Path compile(String name, String source, Path... classPath) throws Exception {
    Path sources = Files.createDirectories(temp.resolve("sources").resolve(name));
    Path classes = Files.createDirectories(temp.resolve("classes").resolve(name));
    Path file =
        Files.writeString(
            sources.resolve(source.replaceAll("(?s).*public class (\\w+).*", "$1") + ".java"),
            source);
    List<String> arguments =
        new ArrayList<>(List.of("-g", "--release", "17", "-d", classes.toString()));
    if (classPath.length > 0) {
      arguments.addAll(List.of("-cp", classPath[0].toString()));
    }
    arguments.add(file.toString());
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    return classes;
  }

  private static Map<String, byte[]> classes(Path folder) throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : Program.below(folder)) {
      if (name.endsWith(".class")) {
        files.put(name, Files.readAllBytes(folder.resolve(name)));
      }
    }
    return files;
  }

  private Program.Run scan(String body, String format, String... more) throws Exception {
    Path old = compile("1.5", ANVIL.formatted(""));
    Path fixed =
        compile(
            "2.0", ANVIL.formatted(" if (on.isBlank()) throw new IllegalArgumentException(); "));
    Path app =
        compile(
            "app",
            """
            package app;
            public class App {
              public static void main(String[] args) {
                System.out.println(run(args.length == 0 ? "" : args[0]));
              }
              static Object run(String on) { return %s; }
            }
            """
                .formatted(body),
            old);
    for (Map.Entry<String, byte[]> each : classes(app).entrySet()) {
      Path to = project.resolve("target/classes").resolve(each.getKey());
      Files.createDirectories(to.getParent());
      Files.write(to, each.getValue());
    }
    Map<String, Map<String, byte[]>> versions = new LinkedHashMap<>();
    versions.put("1.5", classes(old));
    versions.put("2.0", classes(fixed));
    try (LoopbackRepository repository =
        LoopbackRepository.start().with("com.acme", "anvil", versions)) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "scan",
                  project.toString(),
                  "--settings=" + repository.settings(temp.resolve("settings.xml")),
                  "--maven-repo-local=" + temp.resolve("m2"),
                  "--format=" + format));
      arguments.addAll(more.length == 0 ? List.of("--reach=all") : List.of(more));
      return program.run(arguments.toArray(String[]::new)).isPlain();
    }
  }

  private static JsonNode reach(Program.Run run) throws Exception {
    return new ObjectMapper().readTree(run.out()).at("/cases/0/reach");
  }

  @Test
  void a_function_that_is_called_is_reached_by_a_path_with_lines() throws Exception {
    JsonNode reach = reach(scan("com.acme.Anvil.drop(on)", "json"));
    assertThat(reach.at("/verdict").asText()).isEqualTo("reached");
    List<String> path = new ArrayList<>();
    reach.at("/path").forEach(step -> path.add(step.asText()));
    assertThat(path.getLast())
        .contains("App.java:6")
        .contains("app.App.run calls com.acme.Anvil.drop");
  }

  @Test
  void a_function_that_nothing_calls_is_not_reached_and_vex_says_not_affected() throws Exception {
    JsonNode reach = reach(scan("com.acme.Anvil.weight()", "json"));
    assertThat(reach.at("/verdict").asText()).isEqualTo("not-reached");
    assertThat(reach.at("/searched").asText()).contains("com.acme.Anvil.drop").contains("assuming");
    JsonNode vex = new ObjectMapper().readTree(scan("com.acme.Anvil.weight()", "openvex").out());
    assertThat(vex.at("/statements/0/status").asText()).isEqualTo("not_affected");
    assertThat(vex.at("/statements/0/justification").asText())
        .isEqualTo("vulnerable_code_not_in_execute_path");
  }

  @Test
  void without_a_search_it_is_undecided() throws Exception {
    JsonNode reach = reach(scan("com.acme.Anvil.weight()", "json", "--reach=none"));
    assertThat(reach.at("/verdict").asText()).isEqualTo("undecided");
    assertThat(reach.at("/because").asText()).contains("not searched");
  }

  /** As the scan before left everything: the same class files, and what was fetched. */
  private Program.Run again(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "scan",
                project.toString(),
                "--settings=" + temp.resolve("settings.xml"),
                "--maven-repo-local=" + temp.resolve("m2"),
                "--offline",
                "--format=json"));
    arguments.addAll(List.of(more));
    return program.run(arguments.toArray(String[]::new)).isPlain();
  }

  @Test
  void it_is_searched_unasked_and_what_was_found_is_kept_without_the_graph() throws Exception {
    scan("com.acme.Anvil.drop(on)", "json");
    String first = again().out();
    assertThat(new ObjectMapper().readTree(first).at("/cases/0/reach/verdict").asText())
        .isEqualTo("reached");
    Path graphs = program.home().resolve(".cache/underpin/graphs");
    for (String graph : Program.below(graphs)) {
      Files.delete(graphs.resolve(graph));
    }
    assertThat(again().out()).isEqualTo(first);
    assertThat(Program.below(graphs)).isEmpty();
  }

  @Test
  void the_result_says_what_was_searched() throws Exception {
    JsonNode report = new ObjectMapper().readTree(scan("com.acme.Anvil.drop(on)", "json").out());
    assertThat(report.at("/calls/programs/0/name").asText()).isEqualTo("app");
    assertThat(report.at("/calls/programs/0/started").asText()).contains("1 main method");
    assertThat(
            new ObjectMapper()
                .readTree(again("--reach=none").out())
                .at("/calls/notSearched")
                .asText())
        .contains("--reach none");
  }
}
