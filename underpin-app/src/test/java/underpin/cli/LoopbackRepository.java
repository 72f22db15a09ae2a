package underpin.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A Maven repository on loopback with small artifacts of our own making; it may ask for a login, be
 * a proxy that does, or keep silent at one address. Closing it ends what waits there.
 */
final class LoopbackRepository implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch silent = new CountDownLatch(1);
  private volatile Optional<String> silentAt = Optional.empty();
  private volatile Optional<String> login = Optional.empty();
  private volatile boolean proxy;

  private LoopbackRepository(HttpServer server) {
    this.server = server;
  }

  static LoopbackRepository start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    LoopbackRepository repository = new LoopbackRepository(server);
    server.createContext("/", repository::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return repository;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/maven";
  }

  /** Adds an artifact without dependencies in the given versions, oldest first. */
  LoopbackRepository with(String group, String artifact, String... versions) throws IOException {
    Map<String, Map<String, byte[]>> empty = new LinkedHashMap<>();
    for (String version : versions) {
      empty.put(version, Map.of());
    }
    return with(group, artifact, empty);
  }

  /**
   * Adds an artifact without dependencies.
   *
   * @param classes by version, oldest first: the class files by their path in the jar
   */
  LoopbackRepository with(String group, String artifact, Map<String, Map<String, byte[]>> classes)
      throws IOException {
    String folder = group.replace('.', '/') + "/" + artifact + "/";
    StringBuilder all = new StringBuilder();
    for (String version : classes.keySet()) {
      String base = folder + version + "/" + artifact + "-" + version;
      text(
          base + ".pom",
          """
          <project><modelVersion>4.0.0</modelVersion><groupId>%s</groupId>\
          <artifactId>%s</artifactId><version>%s</version></project>
          """
              .formatted(group, artifact, version));
      files.put(base + ".jar", jar(group, artifact, version, classes.get(version)));
      all.append("<version>").append(version).append("</version>");
    }
    text(
        folder + "maven-metadata.xml",
        "<metadata><groupId>%s</groupId><artifactId>%s</artifactId><versioning><versions>%s</versions></versioning></metadata>"
            .formatted(group, artifact, all));
    return this;
  }

  /** From now on every request needs this login; as a proxy does it, or as a server. */
  LoopbackRepository asking(String user, String password, boolean asProxy) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    login = Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    proxy = asProxy;
    return this;
  }

  /** From now on a request for an address with this text in it is never answered. */
  LoopbackRepository silentAt(String text) {
    silentAt = Optional.of(text);
    return this;
  }

  boolean awaitSilence() throws InterruptedException {
    return silent.await(2, TimeUnit.MINUTES);
  }

  /** {@return the paths that were answered with a file} */
  List<String> served() {
    return List.copyOf(served);
  }

  /** {@return every path that was asked for} */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** {@return every login that was sent} */
  List<String> logins() {
    return List.copyOf(logins);
  }

  /** Writes settings in which this repository stands for all others. */
  Path settings(Path file) throws IOException {
    return settings(file, url(), "", "");
  }

  Path settings(Path file, String mirrorUrl, String servers, String proxies) throws IOException {
    return Files.writeString(
        file,
        """
        <settings>
          <servers>%s</servers>
          <proxies>%s</proxies>
          <mirrors><mirror><id>loop</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>
        </settings>
        """
            .formatted(servers, proxies, mirrorUrl));
  }

  private void text(String path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] jar(
      String group, String artifact, String version, Map<String, byte[]> classes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(
          new ZipEntry("META-INF/maven/" + group + "/" + artifact + "/pom.properties"));
      zip.write(
          "groupId=%s\nartifactId=%s\nversion=%s\n"
              .formatted(group, artifact, version)
              .getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
      for (Map.Entry<String, byte[]> each : new TreeMap<>(classes).entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
          .ifPresent(logins::add);
      if (silentAt.filter(path::contains).isPresent()) {
        silent.countDown();
        closed.await();
        return;
      }
      String header = proxy ? "Proxy-Authorization" : "Authorization";
      if (login.isPresent() && !login.get().equals(exchange.getRequestHeaders().getFirst(header))) {
        exchange
            .getResponseHeaders()
            .set(proxy ? "Proxy-Authenticate" : "WWW-Authenticate", "Basic realm=\"loop\"");
        exchange.sendResponseHeaders(proxy ? 407 : 401, -1);
        return;
      }
      byte[] file = files.get(path.replaceFirst("^/maven/", ""));
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      served.add(path);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : file.length);
      if (!head) {
        exchange.getResponseBody().write(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
