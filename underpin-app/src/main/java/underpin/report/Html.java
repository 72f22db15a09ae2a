package underpin.report;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes HTML. Text and attribute values are escaped here and nowhere else; only {@link #markup}
 * lets markup through, and it takes constants of ours.
 */
final class Html {
  private final Writer out;

  Html(Writer out) {
    this.out = out;
  }

  /** Our own markup, never anything from outside. */
  Html markup(String constant) throws IOException {
    out.write(constant);
    return this;
  }

  /**
   * @param attributes names and values by turns; a value is escaped
   */
  Html open(String tag, String... attributes) throws IOException {
    out.write('<');
    out.write(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.write(' ');
      out.write(attributes[i]);
      out.write("=\"");
      escape(Printable.visible(attributes[i + 1]));
      out.write('"');
    }
    out.write('>');
    return this;
  }

  Html close(String tag) throws IOException {
    out.write("</");
    out.write(tag);
    out.write(">\n");
    return this;
  }

  /** Anybody's text: control characters and turned reading directions become visible marks. */
  Html text(String text) throws IOException {
    escape(Printable.visible(text));
    return this;
  }

  /** An element with nothing but text in it. */
  Html element(String tag, String text, String... attributes) throws IOException {
    return open(tag, attributes).text(text).close(tag);
  }

  private void escape(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.write("&amp;");
        case '<' -> out.write("&lt;");
        case '>' -> out.write("&gt;");
        case '"' -> out.write("&quot;");
        case '\'' -> out.write("&#39;");
        default -> out.write(c);
      }
    }
  }
}
