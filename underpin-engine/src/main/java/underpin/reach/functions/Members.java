package underpin.reach.functions;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import underpin.program.method.Events;

/**
 * The fields and methods that a class declares, packages left out: what stays of a class when it is
 * relocated or recompiled, and most of what stays between its releases. Without what compilers
 * make.
 *
 * @param hashes of the members, 1 to 65535 each, ascending; those that next to every class has are
 *     left out
 * @param all one hash of all of them
 */
record Members(List<Integer> hashes, long all) {
  /** Of three, so that one that was changed since does not decide. */
  private static final int SAMPLE = 3;

  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;

  Members {
    hashes = List.copyOf(hashes);
  }

  /** {@return those of a class file; empty where it is malformed} */
  static Optional<Members> of(byte[] classFile) {
    try {
      return Optional.of(of(ClassFile.of().parse(classFile)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Members of(ClassModel type) {
    List<String> members = new ArrayList<>();
    for (FieldModel field : type.fields()) {
      add(
          field.fieldName().stringValue(),
          " " + field.fieldType().stringValue(),
          field.flags().flagsMask(),
          members);
    }
    for (MethodModel method : type.methods()) {
      add(
          method.methodName().stringValue(),
          method.methodType().stringValue(),
          method.flags().flagsMask(),
          members);
    }
    members.sort(null);
    long all = 0;
    Set<Integer> hashes = new TreeSet<>();
    for (String member : members) {
      long mixed = mixed(member);
      all = 31 * all + mixed;
      hashes.add(Math.max(1, (int) (mixed >>> 48)));
    }
    return new Members(List.copyOf(hashes), all);
  }

  private static void add(String name, String descriptor, int flags, List<String> members) {
    boolean made = (flags & ClassFile.ACC_SYNTHETIC) != 0 || name.indexOf('$') >= 0;
    boolean common =
        name.equals("<clinit>")
            || name.equals("serialVersionUID")
            || (name + descriptor).equals("<init>()V");
    if (!made && !common) {
      members.add(name + Events.withoutPackages(descriptor));
    }
  }

  private static long mixed(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    return hash * 0x9E3779B97F4A7C15L;
  }

  /** {@return how much they tell of a class: two classes may share one member by chance} */
  int count() {
    return hashes.size();
  }

  /** {@return 64 bits: a part of the hash of all, then the three smallest of the members} */
  long sample() {
    long sample = all >>> (64 - BITS);
    for (int i = 0; i < SAMPLE; i++) {
      sample = sample << BITS | (i < hashes.size() ? hashes.get(i) : 0);
    }
    return sample;
  }

  /** {@return whether more than half of a {@link #sample} is among them} */
  boolean isLike(long sample) {
    int wanted = 0;
    int there = 0;
    for (int i = 0; i < SAMPLE; i++) {
      int one = (int) (sample >>> (BITS * i)) & MASK;
      wanted += one == 0 ? 0 : 1;
      there += one != 0 && hashes.contains(one) ? 1 : 0;
    }
    return 2 * there > wanted || wanted == 0;
  }

  /** {@return whether they are those of a {@link #sample}, all of them} */
  boolean isSame(long sample) {
    return sample() == sample;
  }
}
