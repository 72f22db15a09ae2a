import org.jsoup.Jsoup;
import org.jsoup.safety.Safelist;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Control characters hide a script's address from the cleaner (jsoup). */
public final class JsoupRelativeLinks implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("tabulator", c -> kept(c, clean("<a href=\"java\tscript:void(0)\">x</a>")));
    to.variant("line end", c -> kept(c, clean("<a href=\"java\nscript:void(0)\">x</a>")));
    to.variant("as an entity", c -> kept(c, clean("<a href=\"java&#10;script:void(0)\">x</a>")));
    to.variant("image", c -> kept(c, Jsoup.clean("<img src=\"java\tscript:void(0)\">", "http://example.com/", Safelist.basicWithImages().preserveRelativeLinks(true))));
    to.control("links", c -> clean("<a href=\"/x\">a</a><a href=\"http://example.org/y\">b</a><a href=\"javascript:void(0)\">c</a>"));
    to.control("other tags", c -> clean("<b>x</b><script>y</script><p onclick='z'>t"));
    to.replay("links", (c, r) -> clean("<a href=\"" + (r.nextBoolean() ? "/p" : "https://e.com/q") + r.nextInt() + "?a=b&amp;c\">l" + r.nextInt(9) + "</a>"));
  }

  private static String clean(String html) {
    return Jsoup.clean(html, "http://example.com/", Safelist.basic().preserveRelativeLinks(true));
  }

  private static void kept(Canary c, String html) {
    String seen = html.replace("&#10;", "").replaceAll("[\\x00-\\x1f]", "").replace("&#x1;", "");
    c.triggeredIf(seen.contains("javascript:"), "a script's address was kept");
  }
}
