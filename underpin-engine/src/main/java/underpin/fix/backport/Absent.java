package underpin.fix.backport;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import underpin.fix.backport.Source.Member;
import underpin.program.ClassFiles;

/**
 * Types that the sources of a version use and that are not at hand: {@link Stubs} stand in for them
 * where the version's class files refer to them, and annotations that its class files do not hold
 * are not compiled.
 */
final class Absent {
  private static final Pattern MISSING =
      Pattern.compile(
          "package ([\\w.]+) does not exist|class file for ([\\w.$]+) not found|symbol:\\s+class (\\w+)");
  private static final String NOTHING = "throw null;";
  private static final int MOST_ROUNDS = 16;
  private static final Pattern UNIMPLEMENTED =
      Pattern.compile(
          "([\\w.$]+) is not abstract and does not override abstract method (\\w+)\\(.*\\) in ([\\w.$]+)");
  private static final Pattern CONVERTED =
      Pattern.compile("([\\w.$]+)(?:<.*>)? cannot be converted to ([\\w.$]+)");

  private final Sources base;
  private final Map<String, byte[]> baseClasses;
  private final List<Path> classPath;
  private final Path file;
  private final Set<String> annotations = new TreeSet<>();
  private final Set<String> checked = new TreeSet<>();
  private final Map<String, Set<String>> unread = new TreeMap<>();
  private final Map<String, byte[]> fromLibraries = new TreeMap<>();
  private @Nullable Stubs stubs;
  private boolean isUsed;
  private boolean isStale;

  /**
   * @param baseClasses of the version by entry
   * @param file where the stand-ins are written
   */
  Absent(Sources base, Map<String, byte[]> baseClasses, List<Path> classPath, Path file) {
    this.base = base;
    this.baseClasses = baseClasses;
    this.classPath = classPath;
    this.file = file;
  }

  /** {@return the class path with the stand-ins last} */
  List<Path> with(List<Path> paths) {
    if (!isUsed) {
      return paths;
    }
    List<Path> all = new ArrayList<>(paths);
    all.add(file);
    return all;
  }

  /**
   * {@return the texts without annotations that only sources hold, and without the code of methods
   * that do not compile here even without the fix; places stay as they are}
   */
  SortedMap<String, String> without(SortedMap<String, String> texts) {
    SortedMap<String, String> all = new TreeMap<>(texts);
    all.replaceAll((path, text) -> {
      String plain = annotations.isEmpty() ? text : without(text);
      return unread.containsKey(path) ? withoutCode(path, plain) : plain;
    });
    return all;
  }

  private String withoutCode(String path, String text) {
    StringBuilder out = new StringBuilder(text);
    Set<String> ids = unread.getOrDefault(path, Set.of());
    for (Member member : Source.parse(path, text).members()) {
      boolean same =
          ids.contains(member.id())
              && base.source(path)
                  .member(member.owner().name(), member.key())
                  .filter(m -> sameCode(m, member))
                  .isPresent();
      if (same && member.body().isPresent()) {
        int from = member.owner().source().start(member.body().get()) + 1;
        int to = member.owner().source().end(member.body().get()) - 1;
        int place = from + text.substring(from, to).lastIndexOf('\n') + 1;
        blank(out, from, to);
        int at = to - place >= NOTHING.length() ? place : from;
        if (to - at >= NOTHING.length()) {
          out.replace(at, at + NOTHING.length(), NOTHING);
        }
      }
    }
    return out.toString();
  }

  private boolean sameCode(Member ours, Member now) {
    String was = without(ours.owner().source().text()).substring(ours.start(), ours.end());
    return Token.normal(was).equals(now.normal());
  }

  /**
   * Finds what of some files does not compile here even without the fix: that keeps the code which
   * it has in the version.
   *
   * @throws IOException if the stand-ins cannot be written
   */
  void prepare(Set<String> paths, List<Path> compiledWith, int release) throws IOException {
    SortedMap<String, String> fresh = new TreeMap<>();
    for (String path : paths) {
      if (isUsed && base.has(path) && checked.add(path)) {
        fresh.put(path, base.text(path));
      }
    }
    for (int round = 0; !fresh.isEmpty() && round < MOST_ROUNDS; round++) {
      List<Compiler.Problem> problems =
          new Compiler(with(compiledWith)).compile(without(fresh), release).problems();
      boolean more = false;
      for (Compiler.Problem problem : problems) {
        more |= inherited(problem);
      }
      more |= learn(problems, fresh);
      for (Compiler.Problem problem : more ? List.<Compiler.Problem>of() : problems) {
        more |= unread(problem);
      }
      if (!more) {
        return;
      }
    }
  }

