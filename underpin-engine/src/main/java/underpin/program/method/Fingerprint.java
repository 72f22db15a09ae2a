package underpin.program.method;

import java.nio.BufferUnderflowException;
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
 * The lowest bit of a feature says whether every compiler writes it alike: calls, fields and texts
 * do, the first time; jumps, small numbers, arithmetic and what repeats often do not, so they count
 * less.
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
  private static final double ALIKE = 0.7;

  private static final double SIZE_RATIO = 1.8;

  /** What a feature counts that compilers write differently; the others count 1. */
  private static final double WEAK = 0.25;

  public Fingerprint {
    common = Set.copyOf(common);
    gone = Set.copyOf(gone);
    added = Set.copyOf(added);
  }

  /**
   * How a method compares with a fingerprint that it matches.
   *
   * @param alike how much of what both releases have in common is there, 0 to 1
   * @param lean 1 where all that the fix changed is as before it, -1 where all is as after it
   */
  public record Match(double alike, double lean) {}

  /**
   * {@return the fingerprint of a method}
   *
   * @param fixed empty where the fix removes the method
   */
  public static Fingerprint of(MethodCode affected, Optional<MethodCode> fixed) {
    Set<Integer> before = features(affected);
    Set<Integer> after = fixed.map(Fingerprint::features).orElse(before);
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

  /** {@return the features of a method, which {@link #match} takes} */
  public static Set<Integer> features(MethodCode method) {
    Map<String, Integer> seen = new HashMap<>();
    Set<Integer> features = new HashSet<>();
    for (String event : method.events()) {
      String plain = Events.withoutPackages(event);
      int times = seen.merge(plain, 1, Integer::sum);
      int hash = (plain + "#" + times).hashCode() * 0x9E3779B9;
      // Some compilers write a finally block once, others at every way out of it.
      features.add(times == 1 && isStable(plain) ? hash | 1 : hash & ~1);
    }
    return features;
  }

  private static boolean isStable(String event) {
    int blank = event.indexOf(' ');
    return switch (blank < 0 ? event : event.substring(0, blank)) {
      case "call", "super", "get", "put", "class", "instanceof", "annotation", "catch", "handle" ->
          true;
      case "const" -> event.length() > "const 10".length() || event.startsWith("const \"");
      default -> false;
    };
  }

  private static double weight(Set<Integer> features) {
    double weight = 0;
    for (int feature : features) {
      weight += weight(feature);
    }
    return weight;
  }

  private static double weight(int feature) {
    return (feature & 1) == 1 ? 1 : WEAK;
  }

  private static double weight(Set<Integer> wanted, Set<Integer> there) {
    double weight = 0;
    for (int feature : wanted) {
      weight += there.contains(feature) ? weight(feature) : 0;
    }
    return weight;
  }

  /** {@return whether there is enough in it to recognise the method by} */
  public boolean isTelling() {
    return size >= TELLING;
  }

  /** {@return whether the fixed method can be told from the affected one by it} */
  public boolean tells() {
    return !gone.isEmpty() || !added.isEmpty();
  }

  /** {@return how well the two can be told apart, whatever the compiler: 0 not at all, below 1} */
  public double contrast() {
    double difference = weight(gone) + weight(added);
    return difference / (difference + 2 * WEAK);
  }

  /**
   * {@return how a method compares, by its {@link #features}; empty where it is another method}
   * Where nothing but the order of things was changed, or all of the method was removed, it leans
   * to affected.
   */
  public Optional<Match> match(Set<Integer> features) {
    double all = weight(common);
    double alike = all == 0 ? 1 : weight(common, features) / all;
    if (!isTelling() || alike < ALIKE) {
      return Optional.empty();
    }
    int expected = Math.max(size, common.size() + added.size());
    if (features.size() > SIZE_RATIO * expected + 2 || features.size() * SIZE_RATIO + 2 < size) {
      return Optional.empty();
    }
    double difference = weight(gone) + weight(added);
    if (difference == 0) {
      return Optional.of(new Match(alike, 1));
    }
    // What compilers write differently has less weight, and so has less to say.
    double old = 2 * weight(gone, features) - weight(gone);
    double now = 2 * weight(added, features) - weight(added);
    if (all == 0 && old < 0 && now < 0) {
      return Optional.empty();
    }
    return Optional.of(new Match(alike, (old - now) / difference));
  }

  /** {@return as text, which {@link #parse} reads: base64 of big-endian numbers} */
  public String text() {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes());
  }

  /** {@return as bytes, which {@link #read} reads} */
  public byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(2 + 3 + 4 * (common.size() + gone.size() + added.size()));
    bytes.putShort((short) Math.min(size, Short.MAX_VALUE));
    for (Set<Integer> part : List.of(common, gone, added)) {
      bytes.put((byte) part.size());
      part.stream().sorted().forEach(bytes::putInt);
    }
    return bytes.array();
  }

  /**
   * Reads a fingerprint.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Fingerprint parse(String text) {
    return read(ByteBuffer.wrap(Base64.getDecoder().decode(text)));
  }

  /**
   * Reads a fingerprint from where the buffer stands.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Fingerprint read(ByteBuffer bytes) {
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
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("The fingerprint is cut off", e);
    }
  }

  private static Set<Integer> set(int[] numbers) {
    Set<Integer> set = new HashSet<>();
    Arrays.stream(numbers).forEach(set::add);
    return set;
  }
}
