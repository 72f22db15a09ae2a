package underpin.report;

/**
 * Text from outside made fit for one line of a terminal. Advisory texts, POM names and log lines
 * are strangers' words: an escape sequence in them must not move the cursor, change a title, or
 * turn the reading direction so that a line says something else than it holds.
 */
public final class Printable {
  private Printable() {}

  /**
   * {@return the text on one line}: white space becomes a blank, every other control, format,
   * surrogate or private character a visible mark. Without {@code unicode} the result is US-ASCII.
   */
  public static String line(String text, boolean unicode) {
    StringBuilder out = new StringBuilder(text.length());
    boolean blank = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029) {
        if (!blank) {
          out.append(' ');
        }
        blank = true;
        continue;
      }
      blank = false;
      if (c >= 0x20 && c < 0x7f) {
        out.append((char) c);
      } else if (!unicode) {
        out.append(ascii(c));
      } else if (isVisible(c)) {
        out.appendCodePoint(c);
      } else {
        out.append('\ufffd');
      }
    }
    return out.toString().strip();
  }

  /** {@return the text with every invisible character but blank, tab and line end made a mark} */
  public static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c ->
            out.appendCodePoint(
                c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f) || isVisible(c) ? c : 0xfffd));
    return out.toString();
  }

  /** {@return how many columns a terminal gives the text}; wide East Asian characters take two. */
  static int columns(String text) {
    return text.codePoints().map(Printable::columns).sum();
  }

  /** {@return the text in at most {@code width} columns}, with an ellipsis where it was cut. */
  static String cut(String text, int width, boolean unicode) {
    if (columns(text) <= width) {
      return text;
    }
    String ellipsis = unicode ? "…" : "...";
    int room = width - ellipsis.length();
    if (room <= 0) {
      return ellipsis.substring(0, Math.max(0, Math.min(width, ellipsis.length())));
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      used += columns(c);
      if (used > room) {
        break;
      }
      out.appendCodePoint(c);
    }
    return out.toString().stripTrailing() + ellipsis;
  }

  static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static int columns(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }

  private static String ascii(int c) {
    return switch (c) {
      case '→' -> "->";
      case '←' -> "<-";
      case '…' -> "...";
      case '–', '—', '−', '‐', '‑' -> "-";
      case '‘', '’' -> "'";
      case '“', '”' -> "\"";
      case '·', '•' -> "-";
      case '\u00a0', '\u202f', '\u2009' -> " ";
      case '×' -> "x";
      case '≤' -> "<=";
      case '≥' -> ">=";
      default -> "?";
    };
  }
}
