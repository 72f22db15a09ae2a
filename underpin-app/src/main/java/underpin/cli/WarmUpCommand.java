package underpin.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import underpin.cli.Commands.Streams;

/**
 * What the launcher runs while the JVM records its start-up cache: touches the classes that every
 * run needs. Whatever goes wrong here is of no interest, so nothing is said and the exit is 0.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand extends Invocation {
  @Override
  ExitCode run(Commands commands, Streams streams) {
    Streams nowhere =
        new Streams(
            new PrintWriter(Writer.nullWriter(), false),
            new PrintWriter(Writer.nullWriter(), false));
    for (String[] args : lines(Optional.ofNullable(System.getProperty("underpin.home")))) {
      int _ = Main.run(commands, nowhere, args);
    }
    return ExitCode.CLEAN;
  }

  private static List<String[]> lines(Optional<String> home) {
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"--version"});
    lines.add(new String[] {"scan", "--help"});
    lines.add(new String[] {"scan", "--no-such-option"});
    Optional<Path> sample = home.map(h -> Path.of(h, "data", "warm-up"));
    if (sample.isPresent() && Files.isDirectory(sample.get())) {
      String folder = sample.get().toString();
      lines.add(new String[] {"scan", "--offline", folder});
      lines.add(new String[] {"scan", "--offline", "--format", "json", folder + "/bom.json"});
      lines.add(new String[] {"scan", "--offline", "--format", "html", folder + "/bom.json"});
    }
    return lines;
  }
}
