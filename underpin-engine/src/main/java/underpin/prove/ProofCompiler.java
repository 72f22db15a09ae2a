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
final class ProofCompiler {
  private static final String FOLDER = "canary/";
  private static final List<String> CANARIES =
      List.of(
          "Attempts", "Canary", "CanaryScripts", "Demonstration", "Main", "Reached", "Tripwire");

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
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(problems, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      List<JavaFileObject> sources = new ArrayList<>();
      for (String canary : CANARIES) {
        sources.add(new Source(canary, resource(canary + ".java")));
      }
      sources.add(new Source(proof.name(), proof.source()));
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  problems,
                  List.of("--release", "8", "-proc:none", "-nowarn", "-Xlint:none", "-g"),
                  null,
                  sources)
              .call();
      if (!compiled) {
        return Optional.of(
            "the proof does not fit this release: "
                + problems.getDiagnostics().stream()
                    .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                    .findFirst()
                    .map(problem ->
                        problem.getMessage(Locale.ROOT).lines().findFirst().orElse("")
                            + " (line "
                            + problem.getLineNumber()
                            + ")")
                    .orElse("the compiler gives no reason"));
      }
      Path services = Files.createDirectories(classes.resolve("META-INF/services"));
      Files.writeString(
          services.resolve("javax.script.ScriptEngineFactory"), "underpin.canary.CanaryScripts\n");
      return Optional.empty();
    } catch (RuntimeException e) {
      // javac reports broken class files that way, too.
      return Optional.of("the compiler failed on the class path: " + e);
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
