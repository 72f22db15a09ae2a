package underpin.fix.backport;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts newly compiled methods into a class file of the version, where the rest of it keeps its
 * bytes: for classes of which not everything can be compiled here. What cannot be put in for sure
 * is refused.
 */
final class Splice {
  /** Why methods cannot be put into a class file. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String because) {
      super(because);
    }
  }

  private final byte[] original;
  private final ClassModel ours;
  private final ClassModel compiled;
  private final Set<String> same;
  private final boolean isOurs;
  private final ClassFile files;
  private final Map<String, String> names = new LinkedHashMap<>();

  /**
   * @param same methods (name and descriptor) whose code is no other in the compiled class
   * @param isOurs whether it was compiled from the sources of the version, so that what it lacks is
   *     to go
   * @param resolver knows the types that methods use
   */
  Splice(
      byte[] ours,
      byte[] compiled,
      Set<String> same,
      boolean isOurs,
      ClassHierarchyResolver resolver) {
    this.isOurs = isOurs;
    this.files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    this.original = ours;
    this.ours = files.parse(ours);
    this.compiled = files.parse(compiled);
    this.same = same;
  }

  /** {@return whether a method was compiled without its code, so that it has none to put in} */
  static boolean isUnread(MethodModel method) {
    List<Instruction> code =
        method
            .code()
            .map(c ->
                c.elementStream()
                    .filter(Instruction.class::isInstance)
                    .map(Instruction.class::cast)
                    .toList())
            .orElse(List.of());
    return code.size() == 2
        && code.get(0).opcode() == Opcode.ACONST_NULL
        && code.get(1).opcode() == Opcode.ATHROW;
  }

  /** {@return whether a class holds such a method} */
  static boolean hasUnread(byte[] classFile) {
    return ClassFile.of().parse(classFile).methods().stream().anyMatch(Splice::isUnread);
  }

  /**
   * {@return the class file of the version with what is new}
   *
   * @throws Refused if that cannot be done for sure
   */
  byte[] spliced() throws Refused {
    if (!shape(ours).equals(shape(compiled))) {
      throw new Refused("the fix changes what the class extends or implements");
    }
    Map<String, MethodModel> known = methods(ours);
    Map<String, MethodModel> fresh = new LinkedHashMap<>();
    for (Map.Entry<String, MethodModel> one : methods(compiled).entrySet()) {
      boolean isLambda = one.getKey().startsWith("lambda$");
      if (!isLambda && !isUnread(one.getValue()) && !same.contains(one.getKey())) {
        fresh.put(one.getKey(), one.getValue());
      }
    }
    Map<String, MethodModel> lambdas = lambdas(fresh.values(), known.keySet());
    List<MethodModel> all = new ArrayList<>(fresh.values());
    all.addAll(lambdas.values());
    Set<String> fields = new HashSet<>();
    ours.fields().forEach(f -> fields.add(id(f)));
    List<FieldModel> added = new ArrayList<>();
    for (FieldModel field : compiled.fields()) {
      if (!fields.contains(id(field)) && (isOurs || isUsed(field, all))) {
        added.add(field);
      }
    }
    for (FieldModel field : added) {
      filled(field, all);
    }
    if (all.isEmpty() && added.isEmpty()) {
      return original;
    }
    for (MethodModel method : all) {
      check(method);
      if (method.methodName().equalsString("$deserializeLambda$")) {
        throw new Refused("lambdas that are serialised are known by their names");
      }
    }
    if (!names.isEmpty() && ours.majorVersion() < ClassFile.JAVA_8_VERSION) {
      throw new Refused("the fix is written with lambdas, which the class file cannot hold");
    }
    byte[] bytes;
    try {
      bytes = files.transformClass(ours, transform(fresh, lambdas, added));
    } catch (IllegalArgumentException unknown) {
      throw new Refused("a method uses types of which nothing is known: " + unknown.getMessage());
    }
    Set<String> before = errors(files.verify(ours));
    Set<String> after = errors(files.verify(bytes));
    after.removeAll(before);
    if (!after.isEmpty()) {
      throw new Refused("the result is no valid class: " + after.iterator().next());
    }
    return bytes;
  }

