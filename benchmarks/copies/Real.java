package underpin.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Inventory;
import underpin.inventory.ArchiveLimits;
import underpin.inventory.ArchiveReader;
import underpin.inventory.CodeRecognition;
import underpin.inventory.KnownArtifacts;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;
import underpin.reach.functions.CopySearch;
import underpin.version.Ecosystem;

/**
 * Real shaded artifacts: what their metadata tells, what their functions tell, and what is true. The
 * truth stands in a file of lines with tabs: carrier, library, why. What that says is checked
 * against the code: how many of the library's methods are in the carrier exactly.
 */
final class Real {
  private static final int LEAST_EVENTS = 8;

  private final MavenSession maven;
  private final AdvisoryStore store;
  private final CopySearch search;

  private Real(MavenSession maven, AdvisoryStore store) {
    this.maven = maven;
    this.store = store;
    this.search = CopySearch.ofShipped(store);
  }

  /**
   * Takes the file with the truth; or a carrier and a library, and prints which of its releases the
   * carrier's code is of.
   */
  public static void main(String[] args) throws Exception {
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults());
        AdvisoryStore store = AdvisoryStore.openDefault()) {
      Real real = new Real(maven, store);
      if (args.length == 2) {
        real.identify(args[0], args[1]);
      } else {
        real.run(Files.readAllLines(Path.of(args[0])));
      }
    }
  }

  private Path jar(String coordinates) {
    String[] parts = coordinates.split(":");
    return maven
        .fetch(new Gav(parts[0], parts[1], parts[2]))
        .orElseThrow(() -> new IllegalArgumentException("Nobody has " + coordinates));
  }

  private void run(List<String> lines) throws Exception {
    Map<String, Map<String, String>> carriers = new LinkedHashMap<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\t");
        Map<String, String> inside = carriers.computeIfAbsent(parts[0], _ -> new TreeMap<>());
        if (parts.length > 1) {
          inside.put(parts[1], parts[2]);
        }
      }
    }
    int known = 0;
    int found = 0;
    int wrong = 0;
    int byName = 0;
    int open = 0;
    for (Map.Entry<String, Map<String, String>> one : carriers.entrySet()) {
      Path jar = jar(one.getKey());
      System.out.printf("%n%s (%.1f MB)%n", one.getKey(), Files.size(jar) / 1e6);
      Map<String, Set<String>> truth = new TreeMap<>();
      Set<String> named = new TreeSet<>();
      for (Inventory.Entry entry : read(jar, CodeRecognition.NONE)) {
        String name = entry.component().name();
        if (!one.getKey().startsWith(name + ":") && !entry.component().version().isEmpty()) {
          named.add(name + ":" + entry.component().version());
          truth.computeIfAbsent(name, _ -> new TreeSet<>()).add(entry.component().version());
        }
      }
      System.out.println("  names in it: " + (named.isEmpty() ? "none" : named.size()));
      one.getValue().forEach((library, why) -> {
        String[] parts = library.split(":");
        truth.computeIfAbsent(parts[0] + ":" + parts[1], _ -> new TreeSet<>()).add(parts[2]);
        System.out.printf("  true: %s; %s; its code: %s%n", library, why, share(library, jar));
      });
      Set<String> vulnerable = new TreeSet<>();
      for (CopySearch.Copy copy : search.search(jar)) {
        if (!one.getKey().startsWith(copy.packageName() + ":")) {
          System.out.printf(
              "  code of %s %s: %d vulnerabilities as before their fix, %d fixed, %d not told%n",
              copy.packageName(),
              copy.atLeast().map(v -> "from " + v).orElse("")
                  + copy.below().map(v -> " below " + v).orElse(""),
              copy.vulnerable().size(),
              copy.fixed().size(),
              copy.absent().size());
          copy.vulnerable().forEach(id -> vulnerable.add(copy.packageName() + " " + id));
        }
      }
      Set<String> affected = affected(truth);
      Set<String> affectedByName = affected(versions(named));
      Set<String> right = new TreeSet<>(affected);
      right.retainAll(vulnerable);
      Set<String> missed = new TreeSet<>(affected);
      missed.removeAll(vulnerable);
      Set<String> untrue = new TreeSet<>(vulnerable);
      untrue.removeAll(affected);
      Set<String> unknown = new TreeSet<>(untrue);
      unknown.removeIf(each -> truth.containsKey(each.substring(0, each.indexOf(' '))));
      untrue.removeAll(unknown);
      known += affected.size();
      found += right.size();
      wrong += untrue.size();
      open += unknown.size();
      byName += affectedByName.size();
      System.out.printf(
          "  of %d known to be there: %d by functions, %d by names; wrong %s; of packages not known to"
              + " be there %s; not found %s%n",
          affected.size(), right.size(), affectedByName.size(), untrue, unknown, missed);
      Set<String> cases = new TreeSet<>();
      for (Inventory.Entry entry : read(jar, new CopyRecognition(store, () -> search, Set.of(), Optional.empty()))) {
        entry.embedding().ifPresent(e -> cases.add(entry.component().name() + " " + e.versions()));
      }
      System.out.println("  a scan shows embedded by code, beyond what is named: " + cases);
    }
    System.out.printf(
        "%nVulnerabilities with known functions in %d artifacts: %d; by functions alone %d found, %d"
            + " wrong, %d in packages not known to be there; by names %d.%n",
        carriers.size(), known, found, wrong, open, byName);
  }

  private static List<Inventory.Entry> read(Path jar, CodeRecognition recognition)
      throws Exception {
    return ArchiveReader.read(jar, ArchiveLimits.DEFAULT, KnownArtifacts.NONE, recognition)
        .entries();
  }

  private static Map<String, Set<String>> versions(Set<String> named) {
    Map<String, Set<String>> versions = new TreeMap<>();
    for (String one : named) {
      int colon = one.lastIndexOf(':');
      versions.computeIfAbsent(one.substring(0, colon), _ -> new TreeSet<>())
          .add(one.substring(colon + 1));
    }
    return versions;
  }

  /** Of the vulnerabilities whose functions are known. */
  private Set<String> affected(Map<String, Set<String>> libraries) {
    Set<String> known = search.ids();
    Set<String> affected = new TreeSet<>();
    libraries.forEach((name, versions) ->
        store.forPackage(Ecosystem.MAVEN, name).stream()
            .filter(a -> known.contains(a.vulnerability().id()))
            .filter(a -> versions.stream().anyMatch(v -> store.affects(a, v).isPresent()))
            .forEach(a -> affected.add(name + " " + a.vulnerability().id())));
    return affected;
  }

  private String share(String library, Path carrier) {
    Map<String, Set<String>> here = methods(carrier);
    int all = 0;
    int same = 0;
    for (Map.Entry<String, Set<String>> one : methods(jar(library)).entrySet()) {
      Set<String> there = here.get(one.getKey());
      if (there != null) {
        all++;
        same += there.containsAll(one.getValue()) ? 1 : 0;
      }
    }
    return same + " of " + all + " methods that both have are the same";
  }

  private final Map<Path, Map<String, Set<String>>> read = new HashMap<>();

  /** Digests of methods without packages, by class and name. */
  private Map<String, Set<String>> methods(Path jar) {
    return read.computeIfAbsent(
        jar,
        file -> {
          Map<String, Set<String>> methods = new TreeMap<>();
          for (ClassCode type :
              JarCode.read(file, underpin.program.ArchiveLimits.DEFAULT).classes()) {
            String folder = type.packageName();
            String simple =
                folder.substring(folder.lastIndexOf('.') + 1)
                    + type.name().substring(folder.length());
            for (MethodCode method : type.methods()) {
              if (method.events().size() >= LEAST_EVENTS) {
                methods
                    .computeIfAbsent(simple + "." + method.name(), _ -> new HashSet<>())
                    .add(method.loose());
              }
            }
          }
          return methods;
        });
  }

  private void identify(String carrier, String library) throws IOException {
    String[] parts = library.split(":");
    List<String> all = new ArrayList<>(maven.versions(parts[0], parts[1]));
    for (String version : all) {
      Optional<Path> jar = maven.fetch(new Gav(parts[0], parts[1], version));
      if (jar.isPresent()) {
        System.out.println(version + ": " + share(library + ":" + version, jar(carrier)));
        read.remove(jar.get());
      }
    }
  }
}
