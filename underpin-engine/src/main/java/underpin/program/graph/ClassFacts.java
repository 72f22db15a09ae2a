package underpin.program.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one class file says, as far as the call graph asks. The bodies of all methods are read when
 * the first is asked for, together with the strings, members and lambdas that they number.
 */
final class ClassFacts {
  /** Ints per member: owner, name, descriptor. */
  private static final int MEMBER = 3;

  /** A method as declared. */
  static final class Method {
    final String name;
    final String descriptor;
    final int flags;

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

  /** Reads the bodies, which are not there yet; empty ones for methods without code. */
  interface Bodies {
    Body[] read(ClassFacts facts);
  }

  final String name;
  final @Nullable String superName;
  final List<String> interfaces;
  final int flags;
  final String source;
  final Method[] methods;
  final Field[] fields;
  final List<Note> notes;

  /** Names of its member classes. */
  final List<String> nested;

  private @Nullable Bodies unread;
  private volatile Body @Nullable [] read;

  /** Only while bodies are read. */
  private @Nullable Map<String, Integer> numbers;

  private @Nullable Map<Long, Integer> memberNumbers;
  private String[] strings = {};
  private int stringCount;
  private int[] members = {};
  private int memberCount;
  private final List<Lambda> lambdas = new ArrayList<>(0);

  ClassFacts(
      String name,
      @Nullable String superName,
      List<String> interfaces,
      int flags,
      String source,
      Method[] methods,
      Field[] fields,
      List<Note> notes,
      List<String> nested,
      Bodies bodies) {
    this.name = name;
    this.superName = superName;
    this.interfaces = interfaces;
    this.flags = flags;
    this.source = source;
    this.methods = methods;
    this.fields = fields;
    this.notes = notes;
    this.nested = nested;
    this.unread = bodies;
  }

  Body body(int method) {
    Body[] known = read;
    if (known == null) {
      known = readBodies();
    }
    return known[method];
  }

  private synchronized Body[] readBodies() {
    Body[] known = read;
    if (known == null) {
      numbers = new HashMap<>();
      memberNumbers = new HashMap<>();
      strings = new String[16];
      members = new int[24];
      known = java.util.Objects.requireNonNull(unread).read(this);
      numbers = null;
      memberNumbers = null;
      unread = null;
      strings = Arrays.copyOf(strings, stringCount);
      members = Arrays.copyOf(members, memberCount * MEMBER);
      read = known;
    }
    return known;
  }

  /** {@return the number of a string} Only while bodies are read. */
  int number(String text) {
    Map<String, Integer> all = java.util.Objects.requireNonNull(numbers);
    Integer known = all.get(text);
    if (known != null) {
      return known;
    }
    String shared = Names.shared(text);
    int number = stringCount;
    if (number == strings.length) {
      strings = Arrays.copyOf(strings, number * 2);
    }
    strings[number] = shared;
    all.put(shared, number);
    stringCount = number + 1;
    return number;
  }

  /** {@return the number of a member} Only while bodies are read. */
  int member(String owner, String name, String descriptor) {
    int ownerNumber = number(owner);
    int nameNumber = number(name);
    int descriptorNumber = number(descriptor);
    // A class has at most 65,535 constants, and so fewer than 2^21 strings (JVMS 4.1).
    long key = ((long) ownerNumber << 21 | nameNumber) << 21 | descriptorNumber;
    Map<Long, Integer> all = java.util.Objects.requireNonNull(memberNumbers);
    Integer known = all.get(key);
    if (known != null) {
      return known;
    }
    int number = memberCount;
    if (number * MEMBER == members.length) {
      members = Arrays.copyOf(members, members.length * 2);
    }
    members[number * MEMBER] = ownerNumber;
    members[number * MEMBER + 1] = nameNumber;
    members[number * MEMBER + 2] = descriptorNumber;
    all.put(key, number);
    memberCount = number + 1;
    return number;
  }

  int lambda(Lambda lambda) {
    lambdas.add(lambda);
    return lambdas.size() - 1;
  }

  Lambda lambdaAt(int number) {
    return lambdas.get(number);
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

  String memberOwner(int member) {
    return strings[members[member * MEMBER]];
  }

  String memberName(int member) {
    return strings[members[member * MEMBER + 1]];
  }

  String memberDescriptor(int member) {
    return strings[members[member * MEMBER + 2]];
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
