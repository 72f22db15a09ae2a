import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;
import underpin.program.graph.Models;

/**
 * Which recorded methods the call graph lacks. Arguments: a name, the record, the own folders or
 * jars (those with the tests first), the class path, the JDK that ran, where to list what is
 * missing, a folder with a model of what starts the tests.
 */
public final class Soundness {
  /** What starts the tests is no part of what the tests start. */
  private static final List<String> RUNNERS =
      List.of(
          "org/junit/platform/",
          "org/junit/jupiter/engine/",
          "org/junit/vintage/",
          "junit/runner/",
          "junit/textui/",
          "org/junit/runner",
          "org/junit/internal/",
          "org/apiguardian/",
          "org/apache/maven/surefire/",
          "picocli/");

  public static void main(String[] arguments) throws IOException {
    String name = arguments[0];
    Set<String> ran = new TreeSet<>(Files.readAllLines(Path.of(arguments[1])));
    ran.removeIf(method -> RUNNERS.stream().anyMatch(method::startsWith));
    List<ClassPath.Entry> entries = new ArrayList<>();
    for (String path : arguments[2].split(":")) {
      entries.add(new ClassPath.Entry(path, path, Path.of(path), true));
    }
    for (String path : arguments[3].split(":")) {
      if (!arguments[2].contains(path)) {
        entries.add(new ClassPath.Entry(path, path, Path.of(path), false));
      }
    }
    Path jdk = Path.of(arguments[4]);
    for (int most : most()) {
      long start = System.nanoTime();
      CallGraph graph =
          CallGraph.build(
              new ClassPath(entries, Runtime.version().feature()),
              CallGraph.Options.of(jdk)
                  .withStart(CallGraph.Start.APPLICATION)
                  .withModels(Models.load(List.of(Path.of(arguments[6]))))
                  .withMost(most)
                  .withGuesses(!Boolean.getBoolean("underpin.noGuesses")));
      graph.problems().forEach(System.err::println);
      long millis = (System.nanoTime() - start) / 1_000_000;
      Set<String> reached = new HashSet<>();
      for (CallGraph.Method method : graph.methods()) {
        reached.add(
            method.className().replace('.', '/')
                + " "
                + method.name()
                + " "
                + method.descriptor());
      }
      List<String> missing = ran.stream().filter(method -> !reached.contains(method)).toList();
      System.out.printf(
          "| %s | %d | %d | %d | %.2f | %d | %d |%n",
          name,
          most,
          ran.size(),
          missing.size(),
          100.0 * missing.size() / Math.max(1, ran.size()),
          graph.methodCount(),
          millis);
      Files.write(Path.of(arguments[5] + "-" + most), grouped(missing, reached));
    }
  }

  private static int[] most() {
    return java.util.Arrays.stream(System.getProperty("underpin.most", "20").split(","))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /** A class with nothing reached is marked: what misses its creation misses all of it. */
  private static List<String> grouped(List<String> missing, Set<String> reached) {
    Set<String> classes =
        reached.stream()
            .map(method -> method.substring(0, method.indexOf(' ')))
            .collect(Collectors.toSet());
    TreeMap<String, String> lines = new TreeMap<>();
    for (String method : missing) {
      String type = method.substring(0, method.indexOf(' '));
      lines.put(method, (classes.contains(type) ? "  " : "? ") + method);
    }
    return List.copyOf(lines.values());
  }
}
