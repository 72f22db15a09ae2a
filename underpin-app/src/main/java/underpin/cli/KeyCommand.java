package underpin.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import underpin.cli.Commands.ShowKey;
import underpin.cli.Commands.Streams;

/** {@code underpin key}: the group. */
@Command(
    name = "key",
    header = "The key that signs evidence.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeyCommand.Show.class,
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = "  underpin key show > my-key.pub")
final class KeyCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** {@code underpin key show}. */
  @Command(
      name = "show",
      sortOptions = false,
      header = "Show the public half of the signing key, to hand to those who verify.",
      description = "The secret half never leaves its file.%n",
      footerHeading = "%nExamples:%n",
      footer = {"  underpin key show > my-key.pub"})
  static final class Show extends Invocation {
    @Option(
        names = "--key",
        paramLabel = "FILE",
        description = "Signing key. Default: the user's own, created on first use")
    private Optional<Path> key = Optional.empty();

    @Mixin private PlainMixin rendering = new PlainMixin();

    @Override
    ExitCode run(Commands commands, Streams streams) throws Exception {
      return commands.showKey(new ShowKey(key, rendering.rendering()), streams);
    }
  }
}
