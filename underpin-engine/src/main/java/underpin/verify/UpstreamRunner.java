package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.cases.Progress;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;

/** Opens {@link UpstreamTests} that run in the sandbox, on the JDKs of this machine. */
public final class UpstreamRunner {
  private final Sandbox sandbox;
  private final List<Path> runner;
  private final TestTime time;
  private final Progress progress;
  private final Jdks jdks = Jdks.ofThisMachine(Map.copyOf(System.getenv()), List.of());

  /**
   * @param runner the JUnit Platform, 1.x for Java 8, with the engines to use
   * @param time of all runs together; the tests of an artifact take three runs, those of the fixed
   *     release two, and what fails is repeated
   */
  public UpstreamRunner(Sandbox sandbox, List<Path> runner, TestTime time, Progress progress) {
    this.sandbox = sandbox;
    this.runner = List.copyOf(runner);
    this.time = time;
    this.progress = progress;
  }

  /**
   * {@return tests that run there}
   *
   * @param scratch an empty folder, for work and for as long as that is used
   */
  public UpstreamTests in(Path scratch) {
    return new UpstreamTests(order -> run(order, scratch), time);
  }

  private TestRun run(UpstreamTests.Order order, Path scratch)
      throws IOException, InterruptedException {
    Optional<Jdk> jdk =
        jdks
            .candidates(
                new Jdks.Need(order.release(), "its tests need Java " + order.release()),
                Optional.empty())
            .stream()
            .findFirst();
    if (jdk.isEmpty()) {
      throw new IOException(
          "the tests need a JDK %d or later, and %s".formatted(order.release(), jdks.describe()));
    }
    progress.at(
        "tests",
        0,
        0,
        "of %s, %s: up to %d classes, %d s at most"
            .formatted(
                order.suite().name(),
                order.purpose(),
                order.classes().size(),
                order.limits().all().toSeconds()));
    Path work = Files.createDirectories(scratch.resolve("jdk" + jdk.get().release()));
    return new TestJvm(sandbox, jdk.get(), runner, work)
        .run(
            new TestJvm.Job(
                order.suite().tests(),
                order.jar(),
                order.needs(),
                order.classes(),
                order.recorded()),
            order.limits());
  }
}
