package underpin.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with releases that no repository has, laid out as a Maven repository.
 *
 * @param folder need not exist
 */
record OfferedReleases(Path folder) {
  /** {@return the file, if it is a plain one in the folder} */
  Optional<Path> file(Gav gav) {
    String classifier = gav.classifier().isEmpty() ? "" : "-" + gav.classifier();
    Path file =
        artifact(gav.groupId(), gav.artifactId())
            .resolve(gav.version())
            .resolve(gav.artifactId() + "-" + gav.version() + classifier + "." + gav.extension())
            .normalize();
    return file.startsWith(folder.normalize())
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
    try (Stream<Path> versions = Files.list(artifact)) {
      return versions
          .filter(Files::isDirectory)
          .map(version -> String.valueOf(version.getFileName()))
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
