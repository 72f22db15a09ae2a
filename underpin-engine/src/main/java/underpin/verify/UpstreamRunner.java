package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.cases.Progress;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;

/** Opens {@link UpstreamTests} that run in the sandbox, on the JDKs of this machine. */
public final class UpstreamRunner {
  /** One class that never ends must not take the time of all. */
  private static final int CLASSES_IN_A_RUN = 3;

  private final Sandbox sandbox;
  private final List<Path> runner;
  private final Duration longest;
  private final Progress progress;
  private final Jdks jdks = Jdks.ofThisMachine(Map.copyOf(System.getenv()), List.of());

  /**
   * @param runner the JUnit Platform, 1.x for Java 8, with the engines to use
   * @param longest of one run of tests; the tests of an artifact take three runs, those of the
   *     fixed release two, and what fails is repeated
   */
  public UpstreamRunner(Sandbox sandbox, List<Path> runner, Duration longest, Progress progress) {
    this.sandbox = sandbox;
    this.runner = List.copyOf(runner);
    this.longest = longest;
    this.progress = progress;
  }

  /**
   * {@return tests that run there}
   *
   * @param scratch an empty folder, for work and for as long as that is used
   */
  public UpstreamTests in(Path scratch) {
    return new UpstreamTests((suite, jar, needs, classes, recorded, release) -> {
      Optional<Jdk> jdk =
          jdks
              .candidates(
                  new Jdks.Need(release, "its tests need Java " + release), Optional.empty())
              .stream()
              .findFirst();
      if (jdk.isEmpty()) {
        throw new IOException(
            "the tests need a JDK %d or later, and %s".formatted(release, jdks.describe()));
      }
      progress.at("tests", 0, 0, "%s, %d classes".formatted(suite.name(), classes.size()));
      Path work = Files.createDirectories(scratch.resolve("jdk" + jdk.get().release()));
      return new TestJvm(
              sandbox, jdk.get(), runner, work, longest, longest.dividedBy(CLASSES_IN_A_RUN))
          .run(new TestJvm.Job(suite.tests(), jar, needs, classes, recorded));
    });
  }
}
