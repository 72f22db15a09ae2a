package underpin.program;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.ConstantPool;
import java.lang.classfile.constantpool.ConstantPoolException;
import java.lang.classfile.constantpool.InterfaceMethodRefEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ExceptionCatch;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one place that reads class files. Structure comes from {@code java.lang.classfile}; the code
 * of a method is walked as bytes, because only the operands that name a constant matter and one
 * object per instruction would be nine tenths of the time.
 */
final class ClassFileReading {
  /** Errors of linking: who catches one of these expects the reference to fail. */
  private static final Set<String> LINKAGE_ERRORS =
      Set.of(
          "java/lang/LinkageError",
          "java/lang/NoClassDefFoundError",
          "java/lang/IncompatibleClassChangeError",
          "java/lang/NoSuchMethodError",
          "java/lang/NoSuchFieldError",
          "java/lang/AbstractMethodError",
          "java/lang/IllegalAccessError",
          "java/lang/UnsupportedClassVersionError");

  private static final Set<String> WIDE_CATCHES = Set.of("java/lang/Throwable", "java/lang/Error");

  private static final int NEWEST_MAJOR = ClassFile.latestMajorVersion();

  private final Symbols symbols;
  private final int[] numbers;
  private final ConstantPool pool;
  private final ClassModel model;
  private int[] references = new int[64 * ClassShape.STRIDE];
  private int used;

  /** By constant: the kinds already kept, one bit each; a second word for weakly guarded ones. */
  private final int[] kept;

  private final int[] keptWeak;
  private final TreeSet<Integer> strings = new TreeSet<>();
  private boolean annotated;

  private ClassFileReading(Symbols symbols, ClassModel model) {
    this.symbols = symbols;
    this.model = model;
    this.pool = model.constantPool();
    this.numbers = new int[pool.size()];
    this.kept = new int[pool.size()];
    this.keptWeak = new int[pool.size()];
  }

  /**
   * Reads one class file.
   *
   * @param expectedName internal name by which it would be looked up; used when the file is of a
   *     version that the running JDK cannot read
   * @throws IllegalArgumentException if it is not a well-formed class file
   */
  static ClassShape read(byte[] bytes, String expectedName, Symbols symbols, boolean platform) {
    if (bytes.length < 10
        || bytes[0] != (byte) 0xCA
        || bytes[1] != (byte) 0xFE
        || bytes[2] != (byte) 0xBA
        || bytes[3] != (byte) 0xBE) {
      throw new IllegalArgumentException("it does not start with CAFEBABE");
    }
    int major = (bytes[6] & 0xff) << 8 | (bytes[7] & 0xff);
    if (major > NEWEST_MAJOR) {
      ClassShape unknown = shape(expectedName, symbols);
      unknown.major = major;
      unknown.flags = ClassFile.ACC_PUBLIC;
      return unknown;
    }
    try {
      return new ClassFileReading(symbols, ClassFile.of().parse(bytes)).shape(platform);
    } catch (ConstantPoolException | IndexOutOfBoundsException | ClassCastException broken) {
      throw new IllegalArgumentException("its constants are broken", broken);
    } catch (IllegalStateException | NegativeArraySizeException broken) {
      throw new IllegalArgumentException("its structure is broken", broken);
    }
  }

  private static ClassShape shape(String name, Symbols symbols) {
    int slash = name.lastIndexOf('/');
    return new ClassShape(symbols.of(name), symbols.of(slash < 0 ? "" : name.substring(0, slash)));
  }

