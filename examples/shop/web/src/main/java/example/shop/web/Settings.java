package example.shop.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be set without building again: see shop.yaml. */
public record Settings(int port, String database, String photos, String supplier, String mail) {
  public static Settings read(InputStream yaml) {
    Map<String, Object> values = new Yaml(new SafeConstructor()).load(yaml);
    return new Settings(
        (Integer) value(values, "port"),
        (String) value(values, "database"),
        (String) value(values, "photos"),
        (String) value(values, "supplier"),
        (String) value(values, "mail"));
  }

  public static Settings standard() throws IOException {
    try (InputStream yaml = Settings.class.getResourceAsStream("/shop.yaml")) {
      return read(yaml);
    }
  }

  private static Object value(Map<String, Object> values, String name) {
    Object value = values == null ? null : values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("shop.yaml does not say what '" + name + "' is");
    }
    return value;
  }
}
