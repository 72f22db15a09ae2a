package underpin.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The classes that a Java release brings. The running JDK knows older releases through {@code
 * lib/ct.sym}, the data behind {@code javac --release}: public and protected API, no code; its own
 * release through {@code jrt:/}. Classes are read when first asked for.
 */
final class JavaPlatform {
  /** Modules that exist in 9 and 10 but are not resolved for a class path (JEP 320). */
  private static final Set<String> NOT_ROOT_IN_9 =
      Set.of(
          "java.activation",
          "java.corba",
          "java.transaction",
          "java.xml.bind",
          "java.xml.ws",
          "java.xml.ws.annotation",
          "java.se.ee");

  private static final int OLDEST = 8;

  private final Symbols symbols;
  private final Set<String> packages;
  private final Function<String, Optional<byte[]>> source;
  private final ConcurrentHashMap<Integer, ClassShape> classes = new ConcurrentHashMap<>();
  private final Optional<ClassPathProblem> problem;

  private JavaPlatform(
      Symbols symbols,
      Set<String> packages,
      Function<String, Optional<byte[]>> source,
      Optional<ClassPathProblem> problem) {
    this.symbols = symbols;
    this.packages = packages;
    this.source = source;
    this.problem = problem;
  }

  /**
   * {@return the release, or the nearest one that the running JDK knows; {@link #problem} then says
   * so}
   */
  static JavaPlatform of(int release, Symbols symbols) {
    int running = Runtime.version().feature();
    int used = Math.clamp(release, OLDEST, running);
    Optional<ClassPathProblem> problem =
        used == release
            ? Optional.empty()
            : Optional.of(unknown(release, "it knows " + OLDEST + " to " + running, used));
    if (used < running) {
      Path data = Path.of(System.getProperty("java.home"), "lib", "ct.sym");
      if (Files.isReadable(data)) {
        try {
          return older(used, data, symbols, problem);
        } catch (IOException unreadable) {
          problem = Optional.of(unknown(release, data + " cannot be read", running));
        }
      } else {
        problem = Optional.of(unknown(release, "there is no " + data, running));
      }
    }
    return running(symbols, problem);
  }

  private static ClassPathProblem unknown(int release, String because, int used) {
    return new ClassPathProblem(
        ClassPathProblem.Kind.JAVA_RELEASE,
        "Java " + release,
        "The running JDK has no model of Java %d (%s); Java %d was taken. Run underpin on a full JDK."
            .formatted(release, because, used));
  }

  private static JavaPlatform older(
      int release, Path data, Symbols symbols, Optional<ClassPathProblem> problem)
      throws IOException {
    // Open as long as the JavaPlatform that reads from it; ZipFile's cleaner closes it then.
    ZipFile zip = new ZipFile(data.toFile());
    char wanted = Character.toUpperCase(Character.forDigit(release, 36));
    Map<String, String> entries = new HashMap<>();
    Set<String> packages = new HashSet<>();
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      String path = all.nextElement().getName();
      int releases = path.indexOf('/');
      int module = path.indexOf('/', releases + 1);
      if (module < 0
          || !path.endsWith(".sig")
          || path.lastIndexOf(wanted, releases) < 0
          || (release >= 9 && NOT_ROOT_IN_9.contains(path.substring(releases + 1, module)))) {
        continue;
      }
      String name = path.substring(module + 1, path.length() - ".sig".length());
      entries.put(name, path);
      packages.add(packageOf(name));
    }
    return new JavaPlatform(
        symbols,
        packages,
        name -> {
          String path = entries.get(name);
          if (path == null) {
            return Optional.empty();
          }
          try (var in = zip.getInputStream(zip.getEntry(path))) {
            return Optional.of(in.readAllBytes());
          } catch (IOException broken) {
            throw new UncheckedIOException(broken);
          }
        },
        problem);
  }

  private static JavaPlatform running(Symbols symbols, Optional<ClassPathProblem> problem) {
    FileSystem runtime = FileSystems.getFileSystem(URI.create("jrt:/"));
    Map<String, Path> homes = new HashMap<>();
    try (Stream<Path> all = Files.list(runtime.getPath("/packages"))) {
      for (Path named : all.toList()) {
        try (Stream<Path> modules = Files.list(named)) {
          // A package may lie in several modules only when all but one of them have none of its
          // classes; the one with a folder of that name holds them.
          String path = named.getFileName().toString().replace('.', '/');
          modules
              .map(module -> runtime.getPath("/modules", module.getFileName().toString(), path))
              .filter(Files::isDirectory)
              .filter(JavaPlatform::hasClasses)
              .findFirst()
              .ifPresent(home -> homes.put(path, home));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return new JavaPlatform(
        symbols,
        homes.keySet(),
        name -> {
          Path home = homes.get(packageOf(name));
          if (home == null) {
            return Optional.empty();
          }
          Path file = home.resolve(name.substring(name.lastIndexOf('/') + 1) + ".class");
          try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
          } catch (IOException broken) {
            throw new UncheckedIOException(broken);
          }
        },
        problem);
  }

  private static boolean hasClasses(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".class"));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  Optional<ClassPathProblem> problem() {
    return problem;
  }

  boolean hasPackage(String internalName) {
    return packages.contains(internalName);
  }

  /** {@return the class, or {@link ClassShape#ABSENT}} */
  ClassShape find(int name) {
    ClassShape known = classes.get(name);
    if (known != null) {
      return known;
    }
    String text = symbols.text(name);
    ClassShape found =
        packages.contains(packageOf(text))
            ? source
                .apply(text)
                .map(bytes -> ClassFileReading.read(bytes, text, symbols, true))
                .orElse(ClassShape.ABSENT)
            : ClassShape.ABSENT;
    classes.put(name, found);
    return found;
  }
}