  private ClassShape shape(boolean platform) {
    ClassShape shape = shape(model.thisClass().asInternalName(), symbols);
    shape.major = model.majorVersion();
    shape.flags = model.flags().flagsMask();
    shape.platform = platform;
    shape.superName = model.superclass().map(this::number).orElse(-1);
    shape.interfaces = model.interfaces().stream().mapToInt(this::number).toArray();
    model
        .findAttribute(Attributes.nestHost())
        .ifPresent(host -> shape.nestHost = number(host.nestHost()));
    model
        .findAttribute(Attributes.permittedSubclasses())
        .ifPresent(permitted -> {
          shape.sealed = true;
          shape.permitted =
              permitted.permittedSubclasses().stream().mapToInt(this::number).toArray();
        });
    List<FieldModel> fields = model.fields();
    long[] packed = new long[fields.size()];
    for (int i = 0; i < packed.length; i++) {
      packed[i] =
          ClassShape.key(
              symbols.of(fields.get(i).fieldName().stringValue()),
              symbols.of(fields.get(i).fieldType().stringValue()));
    }
    shape.fields = packed.clone();
    Arrays.sort(shape.fields);
    shape.fieldFlags = new int[packed.length];
    for (int i = 0; i < packed.length; i++) {
      shape.fieldFlags[Arrays.binarySearch(shape.fields, packed[i])] =
          fields.get(i).flags().flagsMask();
    }
    List<MethodModel> methods = model.methods();
    packed = new long[methods.size()];
    for (int i = 0; i < packed.length; i++) {
      packed[i] =
          ClassShape.key(
              symbols.of(methods.get(i).methodName().stringValue()),
              symbols.of(methods.get(i).methodType().stringValue()));
    }
    shape.methods = packed.clone();
    Arrays.sort(shape.methods);
    shape.methodFlags = new int[packed.length];
    for (int i = 0; i < packed.length; i++) {
      shape.methodFlags[Arrays.binarySearch(shape.methods, packed[i])] =
          methods.get(i).flags().flagsMask();
    }
    if (platform || model.isModuleInfo()) {
      return shape;
    }
    if (shape.superName >= 0 && !shape.isInterface()) {
      keep(ReferenceKind.SUPERCLASS, shape.superName, -1, -1, -1, false);
    }
    for (int implemented : shape.interfaces) {
      keep(ReferenceKind.INTERFACE, implemented, -1, -1, -1, false);
    }
    annotations(model);
    fields.forEach(this::annotations);
    methods.forEach(this::annotations);
    shape.annotated = annotated;
    for (int i = 0; i < packed.length; i++) {
      int holder = Arrays.binarySearch(shape.methods, packed[i]);
      methods.get(i).findAttribute(Attributes.code()).ifPresent(code -> walk(code, holder));
    }
    shape.references = Arrays.copyOf(references, used);
    shape.strings = strings.stream().mapToInt(Integer::intValue).toArray();
    return shape;
  }

  /** A condition such as {@code @ConditionalOnClass} names a class without linking to it. */
  private void annotations(AttributedElement element) {
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(found -> found.annotations().forEach(this::annotation));
  }

  private void annotation(Annotation annotation) {
    annotated |= !annotation.className().stringValue().startsWith("Ljava/lang/");
    Descriptors.classes(annotation.className().stringValue())
        .forEach(name -> strings.add(symbols.of(name)));
    annotation.elements().forEach(element -> annotationValue(element.value()));
  }

  private void annotationValue(AnnotationValue value) {
    switch (value) {
      case AnnotationValue.OfArray array -> array.values().forEach(this::annotationValue);
      case AnnotationValue.OfAnnotation nested -> annotation(nested.annotation());
      case AnnotationValue.OfClass type ->
          Descriptors.classes(type.className().stringValue())
              .forEach(name -> strings.add(symbols.of(name)));
      case AnnotationValue.OfString text -> mention(text.stringValue());
      default -> {}
    }
  }

  private void mention(String text) {
    if (Descriptors.looksLikeName(text)) {
      strings.add(symbols.of(text.replace('.', '/')));
    }
    // The recipe of a concatenation (StringConcatFactory) marks what is put in by \1: of a class
    // name that is put together, the package before it is known.
    int hole = text.indexOf('\1');
    if (hole > 0 && text.lastIndexOf('.', hole) > 0) {
      String known = text.substring(0, text.lastIndexOf('.', hole) + 1);
      if (Descriptors.looksLikeName(known)) {
        strings.add(symbols.of(known.replace('.', '/')));
      }
    }
  }

  private int number(ClassEntry entry) {
    int index = entry.index();
    if (numbers[index] == 0) {
      numbers[index] = symbols.of(entry.asInternalName()) + 1;
    }
    return numbers[index] - 1;
  }

