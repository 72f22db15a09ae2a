package underpin.program;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The class files of one jar as bytes, within limits: for tools that read them in their own way.
 */
public final class ClassFiles {
  private ClassFiles() {}

  /** Takes class files. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one class file.
     *
     * @param entry its name in the jar, of classes in {@code META-INF/versions} with that prefix
     * @throws IllegalArgumentException if it is not well-formed; it is then noted as a problem, and
     *     the next one comes
     */
    void classFile(String entry, byte[] bytes);
  }

  /**
   * Visits every class file of a jar, in the order of their names, those of {@code
   * META-INF/versions} too.
   *
   * @return what could not be read; the visitor has seen the rest
   */
  public static List<ClassPathProblem> visit(Path jar, ArchiveLimits limits, Visitor visitor) {
    return visit(jar, limits, _ -> true, visitor);
  }

  /**
   * Visits some class files of a jar; the others are not unpacked, and count against no limit but
   * that of entries.
   *
   * @param wanted by entry name
   */
  public static List<ClassPathProblem> visit(
      Path jar, ArchiveLimits limits, Predicate<String> wanted, Visitor visitor) {
    return LibraryReading.visitClasses(jar, wanted, limits, visitor);
  }

  /** {@return the packages of a jar's class files, with dots, but for the one without a name} */
  public static SortedSet<String> packages(Path jar, ArchiveLimits limits) {
    return names(jar, limits).stream()
        .filter(name -> name.contains("/") && !name.startsWith("META-INF/"))
        .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@return names of the entries that {@link #visit} would visit, sorted} */
  public static SortedSet<String> names(Path jar, ArchiveLimits limits) {
    try (Archive archive = Archive.open(jar, 0, limits)) {
      return archive.classNames();
    }
  }

  /**
   * {@return the types (internal names) that a class says it extends and implements, the superclass
   * first}
   */
  public static List<String> above(ClassModel type) {
    List<String> above = new ArrayList<>();
    type.superclass().map(ClassEntry::asInternalName).ifPresent(above::add);
    type.interfaces().forEach(i -> above.add(i.asInternalName()));
    return above;
  }
}
