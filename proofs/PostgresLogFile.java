import java.sql.DriverManager;
import java.util.Properties;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A property of the URL writes a file anywhere (postgresql). */
public final class PostgresLogFile implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("in the URL", c -> connect("loggerLevel=DEBUG&loggerFile=" + c.outside() + "/canary.jsp"));
    to.variant("trace", c -> connect("loggerLevel=TRACE&loggerFile=" + c.outside() + "/canary.log"));
    to.variant("through a parent", c -> connect("loggerLevel=DEBUG&loggerFile=" + c.root() + "/../outside/canary"));
    to.variant("as properties", c -> {
      Properties properties = new Properties();
      properties.setProperty("user", "u");
      properties.setProperty("loggerLevel", "DEBUG");
      properties.setProperty("loggerFile", c.outside() + "/canary");
      DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/x", properties);
    });
    to.control("no log", c -> connect("ApplicationName=x"));
    to.control("log without file", c -> connect("loggerLevel=OFF"));
  }

  private static String connect(String properties) throws Exception {
    return String.valueOf(DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/x?user=u&" + properties));
  }
}
