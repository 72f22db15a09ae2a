package example.shop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void the_standard_settings_are_whole() throws Exception {
    assertThat(Settings.standard().port()).isEqualTo(8080);
    assertThat(Settings.standard().mail()).contains("${customer}");
  }

  @Test
  void what_is_missing_is_named() {
    byte[] yaml = "port: 1\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Settings.read(new ByteArrayInputStream(yaml)))
        .hasMessageContaining("'database'");
  }

  @Test
  void a_type_named_in_the_file_is_not_created() {
    byte[] yaml = "port: !!java.util.Date {}\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Settings.read(new ByteArrayInputStream(yaml)))
        .isInstanceOf(RuntimeException.class);
  }
}
