package underpin.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import underpin.cli.Commands.Streams;
import underpin.maven.Gav;
import underpin.sandbox.Sandbox;

/** {@code underpin backport}. */
@Command(
    name = "backport",
    sortOptions = false,
    header = "Put the upstream fix on the version you are on: a jar, its sources and a diff.",
    description =
        "Takes the fix out of the releases around it, merges it into the sources of the version,"
            + " compiles what changed, and checks the result. Exits 0 also when there is nothing to"
            + " fix, shown by the code; 1 when no whole backport could be made.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin backport org.apache.commons:commons-compress:1.20 CVE-2021-36090",
      "  underpin backport org.yaml:snakeyaml:1.29 CVE-2022-25857 --output-dir build/fixed",
      "  underpin backport org.yaml:snakeyaml:1.29 CVE-2022-25857 --format json",
    })
final class BackportCommand extends Invocation {
  @Parameters(index = "0", paramLabel = "G:A:V", description = "The version in use.")
  private String component = "";

  @Parameters(
      index = "1",
      paramLabel = "ADVISORY",
      description = "An advisory's id or alias: CVE or GHSA.")
  private String advisory = "";

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      description = "Where the files go. Default: .underpin/backport/ARTIFACT-VERSION-ADVISORY")
  private Optional<Path> folder = Optional.empty();

  @Mixin private FixDiffMixin fix = new FixDiffMixin();

  @Mixin private IndexMixin index = new IndexMixin();

  @Option(
      names = "--no-sandbox",
      description = "Run the proof of the flaw with the rights you have. Said in the result.")
  private boolean noSandbox;

  @Option(
      names = "--proof-search",
      paramLabel = "SECONDS",
      description =
          "Where no proof of the flaw is known, look for one that long: calls that lead to the"
              + " vulnerable functions, with inputs that the weakness suggests, in the sandbox. 0:"
              + " do not. Default: ${DEFAULT-VALUE}",
      defaultValue = "120")
  private int search = 0;

  @Option(
      names = "--test-time",
      paramLabel = "SECONDS",
      description =
          "How long the tests that upstream published (its jars of compiled tests) may take in"
              + " all, on your version, on the result and on upstream's fixed release, in the sandbox."
              + " Those that come nearest to the change run first. 0: run none. Default:"
              + " ${DEFAULT-VALUE}",
      defaultValue = "180")
  private int testTime = 0;

  @Mixin private RepositoryMixin maven = new RepositoryMixin();

  @Mixin private PlainMixin rendering = new PlainMixin();

  @Override
  ExitCode run(Commands commands, Streams streams) throws Exception {
    String[] parts = component.split(":", -1);
    if (parts.length != 3 || !component.matches("[A-Za-z0-9._:+-]+") || component.contains("::")) {
      throw new ParameterException(
          spec.commandLine(), "'%s' is not group:artifact:version".formatted(component));
    }
    if (search < 0) {
      throw new ParameterException(
          spec.commandLine(), "--proof-search takes seconds, 0 or more, not " + search);
    }
    if (testTime < 0) {
      throw new ParameterException(
          spec.commandLine(), "--test-time takes seconds, 0 or more, not " + testTime);
    }
    Path to =
        folder.orElseGet(() ->
            Path.of(
                ".underpin",
                "backport",
                (parts[1] + "-" + parts[2] + "-" + advisory).replaceAll("[^A-Za-z0-9._+-]", "_")));
    return commands.backport(
        new Commands.Backport(
            new Gav(parts[0], parts[1], parts[2]),
            advisory,
            to,
            fix.patch,
            maven.options(),
            noSandbox ? Sandbox.Wanted.NONE : Sandbox.Wanted.BEST,
            Duration.ofSeconds(search),
            Duration.ofSeconds(testTime),
            index.advisories,
            rendering.rendering()),
        streams);
  }
}
