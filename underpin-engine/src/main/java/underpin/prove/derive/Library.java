package underpin.prove.derive;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** What a jar lets others call, and how objects of its classes are had. */
final class Library {
  /** Ways to make an object that are kept of a class. */
  private static final int MOST_WAYS = 6;

  private static final int DEEPEST = 3;

  /** Types whose methods nobody calls, or only in passing. */
  private static final Set<String> NOBODY =
      Set.of(
          "",
          "java.lang.Object",
          "java.lang.Enum",
          "java.lang.Record",
          "java.lang.CharSequence",
          "java.lang.Cloneable",
          "java.lang.Comparable",
          "java.lang.annotation.Annotation",
          "java.io.Serializable");

  private static final Map<String, String> ORDINARY =
      Map.ofEntries(
          Map.entry("boolean", "false"),
          Map.entry("byte", "(byte) 0"),
          Map.entry("short", "(short) 0"),
          Map.entry("char", "'a'"),
          Map.entry("int", "0"),
          Map.entry("long", "0L"),
          Map.entry("float", "0f"),
          Map.entry("double", "0d"),
          Map.entry("java.lang.String", "\"a\""),
          Map.entry("java.lang.CharSequence", "\"a\""),
          Map.entry("java.lang.Object", "\"a\""),
          Map.entry("java.lang.Class", "java.lang.Object.class"),
          Map.entry("java.lang.reflect.Type", "java.lang.Object.class"),
          Map.entry("java.lang.Integer", "Integer.valueOf(1)"),
          Map.entry("java.lang.Boolean", "Boolean.TRUE"),
          Map.entry("java.lang.ClassLoader", "Canary.class.getClassLoader()"),
          Map.entry("java.lang.StringBuilder", "new StringBuilder()"),
          Map.entry("java.lang.Appendable", "new StringBuilder()"),
          Map.entry("java.nio.charset.Charset", "java.nio.charset.StandardCharsets.UTF_8"),
          Map.entry("java.util.Locale", "java.util.Locale.ROOT"),
          Map.entry("java.util.Map", "new java.util.HashMap()"),
          Map.entry("java.util.HashMap", "new java.util.HashMap()"),
          Map.entry("java.util.Properties", "new java.util.Properties()"),
          Map.entry("java.util.List", "new java.util.ArrayList()"),
          Map.entry("java.util.Collection", "new java.util.ArrayList()"),
          Map.entry("java.util.Set", "new java.util.HashSet()"),
          Map.entry("java.util.Date", "new java.util.Date(0)"),
          Map.entry("java.io.OutputStream", "new java.io.ByteArrayOutputStream()"),
          Map.entry("java.io.Writer", "new java.io.StringWriter()"),
          Map.entry("java.io.PrintWriter", "new java.io.PrintWriter(new java.io.StringWriter())"),
          Map.entry("java.io.InputStream", "new java.io.ByteArrayInputStream(new byte[0])"),
          Map.entry("java.io.Reader", "new java.io.StringReader(\"a\")"),
          Map.entry("java.io.File", "c.root().toFile()"),
          Map.entry("java.nio.file.Path", "c.root()"),
          Map.entry("byte[]", "new byte[16]"),
          Map.entry("char[]", "new char[16]"),
          Map.entry("java.lang.String[]", "new String[0]"),
          Map.entry("java.lang.Object[]", "new Object[0]"),
          Map.entry("java.lang.Class[]", "new Class[0]"));

  private final Map<String, ClassCode> classes = new TreeMap<>();
  private final Map<String, List<String>> subclasses = new HashMap<>();
  private final Map<String, List<MethodCode>> factories = new HashMap<>();
  private final Map<String, List<MethodCode>> givers = new HashMap<>();
  private final Map<String, List<Way>> made = new HashMap<>();

  Library(JarCode jar) {
    for (ClassCode type : jar.classes()) {
      if (type.variant() == 0) {
        classes.put(type.name(), type);
      }
    }
    for (ClassCode type : classes.values()) {
      List<String> parents = new ArrayList<>(type.interfaces());
      parents.add(type.superName());
      parents.forEach(
          parent -> subclasses.computeIfAbsent(parent, _ -> new ArrayList<>()).add(type.name()));
      for (MethodCode method : type.methods()) {
        if (isPublic(type) && isPublic(method)) {
          (isStatic(method) ? factories : givers)
              .computeIfAbsent(result(method), _ -> new ArrayList<>())
              .add(method);
        }
      }
    }
  }

  /**
   * A way to have an object.
   *
   * @param java the expression
   * @param by the method of the jar that gives it
   */
  record Way(String java, String by) {}

  Map<String, ClassCode> classes() {
    return classes;
  }

  List<String> subclasses(String name) {
    return subclasses.getOrDefault(name, List.of());
  }

  /** {@return whether code anywhere may name the class} */
  boolean isPublic(ClassCode type) {
    if ((type.flags() & ClassFile.ACC_PUBLIC) == 0 || type.name().matches(".*\\$\\d.*")) {
      return false;
    }
    int dollar = type.name().lastIndexOf('$');
    ClassCode around = dollar < 0 ? null : classes.get(type.name().substring(0, dollar));
    return around == null || isPublic(around);
  }

  static boolean isPublic(MethodCode method) {
    return (method.flags() & ClassFile.ACC_PUBLIC) != 0
        && (method.flags() & ClassFile.ACC_SYNTHETIC) == 0;
  }

