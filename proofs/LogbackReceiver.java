import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.net.SimpleSocketServer;
import ch.qos.logback.classic.net.SocketNode;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;
import underpin.canary.Tripwire;

/** A log receiver deserializes anything (logback-classic). */
public final class LogbackReceiver implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("an object", c -> send(Tripwire.quiet()));
    to.variant("in a list", c -> send(new ArrayList<>(Arrays.asList("x", Tripwire.quiet()))));
    to.variant("in a map", c -> {
      Map<String, Object> map = new HashMap<>();
      map.put("k", Tripwire.quiet());
      send((java.io.Serializable) map);
    });
    to.variant("in an array", c -> send(new Object[] {Tripwire.quiet()}));
    to.control("logging", c -> {
      LoggerContext context = new LoggerContext();
      ch.qos.logback.core.read.ListAppender<ch.qos.logback.classic.spi.ILoggingEvent> list = new ch.qos.logback.core.read.ListAppender<>();
      list.setContext(context);
      list.start();
      context.getLogger("a").addAppender(list);
      context.getLogger("a").info("hello {}", "x");
      return list.list.get(0).getFormattedMessage();
    });
    to.control("an empty connection", c -> {
      send(null);
      return "ended";
    });
  }

  private static void send(Object object) throws Exception {
    LoggerContext context = new LoggerContext();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Socket client = new Socket("127.0.0.1", server.getLocalPort());
        Socket accepted = server.accept()) {
      ObjectOutputStream out = new ObjectOutputStream(client.getOutputStream());
      if (object != null) {
        out.writeObject(object);
      }
      out.flush();
      client.shutdownOutput();
      new SocketNode(new SimpleSocketServer(context, 0), accepted, context).run();
    }
  }
}
