package example.shop.catalogue;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The products of the shop, in a database. */
public final class Catalogue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);
  private static final RowMapper<Product> PRODUCT =
      (row, number) ->
          new Product(
              row.getString("sku"),
              row.getString("name"),
              row.getBigDecimal("price"),
              row.getInt("stock"));

  private final JdbcConnectionPool pool;
  private final JdbcClient database;

  private Catalogue(JdbcConnectionPool pool) {
    this.pool = pool;
    this.database = JdbcClient.create((DataSource) pool);
  }

  /**
   * Opens the catalogue and creates its tables where they are missing.
   *
   * @param url of H2, for example {@code jdbc:h2:mem:shop} or {@code jdbc:h2:file:./shop}
   */
  public static Catalogue open(String url) {
    Catalogue catalogue = new Catalogue(JdbcConnectionPool.create(url, "shop", ""));
    catalogue
        .database
        .sql(
            """
            create table if not exists product (
              sku varchar(32) primary key,
              name varchar(200) not null,
              price decimal(10, 2) not null,
              stock int not null)
            """)
        .update();
    LOG.info("Catalogue opened at {}", url);
    return catalogue;
  }

  public void save(Product product) {
    database
        .sql("merge into product (sku, name, price, stock) values (:sku, :name, :price, :stock)")
        .param("sku", product.sku())
        .param("name", product.name())
        .param("price", product.price())
        .param("stock", product.stock())
        .update();
  }

  public Optional<Product> find(String sku) {
    return database
        .sql("select * from product where sku = :sku")
        .param("sku", sku)
        .query(PRODUCT)
        .optional();
  }

  /** Products whose name contains the text, whatever its case; all for an empty text. */
  public List<Product> search(String text) {
    return database
        .sql("select * from product where lower(name) like :text order by sku")
        .param("text", "%" + text.toLowerCase(java.util.Locale.ROOT) + "%")
        .query(PRODUCT)
        .list();
  }

  /** Takes items out of stock; false when there are not enough. */
  public boolean take(String sku, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("An order takes at least one item, not " + count);
    }
    return database
            .sql("update product set stock = stock - :count where sku = :sku and stock >= :count")
            .param("sku", sku)
            .param("count", count)
            .update()
        == 1;
  }

  @Override
  public void close() {
    pool.dispose();
  }
}
