import java.io.ByteArrayOutputStream;
import java.util.zip.GZIPOutputStream;
import okio.Buffer;
import okio.GzipSource;
import okio.Okio;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A gzip header's length is read as negative (okio). */
public final class OkioGzipHeader implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("extra field", c -> read(c, extra(0xffff, 4)));
    to.variant("sign bit alone", c -> read(c, extra(0x8000, 4)));
    to.variant("with a checksum", c -> read(c, extra(0xfff0, 6)));
    to.variant("with a name", c -> read(c, extra(0x9000, 12)));
    to.control("round trip", c -> unzip(zip("hello hello hello")));
    to.control("small extra field", c -> unzip(withExtra("hello")));
    to.control("broken", c -> unzip(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    to.replay("texts", (c, r) -> unzip(zip(Canary.repeat("t" + r.nextInt(), 1 + r.nextInt(50)))));
  }

  private static byte[] zip(String text) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes("UTF-8"));
    }
    return out.toByteArray();
  }

  private static byte[] withExtra(String text) throws Exception {
    byte[] plain = zip(text);
    byte[] all = new byte[plain.length + 5];
    System.arraycopy(plain, 0, all, 0, 10);
    all[3] = 4;
    all[10] = 3;
    System.arraycopy(plain, 10, all, 15, plain.length - 10);
    return all;
  }

  private static byte[] extra(int length, int flags) {
    byte[] bytes = new byte[40];
    bytes[0] = 0x1f;
    bytes[1] = (byte) 0x8b;
    bytes[2] = 8;
    bytes[3] = (byte) flags;
    bytes[10] = (byte) length;
    bytes[11] = (byte) (length >> 8);
    return bytes;
  }

  private static String unzip(byte[] bytes) throws Exception {
    return Okio.buffer(new GzipSource(new Buffer().write(bytes))).readUtf8();
  }

  private static void read(Canary c, byte[] bytes) throws Exception {
    try {
      unzip(bytes);
    } catch (IllegalArgumentException e) {
      c.triggered("an unexpected exception: " + e);
    }
  }
}
