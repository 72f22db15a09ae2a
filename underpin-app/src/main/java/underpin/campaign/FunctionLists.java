package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Progress;
import underpin.evidence.Sha256;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionJson;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.version.Ecosystem;

/**
 * The functions of many vulnerabilities: those that ship, and the others derived a few at a time,
 * each within a time. What was derived is kept, so a run that is stopped goes on where it was.
 */
final class FunctionLists {
  /** One derivation: a slow repository, or a release of 50,000 classes, must not hold up all. */
  private static final Duration LONGEST = Duration.ofSeconds(90);

  /**
   * After that long a scan that only looks at what is at hand begins no further derivation; the
   * next scan goes on from there.
   */
  private static final Duration LONGEST_LOCALLY = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(100);

  /**
   * Derivations wait for repositories more than for a core; each holds two releases in memory. Of
   * what is at hand one after the other is sooner done: each uses all cores.
   */
  private static final int AT_ONCE = 3;

  private final AdvisoryStore store;
  private final MavenOptions maven;
  private final CallSearch search;
  private final Path repository;
  private final Progress progress;
  private final Map<String, List<Advisory>> advisories = new TreeMap<>();

  /**
   * @param search not {@link CallSearch#NONE}
   * @param repository the local Maven repository
   */
  FunctionLists(
      AdvisoryStore store,
      MavenOptions maven,
      CallSearch search,
      Path repository,
      Progress progress) {
    this.store = store;
    this.maven = reaching(maven, search);
    this.search = search;
    this.repository = repository;
    this.progress = progress;
  }

  /** With the network or without, as the user wants it. */
  static MavenOptions reaching(MavenOptions maven, CallSearch search) {
    return new MavenOptions(
        maven.offline() || search == CallSearch.LOCAL,
        maven.localRepository(),
        maven.userSettings(),
        maven.profiles(),
        maven.userProperties(),
        maven.javaHome(),
        maven.trustProjectRepositories());
  }

  private List<Advisory> advisories(String id) {
    return advisories.computeIfAbsent(
        id,
        unknown ->
            store.byId(unknown).stream()
                .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
                .toList());
  }

  /**
   * {@return a digest of all that the functions of a vulnerability follow from: what its advisory
   * says, and which releases of its packages are at hand} Derives nothing.
   */
  String basis(String id) {
    StringBuilder basis = new StringBuilder();
    basis.append(FunctionJson.VERSION).append(' ').append(search).append(' ').append(id);
    SortedSet<String> packages = new TreeSet<>();
    for (Advisory advisory : advisories(id)) {
      basis
          .append('\n')
          .append(advisory.packageName())
          .append(advisory.ranges())
          .append(advisory.affectedVersions())
          .append(advisory.sourceIds())
          .append(advisory.vulnerability());
      packages.add(advisory.packageName());
    }
    packages.forEach(name -> basis.append('\n').append(name).append(atHand(name)));
    return Sha256.hex(basis.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /** Folders of releases by their time: each file that comes or goes changes it. */
  private List<String> atHand(String packageName) {
    int colon = packageName.indexOf(':');
    if (colon < 0) {
      return List.of();
    }
    Path folder =
        repository
            .resolve(packageName.substring(0, colon).replace('.', '/'))
            .resolve(packageName.substring(colon + 1));
    List<String> releases = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path release : all.sorted().toList()) {
        releases.add(release.getFileName() + " " + Files.getLastModifiedTime(release));
      }
    } catch (IOException none) {
      return List.of();
    }
    return releases;
  }

  /** {@return whether a list may be taken for the same the next time} Repositories may answer. */
  boolean isFinal(FunctionList list) {
    return switch (list) {
      case FunctionList.Derived _ -> true;
      case FunctionList.Undecided undecided ->
          search == CallSearch.LOCAL
              && !undecided.because().startsWith(OVERDUE)
              && !undecided.because().equals(LEFT);
    };
  }

  private static final String OVERDUE = "to derive them takes longer than ";

  private static final String LEFT =
      "there was no time to derive them in this scan; the next one goes on, and --reach all takes its time";

  /**
   * {@return the list of each id}
   *
   * @param ids those that matter most first
   */
  Map<String, FunctionList> of(SequencedSet<String> ids) {
    Map<String, FunctionList> lists = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (String id : ids) {
      ShippedFunctions.of(advisories(id))
          .ifPresentOrElse(list -> lists.put(id, list), () -> others.add(id));
    }
    if (!others.isEmpty()) {
      derive(others, lists);
    }
    return lists;
  }

  /** One derivation that has begun. */
  private record Begun(String id, FutureTask<FunctionList> task, long at) {}

  private void derive(List<String> ids, Map<String, FunctionList> lists) {
    List<Begun> begun = new ArrayList<>();
    try (MavenSession session = MavenSession.open(maven)) {
      FunctionFinder finder =
          new FunctionFinder(
              session,
              name -> store.forPackage(Ecosystem.MAVEN, name).size(),
              Optional.of(WorkFolder.cache("functions")),
              Progress.SILENT);
      List<String> waiting = new ArrayList<>(ids);
      long until = System.nanoTime() + LONGEST_LOCALLY.toNanos();
      int done = 0;
      while (!waiting.isEmpty() || !begun.isEmpty()) {
        if (search == CallSearch.LOCAL && System.nanoTime() > until) {
          waiting.forEach(id -> lists.put(id, left(id)));
          waiting.clear();
        }
        while (!waiting.isEmpty() && begun.size() < atOnce()) {
          begun.add(begin(waiting.removeFirst(), finder));
        }
        if (begun.isEmpty()) {
          return;
        }
        progress.at("functions", done, ids.size(), begun.getFirst().id());
        for (Begun each : List.copyOf(begun)) {
          Optional<FunctionList> ended = ended(each);
          if (ended.isPresent()) {
            lists.put(each.id(), ended.get());
            begun.remove(each);
            done++;
          }
        }
      }
    } finally {
      begun.forEach(each -> each.task().cancel(true));
    }
  }

  private static FunctionList left(String id) {
    return new FunctionList.Undecided(id, LEFT, List.of());
  }

  private int atOnce() {
    return search == CallSearch.LOCAL ? 1 : AT_ONCE;
  }

  private Begun begin(String id, FunctionFinder finder) {
    List<Advisory> of = advisories(id);
    FutureTask<FunctionList> task = new FutureTask<>(() -> finder.find(id, of, ""));
    Thread.ofPlatform().daemon().name("functions of " + id).start(task);
    return new Begun(id, task, System.nanoTime());
  }

  /** {@return the result, waiting a moment for it; undecided once it is overdue} */
  private static Optional<FunctionList> ended(Begun begun) {
    try {
      return Optional.of(begun.task().get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException goesOn) {
      if (System.nanoTime() - begun.at() < LONGEST.toNanos()) {
        return Optional.empty();
      }
      begun.task().cancel(true);
      return Optional.of(
          new FunctionList.Undecided(
              begun.id(),
              OVERDUE + LONGEST.toSeconds() + " s; see underpin advisories functions " + begun.id(),
              List.of()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException stopped = new CancellationException("cancelled while deriving");
      stopped.initCause(e);
      throw stopped;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
