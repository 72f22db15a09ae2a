package underpin.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import underpin.program.ClassPathProblem.Kind;

/**
 * Reads one jar or class folder. Whatever is wrong with a file becomes one problem of its kind, and
 * the other files are read.
 */
final class LibraryReading {
  private final Archive archive;
  private final boolean own;
  private final Symbols symbols;

  private LibraryReading(Archive archive, boolean own, Symbols symbols) {
    this.archive = archive;
    this.own = own;
    this.symbols = symbols;
  }

  static Library read(
      Path path, int javaRelease, boolean own, ArchiveLimits limits, Symbols symbols) {
    try (Archive archive = Archive.open(path, javaRelease, limits)) {
      return new LibraryReading(archive, own, symbols).library();
    }
  }

  /**
   * Hands class files of a jar to the visitor, from one thread, by entry name, the variants below
   * {@code META-INF/versions} too; each that the limits keep out, or that cannot be read, is a
   * problem.
   *
   * @param wanted by entry name; what is not wanted is not unpacked
   */
  static List<ClassPathProblem> visitClasses(
      Path jar, Predicate<String> wanted, ArchiveLimits limits, ClassFiles.Visitor visitor) {
    try (Archive archive = Archive.open(jar, 0, limits)) {
      for (String name : archive.classNames()) {
        if (!wanted.test(name)) {
          continue;
        }
        byte[] bytes = archive.bytes(name);
        if (bytes.length > 0) {
          visit(archive, name, bytes, visitor);
        }
      }
      return archive.problems();
    }
  }

  private static void visit(
      Archive archive, String name, byte[] bytes, ClassFiles.Visitor visitor) {
    try {
      visitor.classFile(name, bytes);
    } catch (IllegalArgumentException broken) {
      archive.trouble(
          Kind.UNREADABLE_CLASS,
          name,
          "is no class file that a JVM would define: " + broken.getMessage());
    }
  }

  private Library library() {
    List<ClassShape> classes =
        Collections.synchronizedList(new ArrayList<>(Math.max(16, archive.names().size())));
    List<ResourceReference> references = new ArrayList<>();
    archive.names().parallelStream()
        .filter(Archive::isClass)
        .forEach(name -> readClass(name, classes));
    Set<Integer> names = new HashSet<>();
    for (String name : archive.names()) {
      if (!name.endsWith(".class")) {
        boolean wanted = ResourceReading.wanted(name, own);
        if (wanted || NameReading.wanted(name)) {
          readResource(name, wanted, references, names);
        }
      }
    }
    classes.sort(Comparator.comparing(shape -> symbols.text(shape.name)));
    return new Library(classes, references, names, archive.problems());
  }

  private void readClass(String name, List<ClassShape> into) {
    String expected = name.substring(0, name.length() - ".class".length());
    byte[] bytes = archive.bytes(name);
    if (bytes.length == 0) {
      return;
    }
    ClassShape shape;
    try {
      shape = ClassFileReading.read(bytes, expected, symbols, false);
    } catch (IllegalArgumentException broken) {
      archive.trouble(
          Kind.UNREADABLE_CLASS,
          name,
          "is no class file that a JVM would define: " + broken.getMessage());
      return;
    }
    if (!symbols.text(shape.name).equals(expected)) {
      archive.trouble(
          Kind.MISNAMED_CLASS,
          name,
          "holds the class "
              + Descriptors.readable(symbols.text(shape.name))
              + "; no class loader finds it there, so it is left out");
      return;
    }
    into.add(shape);
  }

  private void readResource(
      String name, boolean wanted, List<ResourceReference> into, Set<Integer> names) {
    byte[] bytes = archive.bytes(name);
    NameReading.read(name, bytes, symbols, names);
    if (!wanted) {
      return;
    }
    try {
      into.addAll(ResourceReading.read(name, bytes, own));
    } catch (IOException broken) {
      archive.trouble(Kind.UNREADABLE_RESOURCE, name, "cannot be parsed: " + broken.getMessage());
    }
  }
}
