package underpin.prove;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import underpin.cases.Proof;

/**
 * Compiles a proof and its canaries against the jars under test, to class files that Java 8 reads.
 * Reads those jars and runs nothing of them: no annotation processor, no plugin.
 */
public final class ProofCompiler {
  private static final String FOLDER = "canary/";
  private static final List<String> CANARIES =
      List.of(
          "Attempts",
          "Canary",
          "CanaryScripts",
          "Demonstration",
          "Fuzz",
          "FuzzedSide",
          "Main",
          "Reached",
          "Tripwire");

  private ProofCompiler() {}

  /** {@return why the proof does not compile; empty when {@code classes} holds it} */
  static Optional<String> compile(Proof proof, List<Path> classPath, Path classes)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return Optional.of(
          "this Java has no compiler, which proofs need: run underpin on a JDK, not on a JRE");
    }
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try {
      if (!compile(compiler, proof, classPath, Optional.of(classes), problems)) {
        return Optional.of(
            "the proof does not fit this release: "
                + errors(problems)
                    .findFirst()
                    .map(problem ->
                        problem.getMessage(Locale.ROOT).lines().findFirst().orElse("")
                            + " (line "
                            + problem.getLineNumber()
                            + ")")
                    .orElse("the compiler gives no reason"));
      }
    } catch (RuntimeException e) {
      // javac reports broken class files that way, too.
      return Optional.of("the compiler failed on the class path: " + e);
    }
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("javax.script.ScriptEngineFactory"), "underpin.canary.CanaryScripts\n");
    return Optional.empty();
  }

  /**
   * {@return the lines of the proof's source that do not fit a class path; 0 stands for what has no
   * line}
   */
  public static Set<Integer> refusedLines(Proof proof, List<Path> classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return Set.of(0);
    }
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try {
      if (compile(compiler, proof, classPath, Optional.empty(), problems)) {
        return Set.of();
      }
    } catch (IOException | RuntimeException broken) {
      return Set.of(0); // a class path that javac cannot read fits nothing
    }
    Set<Integer> lines =
        errors(problems)
            .map(problem -> (int) Math.max(0, problem.getLineNumber()))
            .collect(Collectors.toCollection(TreeSet::new));
    return lines.isEmpty() ? Set.of(0) : lines;
  }

  private static Stream<Diagnostic<? extends JavaFileObject>> errors(
      DiagnosticCollector<JavaFileObject> problems) {
    return problems.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR);
  }

  /**
   * @param classes where the class files go; empty: none are written
   */
  private static boolean compile(
      JavaCompiler compiler,
      Proof proof,
      List<Path> classPath,
      Optional<Path> classes,
      DiagnosticCollector<JavaFileObject> problems)
      throws IOException {
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(problems, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      List<String> options =
          new ArrayList<>(
              List.of(
                  "--release",
                  "8",
                  "-proc:none",
                  "-nowarn",
                  "-Xlint:none",
                  "-g",
                  "-Xmaxerrs",
                  "1000"));
      if (classes.isPresent()) {
        files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes.get()));
      } else {
        options.add("-XDshould-stop.ifNoError=FLOW");
      }
      List<JavaFileObject> sources = new ArrayList<>();
      for (String canary : CANARIES) {
        sources.add(new Source(canary, resource(canary + ".java")));
      }
      sources.add(new Source(proof.name(), proof.source()));
      return compiler.getTask(null, files, problems, options, null, sources).call();
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ProofCompiler.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("underpin was packed without " + FOLDER + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
