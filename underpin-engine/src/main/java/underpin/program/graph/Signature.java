package underpin.program.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a method descriptor says (JVMS 4.3.3), as far as references matter.
 *
 * @param shape the first character of each parameter's type, such as {@code LI[}
 * @param slots of all parameters on the operand stack, without a receiver
 * @param references the slot of each parameter that is a class or an array, ascending
 * @param types of those parameters: an internal name, or an array's descriptor
 * @param numbers the slot of each parameter that is an int or smaller, ascending
 * @param result slots of the result: 0, 1 or 2
 * @param resultType as in {@code types}; empty when the result is no reference
 * @param isNumber whether the result is an int or smaller
 */
record Signature(
    String shape,
    int slots,
    int[] references,
    List<String> types,
    int[] numbers,
    int result,
    String resultType,
    boolean isNumber) {
  private static final ConcurrentHashMap<String, Signature> KNOWN = new ConcurrentHashMap<>();

  /**
   * @throws IllegalArgumentException if it is no method descriptor
   */
  static Signature of(String descriptor) {
    Signature known = KNOWN.get(descriptor);
    if (known == null) {
      known = parse(descriptor);
      KNOWN.put(descriptor, known);
    }
    return known;
  }

  private static Signature parse(String descriptor) {
    int end = descriptor.indexOf(')');
    if (end < 0 || descriptor.charAt(0) != '(') {
      throw new IllegalArgumentException("no method descriptor: " + descriptor);
    }
    int slots = 0;
    StringBuilder shape = new StringBuilder();
    List<String> types = new ArrayList<>();
    int[] references = new int[descriptor.length()];
    int[] numbers = new int[descriptor.length()];
    int count = 0;
    for (int at = 1; at < end; ) {
      int next = endOfType(descriptor, at);
      char kind = descriptor.charAt(at);
      shape.append(kind);
      if (kind == 'L' || kind == '[') {
        references[types.size()] = slots;
        types.add(reference(descriptor, at, next));
      } else if (isNumber(kind)) {
        numbers[count++] = slots;
      }
      slots += kind == 'J' || kind == 'D' ? 2 : 1;
      at = next;
    }
    char result = end + 1 < descriptor.length() ? descriptor.charAt(end + 1) : 'V';
    return new Signature(
        shape.toString(),
        slots,
        java.util.Arrays.copyOf(references, types.size()),
        List.copyOf(types),
        java.util.Arrays.copyOf(numbers, count),
        result == 'V' ? 0 : result == 'J' || result == 'D' ? 2 : 1,
        result == 'L' || result == '[' ? reference(descriptor, end + 1, descriptor.length()) : "",
        isNumber(result));
  }

  /** {@return whether a type that begins so is an int, or computed with as one (JVMS 2.11.1)} */
  static boolean isNumber(char kind) {
    return switch (kind) {
      case 'Z', 'B', 'C', 'S', 'I' -> true;
      default -> false;
    };
  }

  /** {@return how many parameters are followed: references, then numbers} */
  int followed() {
    return types.size() + numbers.length;
  }

  /**
   * {@return the type of a field or an array's element, as in {@code types}; empty if primitive}
   */
  static String ofField(String descriptor) {
    return descriptor.startsWith("L") || descriptor.startsWith("[")
        ? reference(descriptor, 0, descriptor.length())
        : "";
  }

  private static String reference(String descriptor, int from, int to) {
    return descriptor.charAt(from) == 'L'
        ? descriptor.substring(from + 1, to - 1)
        : descriptor.substring(from, to);
  }

  private static int endOfType(String descriptor, int at) {
    int end = at;
    while (descriptor.charAt(end) == '[') {
      end++;
    }
    end = descriptor.charAt(end) == 'L' ? descriptor.indexOf(';', end) : end;
    if (end < 0) {
      throw new IllegalArgumentException("no method descriptor: " + descriptor);
    }
    return end + 1;
  }
}
