package underpin.program.graph;

import java.util.List;

/**
 * What the code of one method does with references and small numbers, in single-assignment form.
 * Numbers of types, names and members are those of {@link Names}.
 *
 * <p>The code is in regions. The first runs when the method is called, another when one of the
 * gates into it is open and the region that the gate is in runs.
 *
 * @param types the static type of each value, as a number of a string; the first ones are the
 *     receiver, the reference parameters, and the parameters that are numbers; {@link #UNTRACKED}
 *     for arrays, {@link #NUMBER} or a {@link #constant} for numbers
 * @param code operations, one after the other, as the constants here describe
 * @param lambdas what LAMBDA operations number
 * @param regions where each region but the first begins in {@code code}, ascending
 * @param gates one after the other: region, region that it leads to, kind, value, n, n numbers
 */
record Body(int[] types, int[] code, List<ClassFacts.Lambda> lambdas, int[] regions, int[] gates) {
  static final int UNTRACKED = -1;

  /** An int or what is computed with as one. */
  static final int NUMBER = -2;

  static final int[] NONE = {};

  static final Body EMPTY = new Body(new int[0], new int[0], List.of(), NONE, NONE);

  private static final int LEAST_CONSTANT = -1;
  private static final int LARGEST_CONSTANT = 255;

  static boolean isFollowed(int constant) {
    return constant >= LEAST_CONSTANT && constant <= LARGEST_CONSTANT;
  }

  /** {@return the type of a value that is always that number} */
  static int constant(int number) {
    return NUMBER - 1 - (number - LEAST_CONSTANT);
  }

  /** {@return whether a type is that of a number that is always the same} */
  static boolean isConstant(int type) {
    return type < NUMBER;
  }

  /** {@return the number that a value of that type always is} */
  static int number(int type) {
    return NUMBER - 1 - type + LEAST_CONSTANT;
  }

  /** Open where the other region runs. */
  static final int ALWAYS = 0;

  /** Open if the value may be a number that is equal to, ... the one given. */
  static final int EQUAL = 1;

  static final int UNEQUAL = 2;
  static final int LESS = 3;
  static final int NOT_LESS = 4;
  static final int GREATER = 5;
  static final int NOT_GREATER = 6;

  /** Open if the value may be one of the numbers. */
  static final int ONE_OF = 7;

  /** Open if the value may be none of the numbers. */
  static final int NONE_OF = 8;

  /** {@return how many ints the gate at {@code at} takes} */
  static int gateLength(int[] gates, int at) {
    return 5 + gates[at + 4];
  }

  /**
   * {@return whether a gate of numbers is open for one}
   *
   * @param at where the gate begins
   */
  static boolean isOpen(int[] gates, int at, int number) {
    return switch (gates[at + 2]) {
      case EQUAL -> number == gates[at + 5];
      case UNEQUAL -> number != gates[at + 5];
      case LESS -> number < gates[at + 5];
      case NOT_LESS -> number >= gates[at + 5];
      case GREATER -> number > gates[at + 5];
      case NOT_GREATER -> number <= gates[at + 5];
      case ONE_OF -> isOneOf(gates, at, number);
      case NONE_OF -> !isOneOf(gates, at, number);
      default -> true;
    };
  }

  private static boolean isOneOf(int[] gates, int at, int number) {
    for (int i = 0; i < gates[at + 4]; i++) {
      if (gates[at + 5 + i] == number) {
        return true;
      }
    }
    return false;
  }

  /** {@return where a region ends in {@code code}} */
  int end(int region) {
    return region < regions.length ? regions[region] : code.length;
  }

  int begin(int region) {
    return region == 0 ? 0 : regions[region - 1];
  }

  /** value, type: an object of exactly this class is made. */
  static final int NEW = 1;

  /** from, to: a copy, also through a cast to the type of {@code to}. */
  static final int MOVE = 2;

  /** member, to, static (0, 1). {@code to} may be UNTRACKED. */
  static final int GET = 3;

  /** member, from, static (0, 1). {@code from} may be UNTRACKED. */
  static final int PUT = 4;

  /**
   * kind, member, result, n, n values: receiver first, references, then numbers. Values and result
   * may be UNTRACKED: an array, or any number. Numbers at the end may be left out if they are any.
   */
  static final int CALL = 5;

  /** from: returned. UNTRACKED is any number. */
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

  /** {@return whether an operand is a value} */
  static boolean isValue(int[] code, int at, int operand) {
    return switch (code[at]) {
      case NEW, RETURN, CLASS, STRING, UNKNOWN, IMPLICIT -> operand == 1;
      case MOVE -> operand == 1 || operand == 2;
      case GET, PUT -> operand == 2;
      case CALL -> operand == 3 || operand > 4;
      case LAMBDA -> operand == 1 || operand > 3;
      default -> false;
    };
  }

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
