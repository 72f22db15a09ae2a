package underpin.program.method;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.LineNumber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one class: which of its methods are its author's, and what each does. */
final class ClassReading {
  /** What compilers give every enum. */
  private static final Set<String> OF_ENUM = Set.of("values", "valueOf", "$values");

  private final ClassModel model;
  private final Accessors accessors;
  private final String name;
  private final Map<String, MethodModel> methods = new HashMap<>();

  ClassReading(ClassModel model, Accessors accessors) {
    this.model = model;
    this.accessors = accessors;
    this.name = model.thisClass().asInternalName();
    for (MethodModel method : model.methods()) {
      methods.put(method.methodName().stringValue() + method.methodType().stringValue(), method);
    }
  }

  ClassCode read(int variant, JarCode.Wanted wanted) {
    Optional<String> enclosing = enclosing();
    List<MethodCode> read = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      if (wanted.method(name.replace('/', '.'), method.methodName().stringValue())
          && isWritten(method)) {
        read.add(method(method, enclosing));
      }
    }
    return new ClassCode(
        name.replace('/', '.'),
        variant,
        model.flags().flagsMask(),
        model.superclass().map(c -> c.asInternalName().replace('/', '.')).orElse(""),
        model.interfaces().stream().map(c -> c.asInternalName().replace('/', '.')).toList(),
        model.findAttribute(Attributes.sourceFile()).map(a -> a.sourceFile().stringValue()),
        constants(),
        read);
  }

  private Map<String, String> constants() {
    Map<String, String> constants = new HashMap<>();
    for (FieldModel field : model.fields()) {
      field
          .findAttribute(Attributes.constantValue())
          .ifPresent(value ->
              constants.put(
                  field.fieldName().stringValue(),
                  String.valueOf(value.constant().constantValue())));
    }
    return constants;
  }

  /** The method around an anonymous or local class. */
  private Optional<String> enclosing() {
    return model
        .findAttribute(Attributes.enclosingMethod())
        .map(e ->
            e.enclosingClass().asInternalName().replace('/', '.')
                + e.enclosingMethodName().map(n -> "." + n.stringValue()).orElse(""));
  }

  /** Whether the method has a counterpart in the source. */
  private boolean isWritten(MethodModel method) {
    String called = method.methodName().stringValue();
    int flags = method.flags().flagsMask();
    boolean isEnum = (model.flags().flagsMask() & ClassFile.ACC_ENUM) != 0;
    return (flags & ClassFile.ACC_BRIDGE) == 0
        && !Accessors.isAccessor(called)
        && !called.equals("$deserializeLambda$")
        && !called.startsWith("$jacoco")
        && !(isEnum && OF_ENUM.contains(called))
        && !isLambdaBody(method);
  }

  /** javac, ecj and scalac all put the body of a lambda into a synthetic method of the class. */
  private static boolean isLambdaBody(MethodModel method) {
    String called = method.methodName().stringValue();
    boolean synthetic = (method.flags().flagsMask() & ClassFile.ACC_SYNTHETIC) != 0;
    return synthetic && (called.startsWith("lambda$") || called.contains("$anonfun$"));
  }

  /** {@return the method of this class that holds the body of a lambda} */
  Optional<MethodModel> lambdaBody(ClassEntry owner, String called, String descriptor) {
    return owner.asInternalName().equals(name)
        ? Optional.ofNullable(methods.get(called + descriptor)).filter(ClassReading::isLambdaBody)
        : Optional.empty();
  }

  private MethodCode method(MethodModel method, Optional<String> enclosing) {
    CodeWalk walk = new CodeWalk(this, accessors);
    walk.method(method);
    int[] lines = {Integer.MAX_VALUE, 0};
    method.code().ifPresent(code -> lines(code, lines));
    return new MethodCode(
        name.replace('/', '.'),
        method.methodName().stringValue(),
        method.methodType().stringValue(),
        method.flags().flagsMask(),
        enclosing,
        walk.exact(),
        Events.digest(walk.events()),
        walk.events(),
        lines[1] == 0 ? 0 : lines[0],
        lines[1]);
  }

  private static void lines(CodeModel code, int[] lines) {
    for (CodeElement element : code) {
      if (element instanceof LineNumber line) {
        lines[0] = Math.min(lines[0], line.line());
        lines[1] = Math.max(lines[1], line.line());
      }
    }
  }

  String superName() {
    return model.superclass().map(ClassEntry::asInternalName).orElse("");
  }

  ClassModel model() {
    return model;
  }
}
