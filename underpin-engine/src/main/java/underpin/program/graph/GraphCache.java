package underpin.program.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import underpin.program.ClassPath;
import underpin.program.KeptFiles;

/**
 * Finished call graphs in a folder, by what they were made from: path, size and time of every file,
 * the JDK's build, the models and the options. A file is written aside and renamed, carries its
 * format and a checksum, and is made anew when anything is wrong with it.
 */
final class GraphCache {
  /** Of the files and of what the solver finds: to be raised with each change of either. */
  private static final int FORMAT = 5;

  private static final int MAGIC = 0x55504347;

  /** Before the graph: what it is, and its checksum. */
  private static final int HEADER = 16;

  /** A graph takes about 10 MB. */
  private static final int MOST_FILES = 40;

  private final KeptFiles files;

  GraphCache(Path folder) {
    this.files = new KeptFiles(folder, ".graph", MOST_FILES);
  }

  /** {@return the name of what would be made from this} */
  static String key(ClassPath classPath, CallGraph.Options options, String jdk) {
    List<String> all = new ArrayList<>();
    all.add(FORMAT + " " + Runtime.version().feature() + "\n" + jdk);
    all.add(options.models().text());
    all.add(
        "%s %d %s %s %d"
            .formatted(
                options.start(),
                options.most(),
                options.guesses(),
                options.limits(),
                classPath.javaRelease()));
    for (ClassPath.Entry entry : classPath.entries()) {
      all.add(entry.own() + " " + state(entry.path()));
    }
    return digest(all.toArray(String[]::new));
  }

  /** {@return a name for what follows from these texts alone} */
  static String digest(String... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        update(digest, text);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  /** {@return path, size and time of a file, or of all files of a folder} */
  static String state(Path path) {
    Path real = path.toAbsolutePath().normalize();
    if (!Files.exists(real)) {
      return real + " absent";
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(real)) {
      for (Path file : files.sorted().toList()) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isDirectory()) {
          all.append(file)
              .append(' ')
              .append(attributes.size())
              .append(' ')
              .append(attributes.lastModifiedTime())
              .append('\n');
        }
      }
    } catch (IOException | UncheckedIOException unreadable) {
      // Never found again; reading it will say what is wrong.
      return "unreadable " + System.nanoTime();
    }
    return all.toString();
  }

  Optional<GraphData> find(String key) {
    Path file = files.file(key);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
      if (in.remaining() < HEADER || in.getInt() != MAGIC || in.getInt() != FORMAT) {
        return Optional.empty();
      }
      long checksum = in.getLong();
      CRC32C sum = new CRC32C();
      sum.update(in.duplicate());
      return sum.getValue() == checksum ? Optional.of(new GraphData(in.slice())) : Optional.empty();
    } catch (IOException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | IllegalArgumentException damaged) {
      // Made anew and written over.
      return Optional.empty();
    }
  }

  /** Keeps a graph, if the folder can be written; a graph that cannot be kept is made again. */
  void keep(String key, GraphData data) {
    try {
      CRC32C sum = new CRC32C();
      sum.update(data.bytes());
      files.keep(
          key,
          ByteBuffer.allocate(HEADER).putInt(MAGIC).putInt(FORMAT).putLong(sum.getValue()).flip(),
          data.bytes());
    } catch (IOException full) {
      // Only time is lost.
      return;
    }
  }
}
