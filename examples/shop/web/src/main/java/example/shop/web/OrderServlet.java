package example.shop.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import example.shop.catalogue.Catalogue;
import example.shop.catalogue.Product;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** POST /orders: takes the items out of stock and answers with the text of the mail. */
final class OrderServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** An order, as JSON has it. */
  record Order(String customer, String sku, int count) {}

  private final transient Catalogue catalogue;
  private final transient OrderMail mail;
  private final transient ObjectMapper json = new ObjectMapper();

  OrderServlet(Catalogue catalogue, OrderMail mail) {
    this.catalogue = catalogue;
    this.mail = mail;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Order order;
    try {
      order = json.readValue(request.getInputStream(), Order.class);
    } catch (JsonProcessingException e) {
      Answer.text(response, 400, "This is no order.");
      return;
    }
    Optional<Product> product = catalogue.find(order.sku());
    if (product.isEmpty()) {
      Answer.text(response, 404, "There is no such product.");
    } else if (order.count() < 1 || !catalogue.take(order.sku(), order.count())) {
      Answer.text(response, 409, "There are not as many.");
    } else {
      Answer.text(response, 200, mail.write(order.customer(), product.get(), order.count()));
    }
  }
}
