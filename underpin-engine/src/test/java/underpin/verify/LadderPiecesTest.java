package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.verify.Baseline.TestOutcome;

/** What the ladder stands on: copies, reports, logs, JDKs, bisection. */
class LadderPiecesTest {
  @TempDir Path folder;

  private record Fails(Set<String> bad, Set<Set<String>> together, List<List<String>> tried)
      implements Bisection.Trial<Boolean, RuntimeException> {
    @Override
    public Boolean of(List<String> parts) {
      tried.add(parts);
      return parts.stream().noneMatch(bad::contains)
          && together.stream().noneMatch(parts::containsAll);
    }

    @Override
    public boolean passes(Boolean result) {
      return result;
    }
  }

  private static final List<String> PARTS = List.of("a", "b", "c", "d", "e", "f", "g", "h");

  @Test
  void bisection_takes_out_the_parts_that_fail_and_no_other() throws Exception {
    var split = Bisection.of(PARTS, 0, new Fails(Set.of("b", "g"), Set.of(), new ArrayList<>()));
    assertThat(split.kept()).containsExactly("a", "c", "d", "e", "f", "h");
    assertThat(split.result()).isTrue();
    assertThat(split.dropped()).containsOnlyKeys("b", "g");
  }

  @Test
  void bisection_takes_out_one_of_two_parts_that_fail_only_together() throws Exception {
    var split =
        Bisection.of(PARTS, 0, new Fails(Set.of(), Set.of(Set.of("c", "f")), new ArrayList<>()));
    assertThat(split.kept()).containsExactly("a", "b", "c", "d", "e", "g", "h");
    assertThat(split.dropped()).containsOnlyKeys("f");
  }

  @Test
  void bisection_keeps_nothing_when_every_part_fails() throws Exception {
    var split = Bisection.of(PARTS, 0, new Fails(Set.copyOf(PARTS), Set.of(), new ArrayList<>()));
    assertThat(split.kept()).isEmpty();
    assertThat(split.dropped()).containsOnlyKeys(PARTS);
  }

  @Test
  void bisection_starts_from_what_is_known_to_pass() throws Exception {
    Fails fails = new Fails(Set.of("g", "h"), Set.of(), new ArrayList<>());
    assertThat(Bisection.of(PARTS, 6, fails).kept()).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(fails.tried())
        .containsExactly(
            PARTS,
            PARTS.subList(0, 6),
            PARTS.subList(0, 7),
            List.of("a", "b", "c", "d", "e", "f", "h"),
            PARTS.subList(0, 6));
  }

  @Test
  void bisection_does_not_believe_that_what_passed_before_passes_now() throws Exception {
    Fails fails = new Fails(Set.of("b"), Set.of(), new ArrayList<>());
    assertThat(Bisection.of(PARTS, 6, fails).dropped()).containsOnlyKeys("b");
  }

  @Test
  void bisection_tries_a_good_whole_once() throws Exception {
    Fails fails = new Fails(Set.of(), Set.of(), new ArrayList<>());
    assertThat(Bisection.of(PARTS, 0, fails).kept()).isEqualTo(PARTS);
    assertThat(fails.tried()).hasSize(1);
  }

  private void report(String module, String name, String xml) throws IOException {
    Path at = Files.createDirectories(folder.resolve(module).resolve("target/surefire-reports"));
    Files.writeString(folder.resolve(module).resolve("pom.xml"), "<project/>");
    Files.writeString(at.resolve("TEST-" + name + ".xml"), xml);
  }

