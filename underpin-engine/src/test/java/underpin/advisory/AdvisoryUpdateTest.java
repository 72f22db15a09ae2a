package underpin.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.AdvisoryUpdate.Outcome;
import underpin.cases.Progress;
import underpin.version.Ecosystem;

/** Against a server on loopback that misbehaves in each way a real one does. */
class AdvisoryUpdateTest {
  @TempDir Path folder;
  private HttpServer server;
  private final List<String> requests = new ArrayList<>();

  /** Answers the n-th request, counted from 1. */
  private interface Answer {
    void to(HttpExchange exchange, int n) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_whole_export_replaces_the_advisories_of_its_ecosystem_and_no_others() throws Exception {
    answer((exchange, _) -> whole(exchange, export(), "\"v1\""));
    Outcome outcome = update();
    assertThat(outcome).isInstanceOf(Outcome.Updated.class);
    try (AdvisoryStore store = AdvisoryStore.openDefault(places())) {
      assertThat(store.file()).isEqualTo(places().user());
      assertThat(store.forPackage(Ecosystem.MAVEN, "org.example:lib")).hasSize(1);
      assertThat(store.forPackage(Ecosystem.MAVEN, "org.apache.logging.log4j:log4j-core"))
          .as("the export no longer names it")
          .isEmpty();
      assertThat(store.forPackage(Ecosystem.NPM, "lodash")).as("untouched").isNotEmpty();
      assertThat(store.snapshot().complete()).isEqualTo("2026-10-02");
      store.verify();
    }
    assertThat(folder.resolve("user/maven.zip.part")).doesNotExist();
  }

