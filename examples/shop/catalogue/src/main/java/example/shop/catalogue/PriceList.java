package example.shop.catalogue;

import com.opencsv.bean.CsvBindByName;
import com.opencsv.bean.CsvToBeanBuilder;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.List;

/** Reads the price list that the warehouse sends: CSV with the columns sku, name, price, stock. */
public final class PriceList {
  private PriceList() {}

  public static List<Product> read(Reader csv) {
    return new CsvToBeanBuilder<Row>(csv)
        .withType(Row.class).withIgnoreLeadingWhiteSpace(true).build().parse().stream()
            .map(row -> new Product(row.sku, row.name, row.price, row.stock))
            .toList();
  }

  /** One line, as the reader of beans wants it. */
  public static final class Row {
    @CsvBindByName(required = true)
    private String sku;

    @CsvBindByName(required = true)
    private String name;

    @CsvBindByName(required = true)
    private BigDecimal price;

    @CsvBindByName private int stock;
  }
}
