package underpin.program.method;

import java.util.function.Supplier;

/**
 * The exceptions with which {@code java.lang.classfile} refuses a malformed class file, as one. It
 * parses lazily, so they come from wherever a part is first looked at.
 */
final class Malformed {
  private Malformed() {}

  /**
   * {@return what the reading gives}
   *
   * @throws IllegalArgumentException if the class file is malformed
   */
  static <T> T check(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IndexOutOfBoundsException
        | IllegalStateException
        | NegativeArraySizeException
        | ClassCastException broken) {
      throw new IllegalArgumentException(String.valueOf(broken.getMessage()), broken);
    }
  }

  /**
   * Reads what may be left out where it is malformed: the class is refused when it is read whole.
   */
  static void guard(Runnable reading) {
    try {
      check(() -> {
        reading.run();
        return true;
      });
    } catch (IllegalArgumentException refusedLater) {
      return;
    }
  }
}
