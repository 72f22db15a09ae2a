package underpin.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import underpin.cli.Commands.Colour;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Rendering;

/** How a result that is no report is shown. */
final class PlainMixin {
  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = Plain.class,
      completionCandidates = Candidates.class,
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Format format = Format.TEXT;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the result there instead of to standard output.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress; only the result and errors.")
  private boolean quiet;

  Rendering rendering() {
    return new Rendering(format, output, Colour.AUTO, quiet, false);
  }

  /** The two that every program can read. */
  static final class Candidates implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return List.of(Format.TEXT.toString(), Format.JSON.toString()).iterator();
    }
  }

  /** From what the user typed. */
  static final class Plain implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "text" -> Format.TEXT;
        case "json" -> Format.JSON;
        default ->
            throw new TypeConversionException(
                "this command has no format '%s'; choose from text, json".formatted(text));
      };
    }
  }
}
