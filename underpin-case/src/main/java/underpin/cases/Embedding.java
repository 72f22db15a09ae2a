package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * That the code of a component lies in the file of something else, and how that is known. The
 * component's version stands for all that its code admits: it is the last known release below
 * {@code below}, or the one that a description in the carrier names.
 *
 * @param carrier what holds the code: a component as people write it, or a file of the target
 * @param evidence the functions that were recognised, by id of the vulnerability that they tell of,
 *     whether they are as before the fix or after it; empty where a description alone tells
 * @param vulnerable ids of the vulnerabilities whose functions are there as before their fix
 * @param fixed ids of the vulnerabilities whose fix is there
 * @param absent ids of the vulnerabilities whose functions are known, and are not there
 * @param atLeast the fixes up to this version are there; empty where none is known to be
 * @param below the fix of this version is not there; empty where every known fix is
 */
public record Embedding(
    String carrier,
    SortedMap<String, List<Function>> evidence,
    SortedSet<String> vulnerable,
    SortedSet<String> fixed,
    SortedSet<String> absent,
    Optional<String> atLeast,
    Optional<String> below) {
  /** The purl qualifier that tells an embedded component from the same one elsewhere. */
  public static final String QUALIFIER = "embedded_in";

  public Embedding {
    requireNonNull(atLeast, "atLeast");
    requireNonNull(below, "below");
    if (carrier.isBlank()) {
      throw new IllegalArgumentException("An embedding has a blank carrier");
    }
    TreeMap<String, List<Function>> functions = new TreeMap<>();
    evidence.forEach((id, found) -> functions.put(id, List.copyOf(found)));
    evidence = Collections.unmodifiableSortedMap(functions);
    vulnerable = Collections.unmodifiableSortedSet(new TreeSet<>(vulnerable));
    fixed = Collections.unmodifiableSortedSet(new TreeSet<>(fixed));
    absent = Collections.unmodifiableSortedSet(new TreeSet<>(absent));
  }

  /** {@return a component that a description in the carrier names, at its version} */
  public static Embedding described(String carrier) {
    return new Embedding(
        carrier,
        Collections.emptySortedMap(),
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        Optional.empty(),
        Optional.empty());
  }

  /** {@return the component as one that lies in this carrier} */
  public Component in(Component component) {
    TreeMap<String, String> qualifiers = new TreeMap<>(component.qualifiers());
    qualifiers.put(QUALIFIER, carrier);
    return new Component(component.ecosystem(), component.name(), component.version(), qualifiers);
  }

  /** {@return {@code 2.9.10 to below 2.10}, as far as it is known} */
  public String versions() {
    return atLeast
        .map(low -> below.map(high -> low + " to below " + high).orElse(low + " or later"))
        .or(() -> below.map(high -> "below " + high))
        .orElse("");
  }

  /**
   * A method that was recognised.
   *
   * @param id as it is called in the carrier: {@code a.b.C.name(descriptor)}
   * @param digest of its code without names of packages, in hex: equal in every copy
   */
  public record Function(String id, String digest) implements Comparable<Function> {
    private static final Comparator<Function> ORDER =
        Comparator.comparing(Function::id).thenComparing(Function::digest);

    @Override
    public int compareTo(Function other) {
      return ORDER.compare(this, other);
    }
  }
}
