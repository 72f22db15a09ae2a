package underpin.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Results in a folder that only save time: each is written aside and renamed, so another process
 * sees all of it or nothing, and the oldest ones are forgotten.
 *
 * @param folder made when the first result is kept
 * @param suffix of every file's name
 * @param most files that are kept
 */
public record KeptFiles(Path folder, String suffix, int most) {
  /** {@return where the result of this name lies, or would} */
  public Path file(String key) {
    return folder.resolve(key + suffix);
  }

  /**
   * Keeps a result in place of an older one of the name.
   *
   * @param parts written one after the other
   * @throws IOException if the folder cannot be written; nothing of the result is left then
   */
  public void keep(String key, ByteBuffer... parts) throws IOException {
    write(key, parts);
    forgetOldest();
  }

  /** As {@link #keep}, but forgets nothing yet: for many results at once. */
  public void write(String key, ByteBuffer... parts) throws IOException {
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, "fresh", ".part");
    try {
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        for (ByteBuffer part : parts) {
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
      }
      Files.move(
          fresh, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Deletes what was written or used longest ago, beyond the most. */
  public void forgetOldest() throws IOException {
    List<Path> kept;
    try (Stream<Path> all = Files.list(folder)) {
      kept = all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
    if (kept.size() <= most) {
      return;
    }
    Map<Path, Long> times = new HashMap<>();
    kept.forEach(file -> times.put(file, time(file)));
    kept = kept.stream().sorted(Comparator.comparing(times::get)).toList();
    for (int i = 0; i < kept.size() - most; i++) {
      Files.deleteIfExists(kept.get(i));
    }
  }

  private static long time(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException gone) {
      return 0;
    }
  }
}
