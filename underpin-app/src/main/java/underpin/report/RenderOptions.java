package underpin.report;

import static java.util.Objects.requireNonNull;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How a report is shown.
 *
 * @param width columns of the terminal; text is kept within them, 40 at the least
 * @param colour whether text may hold ANSI colours
 * @param unicode whether text may hold characters outside US-ASCII
 * @param all one line for every case however many there are, instead of one for each group
 * @param at the time to write into formats that have a place for one; empty: none is written, and
 *     where the format insists (OpenVEX) it is the time of the newest advisory
 */
public record RenderOptions(
    int width, boolean colour, boolean unicode, boolean all, Optional<Instant> at) {
  private static final int NARROWEST = 40;
  private static final int WIDEST = 140;
  private static final int USUAL = 100;

  public RenderOptions {
    requireNonNull(at, "at");
    width = Math.max(NARROWEST, width);
  }

  public RenderOptions(int width, boolean colour, boolean unicode) {
    this(width, colour, unicode, false, Optional.empty());
  }

  /** {@return options for a file: 100 columns, no colour, Unicode, no time} */
  public static RenderOptions forFile() {
    return new RenderOptions(USUAL, false, true);
  }

  /**
   * {@return options for standard output}
   *
   * @param environment as of {@code System.getenv()}: {@code NO_COLOR} (no-color.org) and {@code
   *     TERM=dumb} switch colours off, {@code COLUMNS} gives the width where {@code columns} is 0
   * @param terminal whether standard output is a terminal; colours are for terminals only
   * @param columns 0 when it is not known
   */
  public static RenderOptions forTerminal(
      Map<String, String> environment, boolean terminal, int columns, Charset charset) {
    boolean colour =
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    int width = columns > 0 ? columns : number(environment.getOrDefault("COLUMNS", ""));
    return new RenderOptions(
        Math.min(width > 0 ? width : USUAL, WIDEST),
        colour,
        charset.name().toUpperCase(java.util.Locale.ROOT).startsWith("UTF"));
  }

  public RenderOptions withAll(boolean every) {
    return new RenderOptions(width, colour, unicode, every, at);
  }

  public RenderOptions withTime(Instant time) {
    return new RenderOptions(width, colour, unicode, all, Optional.of(time));
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }
}
