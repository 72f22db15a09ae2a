package underpin.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.cases.Progress;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;

/**
 * A resolution written as {@code mvn dependency:list} writes it. Used by the tests, and as a
 * program by {@code benchmarks/inventory/compare-dependency-list.sh}.
 */
public final class DependencyList {
  private DependencyList() {}

  /** {@return one line per dependency: group:artifact:type[:classifier]:version:scope} */
  static TreeSet<String> lines(ModuleResolution module) {
    TreeSet<String> lines = new TreeSet<>();
    for (Dependency dependency : module.dependencies()) {
      Gav gav = dependency.gav();
      lines.add(
          gav.key()
              + ":"
              + dependency.origin().type()
              + (gav.classifier().isEmpty() ? "" : ":" + gav.classifier())
              + ":"
              + gav.version()
              + ":"
              + dependency.scope()
              + (dependency.optional() ? " (optional)" : ""));
    }
    return lines;
  }

  /**
   * Prints every module ({@code ## folder}) with its sorted lines; problems and times on stderr.
   *
   * @param args the project, the JDK that its Maven runs on, then what Maven gets: -P, -D, -o
   */
  public static void main(String[] args) throws MavenProjectException {
    List<String> profiles = new ArrayList<>();
    TreeMap<String, String> properties = new TreeMap<>();
    boolean offline = false;
    for (String arg : args) {
      if (arg.startsWith("-P")) {
        profiles.add(arg.substring(2));
      } else if (arg.startsWith("-D")) {
        String[] pair = arg.substring(2).split("=", 2);
        properties.put(pair[0], pair.length == 2 ? pair[1] : "true");
      }
      offline |= arg.equals("-o");
    }
    MavenOptions options =
        new MavenOptions(
            offline,
            Optional.empty(),
            Optional.empty(),
            profiles,
            properties,
            Optional.of(Path.of(args[1])));
    try (MavenSession session = MavenSession.open(options)) {
      long start = System.nanoTime();
      Reactor reactor = session.read(Path.of(args[0]), PomOverlay.NONE);
      long read = System.nanoTime();
      Resolution resolution = session.resolve(reactor, true, Progress.SILENT);
      long resolved = System.nanoTime();
      for (ModuleResolution module : resolution.modules()) {
        System.out.println("## " + module.module().path());
        lines(module).forEach(System.out::println);
      }
      resolution.problems().forEach(p -> System.err.println(p.place() + ": " + p.message()));
      System.err.printf(
          "%d modules, read in %d ms, resolved in %d ms%n",
          reactor.modules().size(), (read - start) / 1_000_000, (resolved - read) / 1_000_000);
    }
  }
}
