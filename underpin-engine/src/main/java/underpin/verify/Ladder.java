package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.PatchSet.Pair;
import underpin.cases.PatchSet.Release;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.Linkage;
import underpin.program.LinkageBreak;
import underpin.program.Surface;
import underpin.verify.Baseline.Jdk;
import underpin.version.Ecosystem;

/** Climbs the rungs for one choice of parts, and stops at the first that fails. */
final class Ladder {
  private final MavenSession session;
  private final AdvisoryStore store;
  private final Linkage linkage;
  private final CodeSearch search;
  private final ProofJudge proofs;
  private final ProjectBuild build;
  private final List<String> launcher;
  private final String goal;
  private final Baseline baseline;
  private final Jdk jdk;
  private final Path work;
  private final TestRung tests;
  private final Progress progress;
  private final Resolution before;
  private final Set<Pair> pairsBefore;
  private final Map<String, Set<Advisory>> advisories = new HashMap<>();

  Ladder(
      MavenSession session,
      AdvisoryStore store,
      Linkage linkage,
      CodeSearch search,
      ProofJudge proofs,
      ProjectBuild build,
      List<String> launcher,
      String goal,
      Baseline baseline,
      Jdk jdk,
      Path work,
      int flakyRuns,
      Progress progress)
      throws MavenProjectException {
    this.session = session;
    this.store = store;
    this.linkage = linkage;
    this.search = search;
    this.proofs = proofs;
    this.build = build;
    this.launcher = launcher;
    this.goal = goal;
    this.baseline = baseline;
    this.jdk = jdk;
    this.work = work;
    this.tests =
        new TestRung(
            baseline.copy(),
            baseline.tests(),
            flakyRuns,
            (copy, names, stage) -> build.repeat(launcher, goal, copy, jdk, names, stage));
    this.progress = progress;
    Reactor reactor = session.read(baseline.copy(), PomOverlay.NONE);
    this.before = session.resolve(reactor, true, progress);
    this.pairsBefore = pairs(before);
  }

  /** Rungs 1 to 3: what can be known without a build. */
  SortedMap<Rung, Result> withoutBuild(PatchSet patch, Set<String> parts) throws IOException {
    SortedMap<Rung, Result> rungs = new TreeMap<>();
    List<FileChange> changes = patch.composer().compose(parts);
    Result applies = applies(changes);
    rungs.put(Rung.APPLIES, applies);
    if (!(applies instanceof Result.Passed)) {
      return rungs;
    }
    Resolution after;
    try {
      after = after(changes);
    } catch (MavenProjectException e) {
      rungs.put(Rung.VULNERABLE_CODE_GONE, new Result.Failed(message(e)));
      return rungs;
    }
    List<Pair> removes =
        patch.parts().stream()
            .filter(p -> parts.contains(p.id()))
            .flatMap(p -> p.removes().stream())
            .toList();
    Result gone = gone(after, removes, patch.releases());
    rungs.put(Rung.VULNERABLE_CODE_GONE, gone);
    if (!(gone instanceof Result.Failed)) {
      rungs.put(Rung.LINKS, links(after));
    }
    return rungs;
  }

  private Resolution after(List<FileChange> changes) throws IOException, MavenProjectException {
    Map<Path, byte[]> contents = new HashMap<>();
    changes.forEach(c -> contents.put(baseline.copy().resolve(c.file()).normalize(), c.after()));
    offer(changes);
    return session.resolve(session.read(baseline.copy(), new PomOverlay(contents)), true, progress);
  }

