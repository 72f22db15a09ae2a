package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Patch;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.PatchSet.Pair;
import underpin.cases.PatchSet.Part;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.cases.Verdict;
import underpin.maven.MavenOptions;
import underpin.program.Linkage;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.TestOutcome;
import underpin.verify.Verifier.Verification;

/** The whole ladder on real Maven projects of a few lines, with libraries from Maven Central. */
class VerifierTest {
  private static final String LIBRARIES =
      """
          <dependency><groupId>org.json</groupId><artifactId>json</artifactId><version>20220320</version></dependency>
          <dependency><groupId>commons-io</groupId><artifactId>commons-io</artifactId><version>2.6</version></dependency>
          <dependency><groupId>org.apache.commons</groupId><artifactId>commons-text</artifactId><version>1.9</version></dependency>
      """;

  /** Removes its vulnerabilities, and all stays as it was. */
  private static final Change JSON = new Change("org.json", "json", "20220320", "20231013");

  /** Links, but deprecates a constructor, which this project does not compile with. */
  private static final Change IO = new Change("commons-io", "commons-io", "2.6", "2.14.0");

  /** Links and compiles, but no longer reads a URL in a text, which a test of this project does. */
  private static final Change TEXT =
      new Change("org.apache.commons", "commons-text", "1.9", "1.10.0");

  private static AdvisoryStore store;
  private static Sandbox sandbox;

  /** The project with three libraries, and its work folder: built once, for several tests. */
  @TempDir static Path shared;

  @TempDir Path folder;

  private record Change(String group, String artifact, String from, String to) {
    String edit(String pom) {
      assertThat(pom).contains(version(from));
      return pom.replace(version(from), version(to));
    }

    private String version(String version) {
      return "<artifactId>" + artifact + "</artifactId><version>" + version;
    }
  }

