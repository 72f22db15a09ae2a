package underpin.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import underpin.campaign.CallSearch;
import underpin.cli.Commands.Selection;

/** Which components count. */
final class SelectionMixin {
  private static final List<String> SCOPES =
      List.of("compile", "provided", "runtime", "system", "test");

  /** For shell completion and the help text. */
  static final class Scopes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return SCOPES.iterator();
    }
  }

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      split = ",",
      completionCandidates = Scopes.class,
      description = "Only these Maven scopes: ${COMPLETION-CANDIDATES}. Default: all")
  private String[] scopes = {};

  @Option(
      names = "--plugins",
      description =
          "Look at the build's plugins and their own dependencies too. They run at build time only,"
              + " so they are left out unless asked for.")
  private boolean plugins;

  @Option(
      names = "--reach",
      paramLabel = "HOW",
      description =
          "Look in compiled code for calls of the vulnerable functions: none, local or all."
              + " local takes functions that ship, were derived before, or follow from jars at"
              + " hand; all fetches the releases around each fix, within 90 seconds for each. The"
              + " first search of an application takes half a minute and more; what it finds is"
              + " kept. Default: local")
  private CallSearch reach = CallSearch.LOCAL;

  @Option(
      names = "--no-copies",
      description =
          "Do not search the jars at hand for vulnerable code of other components, copied, relocated"
              + " or compiled again.")
  private boolean noCopies;

  Selection selection() {
    Set<String> chosen = new TreeSet<>(Arrays.asList(scopes));
    for (String scope : chosen) {
      if (!SCOPES.contains(scope)) {
        throw new ParameterException(
            command.commandLine(),
            "--scope: '%s' is no Maven scope; choose from %s"
                .formatted(scope, String.join(", ", SCOPES)));
      }
    }
    return new Selection(chosen, plugins, reach, !noCopies);
  }
}
