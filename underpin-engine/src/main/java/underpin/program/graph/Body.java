package underpin.program.graph;

import java.util.List;

/**
 * What the code of one method does with references, in single-assignment form. Numbers of types,
 * names and members are those of {@link Names}.
 *
 * @param types the static type of each value, as a number of a string; the first ones are the
 *     receiver and the reference parameters; {@link #UNTRACKED} for arrays
 * @param code operations, one after the other, as the constants here describe
 * @param lambdas what LAMBDA operations number
 */
record Body(int[] types, int[] code, List<ClassFacts.Lambda> lambdas) {
  static final int UNTRACKED = -1;

  static final Body EMPTY = new Body(new int[0], new int[0], List.of());

  /** value, type: an object of exactly this class is made. */
  static final int NEW = 1;

  /** from, to: a copy, also through a cast to the type of {@code to}. */
  static final int MOVE = 2;

  /** member, to, static (0, 1). {@code to} may be UNTRACKED. */
  static final int GET = 3;

  /** member, from, static (0, 1). {@code from} may be UNTRACKED. */
  static final int PUT = 4;

  /** kind, member, result, n, n values: receiver first. Values and result may be UNTRACKED. */
  static final int CALL = 5;

  /** from: returned. */
  static final int RETURN = 6;

  /** value, type: a class literal. */
  static final int CLASS = 7;

  /** value, string: a string constant. */
  static final int STRING = 8;

  /** value, lambda, n, n captured values. */
  static final int LAMBDA = 9;

  /** kind of handle (JVMS 4.4.8), member: may be called from now on. */
  static final int HANDLE = 10;

  /** value: comes from where we do not look: an array, a handler, a dynamic constant. */
  static final int UNKNOWN = 11;

  /** value, string: its toString, hashCode or equals is called by the JVM. */
  static final int IMPLICIT = 12;

  /** line: of the source file, of all operations up to the next such. */
  static final int LINE = 13;

  static final int VIRTUAL = 0;
  static final int INTERFACE = 1;
  static final int SPECIAL = 2;
  static final int STATIC = 3;

  /** {@return how many ints the operation at {@code at} takes} */
  static int length(int[] code, int at) {
    return switch (code[at]) {
      case NEW, MOVE, CLASS, STRING, HANDLE, IMPLICIT -> 3;
      case GET, PUT -> 4;
      case CALL -> 5 + code[at + 4];
      case RETURN, UNKNOWN, LINE -> 2;
      case LAMBDA -> 4 + code[at + 3];
      default -> throw new IllegalStateException("operation " + code[at]);
    };
  }
}