  @Test
  void reports_are_read_test_by_test() throws IOException {
    report(
        "web",
        "a",
        """
        <testsuite name="x.ATest">
          <testcase classname="x.ATest" name="passes"/>
          <testcase classname="x.ATest" name="fails"><failure message="no"/></testcase>
          <testcase classname="x.ATest" name="errs"><error/></testcase>
          <testcase classname="x.ATest" name="skips"><skipped/></testcase>
          <testcase classname="x.ATest" name="wavers"><flakyFailure/></testcase>
          <testcase classname="x.ATest" name="p[x.Thing@1a2b3c4d]"/>
          <testcase classname="x.ATest" name="twice"/>
          <testcase classname="x.ATest" name="twice"><failure/></testcase>
        </testsuite>
        """);
    assertThat(TestReports.read(folder))
        .isEqualTo(
            Map.of(
                "web#x.ATest#passes", TestOutcome.PASSED,
                "web#x.ATest#fails", TestOutcome.FAILED,
                "web#x.ATest#errs", TestOutcome.FAILED,
                "web#x.ATest#skips", TestOutcome.SKIPPED,
                "web#x.ATest#wavers", TestOutcome.FLAKY,
                "web#x.ATest#p[x.Thing@#]", TestOutcome.PASSED,
                "web#x.ATest#twice", TestOutcome.FAILED));
  }

