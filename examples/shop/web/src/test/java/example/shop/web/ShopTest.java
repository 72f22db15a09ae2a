package example.shop.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import com.sun.net.httpserver.HttpServer;
import example.shop.catalogue.Product;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopTest {
  @TempDir Path folder;

  private final HttpClient browser = HttpClient.newHttpClient();
  private HttpServer supplier;
  private Shop shop;

  @BeforeEach
  void open() throws Exception {
    supplier =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    supplier.createContext(
        "/stock",
        exchange -> {
          boolean known = exchange.getRequestURI().getQuery().equals("sku=T-1");
          byte[] body = (known ? "40" : "?").getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    supplier.start();
    Settings standard = Settings.standard();
    shop =
        Shop.open(
            new Settings(
                0,
                "jdbc:h2:mem:" + folder.getFileName(),
                folder.resolve("photos").toString(),
                "http://127.0.0.1:" + supplier.getAddress().getPort() + "/stock",
                standard.mail()));
    shop.catalogue().save(new Product("T-1", "Green tea", new BigDecimal("4.50"), 3));
  }

  @AfterEach
  void close() throws Exception {
    shop.close();
    supplier.stop(0);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return browser.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, String body)
      throws IOException, InterruptedException {
    return post(path, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + shop.port() + path);
  }

  @Test
  void products_are_listed_and_searched_as_json() throws Exception {
    post(
        "/products",
        "application/json",
        "{\"sku\":\"C-1\",\"name\":\"Coffee\",\"price\":6.20,\"stock\":8}");
    assertThat(JsonPath.<java.util.List<String>>read(get("/products").body(), "$[*].sku"))
        .containsExactly("C-1", "T-1");
    assertThat(JsonPath.<java.util.List<String>>read(get("/products?search=tea").body(), "$[*].sku"))
        .containsExactly("T-1");
  }

  @Test
  void a_product_shows_what_the_supplier_has() throws Exception {
    HttpResponse<String> answer = get("/products/T-1");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JsonPath.<Integer>read(answer.body(), "$.atSupplier")).isEqualTo(40);
    assertThat(JsonPath.<Double>read(answer.body(), "$.price")).isEqualTo(4.5);
  }

  @Test
  void without_the_supplier_the_shop_still_answers() throws Exception {
    supplier.stop(0);
    HttpResponse<String> answer = get("/products/T-1");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Green tea").doesNotContain("atSupplier");
  }

  @Test
  void unknown_products_and_broken_json_are_told_apart() throws Exception {
    assertThat(get("/products/X-9").statusCode()).isEqualTo(404);
    assertThat(post("/products", "application/json", "{").statusCode()).isEqualTo(400);
    assertThat(post("/products", "application/json", "{\"sku\":\"\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_price_list_is_taken_as_csv() throws Exception {
    String csv = "sku,name,price,stock\nB-1,Biscuits,2.10,20\nB-2,Bread,3.00,5\n";
    assertThat(post("/products", "text/csv", csv).statusCode()).isEqualTo(201);
    assertThat(shop.catalogue().find("B-2")).isPresent();
  }

  @Test
  void an_order_is_confirmed_and_leaves_the_stock() throws Exception {
    HttpResponse<String> answer =
        post(
            "/orders",
            "application/json",
            "{\"customer\":\"ada lovelace\",\"sku\":\"T-1\",\"count\":2}");
    assertThat(answer.body())
        .contains("Dear Ada Lovelace", "2 x Green tea", "The total is 9.00 euro.");
    assertThat(shop.catalogue().find("T-1").orElseThrow().stock()).isEqualTo(1);
  }

  @Test
  void more_than_there_is_cannot_be_ordered() throws Exception {
    String order = "{\"customer\":\"ada\",\"sku\":\"T-1\",\"count\":4}";
    assertThat(post("/orders", "application/json", order).statusCode()).isEqualTo(409);
    assertThat(shop.catalogue().find("T-1").orElseThrow().stock()).isEqualTo(3);
  }

  @Test
  void photos_are_uploaded_alone_or_as_a_zip() throws Exception {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream entries = new ZipOutputStream(zip)) {
      entries.putNextEntry(new ZipEntry("summer/leaf.png"));
      entries.write(1);
    }
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    part(form, "tea.jpg", "a photo".getBytes(StandardCharsets.US_ASCII));
    part(form, "more.zip", zip.toByteArray());
    form.writeBytes("--cut--\r\n".getBytes(StandardCharsets.US_ASCII));

    HttpResponse<String> answer =
        post("/photos/T-1", "multipart/form-data; boundary=cut", form.toByteArray());

    assertThat(answer.body()).isEqualTo("leaf.png\ntea.jpg");
    assertThat(folder.resolve("photos/T-1/tea.jpg")).hasContent("a photo");
  }

  private static void part(ByteArrayOutputStream form, String name, byte[] content) {
    form.writeBytes(
        ("--cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"" + name + "\"\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    form.writeBytes(content);
    form.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
  }
}
