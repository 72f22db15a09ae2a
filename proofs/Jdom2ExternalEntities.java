import java.io.StringReader;
import org.jdom2.input.SAXBuilder;
import org.jdom2.output.XMLOutputter;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** External entities are fetched although they are not wanted (jdom2). */
public final class Jdom2ExternalEntities implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("general entity", c -> builder().build(new StringReader(Canary.externalEntity(c.listener("x")))));
    to.variant("in an attribute's default", c -> builder().build(new StringReader("<!DOCTYPE r [<!ENTITY e SYSTEM \"" + c.listener("x").url("e") + "\">]><r><a>t</a><b>&e; u</b></r>")));
    to.variant("from bytes", c -> builder().build(new java.io.ByteArrayInputStream(Canary.externalEntity(c.listener("x")).getBytes("UTF-8"))));
    to.variant("by an engine", c -> builder().buildEngine().build(new StringReader(Canary.externalEntity(c.listener("x")))));
    to.control("documents", c -> new XMLOutputter().outputString(builder().build(new StringReader("<a b='1'><c>t &lt; u</c></a>"))));
    to.control("expanding inner entities", c -> new XMLOutputter().outputString(new SAXBuilder().build(new StringReader("<!DOCTYPE r [<!ENTITY e 'text'>]><r>&e;</r>")).getRootElement()));
    to.replay("documents", (c, r) -> new XMLOutputter().outputString(builder().build(new StringReader("<a b='" + r.nextInt() + "'>" + Canary.repeat("<c/>", r.nextInt(5)) + "</a>"))));
  }

  private static SAXBuilder builder() {
    SAXBuilder builder = new SAXBuilder();
    builder.setFeature("http://xml.org/sax/features/external-general-entities", false);
    return builder;
  }
}
