package underpin.program.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.ModulePackagesAttribute;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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
  private volatile @Nullable Modules modules;
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

  /** {@return whether the class would lie in a package of the image, if there is one} */
  boolean hasPackage(String internalName) {
    int slash = internalName.lastIndexOf('/');
    return image.isPresent()
        && slash > 0
        && modules().packages().containsKey(internalName.substring(0, slash));
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
      Path folder = slash < 0 ? null : modules().packages().get(internalName.substring(0, slash));
      if (folder == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            Files.readAllBytes(folder.resolve(internalName.substring(slash + 1) + ".class")));
      } catch (NoSuchFileException _) {
        return Optional.empty();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** {@return internal names of the providers of a service, by module declarations or files} */
  List<String> providers(String service) {
    Map<String, List<String>> known = providers;
    if (known == null) {
      known = image.isPresent() ? modules().providers() : listedProviders();
      providers = known;
    }
    return known.getOrDefault(service, List.of());
  }

  /**
   * What the modules of the image say of themselves.
   *
   * @param packages internal names; by package the folder of its classes
   * @param providers by service, internal names
   */
  private record Modules(Map<String, Path> packages, Map<String, List<String>> providers) {}

  private Modules modules() {
    Modules known = modules;
    if (known == null) {
      synchronized (this) {
        known = modules;
        if (known == null) {
          known = declared();
          modules = known;
        }
      }
    }
    return known;
  }

  private Modules declared() {
    Map<String, Path> packages = new HashMap<>();
    Map<String, List<String>> found = new TreeMap<>();
    try (Stream<Path> modules = Files.list(image.orElseThrow().getPath("/modules"))) {
      for (Path module : modules.sorted().toList()) {
        Path file = module.resolve("module-info.class");
        if (Files.exists(file)) {
          ClassModel info = ClassFile.of().parse(Files.readAllBytes(file));
          for (String name : packages(module, info)) {
            packages.putIfAbsent(name, module.resolve(name));
          }
          info.findAttribute(Attributes.module())
              .ifPresent(declared ->
                  declared
                      .provides()
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
    return new Modules(packages, found);
  }

  /**
   * {@return internal names of a module's packages} An image's modules list them; if not, walks.
   */
  private static List<String> packages(Path module, ClassModel info) throws IOException {
    Optional<ModulePackagesAttribute> listed = info.findAttribute(Attributes.modulePackages());
    if (listed.isPresent()) {
      return listed.get().packages().stream().map(entry -> entry.name().stringValue()).toList();
    }
    try (Stream<Path> all = Files.walk(module)) {
      return all.filter(file -> file.toString().endsWith(".class"))
          .map(file -> module.relativize(file).getParent())
          .filter(Objects::nonNull)
          .map(Path::toString)
          .distinct()
          .toList();
    }
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
