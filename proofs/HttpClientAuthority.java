import java.net.URI;
import org.apache.http.HttpHost;
import org.apache.http.client.utils.URIUtils;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** The host of a request is read from user info (httpclient). */
public final class HttpClientAuthority implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("two signs", c -> other(c, "http://blah@goggle.com:80@google.com/"));
    to.variant("with a port", c -> other(c, "http://u@first.example:8080@second.example/"));
    to.variant("with a password", c -> other(c, "http://u:p@first.example:8080@second.example/"));
    to.variant("https", c -> other(c, "https://u@first.example:8443@second.example/path?q=1"));
    to.control("ordinary", c -> host("http://example.com/a") + host("https://example.com:8443/") + host("http://u:p@example.com/"));
    to.control("none", c -> host("/relative") + host("http:///x"));
    to.replay("addresses", (c, r) -> host("http://" + (r.nextBoolean() ? "u@" : "") + "h" + r.nextInt(99) + ".example:" + (1 + r.nextInt(9999)) + "/p"));
  }

  private static String host(String address) {
    return String.valueOf(URIUtils.extractHost(URI.create(address)));
  }

  private static void other(Canary c, String address) {
    HttpHost host = URIUtils.extractHost(URI.create(address));
    c.triggeredIf(host != null, "the host was read as " + host);
  }
}
