import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import underpin.advisory.AdvisoryStore;
import underpin.campaign.CallSearch;
import underpin.campaign.CompiledWith;
import underpin.campaign.Policy;
import underpin.campaign.Setup;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;

/**
 * Which types of the versions nothing at hand has, before and after libraries are looked for that no POM names. A line a
 * pair: version, types and packages missing before, after, libraries found, seconds; with {@code notes} why, too.
 */
public final class Missing {
  public static void main(String[] args) throws Exception {
    PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    boolean isWordy = args.length > 1 && args[1].equals("notes");
    MavenOptions options =
        new MavenOptions(
            false, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());
    int pairs = 0;
    int lacking = 0;
    int whole = 0;
    int types = 0;
    int left = 0;
    try (AdvisoryStore store = AdvisoryStore.openDefault();
        MavenSession maven = MavenSession.open(options)) {
      Setup setup =
          new Setup(
              "benchmark", store, options, Policy.none(), Set.of(), false, CallSearch.NONE, false, Clock.systemUTC(), m -> {});
      for (Pair pair : Pair.read(Path.of(args[0]))) {
        long start = System.nanoTime();
        List<Gav> around =
            pair.version().key().equals(pair.around().name())
                ? List.of(
                    pair.version().withVersion(pair.around().affected()),
                    pair.version().withVersion(pair.around().fixed()))
                : List.of();
        Optional<CompiledWith> found;
        try {
          found = CompiledWith.of(setup, maven, pair.version(), around);
        } catch (IOException e) {
          print.println(pair.version() + "\tnot looked at: " + e.getMessage());
          continue;
        }
        if (found.isEmpty()) {
          print.println(pair.version() + "\tin no repository");
          continue;
        }
        CompiledWith with = found.get();
        pairs++;
        lacking += with.missing().isEmpty() ? 0 : 1;
        whole += !with.missing().isEmpty() && with.left().isEmpty() ? 1 : 0;
        types += with.missing().size();
        left += with.left().size();
        print.printf(
            "%s\t%d types\t%d packages\tleft %d\t%d\t%s\t%.1f s%n",
            pair.version(),
            with.missing().size(),
            packages(with.missing()),
            with.left().size(),
            packages(with.left()),
            with.libraries().stream()
                .map(gav -> gav.artifactId() + " " + gav.version())
                .collect(Collectors.joining(", ")),
            (System.nanoTime() - start) / 1e9);
        if (isWordy) {
          with.notes().forEach(note -> print.println("  " + note));
          with.left().stream()
              .map(type -> type.substring(0, Math.max(0, type.lastIndexOf('/'))).replace('/', '.'))
              .distinct()
              .forEach(name -> print.println("  left: " + name));
        }
      }
    }
    print.printf(
        "%d versions, %d lack types (%d in all); nothing is lacking any more in %d of them, %d types are left%n",
        pairs, lacking, types, whole, left);
    System.exit(0);
  }

  private static long packages(SortedSet<String> types) {
    return types.stream().map(type -> type.substring(0, Math.max(0, type.lastIndexOf('/')))).distinct().count();
  }
}