  private static Set<String> errors(List<VerifyError> errors) {
    Set<String> texts = new TreeSet<>();
    errors.forEach(e -> texts.add(String.valueOf(e.getMessage())));
    return texts;
  }

  private static String shape(ClassModel model) {
    return model.superclass().map(ClassEntry::asInternalName).orElse("")
        + model.interfaces().stream().map(ClassEntry::asInternalName).toList();
  }

  private static String id(FieldModel field) {
    return field.fieldName().stringValue() + ":" + field.fieldType().stringValue();
  }

  /** {@return name and descriptor} */
  static String id(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }

  private static Map<String, MethodModel> methods(ClassModel model) {
    Map<String, MethodModel> methods = new LinkedHashMap<>();
    model.methods().forEach(m -> methods.put(id(m), m));
    return methods;
  }

  /** The lambdas of the new methods, which get names that the version does not use. */
  private Map<String, MethodModel> lambdas(
      java.util.Collection<MethodModel> fresh, Set<String> taken) {
    Map<String, MethodModel> all = methods(compiled);
    Map<String, MethodModel> lambdas = new LinkedHashMap<>();
    Deque<MethodModel> open = new ArrayDeque<>(fresh);
    while (!open.isEmpty()) {
      for (String handle : handles(open.poll())) {
        MethodModel lambda = all.get(handle);
        if (lambda != null && handle.startsWith("lambda$") && !lambdas.containsKey(handle)) {
          String name = lambda.methodName().stringValue();
          String free = name;
          while (taken.contains(free + lambda.methodType().stringValue())
              || names.containsValue(free)) {
            free += "$1";
          }
          names.put(handle, free);
          lambdas.put(handle, lambda);
          open.add(lambda);
        }
      }
    }
    return lambdas;
  }

  private Set<String> handles(MethodModel method) {
    Set<String> handles = new TreeSet<>();
    method
        .code()
        .ifPresent(code ->
            code.elementStream()
                .forEach(e -> {
                  if (e instanceof InvokeDynamicInstruction dynamic) {
                    for (ConstantDesc argument : dynamic.bootstrapArgs()) {
                      own(argument).ifPresent(h -> handles.add(id(h)));
                    }
                  }
                }));
    return handles;
  }

  private Optional<DirectMethodHandleDesc> own(ConstantDesc argument) {
    return argument instanceof DirectMethodHandleDesc handle
            && handle.owner().equals(compiled.thisClass().asSymbol())
        ? Optional.of(handle)
        : Optional.empty();
  }

  private static String id(DirectMethodHandleDesc handle) {
    return handle.methodName() + handle.lookupDescriptor();
  }

  private boolean isUsed(FieldModel field, List<MethodModel> by) {
    return by.stream()
        .flatMap(m -> m.code().stream())
        .flatMap(CodeModel::elementStream)
        .anyMatch(e ->
            e instanceof FieldInstruction used
                && used.owner().equals(compiled.thisClass())
                && id(field).equals(used.name().stringValue() + ":" + used.type().stringValue()));
  }

  /** A field that is new must be filled by what is new. */
  private void filled(FieldModel field, List<MethodModel> fresh) throws Refused {
    for (MethodModel method : compiled.methods()) {
      boolean fills =
          method
              .code()
              .map(code ->
                  code.elementStream()
                      .anyMatch(e ->
                          e instanceof FieldInstruction put
                              && (put.opcode() == Opcode.PUTFIELD
                                  || put.opcode() == Opcode.PUTSTATIC)
                              && put.owner().equals(compiled.thisClass())
                              && id(field)
                                  .equals(
                                      put.name().stringValue() + ":" + put.type().stringValue())))
              .orElse(false);
      if (fills && !fresh.contains(method)) {
        throw new Refused(
            "%s is filled by %s, which is another in the version"
                .formatted(field.fieldName().stringValue(), id(method)));
      }
      if (fills && !isOurs && method.methodName().equalsString("<init>")) {
        Set<String> known = methods(compiled).keySet();
        for (String own : methods(ours).keySet()) {
          if (own.startsWith("<init>") && !known.contains(own)) {
            throw new Refused(
                "%s would not be filled by %s".formatted(field.fieldName().stringValue(), own));
          }
        }
      }
    }
  }

