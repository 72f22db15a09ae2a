package underpin.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks a jar of tests: many of them look for their data as files. Headers are not believed, and
 * nothing is written outside of the folder.
 */
final class TestJar {
  private static final int MOST_ENTRIES = 60_000;
  private static final long MOST_BYTES = 512L << 20;

  private TestJar() {}

  /**
   * @param folder made; what it holds already is written over
   * @throws IOException if it is no jar, or larger than 512 MiB or 60,000 entries
   */
  static void unpack(Path jar, Path folder) throws IOException {
    unpack(jar, folder, MOST_ENTRIES, MOST_BYTES);
  }

  /**
   * @param mostBytes of all files together, as they come out
   */
  static void unpack(Path jar, Path folder, int mostEntries, long mostBytes) throws IOException {
    Path root = Files.createDirectories(folder).toAbsolutePath().normalize();
    long left = mostBytes;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      if (zip.size() > mostEntries) {
        throw new IOException(
            "%s has %d entries, more than %d".formatted(jar, zip.size(), mostEntries));
      }
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path file = place(root, entry.getName(), jar);
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.resolveSibling(""));
          left -=
              write(zip, entry, file, left, jar + " unpacks to more than " + mostBytes + " bytes");
        }
      }
    }
  }

  private static Path place(Path root, String name, Path jar) throws IOException {
    try {
      Path file = root.resolve(name).normalize();
      if (name.startsWith("/") || !file.startsWith(root)) {
        throw new ZipException(jar + " has an entry that leads out of it: " + name);
      }
      return file;
    } catch (InvalidPathException e) {
      throw new ZipException(jar + " has an entry whose name is no path: " + name);
    }
  }

  private static long write(ZipFile zip, ZipEntry entry, Path file, long most, String tooMuch)
      throws IOException {
    long written = 0;
    try (InputStream in = zip.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        written += n;
        if (written > most) {
          throw new IOException(tooMuch);
        }
        out.write(buffer, 0, n);
      }
    }
    return written;
  }
}
