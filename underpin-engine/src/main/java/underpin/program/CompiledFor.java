package underpin.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which Java a jar is compiled for, by the heads of its class files alone. */
public final class CompiledFor {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int HEAD_BYTES = 8;

  /** A class file of Java N has major version 44 + N (JVMS 4.1, table 4.1-A). */
  private static final int MAJOR_BEFORE_JAVA_1 = 44;

  private CompiledFor() {}

  /**
   * {@return the newest Java that its classes are compiled for, when a JVM of {@code javaRelease}
   * cannot load more than half of them} The few beside others that only a newer JVM loads are
   * chosen by the library itself, as in {@link Linkage}. Empty also when the jar cannot be read.
   */
  public static OptionalInt newerThan(Path jar, int javaRelease, ArchiveLimits limits) {
    int classes = 0;
    int tooNew = 0;
    int newest = 0;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      int entries = 0;
      for (Enumeration<? extends ZipEntry> all = zip.entries();
          all.hasMoreElements() && entries < limits.entries();
          entries++) {
        ZipEntry entry = all.nextElement();
        int release = Archive.isClass(entry.getName()) ? release(zip, entry) : 0;
        if (release > 0) {
          classes++;
          tooNew += release > javaRelease ? 1 : 0;
          newest = Math.max(newest, release);
        }
      }
    } catch (IOException unreadable) {
      // Comparing class paths reads it again and says what is wrong with it.
      return OptionalInt.empty();
    }
    return tooNew * 2 > classes ? OptionalInt.of(newest) : OptionalInt.empty();
  }

  /**
   * {@return the Java that most of its classes are compiled for, the newest where several are;
   * empty for a jar without classes, or that cannot be read}
   */
  public static OptionalInt most(Path jar, ArchiveLimits limits) {
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().limit(limits.entries()).toList()) {
        int release = Archive.isClass(entry.getName()) ? release(zip, entry) : 0;
        if (release > 0) {
          counts.merge(release, 1, Integer::sum);
        }
      }
    } catch (IOException unreadable) {
      return OptionalInt.empty();
    }
    return counts.entrySet().stream()
        .max(
            Map.Entry.<Integer, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(most -> OptionalInt.of(most.getKey()))
        .orElse(OptionalInt.empty());
  }

  /** {@return the feature version of Java; 0 when it is no class file} */
  private static int release(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] head = in.readNBytes(HEAD_BYTES);
      if (head.length < HEAD_BYTES || java.nio.ByteBuffer.wrap(head).getInt() != MAGIC) {
        return 0;
      }
      return Math.max(0, ((head[6] & 0xFF) << 8 | (head[7] & 0xFF)) - MAJOR_BEFORE_JAVA_1);
    }
  }
}
