package underpin.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the project is built.
 *
 * @param mavenArgs handed to the project's own build as they are
 * @param jdk the JDK asked for; empty: one that fits the project
 * @param timeout for one build with its tests
 * @param flakyRuns how often a newly failing test is repeated before it counts, at least 1
 */
public record BuildOptions(
    List<String> mavenArgs, Optional<Path> jdk, boolean offline, Duration timeout, int flakyRuns) {
  public BuildOptions {
    mavenArgs = List.copyOf(mavenArgs);
  }
}
