package underpin.reach.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import underpin.advisory.Advisory;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;
import underpin.version.Ecosystem;

/**
 * Derives the functions of a vulnerability: fetches the releases around its fixes, compares them
 * method by method, and ranks what differs.
 */
public final class FunctionFinder {
  /** Pairs of releases that are compared; more branches and artifacts add little. */
  private static final int MOST_PAIRS = 8;

  private final MavenSession maven;
  private final Progress progress;

  public FunctionFinder(MavenSession maven, Progress progress) {
    this.maven = maven;
    this.progress = progress;
  }

  /** One changed method over all pairs that have it. */
  private static final class Candidate {
    final Change change;
    final Set<String> artifacts = new TreeSet<>();
    final Set<ReleasePair> pairs = new LinkedHashSet<>();
    final Map<Signal, Double> signals = new EnumMap<>(Signal.class);

    Candidate(Change change) {
      this.change = change;
    }
  }

  /**
   * Derives the functions of one vulnerability.
   *
   * @param advisories all entries of one vulnerability, one per package
   * @param patch unified diff of the fix, where the user has it; empty text for none
   */
  public FunctionList find(String id, List<Advisory> advisories, String patch) {
    List<Advisory> maven =
        advisories.stream().filter(a -> a.ecosystem().equals(Ecosystem.MAVEN)).toList();
    if (maven.isEmpty()) {
      return new FunctionList.Undecided(id, "it names no Maven package", List.of());
    }
    return new Search(id, maven, patch).run();
  }

  /** One vulnerability. */
  private final class Search {
    private final String id;
    private final List<Advisory> advisories;
    private final AdvisoryWords words;
    private final Weakness weakness;
    private final Optional<PatchFiles> patch;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final Set<String> added = new TreeSet<>();
    private final List<ReleasePair> compared = new ArrayList<>();
    private int methods;

    Search(String id, List<Advisory> advisories, String patch) {
      this.id = id;
      this.advisories = advisories;
      Advisory first = advisories.getFirst();
      List<String> sources =
          advisories.stream().flatMap(a -> a.sourceIds().stream()).distinct().toList();
      this.words = AdvisoryWords.of(first.vulnerability(), sources);
      this.weakness = Weakness.of(first.vulnerability().cwes());
      this.patch = Optional.of(PatchFiles.read(patch)).filter(p -> !p.isEmpty());
    }

    FunctionList run() {
      List<ReleasePair> pairs = pairs();
      for (ReleasePair pair : pairs) {
        progress.at("functions", compared.size(), pairs.size(), pair.text());
        compare(pair);
      }
      if (compared.isEmpty()) {
        String because =
            pairs.isEmpty()
                ? "no two releases lie around a fix of it"
                : "the releases around its fix could not be had";
        return new FunctionList.Undecided(id, because, notes);
      }
      if (candidates.isEmpty()) {
        return new FunctionList.Undecided(
            id,
            added.isEmpty()
                ? "the releases around its fix have the same code; the fix lies in resources,"
                    + " native code, a dependency or another artifact"
                : "its fix only adds methods: "
                    + String.join(", ", added.stream().limit(3).toList()),
            notes);
      }
      return ranked();
    }

    private List<ReleasePair> pairs() {
      List<ReleasePair> pairs = new ArrayList<>();
      for (Advisory advisory : advisories) {
        String[] name = advisory.packageName().split(":", -1);
        if (name.length == 2) {
          List<String> released = FunctionFinder.this.maven.versions(name[0], name[1]);
          if (released.isEmpty()) {
            notes.add("No repository at hand lists releases of " + advisory.packageName() + ".");
          }
          pairs.addAll(new Releases(advisory, released).pairs());
        }
      }
      if (pairs.size() > MOST_PAIRS) {
        notes.add(
            "Compared "
                + MOST_PAIRS
                + " of "
                + pairs.size()
                + " pairs of releases around the fix.");
      }
      return pairs.stream().limit(MOST_PAIRS).toList();
    }

