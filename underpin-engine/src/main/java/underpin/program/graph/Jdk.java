package underpin.program.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import underpin.program.Archive;
import underpin.program.ArchiveLimits;

/**
 * The classes of an installed JDK, with their code: the runtime image of Java 9 and later, {@code
 * rt.jar} and its companions before. ({@code lib/ct.sym} has no code.)
 */
final class Jdk implements AutoCloseable {
  private final Path home;
  private final Optional<FileSystem> image;
  private final boolean closes;
  private final List<Archive> jars;
  private final ConcurrentHashMap<String, List<Path>> packages = new ConcurrentHashMap<>();

  private volatile @Nullable Map<String, List<String>> providers;

  private Jdk(Path home, Optional<FileSystem> image, boolean closes, List<Archive> jars) {
    this.home = home;
    this.image = image;
    this.closes = closes;
    this.jars = jars;
  }

  /**
   * @param home the folder of the JDK or JRE
   * @throws GraphException if no classes of a JDK are there
   */
  static Jdk open(Path home) {
    try {
      if (Files.exists(home.resolve("lib/modules"))) {
        boolean running = Files.isSameFile(home, Path.of(System.getProperty("java.home")));
        FileSystem image =
            running
                ? FileSystems.getFileSystem(URI.create("jrt:/"))
                : FileSystems.newFileSystem(
                    URI.create("jrt:/"), Map.of("java.home", home.toRealPath().toString()));
        return new Jdk(home, Optional.of(image), !running, List.of());
      }
      List<Archive> jars = new ArrayList<>();
      for (String lib : List.of("jre/lib", "lib")) {
        for (String jar : List.of("rt.jar", "jce.jar", "jsse.jar", "charsets.jar")) {
          Path path = home.resolve(lib).resolve(jar);
          if (Files.exists(path)) {
            jars.add(Archive.open(path, 8, ArchiveLimits.DEFAULT));
          }
        }
        if (!jars.isEmpty()) {
          return new Jdk(home, Optional.empty(), false, jars);
        }
      }
    } catch (IOException | RuntimeException broken) {
      throw new GraphException(
          "The classes of the JDK in " + home + " cannot be read (" + broken + ").", broken);
    }
    throw new GraphException(
        "There is no JDK in " + home + ": neither lib/modules nor rt.jar. Name the folder of one.",
        null);
  }

  /**
   * {@return what tells this build of the JDK from every other} Reads no class.
   *
   * @throws GraphException if it has no release file
   */
  static String identity(Path home) {
    try {
      Path image = home.resolve("lib/modules");
      Path classes = Files.exists(image) ? image : home.resolve("release");
      return Files.readString(home.resolve("release"))
          + Files.size(classes)
          + Files.getLastModifiedTime(classes).toMillis();
    } catch (IOException unreadable) {
      throw new GraphException(
          "The release file of the JDK in " + home + " cannot be read.", unreadable);
    }
  }

  /** {@return what tells it from every other, see {@link #identity(Path)}} */
  String identity() {
    return identity(home);
  }

  /** {@return the class file, if the JDK has such a class} */
  Optional<byte[]> bytes(String internalName) {
    try {
      if (image.isEmpty()) {
        String file = internalName + ".class";
        return jars.stream()
            .filter(jar -> jar.names().contains(file))
            .findFirst()
            .map(jar -> jar.bytes(file));
      }
      int slash = internalName.lastIndexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      String file = internalName.substring(slash + 1) + ".class";
      for (Path folder :
          packages.computeIfAbsent(internalName.substring(0, slash), this::folders)) {
        Path path = folder.resolve(file);
        try {
          return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException _) {
          // The package is in another module too, or has no such class.
          continue;
        }
      }
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** {@return internal names of the providers of a service, by module declarations or files} */
  List<String> providers(String service) {
    Map<String, List<String>> known = providers;
    if (known == null) {
      known = image.isPresent() ? declaredProviders() : listedProviders();
      providers = known;
    }
    return known.getOrDefault(service, List.of());
  }

  private Map<String, List<String>> declaredProviders() {
    Map<String, List<String>> found = new TreeMap<>();
    try (Stream<Path> modules = Files.list(image.orElseThrow().getPath("/modules"))) {
      for (Path module : modules.sorted().toList()) {
        Path file = module.resolve("module-info.class");
        if (Files.exists(file)) {
          ClassFile.of()
              .parse(Files.readAllBytes(file))
              .findAttribute(Attributes.module())
              .ifPresent(info ->
                  info.provides()
                      .forEach(provided ->
                          provided
                              .providesWith()
                              .forEach(with ->
                                  found
                                      .computeIfAbsent(
                                          provided.provides().asInternalName(),
                                          _ -> new ArrayList<>())
                                      .add(with.asInternalName()))));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return found;
  }

  private Map<String, List<String>> listedProviders() {
    Map<String, List<String>> found = new TreeMap<>();
    String services = "META-INF/services/";
    for (Archive jar : jars) {
      for (String name : jar.names().tailSet(services)) {
        if (!name.startsWith(services)) {
          break;
        }
        List<String> providers =
            new String(jar.bytes(name), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip().replace('.', '/'))
                .filter(line -> !line.isEmpty())
                .toList();
        found.put(name.substring(services.length()).replace('.', '/'), providers);
      }
    }
    return found;
  }

  /**
   * {@return where the classes of a package may be: its folder in each module that has it or a
   * package below it} Not asked for: to look at a folder reads all that is in it.
   */
  private List<Path> folders(String packageName) {
    FileSystem files = image.orElseThrow();
    Path modules = files.getPath("/packages", packageName.replace('/', '.'));
    if (!Files.isDirectory(modules)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(modules)) {
      return all.map(
              module -> files.getPath("/modules", module.getFileName().toString(), packageName))
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    jars.forEach(Archive::close);
    if (closes) {
      try {
        image.orElseThrow().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
