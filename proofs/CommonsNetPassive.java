import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.commons.net.ftp.FTPClient;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** The server decides where data connections go (commons-net). */
public final class CommonsNetPassive implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("listing", c -> foreign(c, 2, client -> client.listNames()));
    to.variant("another address", c -> foreign(c, 77, client -> client.listNames()));
    to.variant("retrieving", c -> foreign(c, 2, client -> client.retrieveFileStream("f")));
    to.variant("storing", c -> foreign(c, 2, client -> client.storeFileStream("f")));
    to.control("the same host", c -> session(1, client -> client.listNames()));
    to.control("commands", c -> session(1, client -> client.sendNoOp()));
  }

  interface Act {
    void on(FTPClient client) throws Exception;
  }

  private static void foreign(Canary c, int last, Act act) throws Exception {
    String seen = session(last, act);
    c.triggeredIf(seen.contains("data on 127.0.0." + last), "a connection to the host that the server named");
  }

  private static String session(int last, Act act) throws Exception {
    StringBuffer seen = new StringBuffer();
    try (ServerSocket control = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ServerSocket named = new ServerSocket(0, 1, InetAddress.getByName("127.0.0." + last))) {
      daemon(() -> {
        try (Socket socket = named.accept()) {
          seen.append("data on 127.0.0.").append(last);
        } catch (IOException e) {
          seen.append("");
        }
      });
      daemon(() -> {
        try (Socket socket = control.accept()) {
          BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), "US-ASCII"));
          reply(socket, "220 hello");
          for (String line = in.readLine(); line != null; line = in.readLine()) {
            int port = named.getLocalPort();
            reply(socket, line.startsWith("PASV") ? "227 Entering (127,0,0," + last + "," + port / 256 + "," + port % 256 + ")" : line.startsWith("EPSV") ? "500 no" : line.matches("(NLST|RETR|STOR).*") ? "150 coming" : "200 fine");
          }
        } catch (IOException e) {
          seen.append("");
        }
      });
      FTPClient client = new FTPClient();
      client.setDefaultTimeout(4000);
      client.setConnectTimeout(4000);
      client.setDataTimeout(4000);
      client.connect("127.0.0.1", control.getLocalPort());
      client.setSoTimeout(4000);
      client.enterLocalPassiveMode();
      try {
        act.on(client);
      } catch (IOException e) {
        seen.append("");
      }
      for (int i = 0; i < 20 && seen.length() == 0; i++) {
        Thread.sleep(20);
      }
    }
    return seen.toString();
  }

  private static void reply(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes("US-ASCII"));
    socket.getOutputStream().flush();
  }

  private static void daemon(Runnable run) {
    Thread thread = new Thread(run);
    thread.setDaemon(true);
    thread.start();
  }
}
