package underpin.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.program.ClassPathProblem.Kind;

/**
 * Reads one jar or class folder. Whatever is wrong with a file becomes one problem of its kind, and
 * the other files are read.
 */
final class LibraryReading {
  private static final String VERSIONS = "META-INF/versions/";

  /** From this release on, a JVM reads {@code META-INF/versions} (JEP 238). */
  private static final int FIRST_MULTI_RELEASE = 9;

  /** Where the bytes of one name are. */
  private interface Content {
    InputStream open() throws IOException;
  }

  private final Path path;
  private final int javaRelease;
  private final boolean own;
  private final ArchiveLimits limits;
  private final Symbols symbols;
  private final AtomicLong bytesRead = new AtomicLong();
  private final Map<Kind, Trouble> troubles = new EnumMap<>(Kind.class);

  /** The first problem of a kind, and how many more there are. */
  private static final class Trouble {
    final TreeMap<String, String> messages = new TreeMap<>();
  }

  private LibraryReading(
      Path path, int javaRelease, boolean own, ArchiveLimits limits, Symbols symbols) {
    this.path = path;
    this.javaRelease = javaRelease;
    this.own = own;
    this.limits = limits;
    this.symbols = symbols;
  }

  static Library read(
      Path path, int javaRelease, boolean own, ArchiveLimits limits, Symbols symbols) {
    return new LibraryReading(path, javaRelease, own, limits, symbols).read();
  }

