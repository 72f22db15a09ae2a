import java.sql.DriverManager;
import java.util.Properties;
import org.postgresql.util.ObjectFactory;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A property of the URL makes any class (postgresql). */
public final class PostgresSocketFactory implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("socketFactory", c -> connect("socketFactory=" + c.tripwire()));
    to.variant("with an argument", c -> connect("socketFactory=" + c.tripwire() + "&socketFactoryArg=x"));
    to.variant("as properties", c -> {
      Properties properties = new Properties();
      properties.setProperty("socketFactory", c.tripwire());
      DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/x", properties);
    });
    to.variant("sslfactory", c -> {
      try (java.net.ServerSocket server = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
        Thread yes = new Thread(() -> {
          try (java.net.Socket s = server.accept()) {
            s.getInputStream().read(new byte[8]);
            s.getOutputStream().write('S');
            s.getOutputStream().flush();
            s.getInputStream().read();
          } catch (java.io.IOException e) {
            return;
          }
        });
        yes.setDaemon(true);
        yes.start();
        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/x?sslmode=require&sslfactory=" + c.tripwire(), "u", "p");
      }
    });
    to.control("no server", c -> connect("socketFactory=javax.net.DefaultSocketFactory") + "");
    to.control("default", c -> connect("ApplicationName=x") + "");
    to.control("no such class", c -> connect("socketFactory=no.such.Factory") + "");
  }

  private static Object connect(String properties) throws Exception {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/x?user=u&" + properties);
  }
}
