package underpin.reach.functions;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import java.util.zip.GZIPInputStream;
import underpin.advisory.VersionOrders;
import underpin.cases.Embedding;
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
  /** Moved whenever signatures of an earlier version must not be read. */
  static final int FORMAT = 2;

  private static final String FILE = "signatures.bin.gz";

  /** So many features must agree in all, or the likeness may be chance. */
  private static final int LEAST_FEATURES = 12;

  /** How clearly the functions must lean to one side, all together, to say so. */
  private static final double CLEAR = 0.15;

  /** What it says that a function of the fix is missing in a class that is there. */
  private static final double MISSING = 0.5;

  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /** One function of one branch of one advisory. */
  private record Known(Signature signature, Signature.Branch branch, Signature.Print print) {}

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

  /** What the functions of one branch, found in one place, say together. */
  private record Verdict(
      Signature signature, Signature.Branch branch, List<Hit> hits, double fit, double lean) {
    boolean isVulnerable() {
      return lean > 0;
    }
  }

  private final Map<String, List<Known>> known = new HashMap<>();
  private final Set<String> outermost = new HashSet<>();
  private final Map<String, Set<String>> ofPackage = new HashMap<>();

  private CopySearch() {}

  /** {@return a search for the functions that ship} */
  public static CopySearch ofShipped() {
    return of(shipped());
  }

  /** {@return the signatures that ship, in the order of ids} */
  static List<Signature> shipped() {
    List<Signature> signatures = new ArrayList<>();
    try (InputStream in = CopySearch.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks " + FILE);
      }
      DataInputStream data =
          new DataInputStream(new BufferedInputStream(new GZIPInputStream(in), 1 << 16));
      if (data.readInt() != FORMAT) {
        throw new IllegalStateException(FILE + " is of another version; make it again");
      }
      for (int count = data.readInt(); count > 0; count--) {
        signatures.add(Signature.read(data));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return signatures;
  }

  /** {@return a search for these signatures} */
  static CopySearch of(List<Signature> signatures) {
    CopySearch search = new CopySearch();
    signatures.forEach(search::add);
    return search;
  }

  private void add(Signature signature) {
    for (Signature.Branch branch : signature.branches()) {
      ofPackage.computeIfAbsent(branch.pair().name(), _ -> new HashSet<>()).add(signature.id());
      for (Signature.Print print : branch.prints()) {
        outermost.add(outermost(print.className().replace('.', '/')));
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

  /** Overloads are told apart, for they are much alike, and a fix often changes only one. */
  static String name(String className, String methodName, String descriptor) {
    return JarComparison.unnumbered(Names.simple(className))
        + "."
        + methodName
        + Events.withoutPackages(descriptor);
  }

  /** {@return ids of the vulnerabilities that are searched for} */
  public Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    ofPackage.values().forEach(ids::addAll);
    return ids;
  }

  /** {@return the packages whose known functions are in a jar, but for archives in it, by name} */
  public List<Copy> search(Path jar) {
    return search(
        JarCode.read(
            jar,
            ArchiveLimits.DEFAULT,
            entry -> outermost.contains(outermost(entry.substring(0, entry.length() - 6)))));
  }

  /**
   * {@return the packages whose known functions are in the class files, by name} Reads only classes
   * that are called like one with a known function. One that cannot be read is as if it were not
   * there.
   */
  public List<Copy> search(Classes classes) throws IOException {
    Map<String, byte[]> wanted = new TreeMap<>();
    for (String entry : classes.names()) {
      if (entry.endsWith(".class")
          && outermost.contains(outermost(entry.substring(0, entry.length() - 6)))) {
        byte[] bytes = classes.read(entry);
        if (bytes.length > 0) {
          wanted.put(entry, bytes);
        }
      }
    }
    return wanted.isEmpty() ? List.of() : search(JarCode.of(wanted));
  }

  /** {@return the packages whose known functions are in the code, by name} */
  public List<Copy> search(JarCode jar) {
    Map<String, List<Verdict>> byPackage = new TreeMap<>();
    for (Verdict verdict : verdicts(jar)) {
      byPackage
          .computeIfAbsent(verdict.branch().pair().name(), _ -> new ArrayList<>())
          .add(verdict);
    }
    List<Copy> copies = new ArrayList<>();
    byPackage.forEach((name, some) -> copies.add(copy(name, some)));
    return copies;
  }

  private List<Verdict> verdicts(JarCode jar) {
    Map<String, List<Hit>> places = new TreeMap<>();
    for (ClassCode type : jar.classes()) {
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
              .ifPresent(match ->
                  places
                      .computeIfAbsent(
                          one.signature().id()
                              + " "
                              + moved(method.className(), one.print().className()),
                          _ -> new ArrayList<>())
                      .add(new Hit(method, one, match)));
        }
      }
    }
    return places.values().stream().flatMap(hits -> verdict(hits).stream()).toList();
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

  /** By the branch that fits best; empty where its functions say too little. */
  private static Optional<Verdict> verdict(List<Hit> hits) {
    Map<Signature.Branch, List<Hit>> byBranch = new IdentityHashMap<>();
    for (Hit hit : hits) {
      byBranch.computeIfAbsent(hit.known().branch(), _ -> new ArrayList<>()).add(hit);
    }
    Signature signature = hits.getFirst().known().signature();
    return signature.branches().stream()
        .filter(byBranch::containsKey)
        .map(branch ->
            verdict(signature, branch, Optional.ofNullable(byBranch.get(branch)).orElse(List.of())))
        .max(Comparator.comparingDouble(Verdict::fit))
        .filter(v -> Math.abs(v.lean()) >= CLEAR)
        .filter(v ->
            v.hits().stream().mapToInt(h -> h.known().print().fingerprint().size()).sum()
                >= LEAST_FEATURES);
  }

  private static Verdict verdict(Signature signature, Signature.Branch branch, List<Hit> hits) {
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
        signature, branch, kept, all == 0 ? 0 : fit / all, told == 0 ? 0 : lean / told);
  }

  /**
   * {@return the functions by which code counts as affected}
   *
   * @param jar code of a release
   */
  List<Signature.Print> affected(JarCode jar) {
    return verdicts(jar).stream()
        .filter(Verdict::isVulnerable)
        .flatMap(verdict -> verdict.hits().stream())
        .filter(hit -> hit.known().print().kind() != Signature.Kind.ADDED)
        .filter(hit -> hit.match().lean() > 0)
        .map(hit -> hit.known().print())
        .toList();
  }

  private Copy copy(String name, List<Verdict> found) {
    TreeSet<String> vulnerable = new TreeSet<>();
    TreeSet<String> fixed = new TreeSet<>();
    Map<String, TreeSet<Embedding.Function>> evidence = new TreeMap<>();
    Optional<String> atLeast = Optional.empty();
    Optional<String> below = Optional.empty();
    String representative = "";
    for (Verdict one : found) {
      ReleasePair pair = one.branch().pair();
      (one.isVulnerable() ? vulnerable : fixed).add(one.signature().id());
      for (Hit hit : one.hits()) {
        evidence
            .computeIfAbsent(one.signature().id(), _ -> new TreeSet<>())
            .add(new Embedding.Function(hit.method().id(), hit.method().loose()));
      }
      if (one.isVulnerable()) {
        if (below.isEmpty() || ORDER.compare(pair.fixed(), below.get()) < 0) {
          below = Optional.of(pair.fixed());
          representative = pair.affected();
        }
      } else if (atLeast.isEmpty() || ORDER.compare(pair.fixed(), atLeast.get()) > 0) {
        atLeast = Optional.of(pair.fixed());
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
