import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Progress;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionJson;
import underpin.reach.functions.FunctionList;
import underpin.version.Ecosystem;

/**
 * Derives the functions of many advisories in one JVM: {@code Derive IDS RESULTS [releases]}. Those that RESULTS holds
 * already stay. Prints the time of each in milliseconds.
 */
public final class Derive {
  public static void main(String[] args) throws Exception {
    Path results = Files.createDirectories(Path.of(args[1]));
    boolean releasesAlone = args.length > 2 && args[2].equals("releases");
    try (AdvisoryStore store = AdvisoryStore.openDefault();
        MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      FunctionFinder known =
          new FunctionFinder(
              maven,
              name -> store.forPackage(Ecosystem.MAVEN, name).size(),
              Optional.empty(),
              Progress.SILENT);
      FunctionFinder finder = releasesAlone ? known.ofReleasesAlone() : known;
      for (String id : Files.readAllLines(Path.of(args[0]))) {
        Path file = results.resolve(id + ".json");
        List<Advisory> advisories = store.byId(id);
        if (Files.exists(file) || advisories.isEmpty()) {
          continue;
        }
        long start = System.nanoTime();
        FunctionList list = finder.find(advisories.getFirst().vulnerability().id(), advisories, "");
        System.out.println(id + " " + (System.nanoTime() - start) / 1_000_000);
        Files.writeString(file, FunctionJson.write(list).toString());
      }
    }
  }
}
