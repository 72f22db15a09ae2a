package underpin.cli;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Streams;

/** One command of the command line: turns its options into a request and hands it on. */
abstract class Invocation implements Callable<Integer> {
  static final Set<Format> REPORT_FORMATS = EnumSet.allOf(Format.class);
  static final Set<Format> PLAIN_FORMATS = EnumSet.of(Format.TEXT, Format.JSON);

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
