package underpin.fix.backport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles sources in memory, for an older Java. No annotation processor runs. */
final class Compiler {
  /** The oldest that the compiler of this JDK writes. */
  static final int OLDEST = 8;

  /**
   * What came out.
   *
   * @param classes by internal name; empty when there are errors
   */
  record Result(SortedMap<String, byte[]> classes, List<Problem> problems) {}

  /** An error. @param code the compiler's own key for it */
  record Problem(String code, String file, long line, long position, String message) {
    String text() {
      return file + ":" + line + ": " + message.replaceAll("\\s*\\R\\s*", ", ");
    }
  }

  private final List<Path> classPath;

  /**
   * @param classPath the jar itself first
   */
  Compiler(List<Path> classPath) {
    this.classPath = List.copyOf(classPath);
  }

  Result compile(Map<String, String> sources, int release) {
    Result strict = run(sources, List.of("--release", String.valueOf(release)));
    boolean internals =
        strict.problems.stream()
            .anyMatch(p ->
                p.message.contains("package sun.")
                    || p.message.contains("package com.sun.")
                    || p.message.contains("package jdk.internal")
                    || p.code.equals("compiler.err.not.def.access.class.intf.cant.access"));
    if (internals) {
      // Internals of the JDK are hidden by --release; what is still there is as good.
      Result open =
          run(
              sources,
              List.of("-source", String.valueOf(release), "-target", String.valueOf(release)));
      return open.problems.size() < strict.problems.size() ? open : strict;
    }
    return strict;
  }

  private Result run(Map<String, String> sources, List<String> target) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-g",
                "-Xmaxerrs",
                "400",
                "-XDuseUnsharedTable",
                // Else a call that does not fit is told as an argument that does not.
                "-Xdiags:verbose"));
    options.addAll(target);
    SortedMap<String, byte[]> classes = new TreeMap<>();
    try (StandardJavaFileManager standard =
            javac.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8);
        JavaFileManager files = new InMemory(standard, classes)) {
      standard.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      List<JavaFileObject> texts = new ArrayList<>();
      sources.forEach((path, text) -> texts.add(new Source.Text(path, text)));
      try {
        javac.getTask(new StringWriter(), files, found, options, null, texts).call();
      } catch (RuntimeException crash) {
        // The compiler itself fails over some broken class path: an error like any other.
        return new Result(
            new TreeMap<>(),
            List.of(new Problem("crash", "", 0, 0, "the compiler failed: " + crash.getMessage())));
      }
    } catch (IOException e) {
      return new Result(
          new TreeMap<>(),
          List.of(new Problem("io", "", 0, 0, "the class path cannot be read: " + e.getMessage())));
    }
    List<Problem> problems = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> one : found.getDiagnostics()) {
      if (one.getKind() == Diagnostic.Kind.ERROR) {
        String file = one.getSource() == null ? "" : one.getSource().toUri().getPath().substring(1);
        problems.add(
            new Problem(
                one.getCode(),
                file,
                one.getLineNumber(),
                one.getPosition(),
                one.getMessage(Locale.ROOT)));
      }
    }
    return new Result(problems.isEmpty() ? classes : new TreeMap<>(), problems);
  }

  private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, byte[]> classes;

    InMemory(StandardJavaFileManager standard, Map<String, byte[]> classes) {
      super(standard);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      String name = className.replace('.', '/');
      return new SimpleJavaFileObject(
          URI.create("class:///" + name.replace("$", "%24") + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(name, toByteArray());
            }
          };
        }
      };
    }
  }
}
