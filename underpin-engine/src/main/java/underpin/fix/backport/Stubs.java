package underpin.fix.backport;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.AnnotationDefaultAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Stand-ins for types which a version refers to and which are not at hand, as those of optional
 * dependencies that no POM names: what its own class files use of them, and no more. They serve to
 * compile against, and are never run or handed out. How the types relate to each other is not in
 * class files; that is learnt from what the compiler says of sources which did compile once.
 */
final class Stubs {
  private static final int OPEN = ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED;

  /** What is known of one type. */
  private static final class Seen {
    boolean isInterface;
    boolean isAnnotation;
    boolean isEnum;
    boolean isThrown;
    int parameters;
    final Map<String, Integer> methods = new TreeMap<>();
    final Map<String, String> signatures = new HashMap<>();
    final TreeSet<String> functional = new TreeSet<>();
    final Map<String, Boolean> fields = new TreeMap<>();
    final TreeSet<String> constants = new TreeSet<>();
    final Map<String, AnnotationValue> elements = new LinkedHashMap<>();
    final TreeSet<String> above = new TreeSet<>();
  }

  private final Map<String, Seen> types = new TreeMap<>();
  private final Predicate<String> isKnown;

  /**
   * @param users class files of the version
   * @param isKnown whether a type (internal name) is at hand
   */
  Stubs(Collection<byte[]> users, Predicate<String> isKnown) {
    this.isKnown = isKnown;
    for (byte[] user : users) {
      read(ClassFile.of().parse(user));
    }
    // What is nested is a type of its own and a member of the one around it.
    for (String name : List.copyOf(types.keySet())) {
      int dollar = name.lastIndexOf('$');
      if (dollar > 0) {
        seen(name.substring(0, dollar));
      }
    }
  }

  boolean isEmpty() {
    return types.isEmpty();
  }

  boolean has(String dottedName) {
    return internal(dottedName).isPresent();
  }

  /** {@return whether it was not known that a type has a method} */
  boolean declare(String internalName, String nameAndDescriptor) {
    Seen of = types.get(internalName);
    return of != null && of.methods.putIfAbsent(nameAndDescriptor, ClassFile.ACC_PUBLIC) == null;
  }

  /** {@return whether a type that sources import was not known} */
  boolean named(String internalName) {
    return !types.containsKey(internalName) && seen(internalName).isPresent();
  }

  private Optional<String> internal(String dotted) {
    String name = dotted.replace('.', '/');
    while (true) {
      if (types.containsKey(name)) {
        return Optional.of(name);
      }
      int slash = name.lastIndexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      name = name.substring(0, slash) + "$" + name.substring(slash + 1);
    }
  }

  /**
   * One type is used where another is asked for, in sources that did compile once.
   *
   * @return whether that was not known
   */
  boolean relate(String dottedName, String aboveDotted, boolean isAboveInterface) {
    Optional<String> name = internal(dottedName);
    if (name.isEmpty() || dottedName.equals(aboveDotted)) {
      return false;
    }
    String above = internal(aboveDotted).orElse(aboveDotted.replace('.', '/'));
    Seen of = java.util.Objects.requireNonNull(types.get(name.get()));
    boolean other =
        !types.containsKey(above) && !isAboveInterface
            || types.containsKey(above)
                && java.util.Objects.requireNonNull(types.get(above)).above.contains(name.get());
    return !other && of.above.add(above);
  }

  private Optional<Seen> seen(String name) {
    return name.startsWith("[") || isKnown.test(name)
        ? Optional.empty()
        : Optional.of(types.computeIfAbsent(name, _ -> new Seen()));
  }

  private Optional<Seen> seen(ClassDesc type) {
    return type.isClassOrInterface()
        ? seen(type.descriptorString().substring(1, type.descriptorString().length() - 1))
        : type.isArray() ? seen(type.componentType()) : Optional.empty();
  }

  private void seen(MethodTypeDesc type) {
    seen(type.returnType());
    type.parameterList().forEach(this::seen);
  }

