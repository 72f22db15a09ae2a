import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.cases.Progress;
import underpin.cases.Proof;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.prove.ProofLibrary;
import underpin.prove.ProofRunner;
import underpin.prove.derive.Derivation;
import underpin.prove.derive.Derivation.Answer;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.reach.functions.VulnerableFunction;
import underpin.sandbox.Sandbox;
import underpin.version.Ecosystem;

/**
 * How often a proof can be derived: of the vulnerabilities whose functions ship, in the order of the SHA-256 of their
 * ids, those with a weakness that inputs are known for ("known": those with a proof by hand instead, which is not looked
 * at). Arguments: "known", "all" or ids with commas; how many; how many to pass over.
 */
final class Derived {
  public static void main(String[] args) throws Exception {
    boolean known = args[0].equals("known");
    Set<String> only = args[0].contains("-") ? Set.of(args[0].split(",")) : Set.of();
    int most = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE / 2;
    int skip = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Set<String> byHand = ProofLibrary.shipped().all().stream().flatMap(p -> p.ids().stream()).collect(Collectors.toSet());
    ProofRunner runner = ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST)).within(Duration.ofSeconds(10), Duration.ofSeconds(60));
    List<FunctionList.Derived> lists = new ArrayList<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        lists.add(derived);
      }
    });
    lists.sort(Comparator.comparing(list -> digest(list.id())));
    Map<String, int[]> byWeakness = new TreeMap<>();
    int all = 0;
    int found = 0;
    try (AdvisoryStore store = AdvisoryStore.openDefault(); MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      for (FunctionList.Derived list : lists) {
        List<Advisory> advisories = store.byId(list.id());
        Set<String> ids = advisories.stream().flatMap(a -> java.util.stream.Stream.concat(java.util.stream.Stream.of(a.vulnerability().id()), a.vulnerability().aliases().stream())).collect(Collectors.toSet());
        Set<Integer> weaknesses = Derivation.weaknesses(advisories.stream().map(Advisory::vulnerability).toList());
        boolean hasProof = ids.stream().anyMatch(byHand::contains);
        if (only.isEmpty() ? hasProof != known : !only.contains(list.id())) {
          continue;
        }
        if ( weaknesses.isEmpty() || all >= most + skip || all++ < skip) {
          continue;
        }
        long start = System.nanoTime();
        String line;
        try {
          ReleasePair pair = list.compared().stream().filter(p -> p.name().equals(list.compared().getFirst().name())).max(Comparator.comparing(ReleasePair::fixed, VersionOrders.of(Ecosystem.MAVEN))).orElseThrow();
          Optional<Derivation.Release> affected = release(maven, pair.name(), pair.affected());
          Optional<Derivation.Release> fixed = release(maven, pair.name(), pair.fixed());
          if (affected.isEmpty() || fixed.isEmpty()) {
            line = "none\tnot fetched";
          } else {
            long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            Answer answer = new Derivation(runner, () -> System.nanoTime() > end)
                .derive(new Derivation.Wanted(List.of(list.id()), weaknesses, pair.name(), affected.get(), fixed.get(), list.cut().stream().map(VulnerableFunction::id).toList()));
            line = switch (answer) {
              case Answer.Found(Proof proof, int tried) -> {
                found++;
                yield "found\t" + proof.title() + "\t" + proof.source().lines().filter(l -> l.contains("to.variant(")).count() + " variants, " + proof.source().lines().filter(l -> l.contains("to.control(")).count() + " controls, " + tried + " tried";
              }
              case Answer.None(String because) -> "none\t" + because;
            };
          }
        } catch (RuntimeException e) {
          line = "failed\t" + e;
        }
        for (int weakness : weaknesses) {
          int[] counts = byWeakness.computeIfAbsent("CWE-" + weakness, _ -> new int[2]);
          counts[0]++;
          counts[1] += line.startsWith("found") ? 1 : 0;
        }
        System.out.println(list.id() + "\t" + list.compared().getFirst().name() + "\t" + weaknesses + "\t" + (System.nanoTime() - start) / 1_000_000_000 + " s\t" + line);
      }
    }
    System.out.printf("# %d vulnerabilities, a proof derived for %d%n", all - skip, found);
    byWeakness.forEach((weakness, counts) -> System.out.println("# " + weakness + " " + counts[1] + " of " + counts[0]));
    System.exit(0);
  }

  private static Optional<Derivation.Release> release(MavenSession maven, String name, String version) throws Exception {
    String group = name.substring(0, name.indexOf(':'));
    String artifact = name.substring(name.indexOf(':') + 1);
    Optional<Path> jar = maven.fetch(new Gav(group, artifact, version));
    if (jar.isEmpty()) {
      return Optional.empty();
    }
    Path folder = Files.createTempDirectory("derived");
    Files.writeString(folder.resolve("pom.xml"), """
        <project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
        <dependencies><dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency></dependencies></project>
        """.formatted(group, artifact, version));
    LinkedHashMap<Path, Boolean> path = new LinkedHashMap<>();
    path.put(jar.get(), true);
    maven.resolve(maven.read(folder, PomOverlay.NONE), true, Progress.SILENT).modules().stream()
        .flatMap(m -> m.dependencies().stream())
        .flatMap(d -> d.file().stream())
        .filter(Files::isRegularFile)
        .forEach(file -> path.put(file, true));
    return Optional.of(new Derivation.Release(version, List.copyOf(path.keySet())));
  }

  private static String digest(String id) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
