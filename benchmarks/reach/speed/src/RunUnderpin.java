import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;

/**
 * underpin's call graph. Arguments: own folder; class path; classes told apart; cache folder or -;
 * label.
 */
public final class RunUnderpin {
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    List<ClassPath.Entry> entries = new ArrayList<>();
    entries.add(new ClassPath.Entry("own", "own", Path.of(arguments[0]), true));
    for (String path : arguments[1].split(":")) {
      entries.add(new ClassPath.Entry(path, path, Path.of(path), false));
    }
    CallGraph.Options options =
        CallGraph.Options.of(Path.of(System.getProperty("java.home")))
            .withMost(Integer.parseInt(arguments[2]));
    if (!arguments[3].equals("-")) {
      options = options.withCache(Path.of(arguments[3]));
    }
    CallGraph graph = CallGraph.build(new ClassPath(entries, 25), options);
    System.out.printf(
        "| %s | %d | %d | %d |",
        arguments[4],
        graph.methodCount(),
        graph.edgeCount(),
        (System.nanoTime() - start) / 1_000_000);
  }
}
