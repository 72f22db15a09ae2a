package underpin.fix.backport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Replaces entries of a jar. All other entries keep their bytes as they lie in the file, compressed
 * and with their headers, and their order (PKWARE APPNOTE 4.3).
 */
final class JarPatch {
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int WIDE = 0xFFFF;

  /** 1980-01-01 00:00: the first that the format knows. */
  private static final int DATE = 0x0021;

  private record Entry(String name, int offset, byte[] header) {}

  private JarPatch() {}

  /**
   * {@return the jar with the entries replaced; those that it lacks come last, by name}
   *
   * @throws IOException if it is no zip file, or one that is split or larger than 2 GiB
   */
  static byte[] apply(byte[] jar, Map<String, byte[]> entries, Predicate<String> leaveOut)
      throws IOException {
    ByteBuffer in = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    int end = end(in);
    int count = in.getShort(end + 10) & WIDE;
    int start = in.getInt(end + 16);
    if (count == WIDE || start < 0 || start > end) {
      throw new IOException("it is in a form (ZIP64) that cannot be changed entry by entry");
    }
    List<Entry> all = new ArrayList<>();
    int at = start;
    for (int i = 0; i < count; i++) {
      if (at + CENTRAL_SIZE > end || in.getInt(at) != CENTRAL) {
        throw new IOException("its directory is damaged at byte " + at);
      }
      int name = in.getShort(at + 28) & WIDE;
      int size =
          CENTRAL_SIZE + name + (in.getShort(at + 30) & WIDE) + (in.getShort(at + 32) & WIDE);
      if (at + size > end) {
        throw new IOException("its directory is damaged at byte " + at);
      }
      byte[] header = new byte[size];
      in.get(at, header);
      all.add(
          new Entry(
              new String(header, CENTRAL_SIZE, name, StandardCharsets.UTF_8),
              in.getInt(at + 42),
              header));
      at += size;
    }
    return write(jar, in, start, end, all, new TreeMap<>(entries), leaveOut);
  }

  /** {@return a zip file without entries: its end record alone} */
  static byte[] empty() {
    byte[] end = new byte[22];
    end[0] = 'P';
    end[1] = 'K';
    end[2] = 5;
    end[3] = 6;
    return end;
  }

  private static int end(ByteBuffer in) throws IOException {
    for (int at = in.limit() - END_SIZE; at >= Math.max(0, in.limit() - END_SIZE - WIDE); at--) {
      if (in.getInt(at) == END) {
        return at;
      }
    }
    throw new IOException("it has no directory: it is no jar, or cut off");
  }

  private static byte[] write(
      byte[] jar,
      ByteBuffer in,
      int start,
      int end,
      List<Entry> all,
      SortedMap<String, byte[]> entries,
      Predicate<String> leaveOut)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(jar.length + 4096);
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    List<Entry> byOffset = new ArrayList<>(all);
    byOffset.sort(Comparator.comparingInt(Entry::offset));
    Map<Entry, Integer> next = new java.util.IdentityHashMap<>();
    for (int i = 0; i < byOffset.size(); i++) {
      next.put(byOffset.get(i), i + 1 < byOffset.size() ? byOffset.get(i + 1).offset : start);
    }
    Set<String> done = new HashSet<>();
    int count = 0;
    // Bytes before the first entry, as of a jar that is also a script.
    int first = byOffset.isEmpty() ? start : byOffset.getFirst().offset;
    out.write(jar, 0, first);
    for (Entry entry : byOffset) {
      if (leaveOut.test(entry.name) || !done.add(entry.name) && entries.containsKey(entry.name)) {
        continue;
      }
      byte[] header = entry.header.clone();
      ByteBuffer central = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      central.putInt(42, out.size());
      byte[] fresh = entries.get(entry.name);
      int to = next.getOrDefault(entry, start);
      if (entry.offset < 0 || to < entry.offset || in.getInt(entry.offset) != LOCAL) {
        throw new IOException("its entry " + entry.name + " is not where the directory says");
      }
      if (fresh == null) {
        out.write(jar, entry.offset, to - entry.offset);
      } else {
        header = replaced(central, entry, fresh, out);
      }
      directory.write(header);
      count++;
    }
    for (Map.Entry<String, byte[]> fresh : entries.entrySet()) {
      if (done.add(fresh.getKey())) {
        byte[] name = fresh.getKey().getBytes(StandardCharsets.UTF_8);
        ByteBuffer central =
            ByteBuffer.allocate(CENTRAL_SIZE + name.length).order(ByteOrder.LITTLE_ENDIAN);
        central.putInt(0, CENTRAL).putShort(4, (short) 20).putShort(6, (short) 20);
        central
            .putShort(8, (short) 0x0800)
            .putShort(14, (short) DATE)
            .putShort(28, (short) name.length);
        central.position(CENTRAL_SIZE);
        central.put(name);
        central.putInt(42, out.size());
        Entry entry = new Entry(fresh.getKey(), 0, central.array());
        directory.write(replaced(central, entry, fresh.getValue(), out));
        count++;
      }
    }
    byte[] tail = new byte[in.limit() - end];
    in.get(end, tail);
    ByteBuffer last = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    last.putShort(8, (short) count).putShort(10, (short) count);
    last.putInt(12, directory.size()).putInt(16, out.size());
    out.write(directory.toByteArray());
    out.write(tail);
    return out.toByteArray();
  }

  private static byte[] replaced(
      ByteBuffer central, Entry entry, byte[] content, ByteArrayOutputStream out)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    byte[] packed = deflated(content);
    int nameSize = central.getShort(28) & WIDE;
    // No extra fields: they may hold sizes and times of what was there.
    ByteBuffer header = ByteBuffer.allocate(CENTRAL_SIZE + nameSize).order(ByteOrder.LITTLE_ENDIAN);
    header.put(central.array(), 0, CENTRAL_SIZE + nameSize);
    short flags = (short) (central.getShort(8) & 0x0800);
    header.putShort(6, (short) 20).putShort(8, flags).putShort(10, (short) 8);
    header.putInt(16, (int) crc.getValue()).putInt(20, packed.length).putInt(24, content.length);
    header.putShort(30, (short) 0).putShort(32, (short) 0).putInt(42, out.size());
    ByteBuffer local = ByteBuffer.allocate(LOCAL_SIZE + nameSize).order(ByteOrder.LITTLE_ENDIAN);
    local.putInt(0, LOCAL).putShort(4, (short) 20).putShort(6, flags).putShort(8, (short) 8);
    local.putShort(10, header.getShort(12)).putShort(12, header.getShort(14));
    local.putInt(14, (int) crc.getValue()).putInt(18, packed.length).putInt(22, content.length);
    local.putShort(26, (short) nameSize);
    local.position(LOCAL_SIZE);
    local.put(header.array(), CENTRAL_SIZE, nameSize);
    out.write(local.array());
    out.write(packed);
    return header.array();
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
