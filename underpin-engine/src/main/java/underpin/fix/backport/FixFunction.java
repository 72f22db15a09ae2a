package underpin.fix.backport;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A method that the fix changes, or may change.
 *
 * @param className binary form: {@code a.b.C$D}
 * @param methodName {@code <init>} and {@code <clinit>} for constructors and static initialisers
 * @param enclosing for a method of an anonymous or local class, the method around it
 * @param score how likely it is part of the fix, 0 to 1
 */
public record FixFunction(
    String className,
    String methodName,
    String descriptor,
    Optional<String> enclosing,
    double score) {
  public FixFunction {
    requireNonNull(className, "className");
    requireNonNull(methodName, "methodName");
    requireNonNull(descriptor, "descriptor");
    requireNonNull(enclosing, "enclosing");
  }

  /** {@return {@code a.b.C.name(descriptor)}} */
  public String id() {
    return className + "." + methodName + descriptor;
  }
}