  private void read(ClassModel user) {
    for (PoolEntry entry : user.constantPool()) {
      if (entry instanceof ClassEntry type) {
        seen(type.asInternalName());
      }
    }
    user.interfaces().forEach(i -> seen(i.asInternalName()).ifPresent(s -> s.isInterface = true));
    user.findAttribute(Attributes.signature())
        .ifPresent(s -> {
          signature(s.asClassSignature().superclassSignature());
          s.asClassSignature().superinterfaceSignatures().forEach(this::signature);
        });
    user.findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(a -> annotations(a.annotations()));
    user.findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(a -> annotations(a.annotations()));
    for (FieldModel field : user.fields()) {
      seen(field.fieldTypeSymbol());
      field.findAttribute(Attributes.signature()).ifPresent(s -> signature(s.asTypeSignature()));
      field
          .findAttribute(Attributes.runtimeVisibleAnnotations())
          .ifPresent(a -> annotations(a.annotations()));
      field
          .findAttribute(Attributes.runtimeInvisibleAnnotations())
          .ifPresent(a -> annotations(a.annotations()));
    }
    List<Seen> above = new ArrayList<>();
    user.superclass().flatMap(c -> seen(c.asInternalName())).ifPresent(above::add);
    List<Seen> implemented = new ArrayList<>();
    user.interfaces().forEach(i -> seen(i.asInternalName()).ifPresent(implemented::add));
    for (MethodModel method : user.methods()) {
      seen(method.methodTypeSymbol());
      method
          .findAttribute(Attributes.signature())
          .ifPresent(s -> {
            signature(s.asMethodSignature().result());
            s.asMethodSignature().arguments().forEach(this::signature);
          });
      method
          .findAttribute(Attributes.exceptions())
          .ifPresent(e ->
              e.exceptions()
                  .forEach(t -> seen(t.asInternalName()).ifPresent(s -> s.isThrown = true)));
      method
          .findAttribute(Attributes.runtimeVisibleAnnotations())
          .ifPresent(a -> annotations(a.annotations()));
      method
          .findAttribute(Attributes.runtimeInvisibleAnnotations())
          .ifPresent(a -> annotations(a.annotations()));
      method
          .findAttribute(Attributes.runtimeVisibleParameterAnnotations())
          .ifPresent(a -> a.parameterAnnotations().forEach(this::annotations));
      above.forEach(s -> overridden(s, user, method));
      if ((method.flags().flagsMask() & ClassFile.ACC_PUBLIC) != 0) {
        implemented.forEach(s -> overridden(s, user, method));
      }
      method.code().ifPresent(this::code);
    }
  }

  /** It may be an override of one above: then that has it too. */
  private static void overridden(Seen above, ClassModel user, MethodModel method) {
    int flags = method.flags().flagsMask();
    String name = method.methodName().stringValue();
    boolean perhaps =
        (flags & OPEN) != 0 && (flags & ClassFile.ACC_STATIC) == 0 && !name.startsWith("<");
    boolean isBridged =
        (flags & ClassFile.ACC_BRIDGE) == 0
            && user.methods().stream()
                .anyMatch(m ->
                    (m.flags().flagsMask() & ClassFile.ACC_BRIDGE) != 0
                        && m.methodName().equalsString(name)
                        && m.methodTypeSymbol().parameterCount()
                            == method.methodTypeSymbol().parameterCount());
    if (perhaps && !isBridged) {
      String id = name + method.methodType().stringValue();
      above.methods.putIfAbsent(id, flags & OPEN);
      method
          .findAttribute(Attributes.signature())
          .map(s -> s.signature().stringValue())
          .filter(s -> !s.matches(".*(?:^|[(<;*)\\[+-])T\\w+;.*") && !s.startsWith("<"))
          .ifPresent(s -> above.signatures.putIfAbsent(id, s));
    }
  }

  private void code(CodeModel code) {
    for (var element : code) {
      switch (element) {
        case InvokeInstruction call -> call(call);
        case FieldInstruction field -> {
          seen(field.typeSymbol());
          boolean isStatic =
              field.opcode() == java.lang.classfile.Opcode.GETSTATIC
                  || field.opcode() == java.lang.classfile.Opcode.PUTSTATIC;
          seen(field.owner().asInternalName())
              .ifPresent(s ->
                  s.fields.put(
                      field.name().stringValue() + ":" + field.type().stringValue(), isStatic));
        }
        case InvokeDynamicInstruction dynamic -> {
          seen(dynamic.typeSymbol());
          boolean isLambda =
              dynamic.bootstrapMethod().owner().displayName().equals("LambdaMetafactory");
          if (isLambda && dynamic.bootstrapArgs().getFirst() instanceof MethodTypeDesc type) {
            seen(dynamic.typeSymbol().returnType())
                .ifPresent(s -> {
                  s.isInterface = true;
                  s.functional.add(dynamic.name().stringValue() + type.descriptorString());
                });
          }
        }
        case ExceptionCatch caught ->
            caught
                .catchType()
                .flatMap(t -> seen(t.asInternalName()))
                .ifPresent(s -> s.isThrown = true);
        default -> {}
      }
    }
  }

