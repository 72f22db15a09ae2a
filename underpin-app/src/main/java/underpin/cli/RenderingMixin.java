package underpin.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import underpin.cli.Commands.Colour;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Rendering;

/** How the result is shown. */
final class RenderingMixin {
  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Format format = Format.TEXT;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the result there instead of to standard output.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = {"--colour", "--color"},
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}: on a terminal")
  private Colour colour = Colour.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress; only the result and errors.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say more about what is done and why.")
  private boolean verbose;

  /** {@return the choice} */
  Rendering rendering() {
    if (quiet && verbose) {
      throw new ParameterException(
          command.commandLine(), "--quiet and --verbose exclude each other");
    }
    return new Rendering(format, output, colour, quiet, verbose);
  }
}
