package underpin.reach.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import underpin.advisory.VersionOrders;
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
 * minimising keep them. Obfuscated code, which has other names, is not found.
 */
public final class CopySearch {
  /** So many features must agree in all, or the likeness may be chance. */
  private static final int LEAST_FEATURES = 12;

  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /** One function of one advisory. */
  private record Known(FunctionList.Derived list, VulnerableFunction function, Fingerprint print) {}

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
   * @param evidence the methods that were recognised, as they are called here
   */
  public record Copy(
      String packageName,
      Optional<String> atLeast,
      Optional<String> below,
      String representative,
      List<String> vulnerable,
      List<String> fixed,
      List<String> evidence) {
    public Copy {
      vulnerable = List.copyOf(vulnerable);
      fixed = List.copyOf(fixed);
      evidence = List.copyOf(evidence);
    }
  }

  /** What was found of one advisory. */
  private static final class Found {
    final FunctionList.Derived list;
    final List<String> evidence = new ArrayList<>();
    double affected;
    double fixed;
    int features;

    Found(FunctionList.Derived list) {
      this.list = list;
    }

    boolean isTold() {
      return features >= LEAST_FEATURES && affected != fixed;
    }

    boolean isVulnerable() {
      return affected > fixed;
    }
  }

  private final Map<String, List<Known>> known = new HashMap<>();

  private CopySearch() {}

  /** {@return a search for the functions that ship} */
  public static CopySearch ofShipped() {
    CopySearch search = new CopySearch();
    ShippedFunctions.forEach(search::add);
    return search;
  }

  /** {@return a search for these functions} */
  public static CopySearch of(List<FunctionList> lists) {
    CopySearch search = new CopySearch();
    lists.forEach(search::add);
    return search;
  }

  private void add(FunctionList list) {
    if (list instanceof FunctionList.Derived derived) {
      for (VulnerableFunction function : derived.cut()) {
        function
            .fingerprint()
            .filter(print -> function.change() == Change.Kind.REMOVED || print.tells())
            .ifPresent(print ->
                known
                    .computeIfAbsent(
                        name(function.className(), function.methodName(), function.descriptor()),
                        _ -> new ArrayList<>())
                    .add(new Known(derived, function, print)));
      }
    }
  }

  /** Overloads are told apart, for they are much alike, and a fix often changes only one. */
  private static String name(String className, String methodName, String descriptor) {
    return JarComparison.unnumbered(Names.simple(className))
        + "."
        + methodName
        + Events.withoutPackages(descriptor);
  }

  /** {@return the packages whose known functions are in the code, by name} */
  public List<Copy> search(JarCode jar) {
    Map<String, Found> found = new TreeMap<>();
    for (ClassCode type : jar.classes()) {
      for (MethodCode method : type.methods()) {
        for (Known one :
            known.getOrDefault(name(type.name(), method.name(), method.descriptor()), List.of())) {
          compare(method, one, found);
        }
      }
    }
    Map<String, List<Found>> byPackage = new TreeMap<>();
    for (Found one : found.values()) {
      if (one.isTold()) {
        byPackage
            .computeIfAbsent(one.list.compared().getFirst().name(), _ -> new ArrayList<>())
            .add(one);
      }
    }
    List<Copy> copies = new ArrayList<>();
    byPackage.forEach((name, some) -> copies.add(copy(name, some)));
    return copies;
  }

  /** What is likelier to be the fix itself counts more, so that a backported fix is recognised. */
  private static void compare(MethodCode method, Known one, Map<String, Found> found) {
    Fingerprint.Likeness likeness = one.print().likeness(method);
    if (likeness == Fingerprint.Likeness.OTHER) {
      return;
    }
    Found all = found.computeIfAbsent(one.list().id(), _ -> new Found(one.list()));
    if (likeness == Fingerprint.Likeness.AFFECTED) {
      all.affected += one.function().score();
    } else {
      all.fixed += one.function().score();
    }
    all.features += one.print().size();
    all.evidence.add(method.id());
  }

  private static Copy copy(String name, List<Found> found) {
    List<String> vulnerable = new ArrayList<>();
    List<String> fixed = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    Optional<String> atLeast = Optional.empty();
    Optional<String> below = Optional.empty();
    String representative = "";
    for (Found one : found) {
      ReleasePair pair = one.list.compared().getFirst();
      (one.isVulnerable() ? vulnerable : fixed).add(one.list.id());
      evidence.addAll(one.evidence);
      if (one.isVulnerable()) {
        if (below.isEmpty() || ORDER.compare(pair.fixed(), below.get()) < 0) {
          below = Optional.of(pair.fixed());
          representative = pair.affected();
        }
      } else if (atLeast.isEmpty() || ORDER.compare(pair.fixed(), atLeast.get()) > 0) {
        atLeast = Optional.of(pair.fixed());
      }
    }
    return new Copy(
        name,
        atLeast,
        below,
        below.isPresent() ? representative : atLeast.orElse(""),
        vulnerable.stream().sorted().toList(),
        fixed.stream().sorted().toList(),
        evidence.stream().distinct().sorted().toList());
  }
}
