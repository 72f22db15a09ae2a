package underpin.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a terminal would obey, and JSON need not escape (DEL, C1 controls, marks that turn
 * the reading direction), as {@code \}{@code uXXXX}: who reads the JSON gets the same text.
 */
public final class JsonEscapes extends CharacterEscapes {
  private static final long serialVersionUID = 1L;

  private final int[] ascii = standardAsciiEscapesForJSON();

  public JsonEscapes() {
    ascii[0x7f] = ESCAPE_STANDARD;
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return ascii.clone();
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int c) {
    // Half of a character beyond U+FFFF says nothing alone.
    if (Character.getType(c) == Character.SURROGATE || Printable.isVisible(c)) {
      return null;
    }
    return new SerializedString(String.format(Locale.ROOT, "\\u%04X", c));
  }
}
