package underpin.program.graph;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ConstantPoolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one place that reads class files for the call graph: headers at once, a body when it is asked
 * for. Annotations are read with {@code java.lang.classfile}; constants, members and code straight
 * from the bytes, as a model of them takes three times the time (docs/decisions/0011).
 */
final class ClassReading implements ClassFacts.Bodies {
  private final Constants constants;

  /** Its numbers are not followed: native code and the JVM call it and write its fields. */
  private final boolean platform;

  /** By method: where its Code attribute's content begins; 0 if it has none. */
  private int[] codes = {};

  private Bootstraps bootstraps;

  private List<String> nest = List.of();

  /** Whether the last list of attributes had a ConstantValue. */
  private boolean hasValue;

  private final Consumer<String> trouble;
  private final Optional<FactsRecord> record;

  private ClassReading(
      Constants constants,
      boolean platform,
      Consumer<String> trouble,
      Optional<FactsRecord> record) {
    this.constants = constants;
    this.bootstraps = new Bootstraps(constants, 0);
    this.platform = platform;
    this.trouble = trouble;
    this.record = record;
  }

  /**
   * Reads a class file's header.
   *
   * @param platform whether it is the JDK's: its annotations and generic signatures are not read
   * @param trouble told of each method whose code cannot be read
   * @param record told of all that is read, where it is kept
   * @throws IllegalArgumentException if it is no well-formed class file of a known version
   */
  static ClassFacts read(
      byte[] bytes,
      boolean platform,
      Names names,
      Consumer<String> trouble,
      Optional<FactsRecord> record) {
    try {
      Optional<ClassModel> model =
          platform ? Optional.empty() : Optional.of(ClassFile.of().parse(bytes));
      ClassReading reading =
          new ClassReading(new Constants(bytes, names), platform, trouble, record);
      ClassFacts facts = reading.facts(model);
      record.ifPresent(to -> to.header(facts, reading.codes));
      return facts;
    } catch (ConstantPoolException
        | IndexOutOfBoundsException
        | ClassCastException
        | IllegalStateException
        | NegativeArraySizeException broken) {
      throw new IllegalArgumentException("its structure is broken", broken);
    }
  }

  private ClassFacts facts(Optional<ClassModel> model) {
    Constants in = constants;
    Names names = in.names;
    int at = in.end;
    int flags = in.u2(at);
    String name = names.text(in.className(in.u2(at + 2)));
    int superIndex = in.u2(at + 4);
    String superName = superIndex == 0 ? null : names.text(in.className(superIndex));
    String[] interfaces = new String[in.u2(at + 6)];
    at += 8;
    for (int i = 0; i < interfaces.length; i++, at += 2) {
      interfaces[i] = names.text(in.className(in.u2(at)));
    }
    ClassFacts.Field[] fields = new ClassFacts.Field[in.u2(at)];
    at += 2;
    for (int i = 0; i < fields.length; i++) {
      int from = at;
      hasValue = false;
      at = attributes(at + 6, -1);
      fields[i] =
          new ClassFacts.Field(
              names.text(in.utf8(in.u2(from + 2))),
              names.text(in.utf8(in.u2(from + 4))),
              in.u2(from) | (hasValue ? ClassFacts.Field.HAS_VALUE : 0));
    }
    ClassFacts.Method[] methods = new ClassFacts.Method[in.u2(at)];
    codes = new int[methods.length];
    at += 2;
    for (int i = 0; i < methods.length; i++) {
      int methodName = in.utf8(in.u2(at + 2));
      int descriptor = in.utf8(in.u2(at + 4));
      methods[i] =
          new ClassFacts.Method(
              names.text(methodName),
              names.text(descriptor),
              names.selector(methodName, descriptor),
              in.u2(at));
      at = attributes(at + 6, i);
    }
    attributes(at, -1);
    List<ClassFacts.Note> notes = new ArrayList<>();
    List<String> nested = new ArrayList<>();
    model.ifPresent(read -> {
      notes(read, -1, notes);
      nested(read, nested);
      for (int i = 0; i < methods.length; i++) {
        notes(read.methods().get(i), i, notes);
      }
      for (int i = 0; i < fields.length; i++) {
        notes(read.fields().get(i), methods.length + i, notes);
      }
    });
    return new ClassFacts(
        name,
        superName,
        List.of(interfaces),
        flags,
        model
            .flatMap(read -> read.findAttribute(Attributes.sourceFile()))
            .map(file -> file.sourceFile().stringValue())
            .orElse(""),
        methods,
        fields,
        List.copyOf(notes),
        List.copyOf(nested),
        nest,
        this);
  }