  /** What compilers number is numbered otherwise in the version. */
  private void check(MethodModel method) throws Refused {
    List<String> refused = new ArrayList<>();
    String anonymous = java.util.regex.Pattern.quote(outermost()) + "(\\$\\w+)*\\$\\d.*";
    method
        .code()
        .ifPresent(code ->
            code.elementStream()
                .forEach(e -> {
                  String text =
                      switch (e) {
                        case InvokeInstruction call ->
                            call.owner().asInternalName() + "." + call.name().stringValue();
                        case FieldInstruction field -> field.owner().asInternalName();
                        case NewObjectInstruction made -> made.className().asInternalName();
                        default -> "";
                      };
                  if (text.contains(".access$")
                      || text.replaceAll("\\..*", "").matches(anonymous)) {
                    refused.add(text);
                  }
                }));
    if (!refused.isEmpty()) {
      throw new Refused(
          id(method) + " uses " + refused.getFirst() + ", which the version numbers otherwise");
    }
  }

  private String outermost() {
    String name = compiled.thisClass().asInternalName();
    int dollar = name.indexOf('$', name.lastIndexOf('/') + 2);
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  private java.lang.classfile.ClassTransform transform(
      Map<String, MethodModel> fresh, Map<String, MethodModel> lambdas, List<FieldModel> added) {
    return new java.lang.classfile.ClassTransform() {
      @Override
      public void accept(java.lang.classfile.ClassBuilder builder, ClassElement element) {
        boolean goes =
            element instanceof MethodModel method
                && (fresh.containsKey(id(method)) || isOurs && isGone(method));
        if (!goes) {
          builder.with(element);
        }
      }

      @Override
      public void atEnd(java.lang.classfile.ClassBuilder builder) {
        added.forEach(f ->
            builder.withField(
                f.fieldName().stringValue(),
                f.fieldTypeSymbol(),
                b -> {
                  b.withFlags(f.flags().flagsMask());
                  f.findAttribute(Attributes.constantValue()).ifPresent(b::with);
                  f.findAttribute(Attributes.signature()).ifPresent(b::with);
                }));
        fresh.values().forEach(m -> put(builder, m, m.methodName().stringValue()));
        lambdas.forEach((handle, m) -> put(builder, m, names.getOrDefault(handle, handle)));
      }
    };
  }

  private boolean isGone(MethodModel method) {
    boolean isAccessor =
        method.flags().has(java.lang.reflect.AccessFlag.SYNTHETIC)
            && !method.methodName().equalsString("<init>");
    return !isAccessor && compiled.methods().stream().noneMatch(m -> id(m).equals(id(method)));
  }

  private void put(java.lang.classfile.ClassBuilder builder, MethodModel method, String name) {
    builder.withMethod(
        name,
        method.methodTypeSymbol(),
        method.flags().flagsMask(),
        m -> {
          for (var element : method) {
            if (element instanceof java.lang.classfile.CodeModel code) {
              m.transformCode(code, this::renamed);
            } else if (!(element instanceof java.lang.classfile.AccessFlags)) {
              m.with(element);
            }
          }
        });
  }

  private void renamed(java.lang.classfile.CodeBuilder builder, CodeElement element) {
    if (element instanceof InvokeDynamicInstruction dynamic && !names.isEmpty()) {
      List<ConstantDesc> arguments = new ArrayList<>();
      for (ConstantDesc argument : dynamic.bootstrapArgs()) {
        Optional<DirectMethodHandleDesc> handle =
            own(argument).filter(h -> names.containsKey(id(h)));
        arguments.add(
            handle.isPresent()
                ? MethodHandleDesc.ofMethod(
                    handle.get().kind(),
                    handle.get().owner(),
                    names.getOrDefault(id(handle.get()), ""),
                    java.lang.constant.MethodTypeDesc.ofDescriptor(handle.get().lookupDescriptor()))
                : argument);
      }
      builder.invokedynamic(
          DynamicCallSiteDesc.of(
              dynamic.bootstrapMethod(),
              dynamic.name().stringValue(),
              dynamic.typeSymbol(),
              arguments.toArray(new ConstantDesc[0])));
    } else {
      builder.with(element);
    }
  }
}
