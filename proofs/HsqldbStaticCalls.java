import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;
import underpin.canary.Tripwire;

/** SQL calls any static method (hsqldb). */
public final class HsqldbStaticCalls implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("call", c -> sql("call \"underpin.canary.Tripwire.call\"()"));
    to.variant("in a query", c -> sql("values(\"underpin.canary.Tripwire.call\"())"));
    to.variant("with an argument", c -> sql("call \"underpin.canary.Tripwire.spring\"('x')"));
    to.variant("prepared", c -> {
      try (Connection connection = DriverManager.getConnection("jdbc:hsqldb:mem:p", "SA", "")) {
        connection.prepareStatement("call \"underpin.canary.Tripwire.spring\"(cast(? as varchar(9)))");
        java.sql.PreparedStatement call = connection.prepareStatement("call \"underpin.canary.Tripwire.spring\"(cast(? as varchar(9)))");
        call.setString(1, "x");
        call.execute();
      }
    });
    to.control("functions of SQL", c -> sql("call upper('abc') || substring('xyz' from 2)") + sql("values(1 + 2)"));
    to.control("no such function", c -> sql("call no_such()"));
    to.replay("arithmetic", (c, r) -> sql("values(" + r.nextInt(1000) + " * " + r.nextInt(1000) + ")") + sql("call abs(" + (r.nextInt(100) - 50) + ")"));
  }

  private static String sql(String text) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:hsqldb:mem:p", "SA", "");
        ResultSet rows = connection.createStatement().executeQuery(text)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
