import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Line ends in header values are written as they are (netty-codec-http). */
public final class NettyHeaderValues implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("as a list", c -> split(c, new DefaultHttpHeaders().set("k", Arrays.asList("v\r\nX-Canary: 1"))));
    to.variant("as an iterator's values", c -> split(c, new DefaultHttpHeaders().set("k", (Iterable<?>) Arrays.asList("a", "v\nX-Canary: 1"))));
    to.variant("not the first", c -> split(c, new DefaultHttpHeaders().set("k", Arrays.asList("a", "b", "v\r\nX-Canary: 1"))));
    to.variant("as characters", c -> split(c, new DefaultHttpHeaders().set((CharSequence) "k", (Iterable<?>) Arrays.asList(new StringBuilder("v\r\nX-Canary: 1")))));
    to.control("ordinary values", c -> new DefaultHttpHeaders().set("k", Arrays.asList("a", "b c")).add("l", "m").entries().toString());
    to.control("one value", c -> new DefaultHttpHeaders().set("k", "v").set("k", "w").entries().toString());
    to.control("a line end in one value", c -> new DefaultHttpHeaders().set("k", "v\r\nx").entries().toString());
    to.replay("values", (c, r) -> new DefaultHttpHeaders().set("k" + r.nextInt(9), Arrays.asList("v" + r.nextInt(), r.nextInt(99))).entries().toString());
  }

  private static void split(Canary c, HttpHeaders headers) {
    c.triggeredIf(headers.getAll("k").toString().contains("\n"), "a value with a line end was taken");
  }
}
