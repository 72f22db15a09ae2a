import java.io.ByteArrayInputStream;
import java.io.File;
import org.postgresql.util.StreamWrapper;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Large values lie in files that others can read (postgresql). */
public final class PostgresTempFile implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("large stream", c -> look(c, new StreamWrapper(new ByteArrayInputStream(new byte[120000]))));
    to.variant("much larger", c -> look(c, new StreamWrapper(new ByteArrayInputStream(new byte[900000]))));
    to.variant("just larger", c -> look(c, new StreamWrapper(new ByteArrayInputStream(new byte[51201]))));
    to.variant("read in pieces", c -> look(c, new StreamWrapper(new java.io.SequenceInputStream(new ByteArrayInputStream(new byte[50000]), new ByteArrayInputStream(new byte[50000])))));
    to.control("small stream", c -> size(new StreamWrapper(new ByteArrayInputStream(new byte[10]))));
    to.control("large stream", c -> size(new StreamWrapper(new ByteArrayInputStream(new byte[200000]))));
    to.replay("sizes", (c, r) -> size(new StreamWrapper(new ByteArrayInputStream(new byte[r.nextInt(100000)]))));
  }

  private static void look(Canary c, StreamWrapper wrapper) throws Exception {
    boolean seen = false;
    for (File file : new File(System.getProperty("java.io.tmpdir")).listFiles()) {
      if (file.getName().contains("postgres")) {
        seen = true;
        c.readableByOthers(file);
        file.delete();
      }
    }
    if (!seen) {
      c.unusable("no temporary file was found");
    }
  }

  private static String size(StreamWrapper wrapper) throws Exception {
    int n = 0;
    try (java.io.InputStream in = wrapper.getStream()) {
      byte[] buffer = new byte[9000];
      for (int k = in.read(buffer); k > 0; k = in.read(buffer)) {
        n += k;
      }
    }
    return n + " " + wrapper.getLength();
  }
}
