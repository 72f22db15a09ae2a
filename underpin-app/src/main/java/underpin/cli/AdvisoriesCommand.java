package underpin.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import underpin.cli.Commands.Derivation;
import underpin.cli.Commands.ImportAdvisories;
import underpin.cli.Commands.ShowAdvisories;
import underpin.cli.Commands.ShowFunctions;
import underpin.cli.Commands.Streams;
import underpin.cli.Commands.UpdateAdvisories;
import underpin.version.Ecosystem;

/** {@code underpin advisories}: the group; each subcommand is a class below. */
@Command(
    name = "advisories",
    header = "Show or renew the advisories that cases are judged by.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AdvisoriesCommand.Show.class,
      AdvisoriesCommand.Functions.class,
      AdvisoriesCommand.Update.class,
      AdvisoriesCommand.Import.class,
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin advisories show CVE-2021-44228",
      "  underpin advisories functions CVE-2021-44228",
      "  underpin advisories update",
      "  underpin advisories COMMAND --help",
    })
final class AdvisoriesCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** {@code underpin advisories show}. */
  @Command(
      name = "show",
      sortOptions = false,
      header = "Show one advisory, or what is known about a component, or the snapshot itself.",
      description = "Asked for a version that is affected, it exits 1.%n",
      footerHeading = "%nExamples:%n",
      footer = {
        "  underpin advisories show",
        "  underpin advisories show CVE-2021-44228",
        "  underpin advisories show org.apache.logging.log4j:log4j-core:2.14.1",
      })
  static final class Show extends Invocation {
    @Parameters(
        arity = "0..1",
        paramLabel = "ID|G:A:V|PURL",
        description = "An advisory's id or alias, or a component. Default: the snapshot")
    private Optional<String> what = Optional.empty();

    @Mixin private IndexMixin index = new IndexMixin();

    @Mixin private PlainMixin rendering = new PlainMixin();

    @Override
    ExitCode run(Commands commands, Streams streams) throws Exception {
      return commands.showAdvisories(
          new ShowAdvisories(what, index.advisories, rendering.rendering()), streams);
    }
  }

  /** {@code underpin advisories functions}. */
  @Command(
      name = "functions",
      sortOptions = false,
      header = "Name the vulnerable functions of a Java advisory, with the evidence.",
      description =
          "Derived from the releases before and after the fix, which are fetched as Maven would. Not"
              + " every changed method is vulnerable: those marked are published, the others are"
              + " candidates. Exits 3 when no function can be named.%n",
      footerHeading = "%nExamples:%n",
      footer = {
        "  underpin advisories functions CVE-2022-42889",
        "  underpin advisories functions GHSA-599f-7c49-w659 --all",
        "  underpin advisories functions CVE-2022-42889 --format json --offline",
        "  underpin advisories functions CVE-2022-42889 --patch fix.diff",
      })
  static final class Functions extends Invocation {
    @Parameters(paramLabel = "ID", description = "An advisory's id or alias: CVE or GHSA.")
    private String id = "";

    @Option(
        names = {"-a", "--all"},
        description = "List every changed method, not only those that are published.")
    private boolean all;

    @Mixin private FixDiffMixin fix = new FixDiffMixin();

    @Option(
        names = "--derive",
        description = "Derive anew, instead of taking what ships or was derived before.")
    private boolean derive;

    @Option(
        names = "--releases-only",
        description = {
          "Derive anew from the releases alone, without the fix commits that are known:",
          "to see how far the comparison carries by itself."
        })
    private boolean releasesOnly;

    @Mixin private IndexMixin index = new IndexMixin();

    @Mixin private RepositoryMixin maven = new RepositoryMixin();

    @Mixin private PlainMixin rendering = new PlainMixin();

    @Override
    ExitCode run(Commands commands, Streams streams) throws Exception {
      return commands.showFunctions(
          new ShowFunctions(
              id,
              all,
              fix.patch,
              derivation(),
              maven.options(),
              index.advisories,
              rendering.rendering()),
          streams);
    }

    private Derivation derivation() {
      if (releasesOnly) {
        return Derivation.OF_RELEASES_ALONE;
      }
      return derive ? Derivation.ANEW : Derivation.AT_HAND;
    }
  }

  /** {@code underpin advisories update}. */
  @Command(
      name = "update",
      sortOptions = false,
      header = "Fetch newer advisories (OSV export).",
      description =
          "Resumes what was cut off, checks it, and replaces the user's index in one move: a failed"
              + " update leaves the old one.%n",
      footerHeading = "%nExamples:%n",
      footer = {
        "  underpin advisories update",
        "  underpin advisories update --ecosystem Maven",
        "  underpin advisories update --from https://mirror.example.org/osv",
      })
  static final class Update extends Invocation {
    @Option(
        names = "--from",
        paramLabel = "URL",
        description = "A mirror of the OSV export. Default: its public address")
    private Optional<URI> from = Optional.empty();

    @Option(
        names = "--ecosystem",
        paramLabel = "NAME",
        split = ",",
        completionCandidates = Ecosystems.class,
        description = "Only these: ${COMPLETION-CANDIDATES}. Default: all")
    private String[] ecosystems = {};

    @Mixin private PlainMixin rendering = new PlainMixin();

    @Override
    ExitCode run(Commands commands, Streams streams) throws Exception {
      Set<String> names = new TreeSet<>();
      for (String name : ecosystems) {
        names.add(
            Ecosystem.KNOWN.stream()
                .map(Ecosystem::osvName)
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() ->
                    new ParameterException(
                        spec.commandLine(),
                        "--ecosystem: '%s' is not known; choose from %s"
                            .formatted(name, String.join(", ", new Ecosystems())))));
      }
      return commands.updateAdvisories(
          new UpdateAdvisories(from, names, rendering.rendering()), streams);
    }
  }

  /** {@code underpin advisories import}. */
  @Command(
      name = "import",
      sortOptions = false,
      header = "Take advisories from a file: an OSV export (zip), or a compiled index.",
      description = "Checked as a whole first: a file that is refused leaves the old ones.%n",
      footerHeading = "%nExamples:%n",
      footer = {"  underpin advisories import all.zip"})
  static final class Import extends Invocation {
    @Parameters(paramLabel = "FILE", description = "Zip of OSV records, or a compiled index.")
    private Path file = Path.of("");

    @Mixin private PlainMixin rendering = new PlainMixin();

    @Override
    ExitCode run(Commands commands, Streams streams) throws Exception {
      return commands.importAdvisories(new ImportAdvisories(file, rendering.rendering()), streams);
    }
  }

  /** For shell completion and the help text. */
  static final class Ecosystems implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Ecosystem.KNOWN.stream().map(Ecosystem::osvName).iterator();
    }
  }
}
