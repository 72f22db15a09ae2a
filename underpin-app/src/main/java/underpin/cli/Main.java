package underpin.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import underpin.advisory.IndexCorruptedException;
import underpin.campaign.PolicyException;
import underpin.cli.Commands.Streams;
import underpin.maven.MavenProjectException;
import underpin.report.Printable;

/**
 * Where the process starts. Parses, runs one command, and turns every outcome into an exit code.
 */
public final class Main {
  /** As a shell reports a process that SIGINT ended; the JVM's own code, should it come first. */
  private static final int CANCELLED = 130;

  private Main() {}

  public static void main(String[] args) {
    // UTF-8 whatever the locale: reports go to files and pipes far more often than to old
    // terminals.
    StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = writer(standard);
    PrintWriter err = writer(new FileOutputStream(FileDescriptor.err));
    Cancellation cancellation = Cancellation.watch(Thread.currentThread(), err);
    int code = run(new CampaignCommands(), new Streams(out, err), cancellation::requested, args);
    out.flush();
    if (standard.isIncomplete()) {
      err.println("underpin: " + Terminal.printable(standard.problem()));
      code = ExitCode.UNFINISHED.code();
    }
    err.flush();
    cancellation.finished();
    System.exit(code);
  }

  /**
   * Runs one command line to its end. Never throws: what goes wrong is printed, and is the code.
   */
  static int run(Commands commands, Streams streams, String... args) {
    return run(commands, streams, () -> false, args);
  }

  private static int run(
      Commands commands, Streams streams, BooleanSupplier cancelled, String... args) {
    CommandLine line =
        new CommandLine(new Underpin(commands))
            .setOut(streams.out())
            .setErr(streams.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setAbbreviatedOptionsAllowed(false)
            .setParameterExceptionHandler(Main::usageError)
            .setExecutionExceptionHandler(
                (e, failed, _) -> cancelled.getAsBoolean() ? CANCELLED : failure(e, failed));
    int code = line.execute(args);
    streams.out().flush();
    streams.err().flush();
    return code;
  }

  private static int usageError(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(
        "underpin: " + Terminal.printable(firstLetterSmall(String.valueOf(e.getMessage()))));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      boolean groupAlone =
          e instanceof MissingParameterException && !line.getSubcommands().isEmpty();
      err.println(
          (groupAlone
                  ? "Commands: " + String.join(", ", line.getSubcommands().keySet()) + ". "
                  : "")
              + "See: "
              + line.getCommandSpec().qualifiedName()
              + " --help");
    }
    return ExitCode.USAGE.code();
  }

  private static int failure(Exception e, CommandLine line) {
    PrintWriter err = line.getErr();
    boolean debug = ((Underpin) line.getCommandSpec().root().userObject()).debug();
    ExitCode code =
        switch (e) {
          case CommandException known -> known.code();
          case MavenProjectException _ -> ExitCode.USAGE;
          case PolicyException _ -> ExitCode.USAGE;
          default -> ExitCode.UNFINISHED;
        };
    boolean expected =
        switch (e) {
          case CommandException _, MavenProjectException _, PolicyException _ -> true;
          case IndexCorruptedException _ -> true;
          default -> false;
        };
    if (expected) {
      err.println("underpin: " + Terminal.printable(String.valueOf(e.getMessage())));
    } else {
      err.println("underpin: stopped by an unexpected error: " + Terminal.printable(said(e)));
      if (!debug) {
        err.println("Run it again with --debug to see where, and please report it.");
      }
    }
    if (debug) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.print(Printable.visible(trace.toString()));
    }
    return code.code();
  }

  private static String said(Throwable e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }

  private static String firstLetterSmall(String message) {
    boolean word = message.length() > 1 && Character.isLowerCase(message.charAt(1));
    return word ? Character.toLowerCase(message.charAt(0)) + message.substring(1) : message;
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }
}
