package underpin.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import underpin.cases.PatchSet;

/**
 * A folder with releases that no repository has, laid out as a Maven repository.
 *
 * @param folder need not exist
 * @param versions those that are taken from it
 */
record OfferedReleases(Path folder, Predicate<String> versions) {
  static OfferedReleases all(Path folder) {
    return new OfferedReleases(folder, _ -> true);
  }

  /** {@return those of our own in a project} Nothing else there may stand in for a release. */
  static OfferedReleases own(Path project) {
    return new OfferedReleases(project.resolve(PatchSet.REPOSITORY), PatchSet.Release::isOurs);
  }

  /** {@return the file, if it is a plain one in the folder} */
  Optional<Path> file(Gav gav) {
    String classifier = gav.classifier().isEmpty() ? "" : "-" + gav.classifier();
    Path file =
        artifact(gav.groupId(), gav.artifactId())
            .resolve(gav.version())
            .resolve(gav.artifactId() + "-" + gav.version() + classifier + "." + gav.extension())
            .normalize();
    return versions.test(gav.version())
            && file.startsWith(folder.normalize())
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(file)
        : Optional.empty();
  }

  /** {@return its versions, in no order} */
  List<String> versions(String groupId, String artifactId) {
    Path artifact = artifact(groupId, artifactId).normalize();
    if (!artifact.startsWith(folder.normalize()) || !Files.isDirectory(artifact)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(artifact)) {
      return folders
          .filter(Files::isDirectory)
          .map(version -> String.valueOf(version.getFileName()))
          .filter(versions)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path artifact(String groupId, String artifactId) {
    return folder.resolve(groupId.replace('.', '/')).resolve(artifactId);
  }
}
