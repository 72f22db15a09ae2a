package underpin.reach.functions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.cases.Embedding;
import underpin.maven.MavenSession;
import underpin.program.Archive;
import underpin.program.ArchiveLimits;
import underpin.program.method.ClassCode;
import underpin.program.method.Events;
import underpin.program.method.Fingerprint;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Finds known vulnerable functions in any code by their fingerprints, whatever its name, version or
 * packages. Simple names of classes and methods are what it goes by first: relocation and
 * minimising keep them, and they tell from the names of entries which few classes must be read.
 * Obfuscated code, which has other names, is not found.
 */
public final class CopySearch {
  /** So many features must agree in all, or the likeness may be chance. */
  private static final int LEAST_FEATURES = 12;

  /** How clearly the functions must lean to one side, all together, to say so. */
  private static final double CLEAR = 0.15;

  /** What it says that a function of the fix is missing in a class that is there. */
  private static final double MISSING = 0.5;

  /** Of two packages with the same code, one with less than this part of the other's classes. */
  private static final double LESSER = 0.5;

  /** Which part of the classes must be exactly as in a release, to say that it is like it. */
  private static final double LEAST_EXACT = 0.5;

  /** Releases that differ in a smaller part of the classes cannot be told apart by these. */
  private static final double SAME_RELEASE = 0.05;

  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /** One function of one branch of one advisory. */
  private record Known(Signature signature, Signature.Branch branch, Signature.Print print) {}

  /** Tells which releases are affected. */
  @FunctionalInterface
  interface Ranges {
    boolean affects(String id, String packageName, String version);
  }

  /** The class files of one archive. */
  public interface Classes {
    /** {@return entry names} */
    List<String> names();

    /** {@return the bytes of one class file; none where it cannot be read} */
    byte[] read(String name) throws IOException;
  }

  /**
   * A package whose code lies in what was searched.
   *
   * @param packageName {@code group:artifact}
   * @param atLeast the fixes up to this version are in it; empty where none is known to be
   * @param below this version's fix is not in it; empty where every known fix is
   * @param representative a release within those bounds, the last one known
   * @param vulnerable ids of the vulnerabilities whose functions were found as they were before
   *     their fix, sorted; and of those whose functions do not tell, where the whole package is
   *     there and every release that it can be is affected: these have no evidence
   * @param fixed ids of those whose functions were found fixed, sorted
   * @param absent ids of those of the package whose functions are not there, or cannot be told
   * @param evidence the methods that were recognised, by id of the vulnerability
   */
  public record Copy(
      String packageName,
      Optional<String> atLeast,
      Optional<String> below,
      String representative,
      List<String> vulnerable,
      List<String> fixed,
      List<String> absent,
      Map<String, List<Embedding.Function>> evidence) {
    public Copy {
      vulnerable = List.copyOf(vulnerable);
      fixed = List.copyOf(fixed);
      absent = List.copyOf(absent);
      evidence = java.util.Collections.unmodifiableMap(new TreeMap<>(evidence));
    }
  }

  /** How one method matches one function. */
  private record Hit(MethodCode method, Known known, Fingerprint.Match match) {}

  /**
   * What the functions of one branch, found in one place, say together.
   *
   * @param place how the packages were renamed
   * @param fit how well they are known again, 0 to 1
   * @param lean above 0 as before the fix, 1 at most; below 0 as after it
   */
  private record Verdict(
      String place,
      Signature signature,
      Signature.Branch branch,
      List<Hit> hits,
      double fit,
      double lean) {
    boolean isVulnerable() {
      return lean > 0;
    }

    String packageName() {
      return branch.pair().name();
    }
  }

  private final Map<String, List<Known>> known = new HashMap<>();
  private final Set<String> outermost = new HashSet<>();
  private final Set<String> methods = new HashSet<>();
  private final Map<String, Set<String>> ofPackage = new HashMap<>();
  private final Map<String, List<Identity>> identities = new HashMap<>();
  private final Ranges ranges;

  private CopySearch(KnownSignatures all, Ranges ranges) {
    this.ranges = ranges;
    all.signatures().forEach(this::add);
    for (Identity one : all.identities()) {
      identities.computeIfAbsent(one.packageName(), _ -> new ArrayList<>()).add(one);
    }
  }

  /** {@return a search for the functions that ship} */
  public static CopySearch ofShipped(AdvisoryStore store) {
    return of(KnownSignatures.shipped(), ranges(store));
  }

