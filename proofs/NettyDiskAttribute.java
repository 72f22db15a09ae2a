import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.DiskAttribute;
import io.netty.handler.codec.http.multipart.DiskFileUpload;
import io.netty.handler.codec.http.multipart.HttpData;
import java.nio.charset.StandardCharsets;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Uploads lie in files that others can read (netty-codec-http). */
public final class NettyDiskAttribute implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("attribute", c -> {
      DiskAttribute data = new DiskAttribute("a");
      data.setValue("value");
      look(c, data);
    });
    to.variant("upload", c -> {
      DiskFileUpload data = new DiskFileUpload("f", "n.txt", "text/plain", null, StandardCharsets.UTF_8, 5);
      data.setContent(Unpooled.copiedBuffer("value", StandardCharsets.UTF_8));
      look(c, data);
    });
    to.variant("in pieces", c -> {
      DiskFileUpload data = new DiskFileUpload("f", "n.txt", "text/plain", null, StandardCharsets.UTF_8, 10);
      data.addContent(Unpooled.copiedBuffer("value", StandardCharsets.UTF_8), false);
      data.addContent(Unpooled.copiedBuffer("value", StandardCharsets.UTF_8), true);
      look(c, data);
    });
    to.variant("from a stream", c -> {
      DiskFileUpload data = new DiskFileUpload("f", "n.txt", "text/plain", null, StandardCharsets.UTF_8, 5);
      data.setContent(new java.io.ByteArrayInputStream(new byte[5]));
      look(c, data);
    });
    to.control("values", c -> {
      DiskAttribute data = new DiskAttribute("a", "value");
      String text = data.getValue() + data.length();
      data.delete();
      return text;
    });
    to.control("in memory", c -> new DefaultHttpDataFactory(false).createAttribute(new io.netty.handler.codec.http.DefaultHttpRequest(io.netty.handler.codec.http.HttpVersion.HTTP_1_1, io.netty.handler.codec.http.HttpMethod.GET, "/"), "k", "v").getValue());
    to.replay("values", (c, r) -> {
      DiskAttribute data = new DiskAttribute("a", "v" + r.nextInt());
      String text = data.getValue();
      data.delete();
      return text;
    });
  }

  private static void look(Canary c, HttpData data) throws Exception {
    c.readableByOthers(data.getFile());
    data.delete();
  }
}
