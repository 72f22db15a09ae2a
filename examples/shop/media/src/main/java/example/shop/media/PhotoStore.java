package example.shop.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.FilenameUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Photos of products: one folder per product, uploaded one by one or as a zip. */
public final class PhotoStore {
  private static final Logger LOG = LoggerFactory.getLogger(PhotoStore.class);
  private static final Set<String> KINDS = Set.of("jpg", "jpeg", "png", "webp");
  private static final long LARGEST = 8 * FileUtils.ONE_MB;

  private final Path folder;

  public PhotoStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Stores one photo.
   *
   * @return its name in the store, empty when it is no photo
   */
  public Optional<String> add(String sku, String fileName, InputStream content)
      throws IOException {
    String name = FilenameUtils.getName(fileName);
    String kind = FilenameUtils.getExtension(name).toLowerCase(Locale.ROOT);
    if (name.isBlank() || !KINDS.contains(kind)) {
      LOG.info("Not a photo, left out: {}", name);
      return Optional.empty();
    }
    Path target = of(sku).resolve(name);
    FileUtils.copyToFile(new BoundedInputStream(content, LARGEST), target.toFile());
    return Optional.of(name);
  }

  /** Stores every photo of a zip, and says which. Folders in it do not matter. */
  public List<String> addAll(String sku, InputStream zip) throws IOException {
    List<String> added = new ArrayList<>();
    try (ZipArchiveInputStream archive = new ZipArchiveInputStream(zip)) {
      for (ZipArchiveEntry entry = archive.getNextZipEntry();
          entry != null;
          entry = archive.getNextZipEntry()) {
        if (!entry.isDirectory()) {
          add(sku, entry.getName(), archive).ifPresent(added::add);
        }
      }
    }
    return added;
  }

  /** Names of a product's photos, in order. */
  public List<String> list(String sku) throws IOException {
    Path photos = of(sku);
    if (!Files.isDirectory(photos)) {
      return List.of();
    }
    return FileUtils.listFiles(photos.toFile(), null, false).stream()
        .map(java.io.File::getName)
        .sorted()
        .toList();
  }

  private Path of(String sku) {
    Path photos = folder.resolve(sku).normalize();
    if (!photos.startsWith(folder) || photos.equals(folder)) {
      throw new IllegalArgumentException("'" + sku + "' names no product");
    }
    return photos;
  }
}
