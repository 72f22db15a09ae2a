package example.shop.catalogue;

import java.math.BigDecimal;

/** Something for sale. The price is in euro, with two decimals. */
public record Product(String sku, String name, BigDecimal price, int stock) {
  public Product {
    if (sku.isBlank()) {
      throw new IllegalArgumentException("A product needs a stock keeping unit");
    }
    if (price.signum() < 0 || stock < 0) {
      throw new IllegalArgumentException(sku + " has a negative price or stock");
    }
  }
}
