import org.h2.util.JdbcUtils;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A driver's name and URL reach JNDI (h2). */
public final class H2JndiConnection implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("ldap", c -> JdbcUtils.getConnection("javax.naming.InitialContext", "ldap://127.0.0.1:" + c.listener().port() + "/a", "", ""));
    to.variant("with a query", c -> JdbcUtils.getConnection("javax.naming.InitialContext", "ldap://127.0.0.1:" + c.listener().port() + "/cn=a,dc=b", "u", "p"));
    to.variant("rmi", c -> JdbcUtils.getConnection("javax.naming.InitialContext", "rmi://127.0.0.1:" + c.listener().port() + "/a", "", ""));
    to.variant("subclass", c -> JdbcUtils.getConnection("javax.naming.directory.InitialDirContext", "ldap://127.0.0.1:" + c.listener().port() + "/a", "", ""));
    to.control("a database", c -> {
      try (java.sql.Connection connection = JdbcUtils.getConnection("org.h2.Driver", "jdbc:h2:mem:", "sa", "");
          java.sql.ResultSet rows = connection.createStatement().executeQuery("select 1 + 1, 'x'")) {
        rows.next();
        return rows.getInt(1) + rows.getString(2);
      }
    });
    to.control("no such driver", c -> String.valueOf(JdbcUtils.getConnection("no.such.Driver", "jdbc:x", "", "")));
    to.control("a name in memory", c -> String.valueOf(JdbcUtils.getConnection("javax.naming.InitialContext", "java:comp/env", "", "")));
  }
}
