package underpin.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Files inside jars that text files of the project name by their path, as pages name the scripts of
 * a webjar and build descriptors its style sheets: {@code
 * classpath:META-INF/resources/webjars/bootstrap/3.3.7/less/bootstrap.less}. No class refers to
 * them, and often no test notices when they are gone.
 *
 * <p>Such a path may hold the version of the jar in a folder's name; then it is one more place
 * where the version is written down.
 */
public final class NamedFiles {
  /** What the servlet specification (4.6, 10.5) serves at the root of the application. */
  private static final String SERVED = "META-INF/resources/";

  private static final Set<String> NOT_SOURCES =
      Set.of("target", "node_modules", ".git", ".underpin", ".idea", ".mvn", ".svn", ".hg");
  private static final long MAX_FILE_BYTES = 1 << 20;
  private static final int MAX_MENTIONS = 100_000;
  private static final String NAME = "[\\w.@+$~-]+";
  private static final Pattern PATH =
      Pattern.compile(
          "(?<![\\w.@+$~-])(?:META-INF/resources/|webjars/|(?<=classpath:/?|classpath\\*:/?))"
              + NAME
              + "(?:/"
              + NAME
              + ")+");

  private final SortedMap<String, List<Mention>> byPath;
  private final Map<Path, Set<String>> entries = new HashMap<>();

  /**
   * One place that names a path.
   *
   * @param file relative to the project with {@code /} separators
   * @param offset of the path in the file's bytes
   * @param line 1-based
   * @param text the whole line, without the spaces around it
   */
  public record Mention(String file, int offset, int line, String path, String text) {}

  /**
   * A mention that must change with the jar's version.
   *
   * @param to the path of the same file in the other jar
   */
  public record Renamed(Mention mention, String to) {}

  /**
   * What another jar in place of one changes.
   *
   * @param renamed paths that hold the version, and are there under the other version
   * @param gone mentions of what the other jar does not have
   */
  public record Change(List<Renamed> renamed, List<Mention> gone) {
    public Change {
      renamed = List.copyOf(renamed);
      gone = List.copyOf(gone);
    }
  }

  private NamedFiles(SortedMap<String, List<Mention>> byPath) {
    this.byPath = byPath;
  }

  /**
   * Reads the text files of a project: those of at most 1 MiB without a NUL byte, outside build
   * output, and never through a link.
   *
   * @throws IOException when a folder of the project cannot be listed or a file read
   */
  public static NamedFiles in(Path project) throws IOException {
    SortedMap<String, List<Mention>> byPath = new TreeMap<>();
    Files.walkFileTree(
        project,
        new SimpleFileVisitor<>() {
          private int mentions;

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(project) && NOT_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile() || attributes.size() > MAX_FILE_BYTES) {
              return FileVisitResult.CONTINUE;
            }
            String name = project.relativize(file).toString().replace('\\', '/');
            for (Mention each : mentions(name, Files.readAllBytes(file))) {
              byPath.computeIfAbsent(each.path(), _ -> new ArrayList<>()).add(each);
              mentions++;
            }
            return mentions < MAX_MENTIONS ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }
        });
    return new NamedFiles(byPath);
  }

  /** One byte is one character here, so that offsets hold whatever the encoding is. */
  private static List<Mention> mentions(String file, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<Mention> found = new ArrayList<>();
    if (text.indexOf('\0') >= 0) {
      return found;
    }
    Matcher matcher = PATH.matcher(text);
    while (matcher.find()) {
      int from = text.lastIndexOf('\n', matcher.start()) + 1;
      int end = text.indexOf('\n', matcher.end());
      String line = text.substring(from, end < 0 ? text.length() : end).strip();
      int number = 1 + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
      found.add(
          new Mention(
              file,
              matcher.start(),
              number,
              matcher.group(),
              new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
    }
    return found;
  }

  /** {@return whether the project names any file in this way} */
  public boolean isEmpty() {
    return byPath.isEmpty();
  }

  /**
   * What it means for the project when one jar takes another's place. Of a jar that cannot be read
   * nothing can be named today.
   *
   * @param version the version of {@code jar}
   * @param newVersion the version of {@code newJar}
   * @throws IOException when the new jar cannot be read
   */
  public Change between(Path jar, String version, Path newJar, String newVersion)
      throws IOException {
    List<Renamed> renamed = new ArrayList<>();
    List<Mention> gone = new ArrayList<>();
    Set<String> today = today(jar);
    for (Map.Entry<String, List<Mention>> named : byPath.entrySet()) {
      String path = named.getKey();
      if (!isIn(today, path) || isIn(entries(newJar), path)) {
        continue;
      }
      Optional<String> to = renamed(path, version, newJar, newVersion);
      for (Mention mention : named.getValue()) {
        if (to.isPresent()) {
          renamed.add(new Renamed(mention, to.get()));
        } else {
          gone.add(mention);
        }
      }
    }
    return new Change(renamed, gone);
  }

  /** The same path with the other version in the place of this one, where the other jar has it. */
  private Optional<String> renamed(String path, String version, Path newJar, String newVersion)
      throws IOException {
    List<String> segments = Arrays.asList(path.split("/"));
    for (String now : forms(version)) {
      int at = segments.indexOf(now);
      if (at < 0) {
        continue;
      }
      for (String then : forms(newVersion)) {
        List<String> other = new ArrayList<>(segments);
        other.set(at, then);
        String candidate = String.join("/", other);
        if (isIn(entries(newJar), candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** A webjar's second packaging of 3.3.7 is 3.3.7-1, and may keep the folder of the first. */
  private static Set<String> forms(String version) {
    return new LinkedHashSet<>(List.of(version, version.replaceFirst("-\\d+$", "")));
  }

  private Set<String> today(Path jar) {
    try {
      return entries(jar);
    } catch (IOException _) {
      return Set.of(); // The check of the class path says that it cannot be read.
    }
  }

  private static boolean isIn(Set<String> names, String path) {
    return names.contains(path) || names.contains(SERVED + path);
  }

  private Set<String> entries(Path jar) throws IOException {
    Set<String> names = entries.get(jar);
    if (names == null) {
      names = namesIn(jar);
      entries.put(jar, names);
    }
    return names;
  }

  private static Set<String> namesIn(Path jar) throws IOException {
    Set<String> names = new TreeSet<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      Enumeration<? extends ZipEntry> all = zip.entries();
      while (all.hasMoreElements() && names.size() < ArchiveLimits.DEFAULT.entries()) {
        String name = all.nextElement().getName();
        if (!name.endsWith(".class") && !name.endsWith("/")) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
