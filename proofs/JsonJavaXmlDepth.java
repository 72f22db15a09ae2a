import org.json.XML;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Nested XML exhausts the stack (org.json). */
public final class JsonJavaXmlDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("elements", c -> c.depth(n -> XML.toJSONObject(Canary.repeat("<a>", 40000))));
    to.variant("as strings", c -> c.depth(n -> XML.toJSONObject(Canary.repeat("<a>", 40000), true)));
    to.variant("with attributes", c -> c.depth(n -> XML.toJSONObject(Canary.repeat("<a b='1'>", 40000))));
    to.variant("closed", c -> c.depth(n -> XML.toJSONObject(Canary.repeat("<a>", 40000) + Canary.repeat("</a>", 40000))));
    to.control("documents", c -> XML.toJSONObject("<a x='1'><b>t</b><b>2.5</b><c/></a>").toString());
    to.control("some depth", c -> XML.toJSONObject(Canary.repeat("<a>", 100) + Canary.repeat("</a>", 100)).toString());
    to.control("back", c -> XML.toString(XML.toJSONObject("<a><b>1</b></a>")));
    to.replay("trees", (c, r) -> {
      int depth = 1 + r.nextInt(50);
      return XML.toJSONObject(Canary.repeat("<n k='" + r.nextInt(9) + "'>", depth) + r.nextInt() + Canary.repeat("</n>", depth)).toString();
    });
  }
}
