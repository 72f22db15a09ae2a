package underpin.program.graph;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import underpin.program.Archive;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.ClassPathProblem;

/**
 * Where classes come from: the class path in its order, the JDK before it for what is the JDK's.
 * Each class is read once, when first asked for; any thread may ask.
 */
final class ClassSources implements AutoCloseable {
  /** The JDK's own number among the sources. */
  static final int JDK = -1;

  /** A class and where it is from. */
  record Found(ClassFacts facts, int source) {}

  private final List<ClassPath.Entry> entries;
  private final List<Archive> archives = new ArrayList<>();
  private final Jdk jdk;
  private final Map<String, Integer> places = new HashMap<>();
  private final ConcurrentHashMap<String, Optional<Found>> classes =
      new ConcurrentHashMap<>(1 << 15);
  private final Names names = new Names();
  private final AtomicInteger unreadable = new AtomicInteger();
  private final Optional<FactsCache> cache;

  /** By number of a source: what is kept of it, if that is. */
  private final List<Optional<FactsCache.Source>> kept = new ArrayList<>();

  private final Optional<FactsCache.Source> keptOfJdk;

  /**
   * @param jdk is not closed with it
   */
  ClassSources(ClassPath classPath, Jdk jdk, ArchiveLimits limits) {
    this(classPath, jdk, limits, Optional.empty());
  }

  /**
   * @param cache where facts are taken from and kept; of the project's own classes none
   */
  ClassSources(ClassPath classPath, Jdk jdk, ArchiveLimits limits, Optional<FactsCache> cache) {
    this.cache = cache;
    this.keptOfJdk = cache.map(to -> to.ofJdk(jdk.identity(), names));
    this.entries = classPath.entries();
    this.jdk = jdk;
    for (ClassPath.Entry entry : entries) {
      Archive archive = Archive.open(entry.path(), classPath.javaRelease(), limits);
      int number = archives.size();
      archives.add(archive);
      kept.add(
          entry.own() || !Files.isRegularFile(entry.path())
              ? Optional.empty()
              : cache.map(to -> to.ofJar(entry.path(), classPath.javaRelease(), limits, names)));
      for (String name : archive.names()) {
        if (Archive.isClass(name)) {
          places.putIfAbsent(name.substring(0, name.length() - ".class".length()), number);
        }
      }
    }
  }

  /** {@return the numbers that names have in what is read here} */
  Names names() {
    return names;
  }

  Optional<Found> find(String name) {
    Optional<Found> known = classes.get(name);
    return known != null ? known : classes.computeIfAbsent(name, this::read);
  }

  private Optional<Found> read(String name) {
    // A class loader asks its parent first: what the JDK has is taken from there.
    Optional<ClassFacts> platform =
        keptOfJdk.flatMap(kept -> kept.find(name, () -> platform(name))).or(() -> platform(name));
    if (platform.isPresent()) {
      return Optional.of(new Found(platform.get(), JDK));
    }
    Integer place = places.get(name);
    if (place == null) {
      return Optional.empty();
    }
    return kept.get(place)
        .flatMap(kept -> kept.find(name, () -> library(name, place)))
        .or(() -> library(name, place))
        .map(facts -> new Found(facts, place));
  }

  private Optional<ClassFacts> library(String name, int place) {
    Archive archive = archives.get(place);
    String file = name + ".class";
    byte[] bytes = archive.bytes(file);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    try {
      ClassFacts facts =
          ClassReading.read(
              bytes,
              false,
              names,
              trouble -> {
                unreadable.incrementAndGet();
                archive.trouble(ClassPathProblem.Kind.UNREADABLE_CLASS, file, trouble);
              },
              kept.get(place).map(FactsCache.Source::record));
      if (!facts.name.equals(name)) {
        archive.trouble(
            ClassPathProblem.Kind.MISNAMED_CLASS,
            file,
            "holds the class %s; no class loader finds it there, so it is left out"
                .formatted(facts.name.replace('/', '.')));
        return Optional.empty();
      }
      return Optional.of(facts);
    } catch (IllegalArgumentException broken) {
      archive.trouble(
          ClassPathProblem.Kind.UNREADABLE_CLASS,
          file,
          "is no class file that a JVM would define: " + broken.getMessage());
      return Optional.empty();
    }
  }

  private Optional<ClassFacts> platform(String name) {
    if (keptOfJdk.isPresent() && keptOfJdk.get().isAbsent(name)) {
      return Optional.empty();
    }
    Optional<byte[]> found = jdk.bytes(name);
    if (found.isEmpty() && jdk.hasPackage(name)) {
      // To look in vain for a file of an image takes longer than to read one.
      keptOfJdk.ifPresent(kept -> kept.record().absent(name));
    }
    return found.map(bytes -> {
      try {
        return ClassReading.read(
            bytes,
            true,
            names,
            _ -> unreadable.incrementAndGet(),
            keptOfJdk.map(FactsCache.Source::record));
      } catch (IllegalArgumentException newer) {
        throw new GraphException(
            "The JDK's class %s cannot be read: %s"
                .formatted(name.replace('/', '.'), newer.getMessage()),
            newer);
      }
    });
  }

  /** Keeps what was read, for the next search. To be asked when nobody reads any more. */
  void keep() {
    cache.ifPresent(to -> {
      for (int i = 0; i < archives.size(); i++) {
        if (!archives.get(i).problems().isEmpty()) {
          kept.get(i).ifPresent(FactsCache.Source::troubled);
        }
      }
      to.keep();
    });
  }

  /** {@return whether the class path has it, without reading it} */
  boolean onClassPath(String name) {
    return places.containsKey(name);
  }

  /** {@return whether the text is the name of a class, as reflection takes it} */
  boolean names(String text) {
    if (text.length() > 200 || !Character.isJavaIdentifierStart(text.charAt(0))) {
      return false;
    }
    String name = text.replace('.', '/');
    if (places.containsKey(name)) {
      return true;
    }
    if (name.indexOf('/') < 0) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (!Character.isJavaIdentifierPart(name.charAt(i)) && name.charAt(i) != '/') {
        return false;
      }
    }
    return find(name).isPresent();
  }

  /** {@return internal names of the JDK's providers of a service} */
  List<String> platformProviders(String service) {
    return jdk.providers(service);
  }

  /** {@return how many methods had code that could not be read} */
  int unreadableMethods() {
    return unreadable.get();
  }

  /** {@return names of the classes of the project itself, sorted} */
  List<String> ownClasses() {
    return places.entrySet().stream()
        .filter(place -> entries.get(place.getValue()).own())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  ClassPath.Entry entry(int source) {
    return entries.get(source);
  }

  int size() {
    return entries.size();
  }

  SortedSet<String> files(int source) {
    return archives.get(source).names();
  }

  byte[] bytes(int source, String file) {
    return archives.get(source).bytes(file);
  }

  List<ClassPathProblem> problems() {
    return archives.stream().flatMap(archive -> archive.problems().stream()).sorted().toList();
  }

  @Override
  public void close() {
    archives.forEach(Archive::close);
  }
}
