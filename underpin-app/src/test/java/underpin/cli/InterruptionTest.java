package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in every stage, sent to the real process while it hangs just there. */
class InterruptionTest {
  /** Undoes what a shell in the background does: it lets its children ignore Ctrl-C. */
  private static final List<String> MINDS_CTRL_C = List.of("env", "--default-signal=INT");

  @TempDir Path temp;
  private Program program;
  private LoopbackRepository repository;
  private Path project;
  private Path settings;
  private String pom = "";

  /** A number of seconds that no other process sleeps: how a build that was left is found. */
  private final String seconds = "3600." + ThreadLocalRandom.current().nextLong(1_000_000_000L);

  @BeforeEach
  void a_project_with_a_wrapper_of_our_own() throws Exception {
    assumeThat(System.getProperty("os.name").toLowerCase(Locale.ROOT)).contains("linux");
    assumeThat(succeeds("env", "--default-signal=INT", "true"))
        .as("this system's env cannot reset signals (coreutils 8.31 or newer can)")
        .isTrue();
    program = new Program(temp);
    repository = LoopbackRepository.start().with("commons-io", "commons-io", "2.6", "2.14.0");
    settings = repository.settings(temp.resolve("settings.xml"));
    project = Files.createDirectories(temp.resolve("project"));
    pom =
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>stopped</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>commons-io</groupId>
              <artifactId>commons-io</artifactId>
              <version>2.6</version>
            </dependency>
          </dependencies>
        </project>
        """;
    Files.writeString(project.resolve("pom.xml"), pom);
  }

  @AfterEach
  void close() {
    if (repository != null) {
      repository.close();
    }
  }

  @Test
  void while_the_inventory_waits_for_a_silent_repository() throws Exception {
    repository.silentAt("commons-io-2.6.pom");
    Process process =
        program.start(
            MINDS_CTRL_C,
            "scan",
            project.toString(),
            "--settings=" + settings,
            "--maven-repo-local=" + temp.resolve("m2"),
            "--output=" + temp.resolve("report.txt"));
    assertThat(repository.awaitSilence()).as("the inventory was reached").isTrue();
    interrupt(process);
    assertThat(temp.resolve("report.txt")).doesNotExist();
    assertThat(Program.below(project)).containsExactly("pom.xml");
  }

  @Test
  void while_coordinates_wait_for_a_silent_repository() throws Exception {
    repository.silentAt("commons-io-2.6.pom");
    Process process =
        program.start(
            MINDS_CTRL_C,
            "scan",
            "commons-io:commons-io:2.6",
            "--settings=" + settings,
            "--maven-repo-local=" + temp.resolve("m2"));
    assertThat(repository.awaitSilence()).as("the inventory was reached").isTrue();
    interrupt(process);
  }

  @Test
  void while_the_baseline_is_built() throws Exception {
    wrapper("sleep " + seconds);
    Process process = fix();
    awaitSleep(process);
    interrupt(process);
    assertNothingDelivered();
  }

  @Test
  void while_the_proposal_looks_at_releases() throws Exception {
    wrapper("exit 0");
    repository.silentAt("2.14.0.pom");
    Process process = fix();
    assertThat(repository.awaitSilence()).as("the proposal was reached").isTrue();
    interrupt(process);
    assertNothingDelivered();
  }

  @Test
  void while_the_patch_is_verified() throws Exception {
    wrapper("grep -q '<version>2.6<' pom.xml || sleep " + seconds);
    Process process = fix();
    awaitSleep(process);
    interrupt(process);
    assertNothingDelivered();
  }

  private void wrapper(String body) throws IOException {
    Files.createDirectories(project.resolve(".mvn/wrapper"));
    Files.writeString(project.resolve(".mvn/wrapper/maven-wrapper.properties"), "");
    Files.writeString(
        project.resolve("mvnw"), "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n" + body + "\n");
  }

  private Process fix() throws IOException {
    return program.start(
        MINDS_CTRL_C,
        "fix",
        project.toString(),
        "--settings=" + settings,
        "--maven-repo-local=" + temp.resolve("m2"));
  }

  private void awaitSleep(Process process) throws InterruptedException {
    while (process.isAlive() && sleeping() == 0) {
      boolean _ = process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    assertThat(sleeping()).as("the build was reached").isPositive();
  }

  private long sleeping() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains("sleep " + seconds))
        .count();
  }

  private void interrupt(Process process) throws Exception {
    assertThat(succeeds("kill", "-INT", Long.toString(process.pid()))).isTrue();
    Program.Run run = program.await(process).isPlain();
    assertThat(run.code()).isEqualTo(130);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().toList())
        .as("one plain line")
        .singleElement()
        .asString()
        .startsWith("underpin: stopped");
    assertThat(sleeping()).as("processes left").isZero();
    assertThat(Program.below(program.temporary())).as("temporary files left").isEmpty();
  }

  /** What a next run goes on from lies in the cache; the project is as it was. */
  private void assertNothingDelivered() throws IOException {
    assertThat(project.resolve("pom.xml")).hasContent(pom);
    assertThat(project.resolve(".underpin")).doesNotExist();
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }
}