  @Test
  void a_connection_that_is_cut_is_resumed_where_it_ended() throws Exception {
    byte[] export = export();
    answer((exchange, n) -> {
      if (n == 1) {
        exchange.getResponseHeaders().set("ETag", "\"v1\"");
        exchange.sendResponseHeaders(200, export.length);
        exchange.getResponseBody().write(export, 0, 100);
        exchange.getResponseBody().flush();
        cut(exchange);
      } else {
        String range = exchange.getRequestHeaders().getFirst("Range");
        assertThat(exchange.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"v1\"");
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range", "bytes " + from + "-" + (export.length - 1) + "/" + export.length);
        exchange.sendResponseHeaders(206, export.length - from);
        exchange.getResponseBody().write(export, from, export.length - from);
      }
    });
    assertThat(update()).isInstanceOf(Outcome.Updated.class);
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1)).contains("bytes=100-");
  }

  @Test
  void what_arrived_is_kept_for_the_next_run_when_the_server_keeps_cutting() throws Exception {
    byte[] export = export();
    answer((exchange, n) -> {
      if (n <= 4) {
        exchange.getResponseHeaders().set("ETag", "\"v1\"");
        exchange.sendResponseHeaders(n == 1 ? 200 : 503, n == 1 ? export.length : -1);
        if (n == 1) {
          exchange.getResponseBody().write(export, 0, 50);
          exchange.getResponseBody().flush();
          cut(exchange);
        }
      } else {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes 50-" + (export.length - 1) + "/" + export.length);
        exchange.sendResponseHeaders(206, export.length - 50);
        exchange.getResponseBody().write(export, 50, export.length - 50);
      }
    });
    refused("gave up after", "goes on where it stopped");
    assertThat(folder.resolve("user/maven.zip.part")).hasSize(50);
    Outcome second = null;
    while (second == null) {
      try {
        second = update();
      } catch (AdvisoryUpdateException _) {
        assertThat(requests.size()).isLessThan(12);
      }
    }
    assertThat(second).isInstanceOf(Outcome.Updated.class);
  }

  @Test
  void a_file_that_changed_in_between_is_fetched_from_the_start() throws Exception {
    byte[] export = export();
    answer((exchange, n) -> {
      if (n == 1) {
        exchange.getResponseHeaders().set("ETag", "\"old\"");
        exchange.sendResponseHeaders(200, 5000);
        exchange.getResponseBody().write(new byte[100]);
        exchange.getResponseBody().flush();
        cut(exchange);
      } else {
        whole(exchange, export, "\"new\""); // If-Range did not hold: the whole file, new
      }
    });
    assertThat(update()).isInstanceOf(Outcome.Updated.class);
  }

  @Test
  void not_modified_leaves_the_index_as_it_is() throws Exception {
    answer((exchange, n) -> {
      if (n == 1) {
        whole(exchange, export(), "\"v1\"");
      } else {
        assertThat(exchange.getRequestHeaders().getFirst("If-None-Match")).isEqualTo("\"v1\"");
        exchange.sendResponseHeaders(304, -1);
      }
    });
    update();
    byte[] before = Files.readAllBytes(places().user());
    assertThat(update()).isInstanceOf(Outcome.Unchanged.class);
    assertThat(Files.readAllBytes(places().user())).isEqualTo(before);
  }

  @Test
  void without_an_etag_the_date_is_asked_for() throws Exception {
    String date = "Fri, 02 Oct 2026 10:00:00 GMT";
    answer((exchange, n) -> {
      if (n == 1) {
        exchange.getResponseHeaders().set("Last-Modified", date);
        whole(exchange, export(), "");
      } else {
        assertThat(exchange.getRequestHeaders().getFirst("If-Modified-Since")).isEqualTo(date);
        exchange.sendResponseHeaders(304, -1);
      }
    });
    update();
    assertThat(update()).isInstanceOf(Outcome.Unchanged.class);
  }

  @Test
  void not_found_is_told_at_once_and_the_old_index_stays() throws Exception {
    answer((exchange, _) -> exchange.sendResponseHeaders(404, -1));
    refused("HTTP 404", "mirror");
    assertThat(requests).hasSize(1);
  }

  @Test
  void a_server_error_is_tried_again() throws Exception {
    answer((exchange, n) -> {
      if (n == 1) {
        exchange.sendResponseHeaders(500, -1);
      } else {
        whole(exchange, export(), "\"v1\"");
      }
    });
    assertThat(update()).isInstanceOf(Outcome.Updated.class);
    assertThat(requests).hasSize(2);
  }

  @Test
  void a_length_that_is_never_reached_is_refused() throws Exception {
    byte[] export = export();
    answer((exchange, _) -> {
      exchange.sendResponseHeaders(200, export.length + 10);
      exchange.getResponseBody().write(export);
      exchange.getResponseBody().flush();
      cut(exchange);
    });
    refused("gave up after");
  }

  @Test
  void a_corrupt_zip_is_refused_and_not_resumed() throws Exception {
    byte[] export = export();
    byte[] corrupt = export.clone();
    corrupt[60] ^= 0x55;
    answer((exchange, n) -> whole(exchange, n == 1 ? corrupt : export, "\"v" + n + "\""));
    refused("unchanged");
    assertThat(folder.resolve("user/maven.zip.part")).doesNotExist();
    assertThat(update()).isInstanceOf(Outcome.Updated.class);
  }

  @Test
  void something_else_than_a_zip_is_refused() throws Exception {
    answer((exchange, _) ->
        whole(exchange, "<html>Log in</html>".getBytes(StandardCharsets.UTF_8), ""));
    refused("Fetch the file again");
  }

  @Test
  void an_export_of_another_ecosystem_is_refused() throws Exception {
    byte[] other =
        zip(Map.of("A.json", record("GHSA-aaaa-aaaa-aaaa", "npm", "x", "\"fixed\":\"2\"")));
    answer((exchange, _) -> whole(exchange, other, ""));
    refused("no record in it is about Maven");
  }

  @Test
  void silence_ends_after_the_stall_time_and_the_rest_is_fetched() throws Exception {
    byte[] export = export();
    CountDownLatch end = new CountDownLatch(1);
    answer((exchange, n) -> {
      if (n == 1) {
        exchange.getResponseHeaders().set("ETag", "\"v1\"");
        exchange.sendResponseHeaders(200, export.length);
        exchange.getResponseBody().write(export, 0, 80);
        exchange.getResponseBody().flush();
        end.await(20, TimeUnit.SECONDS);
      } else {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes 80-" + (export.length - 1) + "/" + export.length);
        exchange.sendResponseHeaders(206, export.length - 80);
        exchange.getResponseBody().write(export, 80, export.length - 80);
      }
    });
    assertThat(update()).isInstanceOf(Outcome.Updated.class);
    end.countDown();
  }

  @Test
  void a_server_that_is_not_there_leaves_the_old_index() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    URI nowhere = URI.create("http://127.0.0.1:" + port + "/");
    assertThatThrownBy(() -> updater().update(nowhere, List.of(Ecosystem.MAVEN)))
        .isInstanceOf(AdvisoryUpdateException.class)
        .hasMessageContaining("unchanged");
  }

  @Test
  void a_file_is_imported_and_a_withdrawn_record_takes_its_advisory_away() throws Exception {
    Path added = folder.resolve("mine.jsonl");
    Files.writeString(
        added, record("ACME-1", "Maven", "org.example:lib", "\"fixed\":\"2.0\"") + "\n");
    updater().importFile(added);
    try (AdvisoryStore store = AdvisoryStore.openDefault(places())) {
      Advisory advisory = store.byId("acme-1").getFirst();
      assertThat(store.affects(advisory, "1.9")).hasValue(">= 1.0, < 2.0 (ACME-1)");
      assertThat(store.byId("CVE-2021-44228")).as("nothing else is lost").isNotEmpty();
      assertThat(store.byId("CVE-2021-44228").getFirst().vulnerability().kev()).isTrue();
      assertThat(store.snapshot().complete()).isEqualTo("2025-02-14");
    }
    Path withdrawn = folder.resolve("withdrawn.json");
    Files.writeString(
        withdrawn,
        record("ACME-1", "Maven", "org.example:lib", "\"fixed\":\"2.0\"")
            .replaceFirst("\\{", "{\"withdrawn\":\"2026-10-03T00:00:00Z\","));
    updater().importFile(withdrawn);
    try (AdvisoryStore store = AdvisoryStore.openDefault(places())) {
      assertThat(store.byId("ACME-1")).isEmpty();
    }
  }

  @Test
  void importing_nothing_new_twice_gives_the_same_bytes() throws Exception {
    Path added = folder.resolve("mine.json");
    Files.writeString(added, record("ACME-1", "Maven", "org.example:lib", "\"fixed\":\"2.0\""));
    updater().importFile(added);
    byte[] first = Files.readAllBytes(places().user());
    updater().importFile(added);
    assertThat(Files.readAllBytes(places().user())).isEqualTo(first);
  }

  @Test
  void a_compiled_index_becomes_the_users_own() throws Exception {
    Path given = newerIndex();
    Outcome outcome = updater().importFile(given);
    assertThat(outcome).isInstanceOf(Outcome.Updated.class);
    assertThat(Files.readAllBytes(places().user())).isEqualTo(Files.readAllBytes(given));
  }

  @Test
  void a_damaged_compiled_index_is_refused_and_named() throws Exception {
    Path given = newerIndex();
    byte[] bytes = Files.readAllBytes(given);
    bytes[bytes.length / 2] ^= 1;
    Files.write(given, bytes);
    assertThatThrownBy(() -> updater().importFile(given))
        .isInstanceOf(AdvisoryUpdateException.class)
        .hasMessageContaining(given.toString())
        .hasMessageContaining("unchanged");
    assertThat(places().user()).doesNotExist();
  }

  @Test
  void an_index_older_than_the_shipped_one_is_refused_because_it_would_not_be_chosen()
      throws Exception {
    Path newer = newerIndex();
    IndexPlaces shipped =
        new IndexPlaces(List.of(newer), folder.resolve("other").resolve(IndexPlaces.FILE));
    AdvisoryUpdate update =
        new AdvisoryUpdate(shipped, download(), OsvExport.Limits.DEFAULT, Progress.SILENT);
    assertThatThrownBy(() -> update.importFile(AdvisoryStoreTest.shippedFile()))
        .isInstanceOf(AdvisoryUpdateException.class)
        .hasMessageContaining("older")
        .hasMessageContaining("--advisories");
    assertThat(shipped.user()).doesNotExist();
    assertThat(shipped.user().resolveSibling(IndexPlaces.FILE + ".new")).doesNotExist();
  }

  /** An index with one record more than the shipped one, newer than all of it. */
  private Path newerIndex() throws IOException {
    Path added = folder.resolve("mine.json");
    Files.writeString(added, record("ACME-1", "Maven", "org.example:lib", "\"fixed\":\"2.0\""));
    updater().importFile(added);
    Path given = folder.resolve("given.uidx");
    Files.move(places().user(), given);
    return given;
  }

  @Test
  void a_zip_bomb_is_refused_by_its_limits() throws Exception {
    Path bomb = folder.resolve("bomb.zip");
    Files.write(bomb, zip(Map.of("A.json", " ".repeat(3_000_000))));
    AdvisoryUpdate careful =
        new AdvisoryUpdate(
            places(), download(), new OsvExport.Limits(10, 1_000_000, 2_000_000), Progress.SILENT);
    assertThatThrownBy(() -> careful.importFile(bomb))
        .isInstanceOf(AdvisoryUpdateException.class)
        .hasMessageContaining("A.json")
        .hasMessageContaining("larger");
    assertThat(places().user()).doesNotExist();
  }

  @Test
  void a_second_update_at_the_same_time_is_told_to_wait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    answer((exchange, _) -> {
      asked.countDown();
      go.await(20, TimeUnit.SECONDS);
      whole(exchange, export(), "\"v1\"");
    });
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                update();
              } catch (IOException | InterruptedException _) {
                // judged by the second one
              }
            });
    asked.await(20, TimeUnit.SECONDS);
    Path added = folder.resolve("mine.json");
    Files.writeString(added, record("ACME-1", "Maven", "org.example:lib", "\"fixed\":\"2.0\""));
    assertThatThrownBy(() -> updater().importFile(added)).hasMessageContaining("another update");
    go.countDown();
    first.join();
  }

  @Test
  void proxies_come_from_the_environment_but_never_for_loopback() {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of("HTTPS_PROXY", "http://proxy.example:3128", "no_proxy", "internal.example"),
            Optional.empty());
    assertThat(proxies.select(URI.create("https://osv.dev/")).getFirst().address())
        .hasToString("proxy.example/<unresolved>:3128");
    assertThat(proxies.select(URI.create("https://a.internal.example/")).getFirst().address())
        .isNull();
    assertThat(proxies.select(URI.create("https://127.0.0.1/")).getFirst().address()).isNull();
  }

  private void refused(String... words) {
    assertThatThrownBy(this::update)
        .isInstanceOf(AdvisoryUpdateException.class)
        .hasMessageContainingAll(words);
    assertThat(places().user()).as("no index was written").doesNotExist();
    assertThat(folder.resolve("user/advisories.uidx.new")).doesNotExist();
  }

  private Outcome update() throws IOException, InterruptedException {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/osv");
    return updater().update(base, List.of(Ecosystem.MAVEN));
  }

  private AdvisoryUpdate updater() {
    return new AdvisoryUpdate(places(), download(), OsvExport.Limits.DEFAULT, Progress.SILENT);
  }

  private static Download download() {
    return new Download(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        new Download.Patience(3, Duration.ofMillis(5), Duration.ofMillis(1500), 1 << 20),
        Progress.SILENT);
  }

  private IndexPlaces places() {
    return new IndexPlaces(
        List.of(AdvisoryStoreTest.shippedFile()), folder.resolve("user").resolve(IndexPlaces.FILE));
  }

  private void answer(Answer answer) {
    AtomicInteger count = new AtomicInteger();
    server.createContext(
        "/osv/Maven/all.zip",
        exchange -> {
          try (exchange) {
            synchronized (requests) {
              requests.add(
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestHeaders().getOrDefault("Range", List.of()));
            }
            answer.to(exchange, count.incrementAndGet());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void whole(HttpExchange exchange, byte[] body, String etag) throws IOException {
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** The server notices that fewer bytes came than it promised, and drops the connection. */
  private static void cut(HttpExchange exchange) throws IOException {
    throw new IOException("cut " + exchange.getRequestURI());
  }

  private static byte[] export() throws IOException {
    return zip(
        Map.of(
            "GHSA-aaaa-bbbb-cccc.json",
            record("GHSA-aaaa-bbbb-cccc", "Maven", "org.example:lib", "\"fixed\":\"2.0\""),
            "notes.txt",
            "not a record"));
  }

  private static String record(String id, String ecosystem, String name, String end) {
    return """
    {"schema_version":"1.6.0","id":"%s","modified":"2026-10-02T00:00:00Z",
     "published":"2026-10-02T00:00:00Z","summary":"A flaw","details":"%s",
     "affected":[{"package":{"ecosystem":"%s","name":"%s"},
     "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{%s}]}]}]}\
    """
        .formatted(id, noise(), ecosystem, name, end)
        .replace("\n", " ");
  }

  /** Text that does not compress, so that the export is large enough to be cut. */
  private static String noise() {
    StringBuilder noise = new StringBuilder();
    new java.util.Random(7).ints(600, 'a', 'z').forEach(letter -> noise.append((char) letter));
    return noise.toString();
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : files.keySet().stream().sorted().toList()) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(String.valueOf(files.get(name)).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    byte[] all = bytes.toByteArray();
    return Arrays.copyOf(all, all.length);
  }
}
