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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Types that the sources of a version use and that are not at hand: {@link Stubs} stand in for them
 * where the version's class files refer to them, and annotations that its class files do not hold
 * are not compiled.
 */
final class Absent {
  private static final Pattern MISSING =
      Pattern.compile(
          "package ([\\w.]+) does not exist|class file for ([\\w.$]+) not found|symbol:\\s+class (\\w+)");
  private static final Pattern CONVERTED =
      Pattern.compile("([\\w.$]+)(?:<.*>)? cannot be converted to ([\\w.$]+)");

  private final Sources base;
  private final Map<String, byte[]> baseClasses;
  private final List<Path> classPath;
  private final Path file;
  private final Set<String> annotations = new TreeSet<>();
  private @Nullable Stubs stubs;
  private boolean isUsed;

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

  /** {@return the texts without annotations that only sources hold; places stay as they are} */
  SortedMap<String, String> without(SortedMap<String, String> texts) {
    if (annotations.isEmpty()) {
      return texts;
    }
    SortedMap<String, String> all = new TreeMap<>(texts);
    all.replaceAll((_, text) -> without(text));
    return all;
  }

  private String without(String text) {
    StringBuilder out = new StringBuilder(text);
    List<Token> tokens = Token.of(text);
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).text().equals("@") && annotations.contains(tokens.get(i + 1).text())) {
        int end = i + 1;
        if (end + 1 < tokens.size() && tokens.get(end + 1).text().equals("(")) {
          int depth = 0;
          do {
            end++;
            String one = tokens.get(end).text();
            depth += one.equals("(") ? 1 : one.equals(")") ? -1 : 0;
          } while (depth > 0 && end + 1 < tokens.size());
        }
        blank(out, tokens.get(i).start(), tokens.get(end).end());
      } else if (tokens.get(i).text().equals("import")) {
        int end = i;
        while (end + 1 < tokens.size() && !tokens.get(end).text().equals(";")) {
          end++;
        }
        if (annotations.contains(tokens.get(end - 1).text())) {
          blank(out, tokens.get(i).start(), tokens.get(end).end());
        }
      }
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
        more |= isUsed && name.group(3) != null && annotation(name.group(3), problem, texts);
      }
      Matcher converted = CONVERTED.matcher(problem.message());
      while (isUsed && converted.find()) {
        more |= related(converted.group(1), converted.group(2));
      }
    }
    if (missing && stubs == null) {
      Set<String> known = new HashSet<>();
      for (Path path : classPath) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
          zip.stream()
              .map(java.util.zip.ZipEntry::getName)
              .filter(n -> n.endsWith(".class"))
              .forEach(known::add);
        }
      }
      List<byte[]> users =
          baseClasses.entrySet().stream()
              .filter(e -> !e.getKey().startsWith("META-INF/") && !isModule(e.getKey()))
              .map(Map.Entry::getValue)
              .toList();
      stubs =
          new Stubs(
              users,
              name ->
                  baseClasses.containsKey(name + ".class")
                      || known.contains(name + ".class")
                      || ClassLoader.getPlatformClassLoader().getResource(name + ".class") != null);
      isUsed = !stubs.isEmpty();
      more |= isUsed;
    }
    if (more && isUsed && stubs != null) {
      Files.write(file, JarPatch.apply(JarPatch.empty(), stubs.classes(), _ -> false));
    }
    return more;
  }

  private static boolean isModule(String entry) {
    return entry.endsWith("module-info.class");
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

  /** An annotation of the version itself, of which its class files know nothing. */
  private boolean annotation(String name, Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    int at = (int) problem.position();
    boolean isAnnotation = at > 0 && at < text.length() && text.charAt(at - 1) == '@';
    boolean isOurs =
        isAnnotation
            && base.has(problem.file())
            && base.text(problem.file()).contains("@" + name);
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
    if (!annotations.isEmpty()) {
      notes.add(
          "Compiled without annotations that the version's class files do not hold either: "
              + String.join(", ", annotations));
    }
    return notes;
  }
}
