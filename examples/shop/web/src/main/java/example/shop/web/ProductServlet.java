package example.shop.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import example.shop.catalogue.Catalogue;
import example.shop.catalogue.PriceList;
import example.shop.catalogue.Product;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * GET /products?search=TEXT, GET /products/SKU, POST /products (a product as JSON, or a price list
 * as CSV).
 */
final class ProductServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private final transient Catalogue catalogue;
  private final transient Supplier supplier;
  private final transient ObjectMapper json = new ObjectMapper();

  ProductServlet(Catalogue catalogue, Supplier supplier) {
    this.catalogue = catalogue;
    this.supplier = supplier;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    if (path == null || path.equals("/")) {
      String search = Optional.ofNullable(request.getParameter("search")).orElse("");
      Answer.json(response, 200, json.writeValueAsBytes(catalogue.search(search)));
      return;
    }
    Optional<Product> product = catalogue.find(path.substring(1));
    if (product.isEmpty()) {
      Answer.text(response, 404, "There is no such product.");
      return;
    }
    ObjectNode answer = json.valueToTree(product.get());
    supplier.stock(product.get().sku()).ifPresent(count -> answer.put("atSupplier", count));
    Answer.json(response, 200, json.writeValueAsBytes(answer));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    List<Product> products;
    try {
      products =
          type.startsWith("text/csv")
              ? PriceList.read(request.getReader())
              : List.of(json.readValue(request.getInputStream(), Product.class));
    } catch (JsonProcessingException | RuntimeException e) {
      Answer.text(response, 400, "These are no products.");
      return;
    }
    products.forEach(catalogue::save);
    Answer.text(response, 201, "Saved: " + products.size());
  }
}
