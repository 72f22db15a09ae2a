import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;

/** Writes which of some artifacts hold which packages: {@code Libraries LIST TABLE}. README.md has the form. */
public final class Libraries {
  /** Alphas, milestones and the like, and dates: what is not among the numbers of releases. */
  private static final String UNFINISHED =
      "(?i).*[.-](alpha|beta|m|cr|rc|ea|pre|preview|snapshot|dev|pfd|edr|pr|b)[.-]?\\d*([.-].*)?|.*\\d(a|b|rc|m|pre)\\d+|(.*-)?\\d{8}.*";

  private static final int MOST_LINES = 20;

  public static void main(String[] args) throws Exception {
    SortedMap<String, Set<String>> artifactsByPackage = new TreeMap<>();
    MavenOptions options =
        new MavenOptions(
            false, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());
    try (MavenSession maven = MavenSession.open(options)) {
      for (String name : Files.readAllLines(Path.of(args[0]))) {
        if (!name.isBlank() && !name.startsWith("#")) {
          for (String one : packages(name, maven)) {
            artifactsByPackage.computeIfAbsent(one, _ -> new LinkedHashSet<>()).add(name);
          }
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("# Made by benchmarks/libraries/run of " + Path.of(args[0]).getFileName() + ": package or what its packages begin with, artifacts");
    prefixes(artifactsByPackage).forEach((prefix, names) -> lines.add(prefix + "\t" + String.join(" ", names)));
    Files.writeString(Path.of(args[1]), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** Of the newest release that has class files: some newest ones only name other artifacts. */
  private static Set<String> packages(String name, MavenSession maven) throws IOException {
    String[] part = name.split(":");
    for (String version : tried(maven.versions(part[0], part[1]))) {
      Optional<Path> jar = maven.fetch(new Gav(part[0], part[1], version));
      Set<String> packages =
          jar.isEmpty() ? Set.of() : ClassFiles.packages(jar.get(), ArchiveLimits.DEFAULT);
      if (!packages.isEmpty()) {
        System.err.println(name + " " + version + " " + packages.size());
        return packages;
      }
    }
    System.err.println(name + " - no release with class files");
    return Set.of();
  }

  /** The newest release of each of the newest lines (two numbers). */
  private static List<String> tried(List<String> all) {
    List<String> released = all.stream().filter(v -> !v.matches(UNFINISHED)).toList();
    Map<String, String> newest = new java.util.LinkedHashMap<>();
    for (String version : (released.isEmpty() ? all : released).reversed()) {
      newest.putIfAbsent(String.join(".", List.of((version + ".0.0").split("[.-]")).subList(0, 2)), version);
    }
    return newest.values().stream().limit(MOST_LINES).toList();
  }

  /** Packages with what they begin with in place of many, where the same artifacts have all of them. */
  private static SortedMap<String, Set<String>> prefixes(SortedMap<String, Set<String>> packages) {
    SortedMap<String, Set<String>> out = new TreeMap<>();
    packages.forEach((name, artifacts) -> {
      String prefix = name;
      for (int dot = name.indexOf('.', name.indexOf('.') + 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
        String shorter = name.substring(0, dot);
        boolean isAll =
            packages.subMap(shorter + ".", shorter + "/").values().stream().allMatch(artifacts::equals)
                && packages.getOrDefault(shorter, artifacts).equals(artifacts);
        if (isAll) {
          prefix = shorter;
          break;
        }
      }
      out.put(prefix, artifacts);
    });
    return out;
  }
}