  @Test
  void hostile_reports_are_read_up_to_where_they_break_and_open_no_file() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "hidden");
    report(
        "m",
        "entity",
        "<!DOCTYPE t [<!ENTITY e SYSTEM '"
            + secret.toUri()
            + "'>]><testsuite>"
            + "<testcase classname='x.E' name='a&e;b'/></testsuite>");
    report("m", "cut", "<testsuite><testcase classname='x.C' name='whole'/><testcase classn");
    report("m", "empty", "");
    assertThat(TestReports.read(folder).toString())
        .contains("m#x.C#whole=PASSED")
        .doesNotContain("hidden");
  }

  @Test
  void a_copy_leaves_out_what_was_built_and_follows_no_link() throws IOException {
    Path project = Files.createDirectory(folder.resolve("project"));
    Path outside = Files.writeString(folder.resolve("outside"), "hidden");
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.createDirectories(project.resolve("target/classes"));
    Files.writeString(project.resolve("target/classes/A.class"), "");
    Files.createDirectories(project.resolve("src/target"));
    Files.writeString(project.resolve("src/target/kept"), "source");
    Files.createSymbolicLink(project.resolve("link"), outside);
    Files.createDirectories(project.resolve(".git/hooks"));
    Files.writeString(project.resolve(".git/hooks/pre-commit"), "#!/bin/sh");
    Files.writeString(project.resolve(".git/HEAD"), "ref: refs/heads/main");
    Files.writeString(
        project.resolve(".git/config"), "[remote \"origin\"]\n\turl = https://me:tok@host/x.git\n");
    Path copy = folder.resolve("copy");
    WorkingCopy.copy(project, folder.resolve("work"), copy);
    assertThat(copy.resolve("target")).doesNotExist();
    assertThat(copy.resolve("src/target/kept")).hasContent("source");
    assertThat(Files.isSymbolicLink(copy.resolve("link"))).isTrue();
    assertThat(copy.resolve(".git/HEAD")).exists();
    assertThat(copy.resolve(".git/hooks")).doesNotExist();
    assertThat(Files.readString(copy.resolve(".git/config")))
        .contains("https://host/x.git")
        .doesNotContain("tok");
    assertThat(WorkingCopy.digests(copy, folder.resolve("work")))
        .isEqualTo(WorkingCopy.digests(project, folder.resolve("work")))
        .containsOnlyKeys("pom.xml", "src/target/kept", "link");
  }

  @Test
  void the_telling_lines_name_the_goal_and_the_errors_once() {
    BuildLog log =
        new BuildLog(
            List.of(
                "[INFO] Building x 1.0",
                "[ERROR] COMPILATION ERROR : ",
                "[ERROR] src/A.java:[3,1] cannot find symbol",
                "[ERROR] src/A.java:[3,1] cannot find symbol",
                "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile"
                    + " (default) on project x: Compilation failure -> [Help 1]",
                "[ERROR] ",
                "[ERROR] Re-run Maven using the -X switch"));
    assertThat(log.telling())
        .containsExactly(
            "Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default)"
                + " on project x: Compilation failure",
            "src/A.java:[3,1] cannot find symbol");
    assertThat(log.failedToCompile()).isTrue();
    assertThat(log.blamesJdk()).isFalse();
    assertThat(new BuildLog(List.of("[ERROR] error: release version 21 not supported")).blamesJdk())
        .isTrue();
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Path javac = Files.createDirectories(home.resolve("bin")).resolve("javac");
    Files.writeString(javac, "");
    assertThat(javac.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  @Test
  void the_nearest_jdk_at_or_above_what_is_needed_comes_first() throws IOException {
    Jdks jdks =
        Jdks.among(
            List.of(jdk("j25", "25.0.1"), jdk("j8", "1.8.0_392"), jdk("j17", "17.0.9"), folder));
    assertThat(jdks.candidates(new Jdks.Need(11, "the POM says 11"), Optional.empty()))
        .extracting(Baseline.Jdk::release)
        .containsExactly(17, 25);
    assertThat(jdks.candidates(new Jdks.Need(8, "the POM says 8"), Optional.empty()).getFirst())
        .isEqualTo(new Baseline.Jdk(folder.resolve("j8").toRealPath(), 8, "the POM says 8"));
    assertThat(jdks.candidates(new Jdks.Need(30, "x"), Optional.empty())).isEmpty();
    assertThat(jdks.candidates(new Jdks.Need(8, "x"), Optional.of(folder))).isEmpty();
  }

  @Test
  void jdks_of_a_toolchains_file_are_read_and_written() throws IOException {
    Path odd = jdk("j 8 & <odd>", "1.8.0_392");
    Path file = folder.resolve("toolchains.xml");
    Toolchains.write(file, Jdks.among(List.of(odd, jdk("j17", "17.0.9"), folder)).installed());
    assertThat(Toolchains.homes(file))
        .containsExactly(odd.toRealPath(), odd.toRealPath(), folder.resolve("j17").toRealPath());
    assertThat(Files.readString(file))
        .contains("<version>1.8</version>", "<version>8</version>", "<version>17</version>");
    assertThat(Jdks.ofThisMachine(Map.of(), Toolchains.homes(file)).installed())
        .contains(new Jdks.Installed(odd.toRealPath(), 8));
  }

  private Jdks.Need need(String properties, String plugins) throws Exception {
    Path project = Files.createDirectories(folder.resolve("needs"));
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project><modelVersion>4.0.0</modelVersion>
        <groupId>g</groupId><artifactId>a</artifactId><version>1</version>
        <properties>%s</properties><build><plugins>%s</plugins></build></project>
        """
            .formatted(properties, plugins));
    try (MavenSession session = MavenSession.open(MavenOptions.defaults())) {
      return JdkNeed.of(session.read(project, PomOverlay.NONE));
    }
  }

  @Test
  void what_a_project_needs_is_read_from_compiler_enforcer_and_toolchain() throws Exception {
    assertThat(need("<maven.compiler.release>11</maven.compiler.release>", ""))
        .isEqualTo(new Jdks.Need(11, "maven.compiler.release in pom.xml says 11"));
    assertThat(need("<java.version>1.8</java.version>", "").release()).isEqualTo(8);
    assertThat(
            need(
                "<java.version>11</java.version>",
                "<plugin><artifactId>maven-compiler-plugin</artifactId><configuration>"
                    + "<release>${java.version}</release><testRelease>17</testRelease>"
                    + "</configuration></plugin>"))
        .isEqualTo(new Jdks.Need(17, "the compiler plugin of pom.xml says 17"));
    assertThat(
            need(
                "",
                "<plugin><artifactId>maven-enforcer-plugin</artifactId><configuration><rules>"
                    + "<requireJavaVersion><version>[11.0.2,12)</version></requireJavaVersion>"
                    + "</rules></configuration></plugin>"))
        .isEqualTo(new Jdks.Need(11, "the enforcer's rule in pom.xml says 11"));
    assertThat(
            need(
                "",
                "<plugin><artifactId>maven-toolchains-plugin</artifactId><configuration>"
                    + "<toolchains><jdk><version>[21,)</version></jdk></toolchains>"
                    + "</configuration></plugin>"))
        .isEqualTo(new Jdks.Need(21, "the toolchain of pom.xml says 21"));
    assertThat(need("", "").release()).isEqualTo(8);
  }
}
