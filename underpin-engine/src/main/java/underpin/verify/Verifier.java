package underpin.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import underpin.advisory.AdvisoryStore;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.cases.Verdict;
import underpin.maven.MavenOptions;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.program.Linkage;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;

/**
 * Climbs the ladder. Works in copies below its work folder, which it keeps for the next run: what
 * is finished there is not done again while all its inputs stay the same. For one thread at a time.
 */
public final class Verifier {
  /** Moved whenever results of an earlier version must not be taken over. */
  private static final String VERSION = "4";

  private final MavenOptions maven;
  private final AdvisoryStore store;
  private final Linkage linkage;
  private final CodeSearch search;
  private final ProofJudge proofs;
  private final Sandbox sandbox;
  private final Path work;
  private final BuildOptions options;
  private final Progress progress;
  private final Set<String> notes = new TreeSet<>();

  /** What each part that passed last did to the files: another patch may hold the same parts. */
  private final Set<String> keptLast = new HashSet<>();

  /**
   * @param search tells whether vulnerable code is gone; {@link CodeSearch#NONE}: by version alone
   * @param proofs judges by proofs of vulnerabilities; {@link ProofJudge#NONE}: by none
   * @param workFolder for copies, caches and logs of one project; made when absent
   */
  public Verifier(
      MavenOptions maven,
      AdvisoryStore store,
      Linkage linkage,
      CodeSearch search,
      ProofJudge proofs,
      Sandbox sandbox,
      Path workFolder,
      BuildOptions options,
      Progress progress) {
    this.maven = maven;
    this.store = store;
    this.linkage = linkage;
    this.search = search;
    this.proofs = proofs;
    this.sandbox = sandbox;
    this.work = workFolder.toAbsolutePath().normalize();
    this.options = options;
    this.progress = progress;
  }

