package underpin.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import underpin.cli.Commands.Streams;
import underpin.evidence.EvidenceWriter;
import underpin.evidence.Keys;
import underpin.evidence.Statement;

/**
 * What the launcher runs while the JVM records its start-up cache: touches the classes that every
 * run needs. Whatever goes wrong here is of no interest, so nothing is said and the exit is 0.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand extends Invocation {
  private static final int STATEMENTS = 200;

  @Override
  ExitCode run(Commands commands, Streams streams) {
    Streams nowhere =
        new Streams(
            new PrintWriter(Writer.nullWriter(), false),
            new PrintWriter(Writer.nullWriter(), false));
    for (String[] args : lines(Optional.ofNullable(System.getProperty("underpin.home")))) {
      int _ = Main.run(commands, nowhere, args);
    }
    try {
      verify(commands, nowhere);
    } catch (IOException _) {
      // no room for a temporary file: the cache is made without this part
    }
    return ExitCode.CLEAN;
  }

  /**
   * Signatures are the most arithmetic of all commands: their profile halves the time of a check.
   */
  private static void verify(Commands commands, Streams nowhere) throws IOException {
    Path bundle = Files.createTempFile("underpin-warm-up", ".bundle");
    try {
      EvidenceWriter writer = EvidenceWriter.create(Keys.generate());
      for (int i = 0; i < STATEMENTS; i++) {
        writer.append(
            Statement.of(
                List.of(new Statement.Subject("warm-up", "0".repeat(64))),
                "urn:underpin:warm-up",
                Map.of("index", i)));
      }
      writer.writeTo(bundle);
      int _ = Main.run(commands, nowhere, "verify", bundle.toString());
    } finally {
      Files.deleteIfExists(bundle);
    }
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
