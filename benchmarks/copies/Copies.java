package underpin.reach.functions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.method.JarCode;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Makes modified copies of affected and fixed releases, and searches them. The rule: the lists of
 * functions that ship, in the order of their ids; of each package the first; where both releases of
 * its first pair can be had and are no larger than 6 MB. Held out are packages by their names (see
 * {@link #isHeldOut}): the search was mended and its thresholds chosen by the others alone.
 */
final class Copies {
  private static final long LARGEST_JAR = 6L << 20;
  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /**
   * One advisory of one package.
   *
   * @param functions the classes that hold its functions, in binary form
   */
  private record Subject(
      FunctionList.Derived list, ReleasePair pair, Set<String> functions, boolean heldOut) {}

  /** What was found over some copies. */
  private static final class Count {
    int affected;
    int found;
    int fixed;
    int reported;
  }

  private final Optional<CopySearch> shipped;
  private final Map<String, Map<Boolean, Count>> counts = new LinkedHashMap<>();
  private final List<String> same = new ArrayList<>();
  private final MavenSession maven;
  private final AdvisoryStore store;
  private final Modified modified;
  private final SignatureCompiler compiler;

  private Copies(MavenSession maven, AdvisoryStore store) throws IOException {
    this.maven = maven;
    this.store = store;
    this.modified = new Modified(maven);
    List<FunctionList.Derived> lists = new ArrayList<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        lists.add(derived);
      }
    });
    this.compiler = new SignatureCompiler(maven, store, lists);
    this.shipped =
        System.getenv("FRESH") == null
            ? Optional.of(CopySearch.ofShipped(store))
            : Optional.empty();
  }

  public static void main(String[] args) throws Exception {
    int from = args.length == 2 ? Integer.parseInt(args[0]) : 0;
    int count = args.length == 2 ? Integer.parseInt(args[1]) : 40;
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults());
        AdvisoryStore store = AdvisoryStore.openDefault()) {
      new Copies(maven, store).run(from, count);
    }
  }

  private void run(int from, int count) throws Exception {
    Map<String, FunctionList.Derived> chosen = new LinkedHashMap<>();
    Map<String, FunctionList.Derived> byId = new TreeMap<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        chosen.putIfAbsent(derived.compared().getFirst().name(), derived);
        byId.put(derived.id(), derived);
      }
    });
    int taken = 0;
    for (FunctionList.Derived list : chosen.values()) {
      ReleasePair pair = list.compared().getFirst();
      Optional<Path> affected = jar(pair.name(), pair.affected());
      Optional<Path> fixed = affected.isEmpty() ? affected : jar(pair.name(), pair.fixed());
      if (fixed.isEmpty()) {
        continue;
      }
      Set<String> functions = functions(list, pair, affected.orElseThrow(), fixed.get());
      if (functions.isEmpty()) {
        same.add(list.id() + " " + pair.text());
        continue;
      }
      if (taken++ < from) {
        continue;
      }
      if (taken > from + count) {
        break;
      }
      subject(
          new Subject(list, pair, functions, isHeldOut(pair.name())),
          affected.orElseThrow(),
          fixed.get());
    }
    if (shipped.isPresent()) {
      otherBranches(byId);
    }
    print();
  }

  /**
   * The classes of the published functions that the pair changes; where it changes none of them, of
   * all that it changes. None where both releases have the same code, which nobody can tell apart.
   */
  private static Set<String> functions(
      FunctionList.Derived list, ReleasePair pair, Path affected, Path fixed) {
    Set<String> cut = new TreeSet<>();
    list.cut().forEach(f -> cut.add(JarComparison.unnumbered(f.id())));
    Set<String> published = new TreeSet<>();
    Set<String> all = new TreeSet<>();
    JarComparison.compare(
            pair,
            JarCode.read(affected, ArchiveLimits.DEFAULT),
            JarCode.read(fixed, ArchiveLimits.DEFAULT))
        .changes()
        .forEach(change -> {
          all.add(change.before().className());
          if (cut.contains(JarComparison.unnumbered(change.before().id()))) {
            published.add(change.before().className());
          }
        });
    return published.isEmpty() ? all : published;
  }

  /** By the first bit of the SHA-256 of {@code group:artifact}. */
  private static boolean isHeldOut(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return digest[0] < 0;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private Optional<Path> jar(String name, String version) throws IOException {
    String[] parts = name.split(":");
    Optional<Path> file = maven.fetch(new Gav(parts[0], parts[1], version));
    return file.isPresent() && Files.size(file.get()) <= LARGEST_JAR ? file : Optional.empty();
  }

  private void subject(Subject subject, Path affected, Path fixed) throws IOException {
    CopySearch search =
        shipped.orElseGet(() ->
            CopySearch.of(
                compiler.known(List.of(compiler.signature(subject.list()))),
                CopySearch.ranges(store)));
    Set<String> functions = subject.functions();
    Map<String, Map<String, byte[]>> bad =
        modified.all(subject.pair().name(), subject.pair().affected(), affected, functions);
    bad.forEach((kind, classes) ->
        check(search, kind, subject.pair().affected(), true, classes, subject));
    modified
        .all(subject.pair().name(), subject.pair().fixed(), fixed, functions)
        .forEach((kind, classes) -> check(search, kind, subject.pair().fixed(), false, classes, subject));
    // The functions come from the releases around the fix. What of those further away?
    for (Map.Entry<String, Boolean> other : away(subject).entrySet()) {
      Optional<Path> jar = jar(subject.pair().name(), other.getKey());
      if (jar.isPresent()) {
        check(
            search,
            "far from the fix, minimised",
            other.getKey(),
            other.getValue(),
            modified.minimised(subject.pair().name(), Modified.classes(jar.get()), functions),
            subject);
      }
    }
  }

  /** The releases in the middle of the affected ones, and of the fixed ones that follow. */
  private Map<String, Boolean> away(Subject subject) {
    List<Advisory> advisories =
        store.byId(subject.list().id()).stream()
            .filter(a -> a.packageName().equals(subject.pair().name()))
            .toList();
    String[] parts = subject.pair().name().split(":");
    List<String> stable =
        maven.versions(parts[0], parts[1]).stream().filter(Releases::isStable).toList();
    List<String> affected =
        stable.stream()
            .filter(v -> advisories.stream().anyMatch(a -> store.affects(a, v).isPresent()))
            .filter(v -> ORDER.compare(v, subject.pair().affected()) < 0)
            .toList();
    Map<String, Boolean> away = new LinkedHashMap<>();
    if (!affected.isEmpty()) {
      away.put(affected.get(affected.size() / 2), true);
    }
    List<String> fixed =
        stable.stream()
            .filter(v -> ORDER.compare(v, subject.pair().fixed()) > 0)
            .filter(v -> advisories.stream().noneMatch(a -> store.affects(a, v).isPresent()))
            .toList();
    if (!fixed.isEmpty()) {
      away.put(fixed.get(fixed.size() / 2), false);
    }
    return away;
  }

  private void check(
      CopySearch search,
      String kind, String version, boolean affected, Map<String, byte[]> classes, Subject subject) {
    boolean reported = isReported(search, classes, subject.list().id());
    count(kind, subject.heldOut(), affected, reported);
    if (affected != reported) {
      System.out.println(
          (affected ? "not found: " : "wrongly reported: ")
              + kind
              + " "
              + subject.list().id()
              + " "
              + subject.pair().name()
              + ":"
              + version
              + (subject.heldOut() ? " (held out)" : ""));
    }
  }

  private void count(String kind, boolean heldOut, boolean affected, boolean reported) {
    Count count =
        counts
            .computeIfAbsent(kind, _ -> new TreeMap<>())
            .computeIfAbsent(heldOut, _ -> new Count());
    if (affected) {
      count.affected++;
      count.found += reported ? 1 : 0;
    } else {
      count.fixed++;
      count.reported += reported ? 1 : 0;
    }
  }

  private static boolean isReported(CopySearch search, Map<String, byte[]> classes, String id) {
    CopySearch.Classes files =
        new CopySearch.Classes() {
          @Override
          public List<String> names() {
            return List.copyOf(classes.keySet());
          }

          @Override
          public byte[] read(String name) {
            return classes.get(name);
          }
        };
    try {
      return search.search(files).stream().anyMatch(c -> c.vulnerable().contains(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A backported fix, as nobody told the search of it: the pair of one branch is taken away, and its
   * releases are searched by what is known of the other branches.
   */
  private void otherBranches(Map<String, FunctionList.Derived> lists) throws IOException {
    int done = 0;
    for (Signature signature : KnownSignatures.shipped().signatures()) {
      for (Signature.Branch left : signature.branches()) {
        List<Signature.Branch> others =
            signature.branches().stream()
                .filter(b -> b != left && b.pair().name().equals(left.pair().name()))
                .filter(b -> !isSameLine(b.pair(), left.pair()))
                .toList();
        if (others.isEmpty() || done >= 120) {
          continue;
        }
        Optional<Path> affected = jar(left.pair().name(), left.pair().affected());
        Optional<Path> fixed = jar(left.pair().name(), left.pair().fixed());
        if (affected.isEmpty() || fixed.isEmpty()) {
          continue;
        }
        CopySearch without = CopySearch.of(
                compiler.known(List.of(new Signature(signature.id(), others))),
                CopySearch.ranges(store));
        Subject subject =
            new Subject(
                lists.get(signature.id()), left.pair(), Set.of(), isHeldOut(left.pair().name()));
        done++;
        for (boolean bad : List.of(true, false)) {
          boolean reported =
              isReported(
                  without,
                  Modified.classes(bad ? affected.get() : fixed.get()),
                  signature.id());
          count("fixed on an unknown branch", subject.heldOut(), bad, reported);
          if (bad != reported) {
            System.out.println(
                (bad ? "not found: " : "wrongly reported: ")
                    + "unknown branch "
                    + signature.id()
                    + " "
                    + left.pair().text());
          }
        }
      }
    }
  }

  /** Pairs that share a release are no branches of their own. */
  private static boolean isSameLine(ReleasePair one, ReleasePair other) {
    return one.affected().equals(other.affected()) || one.fixed().equals(other.fixed());
  }

  private void print() {
    System.out.printf("%n%-36s %22s %22s%n", "", "fitted on", "held out");
    System.out.printf(
        "%-36s %12s %9s %12s %9s%n", "", "found", "wrong", "found", "wrong");
    counts.forEach((kind, halves) -> {
      System.out.printf("%-36s", kind);
      for (boolean heldOut : List.of(false, true)) {
        Count c = halves.getOrDefault(heldOut, new Count());
        System.out.printf(
            " %12s %9s", c.found + " of " + c.affected, c.reported + " of " + c.fixed);
      }
      System.out.println();
    });
    System.out.println("Left out, for both releases have the same code: " + same);
    modified.report();
  }

  static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : new ArrayList<ZipEntry>(zip.stream().map(e -> (ZipEntry) e).toList())) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && !name.startsWith("META-INF")
            && !name.endsWith("-info.class")) {
          classes.put(name, zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    return classes;
  }
}