  /** {@return what the advisories say of releases} */
  static Ranges ranges(AdvisoryStore store) {
    return (id, packageName, version) -> {
      List<Advisory> all =
          store.byId(id).stream().filter(a -> a.ecosystem().equals(Ecosystem.MAVEN)).toList();
      List<Advisory> named = all.stream().filter(a -> a.packageName().equals(packageName)).toList();
      // Modules of one project, of which an advisory names another, have the same versions.
      return (named.isEmpty() ? all : named)
          .stream().anyMatch(a -> store.affects(a, version).isPresent());
    };
  }

  /**
   * {@return a search for the functions of one vulnerability alone} The releases that the list was
   * derived from are fetched; without ids where none of them can be had or told apart.
   */
  public static CopySearch of(FunctionList.Derived list, MavenSession maven, AdvisoryStore store) {
    SignatureCompiler compiler = new SignatureCompiler(maven, store, List.of(list));
    Signature signature = compiler.signature(list);
    return of(
        compiler.known(signature.branches().isEmpty() ? List.of() : List.of(signature)),
        ranges(store));
  }

  static CopySearch of(KnownSignatures signatures, Ranges ranges) {
    return new CopySearch(signatures, ranges);
  }

  private void add(Signature signature) {
    for (Signature.Branch branch : signature.branches()) {
      ofPackage.computeIfAbsent(branch.pair().name(), _ -> new HashSet<>()).add(signature.id());
      for (Signature.Print print : branch.prints()) {
        outermost.add(outermost(print.className().replace('.', '/')));
        methods.add(simple(print.className()) + "." + print.methodName());
        known
            .computeIfAbsent(
                name(print.className(), print.methodName(), print.descriptor()),
                _ -> new ArrayList<>())
            .add(new Known(signature, branch, print));
      }
    }
  }

  /** {@return the simple name of the outermost class, of a class named with slashes} */
  static String outermost(String className) {
    String simple = className.substring(className.lastIndexOf('/') + 1);
    int dollar = simple.indexOf('$', 1);
    return dollar < 0 ? simple : simple.substring(0, dollar);
  }

  private static String simple(String className) {
    return JarComparison.unnumbered(Names.simple(className));
  }

  /** Overloads are told apart, for they are much alike, and a fix often changes only one. */
  static String name(String className, String methodName, String descriptor) {
    return simple(className) + "." + methodName + Events.withoutPackages(descriptor);
  }

