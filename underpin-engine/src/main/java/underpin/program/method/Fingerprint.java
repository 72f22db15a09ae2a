package underpin.program.method;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tells an affected method from its fixed self and from any other, whoever compiled, moved or
 * minimised it. Features are events without packages, numbered where they repeat, as 32-bit hashes.
 *
 * @param size features of the affected method
 * @param common features of both, at most 48: those with the smallest hashes, so every sample of
 *     the same method is the same
 * @param gone features of the affected method alone, at most 32
 * @param added features of the fixed method alone, at most 32
 */
public record Fingerprint(int size, Set<Integer> common, Set<Integer> gone, Set<Integer> added) {
  private static final int MOST_COMMON = 48;
  private static final int MOST_DIFFERENT = 32;

  /** Fewer features than this are shared by methods that have nothing to do with each other. */
  private static final int TELLING = 4;

  /** How much of the sample must be there. Compilers differ in a feature or two of ten. */
  private static final double ALIKE = 0.75;

  private static final double SIZE_RATIO = 1.7;

  /** What a method is, held against a fingerprint. */
  public enum Likeness {
    /** It is the method as it was before the fix. */
    AFFECTED,
    /** It is the method, and the fix is in it. */
    FIXED,
    /** It is another method, or one that cannot be told. */
    OTHER
  }

  public Fingerprint {
    common = Set.copyOf(common);
    gone = Set.copyOf(gone);
    added = Set.copyOf(added);
  }

  /**
   * {@return the fingerprint of a method}
   *
   * @param fixed empty where the fix removes the method
   */
  public static Fingerprint of(MethodCode affected, Optional<MethodCode> fixed) {
    Set<Integer> before = features(affected.events());
    Set<Integer> after = fixed.map(f -> features(f.events())).orElse(before);
    Set<Integer> both = new HashSet<>(before);
    both.retainAll(after);
    return new Fingerprint(
        before.size(),
        smallest(both, MOST_COMMON),
        smallest(without(before, after), MOST_DIFFERENT),
        smallest(without(after, before), MOST_DIFFERENT));
  }

  private static Set<Integer> without(Set<Integer> some, Set<Integer> others) {
    Set<Integer> rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private static Set<Integer> smallest(Set<Integer> features, int most) {
    Set<Integer> kept = new HashSet<>();
    new TreeSet<>(features).stream().limit(most).forEach(kept::add);
    return kept;
  }

  private static Set<Integer> features(List<String> events) {
    Map<String, Integer> seen = new HashMap<>();
    Set<Integer> features = new HashSet<>();
    for (String event : events) {
      String plain = Events.withoutPackages(event);
      features.add((plain + "#" + seen.merge(plain, 1, Integer::sum)).hashCode() * 0x9E3779B9);
    }
    return features;
  }

  /** {@return whether there is enough in it to recognise the method by} */
  public boolean isTelling() {
    return size >= TELLING;
  }

  /** {@return whether the fixed method can be told from the affected one by it} */
  public boolean tells() {
    return !gone.isEmpty() || !added.isEmpty();
  }

  /** {@return what the method is, as far as its features say} */
  public Likeness likeness(MethodCode method) {
    Set<Integer> features = features(method.events());
    if (!isTelling() || share(common, features) < ALIKE) {
      return Likeness.OTHER;
    }
    int expected = Math.max(size, common.size() + added.size());
    if (features.size() > SIZE_RATIO * expected + 2 || features.size() * SIZE_RATIO + 2 < size) {
      return Likeness.OTHER;
    }
    if (gone.isEmpty() && added.isEmpty()) {
      return Likeness.AFFECTED;
    }
    double old = gone.isEmpty() ? 1 - share(added, features) : share(gone, features);
    double now = added.isEmpty() ? 1 - share(gone, features) : share(added, features);
    if (old == now) {
      return Likeness.OTHER;
    }
    return old > now ? Likeness.AFFECTED : Likeness.FIXED;
  }

  private static double share(Set<Integer> wanted, Set<Integer> there) {
    if (wanted.isEmpty()) {
      return 1;
    }
    return (double) wanted.stream().filter(there::contains).count() / wanted.size();
  }

  /** {@return as text, which {@link #parse} reads: base64 of big-endian numbers} */
  public String text() {
    ByteBuffer bytes =
        ByteBuffer.allocate(2 + 3 + 4 * (common.size() + gone.size() + added.size()));
    bytes.putShort((short) Math.min(size, Short.MAX_VALUE));
    for (Set<Integer> part : List.of(common, gone, added)) {
      bytes.put((byte) part.size());
      part.stream().sorted().forEach(bytes::putInt);
    }
    return Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * Reads a fingerprint.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Fingerprint parse(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    try {
      int size = bytes.getShort();
      int[][] parts = new int[3][];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = new int[bytes.get() & 0xff];
        for (int j = 0; j < parts[i].length; j++) {
          parts[i][j] = bytes.getInt();
        }
      }
      return new Fingerprint(size, set(parts[0]), set(parts[1]), set(parts[2]));
    } catch (java.nio.BufferUnderflowException e) {
      throw new IllegalArgumentException("The fingerprint is cut off", e);
    }
  }

  private static Set<Integer> set(int[] numbers) {
    Set<Integer> set = new HashSet<>();
    Arrays.stream(numbers).forEach(set::add);
    return set;
  }
}
