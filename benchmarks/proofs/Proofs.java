import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import underpin.cases.Proof;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.prove.ProofLibrary;
import underpin.prove.ProofRunner;
import underpin.sandbox.Sandbox;

/** Every proof on its affected and its fixed release: one line each, and a count. */
final class Proofs {
  public static void main(String[] args) throws Exception {
    ProofLibrary library = ProofLibrary.of(Path.of(args[0]));
    Set<String> only = Set.of(args).size() > 1 ? Set.copyOf(List.of(args).subList(1, args.length)) : Set.of();
    boolean verbose = System.getenv("VERBOSE") != null;
    ProofRunner runner = ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST));
    int good = 0;
    int all = 0;
    int variants = 0;
    Set<Integer> weaknesses = new java.util.TreeSet<>();
    System.out.println("| proof | CVE | CWE | component | affected | fixed | proof | variants | controls | inputs | s |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      for (Proof proof : library.all()) {
        if (!only.isEmpty() && !only.contains(proof.name())) {
          continue;
        }
        all++;
        long start = System.nanoTime();
        Optional<List<Path>> before = classPath(maven, proof, proof.affected());
        Optional<List<Path>> after = classPath(maven, proof, proof.fixed());
        if (before.isEmpty() || after.isEmpty()) {
          System.out.println("| " + proof.name() + " | an artifact could not be fetched: " + (before.isEmpty() ? proof.affected() : proof.fixed()));
          continue;
        }
        Proof.Run b = runner.run(proof, before.get(), Set.of());
        Proof.Run a = runner.run(proof, after.get(), Set.of());
        long hitB = b.variants().stream().filter(v -> v.outcome() instanceof Proof.Outcome.Triggered).count();
        long stopped = a.variants().stream().filter(v -> v.outcome() instanceof Proof.Outcome.NotTriggered).count();
        boolean proves = b.proof().outcome() instanceof Proof.Outcome.Triggered && a.proof().outcome() instanceof Proof.Outcome.NotTriggered;
        boolean same = !b.controls().isEmpty() && b.controls().equals(a.controls())
            && b.controls().stream().allMatch(u -> u.values().stream().allMatch(v -> v instanceof Proof.Value.Given));
        boolean replays = b.replays().equals(a.replays());
        boolean fine = proves && same && replays && hitB >= 3 && stopped == a.variants().size() && hitB == b.variants().size();
        good += fine ? 1 : 0;
        variants += (int) hitB;
        weaknesses.add(proof.cwe());
        System.out.printf("| %s | %s | %d | %s | %s | %s | %s → %s | %d/%d → %d | %s | %d | %d |%s%n", proof.name(), proof.ids().getFirst(), proof.cwe(), proof.component(), proof.affected(), proof.fixed(), b.proof().outcome().word(), a.proof().outcome().word(), hitB, b.variants().size(), a.variants().size() - stopped, same ? "same" : "differ", b.replays().stream().mapToInt(r -> r.values().size()).sum(), (System.nanoTime() - start) / 1_000_000_000L, fine ? "" : " NO");
        if (verbose || !fine) {
          for (Proof.Run run : List.of(b, a)) {
            System.out.println("    " + (run == b ? "affected" : "fixed"));
            System.out.println("      " + run.proof().name() + ": " + run.proof().outcome().word() + ": " + run.proof().outcome().text());
            run.variants().forEach(v -> System.out.println("      " + v.name() + ": " + v.outcome().word() + ": " + v.outcome().text()));
            run.controls().forEach(v -> System.out.println("      " + v));
          }
          if (!replays) System.out.println("    replays differ");
        }
      }
    }
    System.out.printf("%n%d of %d proofs trigger on the affected release and not on the fixed one, with at least three variants and the same controls; %d CWE classes, %d variants%n", good, all, weaknesses.size(), variants);
    System.exit(good == all ? 0 : 1);
  }

  static Optional<List<Path>> classPath(MavenSession maven, Proof proof, String version) {
    List<Path> paths = new ArrayList<>();
    List<String> all = new ArrayList<>(List.of(proof.component() + ":" + version));
    all.addAll(proof.needs());
    for (String each : all) {
      String[] parts = each.split(":");
      Optional<Path> file = maven.fetch(new Gav(parts[0], parts[1], parts[2].equals("=") ? version : parts[2]));
      if (file.isEmpty()) {
        System.out.println("not fetched: " + each);
        return Optional.empty();
      }
      paths.add(file.get());
    }
    return Optional.of(paths);
  }
}
