package underpin.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.reach.functions.ReleasePair;
import underpin.sandbox.Sandbox;

/** A local repository with two releases of a component, and no network. */
class PublishedTestsTest {
  private static final Gav COMPONENT = new Gav("org.example", "names", "1.0");
  private static final Gav FIXED = COMPONENT.withVersion("1.1");
  private static final List<Gav> RUNNER =
      List.of(
          new Gav("org.junit.platform", "junit-platform-console-standalone", "1.14.4"),
          new Gav("junit", "junit", "4.13.2"));
  private static final String NAMES =
      "package lib; public class Names { public static String checked(String name) { %s } }";
  private static final String TEST =
      """
      package lib;
      public class NamesTest {
        @org.junit.Test public void plainNamesStay() {
          org.junit.Assert.assertEquals(Expected.NAME, Names.checked("a"));
        }
      }
      """;
  private static final String FLAWED = NAMES.formatted("return name;");
  private static final String GUARDED =
      NAMES.formatted(
          "if (name.contains(\"..\")) { throw new SecurityException(name); } return name;");

  @TempDir Path folder;
  private Path repository;
  private MavenSession maven;

  @BeforeEach
  void open() throws IOException {
    repository = Files.createDirectories(folder.resolve("repository"));
    maven =
        MavenSession.open(
            new MavenOptions(
                true,
                Optional.of(repository),
                Optional.empty(),
                List.of(),
                new TreeMap<>(),
                Optional.empty()));
  }

  @AfterEach
  void close() {
    maven.close();
  }

