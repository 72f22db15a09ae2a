import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.fileupload.MultipartStream;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A long boundary makes the multipart parser loop without end (commons-fileupload). */
public final class CommonsFileUploadBoundary implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("boundary as long as the buffer", c -> c.within(2500, n -> read(4092, 4096)));
    to.variant("longer than the buffer", c -> c.within(2500, n -> read(4999, 4096)));
    to.variant("smaller buffer", c -> c.within(2500, n -> read(508, 512)));
    to.variant("discarding", c -> c.within(2500, n -> discard(4093, 4096)));
    to.control("ordinary", c -> read(30, 4096) + read(70, 4096) + read(200, 1024));
    to.replay("bodies", (c, r) -> read(10 + r.nextInt(60), 512 + r.nextInt(4000)));
  }

  private static MultipartStream stream(int boundary, int buffer) throws Exception {
    String mark = Canary.repeat("b", boundary);
    String body = "--" + mark + "\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + Canary.repeat("x", 20000) + "\r\n--" + mark + "--\r\n";
    return new MultipartStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)), mark.getBytes(StandardCharsets.ISO_8859_1), buffer);
  }

  private static String read(int boundary, int buffer) throws Exception {
    MultipartStream in = stream(boundary, buffer);
    StringBuilder text = new StringBuilder();
    boolean more = in.skipPreamble();
    while (more) {
      text.append(in.readHeaders().trim());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      in.readBodyData(out);
      text.append(out.size());
      more = in.readBoundary();
    }
    return text.toString();
  }

  private static void discard(int boundary, int buffer) throws Exception {
    MultipartStream in = stream(boundary, buffer);
    in.skipPreamble();
    in.readHeaders();
    in.discardBodyData();
  }
}
