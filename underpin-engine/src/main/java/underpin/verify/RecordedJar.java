package underpin.verify;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import underpin.program.method.MethodId;

/**
 * A copy of a jar in which some methods note how they are called and what comes of it. For one run
 * of a JVM that verifies no classes: it has no stack maps where it was changed, and no signatures.
 */
final class RecordedJar {
  private static final ClassFile CLASSES = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
  private static final ClassDesc CALLS = ClassDesc.of("underpin.upstream.Calls");
  private static final MethodTypeDesc ENTER =
      MethodTypeDesc.of(
          ConstantDescs.CD_Object, ConstantDescs.CD_int, ConstantDescs.CD_Object.arrayType());
  private static final MethodTypeDesc EXIT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_Object);
  private static final MethodTypeDesc RETURNED =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
  private static final MethodTypeDesc THREW =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_Throwable);

  private RecordedJar() {}

  /**
   * @param ids methods; the index of one is the number that its calls are noted under
   */
  static void write(Path jar, List<String> ids, Path copy) throws IOException {
    Map<String, Map<String, Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      MethodId id = MethodId.of(ids.get(i));
      byClass.computeIfAbsent(id.type(), _ -> new TreeMap<>()).put(id.key(), i);
    }
    JarEdit.write(
        jar,
        copy,
        (name, bytes) -> {
          Map<String, Integer> methods = byClass.get(name);
          return methods == null ? bytes : recorded(bytes, methods);
        });
  }

  private static byte[] recorded(byte[] bytes, Map<String, Integer> methods) {
    try {
      ClassModel model = CLASSES.parse(bytes);
      return CLASSES.transformClass(
          model,
          (builder, element) -> {
            Integer number =
                element instanceof MethodModel method && isRecorded(method)
                    ? methods.get(MethodId.key(method))
                    : null;
            if (number == null) {
              builder.with(element);
            } else {
              MethodModel method = (MethodModel) element;
              builder.transformMethod(
                  method, MethodTransform.transformingCode(new Recording(method, number)));
            }
          });
    } catch (IllegalArgumentException e) {
      // A class that no JVM would load, or a method that has no room left: not recorded.
      return bytes;
    }
  }

  private static boolean isRecorded(MethodModel method) {
    // The initialiser of a class runs at a time that follows from nothing.
    return method.code().isPresent()
        && !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)
        && !method.flags().has(AccessFlag.SYNTHETIC);
  }

  private static final class Recording implements CodeTransform {
    private final MethodModel method;
    private final int number;
    private int call = -1;
    private @Nullable Label start;

    Recording(MethodModel method, int number) {
      this.method = method;
      this.number = number;
    }

    @Override
    public void atStart(CodeBuilder code) {
      call = code.allocateLocal(TypeKind.REFERENCE);
      List<ClassDesc> parameters = method.methodTypeSymbol().parameterList();
      code.loadConstant(number).loadConstant(parameters.size()).anewarray(ConstantDescs.CD_Object);
      for (int i = 0; i < parameters.size(); i++) {
        TypeKind kind = TypeKind.from(parameters.get(i));
        code.dup().loadConstant(i).loadLocal(kind, code.parameterSlot(i));
        boxed(code, parameters.get(i));
        code.aastore();
      }
      code.invokestatic(CALLS, "enter", ENTER).astore(call);
      start = code.newBoundLabel();
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction end) {
        if (end.typeKind() == TypeKind.VOID) {
          code.aload(call).invokestatic(CALLS, "returned", RETURNED);
        } else {
          if (end.typeKind().slotSize() == 2) {
            code.dup2();
          } else {
            code.dup();
          }
          boxed(code, method.methodTypeSymbol().returnType());
          code.aload(call).swap().invokestatic(CALLS, "exit", EXIT);
        }
      }
      code.with(element);
    }

    @Override
    public void atEnd(CodeBuilder code) {
      Label end = code.newBoundLabel();
      int thrown = code.allocateLocal(TypeKind.REFERENCE);
      code.exceptionCatchAll(requireNonNull(start, "start"), end, end);
      code.astore(thrown)
          .aload(call)
          .aload(thrown)
          .invokestatic(CALLS, "threw", THREW)
          .aload(thrown)
          .athrow();
    }

    private static void boxed(CodeBuilder code, ClassDesc type) {
      if (!type.isPrimitive()) {
        return;
      }
      ClassDesc box =
          ClassDesc.of(
              "java.lang."
                  + switch (type.descriptorString()) {
                    case "Z" -> "Boolean";
                    case "B" -> "Byte";
                    case "C" -> "Character";
                    case "S" -> "Short";
                    case "I" -> "Integer";
                    case "J" -> "Long";
                    case "F" -> "Float";
                    default -> "Double";
                  });
      code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, type));
    }
  }
}
