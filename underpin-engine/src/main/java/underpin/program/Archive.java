package underpin.program;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import underpin.program.ClassPathProblem.Kind;

/**
 * The files of one jar or class folder, as a JVM of one Java release sees them. Whatever is wrong
 * with a file becomes one problem of its kind. May be read by several threads.
 */
public final class Archive implements AutoCloseable {
  private static final String VERSIONS = "META-INF/versions/";

  /** From this release on, a JVM reads {@code META-INF/versions} (JEP 238). */
  private static final int FIRST_MULTI_RELEASE = 9;

  /** Where the bytes of one name are. */
  private interface Content {
    InputStream open() throws IOException;
  }

  private final Path path;
  private final int javaRelease;
  private final ArchiveLimits limits;
  private final TreeMap<String, Content> files = new TreeMap<>();
  private final TreeMap<String, Content> variants = new TreeMap<>();
  private final Set<String> twice = new HashSet<>();
  private final AtomicLong bytesRead = new AtomicLong();

  /** By kind: each entry's message. */
  private final Map<Kind, TreeMap<String, String>> troubles = new EnumMap<>(Kind.class);

  private @Nullable ZipFile zip;

  private Archive(Path path, int javaRelease, ArchiveLimits limits) {
    this.path = path;
    this.javaRelease = javaRelease;
    this.limits = limits;
  }

  /** {@return it, without any files if it cannot be read at all} */
  public static Archive open(Path path, int javaRelease, ArchiveLimits limits) {
    Archive archive = new Archive(path, javaRelease, limits);
    archive.open();
    return archive;
  }

  private void open() {
    if (Files.isDirectory(path)) {
      try (Stream<Path> all = Files.walk(path)) {
        all.filter(Files::isRegularFile)
            .limit(limits.entries())
            .forEach(file ->
                files.put(
                    path.relativize(file).toString().replace('\\', '/'),
                    () -> Files.newInputStream(file)));
      } catch (IOException | UncheckedIOException broken) {
        trouble(Kind.UNREADABLE_ARCHIVE, "", "cannot be listed (" + broken.getMessage() + ")");
      }
      return;
    }
    if (!Files.exists(path)) {
      trouble(Kind.MISSING, "", "does not exist. Build or download it first");
      return;
    }
    try {
      zip = new ZipFile(path.toFile());
      entries(zip);
    } catch (IOException broken) {
      trouble(
          Kind.UNREADABLE_ARCHIVE,
          "",
          "is no readable archive (" + broken.getMessage() + "). Fetch it again");
    }
  }

  private void entries(ZipFile zip) {
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
        variants.put(name, content);
        int slash = name.indexOf('/', VERSIONS.length());
        int version = slash < 0 ? 0 : number(name.substring(VERSIONS.length(), slash));
        if (multiRelease && version >= FIRST_MULTI_RELEASE && version <= javaRelease) {
          String real = name.substring(slash + 1);
          if (chosen.getOrDefault(real, 0) < version) {
            chosen.put(real, version);
            versioned.put(real, content);
          }
        }
      } else if (files.put(name, content) != null) {
        twice.add(name);
      }
    }
    files.putAll(versioned);
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
              new Manifest(new ByteArrayInputStream(in.readNBytes(1 << 20)))
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

  /** {@return the names of the files, with '/'} */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(files.navigableKeySet());
  }

  /** {@return what is below {@code META-INF/versions} of a jar, by full names, for any release} */
  public SortedSet<String> variants() {
    return Collections.unmodifiableSortedSet(variants.navigableKeySet());
  }

  /** {@return the names of class files, sorted, for any release of Java} */
  public SortedSet<String> classNames() {
    TreeSet<String> names = new TreeSet<>(files.navigableKeySet());
    names.removeIf(name -> !isClass(name));
    variants.navigableKeySet().stream()
        .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
        .forEach(names::add);
    return names;
  }

  /** {@return whether a class loader may look a class up by that file name} */
  public static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.endsWith("module-info.class")
        && !name.endsWith("package-info.class")
        && !name.startsWith("META-INF/");
  }

  /**
   * {@return the content; empty after a problem was noted}
   *
   * @param name one of {@link #names} or {@link #variants}
   */
  public byte[] bytes(String name) {
    Kind kind = name.endsWith(".class") ? Kind.UNREADABLE_CLASS : Kind.UNREADABLE_RESOURCE;
    Content content = files.getOrDefault(name, variants.get(name));
    if (content == null) {
      throw new IllegalArgumentException(name + " is not in " + path);
    }
    if (twice.contains(name)) {
      trouble(Kind.DUPLICATE_ENTRY, name, "is in the archive twice; the one a JVM finds is read");
    }
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

  /**
   * Notes a problem, once per entry and kind.
   *
   * @param entry empty for the archive itself
   * @param message goes on after the name of the entry
   */
  public void trouble(Kind kind, String entry, String message) {
    synchronized (troubles) {
      troubles
          .computeIfAbsent(kind, _ -> new TreeMap<>())
          .putIfAbsent(entry, (entry.isEmpty() ? path.getFileName() : entry) + " " + message);
    }
  }

  /** {@return one problem of each kind so far: the first by name, and how many more there are} */
  public List<ClassPathProblem> problems() {
    List<ClassPathProblem> problems = new ArrayList<>();
    synchronized (troubles) {
      troubles.forEach((kind, messages) -> {
        Map.Entry<String, String> first = messages.firstEntry();
        int more = messages.size() - 1;
        problems.add(
            new ClassPathProblem(
                kind,
                first.getKey().isEmpty() ? path.toString() : path + "!/" + first.getKey(),
                first.getValue()
                    + (more == 0 ? "." : "; " + more + " more of this kind in the file.")));
      });
    }
    return problems;
  }

  @Override
  public void close() {
    if (zip != null) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
