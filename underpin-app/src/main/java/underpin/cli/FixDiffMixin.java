package underpin.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The upstream fix, where the user has it. */
final class FixDiffMixin {
  @Option(
      names = "--patch",
      paramLabel = "FILE",
      description = "The fix as a unified diff: what it touches is the fix.")
  Optional<Path> patch = Optional.empty();
}