  static boolean isStatic(MethodCode method) {
    return (method.flags() & ClassFile.ACC_STATIC) != 0;
  }

  /** {@return the name in binary form, arrays as in Java source} */
  static String name(ClassDesc type) {
    if (type.isArray()) {
      return name(type.componentType()) + "[]";
    }
    if (type.isPrimitive()) {
      return type.displayName();
    }
    String descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }

  static String source(String name) {
    return name.replace('$', '.');
  }

  static List<String> parameters(MethodCode method) {
    return MethodTypeDesc.ofDescriptor(method.descriptor()).parameterList().stream()
        .map(Library::name)
        .toList();
  }

  static String result(MethodCode method) {
    return name(MethodTypeDesc.ofDescriptor(method.descriptor()).returnType());
  }

  /** {@return an ordinary value of a type, as Java, if we can make one} */
  Optional<String> ordinary(String type) {
    return ordinary(type, 0);
  }

  private Optional<String> ordinary(String type, int depth) {
    String known = ORDINARY.get(type);
    return known != null
        ? Optional.of(known)
        : ways(type, depth).stream().findFirst().map(Way::java);
  }

  /** {@return ways to have an object of a class of the jar, as Java; the simplest first} */
  List<Way> ways(String type) {
    return ways(type, 0);
  }

  private List<Way> ways(String type, int depth) {
    List<Way> known = made.get(type);
    if (known != null) {
      return known;
    }
    ClassCode of = classes.get(type);
    if (of == null || depth > DEEPEST) {
      return List.of();
    }
    made.put(type, List.of()); // whoever needs itself to be made is not
    List<Way> ways = new ArrayList<>();
    if (isPublic(of)) {
      if ((of.flags() & ClassFile.ACC_ENUM) != 0) {
        ways.add(new Way(source(type) + ".values()[0]", ""));
      } else {
        constructed(of, depth, ways);
        factories.getOrDefault(type, List.of()).stream()
            .sorted(Comparator.comparing(m -> parameters(m).size()))
            .forEach(m -> {
              if (ways.size() < MOST_WAYS) {
                call(source(m.className()) + "." + m.name(), m, depth).ifPresent(ways::add);
              }
            });
        given(type, depth, ways);
      }
    }
    for (String sub : ways.isEmpty() ? subclasses(type) : List.<String>of()) {
      if (ways.size() < 2) {
        ways.addAll(ways(sub, depth + 1));
      }
    }
    List<Way> some = ways.stream().distinct().limit(MOST_WAYS).toList();
    if (depth == 0 || !some.isEmpty()) {
      made.put(type, some);
    } else {
      made.remove(type);
    }
    return some;
  }

  private void constructed(ClassCode of, int depth, List<Way> ways) {
    if ((of.flags() & (ClassFile.ACC_ABSTRACT | ClassFile.ACC_INTERFACE)) != 0) {
      return;
    }
    of.methods().stream()
        .filter(m -> m.name().equals("<init>") && isPublic(m))
        .sorted(Comparator.comparing(m -> parameters(m).size()))
        .limit(MOST_WAYS)
        .forEach(m -> {
          if (ways.size() < 2) {
            call("new " + source(of.name()), m, depth).ifPresent(ways::add);
          }
        });
  }

  /** By another object that gives it: a builder, a factory. */
  private void given(String type, int depth, List<Way> ways) {
    for (MethodCode method : givers.getOrDefault(type, List.of())) {
      if (ways.size() < MOST_WAYS && !method.className().equals(type)) {
        ways(method.className(), depth + 1).stream()
            .findFirst()
            .flatMap(owner -> call(owner.java() + "." + method.name(), method, depth))
            .ifPresent(ways::add);
      }
    }
  }

  private Optional<Way> call(String what, MethodCode method, int depth) {
    List<String> arguments = new ArrayList<>();
    for (String parameter : parameters(method)) {
      Optional<String> value = ordinary(parameter, depth + 1);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      arguments.add("(" + source(parameter) + ") " + value.get());
    }
    return Optional.of(new Way(what + "(" + String.join(", ", arguments) + ")", method.id()));
  }

  /** {@return whether a class has a type above it that others know how to call} */
  boolean isCalledFromElsewhere(ClassCode type) {
    return Stream.concat(Stream.of(type.superName()), type.interfaces().stream())
        .anyMatch(above -> !classes.containsKey(above) && !NOBODY.contains(above));
  }

  /** {@return the callers' view: the methods that a call of a name may mean} */
  Map<String, List<MethodCode>> bySignature() {
    Map<String, List<MethodCode>> all = new HashMap<>();
    for (ClassCode type : classes.values()) {
      for (MethodCode method : type.methods()) {
        all.computeIfAbsent(method.name() + method.descriptor(), _ -> new ArrayList<>())
            .add(method);
      }
    }
    return all;
  }

  /** {@return the class, all above it in the jar, and all below} */
  Set<String> family(String name) {
    Set<String> family = new HashSet<>();
    above(name, family);
    below(name, family);
    return family;
  }

  private void above(String name, Set<String> family) {
    ClassCode type = classes.get(name);
    if (type != null && family.add(name)) {
      above(type.superName(), family);
      type.interfaces().forEach(each -> above(each, family));
    }
  }

  private void below(String name, Set<String> family) {
    for (String sub : subclasses(name)) {
      if (family.add(sub)) {
        below(sub, family);
      }
    }
  }
}
