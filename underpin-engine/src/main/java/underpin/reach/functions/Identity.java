package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which classes make a release of a package itself. The functions of a fix may lie in code that the
 * package took from elsewhere; who has that code need not have the package.
 *
 * @param packageName {@code group:artifact}
 * @param classes hashes of names of outermost classes, each with the last part of its package, at
 *     most 48: those with the smallest
 */
record Identity(String packageName, Set<Integer> classes) {
  private static final int MOST = 48;

  /** Minimising leaves more than this, or it leaves too little to know the package by. */
  private static final double LEAST_SHARE = 0.12;

  private static final double LEAST_SHARE_UNSURE = 0.8;
  private static final double EVEN = 0.5;

  Identity {
    requireNonNull(packageName, "packageName");
    classes = Set.copyOf(classes);
  }

  static Identity of(String packageName, Collection<String> entries) {
    Set<Integer> smallest = new HashSet<>();
    new TreeSet<>(classes(entries)).stream().limit(MOST).forEach(smallest::add);
    return new Identity(packageName, smallest);
  }

  /**
   * {@return hashes of the outermost classes}
   *
   * @param entries names of entries of an archive, with slashes
   */
  static Set<Integer> classes(Collection<String> entries) {
    Set<Integer> classes = new HashSet<>();
    for (String entry : entries) {
      if (entry.endsWith(".class") && entry.indexOf('$') < 0 && !entry.endsWith("-info.class")) {
        int name = entry.lastIndexOf('/');
        int folder = name < 0 ? -1 : entry.lastIndexOf('/', name - 1);
        classes.add(entry.substring(folder + 1).hashCode() * 0x9E3779B9);
      }
    }
    return classes;
  }

  /** {@return which part of the package's classes is there, 0 to 1} */
  double share(Set<Integer> there) {
    return classes.isEmpty()
        ? 1
        : (double) classes.stream().filter(there::contains).count() / classes.size();
  }

  /**
   * {@return whether so much of the package is there that functions may be its own} Of a list that
   * is more likely wrong, next to all of it must be.
   *
   * @param confidence of the list of functions
   */
  static boolean isEnough(double share, double confidence) {
    return share >= (confidence < EVEN ? LEAST_SHARE_UNSURE : LEAST_SHARE);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(packageName);
    out.writeByte(classes.size());
    for (int one : new TreeSet<>(classes)) {
      out.writeInt(one);
    }
  }

  static Identity read(DataInputStream in) throws IOException {
    String name = in.readUTF();
    Set<Integer> classes = new HashSet<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      classes.add(in.readInt());
    }
    return new Identity(name, classes);
  }
}
