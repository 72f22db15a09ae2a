package underpin.prove;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import underpin.cases.Proof;
import underpin.cases.Proof.Attempt;
import underpin.cases.Proof.Fuzzed;
import underpin.cases.Proof.Outcome;
import underpin.cases.Proof.Run;
import underpin.cases.Proof.Use;
import underpin.cases.Proof.Value;
import underpin.sandbox.JvmArguments;
import underpin.sandbox.Sandbox;

/**
 * Runs proofs in the sandbox: a JVM of the given JDK, bounded in time, memory, processes and disk,
 * without network but loopback. What one attempt breaks (a thread that never ends, a dead JVM) the
 * next one does not see.
 */
public final class ProofRunner implements Proof.Runner {
  /** Of one run, however often the JVM has to be started again. */
  private static final Duration LONGEST = Duration.ofSeconds(400);

  private static final Duration ATTEMPT = Duration.ofMinutes(2);
  private static final int MOST_STARTS = 60;

  private final Sandbox sandbox;
  private final Path jdkHome;
  private final int jdkRelease;
  private final Duration attempt;
  private final Duration all;

  /**
   * @param jdkHome the JDK whose {@code bin/java} runs the proofs
   * @param jdkRelease its release, such as 17
   */
  public ProofRunner(Sandbox sandbox, Path jdkHome, int jdkRelease) {
    this(sandbox, jdkHome, jdkRelease, ATTEMPT, LONGEST);
  }

  private ProofRunner(
      Sandbox sandbox, Path jdkHome, int jdkRelease, Duration attempt, Duration all) {
    this.sandbox = sandbox;
    this.jdkHome = jdkHome;
    this.jdkRelease = jdkRelease;
    this.attempt = attempt;
    this.all = all;
  }

  /**
   * {@return one with less patience}
   *
   * @param attempt after this time it says nothing
   * @param all of the attempts of a run; what was not begun by then says nothing
   */
  public ProofRunner within(Duration attempt, Duration all) {
    return new ProofRunner(sandbox, jdkHome, jdkRelease, attempt, all);
  }

