package underpin.verify;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import underpin.sandbox.JvmArguments;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;
import underpin.verify.Baseline.TestOutcome;

/**
 * Runs compiled tests in the sandbox, in a JVM of its own without network but loopback. What ends
 * the JVM, or does not end itself, costs the rest of its class; the next class runs in a new one.
 * What tests print is not looked at: how they went is told by the harness, line by line under a key
 * that is gone before they are loaded.
 */
final class TestJvm {
  /** Where a module would stand in the name of a test. */
  static final String TESTS = "tests#";

  private static final String TIME_UP = "the time was used up";
  private static final int MOST_STARTS = 25;
  private static final long MOST_RESULTS = 256L << 20;
  private static final int MOST_NAME = 300;

  /** Those of the harness that the tests' own class loaders must find. */
  private static final String RECORDER = "Calls";

  private static final List<String> HARNESS = List.of("Harness", "Results");

  /** Identity hashes, which differ from run to run, in the names of parameterized tests. */
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{5,16}\\b");

  /** What tests of that time reach into, which newer JDKs close. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.text",
          "java.time",
          "sun.nio.ch");

  private final Sandbox sandbox;
  private final Jdk jdk;
  private final List<Path> runner;
  private final Path work;

  /**
   * @param runner the JUnit Platform with its engines
   * @param work an empty folder; runs one after another use the same places in it, so that paths do
   *     not differ between them
   */
  TestJvm(Sandbox sandbox, Jdk jdk, List<Path> runner, Path work) {
    this.sandbox = sandbox;
    this.jdk = jdk;
    this.runner = runner;
    this.work = work;
  }

  /**
   * What to run.
   *
   * @param tests the jar of tests
   * @param jar the artifact
   * @param needs what both need beside, in the order of the class path
   * @param classes names with dots
   * @param recorded methods of the jar
   */
  record Job(Path tests, Path jar, List<Path> needs, List<String> classes, List<String> recorded) {}

  /**
   * How long a run may take.
   *
   * @param taking how long further classes are begun
   * @param oneClass how long one class may take
   * @param all what is left then is killed
   */
  record Limits(Duration taking, Duration oneClass, Duration all) {}

