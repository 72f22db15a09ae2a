package underpin.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.reach.functions.ReleasePair;
import underpin.sandbox.Sandbox;
import underpin.verify.TestTime;
import underpin.verify.UpstreamRunner;
import underpin.verify.UpstreamTests;

/** Finds the compiled tests that upstream published, and what runs them; the judge runs them. */
final class PublishedTests {
  /** What Maven calls them, and what Kafka does. */
  private static final List<String> CLASSIFIERS = List.of("tests", "test");

  /** The last line of JUnit that runs on Java 8; with its engines for JUnit 3, 4 and 5 in it. */
  private static final List<Gav> RUNNER =
      List.of(
          new Gav("org.junit.platform", "junit-platform-console-standalone", "1.14.4"),
          new Gav("junit", "junit", "4.13.2"));

  /** Only where tests need it, for it needs TestNG itself. */
  private static final Gav TESTNG_ENGINE = new Gav("org.junit.support", "testng-engine", "1.0.5");

  private final MavenSession maven;
  private final Sandbox sandbox;
  private final ReleaseClassPath releases;
  private final Duration longest;
  private final Progress progress;

  /**
   * @param longest of fetching tests and of all their runs together
   */
  PublishedTests(MavenSession maven, Sandbox sandbox, Duration longest, Progress progress) {
    this.maven = maven;
    this.sandbox = sandbox;
    this.releases = new ReleaseClassPath(maven, progress);
    this.longest = longest;
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param rungs those that the tests decide
   */
  record Judged(SortedMap<Rung, Rung.Result> rungs, List<String> notes) {}

  /**
   * Judges a patched jar.
   *
   * @param classPath what the version needs
   * @param around the releases before and with the fix
   * @param scratch an empty folder, or none yet
   * @param known the other rungs
   */
  Judged judge(
      Porting.Subject subject,
      Path patched,
      SortedMap<String, Path> classPath,
      ReleasePair around,
      Path scratch,
      SortedMap<Rung, Rung.Result> known)
      throws InterruptedException {
    try {
      return run(subject, patched, classPath, around, scratch, known);
    } catch (IOException e) {
      return notRun("upstream's tests could not be run: " + e.getMessage());
    }
  }

  private Judged run(
      Porting.Subject subject,
      Path patched,
      SortedMap<String, Path> classPath,
      ReleasePair around,
      Path scratch,
      SortedMap<Rung, Rung.Result> known)
      throws IOException, InterruptedException {
    TestTime time = new TestTime(longest, System::nanoTime);
    Gav version = subject.component();
    Gav fixed = version.withVersion(around.fixed());
    progress.at("tests", 0, 0, "those that upstream published for " + name(version));
    Optional<Path> own = tests(version);
    Optional<Path> upstream = tests(fixed);
    if (own.isEmpty() && upstream.isEmpty()) {
      return notRun(
          "no jar of compiled tests of %s or %s is in a repository at hand"
              .formatted(name(version), name(fixed)));
    }
    List<String> notes = new ArrayList<>();
    Optional<UpstreamTests.Suite> ownSuite = suite(version, own, notes);
    Optional<UpstreamTests.Suite> fixedSuite = suite(fixed, upstream, notes);
    List<Gav> wanted = new ArrayList<>(RUNNER);
    if (Stream.of(ownSuite, fixedSuite)
        .flatMap(Optional::stream)
        .anyMatch(suite -> suite.needs().containsKey("org.testng:testng"))) {
      wanted.add(TESTNG_ENGINE);
    }
    List<Path> runner = new ArrayList<>();
    for (Gav gav : wanted) {
      Optional<Path> file = maven.fetch(gav);
      if (file.isEmpty()) {
        return notRun(
            "what runs tests, %s, is in no repository at hand; run once without --offline"
                .formatted(gav));
      }
      runner.add(file.get());
    }
    UpstreamTests judge =
        new UpstreamRunner(sandbox, runner, time, progress).in(Files.createDirectories(scratch));
    SortedMap<Rung, Rung.Result> rungs =
        judge.judge(
            new UpstreamTests.Subject(
                new UpstreamTests.Side(subject.jar(), classPath),
                new UpstreamTests.Side(patched, classPath),
                side(version.withVersion(around.affected())),
                side(fixed),
                ownSuite,
                fixedSuite),
            known);
    return new Judged(rungs, notes);
  }

  private static Judged notRun(String because) {
    return new Judged(
        new TreeMap<>(java.util.Map.of(Rung.TESTS, new Rung.Result.NotRun(because))), List.of());
  }

  private static String name(Gav gav) {
    return gav.artifactId() + " " + gav.version();
  }

  private Optional<Path> tests(Gav gav) {
    return CLASSIFIERS.stream()
        .flatMap(classifier ->
            maven
                .fetch(new Gav(gav.groupId(), gav.artifactId(), gav.version(), classifier, "jar"))
                .stream())
        .findFirst();
  }

  private Optional<UpstreamTests.Suite> suite(Gav gav, Optional<Path> tests, List<String> notes)
      throws IOException {
    if (tests.isEmpty()) {
      return Optional.empty();
    }
    ReleaseClassPath.Needs needs = releases.testedWith(gav);
    if (!needs.missing().isEmpty()) {
      notes.add(
          "The tests of %s run without %d of their dependencies, which are in no repository at hand: %s."
              .formatted(
                  name(gav),
                  needs.missing().size(),
                  String.join(", ", needs.missing().stream().limit(5).toList())));
    }
    SortedMap<String, Path> files = ReleaseClassPath.byArtifact(needs.files());
    // The runner brings these; another release of them beside it would not fit.
    files
        .keySet()
        .removeIf(key ->
            key.equals(gav.key()) || key.startsWith("org.junit.") || key.equals("junit:junit"));
    return Optional.of(new UpstreamTests.Suite(name(gav), tests.get(), files));
  }

  private Optional<UpstreamTests.Side> side(Gav gav) throws IOException {
    Optional<Path> jar = maven.fetch(gav);
    return jar.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new UpstreamTests.Side(
                jar.get(), ReleaseClassPath.byArtifact(releases.compiledWith(gav).files())));
  }
}