  /** {@return where a list of attributes ends} Remembers those that bodies need. */
  private int attributes(int from, int method) {
    int at = from + 2;
    for (int i = constants.u2(from); i > 0; i--) {
      int length = constants.u4(at + 2);
      if (length < 0 || length > constants.bytes.length - at - 6) {
        throw new IllegalArgumentException("an attribute ends behind the file");
      }
      switch (constants.names.text(constants.utf8(constants.u2(at)))) {
        case "Code" -> {
          if (method >= 0) {
            codes[method] = at + 6;
          }
        }
        case "BootstrapMethods" -> bootstraps = new Bootstraps(constants, at + 6);
        case "NestHost" ->
            nest = List.of(constants.names.text(constants.className(constants.u2(at + 6))));
        case "ConstantValue" -> hasValue = true;
        case "NestMembers" -> nest = classes(at + 6);
        default -> {}
      }
      at += 6 + length;
    }
    return at;
  }

  private List<String> classes(int at) {
    List<String> classes = new ArrayList<>();
    for (int i = constants.u2(at); i > 0; i--) {
      classes.add(constants.names.text(constants.className(constants.u2(at + 2 * i))));
    }
    return List.copyOf(classes);
  }

  private static void nested(ClassModel model, List<String> into) {
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
                    into.add(inner.innerClass().asInternalName());
                  }
                }));
  }

  @Override
  public Body read(ClassFacts facts, int method) {
    ClassFacts.Method declared = facts.methods[method];
    if (codes[method] == 0) {
      return Body.EMPTY;
    }
    try {
      Body body =
          BodyReading.read(
              new Code(constants, codes[method], bootstraps),
              facts.name,
              constants.names.selectorDescriptor(declared.selector()),
              (declared.flags() & ClassFile.ACC_STATIC) != 0,
              !platform);
      record.ifPresent(to -> to.body(facts, method, body));
      return body;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | NegativeArraySizeException broken) {
      trouble.accept(
          "the code of " + declared.name() + " cannot be followed: " + broken.getMessage());
      return Body.EMPTY;
    }
  }

  @Override
  public Optional<Code> code(ClassFacts facts, int method) {
    if (codes[method] == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Code(constants, codes[method], bootstraps));
    } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
      trouble.accept(
          "the code of %s cannot be followed: %s"
              .formatted(facts.methods[method].name(), broken.getMessage()));
      return Optional.empty();
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
    List<String> values = new ArrayList<>(0);
    annotation
        .elements()
        .forEach(element -> {
          value(element.value(), on, classes, strings, into);
          plain(element.name().stringValue(), element.value(), values);
        });
    into.add(
        new ClassFacts.Note(
            on,
            Signature.ofField(annotation.className().stringValue()),
            List.copyOf(classes),
            List.copyOf(strings),
            List.copyOf(values)));
  }

  private static void plain(String element, AnnotationValue value, List<String> into) {
    switch (value) {
      case AnnotationValue.OfArray array ->
          array.values().forEach(each -> plain(element, each, into));
      case AnnotationValue.OfEnum constant ->
          into.add(element + "=" + constant.constantName().stringValue());
      case AnnotationValue.OfString text -> into.add(element + "=" + text.stringValue());
      case AnnotationValue.OfBoolean truth -> into.add(element + "=" + truth.booleanValue());
      default -> {}
    }
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
