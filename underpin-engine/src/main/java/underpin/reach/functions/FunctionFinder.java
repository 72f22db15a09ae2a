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
import java.util.function.ToIntFunction;
import underpin.advisory.Advisory;
import underpin.advisory.VersionOrders;
import underpin.cases.Progress;
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
  private static final int MOST_PAIRS = 6;

  /** Pairs are added where the evidence for the best candidate adds up to less than this. */
  private static final double UNSURE = 2.2;

  private static final int MOST_WIDER = 4;

  /** Raised when lists are derived otherwise, so that those kept by older ones do not count. */
  private static final int DERIVATION = 3;

  private static final int ATTEMPTS = 4;
  private static final int MOST_MODULES = 10;

  /** Artifacts that stand in for one without code, and the pairs of each. */
  private static final int MOST_SIBLINGS = 4;

  private static final int MOST_SIBLING_PAIRS = 2;
  private static final Comparator<String> ORDER =
      VersionOrders.of(Ecosystem.MAVEN).thenComparing(Comparator.naturalOrder());

  private final MavenSession maven;
  private final Artifacts artifacts;
  private final ToIntFunction<String> flaws;
  private final Optional<FunctionCache> cache;
  private final Progress progress;
  private final boolean commits;

  /**
   * @param cache folder that keeps what was derived; empty for none
   * @param flaws how many advisories a package has: which module of a project is meant, where an
   *     advisory names only the project
   */
  public FunctionFinder(
      MavenSession maven, ToIntFunction<String> flaws, Optional<Path> cache, Progress progress) {
    this(maven, flaws, cache.map(FunctionCache::new), progress, true);
  }

  private FunctionFinder(
      MavenSession maven,
      ToIntFunction<String> flaws,
      Optional<FunctionCache> cache,
      Progress progress,
      boolean commits) {
    this.maven = maven;
    this.artifacts = new Artifacts(maven);
    this.flaws = flaws;
    this.cache = cache;
    this.progress = progress;
    this.commits = commits;
  }

  /**
   * {@return a finder that knows no fix commit and keeps nothing} What it derives can be held
   * against commits: see benchmarks/functions.
   */
  public FunctionFinder ofReleasesAlone() {
    return new FunctionFinder(maven, flaws, Optional.empty(), progress, false);
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
    private final String patchText;
    private final Optional<KnownFix> fix;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final Set<String> added = new TreeSet<>();
    private final List<ReleasePair> compared = new ArrayList<>();
    private final Set<ReleasePair> tried = new LinkedHashSet<>();
    private final Set<String> modulesOf = new LinkedHashSet<>();
    private final List<String> sources;
    private int methods;
    private boolean fixSeen;
    private int modules;

    Search(String id, List<Advisory> advisories, String patch) {
      this.id = id;
      this.advisories = advisories;
      Advisory first = advisories.getFirst();
      this.sources = advisories.stream().flatMap(a -> a.sourceIds().stream()).distinct().toList();
      this.words = AdvisoryWords.of(first.vulnerability(), sources);
      this.weakness = Weakness.of(first.vulnerability().cwes());
      this.patchText = patch;
      this.fix = commits ? KnownFix.of(sources) : Optional.empty();
      this.patch = Optional.of(PatchFiles.read(patch)).filter(p -> !p.isEmpty());
    }

    FunctionList run() {
      List<ReleasePair> pairs = pairs();
      Optional<String> key = cache.map(_ -> key(pairs));
      Optional<FunctionList> known = key.flatMap(k -> cache.flatMap(c -> c.get(k)));
      if (known.isPresent()) {
        return known.get();
      }
      FunctionList found = derive(pairs);
      if (found instanceof FunctionList.Derived) {
        key.ifPresent(k -> cache.ifPresent(c -> c.put(k, found)));
      }
      return found;
    }

    /** Digests of all that the result follows from. */
    private String key(List<ReleasePair> pairs) {
      Digests key = new Digests();
      key.add("functions " + FunctionJson.VERSION + " " + DERIVATION + " " + id);
      key.add(new TreeSet<>(words.texts()).toString());
      key.add(advisories.getFirst().vulnerability().cwes().toString());
      key.add(patchText);
      key.add(
          fix.map(f -> new TreeSet<>(f.classes()) + " " + new TreeSet<>(f.methods())).orElse(""));
      for (ReleasePair pair : pairs) {
        key.add(pair.text());
        artifacts.file(pair.name(), pair.affected()).ifPresent(key::add);
        artifacts.file(pair.name(), pair.fixed()).ifPresent(key::add);
      }
      return key.hex();
    }

    private FunctionList derive(List<ReleasePair> pairs) {
      pairs.forEach(this::compare);
      if (compared.isEmpty()) {
        siblings();
      }
      if (!compared.isEmpty() && best() < UNSURE) {
        wider().forEach(this::compare);
      }
      if (!compared.isEmpty() && (best() < UNSURE || fix.isPresent() && !fixSeen)) {
        kin();
      }
      if (compared.isEmpty()) {
        return new FunctionList.Undecided(
            id,
            tried.isEmpty()
                ? "no two releases lie around a fix of it"
                : "the releases around its fix could not be had",
            notes);
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

    /** Another artifact of the same release, until one has what the fix commit changed. */
    private void kin() {
      ReleasePair first = compared.getFirst();
      for (ReleasePair pair : artifacts.kin(first, words, fix, flaws)) {
        if (!fixSeen) {
          compare(pair);
        }
      }
    }

    /** Where what the advisory names has no code: artifacts of its group, by the same ranges. */
    private void siblings() {
      Map<String, Advisory> siblings = new LinkedHashMap<>();
      for (Advisory advisory : advisories) {
        artifacts
            .siblings(advisory.packageName(), words, fix, flaws)
            .forEach(name -> siblings.putIfAbsent(name, advisory));
      }
      int found = 0;
      for (Map.Entry<String, Advisory> sibling : siblings.entrySet()) {
        List<ReleasePair> pairs = available(sibling.getValue(), sibling.getKey());
        if (!pairs.isEmpty() && found++ < MOST_SIBLINGS && !fixSeen) {
          pairs.stream().limit(MOST_SIBLING_PAIRS).forEach(this::compare);
        }
      }
      if (compared.isEmpty()) {
        return;
      }
      String name = advisories.getFirst().packageName();
      List<Map<Signal, Double>> published = published().stream().map(c -> c.signals).toList();
      if (Ranking.pointsHere(commit(), published)) {
        notes.add(name + " has no code to compare; artifacts of its group were compared instead.");
      } else {
        notes.add(
            name
                + " has no code to compare; artifacts of its group were compared, but nothing tells"
                + " that the fix lies in them.");
        candidates.clear();
        compared.clear();
        added.clear();
      }
    }

    private double best() {
      return candidates.values().stream()
          .mapToDouble(c -> Ranking.odds(c.signals))
          .max()
          .orElse(Double.NEGATIVE_INFINITY);
    }

    private List<ReleasePair> pairs() {
      List<ReleasePair> pairs = new ArrayList<>();
      for (Advisory advisory : advisories) {
        pairs.addAll(available(advisory, advisory.packageName()));
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

    /** The pairs that can be had; where a release cannot, the one next to it stands in. */
    private List<ReleasePair> available(Advisory advisory, String name) {
      List<String> released = released(advisory, name);
      List<ReleasePair> pairs = pairs(advisory, name, released);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Set<String> missing = new TreeSet<>();
        for (ReleasePair pair : pairs) {
          for (String version : List.of(pair.affected(), pair.fixed())) {
            if (!artifacts.isReleased(pair.name(), version)) {
              missing.add(version);
            }
          }
        }
        if (missing.isEmpty()) {
          return pairs;
        }
        notes.add(name + ": no repository at hand has " + String.join(", ", missing) + ".");
        released = released.stream().filter(v -> !missing.contains(v)).toList();
        pairs = pairs(advisory, name, released);
      }
      return pairs;
    }

    private static List<ReleasePair> pairs(Advisory advisory, String name, List<String> released) {
      return new Releases(advisory, released)
          .pairs().stream().map(p -> new ReleasePair(name, p.affected(), p.fixed())).toList();
    }

    private List<ReleasePair> wider() {
      List<ReleasePair> wider = new ArrayList<>();
      for (ReleasePair pair : List.copyOf(compared)) {
        for (Advisory advisory : advisories) {
          if (advisory.packageName().equals(pair.name())) {
            wider.addAll(new Releases(advisory, released(advisory, pair.name())).wider(pair));
          }
        }
      }
      wider.removeAll(tried);
      return wider.stream().distinct().limit(MOST_WIDER).toList();
    }

    /** What repositories list, and what the advisory itself says was released. */
    private List<String> released(Advisory advisory, String name) {
      int colon = name.indexOf(':');
      Set<String> released = new TreeSet<>(ORDER);
      if (colon > 0) {
        released.addAll(
            FunctionFinder.this.maven.versions(
                name.substring(0, colon), name.substring(colon + 1)));
        if (released.isEmpty()) {
          notes.add("No repository at hand lists releases of " + name + ".");
        }
        sources.forEach(source -> released.addAll(ShippedDetails.releases(source, name)));
        advisory
            .ranges()
            .forEach(range -> {
              range.fixed().ifPresent(released::add);
              range.lastAffected().ifPresent(released::add);
            });
      }
      return List.copyOf(released);
    }

    private void compare(ReleasePair pair) {
      if (!tried.add(pair)) {
        return;
      }
      progress.at("functions", compared.size(), 0, pair.text());
      Optional<Path> before = artifacts.file(pair.name(), pair.affected());
      Optional<Path> after =
          before.isEmpty() ? Optional.empty() : artifacts.file(pair.name(), pair.fixed());
      if (after.isPresent()) {
        JarCode old = JarCode.read(before.orElseThrow(), ArchiveLimits.DEFAULT);
        JarCode now = JarCode.read(after.get(), ArchiveLimits.DEFAULT);
        if (!old.classes().isEmpty() && !now.classes().isEmpty()) {
          compare(pair, old, now);
          return;
        }
        notes.add(pair.text() + ": one of the two has no classes.");
      } else {
        String missing = before.isEmpty() ? pair.affected() : pair.fixed();
        notes.add(pair.name() + ":" + missing + " could not be fetched.");
      }
      if (modulesOf.add(pair.name()) && modules < MOST_MODULES) {
        List<ReleasePair> found = artifacts.modules(pair, words, flaws);
        modules += found.size();
        found.forEach(this::compare);
      }
    }

    private void compare(ReleasePair pair, JarCode old, JarCode now) {
      old.problems().forEach(p -> notes.add(p.message()));
      now.problems().forEach(p -> notes.add(p.message()));
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
      fixSeen |=
          fix.isPresent()
              && difference.changes().stream().anyMatch(c -> fix.get().touchesClass(c.before()));
      difference.added().forEach(m -> added.add(m.id()));
      Signals signals = new Signals(words, weakness, difference, old, now, patch, fix);
      difference.changes().forEach(change -> add(pair, change, signals.of(change)));
    }

    private void add(ReleasePair pair, Change change, Map<Signal, Double> signals) {
      String key = JarComparison.unnumbered(change.before().id());
      Candidate candidate = candidates.computeIfAbsent(key, _ -> new Candidate(change));
      candidate.artifacts.add(pair.name());
      candidate.pairs.add(pair);
      signals.forEach((signal, value) -> candidate.signals.merge(signal, value, Math::max));
    }

    private List<Candidate> ordered() {
      return candidates.values().stream()
          .sorted(
              Comparator.comparingDouble((Candidate c) -> -Ranking.odds(c.signals))
                  .thenComparing(c -> c.change.before().id()))
          .toList();
    }

    private List<Candidate> published() {
      List<Candidate> order = ordered();
      return order.subList(
          0, Ranking.cut(order.stream().map(c -> Ranking.odds(c.signals)).toList()));
    }

    private FunctionList.Derived ranked() {
      branches(candidates.values());
      List<Candidate> order = ordered();
      List<Double> odds = order.stream().map(c -> Ranking.odds(c.signals)).toList();
      int cut = Ranking.cut(odds);
      double complete =
          Ranking.complete(commit(), order.stream().limit(cut).map(c -> c.signals).toList());
      List<VulnerableFunction> functions = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        functions.add(function(order.get(i), i + 1, i < cut));
      }
      return new FunctionList.Derived(
          id,
          functions,
          List.copyOf(added),
          compared,
          methods,
          complete,
          complete * Ranking.part(odds, cut),
          notes);
    }

    private Ranking.Commit commit() {
      if (fix.isEmpty()) {
        return Ranking.Commit.UNKNOWN;
      }
      return fixSeen ? Ranking.Commit.SEEN : Ranking.Commit.NOT_SEEN;
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
          candidate.change.fingerprint(),
          candidate.signals);
    }
  }
}
