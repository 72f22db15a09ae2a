package underpin.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import underpin.maven.MavenOptions;

/** Where artifacts come from, where no project is built. */
final class RepositoryMixin {
  @Option(
      names = {"-o", "--offline"},
      description = "Use no network; what the local repository lacks is reported as missing.")
  private boolean offline;

  @Option(
      names = {"-s", "--settings"},
      paramLabel = "FILE",
      description =
          "Maven settings with mirrors, proxies, credentials. Default: ~/.m2/settings.xml")
  private Optional<Path> settings = Optional.empty();

  @Option(
      names = "--maven-repo-local",
      paramLabel = "FOLDER",
      description = "Local repository. Default: as the settings say, else ~/.m2/repository")
  private Optional<Path> localRepository = Optional.empty();

  MavenOptions options() {
    return new MavenOptions(
        offline, localRepository, settings, List.of(), new TreeMap<>(), Optional.empty());
  }
}
