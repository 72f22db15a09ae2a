package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.cases.Severity;
import underpin.cli.Commands.Apply;
import underpin.cli.Commands.Fix;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Scan;
import underpin.cli.Commands.Streams;
import underpin.cli.Commands.UpdateAdvisories;
import underpin.maven.MavenProjectException;
import underpin.sandbox.Sandbox;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Object> requests = new ArrayList<>();
  private Optional<Exception> failure = Optional.empty();

  private int run(String... args) {
    Commands recording =
        (Commands)
            Proxy.newProxyInstance(
                Commands.class.getClassLoader(),
                new Class<?>[] {Commands.class},
                (proxy, method, arguments) -> {
                  requests.add(arguments[0]);
                  if (failure.isPresent()) {
                    throw failure.get();
                  }
                  return ExitCode.AFFECTED;
                });
    return Main.run(
        recording, new Streams(new PrintWriter(out, false), new PrintWriter(err, false)), args);
  }

  private <R> R only(Class<R> kind) {
    assertThat(requests).hasSize(1);
    return kind.cast(requests.getFirst());
  }

  @Test
  void the_version_is_the_one_of_the_build() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("underpin \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void the_help_lists_every_command_and_no_hidden_one() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("scan", "fix", "verify", "advisories", "key", "completion")
        .doesNotContain("warm-up");
  }

  @Test
  void the_help_documents_every_exit_code_with_its_meaning() {
    run("--help");
    for (ExitCode code : ExitCode.values()) {
      assertThat(out.toString()).contains(code.code() + "   " + code.meaning());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scan",
        "fix",
        "verify",
        "advisories show",
        "advisories update",
        "advisories import",
        "key show",
        "completion",
        "advisories",
        "key"
      })
  void each_command_has_a_help_with_examples(String command) {
    assertThat(run((command + " --help").split(" "))).isZero();
    assertThat(out.toString()).contains("Examples:", "underpin " + command, "--help");
    String examples = out.toString().substring(out.toString().indexOf("Examples:"));
    assertThat(examples.lines().skip(1))
        .as("no example is wrapped")
        .allMatch(l -> l.startsWith("  "));
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scna",
        "scan --no-such-option",
        "scan a b",
        "scan --format word",
        "scan --fail-on dreadful",
        "scan --scope compiel",
        "scan --quiet --verbose",
        "verify",
        "verify x --format sarif",
        "advisories",
        "advisories update --ecosystem Mavne",
        "key",
        "fix --timeout 30",
        "fix --timeout 0s",
        "fix --flaky-runs 0",
        "fix --apply --branch",
        "fix --allow-dirty",
        "fix --branch --allow-dirty",
        "fix --maven-args 'a",
        ""
      })
  void a_wrong_command_line_exits_2_says_what_is_wrong_and_runs_nothing(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("underpin: ").doesNotContain("Exception");
    assertThat(out.toString()).isEmpty();
    assertThat(requests).isEmpty();
  }

  @Test
  void a_mistyped_command_is_answered_with_the_near_one() {
    run("scna");
    assertThat(err.toString()).contains("scan");
  }

  @Test
  void what_a_command_returns_is_the_exit_code() {
    assertThat(run("scan")).isEqualTo(1);
  }

  @Test
  void scan_takes_everything_that_the_user_may_say_about_maven() {
    run(
        "scan",
        "app.war",
        "-o",
        "-Pit,!slow",
        "-Da=b",
        "-Dflag",
        "-s",
        "set.xml",
        "--maven-repo-local=repo",
        "--jdk",
        "jdk17",
        "--scope=compile,runtime",
        "--plugins",
        "--config",
        "p.toml",
        "--advisories",
        "i.uidx",
        "--fail-on",
        "HIGH",
        "--format",
        "CycloneDX",
        "--output",
        "x.json",
        "--color=never",
        "-q");
    Scan scan = only(Scan.class);
    assertThat(scan.target()).isEqualTo("app.war");
    assertThat(scan.maven().offline()).isTrue();
    assertThat(scan.maven().profiles()).containsExactly("it", "!slow");
    assertThat(scan.maven().userProperties()).containsEntry("a", "b").containsEntry("flag", "true");
    assertThat(scan.maven().userSettings()).contains(Path.of("set.xml"));
    assertThat(scan.maven().localRepository()).contains(Path.of("repo"));
    assertThat(scan.maven().javaHome()).contains(Path.of("jdk17"));
    assertThat(scan.selection().scopes()).isEqualTo(Set.of("compile", "runtime"));
    assertThat(scan.selection().plugins()).isTrue();
    assertThat(scan.policy()).contains(Path.of("p.toml"));
    assertThat(scan.advisories()).contains(Path.of("i.uidx"));
    assertThat(scan.failOn()).contains(Severity.HIGH);
    assertThat(scan.rendering().format()).isEqualTo(Format.CYCLONEDX);
    assertThat(scan.rendering().output()).contains(Path.of("x.json"));
    assertThat(scan.rendering().quiet()).isTrue();
  }

  @Test
  void scan_without_words_looks_at_the_current_folder_in_every_scope() {
    run("scan");
    Scan scan = only(Scan.class);
    assertThat(scan.target()).isEqualTo(".");
    assertThat(scan.selection().scopes()).isEmpty();
    assertThat(scan.selection().plugins()).isFalse();
    assertThat(scan.failOn()).isEmpty();
    assertThat(scan.policy()).isEmpty();
    assertThat(scan.rendering().format()).isEqualTo(Format.TEXT);
  }

  @Test
  void fix_hands_the_maven_arguments_on_word_by_word() {
    run("fix", "--maven-args", "-Pit  '-Dname=two words' -Dx=\"\" \"\"", "--maven-args=-e");
    assertThat(only(Fix.class).build().mavenArgs())
        .containsExactly("-Pit", "-Dname=two words", "-Dx=", "", "-e");
  }

  @ParameterizedTest
  @CsvSource({"90s,PT90S", "30m,PT30M", "2h,PT2H"})
  void fix_reads_times_with_a_unit(String typed, Duration meant) {
    run("fix", "--timeout", typed);
    assertThat(only(Fix.class).build().timeout()).isEqualTo(meant);
  }

  @Test
  void fix_runs_in_the_best_sandbox_unless_told_otherwise() {
    run("fix");
    assertThat(only(Fix.class).sandbox()).isEqualTo(Sandbox.Wanted.BEST);
    requests.clear();
    run("fix", "--no-sandbox");
    assertThat(only(Fix.class).sandbox()).isEqualTo(Sandbox.Wanted.NONE);
  }

  @Test
  void fix_changes_the_project_only_when_asked(@TempDir Path folder) {
    run("fix", folder.toString());
    assertThat(only(Fix.class).apply()).isEqualTo(new Apply.PatchOnly());
    assertThat(only(Fix.class).project()).isEqualTo(folder);
  }

  @Test
  void fix_applies_to_the_work_tree_or_to_a_branch_named_or_not() {
    run("fix", "--apply", "--allow-dirty");
    assertThat(only(Fix.class).apply()).isEqualTo(new Apply.WorkTree(true));
    requests.clear();
    run("fix", "--branch");
    assertThat(only(Fix.class).apply()).isEqualTo(new Apply.Branch(Optional.empty()));
    requests.clear();
    run("fix", "--branch=security", ".");
    assertThat(only(Fix.class).apply()).isEqualTo(new Apply.Branch(Optional.of("security")));
  }

  @Test
  void fix_asks_back_when_the_project_was_taken_for_the_name_of_the_branch(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("pom.xml"), "<project/>");
    assertThat(run("fix", "--branch", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--branch=NAME");
  }

  @Test
  void fix_takes_the_pom_for_its_folder_and_refuses_what_is_no_project(@TempDir Path folder)
      throws Exception {
    Path pom = Files.writeString(folder.resolve("pom.xml"), "<project/>");
    run("fix", pom.toString());
    assertThat(only(Fix.class).project()).isEqualTo(folder);
    requests.clear();
    Path jar = Files.writeString(folder.resolve("app.jar"), "");
    assertThat(run("fix", jar.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("app.jar", "underpin scan");
    assertThat(run("fix", folder.resolve("nothing").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("nothing", "no folder");
    assertThat(requests).isEmpty();
  }

  @Test
  void ecosystems_are_named_as_osv_names_them_whatever_the_case() {
    run("advisories", "update", "--ecosystem=maven,NPM");
    assertThat(only(UpdateAdvisories.class).ecosystems()).isEqualTo(Set.of("Maven", "npm"));
  }

  @Test
  void an_error_that_a_command_knows_is_one_plain_sentence_with_its_exit_code() {
    failure =
        Optional.of(new CommandException(ExitCode.UNFINISHED, "The disk is full. Free 2 GB."));
    assertThat(run("scan")).isEqualTo(3);
    assertThat(err.toString()).isEqualTo("underpin: The disk is full. Free 2 GB." + nl());
  }

  @Test
  void a_project_that_maven_cannot_read_is_unreadable_input() {
    failure = Optional.of(new MavenProjectException("pom.xml:3", "no <version>. Add one."));
    assertThat(run("scan")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("underpin: pom.xml:3: no <version>. Add one." + nl());
  }

  @Test
  void a_plain_command_offers_only_the_formats_that_it_has() {
    run("verify", "--help");
    assertThat(out.toString()).contains("text, json").doesNotContain("sarif");
  }

  @Test
  void an_unexpected_error_exits_3_and_shows_its_stack_only_when_asked() {
    failure = Optional.of(new IllegalStateException("a flaw of ours"));
    assertThat(run("scan")).isEqualTo(3);
    assertThat(err.toString()).contains("a flaw of ours", "--debug").doesNotContain("\tat ");
    assertThat(run("scan", "--debug")).isEqualTo(3);
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void the_completion_script_knows_commands_and_options() {
    assertThat(run("completion")).isZero();
    assertThat(out.toString()).contains("complete -F", "scan", "--fail-on", "cyclonedx");
  }

  private static String nl() {
    return System.lineSeparator();
  }
}
