import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.QName;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Names with markup are written as markup (dom4j). */
public final class Dom4jNames implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("element", c -> markup(c, DocumentHelper.createElement("a><b").asXML()));
    to.variant("attribute", c -> markup(c, DocumentHelper.createElement("x").addAttribute("k='v'><b></b><y", "1").asXML()));
    to.variant("child", c -> {
      Element root = DocumentHelper.createElement("r");
      root.addElement("c/><b></b><d");
      markup(c, root.asXML());
    });
    to.variant("qualified name", c -> markup(c, DocumentHelper.createElement(QName.get("a><b")).asXML()));
    to.variant("with a namespace", c -> markup(c, DocumentHelper.createElement(QName.get("a><b", "p", "urn:x")).asXML()));
    to.control("ordinary names", c -> DocumentHelper.createElement("a-b.c").addAttribute("p", "<&>").asXML());
    to.control("with a prefix", c -> DocumentHelper.createElement(QName.get("a", "p", "urn:x")).asXML());
    to.control("parsing", c -> DocumentHelper.parseText("<a xmlns:p='urn:p'><p:b c='1'>t</p:b></a>").asXML());
    to.replay("names", (c, r) -> DocumentHelper.createElement("n" + r.nextInt(99)).addAttribute("k" + r.nextInt(9), "v<" + r.nextInt()).asXML());
  }

  private static void markup(Canary c, String xml) {
    c.triggeredIf(xml.contains("<b"), "a name became markup: " + xml);
  }
}
