package underpin.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import underpin.cli.Commands.Colour;
import underpin.cli.Commands.Rendering;
import underpin.report.Printable;
import underpin.report.RenderOptions;
import underpin.report.TerminalProgress;

/**
 * What is known of the terminal. The JDK cannot tell standard output from standard error, so the
 * launcher looks and hands it in: system properties {@code underpin.tty} ("out", "err" or both) and
 * {@code underpin.columns}.
 */
final class Terminal {
  private Terminal() {}

  static boolean isOut() {
    return System.getProperty("underpin.tty", "").contains("out");
  }

  static boolean isErr() {
    return System.getProperty("underpin.tty", "").contains("err");
  }

  /** {@return a display of long work on {@code err}; silent where the user wants it quiet} */
  static TerminalProgress progress(PrintWriter err, Rendering rendering) {
    return new TerminalProgress(
        rendering.quiet() ? new PrintWriter(Writer.nullWriter()) : err,
        isErr() && !rendering.quiet() && System.getenv("CI") == null,
        options(rendering.colour(), System.getenv(), isErr()),
        System::nanoTime);
  }

  /** {@return how to show text on standard output} */
  static RenderOptions options(Rendering rendering) {
    return options(rendering.colour(), System.getenv(), isOut());
  }

  /** {@return text from outside, fit for one line where the result goes: terminal, pipe or file} */
  static String printable(Rendering rendering, String text) {
    boolean file = rendering.output().isPresent();
    return Printable.line(text, file || options(rendering).unicode());
  }

  /** {@return text from outside, fit for one line of standard error} */
  static String printable(String text) {
    return Printable.line(text, options(Colour.NEVER, System.getenv(), isErr()).unicode());
  }

  static RenderOptions options(Colour colour, Map<String, String> environment, boolean terminal) {
    RenderOptions options =
        RenderOptions.forTerminal(
            environment,
            terminal,
            Integer.getInteger("underpin.columns", 0),
            charset(environment, terminal));
    return switch (colour) {
      case AUTO -> options;
      case ALWAYS -> new RenderOptions(options.width(), true, options.unicode());
      case NEVER -> new RenderOptions(options.width(), false, options.unicode());
    };
  }

  /** A file or a pipe gets UTF-8; a terminal gets what its locale can show. */
  private static Charset charset(Map<String, String> environment, boolean terminal) {
    if (!terminal) {
      return StandardCharsets.UTF_8;
    }
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toUpperCase(java.util.Locale.ROOT).replace("-", "").contains("UTF8")
            ? StandardCharsets.UTF_8
            : StandardCharsets.US_ASCII;
      }
    }
    return StandardCharsets.US_ASCII;
  }
}