  /**
   * {@return sentences that the report must say: which sandbox, which Maven, what was fallen back
   * to} Complete once the baseline is there.
   */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Builds and tests the project as it is, in a copy. Tests that fail are no failure: they may fail
   * after, too.
   *
   * @throws CancellationException when the thread was interrupted; no process is left
   */
  public Baseline baseline(Path project) {
    Path root = project.toAbsolutePath().normalize();
    try {
      Files.createDirectories(work);
      SortedMap<String, String> sources = WorkingCopy.digests(root, work);
      return baseline(root, sources);
    } catch (IOException e) {
      return failed(root, Optional.empty(), new TreeMap<>(), message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("cancelled while the baseline was built");
    }
  }

  private Baseline baseline(Path root, SortedMap<String, String> sources)
      throws IOException, InterruptedException {
    Path copy = work.resolve("baseline");
    Jdks.Need need;
    try (MavenSession session = MavenSession.open(maven)) {
      Reactor reactor = session.read(root, PomOverlay.NONE);
      need = JdkNeed.of(reactor);
    } catch (MavenProjectException e) {
      return failed(root, Optional.empty(), sources, message(e));
    }
    Jdks jdks = jdks();
    List<Jdk> candidates = jdks.candidates(need, options.jdk());
    if (candidates.isEmpty()) {
      return failed(
          root,
          Optional.empty(),
          sources,
          options.jdk().isPresent()
              ? options.jdk().get() + " is no JDK (no bin/javac and release file in it)"
              : "no JDK of release "
                  + need.release()
                  + " or newer was found ("
                  + need.because()
                  + "; "
                  + jdks.describe()
                  + "): install one, or name one with --jdk");
    }
    Finished finished = new Finished(work.resolve("finished"));
    ProjectBuild build = new ProjectBuild(sandbox, work, options, maven, jdks, progress);
    try {
      return build(root, sources, copy, candidates, finished, build);
    } finally {
      notes.addAll(build.notes());
    }
  }

  private Jdks jdks() throws IOException {
    Optional<Path> toolchains = Toolchains.ofUser(UserMaven.of(maven));
    return Jdks.ofThisMachine(
        System.getenv(), toolchains.isPresent() ? Toolchains.homes(toolchains.get()) : List.of());
  }

  private Baseline build(
      Path root,
      SortedMap<String, String> sources,
      Path copy,
      List<Jdk> candidates,
      Finished finished,
      ProjectBuild build)
      throws IOException, InterruptedException {
    List<String> tried = new ArrayList<>();
    Optional<String> failure = Optional.empty();
    Jdk first = candidates.getFirst();
    boolean blamesJdk = false;
    for (Jdk candidate : candidates) {
      Jdk jdk =
          tried.isEmpty()
              ? candidate
              : new Jdk(
                  candidate.home(),
                  candidate.release(),
                  "the build fails on JDK " + String.join(", ", tried) + " for reasons of the JDK");
      String key = key(sources, jdk);
      Optional<Finished.Built> known = finished.baseline(key);
      if (known.isPresent() && Files.isDirectory(copy)) {
        known.get().note().ifPresent(notes::add);
        return new Baseline(
            root, copy, Optional.of(jdk), sources, known.get().tests(), Optional.empty());
      }
      finished.forgetBaseline();
      progress.at("baseline", 0, 0, "copy");
      WorkingCopy.copy(root, work, copy);
      List<String> launcher = build.launcher(copy, jdk);
      String goal = "verify";
      Optional<String> note = Optional.empty();
      ProjectBuild.Outcome outcome = build.build(launcher, goal, copy, jdk, "baseline");
      if (outcome.failure().isPresent() && outcome.compiled() && !outcome.blamesJdk()) {
        // What comes after the package (containers for integration tests, signing) often needs what
        // is not here.
        WorkingCopy.copy(root, work, copy);
        ProjectBuild.Outcome smaller = build.build(launcher, "package", copy, jdk, "baseline");
        if (smaller.failure().isEmpty()) {
          note =
              Optional.of(
                  "The project's own build does not pass here as mvn verify ("
                      + outcome.failure().get().lines().findFirst().orElse("")
                      + "): mvn package was used.");
          goal = "package";
          outcome = smaller;
        }
      }
      if (outcome.failure().isEmpty()) {
        note.ifPresent(notes::add);
        finished.baseline(key, new Finished.Built(goal, outcome.tests(), note));
        return new Baseline(
            root, copy, Optional.of(jdk), sources, outcome.tests(), Optional.empty());
      }
      tried.add(Integer.toString(jdk.release()));
      failure = failure.or(outcome::failure);
      blamesJdk = outcome.blamesJdk();
      if (!blamesJdk) {
        break;
      }
    }
    return failed(
        root,
        Optional.of(first),
        sources,
        "the project's own build does not pass as it is (JDK "
            + String.join(", then ", tried)
            + "):\n"
            + failure.orElse("")
            + (blamesJdk
                ? "\nIt seems to want another JDK (first choice: %s). Install one that suits it, or name one with --jdk."
                    .formatted(first.because())
                : ""));
  }

  private Baseline failed(
      Path root, Optional<Jdk> jdk, SortedMap<String, String> sources, String because) {
    return new Baseline(
        root,
        work.resolve("baseline"),
        jdk,
        sources,
        new TreeMap<>(),
        Optional.of("cannot verify: " + because));
  }

  private String key(SortedMap<String, String> sources, Jdk jdk) throws IOException {
    UserMaven user = UserMaven.of(maven);
    Optional<Path> toolchains = Toolchains.ofUser(user);
    return WorkingCopy.sha256(
        String.join(
                "\n",
                VERSION,
                sources.toString(),
                jdk.home().toString(),
                WorkingCopy.digest(jdk.home().resolve("release")),
                options.mavenArgs().toString(),
                maven.profiles().toString(),
                maven.userProperties().toString(),
                sandbox.kind().toString(),
                user.settings().isPresent() ? WorkingCopy.digest(user.settings().get()) : "",
                toolchains.isPresent() ? WorkingCopy.digest(toolchains.get()) : "")
            .getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Judges the patch. When the whole fails a rung, the failing parts are found by bisection, and
   * the rest is judged again without them. A part that was taken out gets the verdict of the
   * smallest choice of parts that it was seen to break.
   *
   * @throws CancellationException when the thread was interrupted; no process is left, and what was
   *     judged by then is not judged again
   */
  public Verification verify(Baseline baseline, PatchSet patch) {
    List<String> parts = patch.parts().stream().map(PatchSet.Part::id).toList();
    if (parts.isEmpty()) {
      return new Verification(Map.of(), List.of(), Map.of());
    }
    if (baseline.failure().isPresent()) {
      return none(parts, baseline.failure().get());
    }
    Jdk jdk = baseline.jdk().orElseThrow();
    MavenOptions withJdk =
        new MavenOptions(
            maven.offline(),
            maven.localRepository(),
            maven.userSettings(),
            maven.profiles(),
            maven.userProperties(),
            Optional.of(jdk.home()));
    try (MavenSession session = MavenSession.open(withJdk)) {
      Jdks jdks = jdks();
      String key = key(baseline.sources(), jdk);
      Finished finished = new Finished(work.resolve("finished"));
      Optional<Finished.Built> built = finished.baseline(key);
      if (built.isEmpty()) {
        return none(parts, "cannot verify: the project or its settings changed; run fix again");
      }
      ProjectBuild build = new ProjectBuild(sandbox, work, options, maven, jdks, progress);
      Ladder ladder =
          new Ladder(
              session,
              store,
              linkage,
              search,
              proofs,
              build,
              build.launcher(baseline.copy(), jdk),
              built.get().goal(),
              baseline,
              jdk,
              work,
              Math.max(1, options.flakyRuns()),
              progress);
      Verification verification = judge(ladder, patch, parts, finished, key);
      notes.addAll(build.notes());
      return verification;
    } catch (IOException | MavenProjectException e) {
      return none(parts, "cannot verify: " + message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("cancelled while the patch was verified");
    }
  }

  private Verification judge(
      Ladder ladder, PatchSet patch, List<String> parts, Finished finished, String key)
      throws IOException, InterruptedException {
    Map<String, SortedMap<Rung, Rung.Result>> cheap = new HashMap<>();
    Trial withoutBuild =
        chosen -> {
          String name = chosen.toString();
          SortedMap<Rung, Rung.Result> rungs = cheap.get(name);
          if (rungs == null) {
            rungs = ladder.withoutBuild(patch, Set.copyOf(chosen));
            cheap.put(name, rungs);
          }
          return rungs;
        };
    // First what costs no build, on all parts; only what passes there is built.
    Bisection.Split<SortedMap<Rung, Rung.Result>> linked = Bisection.of(parts, 0, withoutBuild);
    Trial withBuild =
        chosen -> {
          SortedMap<Rung, Rung.Result> rungs = new TreeMap<>(withoutBuild.of(chosen));
          if (rungs.size() == 3 && withoutBuild.passes(rungs)) {
            String done =
                WorkingCopy.sha256((key + digest(patch, chosen)).getBytes(StandardCharsets.UTF_8));
            Optional<SortedMap<Rung, Rung.Result>> known = finished.judged(done);
            if (known.isPresent()) {
              rungs.putAll(known.get());
            } else {
              SortedMap<Rung, Rung.Result> built = ladder.withBuild(patch, Set.copyOf(chosen));
              // Not what a later run may see otherwise: a build may fail for want of network.
              if (built.get(Rung.BUILDS) instanceof Rung.Result.Passed) {
                finished.judged(done, built);
              }
              rungs.putAll(built);
            }
          }
          return rungs;
        };
    Map<String, Verdict> verdicts = new TreeMap<>();
    linked.dropped().forEach((part, rungs) -> verdicts.put(part, Verdict.of(rungs)));
    if (linked.kept().isEmpty()) {
      return new Verification(verdicts, List.of(), Map.of());
    }
    // A proof takes seconds and a build minutes: what a proof refutes is not built.
    Map<PatchSet.Pair, SortedMap<Rung, Rung.Result>> proven =
        ladder.withoutProject(patch, Set.copyOf(linked.kept()), finished, key);
    List<String> standing = new ArrayList<>(linked.kept());
    for (PatchSet.Part part : patch.parts()) {
      SortedMap<Rung, Rung.Result> refuted = refuted(part, proven);
      if (standing.contains(part.id()) && !refuted.isEmpty()) {
        standing.remove(part.id());
        SortedMap<Rung, Rung.Result> rungs = new TreeMap<>(linked.result());
        rungs.putAll(refuted);
        verdicts.put(part.id(), Verdict.of(rungs));
      }
    }
    if (standing.isEmpty()) {
      return new Verification(verdicts, List.of(), proven);
    }
    List<String> ordered = new ArrayList<>(standing);
    ordered.removeIf(part -> !keptLast.contains(digest(patch, List.of(part))));
    int hopeful = ordered.size();
    standing.stream().filter(part -> !ordered.contains(part)).forEach(ordered::add);
    Bisection.Split<SortedMap<Rung, Rung.Result>> built = Bisection.of(ordered, hopeful, withBuild);
    keptLast.clear();
    built.kept().forEach(part -> keptLast.add(digest(patch, List.of(part))));
    built.dropped().forEach((part, rungs) -> verdicts.put(part, Verdict.of(rungs)));
    built.kept().forEach(part -> verdicts.put(part, Verdict.of(built.result())));
    return new Verification(verdicts, built.kept(), proven);
  }

  /** {@return the rungs of the first pair that a proof, or the jar itself, speaks against} */
  private static SortedMap<Rung, Rung.Result> refuted(
      PatchSet.Part part, Map<PatchSet.Pair, SortedMap<Rung, Rung.Result>> proven) {
    for (PatchSet.Pair pair : part.removes()) {
      SortedMap<Rung, Rung.Result> rungs =
          Optional.ofNullable(proven.get(pair)).orElseGet(TreeMap::new);
      if (rungs.values().stream().anyMatch(Rung.Result.Failed.class::isInstance)) {
        return rungs;
      }
    }
    return new TreeMap<>();
  }

  private interface Trial extends Bisection.Trial<SortedMap<Rung, Rung.Result>, IOException> {
    /** What was not run does not speak against a part: leaving parts out would not make it run. */
    @Override
    default boolean passes(SortedMap<Rung, Rung.Result> rungs) {
      return rungs.values().stream().noneMatch(Rung.Result.Failed.class::isInstance);
    }
  }

  private static String digest(PatchSet patch, List<String> parts) {
    StringBuilder text = new StringBuilder();
    patch.composer().compose(Set.copyOf(parts)).stream()
        .sorted(Comparator.comparing(FileChange::file))
        .forEach(c ->
            text.append(c.file()).append(' ').append(WorkingCopy.sha256(c.after())).append('\n'));
    return text.toString();
  }

  private static Verification none(List<String> parts, String because) {
    Map<String, Verdict> verdicts = new TreeMap<>();
    for (String part : parts) {
      verdicts.put(part, new Verdict.NotVerified(new TreeMap<>(), because));
    }
    return new Verification(verdicts, List.of(), Map.of());
  }

  private static String message(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.toString());
  }

  /**
   * What came of it.
   *
   * @param verdicts by part id, every part of the patch set
   * @param kept the parts that were verified together; where the project has no tests, that is
   *     without rung 5, and their verdicts say so
   * @param proven rungs 6 to 11 by pair, as far as they were climbed: a part that removes several
   *     vulnerabilities may have a proof of only one
   */
  public record Verification(
      Map<String, Verdict> verdicts,
      List<String> kept,
      Map<PatchSet.Pair, SortedMap<Rung, Rung.Result>> proven) {
    public Verification {
      verdicts = Map.copyOf(verdicts);
      kept = List.copyOf(kept);
      proven = Map.copyOf(proven);
    }

    /**
     * {@return what is said of one pair that a part removes}; empty for a part that was not judged
     */
    public Optional<Verdict> of(String part, PatchSet.Pair pair) {
      return Optional.ofNullable(verdicts.get(part))
          .map(verdict ->
              verdict instanceof Verdict.Incomplete
                  ? verdict
                  : verdict.with(Optional.ofNullable(proven.get(pair)).orElseGet(TreeMap::new)));
    }
  }
}
