package underpin.program;

import java.lang.classfile.ClassFile;
import java.util.Arrays;

/**
 * What linking needs to know of one class: its members, its place in the hierarchy, and the
 * references it holds. Names are {@link Symbols}; class names are internal ({@code java/util/Map}).
 *
 * <p>Arrays instead of records per member: a web application has some 80,000 methods and 300,000
 * references, and an upgrader keeps the classes of hundreds of candidate jars.
 */
final class ClassShape {
  /** Stands where there is no class of a name. */
  static final ClassShape ABSENT = new ClassShape(-1, -1);

  private static final int[] NONE = {};
  private static final long[] NO_KEYS = {};

  /** Ints per reference in {@link #references}: kind and flags, owner, name, descriptor, holder. */
  static final int STRIDE = 5;

  /** Set in the first int of a reference that stands in a try with {@code catch (Throwable)}. */
  static final int WEAKLY_GUARDED = 1 << 8;

  final int name;

  /** The package's symbol. */
  final int packageName;

  int superName = -1;
  int flags;
  int major;
  boolean platform;
  int[] interfaces = NONE;
  int nestHost = -1;
  boolean sealed;
  int[] permitted = NONE;
  long[] methods = NO_KEYS;
  int[] methodFlags = NONE;
  long[] fields = NO_KEYS;
  int[] fieldFlags = NONE;
  int[] references = NONE;

  /**
   * Strings in code and annotations that look like a name, '.' written as '/', annotations, and
   * classes that they name; sorted.
   */
  int[] strings = NONE;

  /**
   * Whether it, a field or a method has an annotation that is there at run time and not the JDK's:
   * frameworks find such classes by looking through a jar.
   */
  boolean annotated;

  ClassShape(int name, int packageName) {
    this.name = name;
    this.packageName = packageName;
  }

  static long key(int name, int descriptor) {
    return ((long) name << 32) | descriptor;
  }

  static int nameOf(long key) {
    return (int) (key >> 32);
  }

  static int descriptorOf(long key) {
    return (int) key;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  boolean isInterface() {
    return is(ClassFile.ACC_INTERFACE);
  }

  /** {@return flags of the method declared here, or -1} */
  int method(long key) {
    int index = Arrays.binarySearch(methods, key);
    return index < 0 ? -1 : methodFlags[index];
  }

  /** {@return flags of the field declared here, or -1} */
  int field(long key) {
    int index = Arrays.binarySearch(fields, key);
    return index < 0 ? -1 : fieldFlags[index];
  }

  /** {@return whether this class names {@code text} in a string, as a check by reflection does} */
  boolean mentions(int text) {
    return Arrays.binarySearch(strings, text) >= 0;
  }

  int referenceCount() {
    return references.length / STRIDE;
  }

  ReferenceKind kind(int reference) {
    return ReferenceKind.of(references[reference * STRIDE] & 0xff);
  }

  boolean weaklyGuarded(int reference) {
    return (references[reference * STRIDE] & WEAKLY_GUARDED) != 0;
  }

  int owner(int reference) {
    return references[reference * STRIDE + 1];
  }

  int memberName(int reference) {
    return references[reference * STRIDE + 2];
  }

  int descriptor(int reference) {
    return references[reference * STRIDE + 3];
  }

  /** {@return index into {@link #methods} of the method that holds the reference, or -1} */
  int holder(int reference) {
    return references[reference * STRIDE + 4];
  }

  /** {@return whether this class holds the same reference, wherever in its code} */
  boolean holds(ReferenceKind kind, int owner, int memberName, int descriptor) {
    for (int i = 0; i < references.length; i += STRIDE) {
      if (references[i + 1] == owner
          && references[i + 2] == memberName
          && references[i + 3] == descriptor
          && (references[i] & 0xff) == kind.ordinal()) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether it refers to the class or a member of it in any way} */
  boolean refersTo(int owner) {
    for (int i = 0; i < references.length; i += STRIDE) {
      if (references[i + 1] == owner) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether everything that another class can link to is the same} */
  boolean sameFace(ClassShape other) {
    return name == other.name
        && superName == other.superName
        && flags == other.flags
        && major == other.major
        && platform == other.platform
        && nestHost == other.nestHost
        && sealed == other.sealed
        && Arrays.equals(interfaces, other.interfaces)
        && Arrays.equals(permitted, other.permitted)
        && Arrays.equals(methods, other.methods)
        && Arrays.equals(methodFlags, other.methodFlags)
        && Arrays.equals(fields, other.fields)
        && Arrays.equals(fieldFlags, other.fieldFlags);
  }

  boolean sameReferences(ClassShape other) {
    return Arrays.equals(references, other.references);
  }
}
