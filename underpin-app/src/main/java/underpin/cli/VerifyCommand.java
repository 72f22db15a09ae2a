package underpin.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import underpin.cli.Commands.Streams;
import underpin.cli.Commands.Verify;

/** {@code underpin verify}. */
@Command(
    name = "verify",
    sortOptions = false,
    header = "Check an evidence bundle offline, and say what it proves.",
    description = "Refuses a bundle in which anything was changed, dropped, reordered or added.%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the bundle is whole and signed",
      "1:the bundle is refused; the reason is printed",
      Underpin.EXIT_2,
      Underpin.EXIT_3,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin verify .underpin/evidence.bundle",
      "  underpin verify evidence.bundle --key their-key.pub",
    })
final class VerifyCommand extends Invocation {
  @Parameters(paramLabel = "BUNDLE", description = "The bundle that 'underpin fix' wrote.")
  private Path bundle = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE|ID",
      description = "Public key, or its id, that must have signed it. Default: shows which key did")
  private Optional<Path> key = Optional.empty();

  @Mixin private PlainMixin rendering = new PlainMixin();

  @Override
  ExitCode run(Commands commands, Streams streams) throws Exception {
    return commands.verify(new Verify(bundle, key, rendering.rendering()), streams);
  }
}