  /**
   * Hands every class file of a jar to the visitor, from one thread, by entry name; each that the
   * limits keep out, or that cannot be read, is a problem.
   *
   * @param releases whether the variants below {@code META-INF/versions} are handed over too, under
   *     their full entry names
   */
  static List<ClassPathProblem> visitClasses(
      Path jar, boolean releases, ArchiveLimits limits, ClassFiles.Visitor visitor) {
    LibraryReading reading = new LibraryReading(jar, 0, true, limits, new Symbols());
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      TreeMap<String, Content> files = reading.entries(zip);
      if (releases) {
        zip.stream()
            .filter(entry -> entry.getName().startsWith(VERSIONS))
            .limit(limits.entries())
            .forEach(entry -> files.put(entry.getName(), () -> zip.getInputStream(entry)));
      }
      files.forEach((name, content) -> {
        if (name.endsWith(".class")
            && (isClass(name) || name.startsWith(VERSIONS))
            && !name.endsWith("-info.class")) {
          byte[] bytes = reading.bytes(name, content, Kind.UNREADABLE_CLASS);
          if (bytes.length > 0) {
            reading.visit(name, bytes, visitor);
          }
        }
      });
    } catch (IOException broken) {
      reading.trouble(
          Kind.UNREADABLE_ARCHIVE,
          "",
          "is no readable archive (" + broken.getMessage() + "). Fetch it again");
    }
    return reading.problems();
  }

  private void visit(String name, byte[] bytes, ClassFiles.Visitor visitor) {
    try {
      visitor.classFile(name, bytes);
    } catch (IllegalArgumentException broken) {
      trouble(
          Kind.UNREADABLE_CLASS,
          name,
          "is no class file that a JVM would define: " + broken.getMessage());
    }
  }

  private Library read() {
    if (Files.isDirectory(path)) {
      TreeMap<String, Content> files = new TreeMap<>();
      try (Stream<Path> all = Files.walk(path)) {
        all.filter(Files::isRegularFile)
            .limit(limits.entries())
            .forEach(file ->
                files.put(
                    path.relativize(file).toString().replace('\\', '/'),
                    () -> Files.newInputStream(file)));
      } catch (IOException | java.io.UncheckedIOException broken) {
        trouble(Kind.UNREADABLE_ARCHIVE, "", "cannot be listed (" + broken.getMessage() + ")");
      }
      return library(files);
    }
    if (!Files.exists(path)) {
      trouble(Kind.MISSING, "", "does not exist. Build or download it first");
      return library(new TreeMap<>());
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return library(entries(zip));
    } catch (IOException broken) {
      trouble(
          Kind.UNREADABLE_ARCHIVE,
          "",
          "is no readable archive (" + broken.getMessage() + "). Fetch it again");
      return library(new TreeMap<>());
    }
  }

  private TreeMap<String, Content> entries(ZipFile zip) {
    TreeMap<String, Content> plain = new TreeMap<>();
    TreeMap<String, Content> versioned = new TreeMap<>();
    Map<String, Integer> chosen = new TreeMap<>();
    boolean multiRelease = javaRelease >= FIRST_MULTI_RELEASE && multiRelease(zip);
    int count = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      if (++count > limits.entries()) {
        trouble(
            Kind.LIMIT,
            "",
            "has more than " + limits.entries() + " entries; the others are not read");
        break;
      }
      String name = entry.getName();
      if (entry.isDirectory()) {
        continue;
      }
      Content content = () -> zip.getInputStream(entry);
      if (name.startsWith(VERSIONS)) {
        int slash = name.indexOf('/', VERSIONS.length());
        int version = slash < 0 ? 0 : number(name.substring(VERSIONS.length(), slash));
        if (multiRelease && version >= FIRST_MULTI_RELEASE && version <= javaRelease) {
          String real = name.substring(slash + 1);
          if (chosen.getOrDefault(real, 0) < version) {
            chosen.put(real, version);
            versioned.put(real, content);
          }
        }
      } else if (plain.put(name, content) != null && wanted(name)) {
        trouble(Kind.DUPLICATE_ENTRY, name, "is in the archive twice; the one a JVM finds is read");
      }
    }
    plain.putAll(versioned);
    return plain;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private boolean multiRelease(ZipFile zip) {
    ZipEntry manifest = zip.getEntry("META-INF/MANIFEST.MF");
    if (manifest == null) {
      return false;
    }
    try (InputStream in = zip.getInputStream(manifest)) {
      return "true"
          .equalsIgnoreCase(
              new java.util.jar.Manifest(new java.io.ByteArrayInputStream(in.readNBytes(1 << 20)))
                  .getMainAttributes()
                  .getValue("Multi-Release"));
    } catch (IOException broken) {
      trouble(
          Kind.UNREADABLE_RESOURCE,
          "META-INF/MANIFEST.MF",
          "cannot be read (" + broken.getMessage() + ")");
      return false;
    }
  }

  private boolean wanted(String name) {
    return name.endsWith(".class") || ResourceReading.wanted(name, own);
  }

  private Library library(TreeMap<String, Content> files) {
    List<ClassShape> classes =
        Collections.synchronizedList(new ArrayList<>(Math.max(16, files.size())));
    List<ResourceReference> references = new ArrayList<>();
    files.entrySet().parallelStream()
        .filter(file -> isClass(file.getKey()))
        .forEach(file -> readClass(file.getKey(), file.getValue(), classes));
    Set<Integer> names = new HashSet<>();
    files.forEach((name, content) -> {
      if (!name.endsWith(".class")) {
        boolean wanted = ResourceReading.wanted(name, own);
        if (wanted || NameReading.wanted(name)) {
          readResource(name, content, wanted, references, names);
        }
      }
    });
    classes.sort(java.util.Comparator.comparing(shape -> symbols.text(shape.name)));
    return new Library(classes, references, names, problems());
  }

  private List<ClassPathProblem> problems() {
    List<ClassPathProblem> problems = new ArrayList<>();
    troubles.forEach((kind, trouble) -> {
      Map.Entry<String, String> first = trouble.messages.firstEntry();
      int more = trouble.messages.size() - 1;
      problems.add(
          new ClassPathProblem(
              kind,
              first.getKey().isEmpty() ? path.toString() : path + "!/" + first.getKey(),
              first.getValue()
                  + (more == 0 ? "." : "; " + more + " more of this kind in the file.")));
    });
    return problems;
  }

  static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.endsWith("module-info.class")
        && !name.endsWith("package-info.class")
        && !name.startsWith("META-INF/");
  }

  private void readClass(String name, Content content, List<ClassShape> into) {
    String expected = name.substring(0, name.length() - ".class".length());
    byte[] bytes = bytes(name, content, Kind.UNREADABLE_CLASS);
    if (bytes.length == 0) {
      return;
    }
    ClassShape shape;
    try {
      shape = ClassFileReading.read(bytes, expected, symbols, false);
    } catch (IllegalArgumentException broken) {
      trouble(
          Kind.UNREADABLE_CLASS,
          name,
          "is no class file that a JVM would define: " + broken.getMessage());
      return;
    }
    if (!symbols.text(shape.name).equals(expected)) {
      trouble(
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
      String name,
      Content content,
      boolean wanted,
      List<ResourceReference> into,
      Set<Integer> names) {
    byte[] bytes = bytes(name, content, Kind.UNREADABLE_RESOURCE);
    NameReading.read(name, bytes, symbols, names);
    if (!wanted) {
      return;
    }
    try {
      into.addAll(ResourceReading.read(name, bytes, own));
    } catch (IOException broken) {
      trouble(Kind.UNREADABLE_RESOURCE, name, "cannot be parsed: " + broken.getMessage());
    }
  }

  /** {@return the content; empty after a problem was noted} */
  private byte[] bytes(String name, Content content, Kind kind) {
    if (bytesRead.get() > limits.totalBytes()) {
      trouble(
          Kind.LIMIT,
          name,
          "lies beyond " + limits.totalBytes() + " bytes of content; it is not read");
      return new byte[0];
    }
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes((int) Math.min(limits.entryBytes() + 1, Integer.MAX_VALUE - 8));
      bytesRead.addAndGet(bytes.length);
      if (bytes.length > limits.entryBytes()) {
        trouble(
            Kind.LIMIT, name, "is larger than " + limits.entryBytes() + " bytes; it is not read");
        return new byte[0];
      }
      if (bytes.length == 0 && kind == Kind.UNREADABLE_CLASS) {
        trouble(kind, name, "is empty");
      }
      return bytes;
    } catch (IOException | IllegalArgumentException broken) {
      trouble(kind, name, "cannot be read (" + broken.getMessage() + "). Fetch the file again");
      return new byte[0];
    }
  }

  private void trouble(Kind kind, String entry, String message) {
    synchronized (troubles) {
      troubles
          .computeIfAbsent(kind, _ -> new Trouble())
          .messages
          .putIfAbsent(entry, (entry.isEmpty() ? path.getFileName() : entry) + " " + message);
    }
  }
}
