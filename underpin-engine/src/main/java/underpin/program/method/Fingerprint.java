package underpin.program.method;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tells an affected method from its fixed self and from any other, whoever compiled, moved or
 * minimised it. Made of {@link Features}; those that compilers write differently count less.
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

  /** What the differences between two compilers weigh, where they do differ. */
  private static final double NOISE = 0.5;

  /** Where two releases differ only in what compilers do as they like. */
  private static final double LEAST_CONTRAST = 0.05;

  private static final double MOST_LOOSE = 0.25;

  /** From this share of strange features on, what is not there tells nothing. */
  private static final double DRIFTED = 0.3;

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
    return Features.of(method.events());
  }

  private static double weight(Set<Integer> features) {
    return weight(features, features);
  }

  /** What is wanted and there; all repetitions and words together count no more than one jump. */
  private static double weight(Set<Integer> wanted, Set<Integer> there) {
    double weight = 0;
    double loose = 0;
    for (int feature : wanted) {
      if (there.contains(feature)) {
        if (Features.isLoose(feature)) {
          loose += Features.weight(feature);
        } else {
          weight += Features.weight(feature);
        }
      }
    }
    return weight + Math.min(loose, MOST_LOOSE);
  }

  /** {@return whether there is enough in it to recognise the method by} */
  public boolean isTelling() {
    return size >= TELLING;
  }

  /** {@return whether the fixed method can be told from the affected one by it} */
  public boolean tells() {
    return !gone.isEmpty() || !added.isEmpty();
  }

  /** {@return how well the two can be told apart, whatever the compiler: above 0, below 1} */
  public double contrast() {
    double difference = 0;
    for (Set<Integer> part : List.of(gone, added)) {
      for (int feature : part) {
        difference += Features.isLoose(feature) ? 0 : Features.weight(feature);
      }
    }
    return Math.max(LEAST_CONTRAST, difference / (difference + NOISE));
  }

  /**
   * {@return how a method compares, by its {@link #features}; empty where it is another method}
   * What is there speaks for itself. What is not there speaks only as far as the method is
   * otherwise as it was: what came later may have moved it elsewhere. Where nothing but the order
   * of things was changed, or all of the method was removed, it leans to affected.
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
    double silence = Math.max(0, 1 - strange(features) / DRIFTED);
    // What compilers write differently has less weight, and so has less to say.
    double old = weight(gone, features);
    double now = weight(added, features);
    if (all == 0 && 2 * old < weight(gone) && 2 * now < weight(added)) {
      return Optional.empty();
    }
    double lean = old - silence * (weight(gone) - old) + silence * (weight(added) - now) - now;
    return Optional.of(new Match(alike, lean / difference));
  }

  /** Which part of a method neither release has, as far as the samples tell. */
  private double strange(Set<Integer> features) {
    int end =
        Math.min(
            last(common, MOST_COMMON),
            Math.min(last(gone, MOST_DIFFERENT), last(added, MOST_DIFFERENT)));
    double all = 0;
    double strange = 0;
    for (int feature : features) {
      if (feature <= end) {
        all += Features.weight(feature);
        boolean known =
            common.contains(feature) || gone.contains(feature) || added.contains(feature);
        strange += known ? 0 : Features.weight(feature);
      }
    }
    return all == 0 ? 0 : strange / all;
  }

  /** The features up to this one are all in a sample. */
  private static int last(Set<Integer> sample, int most) {
    return sample.size() < most
        ? Integer.MAX_VALUE
        : sample.stream().max(Integer::compare).orElse(Integer.MAX_VALUE);
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