  /**
   * Rungs 6 to 11 for each pair that these parts remove, by what the patched project resolves to.
   *
   * @param key of all else that answers follow from; with it they are kept
   */
  Map<Pair, SortedMap<Rung, Result>> withoutProject(
      PatchSet patch, Set<String> parts, Finished finished, String key)
      throws IOException, InterruptedException {
    Map<Pair, SortedMap<Rung, Result>> results = new HashMap<>();
    Resolution after;
    try {
      after = after(patch.composer().compose(parts));
    } catch (MavenProjectException e) {
      return results; // rung 2 tells
    }
    List<Pair> pairs =
        patch.parts().stream()
            .filter(p -> parts.contains(p.id()))
            .flatMap(p -> p.removes().stream())
            .distinct()
            .sorted(
                java.util.Comparator.comparing(Pair::component)
                    .thenComparing(Pair::vulnerabilityId))
            .toList();
    Map<Component, Result> compatible = new HashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      progress.at("proofs", i, pairs.size(), byName(pair));
      SortedMap<Rung, Result> rungs = new TreeMap<>();
      Optional<Places> places = places(pair.component(), after);
      boolean own =
          places
              .filter(p ->
                  patch.releases().stream()
                      .anyMatch(r -> r.component().equals(p.after().component())))
              .isPresent();
      rungs.putAll(
          places.isEmpty()
              ? ProofJudge.notRun(
                  "no module has " + pair.component().name() + " before and after, as a jar")
              : proof(
                  pair,
                  places.get(),
                  own ? ProofJudge.Depth.PATCH : ProofJudge.Depth.RELEASE,
                  finished,
                  key));
      if (own) {
        rungs.put(
            Rung.BINARY_COMPATIBLE,
            compatible.computeIfAbsent(
                pair.component(),
                _ -> compatible(places.get().before().file(), places.get().after().file())));
      }
      results.put(pair, rungs);
    }
    return results;
  }

  /** One component in one module, and what lies beside it. */
  private record Place(Component component, Path file, Map<String, Path> others) {
    ProofJudge.Artifact artifact() {
      return new ProofJudge.Artifact(file, others);
    }
  }

  private record Places(Place before, Place after) {}

  /** The first module that has it at run time, else in its tests. */
  private Optional<Places> places(Component component, Resolution after) {
    Map<String, ModuleResolution> now = new HashMap<>();
    after.modules().forEach(m -> now.put(m.module().path(), m));
    Optional<Places> inTests = Optional.empty();
    for (ModuleResolution module : before.modules()) {
      ModuleResolution other = now.get(module.module().path());
      Optional<Dependency> old =
          module.dependencies().stream()
              .filter(d -> d.gav().component().equals(component))
              .findFirst();
      if (other == null || old.isEmpty()) {
        continue;
      }
      Optional<Dependency> fresh =
          other.dependencies().stream()
              .filter(d -> d.gav().component().name().equals(component.name()))
              .findFirst();
      Optional<Place> was = place(old.get(), module);
      Optional<Place> is = fresh.flatMap(f -> place(f, other));
      if (was.isPresent() && is.isPresent()) {
        Places found = new Places(was.get(), is.get());
        if (!old.get().scope().equals("test")) {
          return Optional.of(found);
        }
        inTests = inTests.or(() -> Optional.of(found));
      }
    }
    return inTests;
  }

  private static Optional<Place> place(Dependency one, ModuleResolution module) {
    Optional<Path> file = one.file().filter(Files::isRegularFile);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Path> others = new java.util.LinkedHashMap<>();
    boolean tests = one.scope().equals("test");
    for (Dependency other : module.dependencies()) {
      if (!other.equals(one) && (tests || !other.scope().equals("test"))) {
        other
            .file()
            .filter(Files::isRegularFile)
            .ifPresent(jar -> others.putIfAbsent(other.gav().component().name(), jar));
      }
    }
    return Optional.of(new Place(one.gav().component(), file.get(), others));
  }

  private SortedMap<Rung, Result> proof(
      Pair pair, Places places, ProofJudge.Depth depth, Finished finished, String key)
      throws IOException, InterruptedException {
    Set<String> ids = ids(pair);
    Optional<underpin.cases.Proof> proof = proofs.proof(ids, pair.component().name());
    if (proof.isEmpty()) {
      return proofs.judge(
          ids,
          pair.component().name(),
          places.before().artifact(),
          places.after().artifact(),
          jdk,
          depth);
    }
    StringBuilder basis = new StringBuilder(key).append(depth).append(proof.get());
    for (Place place : List.of(places.before(), places.after())) {
      basis.append('\n').append(WorkingCopy.digest(place.file()));
      for (Path other : place.others().values()) {
        basis.append(' ').append(WorkingCopy.digest(other));
      }
    }
    String done =
        WorkingCopy.sha256(basis.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Optional<SortedMap<Rung, Result>> known = finished.judged(done);
    if (known.isPresent()) {
      return known.get();
    }
    SortedMap<Rung, Result> rungs =
        proofs.judge(
            ids,
            pair.component().name(),
            places.before().artifact(),
            places.after().artifact(),
            jdk,
            depth);
    // What did not run may run the next time.
    if (!(rungs.get(Rung.PROOF_STOPPED) instanceof Result.NotRun)) {
      finished.judged(done, rungs);
    }
    return rungs;
  }

  private Set<String> ids(Pair pair) {
    Set<String> ids = new TreeSet<>(Set.of(pair.vulnerabilityId()));
    store.forPackage(Ecosystem.MAVEN, pair.component().name()).stream()
        .filter(a -> a.vulnerability().id().equals(pair.vulnerabilityId()))
        .forEach(a -> ids.addAll(a.vulnerability().aliases()));
    return ids;
  }

  private static Result compatible(Path before, Path after) {
    try {
      List<String> losses = Surface.losses(before, after, ArchiveLimits.DEFAULT);
      return losses.isEmpty()
          ? new Result.Passed("no visible class or member of it is gone or narrower")
          : new Result.Failed(Some.of(losses));
    } catch (IOException e) {
      return new Result.NotRun(message(e));
    }
  }

  private Result applies(List<FileChange> changes) throws IOException {
    if (changes.isEmpty()) {
      return new Result.Failed("the patch changes no file");
    }
    for (FileChange change : changes) {
      Path file = baseline.project().resolve(change.file()).normalize();
      String recorded = baseline.sources().get(change.file());
      if (change.isNew() && recorded == null && file.startsWith(baseline.project())) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          return new Result.Failed(
              change.file() + " is there, but was not when the patch was made; run fix again");
        }
        continue;
      }
      if (!file.startsWith(baseline.project()) || recorded == null) {
        return new Result.Failed(
            change.file() + " is no file of the project as it was when the baseline was recorded");
      }
      if (!recorded.equals(WorkingCopy.sha256(change.before()))) {
        return new Result.Failed(
            "%s: the patch was made for sha256 %s, the base has %s; make the patch again"
                .formatted(change.file(), WorkingCopy.sha256(change.before()), recorded));
      }
      byte[] now = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      if (!Arrays.equals(now, change.before())) {
        return new Result.Failed(change.file() + " has changed since the baseline was built");
      }
    }
    return new Result.Passed(
        changes.size() + (changes.size() == 1 ? " file" : " files") + " as recorded by SHA-256");
  }

  /** The releases that the patch brings along lie in no repository yet. */
  private void offer(List<FileChange> changes) throws IOException {
    Path folder = work.resolve("offered");
    WorkingCopy.delete(folder);
    for (FileChange change : changes) {
      if (change.file().startsWith(PatchSet.REPOSITORY + "/")) {
        Path file = folder.resolve(change.file()).normalize();
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, change.after());
      }
    }
    session.offer(folder.resolve(PatchSet.REPOSITORY));
  }

  private Result gone(Resolution after, List<Pair> removes, List<Release> releases) {
    Set<String> known =
        before.problems().stream().map(p -> p.message()).collect(Collectors.toSet());
    List<String> unresolved =
        java.util.stream.Stream.concat(
                after.problems().stream(), after.reactor().problems().stream())
            .filter(p -> !known.contains(p.message()) && !before.reactor().problems().contains(p))
            .map(p -> p.place() + ": " + p.message())
            .toList();
    if (!unresolved.isEmpty()) {
      return new Result.Failed("does not resolve: " + Some.of(unresolved));
    }
    if (after.modules().size() < before.modules().size()) {
      return new Result.Failed("modules are missing after the change");
    }
    Set<Pair> pairs = pairs(after);
    pairs.removeIf(pair ->
        releases.stream()
            .anyMatch(each ->
                each.component().equals(pair.component())
                    && each.fixes().contains(pair.vulnerabilityId())));
    List<String> left = new ArrayList<>();
    Set<String> namesBefore = pairsBefore.stream().map(Ladder::byName).collect(Collectors.toSet());
    Set<String> removed = removes.stream().map(Ladder::byName).collect(Collectors.toSet());
    for (Pair pair : pairs) {
      String shown = pair.vulnerabilityId() + " in " + pair.component().display();
      if (removes.contains(pair)) {
        left.add(shown + " is still there");
      } else if (!namesBefore.contains(byName(pair))) {
        left.add(shown + " is new");
      } else if (removed.contains(byName(pair)) && !pairsBefore.contains(pair)) {
        left.add(shown + " took the place of the version that was to go");
      }
    }
    if (left.isEmpty()) {
      ByCode byCode = byCode(after, removes);
      left.addAll(byCode.left());
      if (left.isEmpty()) {
        List<String> claimed = claimed(after, removes, releases);
        if (!claimed.isEmpty()) {
          return new Result.NotRun(
              "nothing but its maker says that the fix is in it: " + Some.of(claimed));
        }
        return new Result.Passed(
            "%d vulnerable pairs gone from all modules and scopes, none added (%d before, %d now)%s"
                .formatted(
                    new TreeSet<>(removes.stream().map(Pair::toString).toList()).size(),
                    pairsBefore.size(),
                    pairs.size(),
                    byCode.said()));
      }
    }
    left.sort(null);
    return new Result.Failed(Some.of(left));
  }

  /**
   * @param left where vulnerable code still is that was to go
   * @param said what was told by code and what by version alone
   */
  private record ByCode(List<String> left, String said) {}

  /**
   * Looks into every jar: versions are what somebody wrote. A copy in the jar of another component
   * that the patch leaves alone is a case of its own, and stays one.
   */
  private ByCode byCode(Resolution after, List<Pair> removes) {
    Set<String> ids = removes.stream().map(Pair::vulnerabilityId).collect(Collectors.toSet());
    Set<String> told = new TreeSet<>(ids);
    told.retainAll(search.known());
    if (told.isEmpty()) {
      return new ByCode(
          List.of(), ids.isEmpty() ? "" : "; by version: no function of them is known");
    }
    Map<Path, Component> jars = jars(after);
    Set<Path> unchanged = jars(before).keySet();
    Set<String> removedNames =
        removes.stream().map(p -> holder(p.component())).collect(Collectors.toSet());
    List<String> left = new ArrayList<>();
    Set<String> elsewhere = new TreeSet<>();
    jars.forEach((jar, component) ->
        search
            .vulnerable(jar)
            .forEach((id, functions) -> {
              if (!told.contains(id)) {
                return;
              }
              if (unchanged.contains(jar) && !removedNames.contains(component.name())) {
                elsewhere.add(id + " in " + component.display());
              } else {
                left.add(
                    "the code of %s is still in %s: %s"
                        .formatted(id, component.display(), functions.getFirst()));
              }
            }));
    String said =
        "; by their functions %d of %d vulnerabilities in none of %d jars, the others by version"
            .formatted(told.size(), ids.size(), jars.size());
    return new ByCode(
        left,
        elsewhere.isEmpty()
            ? said
            : said
                + "; copies in components that this leaves alone: "
                + Some.of(List.copyOf(elsewhere)));
  }

  /**
   * {@return fixes that a release of the patch's own is to hold, and that its code does not show}
   */
  private List<String> claimed(Resolution after, List<Pair> removes, List<Release> releases) {
    Set<String> ids = removes.stream().map(Pair::vulnerabilityId).collect(Collectors.toSet());
    Set<String> claimed = new TreeSet<>();
    jars(after)
        .forEach((jar, component) ->
            releases.stream()
                .filter(each -> each.component().equals(component))
                .forEach(each ->
                    each.fixes().stream()
                        .filter(ids::contains)
                        .filter(id -> !search.fixed(jar).containsKey(id))
                        .forEach(id -> claimed.add(id + " in " + component.display()))));
    return List.copyOf(claimed);
  }

  /** The name of what a vulnerability is to be gone from: what holds the code of a component. */
  private static String holder(Component component) {
    String carrier = component.qualifiers().get(Embedding.QUALIFIER);
    return carrier == null ? component.name() : carrier.substring(0, carrier.lastIndexOf(':'));
  }

  private static Map<Path, Component> jars(Resolution resolution) {
    Map<Path, Component> jars = new TreeMap<>();
    for (ModuleResolution module : resolution.modules()) {
      for (Dependency dependency : module.dependencies()) {
        if (!dependency.reactorModule()) {
          dependency
              .file()
              .filter(Files::isRegularFile)
              .ifPresent(file -> jars.put(file, dependency.gav().component()));
        }
      }
    }
    return jars;
  }

  private static String byName(Pair pair) {
    return pair.component().name() + " " + pair.vulnerabilityId();
  }

  private Set<Pair> pairs(Resolution resolution) {
    Map<Component, List<Pair>> known = new HashMap<>();
    for (ModuleResolution module : resolution.modules()) {
      for (Dependency dependency : module.dependencies()) {
        if (!dependency.reactorModule()) {
          known.computeIfAbsent(dependency.gav().component(), this::pairsOf);
        }
      }
    }
    return known.values().stream().flatMap(List::stream).collect(Collectors.toSet());
  }

  private List<Pair> pairsOf(Component component) {
    Set<Advisory> named =
        advisories.computeIfAbsent(
            component.name(), n -> Set.copyOf(store.forPackage(Ecosystem.MAVEN, n)));
    return named.stream()
        .filter(a -> store.affects(a, component.version()).isPresent())
        .map(a -> new Pair(component, a.vulnerability().id()))
        .toList();
  }

  private Result links(Resolution after) {
    Map<String, ModuleResolution> now = new HashMap<>();
    after.modules().forEach(m -> now.put(m.module().path(), m));
    TreeSet<LinkageBreak> breaks = new TreeSet<>();
    int compared = 0;
    for (ModuleResolution module : before.modules()) {
      ModuleResolution other = now.get(module.module().path());
      if (other == null) {
        continue;
      }
      for (Set<String> scopes :
          List.of(
              Set.of("compile", "runtime", "provided", "system"),
              Set.of("compile", "runtime", "provided", "system", "test"))) {
        boolean tests = scopes.contains("test");
        ClassPath old = classPath(module, scopes, tests);
        ClassPath fresh = classPath(other, scopes, tests);
        progress.at("link", compared, 2L * before.modules().size(), module.module().path());
        compared++;
        if (!old.equals(fresh)) {
          breaks.addAll(linkage.compare(old, fresh));
        }
      }
    }
    return breaks.isEmpty()
        ? new Result.Passed(
            "every reference that resolves now resolves after, on " + compared + " class paths")
        : new Result.Failed(
            Some.of(
                breaks.stream()
                    .map(b ->
                        "%s (%s) refers to %s, %s"
                            .formatted(b.from(), b.place(), b.reference(), b.because()))
                    .toList()));
  }

  private ClassPath classPath(ModuleResolution module, Set<String> scopes, boolean tests) {
    Map<String, List<Path>> classes = baseline.classFolders();
    List<ClassPath.Entry> entries = new ArrayList<>();
    List<Path> own = classes.getOrDefault(module.module().path(), List.of());
    for (Path folder : tests ? own.reversed() : own) {
      if (tests || !folder.endsWith("test-classes")) {
        entries.add(
            new ClassPath.Entry(
                module.module().path(),
                module.module().gav().key() + (folder.endsWith("test-classes") ? ":tests" : ""),
                folder,
                true));
      }
    }
    for (Dependency dependency : module.dependencies()) {
      if (scopes.contains(dependency.scope())) {
        dependency
            .file()
            .filter(Files::exists)
            .filter(f -> dependency.gav().extension().equals("jar") || Files.isDirectory(f))
            .ifPresent(file ->
                entries.add(
                    new ClassPath.Entry(
                        dependency.gav().toString(),
                        dependency.gav().withVersion("").toString(),
                        file,
                        dependency.reactorModule())));
      }
    }
    return new ClassPath(entries, jdk.release());
  }

  /** Rungs 4 and 5, on a fresh copy of the base with the patch applied. */
  SortedMap<Rung, Result> withBuild(PatchSet patch, Set<String> parts)
      throws IOException, InterruptedException {
    SortedMap<Rung, Result> rungs = new TreeMap<>();
    Path copy = work.resolve("patched");
    WorkingCopy.copy(baseline.project(), work, copy);
    SortedMap<String, String> base = WorkingCopy.digests(copy, work);
    if (!base.equals(baseline.sources())) {
      rungs.put(
          Rung.APPLIES,
          new Result.Failed("the project has changed since the baseline was built; run fix again"));
      return rungs;
    }
    for (FileChange change : patch.composer().compose(parts)) {
      Path file = copy.resolve(change.file());
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, change.after());
    }
    for (Release release : patch.releases()) {
      build.forget(release.component());
    }
    ProjectBuild.Outcome outcome = build.build(launcher, goal, copy, jdk, "build");
    if (outcome.failure().isPresent()) {
      rungs.put(Rung.BUILDS, new Result.Failed(outcome.failure().get()));
      return rungs;
    }
    rungs.put(
        Rung.BUILDS, new Result.Passed("mvn " + goal + " on JDK " + jdk.release() + " succeeds"));
    rungs.put(Rung.TESTS, tests.judge(copy, outcome.tests()));
    return rungs;
  }

  private static String message(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.toString());
  }
}
