package example.shop.web;

import example.shop.catalogue.Product;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;
import org.apache.commons.text.WordUtils;

/** The text of the mail that confirms an order. */
final class OrderMail {
  private final String template;

  OrderMail(String template) {
    this.template = template;
  }

  String write(String customer, Product product, int count) {
    BigDecimal total = product.price().multiply(BigDecimal.valueOf(count));
    return new StringSubstitutor(
            Map.of(
                "customer", WordUtils.capitalizeFully(customer),
                "count", count,
                "name", product.name(),
                "total", total))
        .replace(template);
  }
}