  private boolean unread(Compiler.Problem problem) {
    return base.has(problem.file())
        && base.source(problem.file()).members().stream()
            .filter(m -> m.start() <= problem.position() && problem.position() < m.end())
            .reduce((_, inner) -> inner)
            .filter(m -> m.kind() == Source.Kind.METHOD && !m.name().equals("<init>"))
            .filter(m -> m.body().isPresent())
            .filter(m -> unread.computeIfAbsent(problem.file(), _ -> new TreeSet<>()).add(m.id()))
            .isPresent();
  }

  /** {@return whether methods were compiled without their code} */
  boolean hasUnread() {
    return !unread.isEmpty();
  }

  private String without(String text) {
    StringBuilder out = new StringBuilder(text);
    for (Token.Span one : Token.annotations(text, annotations)) {
      blank(out, one.start(), one.end());
    }
    return out.toString();
  }

  private static void blank(StringBuilder text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '\n' && text.charAt(i) != '\r') {
        text.setCharAt(i, ' ');
      }
    }
  }

  /**
   * {@return whether something is known now that may help against the errors}
   *
   * @throws IOException if the stand-ins cannot be written
   */
  boolean learn(List<Compiler.Problem> problems, Map<String, String> texts) throws IOException {
    boolean more = false;
    boolean missing = false;
    for (Compiler.Problem problem : problems) {
      Matcher name = MISSING.matcher(problem.message());
      if (name.find()) {
        missing = true;
        boolean ours = stubs != null && name.group(3) != null;
        more |= ours && annotation(name.group(3), problem, texts);
        more |= ours && imported(i -> i.simpleName().equals(name.group(3)), problem);
        more |=
            stubs != null
                && name.group(1) != null
                && imported(i -> i.name().startsWith(name.group(1) + "."), problem);
      }
      Matcher converted = CONVERTED.matcher(problem.message());
      while (isUsed && converted.find()) {
        more |= related(converted.group(1), converted.group(2));
      }
    }
    if (missing && stubs == null) {
      List<byte[]> users = Backporter.plain(baseClasses);
      Map<String, Path> known = new TreeMap<>();
      for (Path path : classPath) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
          zip.stream()
              .map(java.util.zip.ZipEntry::getName)
              .filter(n -> n.endsWith(".class"))
              .forEach(n -> known.putIfAbsent(n, path));
        }
      }
      users.addAll(above(users, known));
      stubs =
          new Stubs(
              users,
              name ->
                  baseClasses.containsKey(name + ".class")
                      || known.containsKey(name + ".class")
                      || ClassLoader.getPlatformClassLoader().getResource(name + ".class") != null);
      isUsed = !stubs.isEmpty();
      more |= isUsed;
    }
    if (isUsed && stubs != null && (more || isStale || !Files.exists(file))) {
      isStale = false;
      Files.write(file, JarPatch.apply(JarPatch.empty(), stubs.classes(), _ -> false));
    }
    return more;
  }

  /** What libraries at hand declare that classes of the version extend: they use types too. */
  private List<byte[]> above(List<byte[]> users, Map<String, Path> known) throws IOException {
    List<byte[]> above = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<byte[]> open = new ArrayList<>(users);
    while (!open.isEmpty()) {
      for (String name : ClassFiles.above(ClassFile.of().parse(open.removeLast()))) {
        Path jar = known.get(name + ".class");
        if (jar != null && seen.add(name)) {
          try (ZipFile zip = new ZipFile(jar.toFile());
              var in = zip.getInputStream(zip.getEntry(name + ".class"))) {
            byte[] bytes = in.readAllBytes();
            above.add(bytes);
            fromLibraries.put(name, bytes);
            open.add(bytes);
          }
        }
      }
    }
    return above;
  }

  /**
   * What a class of the version does not implement itself, in sources that did compile once, the
   * first type above it that is not at hand does.
   */
  private boolean inherited(Compiler.Problem problem) {
    Matcher named = UNIMPLEMENTED.matcher(problem.message());
    if (stubs == null || !named.find()) {
      return false;
    }
    String at = named.group(1).replace('.', '/');
    Set<String> seen = new HashSet<>();
    while (seen.add(at)) {
      byte[] bytes = classFile(at);
      if (bytes == null) {
        String method = declared(named.group(3).replace('.', '/'), named.group(2));
        boolean isNew = !method.isEmpty() && stubs.declare(at, method);
        isStale |= isNew;
        return isNew;
      }
      at =
          ClassFile.of()
              .parse(bytes)
              .superclass()
              .map(java.lang.classfile.constantpool.ClassEntry::asInternalName)
              .orElse(at);
    }
    return false;
  }

  private byte @Nullable [] classFile(String internalName) {
    byte[] own = baseClasses.get(internalName + ".class");
    byte[] bytes = own != null ? own : fromLibraries.get(internalName);
    if (bytes == null) {
      try (var in =
          ClassLoader.getPlatformClassLoader().getResourceAsStream(internalName + ".class")) {
        return in == null ? null : in.readAllBytes();
      } catch (IOException unreadable) {
        return null;
      }
    }
    return bytes;
  }

  /**
   * {@return name and descriptor of a method that a type declares; empty where that is not told}
   */
  private String declared(String type, String name) {
    byte[] bytes = classFile(type);
    List<String> all =
        bytes == null
            ? List.of()
            : ClassFile.of().parse(bytes).methods().stream()
                .filter(m -> m.methodName().equalsString(name))
                .map(m -> name + m.methodType().stringValue())
                .toList();
    return all.size() == 1 ? all.getFirst() : "";
  }

  private boolean related(String name, String above) {
    return stubs != null && stubs.has(name) && stubs.relate(name, above, isInterface(above));
  }

  private boolean isInterface(String dotted) {
    byte[] own = baseClasses.get(dotted.replace('.', '/') + ".class");
    if (own != null) {
      return ClassFile.of().parse(own).flags().has(java.lang.reflect.AccessFlag.INTERFACE);
    }
    try {
      return Class.forName(dotted, false, ClassLoader.getPlatformClassLoader()).isInterface();
    } catch (ClassNotFoundException | LinkageError unknown) {
      return false;
    }
  }

  /** A type that the version imports, and of which its class files use nothing. */
  private boolean imported(Predicate<Source.Import> which, Compiler.Problem problem) {
    if (stubs == null || !base.has(problem.file())) {
      return false;
    }
    boolean more = false;
    for (Source.Import one : base.source(problem.file()).imports()) {
      boolean isType = !one.isStatic() && !one.name().endsWith(".*");
      if (isType && which.test(one) && !annotations.contains(one.simpleName())) {
        more |= stubs.named(one.name().replace('.', '/'));
      }
    }
    isUsed |= more;
    return more;
  }

  /** An annotation of the version itself, of which its class files know nothing. */
  private boolean annotation(String name, Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    int at = (int) problem.position();
    boolean isAnnotation = at > 0 && at < text.length() && text.charAt(at - 1) == '@';
    boolean isOurs =
        isAnnotation && base.has(problem.file()) && base.text(problem.file()).contains("@" + name);
    byte[] compiled = baseClasses.get(problem.file().replace(".java", ".class"));
    if (!isOurs || compiled == null) {
      return false;
    }
    ClassModel model = ClassFile.of().parse(compiled);
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry word && word.stringValue().endsWith("/" + name + ";")) {
        return false;
      }
    }
    return annotations.add(name);
  }

  /** {@return what is to be told of it} */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (isUsed) {
      notes.add(
          "Compiled with stand-ins for types of libraries that no POM names, made of what the version's class files use of them; they are not in the jar.");
    }
    unread.forEach((path, ids) ->
        notes.add(
            "%s cannot be compiled with what is at hand; there, %s keep the code they have in the version"
                .formatted(path, String.join(", ", ids))));
    if (!annotations.isEmpty()) {
      notes.add(
          "Compiled without annotations that the version's class files do not hold either: "
              + String.join(", ", annotations));
    }
    return notes;
  }
}
