package underpin.program.method;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the accessors reach that compilers made for nested classes before Java 11 ({@code
 * access$000}).
 */
final class Accessors {
  private final Map<String, CodeElement> reached = new ConcurrentHashMap<>();

  static boolean isAccessor(String name) {
    return name.startsWith("access$");
  }

  void add(ClassModel model) {
    for (MethodModel method : model.methods()) {
      String name = method.methodName().stringValue();
      if (isAccessor(name)) {
        member(method)
            .ifPresent(element ->
                reached.put(
                    key(
                        model.thisClass().asInternalName(),
                        name,
                        method.methodType().stringValue()),
                    element));
      }
    }
  }

  /** {@return the one member that the accessor uses; none where it does more} */
  private static Optional<CodeElement> member(MethodModel method) {
    return method
        .code()
        .map(code ->
            code.elementStream()
                .filter(e -> e instanceof FieldInstruction || e instanceof InvokeInstruction)
                .toList())
        .filter(members -> members.size() == 1)
        .map(java.util.List::getFirst);
  }

  /** {@return the field or call behind an accessor} */
  Optional<CodeElement> behind(InvokeInstruction call) {
    return Optional.ofNullable(
        reached.get(
            key(
                call.owner().asInternalName(),
                call.name().stringValue(),
                call.type().stringValue())));
  }

  private static String key(String owner, String name, String descriptor) {
    return owner + "." + name + descriptor;
  }
}
