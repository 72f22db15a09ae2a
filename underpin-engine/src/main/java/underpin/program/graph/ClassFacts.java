package underpin.program.graph;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one class file says, as far as the call graph asks. The body of a method is read when it is
 * first asked for.
 */
final class ClassFacts {
  /**
   * A method as declared.
   *
   * @param selector name and descriptor as a number of {@link Names}
   */
  record Method(String name, String descriptor, int selector, int flags) {}

  /**
   * A field as declared.
   *
   * @param flags with {@link #HAS_VALUE}
   */
  record Field(String name, String descriptor, int flags) {
    /** In the flags: the class file says what it holds (JVMS 4.7.2), no code writes that. */
    static final int HAS_VALUE = 1 << 16;
  }

  /**
   * An annotation on the class, a method or a field.
   *
   * @param on index of the method, of the field after all methods, or -1 for the class
   * @param type internal name
   * @param classes internal names of classes in its values
   * @param strings string values, all elements together
   * @param values each string, truth value and enum constant, as {@code element=value}
   */
  record Note(
      int on, String type, List<String> classes, List<String> strings, List<String> values) {
    /** {@return the values of an element, in order} */
    List<String> values(String element) {
      String start = element + "=";
      return values.stream()
          .filter(value -> value.startsWith(start))
          .map(value -> value.substring(start.length()))
          .toList();
    }
  }

  /**
   * What a lambda or method reference makes.
   *
   * @param type the interface's internal name
   * @param name of the method it answers to
   * @param descriptors it answers to, erased
   * @param handle kind of its implementation's method handle (JVMS 4.4.8)
   * @param member its implementation, a number of {@link Names}
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

  /** Reads bodies. */
  interface Bodies {
    /** {@return the body; an empty one if there is no code, or none that can be followed} */
    Body read(ClassFacts facts, int method);

    /** {@return the instructions; empty if there is no code, or none that a JVM would run} */
    Optional<Code> code(ClassFacts facts, int method);
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

  /** Who may write its private fields: its nest's host, or its members (JVMS 4.7.28, 4.7.29). */
  final List<String> nest;

  private @Nullable Bodies unread;
  private boolean readAgain;
  private int unreadCount;
  private final @Nullable Body[] bodies;

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
      List<String> nest,
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
    this.nest = nest;
    this.unread = bodies;
    this.unreadCount = methods.length;
    this.bodies = new Body[methods.length];
  }

  synchronized Body body(int method) {
    Body known = bodies[method];
    if (known == null) {
      known = java.util.Objects.requireNonNull(unread).read(this, method);
      bodies[method] = known;
      if (--unreadCount == 0 && !readAgain) {
        unread = null;
      }
    }
    return known;
  }

  /** {@return the instructions of a method; not to be asked for after all bodies were read} */
  synchronized Optional<Code> code(int method) {
    readAgain = true;
    return unread == null ? Optional.empty() : unread.code(this, method);
  }

  /** {@return the body, which nobody asks for again} */
  synchronized Body lastBody(int method) {
    Body body = body(method);
    bodies[method] = Body.EMPTY;
    return body;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
