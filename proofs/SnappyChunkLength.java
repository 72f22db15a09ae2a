import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A chunk's length is allocated unseen (snappy-java). */
public final class SnappyChunkLength implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("a large length", c -> c.allocating(300 << 20, n -> read(chunk(0x7ffffff0))));
    to.variant("larger than the heap", c -> c.allocating(300 << 20, n -> read(chunk(0x60000000))));
    to.variant("read by byte", c -> c.allocating(300 << 20, n -> new SnappyInputStream(new ByteArrayInputStream(chunk(0x7ffffff0))).read()));
    to.variant("after a good chunk", c -> c.allocating(300 << 20, n -> {
      byte[] good = compressed("hello");
      byte[] bad = chunk(0x7ffffff0);
      byte[] all = java.util.Arrays.copyOf(good, good.length + 4);
      System.arraycopy(bad, bad.length - 8, all, good.length, 4);
      read(all);
    }));
    to.control("round trip", c -> read(compressed("hello hello")));
    to.control("short", c -> read(new byte[] {1, 2, 3}));
    to.replay("texts", (c, r) -> read(compressed(Canary.repeat("t" + r.nextInt(), 1 + r.nextInt(200)))));
  }

  private static byte[] chunk(int length) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0});
    out.writeInt(1);
    out.writeInt(1);
    out.writeInt(length);
    out.writeInt(0);
    return bytes.toByteArray();
  }

  private static byte[] compressed(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SnappyOutputStream out = new SnappyOutputStream(bytes)) {
      out.write(text.getBytes("UTF-8"));
    }
    return bytes.toByteArray();
  }

  private static String read(byte[] bytes) throws Exception {
    StringBuilder text = new StringBuilder();
    try (SnappyInputStream in = new SnappyInputStream(new ByteArrayInputStream(bytes))) {
      byte[] buffer = new byte[1000];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        text.append(new String(buffer, 0, n, "UTF-8"));
      }
    }
    return text.toString();
  }
}
