package underpin.program.method;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What one method does. The bodies of its lambdas are part of it; private accessors that a compiler
 * made are replaced by what they reach.
 *
 * @param className binary form with dots: {@code a.b.C$D}
 * @param enclosing for a method of an anonymous or local class, the method around it: {@code
 *     a.b.C.run}
 * @param flags as in the class file
 * @param exact digest of the normalised code with full names, in hex; equal means the same meaning
 * @param loose digest of the events alone, names without packages: survives another compiler
 * @param events calls, fields, constants, branches, throws, in the order of the control flow
 * @param firstLine first source line, 0 where the class file has none
 * @param lastLine last source line, 0 where the class file has none
 */
public record MethodCode(
    String className,
    String name,
    String descriptor,
    int flags,
    Optional<String> enclosing,
    String exact,
    String loose,
    List<String> events,
    int firstLine,
    int lastLine) {
  public MethodCode {
    requireNonNull(className, "className");
    requireNonNull(enclosing, "enclosing");
    events = List.copyOf(events);
  }

  /** {@return {@code a.b.C$D.name(descriptor)}} */
  public String id() {
    return className + "." + name + descriptor;
  }

  /** {@return whether there is code; abstract and native methods have none} */
  public boolean hasCode() {
    return (flags & 0x0500) == 0;
  }
}
