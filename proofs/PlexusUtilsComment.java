import java.io.StringWriter;
import org.codehaus.plexus.util.xml.PrettyPrintXMLWriter;
import org.codehaus.plexus.util.xml.XmlWriterUtil;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A comment's text ends the comment (plexus-utils). */
public final class PlexusUtilsComment implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("end of a comment", c -> markup(c, write("a --><b/><!-- c")));
    to.variant("two", c -> markup(c, write("a --> <b/> --> c")));
    to.variant("at the start", c -> markup(c, write("--><b/>")));
    to.variant("with indent", c -> {
      StringWriter out = new StringWriter();
      XmlWriterUtil.writeComment(new PrettyPrintXMLWriter(out), "x --><b/>", 4, 2, 60);
      markup(c, out.toString());
    });
    to.control("ordinary text", c -> write("hello") + write("several words of an ordinary comment"));
    to.control("long text", c -> write(Canary.repeat("word ", 60)));
    to.replay("texts", (c, r) -> write("w" + r.nextInt() + (r.nextBoolean() ? " & <x" : " - y") + r.nextInt(9)));
  }

  private static String write(String comment) {
    StringWriter out = new StringWriter();
    XmlWriterUtil.writeComment(new PrettyPrintXMLWriter(out), comment);
    return out.toString();
  }

  private static void markup(Canary c, String xml) {
    c.triggeredIf(xml.replaceFirst("-->", "").contains("<b/>") && xml.indexOf("-->") < xml.indexOf("<b/>"), "text of a comment became markup");
  }
}