  @BeforeAll
  static void open() throws IOException {
    store = AdvisoryStore.openDefault();
    sandbox = Sandbox.choose(Sandbox.Wanted.BEST);
    Path project = Files.createDirectory(shared.resolve("project"));
    pom(project, LIBRARIES);
    write(
        project,
        "src/main/java/app/Report.java",
        """
        package app;

        public class Report {
          java.io.InputStream withoutMark(java.io.InputStream in) {
            return new org.apache.commons.io.input.BOMInputStream(in);
          }

          String title(String json) {
            return new org.json.JSONObject(json).getString("title");
          }

          String filled(String text) {
            return org.apache.commons.text.StringSubstitutor.createInterpolator().replace(text);
          }
        }
        """);
    test(
        project,
        "ReportTest",
        """
          @Test void title() { assertEquals("a", new Report().title("{\\"title\\":\\"a\\"}")); }
          @Test void mark() throws Exception {
            byte[] marked = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'x'};
            assertEquals('x', new Report().withoutMark(new java.io.ByteArrayInputStream(marked)).read());
          }
          @Test void fails_before_and_after() { fail(); }
        """);
    test(
        project,
        "TextTest",
        """
          @Test void reads() throws Exception {
            java.nio.file.Path file = java.nio.file.Files.writeString(java.nio.file.Path.of("target/read"), "content");
            assertEquals("content", new Report().filled("${url:UTF-8:" + file.toUri() + "}"));
          }
        """);
    write(
        project,
        "target/surefire-reports/TEST-app.GoneTest.xml",
        "<testsuite><testcase classname='app.GoneTest' name='passed_once'/></testsuite>");
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static void write(Path project, String file, String text) throws IOException {
    Path path = project.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static void pom(Path project, String dependencies) throws IOException {
    // These builds are so short that compiling them well costs more than it gains.
    write(project, ".mvn/jvm.config", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC\n");
    write(
        project,
        "pom.xml",
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example.underpin</groupId>
          <artifactId>verified</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>
        %s    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>6.1.3</version><scope>test</scope></dependency>
          </dependencies>
          <build><plugins>
            <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
            <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
            <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version>
              <configuration><compilerArgs><arg>-Xlint:deprecation</arg><arg>-Werror</arg></compilerArgs></configuration>
            </plugin>
          </plugins></build>
        </project>
        """
            .formatted(dependencies));
  }

  private static void test(Path project, String name, String methods) throws IOException {
    write(
        project,
        "src/test/java/app/" + name + ".java",
        """
        package app;

        import static org.junit.jupiter.api.Assertions.*;
        import org.junit.jupiter.api.Test;

        class %s {
        %s}
        """
            .formatted(name, methods));
  }

  private static Verifier verifier(Path work, Duration timeout) {
    return verifier(work, timeout, CodeSearch.NONE);
  }

  private static Verifier verifier(Path work, Duration timeout, CodeSearch search) {
    return new Verifier(
        MavenOptions.defaults(),
        store,
        new Linkage(),
        search,
        ProofJudge.NONE,
        sandbox,
        work,
        new BuildOptions(List.of(), Optional.empty(), false, timeout, 1),
        Progress.SILENT);
  }

  private static Verifier verifier(Path work) {
    return verifier(work, Duration.ofMinutes(10));
  }

  private static PatchSet patch(Path project, Change... changes) throws IOException {
    String before = Files.readString(project.resolve("pom.xml"));
    List<Part> parts =
        Arrays.stream(changes)
            .map(change ->
                new Part(
                    change.artifact(),
                    new Patch.Upgrade(
                        change.artifact(), change.artifact(), List.of(), List.of(), List.of()),
                    pairs(change)))
            .toList();
    return new PatchSet(
        parts,
        chosen -> {
          String after = before;
          for (Change change : changes) {
            after = chosen.contains(change.artifact()) ? change.edit(after) : after;
          }
          return List.of(new FileChange("pom.xml", bytes(before), bytes(after)));
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What the change removes: affects the version before, and not the one after. */
  private static List<Pair> pairs(Change change) {
    Component old = Component.maven(change.group(), change.artifact(), change.from());
    Component now = Component.maven(change.group(), change.artifact(), change.to());
    Set<String> left = vulnerabilities(now);
    List<Pair> pairs =
        vulnerabilities(old).stream()
            .filter(id -> !left.contains(id))
            .map(id -> new Pair(old, id))
            .toList();
    assertThat(pairs).isNotEmpty();
    return pairs;
  }

  private static Set<String> vulnerabilities(Component component) {
    return store.forPackage(component.ecosystem(), component.name()).stream()
        .filter(advisory -> store.affects(advisory, component.version()).isPresent())
        .map(advisory -> advisory.vulnerability().id())
        .collect(Collectors.toSet());
  }

  private static Baseline baseline(Verifier verifier, Path project) {
    Baseline baseline = verifier.baseline(project);
    assertThat(baseline.failure()).isEmpty();
    return baseline;
  }

  private static Verification verifyShared(Change... changes) throws IOException {
    Path project = shared.resolve("project");
    Verifier verifier = verifier(shared.resolve("work"));
    return verifier.verify(baseline(verifier, project), patch(project, changes));
  }

  private static Verdict verdict(Verification verification, String part) {
    return Objects.requireNonNull(verification.verdicts().get(part), part);
  }

  private static Rung.Result rung(Verdict verdict, Rung rung) {
    return Objects.requireNonNull(verdict.rungs().get(rung), rung.title());
  }

  @Test
  void a_baseline_has_every_test_of_this_run_and_no_report_that_lay_there() {
    Baseline baseline = baseline(verifier(shared.resolve("work")), shared.resolve("project"));
    assertThat(baseline.tests())
        .isEqualTo(
            Map.of(
                ".#app.ReportTest#title", TestOutcome.PASSED,
                ".#app.ReportTest#mark", TestOutcome.PASSED,
                ".#app.ReportTest#fails_before_and_after", TestOutcome.FAILED,
                ".#app.TextTest#reads", TestOutcome.PASSED));
    assertThat(baseline.jdk().orElseThrow().because())
        .startsWith("maven.compiler.release in pom.xml says 17");
    assertThat(shared.resolve("project/target/classes")).doesNotExist();
  }

  @Test
  void a_good_part_is_fixed_by_rungs_1_to_5() throws IOException {
    Verification verification = verifyShared(JSON);
    assertThat(verification.kept()).containsExactly("json");
    Verdict verdict = verdict(verification, "json");
    assertThat(verdict).isInstanceOf(Verdict.Fixed.class);
    assertThat(rung(verdict, Rung.TESTS).because())
        .isEqualTo("3 tests that passed before pass now");
  }

  /** Says of one jar what is in it, whatever its coordinates. */
  private record Holding(String artifact, String id) implements CodeSearch {
    @Override
    public Set<String> known() {
      return Set.of(id);
    }

    @Override
    public java.util.Map<String, List<String>> vulnerable(Path jar) {
      return jar.getFileName().toString().startsWith(artifact + "-")
          ? java.util.Map.of(id, List.of("a.B.c()V"))
          : java.util.Map.of();
    }

    @Override
    public java.util.Map<String, List<String>> fixed(Path jar) {
      return java.util.Map.of();
    }
  }

  @Test
  void a_jar_of_the_right_version_with_the_vulnerable_code_fails_rung_2() throws IOException {
    Path project = shared.resolve("project");
    String id = pairs(JSON).getFirst().vulnerabilityId();
    Verifier verifier =
        verifier(shared.resolve("work"), Duration.ofMinutes(10), new Holding("json", id));
    Verdict verdict =
        verdict(verifier.verify(baseline(verifier, project), patch(project, JSON)), "json");
    assertThat(verdict).isInstanceOf(Verdict.Incomplete.class);
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE)).isInstanceOf(Rung.Result.Failed.class);
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE).because())
        .contains("the code of " + id + " is still in", "json", "a.B.c()V");
  }

  @Test
  void a_copy_in_a_jar_that_the_patch_leaves_alone_is_said_and_fails_nothing() throws IOException {
    Path project = shared.resolve("project");
    String id = pairs(JSON).getFirst().vulnerabilityId();
    Verifier verifier =
        verifier(shared.resolve("work"), Duration.ofMinutes(10), new Holding("commons-text", id));
    Verdict verdict =
        verdict(verifier.verify(baseline(verifier, project), patch(project, JSON)), "json");
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE)).isInstanceOf(Rung.Result.Passed.class);
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE).because())
        .contains("by their functions", id + " in org.apache.commons:commons-text");
  }

  @Test
  void a_copy_that_is_to_go_and_stays_in_its_carrier_fails_rung_2() throws IOException {
    Path project = shared.resolve("project");
    String id = pairs(JSON).getFirst().vulnerabilityId();
    Component copy =
        Embedding.described("org.apache.commons:commons-text:1.0")
            .in(Component.maven(JSON.group(), JSON.artifact(), JSON.from()));
    PatchSet upgrade = patch(project, JSON);
    Part part = upgrade.parts().getFirst();
    PatchSet claims =
        new PatchSet(
            List.of(new Part(part.id(), part.patch(), List.of(new Pair(copy, id)))),
            upgrade.composer());
    Verifier verifier =
        verifier(shared.resolve("work"), Duration.ofMinutes(10), new Holding("commons-text", id));
    Verdict verdict = verdict(verifier.verify(baseline(verifier, project), claims), "json");
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE)).isInstanceOf(Rung.Result.Failed.class);
    assertThat(rung(verdict, Rung.VULNERABLE_CODE_GONE).because())
        .contains("the code of " + id + " is still in org.apache.commons:commons-text");
  }

  @Test
  void a_part_that_does_not_compile_fails_rung_4_and_the_other_is_kept() throws IOException {
    Verification verification = verifyShared(IO, JSON);
    assertThat(verification.kept()).containsExactly("json");
    assertThat(verdict(verification, "json")).isInstanceOf(Verdict.Fixed.class);
    Verdict verdict = verdict(verification, "commons-io");
    assertThat(verdict).isInstanceOf(Verdict.Incomplete.class);
    assertThat(rung(verdict, Rung.LINKS)).isInstanceOf(Rung.Result.Passed.class);
    assertThat(rung(verdict, Rung.BUILDS)).isInstanceOf(Rung.Result.Failed.class);
    assertThat(rung(verdict, Rung.BUILDS).because()).contains("Report.java:[5,", "deprecated");
    assertThat(rung(verdict, Rung.TESTS)).isInstanceOf(Rung.Result.NotRun.class);
  }

  @Test
  void a_part_with_which_a_test_begins_to_fail_fails_rung_5_and_the_other_is_kept()
      throws IOException {
    Verification verification = verifyShared(JSON, TEXT);
    assertThat(verification.kept()).containsExactly("json");
    assertThat(verdict(verification, "json")).isInstanceOf(Verdict.Fixed.class);
    Verdict verdict = verdict(verification, "commons-text");
    assertThat(rung(verdict, Rung.BUILDS)).isInstanceOf(Rung.Result.Passed.class);
    assertThat(rung(verdict, Rung.TESTS))
        .isEqualTo(
            new Rung.Result.Failed(
                ".#app.TextTest#reads fails now (repeated: passes 0 of 1, on the base 1 of 1)"));
  }

  @Test
  void a_baseline_that_does_not_build_cannot_verify_and_says_where_it_stopped() throws IOException {
    pom(folder, "");
    write(folder, "src/main/java/app/Broken.java", "package app; class Broken { int f() { } }\n");
    Path work = folder.resolve(".underpin/work");
    Verifier verifier = verifier(work);
    Baseline baseline = verifier.baseline(folder);
    assertThat(baseline.failure().orElseThrow())
        .startsWith("cannot verify: the project's own build does not pass as it is (JDK ")
        .contains("Broken.java:[1,", "missing return statement");
    PatchSet patch =
        new PatchSet(
            List.of(
                new Part(
                    "any",
                    new Patch.Upgrade("any", "any", List.of(), List.of(), List.of()),
                    List.of())),
            chosen -> List.of());
    assertThat(verdict(verifier.verify(baseline, patch), "any"))
        .isInstanceOfSatisfying(
            Verdict.NotVerified.class,
            verdict -> assertThat(verdict.because()).isEqualTo(baseline.failure().get()));
  }

  @Test
  void a_project_without_tests_is_not_verified_and_its_part_is_kept() throws IOException {
    pom(folder, LIBRARIES);
    write(
        folder,
        "src/main/java/app/Use.java",
        "package app; class Use { Object made = new org.json.JSONObject(); }\n");
    Verifier verifier = verifier(folder.resolve(".underpin/work"));
    Verification verification = verifier.verify(baseline(verifier, folder), patch(folder, JSON));
    assertThat(verification.kept()).containsExactly("json");
    assertThat(verdict(verification, "json"))
        .isInstanceOfSatisfying(
            Verdict.NotVerified.class,
            verdict -> {
              assertThat(rung(verdict, Rung.BUILDS)).isInstanceOf(Rung.Result.Passed.class);
              assertThat(verdict.because()).isEqualTo("rung 5: the project has no tests");
            });
  }

  @Test
  void a_test_that_passes_when_it_is_repeated_is_flaky_and_named() throws IOException {
    pom(folder, LIBRARIES);
    test(
        folder,
        "FlakyTest",
        """
          @Test void steady() { }
          @Test void wavers() throws Exception {
            java.nio.file.Path ran = java.nio.file.Path.of("ran");
            boolean first = !java.nio.file.Files.exists(ran);
            java.nio.file.Files.writeString(ran, "");
            boolean patched = java.nio.file.Files.readString(java.nio.file.Path.of("pom.xml")).contains("20231013");
            assertFalse(first && patched);
          }
        """);
    Verifier verifier = verifier(folder.resolve(".underpin/work"));
    Verification verification = verifier.verify(baseline(verifier, folder), patch(folder, JSON));
    assertThat(verdict(verification, "json")).isInstanceOf(Verdict.Fixed.class);
    assertThat(rung(verdict(verification, "json"), Rung.TESTS).because())
        .isEqualTo("1 tests that passed before pass now; flaky: .#app.FlakyTest#wavers");
  }

  @Test
  void a_wrapper_that_fetches_itself_into_its_folder_is_started_in_every_copy() throws IOException {
    pom(folder, LIBRARIES);
    write(folder, ".mvn/wrapper/maven-wrapper.properties", "distributionUrl=https://example.org\n");
    write(
        folder,
        "mvnw",
        """
        #!/bin/sh
        case "$1" in --version) echo > .mvn/wrapper/maven-wrapper.jar; exit 0;; esac
        [ -f .mvn/wrapper/maven-wrapper.jar ] || { echo '[ERROR] no network'; exit 1; }
        """);
    Verifier verifier = verifier(folder.resolve(".underpin/work"));
    Verification verification = verifier.verify(baseline(verifier, folder), patch(folder, JSON));
    assertThat(rung(verdict(verification, "json"), Rung.BUILDS))
        .isInstanceOf(Rung.Result.Passed.class);
  }

  /** A project whose build, through its own wrapper, starts sleepers and never ends. */
  private String sleeping() throws IOException {
    String tag = "3600." + Math.abs(UUID.randomUUID().getMostSignificantBits());
    pom(folder, "");
    write(folder, ".mvn/wrapper/maven-wrapper.properties", "distributionUrl=https://example.org\n");
    write(
        folder,
        "mvnw",
        """
        #!/bin/sh
        case "$1" in --version) exit 0;; esac
        sleep %1$s & (setsid sleep %1$s &)
        trap '' TERM INT HUP
        echo > sleeps
        sleep %1$s
        sleep %1$s
        """
            .formatted(tag));
    return tag;
  }

  private static List<String> processes(String tag) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().filter(c -> c.contains(tag)).isPresent())
        .map(process -> process.pid() + " " + process.info().commandLine().orElse(""))
        .toList();
  }

  @Test
  void a_build_beyond_its_time_limit_is_ended_with_all_its_processes() throws IOException {
    String tag = sleeping();
    Baseline baseline =
        verifier(folder.resolve(".underpin/work"), Duration.ofSeconds(3)).baseline(folder);
    assertThat(baseline.failure().orElseThrow())
        .contains("the build passed the time limit of 3 s and was stopped");
    assertThat(processes(tag)).isEmpty();
  }

  @Test
  void an_interrupted_verification_is_cancelled_and_leaves_no_process() throws Exception {
    String tag = sleeping();
    Path work = folder.resolve(".underpin/work");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread runner =
        Thread.ofPlatform()
            .start(() -> {
              try {
                verifier(work).baseline(folder);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    while (runner.isAlive() && !Files.exists(work.resolve("baseline/sleeps"))) {
      Thread.sleep(20);
    }
    assertThat(processes(tag)).isNotEmpty();
    runner.interrupt();
    runner.join();
    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(processes(tag)).isEmpty();
  }
}