  private void call(InvokeInstruction call) {
    seen(call.typeSymbol());
    String name = call.name().stringValue();
    boolean isStatic = call.opcode() == java.lang.classfile.Opcode.INVOKESTATIC;
    seen(call.owner().asInternalName())
        .ifPresent(s -> {
          s.isInterface |= call.isInterface();
          s.isEnum |=
              name.equals("ordinal") && call.type().equalsString("()I")
                  || name.equals("values") && isStatic;
          s.methods.put(
              name + call.type().stringValue(),
              ClassFile.ACC_PUBLIC | (isStatic ? ClassFile.ACC_STATIC : 0));
        });
  }

  private void signature(Signature signature) {
    switch (signature) {
      case Signature.ClassTypeSig type -> {
        seen(type.classDesc())
            .ifPresent(s -> s.parameters = Math.max(s.parameters, type.typeArgs().size()));
        for (Signature.TypeArg argument : type.typeArgs()) {
          if (argument instanceof Signature.TypeArg.Bounded bounded) {
            signature(bounded.boundType());
          }
        }
      }
      case Signature.ArrayTypeSig array -> signature(array.componentSignature());
      default -> {}
    }
  }

  private void annotations(List<Annotation> annotations) {
    for (Annotation one : annotations) {
      annotation(one);
    }
  }

  private void annotation(Annotation one) {
    seen(one.classSymbol())
        .ifPresent(s -> {
          s.isAnnotation = true;
          s.isInterface = true;
          for (AnnotationElement element : one.elements()) {
            s.elements.putIfAbsent(element.name().stringValue(), element.value());
          }
        });
    one.elements().forEach(e -> value(e.value()));
  }

  private void value(AnnotationValue value) {
    switch (value) {
      case AnnotationValue.OfEnum constant ->
          seen(constant.classSymbol())
              .ifPresent(s -> {
                s.isEnum = true;
                s.constants.add(constant.constantName().stringValue());
              });
      case AnnotationValue.OfArray array -> array.values().forEach(this::value);
      case AnnotationValue.OfAnnotation nested -> annotation(nested.annotation());
      case AnnotationValue.OfClass type -> seen(type.classSymbol());
      default -> {}
    }
  }

  /** {@return class files by entry name} */
  SortedMap<String, byte[]> classes() {
    SortedMap<String, byte[]> classes = new TreeMap<>();
    types.forEach((name, seen) -> classes.put(name + ".class", written(name, seen)));
    return classes;
  }

  private byte[] written(String name, Seen seen) {
    boolean isInterface =
        seen.isInterface
            && !seen.isThrown
            && !seen.isEnum
            && !seen.methods.keySet().stream().anyMatch(m -> m.startsWith("<init>"));
    int kind =
        isInterface
            ? ClassFile.ACC_INTERFACE
                | ClassFile.ACC_ABSTRACT
                | (seen.isAnnotation ? ClassFile.ACC_ANNOTATION : 0)
            : ClassFile.ACC_SUPER | (seen.isEnum ? ClassFile.ACC_ENUM : 0);
    List<String> interfaces = new ArrayList<>();
    String parent =
        seen.isEnum
            ? "java/lang/Enum"
            : seen.isThrown ? "java/lang/RuntimeException" : "java/lang/Object";
    for (String above : seen.above) {
      Seen other = types.get(above);
      boolean aboveInterface = other == null || other.isInterface;
      if (aboveInterface) {
        interfaces.add(above);
      } else if (!isInterface && !seen.isEnum) {
        parent = above;
      }
    }
    if (seen.isAnnotation) {
      interfaces.add("java/lang/annotation/Annotation");
    }
    String superclass = parent;
    return ClassFile.of()
        .build(
            descriptor(name),
            builder -> {
              builder.withVersion(52, 0);
              builder.withFlags(ClassFile.ACC_PUBLIC | kind);
              builder.withSuperclass(descriptor(superclass));
              builder.withInterfaceSymbols(interfaces.stream().map(Stubs::descriptor).toList());
              if (seen.parameters > 0 && !seen.isEnum) {
                builder.with(
                    SignatureAttribute.of(
                        java.lang.classfile.ClassSignature.parseFrom(
                            generic(seen.parameters, superclass, interfaces))));
              }
              nesting(builder, name);
              if (seen.isAnnotation) {
                seen.elements.forEach((element, value) -> element(builder, element, value));
                return;
              }
              for (String constant : seen.constants) {
                seen.fields.put(constant + ":L" + name + ";", true);
              }
              seen.fields.forEach((field, isStatic) -> {
                int colon = field.indexOf(':');
                boolean isConstant = seen.isEnum && field.endsWith(":L" + name + ";") && isStatic;
                builder.withField(
                    field.substring(0, colon),
                    ClassDesc.ofDescriptor(field.substring(colon + 1)),
                    ClassFile.ACC_PUBLIC
                        | (isStatic ? ClassFile.ACC_STATIC : 0)
                        | (isInterface || isConstant ? ClassFile.ACC_FINAL : 0)
                        | (isConstant ? ClassFile.ACC_ENUM : 0));
              });
              methods(builder, seen, isInterface);
            });
  }