  /** {@return ids of the vulnerabilities that are searched for} */
  public Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    ofPackage.values().forEach(ids::addAll);
    return ids;
  }

  /** {@return the packages whose known functions are in a jar, but for archives in it, by name} */
  public List<Copy> search(Path jar) {
    return in(jar, this::search);
  }

  /** {@return the functions by which a jar counts as affected} */
  List<Signature.Print> affected(Path jar) {
    return in(
        jar,
        classes ->
            verdicts(new Found(classes)).stream()
                .filter(Verdict::isVulnerable)
                .flatMap(verdict -> verdict.hits().stream())
                .filter(hit -> hit.known().print().kind() != Signature.Kind.ADDED)
                .filter(hit -> hit.match().lean() > 0)
                .map(hit -> hit.known().print())
                .toList());
  }

  /** What is done with the class files of an archive. */
  @FunctionalInterface
  private interface Task<T> {
    T of(Classes classes) throws IOException;
  }

  private static <T> T in(Path jar, Task<T> task) {
    try (Archive archive = Archive.open(jar, 0, ArchiveLimits.DEFAULT)) {
      List<String> names = List.copyOf(archive.classNames());
      return task.of(
          new Classes() {
            @Override
            public List<String> names() {
              return names;
            }

            @Override
            public byte[] read(String name) {
              return archive.bytes(name);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the packages whose known functions are in the class files, by name} Reads only classes
   * that are called like one with a known function, and of a package with such a function a few
   * more. One that cannot be read is as if it were not there.
   */
  public List<Copy> search(Classes classes) throws IOException {
    Found found = new Found(classes);
    Map<String, Map<String, List<Verdict>>> byPackage = new TreeMap<>();
    for (Verdict verdict : verdicts(found)) {
      byPackage
          .computeIfAbsent(verdict.packageName(), _ -> new TreeMap<>())
          .computeIfAbsent(verdict.place(), _ -> new ArrayList<>())
          .add(verdict);
    }
    List<Copy> copies = new ArrayList<>();
    byPackage.forEach((name, places) -> copies.add(copy(name, places, found)));
    return copies;
  }

  /** What is there of the packages that are known. */
  private final class Found {
    final Classes classes;
    final Presence presence;
    final Map<String, Double> shares = new HashMap<>();
    final Map<String, Boolean> within = new HashMap<>();
    final Map<Identity, Double> alike = new IdentityHashMap<>();

    Found(Classes classes) {
      this.classes = classes;
      this.presence = new Presence(classes);
    }

    /** By the release of the package that is most alike; 1 where nothing is known of it. */
    double share(String packageName) {
      return shares.computeIfAbsent(
          packageName,
          _ ->
              identities.getOrDefault(packageName, List.of()).stream()
                  .mapToDouble(identity -> identity.share(presence))
                  .max()
                  .orElse(1));
    }

    /**
     * The releases that the classes of a package are most like, those that are known; none where
     * part of it is missing, so that this says little.
     */
    Set<String> nearest(String packageName) {
      Map<String, Double> alike = new HashMap<>();
      if (Identity.isWhole(share(packageName))) {
        identities
            .getOrDefault(packageName, List.of())
            .forEach(one -> {
              double exact = one.exact(presence);
              one.versions().forEach(version -> alike.put(version, exact));
            });
      }
      double most = alike.values().stream().mapToDouble(each -> each).max().orElse(0);
      alike.values().removeIf(each -> most < LEAST_EXACT || each < most - SAME_RELEASE);
      return alike.keySet();
    }

    /** Whether more is there of the other, and little of this one that is not of the other. */
    boolean isWithin(String packageName, String other) {
      return within.computeIfAbsent(
          packageName + " " + other,
          _ -> {
            Optional<Identity> one = best(packageName);
            Optional<Identity> more = best(other);
            return one.isPresent()
                && more.isPresent()
                && alike(one.get()) < alike(more.get())
                && one.get().isWithin(identities.getOrDefault(other, List.of()), presence);
          });
    }

    private Optional<Identity> best(String packageName) {
      return identities.getOrDefault(packageName, List.of()).stream()
          .max(Comparator.comparingDouble(this::alike));
    }

    private double alike(Identity one) {
      return alike.computeIfAbsent(one, _ -> one.share(presence) + one.exact(presence));
    }

    JarCode code() throws IOException {
      Map<String, byte[]> wanted = new TreeMap<>();
      for (String entry : classes.names()) {
        if (isWanted(entry)) {
          byte[] bytes = classes.read(entry);
          if (bytes.length > 0) {
            wanted.put(entry, bytes);
          }
        }
      }
      return JarCode.of(
          wanted, (className, method) -> methods.contains(simple(className) + "." + method));
    }
  }

  private boolean isWanted(String entry) {
    return entry.endsWith(".class")
        && outermost.contains(outermost(entry.substring(0, entry.length() - ".class".length())));
  }

  private List<Verdict> verdicts(Found found) throws IOException {
    Map<String, List<Hit>> hits = new TreeMap<>();
    Map<String, String> places = new HashMap<>();
    for (ClassCode type : found.code().classes()) {
      for (MethodCode method : type.methods()) {
        List<Known> candidates =
            known.getOrDefault(name(type.name(), method.name(), method.descriptor()), List.of());
        if (candidates.isEmpty() || !method.hasCode()) {
          continue;
        }
        Set<Integer> features = Fingerprint.features(method);
        for (Known one : candidates) {
          one.print()
              .fingerprint()
              .match(features)
              .filter(_ -> Identity.isEnough(found.share(one.branch().pair().name())))
              .ifPresent(match -> {
                String place = moved(method.className(), one.print().className());
                String key = one.signature().id() + " " + place;
                places.put(key, place);
                hits.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Hit(method, one, match));
              });
        }
      }
    }
    Set<String> packages = new TreeSet<>();
    hits.values()
        .forEach(some -> some.forEach(hit -> packages.add(hit.known().branch().pair().name())));
    List<Verdict> verdicts = new ArrayList<>();
    hits.forEach((key, some) -> {
      List<Hit> own = some.stream().filter(hit -> !isOther(hit, packages, found)).toList();
      if (!own.isEmpty()) {
        verdict(places.getOrDefault(key, ""), own, found).ifPresent(verdicts::add);
      }
    });
    return owned(verdicts, found);
  }

  /**
   * {@return whether what is there of a function's package is rather another package} Of that more
   * is there, next to all that is there of this one is of that one too, and that one can tell of
   * the flaw itself, or this one lacks a part.
   *
   * @param packages those with a function that is there
   */
  private boolean isOther(Hit hit, Set<String> packages, Found found) {
    String name = hit.known().branch().pair().name();
    String id = hit.known().signature().id();
    return packages.stream()
        .filter(other -> !other.equals(name))
        .filter(other ->
            !Identity.isWhole(found.share(name))
                || ofPackage.getOrDefault(other, Set.of()).contains(id))
        .anyMatch(other -> found.isWithin(name, other));
  }

  /**
   * {@return the verdicts without those on code that is another package's more} Two packages that
   * share a flaw, as major versions under new names do, have functions of the same names; a copy is
   * of one of them.
   */
  private static List<Verdict> owned(List<Verdict> verdicts, Found found) {
    List<Verdict> byShare = new ArrayList<>(verdicts);
    byShare.sort(
        Comparator.comparingDouble((Verdict one) -> -found.share(one.packageName()))
            .thenComparingDouble(one -> -one.fit()));
    Map<String, Map<String, String>> owners = new HashMap<>();
    Set<Verdict> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Verdict one : byShare) {
      Map<String, String> ofId = owners.computeIfAbsent(one.signature().id(), _ -> new HashMap<>());
      List<String> methods = one.hits().stream().map(hit -> hit.method().id()).toList();
      if (methods.stream()
          .allMatch(
              method -> ofId.getOrDefault(method, one.packageName()).equals(one.packageName()))) {
        methods.forEach(method -> ofId.put(method, one.packageName()));
        kept.add(one);
      }
    }
    return verdicts.stream().filter(kept::contains).toList();
  }

  /** {@return how packages were renamed: what differs before the last parts that agree} */
  private static String moved(String here, String original) {
    String[] now = packageOf(here);
    String[] before = packageOf(original);
    int same = 0;
    while (same < now.length
        && same < before.length
        && now[now.length - 1 - same].equals(before[before.length - 1 - same])) {
      same++;
    }
    return String.join(".", List.of(now).subList(0, now.length - same))
        + " "
        + String.join(".", List.of(before).subList(0, before.length - same));
  }

  private static String[] packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? new String[0] : className.substring(0, dot).split("\\.");
  }

  /**
   * By the branch that fits best, of the packages that are there most; empty where its functions
   * say too little.
   */
  private static Optional<Verdict> verdict(String place, List<Hit> hits, Found found) {
    Map<Signature.Branch, List<Hit>> byBranch = new IdentityHashMap<>();
    double most = 0;
    for (Hit hit : hits) {
      byBranch.computeIfAbsent(hit.known().branch(), _ -> new ArrayList<>()).add(hit);
      most = Math.max(most, found.share(hit.known().branch().pair().name()));
    }
    double least = LESSER * most;
    Signature signature = hits.getFirst().known().signature();
    return signature.branches().stream()
        .filter(byBranch::containsKey)
        .filter(branch -> found.share(branch.pair().name()) >= least)
        .map(branch ->
            verdict(
                place,
                signature,
                branch,
                Optional.ofNullable(byBranch.get(branch)).orElse(List.of())))
        .max(Comparator.comparingDouble(Verdict::fit))
        .filter(v -> Math.abs(v.lean()) >= CLEAR)
        .filter(v ->
            v.hits().stream().mapToInt(h -> h.known().print().fingerprint().size()).sum()
                >= LEAST_FEATURES);
  }

  private static Verdict verdict(
      String place, Signature signature, Signature.Branch branch, List<Hit> hits) {
    Map<Signature.Print, Hit> best = new IdentityHashMap<>();
    for (Hit hit : hits) {
      best.merge(hit.known().print(), hit, (a, b) -> b.match().alike() > a.match().alike() ? b : a);
    }
    Set<String> classes = new HashSet<>();
    hits.forEach(hit -> classes.add(hit.known().print().className()));
    double fit = 0;
    double all = 0;
    double lean = 0;
    double told = 0;
    List<Hit> kept = new ArrayList<>();
    for (Signature.Print print : branch.prints()) {
      boolean added = print.kind() == Signature.Kind.ADDED;
      double weight = print.weight() * print.contrast();
      Hit hit = best.get(print);
      if (hit != null) {
        double side = added ? -1 : hit.match().lean();
        kept.add(hit);
        all += print.weight();
        fit += print.weight() * hit.match().alike() * (1 + Math.abs(side)) / 2;
        lean += weight * side;
        told += weight;
      } else if (print.kind() == Signature.Kind.CHANGED) {
        all += print.weight();
      } else if (added && classes.contains(print.className())) {
        lean += MISSING * weight;
        told += MISSING * weight;
      }
    }
    return new Verdict(
        place, signature, branch, kept, all == 0 ? 0 : fit / all, told == 0 ? 0 : lean / told);
  }

  /**
   * The releases that most of the functions speak for, ascending: a copy is of one release, and has
   * all fixes before it.
   *
   * @param nearest those that it can be by its classes; empty where these do not tell
   */
  private List<String> likeliest(List<Verdict> verdicts, Set<String> nearest) {
    TreeSet<String> releases = new TreeSet<>(ORDER.thenComparing(Comparator.naturalOrder()));
    releases.addAll(nearest);
    for (Verdict one : nearest.isEmpty() ? verdicts : List.<Verdict>of()) {
      releases.add(one.branch().pair().affected());
      releases.add(one.branch().pair().fixed());
    }
    List<String> likeliest = new ArrayList<>();
    double most = Double.NEGATIVE_INFINITY;
    for (String release : releases) {
      double sum = 0;
      for (Verdict one : verdicts) {
        boolean agrees = isAffected(one, release) == one.isVulnerable();
        sum += (agrees ? 1 : -1) * Math.abs(one.lean()) * one.fit();
      }
      if (sum > most) {
        likeliest.clear();
      }
      if (sum >= most) {
        most = sum;
        likeliest.add(release);
      }
    }
    return likeliest;
  }

  private boolean isAffected(Verdict one, String release) {
    return ranges.affects(one.signature().id(), one.packageName(), release);
  }

  /**
   * A function that looks like before its fix, in a release that must have the fix, was changed
   * again since: it is left open. A fix in a release that should not have it was brought back.
   * Where functions do not tell, but all of the package is there, and is of a release, that
   * decides.
   */
  private Copy copy(String name, Map<String, List<Verdict>> places, Found there) {
    Set<String> nearest = there.nearest(name);
    TreeSet<String> vulnerable = new TreeSet<>();
    TreeSet<String> fixed = new TreeSet<>();
    Map<String, TreeSet<Embedding.Function>> evidence = new TreeMap<>();
    Optional<String> atLeast = Optional.empty();
    Optional<String> below = Optional.empty();
    String representative = "";
    TreeSet<String> byRelease = new TreeSet<>();
    String last = "";
    for (List<Verdict> found : places.values()) {
      List<String> releases = likeliest(found, nearest);
      String likeliest = releases.getLast();
      if (!nearest.isEmpty()) {
        last = likeliest;
        ofPackage.getOrDefault(name, Set.of()).stream()
            .filter(id -> found.stream().noneMatch(one -> one.signature().id().equals(id)))
            .filter(id -> releases.stream().allMatch(each -> ranges.affects(id, name, each)))
            .forEach(byRelease::add);
      }
      for (Verdict one : found) {
        String fix = one.branch().pair().fixed();
        if (one.isVulnerable() && !isAffected(one, likeliest)) {
          continue;
        }
        (one.isVulnerable() ? vulnerable : fixed).add(one.signature().id());
        for (Hit hit : one.hits()) {
          if (!one.isVulnerable() && hit.match().lean() > 0) {
            continue; // as a whole it holds the fix, this function does not
          }
          evidence
              .computeIfAbsent(one.signature().id(), _ -> new TreeSet<>())
              .add(new Embedding.Function(hit.method().id(), hit.method().loose()));
        }
        if (one.isVulnerable()) {
          if (below.isEmpty() || ORDER.compare(fix, below.get()) < 0) {
            below = Optional.of(fix);
            representative = likeliest;
          }
        } else if (ORDER.compare(fix, likeliest) <= 0
            && (atLeast.isEmpty() || ORDER.compare(fix, atLeast.get()) > 0)) {
          atLeast = Optional.of(fix);
        }
      }
    }
    fixed.removeAll(vulnerable); // another copy in the same archive may be older
    byRelease.removeAll(fixed);
    // The release itself need not be among the known ones: it may be older than a flaw.
    Optional<String> oldest = atLeast;
    byRelease.removeIf(id -> oldest.filter(v -> !ranges.affects(id, name, v)).isPresent());
    if (vulnerable.isEmpty() && !byRelease.isEmpty()) {
      representative = last;
    }
    vulnerable.addAll(byRelease);
    Map<String, List<Embedding.Function>> functions = new TreeMap<>();
    evidence.forEach((id, all) -> functions.put(id, List.copyOf(all)));
    return new Copy(
        name,
        atLeast,
        below,
        representative.isEmpty() ? atLeast.orElse("") : representative,
        List.copyOf(vulnerable),
        List.copyOf(fixed),
        ofPackage.getOrDefault(name, Set.of()).stream()
            .filter(id -> !vulnerable.contains(id) && !fixed.contains(id))
            .sorted()
            .toList(),
        functions);
  }
}
