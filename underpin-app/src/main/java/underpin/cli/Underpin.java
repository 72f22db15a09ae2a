package underpin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the command line: lists the commands, does nothing itself. */
@Command(
    name = "underpin",
    versionProvider = Version.class,
    subcommands = {
      ScanCommand.class,
      FixCommand.class,
      BackportCommand.class,
      VerifyCommand.class,
      AdvisoriesCommand.class,
      KeyCommand.class,
      CompletionCommand.class,
      WarmUpCommand.class,
    },
    synopsisSubcommandLabel = "COMMAND",
    description = "From a vulnerability in an open-source component to a verified fix.%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      Underpin.EXIT_0,
      Underpin.EXIT_1,
      Underpin.EXIT_2,
      Underpin.EXIT_3,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin scan              what is vulnerable in this Maven project",
      "  underpin scan app.war      ... in an archive, an SBOM or G:A:V coordinates",
      "  underpin fix               make patches, verify them with your own build",
      "  underpin fix --apply       ... and write the verified ones into your files",
      "  underpin backport G:A:V ID  the upstream fix on the version you are on",
      "  underpin COMMAND --help    all options of a command",
    })
final class Underpin {
  // Kept as constants because annotations cannot call ExitCode; MainTest compares the two.
  static final String EXIT_0 = "0:nothing affected, or all of it fixed and verified";
  static final String EXIT_1 = "1:affected cases remain";
  static final String EXIT_2 = "2:wrong usage, or input that cannot be read";
  static final String EXIT_3 = "3:could not finish; the message says what to do next";

  private final Commands commands;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an unexpected error.")
  private boolean debug;

  Underpin(Commands commands) {
    this.commands = commands;
  }

  Commands commands() {
    return commands;
  }

  boolean debug() {
    return debug;
  }
}