  private static String generic(int parameters, String superclass, List<String> interfaces) {
    StringBuilder text = new StringBuilder("<");
    for (int i = 0; i < parameters; i++) {
      text.append("T").append(i).append(":Ljava/lang/Object;");
    }
    text.append(">L").append(superclass).append(';');
    interfaces.forEach(i -> text.append('L').append(i).append(';'));
    return text.toString();
  }

  private static void methods(
      java.lang.classfile.ClassBuilder builder, Seen seen, boolean isInterface) {
    Map<String, Integer> all = new TreeMap<>(seen.methods);
    seen.functional.forEach(m -> all.put(m, ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT));
    boolean constructed = all.keySet().stream().anyMatch(m -> m.startsWith("<init>"));
    if (!isInterface && !constructed && !seen.isEnum) {
      all.put("<init>()V", ClassFile.ACC_PUBLIC);
    }
    all.forEach((method, flags) -> {
      int at = method.indexOf('(');
      String name = method.substring(0, at);
      boolean ofEnum = seen.isEnum && (name.equals("ordinal") || name.equals("name"));
      if (ofEnum) {
        return;
      }
      boolean takesMany =
          MethodTypeDesc.ofDescriptor(method.substring(at)).parameterList().stream()
              .reduce((_, last) -> last)
              .filter(ClassDesc::isArray)
              .isPresent();
      // Whether it takes as many as one likes is in no call: then it does.
      int many = takesMany ? ClassFile.ACC_VARARGS : 0;
      int open =
          many | (isInterface ? flags & ~ClassFile.ACC_PROTECTED | ClassFile.ACC_PUBLIC : flags);
      builder.withMethod(
          name,
          MethodTypeDesc.ofDescriptor(method.substring(at)),
          open,
          m -> {
            Optional.ofNullable(seen.signatures.get(method))
                .ifPresent(s ->
                    m.with(
                        SignatureAttribute.of(java.lang.classfile.MethodSignature.parseFrom(s))));
            if ((flags & ClassFile.ACC_ABSTRACT) == 0) {
              m.withCode(c -> c.aconst_null().athrow());
            }
          });
    });
  }

  private static void element(
      java.lang.classfile.ClassBuilder builder, String name, AnnotationValue value) {
    builder.withMethod(
        name,
        MethodTypeDesc.of(type(value)),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
        m -> m.with(AnnotationDefaultAttribute.of(value)));
  }

  private static ClassDesc type(AnnotationValue value) {
    return switch (value) {
      case AnnotationValue.OfArray array ->
          (array.values().isEmpty()
                  ? java.lang.constant.ConstantDescs.CD_String
                  : type(array.values().getFirst()))
              .arrayType();
      case AnnotationValue.OfEnum constant -> constant.classSymbol();
      case AnnotationValue.OfAnnotation nested -> nested.annotation().classSymbol();
      case AnnotationValue.OfClass _ -> java.lang.constant.ConstantDescs.CD_Class;
      case AnnotationValue.OfString _ -> java.lang.constant.ConstantDescs.CD_String;
      case AnnotationValue.OfConstant constant ->
          ClassDesc.ofDescriptor("" + (char) constant.tag());
    };
  }

  /** A nested type says so, and what it is nested in. */
  private void nesting(java.lang.classfile.ClassBuilder builder, String name) {
    List<java.lang.classfile.attribute.InnerClassInfo> inner = new ArrayList<>();
    for (String other : types.keySet()) {
      int dollar = other.lastIndexOf('$');
      boolean concerns =
          dollar > 0 && (other.equals(name) || other.substring(0, dollar).equals(name));
      if (concerns) {
        Seen of = java.util.Objects.requireNonNull(types.get(other));
        inner.add(
            java.lang.classfile.attribute.InnerClassInfo.of(
                descriptor(other),
                Optional.of(descriptor(other.substring(0, dollar))),
                Optional.of(other.substring(dollar + 1)),
                ClassFile.ACC_PUBLIC
                    | ClassFile.ACC_STATIC
                    | (of.isInterface ? ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT : 0)
                    | (of.isEnum ? ClassFile.ACC_ENUM : 0)));
      }
    }
    if (!inner.isEmpty()) {
      builder.with(java.lang.classfile.attribute.InnerClassesAttribute.of(inner));
    }
  }

  private static ClassDesc descriptor(String internalName) {
    return ClassDesc.ofDescriptor("L" + internalName + ";");
  }
}
