import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.campaign.BackportOutcome;
import underpin.campaign.BackportRequest;
import underpin.campaign.BackportRun;
import underpin.campaign.CallSearch;
import underpin.campaign.CampaignException;
import underpin.campaign.Policy;
import underpin.campaign.Setup;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Backports onto pairs (advisory, version) that a rule chooses before anything is tried. See README.md for the rule.
 * Arguments: how many pairs, and how many to pass over first.
 */
public final class Backports {
  private static final int MOST_OF_LIBRARY = 2;
  private static final int MOST_OF_GROUP = 4;

  record Pair(String id, Gav version) {}

  public static void main(String[] args) throws Exception {
    int wanted = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    int skip = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    Path out = Path.of(args.length > 2 ? args[2] : "target/backports");
    PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    MavenOptions options =
        new MavenOptions(false, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());
    try (AdvisoryStore store = AdvisoryStore.openDefault();
        MavenSession maven = MavenSession.open(options)) {
      Setup setup =
          new Setup("benchmark", store, options, Policy.none(), Set.of(), false, CallSearch.NONE,
              Clock.systemUTC(), m -> {});
      List<FunctionList.Derived> lists = new ArrayList<>();
      ShippedFunctions.forEach(list -> {
        if (list instanceof FunctionList.Derived derived) {
          lists.add(derived);
        }
      });
      lists.sort(Comparator.comparing(l -> digest(l.id())));
      Map<String, Integer> ofLibrary = new HashMap<>();
      Map<String, Integer> ofGroup = new HashMap<>();
      List<Long> millis = new ArrayList<>();
      Map<String, Integer> results = new TreeMap<>();
      int count = 0;
      for (FunctionList.Derived list : lists) {
        if (count >= wanted + skip) {
          break;
        }
        Optional<Pair> pair = pair(list, store, maven, ofLibrary, ofGroup);
        if (pair.isEmpty() || count++ < skip) {
          continue;
        }
        Gav version = pair.get().version();
        long start = System.nanoTime();
        String line;
        try {
          BackportOutcome outcome =
              new BackportRun(setup)
                  .run(new BackportRequest(version, list.id(), Optional.empty(),
                      out.resolve(list.id() + "-" + version.artifactId() + "-" + version.version())));
          results.merge(outcome.result().word(), 1, Integer::sum);
          line = outcome.result().word() + "\t" + outcome.because();
          for (String note : outcome.notes()) {
            line += " | " + note;
          }
        } catch (CampaignException | RuntimeException | StackOverflowError e) {
          results.merge("failed", 1, Integer::sum);
          line = "failed\t" + e;
        }
        long took = (System.nanoTime() - start) / 1_000_000;
        millis.add(took);
        print.println(list.id() + "\t" + version + "\t" + took + "\t" + line.replaceAll("\\s*\\R\\s*", " "));
      }
      millis.sort(null);
      print.println("# pairs " + millis.size() + ", libraries " + ofLibrary.size() + ", " + results);
      if (!millis.isEmpty()) {
        print.printf(Locale.ROOT, "# seconds: median %.1f, worst %.1f; peak memory of this JVM %d MiB%n",
            millis.get(millis.size() / 2) / 1000.0, millis.getLast() / 1000.0, peak());
      }
    }
  }

  private static long peak() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }

  /** The newest affected stable release at least one minor older than the first fixed one, where its sources can be had. */
  private static Optional<Pair> pair(
      FunctionList.Derived list, AdvisoryStore store, MavenSession maven,
      Map<String, Integer> ofLibrary, Map<String, Integer> ofGroup) {
    VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);
    for (ReleasePair around : list.compared()) {
      String name = around.name();
      String group = name.substring(0, name.indexOf(':'));
      if (ofLibrary.getOrDefault(name, 0) >= MOST_OF_LIBRARY
          || ofGroup.getOrDefault(group, 0) >= MOST_OF_GROUP) {
        continue;
      }
      List<Advisory> advisories =
          store.byId(list.id()).stream().filter(a -> a.packageName().equals(name)).toList();
      String artifact = name.substring(name.indexOf(':') + 1);
      String lowest =
          list.compared().stream().filter(p -> p.name().equals(name)).map(ReleasePair::fixed).min(order).orElseThrow();
      List<String> older =
          maven.versions(group, artifact).stream()
              .filter(v -> order.compare(v, lowest) < 0 && !minor(v).equals(minor(lowest)))
              .filter(v -> !v.matches("(?i).*(alpha|beta|rc|cr|-m|milestone|snapshot|pre|dev).*"))
              .filter(v -> advisories.stream().anyMatch(a -> store.affects(a, v).isPresent()))
              .toList();
      if (older.isEmpty()) {
        continue;
      }
      Gav version = new Gav(group, artifact, older.getLast());
      if (maven.fetch(new Gav(group, artifact, older.getLast(), "sources", "jar")).isEmpty()
          || maven.fetch(new Gav(group, artifact, around.affected(), "sources", "jar")).isEmpty()
          || maven.fetch(new Gav(group, artifact, around.fixed(), "sources", "jar")).isEmpty()) {
        continue;
      }
      ofLibrary.merge(name, 1, Integer::sum);
      ofGroup.merge(group, 1, Integer::sum);
      return Optional.of(new Pair(list.id(), version));
    }
    return Optional.empty();
  }

  private static String minor(String version) {
    String[] parts = version.split("[.-]");
    return parts[0] + "." + (parts.length > 1 ? parts[1] : "0");
  }

  private static String digest(String id) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