  /**
   * {@return how the tests went}
   *
   * @throws IOException if the sandbox, the harness or the jars cannot be used, or if somebody else
   *     wrote into the results
   */
  TestRun run(Job job, Limits limits) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Path recorder = compiled(work.resolve("recorder"), List.of(RECORDER), List.of());
    List<Path> seen = new ArrayList<>(runner);
    seen.add(recorder);
    Path harness = compiled(work.resolve("harness"), HARNESS, seen);
    Path folder = work.resolve("run");
    WorkingCopy.delete(folder);
    Path tests = folder.resolve("target/test-classes");
    TestJar.unpack(job.tests(), tests);
    Path sources = Files.createDirectories(folder.resolve("src/test"));
    if (!Files.exists(sources.resolve("resources"), LinkOption.NOFOLLOW_LINKS)) {
      // Where many tests look for their data.
      Files.createSymbolicLink(
          sources.resolve("resources"), Path.of("..", "..", "target", "test-classes"));
    }
    Path jar = job.jar();
    if (!job.recorded().isEmpty()) {
      jar = work.resolve(String.valueOf(job.jar().getFileName()));
      RecordedJar.write(job.jar(), job.recorded(), jar);
    }
    List<Path> classPath = new ArrayList<>(List.of(harness));
    classPath.addAll(runner);
    classPath.add(tests);
    classPath.add(jar);
    classPath.addAll(job.needs());
    return new Run(job, limits, begun, recorder, classPath, folder).all();
  }

  /** {@return a folder with classes of the harness}; compiled once */
  private static Path compiled(Path folder, List<String> names, List<Path> classPath)
      throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException(
          "this Java has no compiler, which tests need: run underpin on a JDK, not on a JRE");
    }
    Files.createDirectories(folder);
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(problems, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
      List<JavaFileObject> sources = new ArrayList<>();
      for (String name : names) {
        sources.add(new Source(name, resource(name + ".java")));
      }
      List<String> options =
          List.of("--release", "8", "-proc:none", "-nowarn", "-Xlint:none", "-g");
      if (!compiler.getTask(null, files, problems, options, null, sources).call()) {
        throw new IOException(
            "the harness does not fit the runner of tests: " + problems.getDiagnostics());
      }
    }
    return folder;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TestJvm.class.getResourceAsStream("harness/" + name)) {
      if (in == null) {
        throw new IllegalStateException("underpin was packed without harness/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///underpin/upstream/" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** One run, which may take several JVMs. */
  private final class Run {
    private final Job job;
    private final Limits limits;
    private final long begunAt;
    private final Path recorder;
    private final List<Path> classPath;
    private final Path folder;
    private final SortedMap<String, TestOutcome> outcomes = new TreeMap<>();
    private final Map<String, List<TestRun.Call>> calls = new HashMap<>();
    private final Set<String> begun = new TreeSet<>();
    private final SortedMap<String, Duration> whole = new TreeMap<>();
    private final SortedMap<String, String> failures = new TreeMap<>();
    private final SortedMap<String, String> reasons = new TreeMap<>();

    Run(Job job, Limits limits, long begunAt, Path recorder, List<Path> classPath, Path folder) {
      this.job = job;
      this.limits = limits;
      this.begunAt = begunAt;
      this.recorder = recorder;
      this.classPath = classPath;
      this.folder = folder;
    }

    TestRun all() throws IOException, InterruptedException {
      int next = 0;
      String ended = "";
      for (int starts = 0; next < job.classes().size(); starts++) {
        if (isOver(limits.taking()) || isOver(limits.all())) {
          ended = TIME_UP;
          break;
        }
        if (starts == MOST_STARTS) {
          ended = "the JVM ended early " + MOST_STARTS + " times";
          break;
        }
        Start start = start(next);
        if (start.next() == next) {
          ended = start.isDone() ? TIME_UP : start.ended();
          break;
        }
        next = start.next();
        if (!start.isDone()) {
          String last = job.classes().get(next - 1);
          reasons.putIfAbsent(last, start.ended());
          if (isOver(limits.all())) {
            // It may well come to an end.
            begun.remove(last);
            ended = TIME_UP;
          }
        }
      }
      return new TestRun(outcomes, new TreeMap<>(calls), begun, whole, failures, reasons, ended);
    }

    private boolean isOver(Duration time) {
      return !left(time).isPositive();
    }

    private Duration left(Duration time) {
      return time.minusNanos(System.nanoTime() - begunAt);
    }

    /** {@return what is left for a JVM} It begins now, so there is some. */
    private Duration some(Duration time) {
      Duration left = left(time);
      return left.isPositive() ? left : Duration.ofMillis(1);
    }

    /**
     * One JVM.
     *
     * @param next the class after the last that was begun
     */
    private record Start(int next, boolean isDone, String ended) {}

    private Start start(int first) throws IOException, InterruptedException {
      Path control = work.resolve("control");
      WorkingCopy.delete(control);
      Files.createDirectories(control);
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      Files.write(control.resolve("key"), key);
      Files.write(control.resolve("classes"), job.classes(), StandardCharsets.UTF_8);
      List<Path> readable = new ArrayList<>(List.of(jdk.home(), recorder));
      readable.addAll(classPath);
      Path output = work.resolve("output");
      Sandbox.Result result =
          sandbox.run(
              new Sandbox.Job(
                  command(control, first),
                  folder,
                  Map.of(),
                  readable.stream()
                      .map(path -> path.toAbsolutePath().normalize())
                      .filter(path -> !path.startsWith(folder))
                      .distinct()
                      .toList(),
                  List.of(folder, control),
                  false,
                  new Sandbox.Limits(some(limits.all()), 3L << 30, 600, 1L << 30, 16 << 20),
                  output));
      String ended =
          switch (result) {
            case Sandbox.Result.Exited(int code, _) ->
                "the JVM ended with " + code + firstLine(output);
            case Sandbox.Result.Stopped(String limit, _) -> "stopped by " + limit;
          };
      return read(control.resolve("results"), key, first, ended);
    }

    private List<String> command(Path control, int first) {
      List<String> command = new ArrayList<>();
      command.add(jdk.home().resolve("bin/java").toString());
      command.addAll(
          List.of(
              "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-ea"));
      command.addAll(JvmArguments.SAME_EVERYWHERE);
      command.add("-Xbootclasspath/a:" + recorder.toAbsolutePath());
      command.add("-XX:+UnlockDiagnosticVMOptions");
      command.add("-XX:-BytecodeVerificationRemote");
      if (jdk.release() >= 9) {
        for (String opened : OPENED) {
          command.add("--add-opens");
          command.add("java.base/" + opened + "=ALL-UNNAMED");
        }
      }
      if (jdk.release() >= 17 && jdk.release() < 24) {
        command.add("-Djava.security.manager=allow");
      }
      command.add("-Dbasedir=" + folder);
      command.add("-cp");
      command.add(
          classPath.stream()
              .map(path -> path.toAbsolutePath().toString())
              .collect(Collectors.joining(File.pathSeparator)));
      command.add("underpin.upstream.Harness");
      command.addAll(
          List.of(
              control.toString(),
              Integer.toString(first),
              Long.toString(limits.oneClass().toMillis()),
              Long.toString(some(limits.taking()).toMillis())));
      return command;
    }

    private Start read(Path results, byte[] key, int first, String ended) throws IOException {
      int next = first;
      boolean isDone = false;
      String why = ended;
      for (List<String> line : authentic(results, key)) {
        String type = next > first ? job.classes().get(next - 1) : "";
        switch (line.getFirst()) {
          case "begin" -> {
            next = Math.min(Integer.parseInt(line.get(1)) + 1, job.classes().size());
            begun.add(job.classes().get(next - 1));
          }
          case "end" -> {
            whole.put(type, Duration.ofMillis(Long.parseLong(line.get(3))));
            if (!line.get(2).isEmpty()) {
              reasons.putIfAbsent(type, line.get(2));
            }
          }
          case "late" -> why = "no end within " + limits.oneClass().toSeconds() + " s";
          case "done" -> isDone = true;
          case "container" -> reasons.putIfAbsent(type, line.get(3));
          case "test" -> {
            outcomes.merge(test(type, line), TestOutcome.valueOf(line.get(2)), TestJvm::worse);
            if (line.get(2).equals("FAILED")) {
              failures.putIfAbsent(test(type, line), line.get(3));
              reasons.putIfAbsent(type, line.get(3));
            }
          }
          case "call" ->
              calls
                  .computeIfAbsent(test(type, line), _ -> new ArrayList<>())
                  .add(
                      new TestRun.Call(
                          job.recorded().get(Integer.parseInt(line.get(2))),
                          line.get(3),
                          line.get(4)));
          default -> throw forged(null);
        }
      }
      return new Start(next, isDone, why);
    }

    private String test(String type, List<String> line) {
      String name = IDENTITY.matcher(line.get(1)).replaceAll("@").replaceAll("\\s+", " ");
      return TESTS + type + "#" + (name.length() > MOST_NAME ? name.substring(0, MOST_NAME) : name);
    }
  }

  private static TestOutcome worse(TestOutcome one, TestOutcome other) {
    return Stream.of(TestOutcome.FAILED, TestOutcome.SKIPPED)
        .filter(each -> each == one || each == other)
        .findFirst()
        .orElse(TestOutcome.PASSED);
  }

  /**
   * {@return the lines that the harness wrote} One that was cut off when the JVM died is left out.
   */
  private static List<List<String>> authentic(Path results, byte[] key) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    if (!Files.isRegularFile(results, LinkOption.NOFOLLOW_LINKS)) {
      return lines;
    }
    if (Files.size(results) > MOST_RESULTS) {
      throw new IOException("the tests' results take more than " + MOST_RESULTS + " bytes");
    }
    String text = Files.readString(results, StandardCharsets.ISO_8859_1);
    byte[] last = new byte[0];
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (int at = 0; at < text.length(); ) {
        int end = text.indexOf('\n', at);
        if (end < 0) {
          break;
        }
        int tab = text.lastIndexOf('\t', end);
        if (tab <= at) {
          throw forged(null);
        }
        String line = text.substring(at, tab);
        mac.update(last);
        last = mac.doFinal(line.getBytes(StandardCharsets.US_ASCII));
        if (!MessageDigest.isEqual(
            last, Base64.getDecoder().decode(text.substring(tab + 1, end)))) {
          throw forged(null);
        }
        List<String> fields = new ArrayList<>();
        for (String field : line.split("\t", -1)) {
          fields.add(new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8));
        }
        lines.add(fields);
        at = end + 1;
      }
      return lines;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    } catch (IllegalArgumentException e) {
      throw forged(e);
    }
  }

  private static IOException forged(@org.jspecify.annotations.Nullable Exception e) {
    return new IOException(
        "the tests' results are not as the harness wrote them: somebody else did", e);
  }

  private static String firstLine(Path output) throws IOException {
    if (!Files.exists(output)) {
      return "";
    }
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("Error") || line.contains("Exception"))
        .findFirst()
        .map(line -> ": " + line.substring(0, Math.min(300, line.length())))
        .orElse("");
  }
}
