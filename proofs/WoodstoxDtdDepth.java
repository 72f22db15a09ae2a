import com.ctc.wstx.stax.WstxInputFactory;
import java.io.StringReader;
import javax.xml.stream.XMLStreamReader;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A nested content model exhausts the stack (woodstox-core). */
public final class WoodstoxDtdDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("sequence", c -> c.depth(n -> read(dtd(Canary.repeat("(", 60000)))));
    to.variant("choice", c -> c.depth(n -> read(dtd(Canary.repeat("(a|", 60000)))));
    to.variant("list", c -> c.depth(n -> read(dtd(Canary.repeat("(a,", 60000)))));
    to.variant("with white space", c -> c.depth(n -> read(dtd(Canary.repeat("( ", 60000)))));
    to.control("models", c -> read(dtd("((a,b)|c)") + ">]><r><c/></r>") + read("<r a='1'><x/>t</r>"));
    to.control("some depth", c -> read(dtd(Canary.repeat("(", 50) + "a" + Canary.repeat(")", 50)) + ">]><r/>"));
    to.replay("documents", (c, r) -> {
      int depth = 1 + r.nextInt(40);
      return read(Canary.repeat("<n>", depth) + r.nextInt() + Canary.repeat("</n>", depth));
    });
  }

  private static String dtd(String model) {
    return "<!DOCTYPE r [<!ELEMENT r " + model;
  }

  private static String read(String xml) throws Exception {
    StringBuilder text = new StringBuilder();
    XMLStreamReader in = new WstxInputFactory().createXMLStreamReader(new StringReader(xml));
    while (in.hasNext()) {
      text.append(in.next()).append(in.hasName() ? in.getLocalName() : in.hasText() ? in.getText() : "").append(' ');
    }
    return text.toString();
  }
}
