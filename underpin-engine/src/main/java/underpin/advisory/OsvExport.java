package underpin.advisory;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads OSV records from a file: a zip of JSON files, JSON, JSON lines, or either packed (gzip).
 */
final class OsvExport {
  private OsvExport() {}

  /**
   * Bounds against hostile files; far above any real export.
   *
   * @param entries files in a zip
   * @param record bytes of one file in a zip, unpacked
   * @param total bytes in all, unpacked
   */
  record Limits(int entries, long record, long total) {
    static final Limits DEFAULT = new Limits(1_000_000, 16L << 20, 8L << 30);
  }

  /**
   * {@return the records, in the order of their file names}
   *
   * @throws IOException for what is no such file, is damaged, or exceeds a limit; the message names
   *     the entry
   */
  static List<OsvRecord> read(Path file, Limits limits) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    byte[] start = start(file);
    if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
      return zip(file, limits);
    }
    List<OsvRecord> records = new ArrayList<>();
    boolean packed = start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream in = new Bounded(packed ? new GZIPInputStream(raw) : raw, limits.total())) {
      OsvReader.read(in, records::add);
    }
    if (records.isEmpty()) {
      throw new IOException(name.endsWith(".zip") ? "it is no zip file" : "it holds no OSV record");
    }
    return records;
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(2);
    }
  }

  private static List<OsvRecord> zip(Path file, Limits limits) throws IOException {
    List<OsvRecord> records = new ArrayList<>();
    long total = 0;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > limits.entries()) {
        throw new IOException(
            "it has %d entries, more than %d".formatted(zip.size(), limits.entries()));
      }
      List<? extends ZipEntry> entries =
          zip.stream()
              .filter(e -> !e.isDirectory() && e.getName().endsWith(".json"))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      for (ZipEntry entry : entries) {
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
          bytes = in.readNBytes(Math.toIntExact(limits.record() + 1));
        } catch (ZipException e) {
          throw new IOException("entry " + entry.getName() + " is damaged: " + e.getMessage(), e);
        }
        total += bytes.length;
        if (bytes.length > limits.record() || total > limits.total()) {
          throw new IOException(
              "entry %s is larger than an export can be (limits: %d bytes for one, %d in all)"
                  .formatted(entry.getName(), limits.record(), limits.total()));
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (bytes.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
          throw new IOException("entry " + entry.getName() + " is damaged: its CRC-32 is wrong");
        }
        try {
          OsvReader.read(new ByteArrayInputStream(bytes), records::add);
        } catch (IOException e) {
          throw new IOException("entry " + entry.getName() + ": " + e.getMessage(), e);
        }
      }
    }
    return records;
  }

  /** Ends a stream that gives more than it may. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long limit) {
      this.in = in;
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      if (read > 0) {
        left -= read;
      }
      if (left < 0) {
        throw new IOException("it is larger than an export can be");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
