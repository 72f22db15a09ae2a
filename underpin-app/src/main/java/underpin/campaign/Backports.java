package underpin.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import underpin.advisory.Advisory;
import underpin.advisory.VersionOrders;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.Pair;
import underpin.cases.PatchSet.Release;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.maven.Resolution;
import underpin.maven.Resolution.Dependency;
import underpin.version.Ecosystem;

/**
 * Puts fixes on the versions that a project has, and offers what came of it as releases: one for
 * each component, with all the fixes on it that hold.
 */
final class Backports {
  /** One fix onto one version; a try that has begun ends first, which takes seconds. */
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private static final Duration ALL = Duration.ofMinutes(15);

  private static final int MOST_NUMBERS = 20;

  private final Setup setup;
  private final MavenSession maven;
  private final Resolution project;
  private final Porting porting;
  private final KnownCode code;
  private final Path folder;
  private final Progress progress;
  private final TimeBudget budget = new TimeBudget(ALL);
  private final Map<Component, Optional<Release>> made = new HashMap<>();
  private final Map<Pair, String> because = new HashMap<>();

  /**
   * @param code learns the functions of what was fixed, to judge it by
   * @param folder gets the releases, as a Maven repository; emptied first
   */
  Backports(
      Setup setup,
      MavenSession maven,
      Resolution project,
      Porting porting,
      KnownCode code,
      Path folder,
      Progress progress) {
    this.setup = setup;
    this.maven = maven;
    this.project = project;
    this.porting = porting;
    this.code = code;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * {@return the releases made so far, those for these cases among them} A component is tried once,
   * with all of its cases that are given the first time.
   */
  List<Release> forCases(List<Case> cases) throws IOException, InterruptedException {
    SortedMap<Component, List<Case>> byComponent = new TreeMap<>();
    for (Case one : cases) {
      if (one.component().ecosystem().equals(Ecosystem.MAVEN)) {
        byComponent.computeIfAbsent(one.component(), _ -> new ArrayList<>()).add(one);
      }
    }
    boolean fresh = false;
    int done = 0;
    for (Map.Entry<Component, List<Case>> each : byComponent.entrySet()) {
      progress.at("backport", done++, byComponent.size(), each.getKey().display());
      if (!made.containsKey(each.getKey())) {
        made.put(each.getKey(), release(each.getKey(), each.getValue()));
        fresh = true;
      }
    }
    List<Release> releases = made.values().stream().flatMap(Optional::stream).toList();
    if (fresh && !releases.isEmpty()) {
      offer(releases);
    }
    return releases.stream().sorted(java.util.Comparator.comparing(Release::component)).toList();
  }

  /** {@return why there is no backport of a fix; empty where there is one or none was tried} */
  Optional<String> because(Pair pair) {
    return Optional.ofNullable(because.get(pair));
  }

  private void offer(List<Release> releases) throws IOException {
    BackportRun.delete(folder);
    for (Release release : releases) {
      for (PatchSet.FileChange file : release.files()) {
        Path to = folder.resolve(file.file());
        Files.createDirectories(to.resolveSibling(""));
        Files.write(to, file.after());
      }
    }
    maven.offer(folder.resolve(PatchSet.REPOSITORY));
  }

  private Optional<Release> release(Component component, List<Case> cases)
      throws IOException, InterruptedException {
    Optional<Dependency> dependency = dependency(component);
    if (dependency.isEmpty()) {
      refuse(cases, "no module has it as a jar that is at hand");
      return Optional.empty();
    }
    Gav gav = dependency.get().gav();
    if (!gav.classifier().isEmpty()) {
      refuse(cases, "it is a jar of its own kind, with the classifier " + gav.classifier());
      return Optional.empty();
    }
    Porting.Subject first =
        new Porting.Subject(gav, dependency.get().file().orElseThrow(), porting.sources(gav));
    if (first.sources().isEmpty()) {
      refuse(
          cases,
          setup.maven().offline()
              ? "its sources are not in the local repository, and this run is offline"
              : "its sources are in no repository at hand");
      return Optional.empty();
    }
    Path scratch = Files.createTempDirectory("underpin-backports-");
    try {
      return release(first, cases, scratch);
    } finally {
      BackportRun.delete(scratch);
    }
  }

  private Optional<Release> release(Porting.Subject first, List<Case> cases, Path scratch)
      throws IOException, InterruptedException {
    Porting.Subject subject = first;
    SortedMap<String, byte[]> sources = new TreeMap<>();
    List<BackportFiles.Fix> fixes = new ArrayList<>();
    byte[] jar = new byte[0];
    for (Case one : cases) {
      Pair pair = new Pair(one.component(), one.vulnerability().id());
      if (budget.getAsBoolean()) {
        because.put(pair, "the time for backports, " + budget.text() + ", was used up");
        continue;
      }
      List<Advisory> advisories =
          setup.store().byId(one.vulnerability().id()).stream()
              .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
              .toList();
      Path work = Files.createDirectories(scratch.resolve("work" + fixes.size()));
      Porting.Ported ported = ported(subject, advisories, work);
      if (ported.code().isEmpty()) {
        because.put(pair, ported.outcome().because());
        continue;
      }
      if (ported.code().get().sources().isEmpty() && cases.size() > 1) {
        // The next fix would be compiled from sources that do not have this one.
        because.put(
            pair, "it could be made from class files alone, and other fixes of it from sources");
        continue;
      }
      sources.putAll(ported.code().get().sources());
      jar = ported.code().get().jar();
      fixes.add(new BackportFiles.Fix(advisories, ported.outcome()));
      code.learn(porting.functions(advisories, Optional.empty()), maven);
      Path next = scratch.resolve("fixed" + fixes.size() + ".jar");
      Path nextSources = scratch.resolve("fixed" + fixes.size() + "-sources.jar");
      Files.write(next, jar);
      Files.write(nextSources, BackportFiles.sources(first.sources().orElseThrow(), sources));
      subject = new Porting.Subject(first.component(), next, Optional.of(nextSources));
    }
    if (fixes.isEmpty()) {
      return Optional.empty();
    }
    Gav from = first.component();
    Gav to = BackportFiles.nextVersion(from, maven, VersionOrders.of(Ecosystem.MAVEN));
    for (int i = 0; i < MOST_NUMBERS && isTaken(to, jar); i++) {
      to =
          from.withVersion(
              BackportFiles.nextVersion(to, maven, VersionOrders.of(Ecosystem.MAVEN)).version());
    }
    return Optional.of(
        BackportFiles.of(
                first, to, new Porting.Code(jar, sources), fixes, maven, setup.toolVersion())
            .release(from));
  }

  private Porting.Ported ported(Porting.Subject subject, List<Advisory> advisories, Path work)
      throws IOException, InterruptedException {
    BooleanSupplier isSpent = budget.within(LONGEST);
    return budget.spend(() -> {
      try {
        return porting.port(subject, advisories, Optional.empty(), Optional.empty(), work, isSpent);
      } catch (IOException e) {
        // One that cannot be read must not keep the others from being fixed.
        return Porting.incomplete("it could not be made: " + e.getMessage());
      }
    });
  }

  /** The local repository may have another release of that name, which Maven would take. */
  private boolean isTaken(Gav gav, byte[] jar) throws IOException {
    for (Path there : maven.copiesAtHand(gav)) {
      if (!Arrays.equals(Files.readAllBytes(there), jar)) {
        return true;
      }
    }
    return false;
  }

  private void refuse(List<Case> cases, String why) {
    cases.forEach(one -> because.put(new Pair(one.component(), one.vulnerability().id()), why));
  }

  private Optional<Dependency> dependency(Component component) {
    return project.modules().stream()
        .flatMap(m -> m.dependencies().stream())
        .filter(d -> !d.reactorModule() && d.gav().component().equals(component))
        .filter(d ->
            d.file().filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).isPresent())
        .filter(d -> d.gav().extension().equals("jar"))
        .findFirst();
  }
}
