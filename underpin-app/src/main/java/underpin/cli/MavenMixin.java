package underpin.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import underpin.maven.MavenOptions;

/** How the user runs Maven, in Maven's own words where it has them. */
final class MavenMixin {
  @Option(
      names = {"-o", "--offline"},
      description = "Use no network; what the local repository lacks is reported as missing.")
  boolean offline;

  @Option(
      names = {"-P", "--activate-profiles"},
      paramLabel = "PROFILE",
      split = ",",
      description = "Maven profiles to switch on, or off with a leading '!'. Comma-separated.")
  List<String> profiles = new ArrayList<>();

  @Option(
      names = {"-D", "--define"},
      paramLabel = "NAME=VALUE",
      mapFallbackValue = "true",
      description = "A user property, as Maven's -D. Repeatable.")
  Map<String, String> properties = new TreeMap<>();

  @Option(
      names = {"-s", "--settings"},
      paramLabel = "FILE",
      description =
          "Maven settings with mirrors, proxies, credentials. Default: ~/.m2/settings.xml")
  Optional<Path> settings = Optional.empty();

  @Option(
      names = "--maven-repo-local",
      paramLabel = "FOLDER",
      description = "Local repository. Default: as the settings say, else ~/.m2/repository")
  Optional<Path> localRepository = Optional.empty();

  @Option(
      names = "--jdk",
      paramLabel = "FOLDER",
      description = "JDK that builds the project. Default: an installed one that fits it.")
  Optional<Path> jdk = Optional.empty();

  @Option(
      names = "--trust-project-repositories",
      description =
          "Send logins of the settings also to servers that only the project's POM names.")
  boolean trustProjectRepositories;

  MavenOptions options() {
    return new MavenOptions(
        offline,
        localRepository,
        settings,
        profiles,
        new TreeMap<>(properties),
        jdk,
        trustProjectRepositories);
  }
}