  private void walk(CodeAttribute attribute, int holder) {
    byte[] code = attribute.codeArray();
    int[] guarded = {};
    int[] weak = {};
    for (ExceptionCatch handler : attribute.exceptionHandlers()) {
      if (handler.catchType().isEmpty()) {
        continue;
      }
      ClassEntry caught = handler.catchType().get();
      String type = caught.asInternalName();
      int start = attribute.labelToBci(handler.tryStart());
      int end = attribute.labelToBci(handler.tryEnd());
      if (LINKAGE_ERRORS.contains(type)) {
        guarded = append(guarded, start, end);
      } else if (WIDE_CATCHES.contains(type)) {
        weak = append(weak, start, end);
      } else {
        classReference(ReferenceKind.CLASS, caught, holder, false);
      }
    }
    for (int at = 0; at < code.length; ) {
      int opcode = code[at] & 0xff;
      int index =
          switch (opcode) {
            case Bytecode.LDC -> code[at + 1] & 0xff;
            case Bytecode.LDC_W,
                Bytecode.LDC2_W,
                Bytecode.NEW,
                Bytecode.ANEWARRAY,
                Bytecode.CHECKCAST,
                Bytecode.INSTANCEOF,
                Bytecode.MULTIANEWARRAY,
                Bytecode.GETSTATIC,
                Bytecode.PUTSTATIC,
                Bytecode.GETFIELD,
                Bytecode.PUTFIELD,
                Bytecode.INVOKEVIRTUAL,
                Bytecode.INVOKESPECIAL,
                Bytecode.INVOKESTATIC,
                Bytecode.INVOKEINTERFACE,
                Bytecode.INVOKEDYNAMIC ->
                Bytecode.unsigned(code, at + 1);
            default -> 0;
          };
      if (index != 0 && !within(guarded, at)) {
        constant(opcode, pool.entryByIndex(index), holder, within(weak, at));
      }
      at += Bytecode.length(code, at);
    }
  }

  private void constant(int opcode, PoolEntry entry, int holder, boolean weak) {
    switch (entry) {
      case ClassEntry type ->
          classReference(
              opcode == Bytecode.NEW ? ReferenceKind.NEW : ReferenceKind.CLASS, type, holder, weak);
      case MemberRefEntry member -> {
        boolean itf = member instanceof InterfaceMethodRefEntry;
        ReferenceKind kind =
            switch (opcode) {
              case Bytecode.GETSTATIC -> ReferenceKind.GETSTATIC;
              case Bytecode.PUTSTATIC -> ReferenceKind.PUTSTATIC;
              case Bytecode.GETFIELD -> ReferenceKind.GETFIELD;
              case Bytecode.PUTFIELD -> ReferenceKind.PUTFIELD;
              case Bytecode.INVOKEVIRTUAL -> ReferenceKind.INVOKEVIRTUAL;
              case Bytecode.INVOKEINTERFACE -> ReferenceKind.INVOKEINTERFACE;
              case Bytecode.INVOKESTATIC ->
                  itf ? ReferenceKind.INVOKESTATIC_INTERFACE : ReferenceKind.INVOKESTATIC;
              case Bytecode.INVOKESPECIAL ->
                  itf ? ReferenceKind.INVOKESPECIAL_INTERFACE : ReferenceKind.INVOKESPECIAL;
              default -> throw new IllegalArgumentException("opcode " + opcode + " names a member");
            };
        memberReference(kind, member, holder, weak);
      }
      case InvokeDynamicEntry call -> {
        if (first(call, ReferenceKind.LAMBDA, weak)) {
          MethodHandleEntry bootstrap = call.bootstrap().bootstrapMethod();
          List<LoadableConstantEntry> arguments = call.bootstrap().arguments();
          handle(bootstrap, holder, weak);
          for (LoadableConstantEntry argument : arguments) {
            constant(Bytecode.LDC, argument, holder, weak);
          }
          lambda(call, bootstrap, arguments, holder, weak);
        }
      }
      case ConstantDynamicEntry dynamic -> {
        if (first(dynamic, ReferenceKind.LAMBDA, weak)) {
          handle(dynamic.bootstrap().bootstrapMethod(), holder, weak);
          for (LoadableConstantEntry argument : dynamic.bootstrap().arguments()) {
            constant(Bytecode.LDC, argument, holder, weak);
          }
        }
      }
      case MethodHandleEntry handle -> handle(handle, holder, weak);
      case MethodTypeEntry type -> {
        if (first(type, ReferenceKind.CLASS, weak)) {
          for (String name : Descriptors.classes(type.descriptor().stringValue())) {
            keep(ReferenceKind.CLASS, symbols.of(name), -1, -1, holder, weak);
          }
        }
      }
      case StringEntry string -> {
        if (first(string, ReferenceKind.CLASS, weak)) {
          mention(string.stringValue());
        }
      }
      default -> {}
    }
  }