    private void compare(ReleasePair pair) {
      Optional<Path> before = fetch(pair.name(), pair.affected());
      Optional<Path> after = before.isEmpty() ? Optional.empty() : fetch(pair.name(), pair.fixed());
      if (after.isEmpty()) {
        return;
      }
      JarCode old = JarCode.read(before.get(), ArchiveLimits.DEFAULT);
      JarCode now = JarCode.read(after.get(), ArchiveLimits.DEFAULT);
      old.problems().forEach(p -> notes.add(p.message()));
      now.problems().forEach(p -> notes.add(p.message()));
      if (old.classes().isEmpty() || now.classes().isEmpty()) {
        notes.add(pair.text() + ": one of the two has no classes.");
        return;
      }
      compared.add(pair);
      JarComparison.Difference difference = JarComparison.compare(pair, old, now);
      if (difference.recompiled() > 0) {
        notes.add(
            pair.text()
                + ": "
                + difference.recompiled()
                + " methods differ only in how they were compiled; they are left out.");
      }
      methods += difference.methods();
      difference.added().forEach(m -> added.add(m.id()));
      Signals signals = new Signals(words, weakness, difference, old, now, patch);
      difference.changes().forEach(change -> add(pair, change, signals.of(change)));
    }

    private void add(ReleasePair pair, Change change, Map<Signal, Double> signals) {
      String key = JarComparison.unnumbered(change.before().id());
      Candidate candidate = candidates.computeIfAbsent(key, _ -> new Candidate(change));
      candidate.artifacts.add(pair.name());
      candidate.pairs.add(pair);
      signals.forEach((signal, value) -> candidate.signals.merge(signal, value, Math::max));
    }

    private Optional<Path> fetch(String name, String version) {
      String[] parts = name.split(":", -1);
      Optional<Path> file =
          FunctionFinder.this.maven.fetch(new Gav(parts[0], parts[1], version, "", "jar"));
      if (file.isEmpty()) {
        notes.add(name + ":" + version + " could not be fetched as a jar.");
      }
      return file;
    }

    private FunctionList.Derived ranked() {
      branches(candidates.values());
      List<Candidate> order = new ArrayList<>(candidates.values());
      order.sort(
          Comparator.comparingDouble((Candidate c) -> -Ranking.score(c.signals))
              .thenComparing(c -> c.change.before().id()));
      List<Double> scores = order.stream().map(c -> Ranking.score(c.signals)).toList();
      int cut = Ranking.cut(scores);
      List<VulnerableFunction> functions = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        functions.add(function(order.get(i), i + 1, i < cut));
      }
      double miss = 1;
      for (int i = 0; i < cut; i++) {
        miss *= 1 - scores.get(i);
      }
      return new FunctionList.Derived(
          id, functions, List.copyOf(added), compared, methods, 1 - miss, notes);
    }

    /** A method that the fixes of several branches of one artifact change alike. */
    private void branches(Collection<Candidate> all) {
      for (Candidate candidate : all) {
        double share = 0;
        for (String artifact : candidate.artifacts) {
          long of = compared.stream().filter(p -> p.name().equals(artifact)).count();
          long here = candidate.pairs.stream().filter(p -> p.name().equals(artifact)).count();
          share = of < 2 ? share : Math.max(share, (double) here / of);
        }
        if (share > 0) {
          candidate.signals.put(Signal.BRANCHES, share);
        }
      }
    }

    private VulnerableFunction function(Candidate candidate, int rank, boolean inCut) {
      MethodCode method = candidate.change.before();
      return new VulnerableFunction(
          List.copyOf(candidate.artifacts),
          method.className(),
          method.name(),
          method.descriptor(),
          method.enclosing(),
          candidate.change.kind(),
          rank,
          Ranking.score(candidate.signals),
          inCut,
          Ranking.evidence(candidate.signals),
          method.exact(),
          candidate.change.after().map(MethodCode::exact),
          candidate.signals);
    }
  }
}
