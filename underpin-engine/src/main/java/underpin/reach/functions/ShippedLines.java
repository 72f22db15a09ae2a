package underpin.reach.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Packed lines of a key, a tab and a value that ship beside this class. */
final class ShippedLines {
  private ShippedLines() {}

  /** {@return the lines of a file, each key up to the tab that ends it} */
  static Map<String, String> upToFirstTab(String file) {
    Map<String, String> values = new HashMap<>();
    try (BufferedReader lines = open(file)) {
      lines
          .lines()
          .forEach(line -> {
            int tab = line.indexOf('\t');
            values.put(line.substring(0, tab), line.substring(tab + 1));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return values;
  }

  /**
   * {@return the lines of a file, to be closed}
   *
   * @throws IllegalStateException if this build lacks it
   */
  static BufferedReader open(String file) throws IOException {
    InputStream in = ShippedLines.class.getResourceAsStream(file);
    if (in == null) {
      throw new IllegalStateException("This build lacks " + file);
    }
    return new BufferedReader(
        new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
  }
}
