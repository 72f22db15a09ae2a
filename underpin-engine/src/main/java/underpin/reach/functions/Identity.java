package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which classes make releases of a package themselves: a sample of its own, without those that it
 * took from elsewhere ({@link Owners}). Each is known by its name and by its members, for many
 * classes are called StringUtils.
 *
 * @param packageName {@code group:artifact}
 * @param versions of the releases that have the same sample
 * @param classes by {@link Presence#name}, the {@link Members#sample} of each; at most 48
 */
record Identity(String packageName, List<String> versions, Map<Integer, Long> classes) {
  private static final int MOST = 48;

  /** Of a class with fewer members, these say little. */
  private static final int TELLING = 2;

  /** Minimising leaves more than this, or it leaves too little to know the package by. */
  private static final double LEAST_SHARE = 0.12;

  /** From this share on, nothing was minimised. */
  private static final double WHOLE = 0.8;

  Identity {
    requireNonNull(packageName, "packageName");
    versions = List.copyOf(versions);
    classes = Map.copyOf(classes);
  }

  /**
   * {@return what a release is known by}
   *
   * @param own its own outermost classes, by entry name
   */
  static Identity of(String packageName, String version, Map<String, Members> own) {
    Map<Integer, Long> telling = new TreeMap<>();
    Map<Integer, Long> all = new TreeMap<>();
    own.forEach((entry, members) -> {
      all.put(Presence.name(entry), members.sample());
      if (members.count() >= TELLING) {
        telling.put(Presence.name(entry), members.sample());
      }
    });
    Map<Integer, Long> sample = new HashMap<>();
    (telling.isEmpty() ? all : telling)
        .entrySet().stream().limit(MOST).forEach(one -> sample.put(one.getKey(), one.getValue()));
    return new Identity(packageName, List.of(version), sample);
  }

  /** {@return the identities, those with the same sample as one} */
  static List<Identity> joined(Collection<Identity> identities) {
    Map<String, Map<Map<Integer, Long>, List<String>>> versions = new TreeMap<>();
    for (Identity one : identities) {
      versions
          .computeIfAbsent(one.packageName, _ -> new LinkedHashMap<>())
          .computeIfAbsent(one.classes, _ -> new ArrayList<>())
          .addAll(one.versions);
    }
    List<Identity> joined = new ArrayList<>();
    versions.forEach((name, samples) ->
        samples.forEach((classes, all) -> joined.add(new Identity(name, all, classes))));
    return joined;
  }

  /** {@return which part of the package's classes is there, 0 to 1; 1 where none is known} */
  double share(Presence there) {
    if (classes.isEmpty()) {
      return 1;
    }
    // Names first, for they need no class to be read.
    long named = classes.keySet().stream().filter(there::has).count();
    return isEnough((double) named / classes.size())
        ? (double)
                classes.entrySet().stream()
                    .filter(one -> there.has(one.getKey(), m -> m.isLike(one.getValue())))
                    .count()
            / classes.size()
        : (double) named / classes.size();
  }

  /** {@return which part of the package's classes is there exactly as in this release, 0 to 1} */
  double exact(Presence there) {
    return classes.isEmpty()
        ? 0
        : (double)
                classes.entrySet().stream()
                    .filter(one -> there.has(one.getKey(), m -> m.isSame(one.getValue())))
                    .count()
            / classes.size();
  }

  /**
   * {@return whether the package's classes that are there are another's too, next to all of them}
   * Of those by which the two can be compared, for each is only a sample.
   *
   * @param others releases of the other package
   */
  boolean isWithin(List<Identity> others, Presence there) {
    int end = Integer.MIN_VALUE;
    Set<Integer> names = new HashSet<>();
    for (Identity one : others) {
      names.addAll(one.classes.keySet());
      int last =
          one.classes.size() < MOST ? Integer.MAX_VALUE : Collections.max(one.classes.keySet());
      end = Math.max(end, last);
    }
    int compared = 0;
    int within = 0;
    for (Map.Entry<Integer, Long> one : classes.entrySet()) {
      if (one.getKey() <= end && there.has(one.getKey(), m -> m.isLike(one.getValue()))) {
        compared++;
        within += names.contains(one.getKey()) ? 1 : 0;
      }
    }
    return compared > 0 && compared - within < LEAST_SHARE * compared;
  }

  /** {@return whether so much of a package is there that functions may be its own} */
  static boolean isEnough(double share) {
    return share >= LEAST_SHARE;
  }

  /** {@return whether so much of a package is there that nothing was left out of it} */
  static boolean isWhole(double share) {
    return share >= WHOLE;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(packageName);
    out.writeShort(versions.size());
    for (String version : versions) {
      out.writeUTF(version);
    }
    out.writeByte(classes.size());
    for (Map.Entry<Integer, Long> one : new TreeMap<>(classes).entrySet()) {
      out.writeInt(one.getKey());
      out.writeLong(one.getValue());
    }
  }

  static Identity read(DataInputStream in) throws IOException {
    String name = in.readUTF();
    List<String> versions = new ArrayList<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      versions.add(in.readUTF());
    }
    Map<Integer, Long> classes = new HashMap<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      classes.put(in.readInt(), in.readLong());
    }
    return new Identity(name, versions, classes);
  }
}
