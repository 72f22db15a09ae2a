package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real command, as a process with a home and a temporary folder of its own, or in this one. */
final class Program {
  /** What a run left behind. */
  record Run(int code, String out, String err) {
    /** Whatever was said: no stack trace, and no word of Java's where a plain one is needed. */
    Run isPlain() {
      assertThat(out + err)
          .doesNotContain("\tat ")
          .doesNotContain("Exception")
          .doesNotContain("unexpected error");
      return this;
    }
  }

  private final Path home;
  private final Path temporary;

  Program(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.temporary = Files.createDirectories(folder.resolve("tmp"));
  }

  Path home() {
    return home;
  }

  Path temporary() {
    return temporary;
  }

  /** Runs in this process, at the clock's time; for all that needs no signal and no key. */
  static Run here(Clock clock, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new CampaignCommands(clock),
            new Commands.Streams(new PrintWriter(out, false), new PrintWriter(err, false)),
            args);
    return new Run(code, out.toString(), err.toString());
  }

  static Run here(String... args) {
    return here(Clock.systemUTC(), args);
  }

  Run run(String... args) throws IOException, InterruptedException {
    return await(start(List.of(), args));
  }

  /** Starts it; {@code before} is a command that runs it, such as one that limits something. */
  Process start(List<String> before, String... args) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Duser.home=" + home,
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            "underpin.cli.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("XDG_CONFIG_HOME");
    builder.environment().remove("XDG_DATA_HOME");
    builder.environment().remove("XDG_CACHE_HOME");
    builder.environment().put("HOME", home.toString());
    builder.redirectOutput(home.resolve("out.txt").toFile());
    builder.redirectError(home.resolve("err.txt").toFile());
    return builder.start();
  }

  Run await(Process process) throws IOException, InterruptedException {
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("it hangs").isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(home.resolve("out.txt")),
        Files.readString(home.resolve("err.txt")));
  }

  /** {@return every file and folder below, as relative paths} */
  static List<String> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(p -> !p.equals(folder)).map(p -> "" + folder.relativize(p)).toList();
    }
  }
}