  /** {@return one that uses the JDK that underpin itself runs on} */
  public static ProofRunner onThisJdk(Sandbox sandbox) {
    return new ProofRunner(
        sandbox, Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  @Override
  public Run run(Proof proof, List<Path> classPath, Set<String> watched)
      throws InterruptedException {
    if (!proof.jdk().holds(jdkRelease)) {
      return Run.none(proof, "it holds on JDK " + proof.jdk() + ", and this is JDK " + jdkRelease);
    }
    if (classPath.isEmpty()) {
      return Run.none(proof, "the component is not on the class path");
    }
    try {
      Path work = Files.createTempDirectory("underpin-proof");
      try {
        return run(proof, classPath, List.copyOf(new TreeSet<>(watched)), work);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      return Run.none(proof, "the sandbox could not be used: " + e.getMessage());
    }
  }

  @Override
  public Fuzzed fuzz(Proof proof, List<Path> before, List<Path> after) throws InterruptedException {
    try {
      Path work = Files.createTempDirectory("underpin-fuzz");
      try {
        return new Fuzzing(sandbox, jdkHome, jdkRelease).compare(proof, before, after, work);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      return new Fuzzed.CouldNotRun("the sandbox could not be used: " + e.getMessage());
    }
  }

  private Run run(Proof proof, List<Path> classPath, List<String> watched, Path work)
      throws IOException, InterruptedException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    Optional<String> refused = ProofCompiler.compile(proof, classPath, classes);
    if (refused.isPresent()) {
      return Run.none(proof, refused.get());
    }
    List<Path> seen = new ArrayList<>(classPath);
    Path component = classPath.getFirst();
    if (!watched.isEmpty() && Files.isRegularFile(component)) {
      Path copy = work.resolve("watched.jar");
      WatchedJar.write(component, watched, copy);
      seen.set(0, copy);
    }
    Path folder = Files.createDirectories(work.resolve("run"));
    Map<Integer, Line> lines = new TreeMap<>();
    int next = 0;
    String ended = "";
    int starts = 0;
    boolean done = false;
    long end = System.nanoTime() + all.toNanos();
    while (!done && starts < MOST_STARTS) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        ended = "the proof passed the time limit of " + all.toSeconds() + " s";
        break;
      }
      starts++;
      Path results = folder.resolve("results");
      Files.deleteIfExists(results);
      ended = start(proof, classes, seen, folder, work, next, Duration.ofNanos(left));
      int begun = next - 1;
      for (Line line : read(results)) {
        switch (line.what()) {
          case "start" -> {
            begun = line.index();
            lines.put(line.index(), line);
          }
          case "end" -> lines.put(line.index(), line);
          case "done" -> done = true;
          default -> throw new IOException("the proof wrote a line of unknown kind");
        }
      }
      if (begun < next && !done) {
        break;
      }
      next = begun + 1;
    }
    return lines.isEmpty()
        ? Run.none(proof, "no attempt began: " + ended)
        : collect(proof, lines, watched, ended, done);
  }

  private String start(
      Proof proof,
      Path classes,
      List<Path> classPath,
      Path folder,
      Path work,
      int first,
      Duration longest)
      throws IOException, InterruptedException {
    Path log = folder.resolve("exceptions.log");
    Files.deleteIfExists(log);
    List<String> command = new ArrayList<>();
    command.add(jdkHome.resolve("bin/java").toString());
    command.addAll(
        List.of(
            "-Xmx384m",
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Dunderpin.longest=" + attempt.toMillis()));
    command.addAll(JvmArguments.SAME_EVERYWHERE);
    if (!classPath.isEmpty() && classPath.getFirst().endsWith("watched.jar")) {
      command.add("-XX:+UnlockDiagnosticVMOptions");
      command.add("-XX:-BytecodeVerificationRemote");
    }
    if (jdkRelease >= 9) {
      command.add("-Dunderpin.exceptions=" + log);
      command.add("-Xlog:disable");
      command.add("-Xlog:exceptions=info:file=" + log + "::filecount=0");
    }
    command.add("-cp");
    command.add(joined(classes, classPath));
    command.addAll(
        List.of("underpin.canary.Main", proof.name(), folder.toString(), Integer.toString(first)));
    List<Path> readable = new ArrayList<>(List.of(classes, jdkHome));
    classPath.forEach(path -> readable.add(path.toAbsolutePath()));
    Path output = work.resolve("output");
    Sandbox.Result result =
        sandbox.run(
            new Sandbox.Job(
                command,
                folder,
                Map.of(),
                readable,
                List.of(folder),
                false,
                limits(longest),
                output));
    return switch (result) {
      case Sandbox.Result.Exited(int code, _) -> "the JVM ended with " + code + tail(output);
      case Sandbox.Result.Stopped(String limit, _) -> "stopped by " + limit;
    };
  }

  /** {@return a class path: the proof's classes first} */
  static String joined(Path classes, List<Path> classPath) {
    return Stream.concat(Stream.of(classes), classPath.stream())
        .map(path -> path.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Sandbox.Limits limits(Duration time) {
    return new Sandbox.Limits(time, 2L << 30, 300, 512L << 20, 1 << 20);
  }

  private static String tail(Path output) throws IOException {
    if (!Files.exists(output)) {
      return "";
    }
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(400, text.length()));
  }

  /** One line of the results. */
  private record Line(
      String what,
      int index,
      String kind,
      String name,
      String outcome,
      String text,
      String reached) {}

  private static List<Line> read(Path results) throws IOException {
    List<Line> lines = new ArrayList<>();
    if (!Files.exists(results)) {
      return lines;
    }
    for (String text : Files.readAllLines(results, StandardCharsets.US_ASCII)) {
      String[] parts = text.split("\t", -1);
      if (parts.length != 7) {
        throw new IOException("the proof's results are not as they were written");
      }
      try {
        lines.add(
            new Line(
                parts[0],
                Integer.parseInt(parts[1]),
                parts[2],
                decode(parts[3]),
                parts[4],
                decode(parts[5]),
                parts[6]));
      } catch (IllegalArgumentException e) {
        throw new IOException("the proof's results are not as they were written", e);
      }
    }
    return lines;
  }

  static String decode(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private static Run collect(
      Proof proof, Map<Integer, Line> lines, List<String> watched, String ended, boolean done)
      throws IOException {
    Attempt main = new Attempt(proof.name(), new Outcome.CouldNotRun("it was not begun: " + ended));
    List<Attempt> variants = new ArrayList<>();
    List<Use> controls = new ArrayList<>();
    List<Use> replays = new ArrayList<>();
    Set<String> byAttempts = new HashSet<>();
    Set<String> byUses = new HashSet<>();
    for (Line line : lines.values()) {
      boolean whole = line.what().equals("end");
      String because = whole ? line.text() : "it did not end: " + ended;
      switch (line.kind()) {
        case "P", "V" -> {
          Outcome outcome =
              switch (line.outcome()) {
                case "triggered" -> new Outcome.Triggered(line.text());
                case "not-triggered" -> new Outcome.NotTriggered(line.text());
                default -> new Outcome.CouldNotRun(because);
              };
          if (line.kind().equals("P")) {
            main = new Attempt(line.name(), outcome);
          } else {
            variants.add(new Attempt(line.name(), outcome));
          }
          reached(line, watched, byAttempts);
        }
        case "C", "R" -> {
          List<Value> values = new ArrayList<>();
          if (!line.outcome().equals("value")) {
            values.add(new Value.CouldNotRun(because));
          } else if (line.kind().equals("C")) {
            values.add(new Value.Given(line.text()));
          } else {
            for (String value : line.text().split("\n", -1)) {
              values.add(new Value.Given(decode(value)));
            }
          }
          (line.kind().equals("C") ? controls : replays).add(new Use(line.name(), values));
          reached(line, watched, byUses);
        }
        default -> throw new IOException("the proof wrote a line of unknown kind");
      }
    }
    if (!done) {
      variants.add(new Attempt("the rest", new Outcome.CouldNotRun("it was not begun: " + ended)));
    }
    return new Run(main, variants, controls, replays, byAttempts, byUses);
  }

  private static void reached(Line line, List<String> watched, Set<String> reached)
      throws IOException {
    for (String index : line.reached().split(",")) {
      if (!index.isEmpty()) {
        try {
          reached.add(watched.get(Integer.parseInt(index)));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
          throw new IOException("the proof's results are not as they were written", e);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
