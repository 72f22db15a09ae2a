package underpin.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import underpin.cli.Commands.Streams;

/** {@code underpin completion}. */
@Command(
    name = "completion",
    header = "Print a completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(underpin completion)",
      "  underpin completion > ~/.local/share/bash-completion/completions/underpin",
    })
final class CompletionCommand extends Invocation {
  @Override
  ExitCode run(Commands commands, Streams streams) {
    streams.out().print(AutoComplete.bash("underpin", spec.root().commandLine()));
    return ExitCode.CLEAN;
  }
}
