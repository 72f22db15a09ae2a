package underpin.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import underpin.cli.Commands.Streams;

/** One command of the command line: turns its options into a request and hands it on. */
abstract class Invocation implements Callable<Integer> {
  @Spec protected CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  abstract ExitCode run(Commands commands, Streams streams) throws Exception;

  @Override
  public final Integer call() throws Exception {
    Streams streams = new Streams(spec.commandLine().getOut(), spec.commandLine().getErr());
    try {
      return run(((Underpin) spec.root().userObject()).commands(), streams).code();
    } finally {
      streams.out().flush();
      streams.err().flush();
    }
  }
}