  private void lambda(
      InvokeDynamicEntry call,
      MethodHandleEntry bootstrap,
      List<LoadableConstantEntry> arguments,
      int holder,
      boolean weak) {
    if (!bootstrap.reference().owner().asInternalName().equals("java/lang/invoke/LambdaMetafactory")
        || arguments.isEmpty()
        || !(arguments.getFirst() instanceof MethodTypeEntry erased)) {
      return;
    }
    String made = call.type().stringValue();
    String returned = made.substring(made.indexOf(')') + 1);
    if (!returned.startsWith("L")) {
      return;
    }
    // The descriptors that the lambda answers to, the bridges of altMetafactory (from the fourth
    // argument on) after the first.
    StringBuilder answers = new StringBuilder(erased.descriptor().stringValue());
    for (int i = 3; i < arguments.size(); i++) {
      if (arguments.get(i) instanceof MethodTypeEntry bridge) {
        answers.append(' ').append(bridge.descriptor().stringValue());
      }
    }
    keep(
        ReferenceKind.LAMBDA,
        symbols.of(returned.substring(1, returned.length() - 1)),
        symbols.of(call.name().stringValue()),
        symbols.of(answers.toString()),
        holder,
        weak);
  }

  private void handle(MethodHandleEntry handle, int holder, boolean weak) {
    MemberRefEntry member = handle.reference();
    boolean itf = member instanceof InterfaceMethodRefEntry;
    ReferenceKind kind =
        switch (handle.kind()) {
          case 1 -> ReferenceKind.GETFIELD;
          case 2 -> ReferenceKind.GETSTATIC;
          case 3 -> ReferenceKind.PUTFIELD;
          case 4 -> ReferenceKind.PUTSTATIC;
          case 5 -> ReferenceKind.INVOKEVIRTUAL;
          case 6 -> itf ? ReferenceKind.INVOKESTATIC_INTERFACE : ReferenceKind.INVOKESTATIC;
          case 7 -> itf ? ReferenceKind.INVOKESPECIAL_INTERFACE : ReferenceKind.INVOKESPECIAL;
          case 8 -> ReferenceKind.INVOKESPECIAL;
          case 9 -> ReferenceKind.INVOKEINTERFACE;
          default -> throw new IllegalArgumentException("method handle of kind " + handle.kind());
        };
    if (handle.kind() == 8) {
      classReference(ReferenceKind.NEW, member.owner(), holder, weak);
    }
    memberReference(kind, member, holder, weak);
  }

  private void classReference(ReferenceKind kind, ClassEntry entry, int holder, boolean weak) {
    if (!first(entry, kind, weak)) {
      return;
    }
    String name = entry.asInternalName();
    if (name.startsWith("[")) {
      for (String element : Descriptors.classes(name)) {
        keep(ReferenceKind.CLASS, symbols.of(element), -1, -1, holder, weak);
      }
    } else {
      keep(kind, number(entry), -1, -1, holder, weak);
    }
  }

  private void memberReference(
      ReferenceKind kind, MemberRefEntry member, int holder, boolean weak) {
    if (!first(member, kind, weak)) {
      return;
    }
    // An array's members are Object's, all of them there and clone() public (JVMS 4.4.2, 5.4.3.3).
    if (member.owner().asInternalName().startsWith("[")) {
      classReference(ReferenceKind.CLASS, member.owner(), holder, weak);
      return;
    }
    keep(
        kind,
        number(member.owner()),
        symbols.of(member.name().stringValue()),
        symbols.of(member.type().stringValue()),
        holder,
        weak);
  }

  /** {@return whether this constant was not yet used in this way} */
  private boolean first(PoolEntry entry, ReferenceKind kind, boolean weak) {
    int bit = 1 << kind.ordinal();
    int index = entry.index();
    if ((kept[index] & bit) != 0 || (weak && (keptWeak[index] & bit) != 0)) {
      return false;
    }
    (weak ? keptWeak : kept)[index] |= bit;
    return true;
  }

  private void keep(
      ReferenceKind kind, int owner, int name, int descriptor, int holder, boolean weak) {
    if (used == references.length) {
      references = Arrays.copyOf(references, used * 2);
    }
    references[used++] = kind.ordinal() | (weak ? ClassShape.WEAKLY_GUARDED : 0);
    references[used++] = owner;
    references[used++] = name;
    references[used++] = descriptor;
    references[used++] = holder;
  }

  private static int[] append(int[] ranges, int start, int end) {
    int[] longer = Arrays.copyOf(ranges, ranges.length + 2);
    longer[ranges.length] = start;
    longer[ranges.length + 1] = end;
    return longer;
  }

  private static boolean within(int[] ranges, int at) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (at >= ranges[i] && at < ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
