package underpin.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which advisories are looked into. */
final class IndexMixin {
  @Option(
      names = "--advisories",
      paramLabel = "INDEX",
      description = "Advisory index to use instead of the newest installed one.")
  Optional<Path> advisories = Optional.empty();
}
