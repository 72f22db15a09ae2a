package underpin.reach.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
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
   *     their fix, sorted
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
    return search(wanted(jar), ClassFiles.names(jar, ArchiveLimits.DEFAULT));
  }

  private Map<String, byte[]> wanted(Path jar) {
    Map<String, byte[]> wanted = new TreeMap<>();
    ClassFiles.visit(jar, ArchiveLimits.DEFAULT, this::isWanted, wanted::put);
    return wanted;
  }

  /**
   * {@return the packages whose known functions are in the class files, by name} Reads only classes
   * that are called like one with a known function. One that cannot be read is as if it were not
   * there.
   */
  public List<Copy> search(Classes classes) throws IOException {
    Map<String, byte[]> wanted = new TreeMap<>();
    for (String entry : classes.names()) {
      if (isWanted(entry)) {
        byte[] bytes = classes.read(entry);
        if (bytes.length > 0) {
          wanted.put(entry, bytes);
        }
      }
    }
    return search(wanted, classes.names());
  }

  private boolean isWanted(String entry) {
    return entry.endsWith(".class")
        && outermost.contains(outermost(entry.substring(0, entry.length() - ".class".length())));
  }

  private List<Copy> search(Map<String, byte[]> wanted, Collection<String> names) {
    Map<String, Map<String, List<Verdict>>> byPackage = new TreeMap<>();
    for (Verdict verdict : verdicts(wanted, names)) {
      byPackage
          .computeIfAbsent(verdict.packageName(), _ -> new TreeMap<>())
          .computeIfAbsent(verdict.place(), _ -> new ArrayList<>())
          .add(verdict);
    }
    List<Copy> copies = new ArrayList<>();
    byPackage.forEach((name, places) -> copies.add(copy(name, places)));
    return copies;
  }

  private List<Verdict> verdicts(Map<String, byte[]> wanted, Collection<String> names) {
    JarCode jar =
        JarCode.of(
            wanted, (className, method) -> methods.contains(simple(className) + "." + method));
    Set<Integer> classes = Identity.classes(names);
    Map<String, Double> shares = new HashMap<>();
    Map<String, List<Hit>> hits = new TreeMap<>();
    Map<String, String> places = new HashMap<>();
    for (ClassCode type : jar.classes()) {
      for (MethodCode method : type.methods()) {
        List<Known> candidates =
            known.getOrDefault(name(type.name(), method.name(), method.descriptor()), List.of());
        if (candidates.isEmpty() || !method.hasCode()) {
          continue;
        }
        Set<Integer> features = Fingerprint.features(method);
        for (Known one : candidates) {
          double share =
              shares.computeIfAbsent(one.branch().pair().name(), name -> share(name, classes));
          if (!Identity.isEnough(share, one.signature().confidence())) {
            continue;
          }
          one.print()
              .fingerprint()
              .match(features)
              .ifPresent(match -> {
                String place = moved(method.className(), one.print().className());
                String key = one.signature().id() + " " + place;
                places.put(key, place);
                hits.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Hit(method, one, match));
              });
        }
      }
    }
    List<Verdict> verdicts = new ArrayList<>();
    hits.forEach((key, some) ->
        verdict(places.getOrDefault(key, ""), some, shares).ifPresent(verdicts::add));
    return owned(verdicts, shares);
  }

  /**
   * {@return the verdicts without those on code that is another package's more} Two packages that
   * share a flaw, as major versions under new names do, have functions of the same names; a copy is
   * of one of them.
   */
  private static List<Verdict> owned(List<Verdict> verdicts, Map<String, Double> shares) {
    List<Verdict> byShare = new ArrayList<>(verdicts);
    byShare.sort(
        Comparator.comparingDouble((Verdict one) -> -shares.getOrDefault(one.packageName(), 1.0))
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

  /** By the release of the package that is most alike; 1 where nothing is known of it. */
  private double share(String packageName, Set<Integer> classes) {
    return identities.getOrDefault(packageName, List.of()).stream()
        .mapToDouble(identity -> identity.share(classes))
        .max()
        .orElse(1);
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
  private static Optional<Verdict> verdict(
      String place, List<Hit> hits, Map<String, Double> shares) {
    Map<Signature.Branch, List<Hit>> byBranch = new IdentityHashMap<>();
    double most = 0;
    for (Hit hit : hits) {
      byBranch.computeIfAbsent(hit.known().branch(), _ -> new ArrayList<>()).add(hit);
      most = Math.max(most, shares.getOrDefault(hit.known().branch().pair().name(), 1.0));
    }
    double least = LESSER * most;
    Signature signature = hits.getFirst().known().signature();
    return signature.branches().stream()
        .filter(byBranch::containsKey)
        .filter(branch -> shares.getOrDefault(branch.pair().name(), 1.0) >= least)
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

  /** {@return the functions by which a jar counts as affected} */
  List<Signature.Print> affected(Path jar) {
    return verdicts(wanted(jar), ClassFiles.names(jar, ArchiveLimits.DEFAULT)).stream()
        .filter(Verdict::isVulnerable)
        .flatMap(verdict -> verdict.hits().stream())
        .filter(hit -> hit.known().print().kind() != Signature.Kind.ADDED)
        .filter(hit -> hit.match().lean() > 0)
        .map(hit -> hit.known().print())
        .toList();
  }

  /**
   * The release that most of the functions speak for: a copy is of one release, and has all fixes
   * before it. The last of those that are equally likely.
   */
  private String likeliest(List<Verdict> verdicts) {
    TreeSet<String> releases = new TreeSet<>(ORDER.thenComparing(Comparator.naturalOrder()));
    for (Verdict one : verdicts) {
      releases.add(one.branch().pair().affected());
      releases.add(one.branch().pair().fixed());
    }
    String likeliest = releases.getFirst();
    double most = Double.NEGATIVE_INFINITY;
    for (String release : releases) {
      double sum = 0;
      for (Verdict one : verdicts) {
        boolean agrees = isAffected(one, release) == one.isVulnerable();
        sum += (agrees ? 1 : -1) * Math.abs(one.lean()) * one.fit();
      }
      if (sum >= most) {
        most = sum;
        likeliest = release;
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
   */
  private Copy copy(String name, Map<String, List<Verdict>> places) {
    TreeSet<String> vulnerable = new TreeSet<>();
    TreeSet<String> fixed = new TreeSet<>();
    Map<String, TreeSet<Embedding.Function>> evidence = new TreeMap<>();
    Optional<String> atLeast = Optional.empty();
    Optional<String> below = Optional.empty();
    String representative = "";
    for (List<Verdict> found : places.values()) {
      String likeliest = likeliest(found);
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
    Map<String, List<Embedding.Function>> functions = new TreeMap<>();
    evidence.forEach((id, all) -> functions.put(id, List.copyOf(all)));
    return new Copy(
        name,
        atLeast,
        below,
        below.isPresent() ? representative : atLeast.orElse(""),
        List.copyOf(vulnerable),
        List.copyOf(fixed),
        ofPackage.getOrDefault(name, Set.of()).stream()
            .filter(id -> !vulnerable.contains(id) && !fixed.contains(id))
            .sorted()
            .toList(),
        functions);
  }
}
