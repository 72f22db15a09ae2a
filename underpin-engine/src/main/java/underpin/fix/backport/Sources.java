package underpin.fix.backport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.fix.backport.Source.Member;
import underpin.fix.backport.Source.Type;
import underpin.program.ArchiveLimits;

/** The Java files of one release, parsed when they are asked for. */
final class Sources {
  private final SortedMap<String, String> texts;
  private final Map<String, Charset> charsets;
  private final Map<String, Source> parsed;
  private final Map<String, List<String>> bySimpleName;

  /** Files that are no other form of one by the same simple name. */
  private final Predicate<String> isAnother;

  private Sources() {
    texts = new TreeMap<>();
    charsets = new HashMap<>();
    parsed = new HashMap<>();
    bySimpleName = new HashMap<>();
    isAnother = _ -> false;
  }

  private Sources(Sources same, Predicate<String> isAnother) {
    this.texts = same.texts;
    this.charsets = same.charsets;
    this.parsed = same.parsed;
    this.bySimpleName = same.bySimpleName;
    this.isAnother = isAnother;
  }

  /**
   * {@return the same files, held against those of another release} A file that the other has in
   * the same place was not moved from elsewhere, though it is called like one.
   */
  Sources beside(Sources other) {
    return new Sources(this, other::has);
  }

  /** {@return those of a release that has none} */
  static Sources none() {
    return new Sources();
  }

  /**
   * Reads a sources jar.
   *
   * @throws IOException if it is no archive, or larger than the limits
   */
  static Sources read(Path jar, ArchiveLimits limits) throws IOException {
    Sources sources = new Sources();
    long total = 0;
    int entries = 0;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (++entries > limits.entries()) {
          throw new IOException(jar + " has more than " + limits.entries() + " entries");
        }
        String name = entry.getName();
        if (name.endsWith(".java") && !name.startsWith("META-INF/") && !entry.isDirectory()) {
          try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) limits.entryBytes());
            total += bytes.length;
            if (total > limits.totalBytes()) {
              throw new IOException(
                  jar + " inflates to more than " + limits.totalBytes() + " bytes");
            }
            sources.put(name, bytes);
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(jar + " has names that are no text", e);
    }
    return sources;
  }

  private void put(String path, byte[] bytes) {
    Charset charset = StandardCharsets.UTF_8;
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      charset = StandardCharsets.ISO_8859_1;
      text = new String(bytes, charset);
    }
    texts.put(path, text);
    charsets.put(path, charset);
    String file = path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
    bySimpleName.computeIfAbsent(file, _ -> new ArrayList<>()).add(path);
  }

  Set<String> paths() {
    return texts.keySet();
  }

  boolean has(String path) {
    return texts.containsKey(path);
  }

  String text(String path) {
    return java.util.Objects.requireNonNull(texts.get(path), path);
  }

  byte[] bytes(String path, String text) {
    return text.getBytes(charsets.getOrDefault(path, StandardCharsets.UTF_8));
  }

  Source source(String path) {
    return parsed.computeIfAbsent(path, p -> Source.parse(p, text(p)));
  }

  /** Parses files that will be asked for, all at once. */
  void parse(Collection<String> paths) {
    Map<String, String> some = new TreeMap<>();
    for (String path : paths) {
      if (!parsed.containsKey(path)) {
        some.put(path, text(path));
      }
    }
    parsed.putAll(Source.parse(some));
  }

  /** {@return files called after a type} */
  List<String> files(String simpleName) {
    return bySimpleName.getOrDefault(simpleName, List.of());
  }

  /** {@return the type of the same name: in the same file, or in the one file called like it} */
  Optional<Type> type(String path, String name) {
    if (has(path)) {
      Optional<Type> here = type(source(path), name);
      if (here.isPresent()) {
        return here;
      }
    }
    String file = path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
    List<Type> moved = new ArrayList<>();
    for (String other : files(file)) {
      if (!other.equals(path) && !isAnother.test(other)) {
        type(source(other), name).ifPresent(moved::add);
      }
    }
    String last = name.substring(name.lastIndexOf('$') + 1);
    if (moved.isEmpty() && name.contains("$")) {
      for (String other : files(last)) {
        type(source(other), last).ifPresent(moved::add);
      }
    }
    return moved.size() == 1 ? Optional.of(moved.getFirst()) : Optional.empty();
  }

  private static Optional<Type> type(Source source, String name) {
    return Optional.ofNullable(source.types().get(name));
  }

  /**
   * {@return members of that name in types called so (simple name), or in any where it is empty}
   */
  List<Member> members(String typeSimpleName, String member) {
    List<Member> found = new ArrayList<>();
    for (String path : texts.keySet()) {
      boolean perhaps =
          (member.startsWith("<") || text(path).contains(member))
              && (typeSimpleName.isEmpty() || text(path).contains(typeSimpleName));
      if (perhaps) {
        for (Type type : source(path).types().values()) {
          String simple = type.name().substring(type.name().lastIndexOf('$') + 1);
          if (typeSimpleName.isEmpty() || simple.equals(typeSimpleName)) {
            type.members().stream()
                .filter(m -> List.of(m.name().split(",")).contains(member))
                .forEach(found::add);
          }
        }
      }
    }
    return found;
  }
}
