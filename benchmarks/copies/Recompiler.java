package underpin.reach.functions;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import underpin.maven.Gav;
import underpin.maven.MavenSession;

/**
 * Compiles the sources of a release again, as far as they hold its functions: by the compiler of
 * Eclipse for Java 8, or by the JDK's own javac for the release beside it and without debug
 * information. The class path is the release itself with what its POM names.
 */
final class Recompiler {
  private static final Gav ECJ = new Gav("org.eclipse.jdt", "ecj", "3.41.0");

  /** A folder that keeps what was compiled for the next run; null for none. */
  private static final String KEPT = System.getenv("KEPT");

  private final MavenSession maven;
  private final Method ecj;
  private final Map<String, List<Path>> dependencies = new TreeMap<>();

  Recompiler(MavenSession maven) throws IOException {
    this.maven = maven;
    try {
      URLClassLoader loader =
          new URLClassLoader(
              new java.net.URL[] {maven.fetch(ECJ).orElseThrow().toUri().toURL()},
              ClassLoader.getPlatformClassLoader());
      Class<?> batch = loader.loadClass("org.eclipse.jdt.core.compiler.batch.BatchCompiler");
      ecj =
          batch.getMethod(
              "compile",
              String[].class,
              PrintWriter.class,
              PrintWriter.class,
              loader.loadClass("org.eclipse.jdt.core.compiler.CompilationProgress"));
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  /**
   * {@return class files by name; none where there are no sources, or they do not compile with what
   * is at hand}
   */
  Map<String, byte[]> compile(
      String name, String version, Path jar, Set<String> functions, boolean byEcj)
      throws IOException {
    if (KEPT == null) {
      return compiled(name, version, jar, functions, byEcj);
    }
    Path kept =
        Path.of(
            KEPT, (name + "-" + version).replace(':', '-') + "-" + (byEcj ? "ecj" : "javac") + "-"
                + Integer.toHexString(new TreeSet<>(functions).hashCode()));
    if (!Files.isDirectory(kept)) {
      Path made = Files.createDirectories(Path.of(kept + ".part"));
      for (var one : compiled(name, version, jar, functions, byEcj).entrySet()) {
        Path file = made.resolve(one.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, one.getValue());
      }
      Files.move(made, kept);
    }
    return classes(kept);
  }

  private Map<String, byte[]> compiled(
      String name, String version, Path jar, Set<String> functions, boolean byEcj)
      throws IOException {
    String[] parts = name.split(":");
    Optional<Path> sources = maven.fetch(new Gav(parts[0], parts[1], version, "sources", "jar"));
    if (sources.isEmpty()) {
      return Map.of();
    }
    Set<String> files = new TreeSet<>();
    functions.forEach(f -> files.add(f.replace('.', '/').replaceAll("\\$.*", "") + ".java"));
    Path folder = Files.createTempDirectory("recompile");
    try {
      List<String> unpacked = unpack(sources.get(), files, folder);
      Map<String, byte[]> compiled = new TreeMap<>();
      Path together = Files.createDirectories(folder.resolve("out"));
      if (unpacked.isEmpty() || compile(unpacked, together, jar, name, version, byEcj)) {
        return classes(together);
      }
      for (String file : unpacked) { // what one file lacks is no reason to leave the others
        Path out = Files.createDirectories(folder.resolve("out" + compiled.size()));
        if (compile(List.of(file), out, jar, name, version, byEcj)) {
          compiled.putAll(classes(out));
        }
      }
      return compiled;
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
      }
    }
  }

  private static List<String> unpack(Path sources, Set<String> files, Path folder)
      throws IOException {
    List<String> unpacked = new ArrayList<>();
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (String file : files) {
        ZipEntry entry = zip.getEntry(file);
        if (entry != null) {
          Path to = folder.resolve("src").resolve(file);
          Files.createDirectories(to.getParent());
          Files.write(to, zip.getInputStream(entry).readAllBytes());
          unpacked.add(to.toString());
        }
      }
    }
    return unpacked;
  }

  private boolean compile(
      List<String> files, Path out, Path jar, String name, String version, boolean byEcj) {
    String classPath = classPath(jar, name, version);
    if (byEcj) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "--release", "8", "-nowarn", "-g:none", "-proc:none", "-encoding", "UTF-8", "-cp",
                  classPath, "-d", out.toString()));
      arguments.addAll(files);
      try {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return (Boolean)
            ecj.invoke(null, arguments.toArray(String[]::new), nowhere, nowhere, null);
      } catch (ReflectiveOperationException e) {
        return false;
      }
    }
    for (String release : List.of("11", "8")) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "--release", release, "-nowarn", "-g:none", "-proc:none", "-implicit:none",
                  "-encoding", "UTF-8", "-cp", classPath, "-d", out.toString()));
      arguments.addAll(files);
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  java.io.OutputStream.nullOutputStream(),
                  java.io.OutputStream.nullOutputStream(),
                  arguments.toArray(String[]::new));
      if (result == 0) {
        return true;
      }
    }
    return false;
  }

  private String classPath(Path jar, String name, String version) {
    StringBuilder path = new StringBuilder(jar.toString());
    dependencies
        .computeIfAbsent(name + ":" + version, _ -> named(name, version))
        .forEach(file -> path.append(java.io.File.pathSeparator).append(file));
    return path.toString();
  }

  /** What the POM of the release names itself, for whatever scope but tests. */
  private List<Path> named(String name, String version) {
    String[] parts = name.split(":");
    List<Path> files = new ArrayList<>();
    Optional<Model> model = maven.effectiveModel(new Gav(parts[0], parts[1], version));
    for (Dependency one : model.map(Model::getDependencies).orElse(List.of())) {
      if (!"test".equals(one.getScope()) && !"system".equals(one.getScope())
          && one.getVersion() != null && "jar".equals(one.getType())) {
        maven
            .fetch(new Gav(one.getGroupId(), one.getArtifactId(), one.getVersion()))
            .ifPresent(files::add);
      }
    }
    return files;
  }

  private static Map<String, byte[]> classes(Path folder) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all.filter(f -> f.toString().endsWith(".class"))::iterator) {
        classes.put(
            folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return classes;
  }
}
