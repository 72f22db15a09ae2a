package underpin.maven;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * POM contents that stand in for the files on disk, so that an edit can be resolved before anything
 * is written.
 *
 * @param contents by absolute normalized path
 */
public record PomOverlay(Map<Path, byte[]> contents) {
  public static final PomOverlay NONE = new PomOverlay(Map.of());

  public PomOverlay {
    contents = Map.copyOf(contents);
  }

  public Optional<byte[]> of(Path pom) {
    return Optional.ofNullable(contents.get(pom.toAbsolutePath().normalize()));
  }
}
