package underpin.inventory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A ZIP file by its central directory, as the JVM reads it (PKWARE APPNOTE 6.3, sections 4.3 to
 * 4.5, with ZIP64). Reads nested archives where they lie, in a file or in memory; {@code
 * java.util.zip} would need a file for each, or trust local headers. Trusts no number it reads.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END_64_LENGTH = 56;
  private static final int CENTRAL_LENGTH = 46;
  private static final int LOCAL_LENGTH = 30;
  private static final long UINT = 0xffffffffL;
  private static final int MAX_DIRECTORY = 512 << 20;

  private final ZipBytes bytes;
  private final long shift;
  private final List<ZipEntry> entries;

  private ZipDirectory(ZipBytes bytes, long shift, List<ZipEntry> entries) {
    this.bytes = bytes;
    this.shift = shift;
    this.entries = entries;
  }

  /** A ZIP file that is not in order. The message completes the sentence "the archive ...". */
  static final class ZipFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    ZipFormatException(String message) {
      super(message);
    }
  }

  /** More entries than are still allowed. */
  static final class TooManyEntriesException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * One entry as the central directory has it.
   *
   * @param offset of its local header, before {@link #shift}
   */
  record ZipEntry(
      String name, int flags, int method, long crc, long compressed, long size, long offset) {
    boolean isDirectory() {
      return name.endsWith("/");
    }

    boolean isEncrypted() {
      return (flags & 1) != 0;
    }
  }

  List<ZipEntry> entries() {
    return entries;
  }

  static ZipDirectory open(ZipBytes bytes, int maxEntries) throws IOException {
    int tail = (int) Math.min(bytes.size(), END_LENGTH + 0xffff);
    ByteBuffer end = buffer(bytes.read(bytes.size() - tail, tail));
    int at = tail - END_LENGTH;
    while (at >= 0 && end.getInt(at) != END) {
      at--;
    }
    if (at < 0) {
      throw new ZipFormatException(
          "has no central directory at its end: it was cut off, or is no ZIP");
    }
    long endAt = bytes.size() - tail + at;
    long count = Short.toUnsignedInt(end.getShort(at + 10));
    long length = end.getInt(at + 12) & UINT;
    long start = end.getInt(at + 16) & UINT;
    long directoryEnd = endAt;
    if (count == 0xffff || length == UINT || start == UINT) {
      if (endAt >= LOCATOR_LENGTH) {
        ByteBuffer locator = buffer(bytes.read(endAt - LOCATOR_LENGTH, LOCATOR_LENGTH));
        if (locator.getInt(0) == END_64_LOCATOR) {
          // Where it says, or right before the locator when something was put before the archive.
          long said = locator.getLong(8);
          long found = endAt - LOCATOR_LENGTH - END_64_LENGTH;
          long from = said >= 0 && said < found && isEnd64(bytes, said) ? said : found;
          if (!isEnd64(bytes, from)) {
            throw new ZipFormatException("has a ZIP64 locator that leads nowhere");
          }
          ByteBuffer end64 = buffer(bytes.read(from, END_64_LENGTH));
          count = end64.getLong(32);
          length = end64.getLong(40);
          start = end64.getLong(48);
          directoryEnd = from;
        }
      }
    }
    if (count < 0 || length < 0 || start < 0 || length > directoryEnd) {
      throw new ZipFormatException("has a central directory that lies beyond its end");
    }
    if (count > maxEntries) {
      throw new TooManyEntriesException();
    }
    if (length > MAX_DIRECTORY) {
      throw new ZipFormatException("has a central directory of %d bytes".formatted(length));
    }
    // A launcher script may stand before the archive; offsets are then counted from the archive.
    long directoryAt = directoryEnd - length;
    long shift = directoryAt - start;
    if (shift < 0) {
      throw new ZipFormatException("has a central directory that lies beyond its end");
    }
    List<ZipEntry> entries =
        entries(buffer(bytes.read(directoryAt, (int) length)), maxEntries, count);
    refuseOverlaps(entries, directoryAt - shift);
    return new ZipDirectory(bytes, shift, List.copyOf(entries));
  }

  private static boolean isEnd64(ZipBytes bytes, long at) throws IOException {
    return at >= 0
        && at + END_64_LENGTH <= bytes.size()
        && buffer(bytes.read(at, 4)).getInt(0) == END_64;
  }

  private static List<ZipEntry> entries(ByteBuffer directory, int maxEntries, long count)
      throws IOException {
    List<ZipEntry> entries = new ArrayList<>();
    int at = 0;
    while (at < directory.limit()) {
      if (directory.limit() - at < CENTRAL_LENGTH || directory.getInt(at) != CENTRAL) {
        throw new ZipFormatException(
            "has a damaged central directory (entry %d)".formatted(entries.size() + 1));
      }
      if (entries.size() == maxEntries) {
        throw new TooManyEntriesException();
      }
      int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
      int extraLength = Short.toUnsignedInt(directory.getShort(at + 30));
      int commentLength = Short.toUnsignedInt(directory.getShort(at + 32));
      int next = at + CENTRAL_LENGTH + nameLength + extraLength + commentLength;
      if (next > directory.limit()) {
        throw new ZipFormatException(
            "has a damaged central directory (entry %d)".formatted(entries.size() + 1));
      }
      byte[] name = new byte[nameLength];
      directory.get(at + CENTRAL_LENGTH, name);
      long compressed = directory.getInt(at + 20) & UINT;
      long size = directory.getInt(at + 24) & UINT;
      long offset = directory.getInt(at + 42) & UINT;
      int extra = at + CENTRAL_LENGTH + nameLength;
      int extraEnd = extra + extraLength;
      while (extra + 4 <= extraEnd) {
        int kind = Short.toUnsignedInt(directory.getShort(extra));
        int left =
            Math.min(Short.toUnsignedInt(directory.getShort(extra + 2)), extraEnd - extra - 4);
        int value = extra + 4;
        if (kind == 1) { // ZIP64: only those that did not fit, in this order
          if (size == UINT && left >= 8) {
            size = directory.getLong(value);
            value += 8;
            left -= 8;
          }
          if (compressed == UINT && left >= 8) {
            compressed = directory.getLong(value);
            value += 8;
            left -= 8;
          }
          if (offset == UINT && left >= 8) {
            offset = directory.getLong(value);
            value += 8;
            left -= 8;
          }
        }
        extra = value + left;
      }
      if (size < 0 || compressed < 0 || offset < 0) {
        throw new ZipFormatException("has an entry of negative size");
      }
      entries.add(
          new ZipEntry(
              new String(name, StandardCharsets.UTF_8),
              Short.toUnsignedInt(directory.getShort(at + 8)),
              Short.toUnsignedInt(directory.getShort(at + 10)),
              directory.getInt(at + 16) & UINT,
              compressed,
              size,
              offset));
      at = next;
    }
    if (entries.size() != count && (entries.size() & 0xffff) != count) {
      throw new ZipFormatException(
          "says it has %d entries and has %d".formatted(count, entries.size()));
    }
    return entries;
  }

  /** Entries that share bytes are how a few kilobytes become petabytes (Fifield, 2019). */
  private static void refuseOverlaps(List<ZipEntry> entries, long end) throws ZipFormatException {
    long free = 0;
    for (ZipEntry entry :
        entries.stream().sorted(Comparator.comparingLong(ZipEntry::offset)).toList()) {
      long header = LOCAL_LENGTH;
      if (entry.offset() < free
          || entry.compressed() > end
          || entry.offset() > end - entry.compressed() - header) {
        throw new ZipFormatException(
            "has entries that overlap or lie beyond its end (%s): it is damaged or a bomb"
                .formatted(shown(entry.name())));
      }
      free = entry.offset() + header + entry.compressed();
    }
  }

  /** {@return a name that is safe to print} */
  static String shown(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return "'" + (clean.length() <= 120 ? clean : clean.substring(0, 120) + "...") + "'";
  }

  /** {@return where the entry's data lies, as it is stored} */
  ZipBytes stored(ZipEntry entry) throws IOException {
    long at = shift + entry.offset();
    ByteBuffer local = buffer(bytes.read(at, LOCAL_LENGTH));
    if (local.getInt(0) != LOCAL) {
      throw new ZipFormatException("has no entry where its directory says " + shown(entry.name()));
    }
    long data =
        at
            + LOCAL_LENGTH
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    return bytes.slice(data, entry.compressed());
  }

  /**
   * {@return the entry's content}
   *
   * @param limit the most bytes it may have
   */
  byte[] read(ZipEntry entry, long limit) throws IOException {
    refuseUnreadable(entry);
    if (entry.size() > limit) {
      throw new ZipFormatException(
          "has the entry %s of %d bytes, above the limit of %d"
              .formatted(shown(entry.name()), entry.size(), limit));
    }
    ZipBytes packed = stored(entry);
    byte[] content = entry.method() == 0 ? plain(entry, packed) : inflated(entry, packed);
    CRC32 crc = new CRC32();
    crc.update(content);
    if (crc.getValue() != entry.crc()) {
      throw new ZipFormatException(
          "has the entry %s, which is damaged (its checksum differs)"
              .formatted(shown(entry.name())));
    }
    return content;
  }

  static void refuseUnreadable(ZipEntry entry) throws ZipFormatException {
    if (entry.isEncrypted()) {
      throw new ZipFormatException("has the entry %s encrypted".formatted(shown(entry.name())));
    }
    if (entry.method() != 0 && entry.method() != 8) {
      throw new ZipFormatException(
          "has the entry %s compressed by method %d, which the JVM does not read either"
              .formatted(shown(entry.name()), entry.method()));
    }
  }

  private static byte[] plain(ZipEntry entry, ZipBytes packed) throws IOException {
    if (entry.size() != entry.compressed()) {
      throw new ZipFormatException("says two sizes for " + shown(entry.name()));
    }
    return packed.read(0, (int) entry.size());
  }

  private static byte[] inflated(ZipEntry entry, ZipBytes packed) throws IOException {
    // Allocated as it comes and not as it is said: a small entry may claim a large size.
    byte[] content = new byte[(int) Math.min(entry.size(), 1 << 16)];
    int filled = 0;
    long at = 0;
    try (Inflater inflater = new Inflater(true)) {
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          int length = (int) Math.min(1 << 16, packed.size() - at);
          if (length == 0) {
            break;
          }
          inflater.setInput(packed.read(at, length));
          at += length;
        }
        if (filled == content.length) {
          if (filled == entry.size()) {
            if (inflater.inflate(new byte[1]) > 0) {
              throw new ZipFormatException(
                  "has the entry %s, which is longer than it says".formatted(shown(entry.name())));
            }
            if (inflater.needsDictionary()) {
              break;
            }
            continue;
          }
          content = java.util.Arrays.copyOf(content, (int) Math.min(entry.size(), 2L * filled));
        }
        int read = inflater.inflate(content, filled, content.length - filled);
        filled += read;
        if (read == 0 && inflater.needsDictionary()) {
          break;
        }
      }
    } catch (DataFormatException e) {
      throw new ZipFormatException(
          "has the entry %s, which is damaged: %s".formatted(shown(entry.name()), e.getMessage()));
    }
    if (filled != entry.size()) {
      throw new ZipFormatException(
          "has the entry %s, which is shorter than it says".formatted(shown(entry.name())));
    }
    return content;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
