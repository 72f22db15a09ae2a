package underpin.program.method;

import java.lang.classfile.MethodModel;
import java.util.Optional;

/**
 * A method by its {@link MethodCode#id}.
 *
 * @param type internal name of its class
 * @param key name and descriptor
 */
public record MethodId(String type, String key) {
  /** {@return it; empty for a text that is none} */
  public static Optional<MethodId> parse(String id) {
    int descriptor = id.indexOf('(');
    int dot = id.lastIndexOf('.', descriptor);
    return descriptor > 0 && dot > 0
        ? Optional.of(new MethodId(id.substring(0, dot).replace('.', '/'), id.substring(dot + 1)))
        : Optional.empty();
  }

  /**
   * {@return it}
   *
   * @throws IllegalArgumentException for a text that is none
   */
  public static MethodId of(String id) {
    return parse(id)
        .orElseThrow(() -> new IllegalArgumentException("'" + id + "' is no id of a method"));
  }

  /** {@return name and descriptor of a method of a class file} */
  public static String key(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }
}