  private Path jar(List<Path> classPath, String... sources) throws IOException {
    Path work = Files.createTempDirectory(folder, "compiled");
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", work.resolve("out").toString(), "--release", "8", "-proc:none", "-cp"));
    arguments.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
    for (String source : sources) {
      String name = source.replaceFirst("(?s).*?class (\\w+).*", "$1");
      arguments.add(Files.writeString(work.resolve(name + ".java"), source).toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    OutputStream.nullOutputStream(),
                    OutputStream.nullOutputStream(),
                    arguments.toArray(new String[0])))
        .as("javac of %s", List.of(sources))
        .isZero();
    Path jar = work.resolve("classes.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(work.resolve("out"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(work.resolve("out").relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private Path file(Gav gav, String ending) throws IOException {
    Path home =
        repository
            .resolve(gav.groupId().replace('.', '/'))
            .resolve(gav.artifactId())
            .resolve(gav.version());
    Files.createDirectories(home);
    return home.resolve(gav.artifactId() + "-" + gav.version() + ending);
  }

  /**
   * @param dependencies elements of a POM
   */
  private Path release(Gav gav, Path jar, String... dependencies) throws IOException {
    Files.writeString(
        file(gav, ".pom"),
        "<project><modelVersion>4.0.0</modelVersion>%s<dependencies>%s</dependencies></project>"
            .formatted(name(gav), String.join("", dependencies)));
    return Files.copy(jar, file(gav, ".jar"));
  }

  private static String dependency(Gav gav, String more) {
    return "<dependency>" + name(gav) + more + "</dependency>";
  }

  private static String name(Gav gav) {
    return "<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
        .formatted(gav.groupId(), gav.artifactId(), gav.version());
  }

  private void putRunner() throws IOException {
    try (MavenSession session = MavenSession.open(MavenOptions.defaults())) {
      for (Gav gav : RUNNER) {
        release(gav, session.fetch(gav).orElseThrow());
      }
    }
  }

  /** Two releases; what the tests expect is in an artifact of test scope. */
  private Path releases() throws IOException {
    Gav expected = new Gav("org.example", "expected", "3");
    Path needed =
        release(
            expected,
            jar(
                List.of(),
                "package lib; public class Expected { public static String NAME = \"a\"; }"));
    String scoped = dependency(expected, "<scope>test</scope>");
    Path version = release(COMPONENT, jar(List.of(), FLAWED), scoped);
    release(FIXED, jar(List.of(), GUARDED), scoped);
    Path junit = file(RUNNER.getLast(), ".jar");
    if (Files.exists(junit)) {
      // As Kafka calls it.
      Files.copy(jar(List.of(version, needed, junit), TEST), file(COMPONENT, "-test.jar"));
    }
    return version;
  }

  private PublishedTests.Judged judged(Path version, Duration longest) throws Exception {
    return new PublishedTests(maven, Sandbox.choose(Sandbox.Wanted.BEST), longest, Progress.SILENT)
        .judge(
            new Porting.Subject(COMPONENT, version, Optional.empty()),
            jar(List.of(), GUARDED),
            new TreeMap<>(),
            new ReleasePair(COMPONENT.key(), "1.0", "1.1"),
            folder.resolve("scratch"),
            new TreeMap<>());
  }

  private static Result tests(PublishedTests.Judged judged) {
    return Objects.requireNonNull(judged.rungs().get(Rung.TESTS));
  }

  @Test
  void tests_of_the_version_run_with_what_their_pom_asks_for_and_the_runner_of_the_repository()
      throws Exception {
    putRunner();
    PublishedTests.Judged judged = judged(releases(), Duration.ofMinutes(3));
    assertThat(tests(judged))
        .isEqualTo(
            new Result.Passed(
                "names 1.0: 1 tests that passed before pass now, in 1 of the 1 test classes that"
                    + " come near the change"));
    assertThat(judged.notes()).isEmpty();
  }

  @Test
  void without_tests_the_rung_is_not_run_and_says_of_which_releases() throws Exception {
    assertThat(tests(judged(releases(), Duration.ofMinutes(3))))
        .isEqualTo(
            new Result.NotRun(
                "no jar of compiled tests of names 1.0 or names 1.1 is in a repository at hand"));
  }

  @Test
  void without_what_runs_tests_the_rung_is_not_run_and_says_what_is_missing() throws Exception {
    Path version = releases();
    Files.copy(
        jar(List.of(), "package lib; public class NamesTest { }"), file(FIXED, "-tests.jar"));
    assertThat(tests(judged(version, Duration.ofMinutes(3))))
        .isEqualTo(
            new Result.NotRun(
                "what runs tests, org.junit.platform:junit-platform-console-standalone:1.14.4, is"
                    + " in no repository at hand; run once without --offline"));
  }

  @Test
  void what_fetching_leaves_no_time_for_is_not_run() throws Exception {
    putRunner();
    assertThat(tests(judged(releases(), Duration.ofMillis(1))).because())
        .isEqualTo(
            "tests of names 1.0 say nothing: the time for all runs of tests, 0 s, was used up;"
                + " --test-time SECONDS gives more");
  }

  @Test
  void a_class_path_is_what_the_pom_names_with_tests_only_for_tests() throws Exception {
    Path any = jar(List.of(), FLAWED);
    Gav deep = new Gav("org.example", "deep", "1");
    Gav left = new Gav("org.example", "left-out", "1");
    Gav direct = new Gav("org.example", "direct", "1");
    Gav provided = new Gav("org.example", "provided", "1");
    Gav helper = new Gav("org.example", "helper", "1");
    Gav missing = new Gav("org.example", "missing", "1");
    release(deep, any);
    release(left, any);
    release(direct, any, dependency(deep, ""), dependency(left, ""));
    release(provided, any);
    release(helper, any);
    Files.copy(any, file(helper, "-tests.jar"));
    release(
        COMPONENT,
        any,
        dependency(
            direct,
            "<exclusions><exclusion><groupId>org.example</groupId><artifactId>left-out</artifactId></exclusion></exclusions>"),
        dependency(provided, "<scope>provided</scope>"),
        dependency(helper, "<type>test-jar</type><scope>test</scope>"),
        dependency(missing, "<scope>test</scope>"));
    ReleaseClassPath releases = new ReleaseClassPath(maven, Progress.SILENT);

    ReleaseClassPath.Needs compiled = releases.compiledWith(COMPONENT);
    assertThat(compiled.files().keySet()).containsExactly(deep, direct, provided);
    assertThat(compiled.missing()).isEmpty();

    ReleaseClassPath.Needs tested = releases.testedWith(COMPONENT);
    SortedMap<String, Path> files = ReleaseClassPath.byArtifact(tested.files());
    assertThat(files)
        .containsOnlyKeys(
            "org.example:deep",
            "org.example:direct",
            "org.example:provided",
            "org.example:helper:tests");
    assertThat(files.get("org.example:helper:tests")).isEqualTo(file(helper, "-tests.jar"));
    assertThat(tested.missing()).containsExactly(missing.toString());
    assertThat(releases.testedWith(new Gav("org.example", "unknown", "1")).files()).isEmpty();
  }
}
