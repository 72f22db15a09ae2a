package example.shop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final Product TEA = new Product("T-1", "Green tea", new BigDecimal("4.50"), 3);

  @Test
  void a_saved_product_is_found_again() {
    try (Catalogue catalogue = Catalogue.open("jdbc:h2:mem:found")) {
      catalogue.save(TEA);
      assertThat(catalogue.find("T-1")).contains(TEA);
      assertThat(catalogue.find("T-2")).isEmpty();
    }
  }

  @Test
  void saving_again_replaces() {
    try (Catalogue catalogue = Catalogue.open("jdbc:h2:mem:replaced")) {
      catalogue.save(TEA);
      catalogue.save(new Product("T-1", "Green tea", new BigDecimal("5.00"), 9));
      assertThat(catalogue.search("")).hasSize(1);
      assertThat(catalogue.find("T-1").orElseThrow().price()).isEqualByComparingTo("5");
    }
  }

  @Test
  void search_ignores_case_and_takes_quotes_as_text() {
    try (Catalogue catalogue = Catalogue.open("jdbc:h2:mem:search")) {
      catalogue.save(TEA);
      assertThat(catalogue.search("GREEN")).containsExactly(TEA);
      assertThat(catalogue.search("' or '1'='1")).isEmpty();
    }
  }

  @Test
  void stock_never_falls_below_zero() {
    try (Catalogue catalogue = Catalogue.open("jdbc:h2:mem:stock")) {
      catalogue.save(TEA);
      assertThat(catalogue.take("T-1", 2)).isTrue();
      assertThat(catalogue.take("T-1", 2)).isFalse();
      assertThat(catalogue.find("T-1").orElseThrow().stock()).isEqualTo(1);
      assertThatThrownBy(() -> catalogue.take("T-1", 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void what_was_saved_outlives_the_program(@TempDir Path folder) {
    String url = "jdbc:h2:file:" + folder.resolve("shop").toAbsolutePath();
    try (Catalogue catalogue = Catalogue.open(url)) {
      catalogue.save(TEA);
    }
    try (Catalogue catalogue = Catalogue.open(url)) {
      assertThat(catalogue.find("T-1")).contains(TEA);
    }
  }

  @Test
  void a_price_list_is_read_by_its_column_names() {
    String csv = "name,sku,price,stock\nGreen tea,T-1,4.50,3\n\"Tea, black\",T-2,3.90,0\n";
    assertThat(PriceList.read(new StringReader(csv)))
        .containsExactly(TEA, new Product("T-2", "Tea, black", new BigDecimal("3.90"), 0));
  }

  @Test
  void a_price_list_without_prices_is_refused() {
    assertThatThrownBy(() -> PriceList.read(new StringReader("sku,name\nT-1,Green tea\n")))
        .isInstanceOf(RuntimeException.class);
  }
}
