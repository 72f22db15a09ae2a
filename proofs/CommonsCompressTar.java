import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A time in a tar header takes processor time without end (commons-compress). */
public final class CommonsCompressTar implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("mtime", c -> c.within(1500, n -> list(tar("mtime", "9e9999999"))));
    to.variant("atime", c -> c.within(1500, n -> list(tar("atime", "1E9999999"))));
    to.variant("ctime", c -> c.within(1500, n -> list(tar("ctime", "9e+9999999"))));
    to.variant("negative", c -> c.within(1500, n -> list(tar("mtime", "-7e9999999"))));
    to.variant("creation time", c -> c.within(1500, n -> list(tar("LIBARCHIVE.creationtime", "7e9999999"))));
    to.control("ordinary times", c -> list(tar("mtime", "1600000000.25")) + list(tar("mtime", "12")) + list(tar("comment", "hello")));
    to.replay("times", (c, r) -> list(tar(r.nextBoolean() ? "mtime" : "atime", r.nextInt(2000000000) + "." + r.nextInt(999))));
  }

  private static String list(byte[] tar) throws Exception {
    StringBuilder text = new StringBuilder();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      for (TarArchiveEntry e = in.getNextTarEntry(); e != null; e = in.getNextTarEntry()) {
        text.append(e.getName()).append(' ').append(e.getLastModifiedTime().toMillis()).append(' ').append(e.getSize()).append(';');
      }
    }
    return text.toString();
  }

  private static byte[] tar(String key, String value) throws Exception {
    String record = " " + key + "=" + value + "\n";
    int length = record.length() + 2;
    byte[] pax = (length + record).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header("PaxHeader", 'x', pax.length));
    out.write(pax);
    out.write(new byte[(512 - pax.length % 512) % 512]);
    out.write(header("file", '0', 0));
    out.write(new byte[1024]);
    return out.toByteArray();
  }

  private static byte[] header(String name, char type, int size) {
    byte[] h = new byte[512];
    put(h, 0, name);
    put(h, 100, "0000644");
    put(h, 108, "0000000");
    put(h, 116, "0000000");
    put(h, 124, String.format("%011o", size));
    put(h, 136, "00000000000");
    put(h, 148, "        ");
    h[156] = (byte) type;
    put(h, 257, "ustar");
    put(h, 263, "00");
    int sum = 0;
    for (byte b : h) {
      sum += b & 0xff;
    }
    put(h, 148, String.format("%06o", sum));
    h[154] = 0;
    return h;
  }

  private static void put(byte[] h, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, h, at, bytes.length);
  }
}
