package underpin.program.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one class file says, as far as the call graph asks. Bodies are read when first asked for;
 * strings and members grow then. Reading bodies of one class excludes each other; what was read is
 * never changed.
 */
final class ClassFacts {
  /** A method as declared. */
  static final class Method {
    final String name;
    final String descriptor;
    final int flags;
    volatile @Nullable Body body;

    Method(String name, String descriptor, int flags) {
      this.name = name;
      this.descriptor = descriptor;
      this.flags = flags;
    }
  }

  record Field(String name, String descriptor, int flags) {}

  /**
   * An annotation on the class, a method or a field.
   *
   * @param on index of the method, of the field after all methods, or -1 for the class
   * @param type internal name
   * @param classes internal names of classes in its values
   * @param strings string values, all elements together
   */
  record Note(int on, String type, List<String> classes, List<String> strings) {}

  /**
   * What a lambda or method reference makes.
   *
   * @param type the interface's internal name
   * @param name of the method it answers to
   * @param descriptors it answers to, erased
   * @param handle kind of its implementation's method handle (JVMS 4.4.8)
   * @param member its implementation, a number of {@link #member}
   * @param dynamic the descriptor by which it is really called
   * @param captured the descriptor whose parameters it captures
   */
  record Lambda(
      String type,
      String name,
      List<String> descriptors,
      int handle,
      int member,
      String dynamic,
      String captured) {}

  /** Reads a body that is not there yet. */
  interface Bodies {
    Body read(ClassFacts facts, int method);
  }

  final String name;
  final @Nullable String superName;
  final List<String> interfaces;
  final int flags;
  final String source;
  final Method[] methods;
  final Field[] fields;
  final List<Note> notes;

  /** Names of the classes in generic signatures of fields and methods' results. */
  final List<String> mentioned;

  private final Bodies bodies;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<List<Integer>, Integer> memberNumbers = new HashMap<>();
  private volatile String[] strings = new String[16];
  private volatile int stringCount;
  private volatile int[] members = new int[24];
  private volatile int memberCount;
  private volatile Lambda[] lambdas = new Lambda[0];

  ClassFacts(
      String name,
      @Nullable String superName,
      List<String> interfaces,
      int flags,
      String source,
      Method[] methods,
      Field[] fields,
      List<Note> notes,
      List<String> mentioned,
      Bodies bodies) {
    this.name = name;
    this.superName = superName;
    this.interfaces = interfaces;
    this.flags = flags;
    this.source = source;
    this.methods = methods;
    this.fields = fields;
    this.notes = notes;
    this.mentioned = mentioned;
    this.bodies = bodies;
  }

  Body body(int method) {
    Body known = methods[method].body;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      known = methods[method].body;
      if (known == null) {
        known = bodies.read(this, method);
        methods[method].body = known;
      }
      return known;
    }
  }

  /** {@return the number of a string} Only while reading a body, or before others see this. */
  int number(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    int number = stringCount;
    if (number == strings.length) {
      strings = Arrays.copyOf(strings, number * 2);
    }
    strings[number] = text;
    numbers.put(text, number);
    stringCount = number + 1;
    return number;
  }

  /** {@return the number of a member} As {@link #number(String)}. */
  int member(String owner, String name, String descriptor) {
    List<Integer> key = List.of(number(owner), number(name), number(descriptor));
    Integer known = memberNumbers.get(key);
    if (known != null) {
      return known;
    }
    int number = memberCount;
    if (number * 3 == members.length) {
      members = Arrays.copyOf(members, members.length * 2);
    }
    for (int i = 0; i < 3; i++) {
      members[number * 3 + i] = key.get(i);
    }
    memberNumbers.put(key, number);
    memberCount = number + 1;
    return number;
  }

  int lambda(Lambda lambda) {
    Lambda[] longer = Arrays.copyOf(lambdas, lambdas.length + 1);
    longer[lambdas.length] = lambda;
    lambdas = longer;
    return longer.length - 1;
  }

  Lambda[] lambdas() {
    return lambdas;
  }

  String text(int number) {
    return strings[number];
  }

  int stringCount() {
    return stringCount;
  }

  int memberCount() {
    return memberCount;
  }

  int owner(int member) {
    return members[member * 3];
  }

  String memberOwner(int member) {
    return strings[members[member * 3]];
  }

  String memberName(int member) {
    return strings[members[member * 3 + 1]];
  }

  String memberDescriptor(int member) {
    return strings[members[member * 3 + 2]];
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
