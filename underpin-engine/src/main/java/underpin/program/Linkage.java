package underpin.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which references stop resolving when one class path replaces another.
 *
 * <p>A reference is what a class file makes a JVM look up (a class, field or method, JVMS 5.4.3),
 * or a class that a configuration file names. It breaks if it resolves before and not after; a
 * reference that is new in a replaced library breaks if it needs a newer version of something that
 * is on the class path. Annotations, generic signatures and debug information never break.
 *
 * <p>One instance reads each jar once, however often it is compared, and may be used by several
 * threads. What it keeps is given back when memory runs short.
 */
public final class Linkage {
  private final ArchiveLimits limits;
  private final Symbols symbols = new Symbols();
  private final ConcurrentHashMap<Integer, JavaPlatform> platforms = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Stamp, SoftReference<Library>> libraries =
      new ConcurrentHashMap<>();

  /** What must be the same for a file to be the same without reading it. */
  private record Stamp(Path path, String state, int javaRelease, boolean own) {}

  public Linkage() {
    this(ArchiveLimits.DEFAULT);
  }

  public Linkage(ArchiveLimits limits) {
    this.limits = limits;
  }

  /** {@return breaks, sorted; empty when everything that resolves before resolves after} */
  public List<LinkageBreak> compare(ClassPath before, ClassPath after) {
    return examine(before, after).breaks();
  }

  /** {@return breaks, and what could not be read} Never throws for what is in the files. */
  public LinkageReport examine(ClassPath before, ClassPath after) {
    List<Library> old = read(before);
    List<Library> now = read(after);
    JavaPlatform oldPlatform = platform(before.javaRelease());
    JavaPlatform newPlatform = platform(after.javaRelease());
    Set<ClassPathProblem> problems = new TreeSet<>();
    for (List<Library> side : List.of(old, now)) {
      side.forEach(library -> problems.addAll(library.problems()));
    }
    oldPlatform.problem().ifPresent(problems::add);
    newPlatform.problem().ifPresent(problems::add);
    List<LinkageBreak> breaks =
        new Comparison(
                new Universe(before, old, oldPlatform, symbols),
                new Universe(after, now, newPlatform, symbols),
                symbols)
            .run();
    return new LinkageReport(breaks, List.copyOf(problems));
  }

  /**
   * {@return those of some types that no entry of the class path and no Java has: neither its own
   * release nor the running one} Internals of the JDK that only older ones had are among them.
   *
   * @param types internal names
   */
  public SortedSet<String> missing(ClassPath classPath, Collection<String> types) {
    JavaPlatform release = platform(classPath.javaRelease());
    JavaPlatform running = platform(Runtime.version().feature());
    types.forEach(symbols::of);
    Universe universe = new Universe(classPath, read(classPath), release, symbols);
    SortedSet<String> missing = new TreeSet<>();
    for (String type : types) {
      int name = symbols.of(type);
      if (universe.find(name) == ClassShape.ABSENT && running.find(name) == ClassShape.ABSENT) {
        missing.add(type);
      }
    }
    return missing;
  }

  /**
   * {@return what the own classes of a class path refer to, in classes that are there, that does
   * not resolve, sorted} Also a reference that a handler for errors guards, and an abstract method
   * that a class does not implement.
   */
  public List<UnresolvedReference> unresolved(ClassPath classPath) {
    List<Library> libraries = read(classPath);
    JavaPlatform platform = platform(classPath.javaRelease());
    return new OwnReferences(new Universe(classPath, libraries, platform, symbols), symbols)
        .unresolved();
  }

  /**
   * A class, or a member as it is looked up in a class.
   *
   * @param type internal name
   * @param name readable
   */
  public record Reference(String type, String name) implements Comparable<Reference> {
    @Override
    public int compareTo(Reference other) {
      int byType = type.compareTo(other.type);
      return byType != 0 ? byType : name.compareTo(other.name);
    }
  }

  /** {@return all that the own classes of a class path refer to, whether it is there or not} */
  public SortedSet<Reference> references(ClassPath classPath) {
    List<Library> libraries = read(classPath);
    JavaPlatform platform = platform(classPath.javaRelease());
    return new OwnReferences(new Universe(classPath, libraries, platform, symbols), symbols).all();
  }

  private JavaPlatform platform(int release) {
    return platforms.computeIfAbsent(release, wanted -> JavaPlatform.of(wanted, symbols));
  }

  private List<Library> read(ClassPath classPath) {
    return classPath.entries().parallelStream()
        .map(entry -> read(entry, classPath.javaRelease()))
        .toList();
  }

  private Library read(ClassPath.Entry entry, int javaRelease) {
    Path path = entry.path().toAbsolutePath().normalize();
    Stamp stamp = new Stamp(path, state(path), javaRelease, entry.own());
    SoftReference<Library> kept = libraries.get(stamp);
    Library library = kept == null ? null : kept.get();
    if (library == null) {
      library = LibraryReading.read(path, javaRelease, entry.own(), limits, symbols);
      libraries.put(stamp, new SoftReference<>(library));
    }
    return library;
  }

  private static String state(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        return Files.exists(path)
            ? state(path, Files.readAttributes(path, BasicFileAttributes.class))
            : "";
      }
      List<String> states = new ArrayList<>();
      try (Stream<Path> all = Files.walk(path)) {
        for (Path file : all.toList()) {
          states.add(state(file, Files.readAttributes(file, BasicFileAttributes.class)));
        }
      }
      states.sort(null);
      return String.join("\n", states);
    } catch (IOException | UncheckedIOException unreadable) {
      // Reading it will say what is wrong; such a state is never found again.
      return "unreadable";
    }
  }

  private static String state(Path path, BasicFileAttributes attributes) {
    return path + " " + attributes.size() + " " + attributes.lastModifiedTime().toMillis();
  }
}
