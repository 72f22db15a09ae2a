package underpin.maven;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelSource2;
import org.jspecify.annotations.Nullable;

/**
 * A POM of the project: from the overlay where that has one, else from disk. A subclass of Maven's
 * own file source, because the model builder takes the file of a local parent from that class only.
 */
final class PomSource extends FileModelSource {
  private final PomOverlay overlay;

  PomSource(Path pom, PomOverlay overlay) {
    super(pom.toAbsolutePath().normalize().toFile());
    this.overlay = overlay;
  }

  static boolean exists(Path pom, PomOverlay overlay) {
    return overlay.of(pom).isPresent() || Files.isRegularFile(pom);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    Optional<byte[]> content = overlay.of(getFile().toPath());
    return content.isPresent() ? new ByteArrayInputStream(content.get()) : super.getInputStream();
  }

  @Override
  public @Nullable ModelSource2 getRelatedSource(String relPath) {
    String path = relPath.replace('\\', File.separatorChar).replace('/', File.separatorChar);
    Path related = getFile().toPath().resolveSibling(path).normalize();
    if (Files.isDirectory(related)) {
      related = related.resolve("pom.xml");
    }
    return exists(related, overlay) ? new PomSource(related, overlay) : null;
  }

  // Two sources of one file are the same source whatever the overlay: one reactor has one overlay.
  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
