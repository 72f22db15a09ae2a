import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A blank before the colon of a header is let pass (netty-codec-http). */
public final class NettyHeaderBlank implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("Transfer-Encoding", c -> accepted(c, "Transfer-Encoding : chunked"));
    to.variant("Content-Length", c -> accepted(c, "Content-Length : 3"));
    to.variant("tabulator", c -> accepted(c, "Transfer-Encoding\t: chunked"));
    to.variant("several blanks", c -> accepted(c, "Transfer-Encoding   : chunked"));
    to.variant("another header", c -> accepted(c, "X-Some : y"));
    to.control("ordinary headers", c -> read("Host: a\r\nX-A:b\r\nX-C: d e "));
    to.control("folded", c -> read("X-A: b\r\n c\r\nX-D: e"));
    to.control("chunked", c -> read("Transfer-Encoding: chunked"));
    to.replay("headers", (c, r) -> read("X-" + r.nextInt(99) + ": v" + r.nextInt() + (r.nextBoolean() ? " " : "") + "\r\nHost:h"));
  }

  private static String read(String headers) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n" + headers + "\r\n\r\n", StandardCharsets.ISO_8859_1));
    HttpRequest request = channel.readInbound();
    return request == null ? "none" : request.decoderResult().isSuccess() + " " + request.headers().entries();
  }

  private static void accepted(Canary c, String header) {
    String read = read(header);
    c.triggeredIf(read.startsWith("true"), "a header with a blank in its name was let pass: " + read);
  }
}
