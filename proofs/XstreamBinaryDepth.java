import com.thoughtworks.xstream.io.binary.BinaryStreamReader;
import com.thoughtworks.xstream.io.binary.BinaryStreamWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Mapping tokens exhaust the stack (xstream). */
public final class XstreamBinaryDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("one mapping again and again", c -> c.depth(n -> new BinaryStreamReader(new ByteArrayInputStream(maps(1, 0)))));
    to.variant("many ids", c -> c.depth(n -> new BinaryStreamReader(new ByteArrayInputStream(maps(200, 0)))));
    to.variant("with names", c -> c.depth(n -> new BinaryStreamReader(new ByteArrayInputStream(maps(3, 5)))));
    to.variant("after a node", c -> c.depth(n -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryStreamWriter writer = new BinaryStreamWriter(out);
      writer.startNode("a");
      writer.flush();
      out.write(maps(1, 0));
      BinaryStreamReader reader = new BinaryStreamReader(new ByteArrayInputStream(out.toByteArray()));
      reader.hasMoreChildren();
    }));
    to.control("documents", c -> roundTrip("a", "b", "c"));
    to.control("many names", c -> {
      String[] names = new String[60];
      for (int i = 0; i < names.length; i++) {
        names[i] = "n" + i;
      }
      return roundTrip(names);
    });
    to.replay("names", (c, r) -> roundTrip("n" + r.nextInt(9), "m" + r.nextInt(9), "n" + r.nextInt(9)));
  }

  private static byte[] maps(int ids, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 60000; i++) {
      out.write(0x0a);
      out.write(1 + i % ids);
      out.write(0);
      out.write(length);
      for (int k = 0; k < length; k++) {
        out.write('x');
      }
    }
    return out.toByteArray();
  }

  private static String roundTrip(String... names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryStreamWriter writer = new BinaryStreamWriter(out);
    for (String name : names) {
      writer.startNode(name);
    }
    writer.setValue("text");
    for (String name : names) {
      writer.endNode();
    }
    writer.flush();
    StringBuilder text = new StringBuilder();
    BinaryStreamReader reader = new BinaryStreamReader(new ByteArrayInputStream(out.toByteArray()));
    text.append(reader.getNodeName());
    while (reader.hasMoreChildren()) {
      reader.moveDown();
      text.append('/').append(reader.getNodeName());
    }
    return text.append(reader.getValue()).toString();
  }
}
