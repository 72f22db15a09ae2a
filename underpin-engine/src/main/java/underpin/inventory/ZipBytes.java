package underpin.inventory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of an archive: a file, a part of one, or an unpacked entry in memory. */
sealed interface ZipBytes {
  long size();

  /**
   * {@return bytes from a position}
   *
   * @throws EOFException if there are not so many
   */
  byte[] read(long from, int length) throws IOException;

  ZipBytes slice(long from, long length) throws EOFException;

  static void check(long size, long from, long length) throws EOFException {
    if (from < 0 || length < 0 || from > size - length) {
      throw new EOFException("bytes %d to %d lie beyond its end".formatted(from, from + length));
    }
  }

  /** A file or a part of one. */
  record OfFile(FileChannel channel, long start, long size) implements ZipBytes {
    @Override
    public byte[] read(long from, int length) throws IOException {
      check(size, from, length);
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, start + from + bytes.position()) < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
      }
      return bytes.array();
    }

    @Override
    public ZipBytes slice(long from, long length) throws EOFException {
      check(size, from, length);
      return new OfFile(channel, start + from, length);
    }
  }

  /** Bytes in memory, shared and never changed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record InMemory(byte[] bytes, int start, int length) implements ZipBytes {
    @Override
    public long size() {
      return length;
    }

    @Override
    public byte[] read(long from, int count) throws IOException {
      check(length, from, count);
      byte[] part = new byte[count];
      System.arraycopy(bytes, start + (int) from, part, 0, count);
      return part;
    }

    @Override
    public ZipBytes slice(long from, long count) throws EOFException {
      check(length, from, count);
      return new InMemory(bytes, start + (int) from, (int) count);
    }
  }
}
