package underpin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import underpin.cli.Commands.Scan;
import underpin.cli.Commands.Streams;

/** {@code underpin scan}. */
@Command(
    name = "scan",
    sortOptions = false,
    header = "What is vulnerable here, and does it matter.",
    description =
        "Lists every component of TARGET with a known vulnerability, why it is there, and where"
            + " its version is declared. Runs nothing of the target.%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {Underpin.EXIT_0, Underpin.EXIT_1, Underpin.EXIT_2, Underpin.EXIT_3},
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin scan",
      "  underpin scan -P release --scope compile,runtime",
      "  underpin scan app.war --format html --output report.html",
      "  underpin scan bom.json --fail-on high",
      "  underpin scan org.apache.commons:commons-text:1.9",
    })
final class ScanCommand extends Invocation {
  @Parameters(
      arity = "0..1",
      paramLabel = "TARGET",
      defaultValue = ".",
      description =
          "Project folder, jar/war/ear, SBOM (CycloneDX, SPDX), or group:artifact:version."
              + " Default: the current folder")
  private String target = ".";

  @Mixin private SelectionMixin selection = new SelectionMixin();
  @Mixin private PolicyMixin policy = new PolicyMixin();
  @Mixin private MavenMixin maven = new MavenMixin();
  @Mixin private RenderingMixin rendering = new RenderingMixin();

  @Override
  ExitCode run(Commands commands, Streams streams) throws Exception {
    return commands.scan(
        new Scan(
            target,
            maven.options(),
            selection.selection(),
            policy.policy,
            policy.index.advisories,
            policy.failOn,
            rendering.rendering()),
        streams);
  }
}
