package underpin.program.graph;

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
import java.lang.classfile.constantpool.ConstantPoolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one place that reads class files for the call graph: headers at once, bodies when asked for.
 */
final class ClassReading implements ClassFacts.Bodies {
  /** The class file, for its bodies: a parsed model would take ten times the memory. */
  private final byte[] bytes;

  private final Consumer<String> trouble;

  private ClassReading(byte[] bytes, Consumer<String> trouble) {
    this.bytes = bytes;
    this.trouble = trouble;
  }

  /**
   * Reads a class file's header.
   *
   * @param platform whether it is the JDK's: its annotations and generic signatures are not read
   * @param trouble told of each method whose code cannot be read
   * @throws IllegalArgumentException if it is no well-formed class file of a known version
   */
  static ClassFacts read(byte[] bytes, boolean platform, Consumer<String> trouble) {
    try {
      return new ClassReading(bytes, trouble).facts(ClassFile.of().parse(bytes), platform);
    } catch (ConstantPoolException
        | IndexOutOfBoundsException
        | ClassCastException
        | IllegalStateException
        | NegativeArraySizeException broken) {
      throw new IllegalArgumentException("its structure is broken", broken);
    }
  }

  private ClassFacts facts(ClassModel model, boolean platform) {
    List<MethodModel> methodModels = model.methods();
    ClassFacts.Method[] methods = new ClassFacts.Method[methodModels.size()];
    for (int i = 0; i < methods.length; i++) {
      MethodModel method = methodModels.get(i);
      methods[i] =
          new ClassFacts.Method(
              Names.shared(method.methodName().stringValue()),
              Names.shared(method.methodType().stringValue()),
              method.flags().flagsMask());
    }
    List<FieldModel> fieldModels = model.fields();
    ClassFacts.Field[] fields = new ClassFacts.Field[fieldModels.size()];
    for (int i = 0; i < fields.length; i++) {
      FieldModel field = fieldModels.get(i);
      fields[i] =
          new ClassFacts.Field(
              field.fieldName().stringValue(),
              field.fieldType().stringValue(),
              field.flags().flagsMask());
    }
    List<ClassFacts.Note> notes = new ArrayList<>();
    List<String> nested = new ArrayList<>();
    if (!platform) {
      notes(model, -1, notes);
      model
          .findAttribute(Attributes.innerClasses())
          .ifPresent(all ->
              all.classes()
                  .forEach(inner -> {
                    boolean member =
                        inner
                            .outerClass()
                            .map(outer -> outer.equals(model.thisClass()))
                            .orElse(false);
                    if (member) {
                      nested.add(inner.innerClass().asInternalName());
                    }
                  }));
      for (int i = 0; i < methods.length; i++) {
        notes(methodModels.get(i), i, notes);
      }
      for (int i = 0; i < fields.length; i++) {
        notes(fieldModels.get(i), methods.length + i, notes);
      }
    }
    return new ClassFacts(
        Names.shared(model.thisClass().asInternalName()),
        model.superclass().map(ClassEntry::asInternalName).orElse(null),
        model.interfaces().stream().map(ClassEntry::asInternalName).toList(),
        model.flags().flagsMask(),
        platform
            ? ""
            : model
                .findAttribute(Attributes.sourceFile())
                .map(file -> file.sourceFile().stringValue())
                .orElse(""),
        methods,
        fields,
        List.copyOf(notes),
        List.copyOf(nested),
        this);
  }

  @Override
  public Body[] read(ClassFacts facts) {
    ClassModel model = ClassFile.of().parse(bytes);
    List<MethodModel> methods = model.methods();
    Body[] bodies = new Body[methods.size()];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = body(facts, model, methods.get(i));
    }
    return bodies;
  }

  private Body body(ClassFacts facts, ClassModel model, MethodModel method) {
    try {
      Optional<CodeAttribute> code = method.findAttribute(Attributes.code());
      return code.isEmpty()
          ? Body.EMPTY
          : BodyReading.read(
              facts,
              model.constantPool(),
              code.get(),
              method.methodType().stringValue(),
              (method.flags().flagsMask() & ClassFile.ACC_STATIC) != 0);
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ClassCastException
        | IllegalStateException
        | NegativeArraySizeException broken) {
      trouble.accept(
          "the code of "
              + method.methodName().stringValue()
              + " cannot be followed: "
              + broken.getMessage());
      return Body.EMPTY;
    }
  }

  private static void notes(AttributedElement element, int on, List<ClassFacts.Note> into) {
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(found -> found.annotations().forEach(note -> note(note, on, into)));
  }

  private static void note(Annotation annotation, int on, List<ClassFacts.Note> into) {
    List<String> classes = new ArrayList<>();
    List<String> strings = new ArrayList<>();
    annotation.elements().forEach(element -> value(element.value(), on, classes, strings, into));
    into.add(
        new ClassFacts.Note(
            on,
            Signature.ofField(annotation.className().stringValue()),
            List.copyOf(classes),
            List.copyOf(strings)));
  }

  private static void value(
      AnnotationValue value,
      int on,
      List<String> classes,
      List<String> strings,
      List<ClassFacts.Note> into) {
    switch (value) {
      case AnnotationValue.OfArray array ->
          array.values().forEach(each -> value(each, on, classes, strings, into));
      case AnnotationValue.OfAnnotation nested -> note(nested.annotation(), on, into);
      case AnnotationValue.OfClass type -> {
        String name = Signature.ofField(type.className().stringValue());
        if (!name.isEmpty() && !name.startsWith("[")) {
          classes.add(name);
        }
      }
      case AnnotationValue.OfEnum constant ->
          classes.add(Signature.ofField(constant.className().stringValue()));
      case AnnotationValue.OfString text -> strings.add(text.stringValue());
      default -> {}
    }
  }
}
