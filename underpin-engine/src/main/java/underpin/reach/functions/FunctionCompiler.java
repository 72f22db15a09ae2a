package underpin.reach.functions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Progress;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.version.Ecosystem;

/**
 * Derives the functions that ship; docs/formats/functions.md has the command. One advisory after
 * the other, so repositories are asked gently; what was derived is kept in a folder, and a run that
 * was cut off goes on from there.
 */
final class FunctionCompiler {
  private FunctionCompiler() {}

  /**
   * Takes the list of packages, a folder to keep derived lists in, the most advisories to derive
   * beside those that are kept there, and the file to write.
   */
  public static void main(String[] args) throws IOException {
    Path kept = Files.createDirectories(Path.of(args[1]));
    int most = Integer.parseInt(args[2]);
    Map<String, String> lines = new TreeMap<>();
    int derivations = 0;
    try (AdvisoryStore store = AdvisoryStore.openDefault();
        MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      FunctionFinder finder =
          new FunctionFinder(
              maven,
              name -> store.forPackage(Ecosystem.MAVEN, name).size(),
              Optional.empty(),
              Progress.SILENT);
      for (List<Advisory> advisories : chosen(store, Files.readAllLines(Path.of(args[0])))) {
        String id = advisories.getFirst().vulnerability().id();
        Path file = kept.resolve(id + ".json");
        FunctionList list;
        if (Files.isRegularFile(file)) {
          list = FunctionJson.read(Files.readString(file));
        } else if (derivations < most) {
          derivations++;
          list = finder.find(id, advisories, "");
          Files.writeString(file, FunctionJson.write(list).toString());
          System.out.println(id + " " + list.getClass().getSimpleName());
        } else {
          continue;
        }
        if (list instanceof FunctionList.Derived derived && derived.confidence() >= SURE) {
          lines.put(id, ShippedFunctions.line(advisories, derived));
        }
      }
    }
    write(lines, Path.of(args[3]));
  }

  /** A list whose cut is a guess is better derived at the user's, with what is known then. */
  private static final double SURE = 0.3;

  private static void write(Map<String, String> lines, Path output) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(output)) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      for (String line : lines.values()) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    System.out.println(lines.size() + " advisories, " + Files.size(output) + " bytes");
  }

  /** Of each package the gravest first, and of all packages one after the other. */
  private static List<List<Advisory>> chosen(AdvisoryStore store, List<String> packages) {
    Map<String, List<List<Advisory>>> byPattern = new LinkedHashMap<>();
    Map<String, List<Advisory>> all = new TreeMap<>();
    for (Advisory advisory : store.all(Ecosystem.MAVEN)) {
      all.computeIfAbsent(advisory.vulnerability().id(), _ -> new ArrayList<>()).add(advisory);
    }
    for (String pattern : packages) {
      if (pattern.isBlank() || pattern.startsWith("#")) {
        continue;
      }
      Predicate<Advisory> wanted =
          pattern.endsWith("*")
              ? a -> a.packageName().startsWith(pattern.substring(0, pattern.length() - 1))
              : a -> a.packageName().equals(pattern);
      byPattern.put(
          pattern,
          all.values().stream()
              .filter(some -> some.stream().anyMatch(wanted))
              .filter(some -> some.stream().anyMatch(FunctionCompiler::isFixed))
              .sorted(
                  Comparator.comparing(
                          (List<Advisory> some) -> some.getFirst().vulnerability().severity())
                      .reversed()
                      .thenComparing(some -> some.getFirst().vulnerability().id()))
              .toList());
    }
    List<List<Advisory>> chosen = new ArrayList<>();
    int longest = byPattern.values().stream().mapToInt(List::size).max().orElse(0);
    for (int round = 0; round < longest; round++) {
      for (List<List<Advisory>> some : byPattern.values()) {
        if (round < some.size() && !chosen.contains(some.get(round))) {
          chosen.add(some.get(round));
        }
      }
    }
    return chosen;
  }

  private static boolean isFixed(Advisory advisory) {
    return advisory.ranges().stream().anyMatch(r -> r.fixed().isPresent());
  }
}
