package underpin.program;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types that the class files of a jar name anywhere but in texts: in code, descriptors, generic
 * signatures and annotations. Which of them are there is for the caller to ask.
 */
public final class NamedTypes {
  /** Tokens of descriptors and signatures (JVMS 4.7.9.1): the first group is a class. */
  private static final Pattern TOKEN =
      Pattern.compile("[^:;<>()./\\[*+-]+:|T[^;<>./]+;|L([^;<>.:]+)|\\.[^;<>.]+|.");

  private static final String CLASS = ".class";

  private final SortedSet<String> names = new TreeSet<>();

  private NamedTypes() {}

  /**
   * {@return internal names, such as {@code java/util/Map$Entry}; of a generic nested type the one
   * that it is nested in} Class files in {@code META-INF/versions} are left out, and so are those
   * that cannot be read.
   */
  public static SortedSet<String> of(Path jar, ArchiveLimits limits) {
    return of(jar, _ -> true, limits);
  }

  /**
   * {@return the same of some classes}
   *
   * @param classes by internal name
   */
  public static SortedSet<String> of(Path jar, Predicate<String> classes, ArchiveLimits limits) {
    NamedTypes all = new NamedTypes();
    ClassFiles.visit(
        jar,
        limits,
        entry ->
            Archive.isClass(entry)
                && classes.test(entry.substring(0, entry.length() - CLASS.length())),
        (_, bytes) -> all.read(ClassFile.of().parse(bytes)));
    return all.names;
  }

  /**
   * {@return what some classes of a jar are declared with: what they extend, and the types of their
   * fields and methods} A compiler may read these when it reads the classes.
   *
   * @param classes internal names
   */
  public static SortedSet<String> declaring(Path jar, Set<String> classes, ArchiveLimits limits) {
    NamedTypes all = new NamedTypes();
    ClassFiles.visit(
        jar,
        limits,
        entry ->
            entry.endsWith(CLASS)
                && classes.contains(entry.substring(0, entry.length() - CLASS.length())),
        (_, bytes) -> all.declarations(ClassFile.of().parse(bytes)));
    return all.names;
  }

  /** {@return what some classes of a jar extend and implement, and these in turn in this jar} */
  public static SortedSet<String> above(Path jar, Set<String> classes, ArchiveLimits limits) {
    SortedMap<String, List<String>> above = new TreeMap<>();
    ClassFiles.visit(
        jar,
        limits,
        Archive::isClass,
        (_, bytes) -> {
          ClassModel type = ClassFile.of().parse(bytes);
          above.put(type.thisClass().asInternalName(), ClassFiles.above(type));
        });
    SortedSet<String> all = new TreeSet<>();
    List<String> next = new ArrayList<>(classes);
    while (!next.isEmpty()) {
      for (String one : above.getOrDefault(next.removeLast(), List.of())) {
        if (all.add(one)) {
          next.add(one);
        }
      }
    }
    return all;
  }

  private void declarations(ClassModel type) {
    ClassFiles.above(type).forEach(names::add);
    type.fields().forEach(field -> descriptor(field.fieldType().stringValue()));
    type.methods()
        .forEach(method -> {
          descriptor(method.methodType().stringValue());
          method
              .findAttribute(Attributes.exceptions())
              .ifPresent(e -> e.exceptions().forEach(x -> names.add(x.asInternalName())));
        });
  }

  private void read(ClassModel type) {
    for (PoolEntry entry : type.constantPool()) {
      switch (entry) {
        case ClassEntry named -> named(named.asInternalName());
        case NameAndTypeEntry member -> descriptor(member.type().stringValue());
        case MethodTypeEntry method -> descriptor(method.descriptor().stringValue());
        default -> {}
      }
    }
    attributes(type);
    type.findAttribute(Attributes.signature())
        .ifPresent(s -> descriptor(s.signature().stringValue()));
    type.fields()
        .forEach(field -> {
          descriptor(field.fieldType().stringValue());
          field
              .findAttribute(Attributes.signature())
              .ifPresent(s -> descriptor(s.signature().stringValue()));
          attributes(field);
        });
    type.methods()
        .forEach(method -> {
          descriptor(method.methodType().stringValue());
          method
              .findAttribute(Attributes.signature())
              .ifPresent(s -> descriptor(s.signature().stringValue()));
          method
              .findAttribute(Attributes.runtimeVisibleParameterAnnotations())
              .ifPresent(a -> a.parameterAnnotations().forEach(this::annotations));
          method
              .findAttribute(Attributes.runtimeInvisibleParameterAnnotations())
              .ifPresent(a -> a.parameterAnnotations().forEach(this::annotations));
          attributes(method);
        });
    type.findAttribute(Attributes.record())
        .ifPresent(r -> {
          for (RecordComponentInfo component : r.components()) {
            attributes(component);
          }
        });
  }

  private void attributes(AttributedElement element) {
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(a -> annotations(a.annotations()));
    element
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(a -> annotations(a.annotations()));
    element
        .findAttribute(Attributes.runtimeVisibleTypeAnnotations())
        .ifPresent(a -> a.annotations().forEach(t -> annotation(t.annotation())));
    element
        .findAttribute(Attributes.runtimeInvisibleTypeAnnotations())
        .ifPresent(a -> a.annotations().forEach(t -> annotation(t.annotation())));
  }

  private void annotations(List<Annotation> annotations) {
    annotations.forEach(this::annotation);
  }

  private void annotation(Annotation one) {
    descriptor(one.className().stringValue());
    for (AnnotationElement element : one.elements()) {
      value(element.value());
    }
  }

  private void value(AnnotationValue value) {
    switch (value) {
      case AnnotationValue.OfEnum constant -> descriptor(constant.className().stringValue());
      case AnnotationValue.OfClass type -> descriptor(type.className().stringValue());
      case AnnotationValue.OfAnnotation nested -> annotation(nested.annotation());
      case AnnotationValue.OfArray array -> array.values().forEach(this::value);
      case AnnotationValue.OfConstant _ -> {}
    }
  }

  private void descriptor(String text) {
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      if (token.group(1) != null) {
        names.add(token.group(1));
      }
    }
  }

  private void named(String name) {
    if (name.startsWith("[")) {
      descriptor(name);
    } else {
      names.add(name);
    }
  }
}
