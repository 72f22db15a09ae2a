package underpin.program.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import underpin.program.ArchiveLimits;
import underpin.program.KeptFiles;

/**
 * What searches read, kept in a folder: a file for each jar, by its path, size and time, and one
 * for each build of a JDK. A search adds what it reads beyond that. A file is written aside and
 * renamed, carries its format and a checksum, and is made anew when anything is wrong with it.
 */
final class FactsCache {
  /** A jar takes 0.3 MB, a JDK 11 to 15. */
  private static final int MOST_FILES = 600;

  /** Larger ones take longer to load than they save. */
  private static final int MOST_BYTES = 100 << 20;

  private final KeptFiles files;
  private final List<Source> sources = new ArrayList<>();

  FactsCache(Path folder) {
    this.files = new KeptFiles(folder, ".facts", MOST_FILES);
  }

  /**
   * {@return what is kept of a jar}
   *
   * @param javaRelease of multi-release classes
   */
  Source ofJar(Path jar, int javaRelease, ArchiveLimits limits, Names names) {
    return source("jar %d %s %s".formatted(javaRelease, limits, GraphCache.state(jar)), names);
  }

  /**
   * @param identity see {@link Jdk#identity}
   */
  Source ofJdk(String identity, Names names) {
    return source("JDK " + identity, names);
  }

  private Source source(String what, Names names) {
    Source source =
        new Source(
            GraphCache.digest(
                "facts %d %d".formatted(KeptFacts.FORMAT, Runtime.version().feature()), what),
            names);
    sources.add(source);
    return source;
  }

  /** What is kept of one jar or JDK, and what is read of it now. */
  final class Source {
    private final String key;
    private final Names names;
    private @Nullable Optional<KeptFacts> kept;
    private @Nullable FactsRecord record;
    private boolean troubled;

    private Source(String key, Names names) {
      this.key = key;
      this.names = names;
    }

    private synchronized Optional<KeptFacts> kept() {
      Optional<KeptFacts> known = kept;
      if (known == null) {
        known = load(key, names);
        kept = known;
      }
      return known;
    }

    /** {@return the class, if it is kept} See {@link KeptFacts#find}. */
    Optional<ClassFacts> find(String className, Supplier<Optional<ClassFacts>> again) {
      return kept().flatMap(facts -> facts.find(className, again));
    }

    /** {@return whether it is kept that there is no such class} */
    boolean isAbsent(String className) {
      return kept().map(facts -> facts.isAbsent(className)).orElse(false);
    }

    /** {@return who is to be told what is read} */
    synchronized FactsRecord record() {
      FactsRecord known = record;
      if (known == null) {
        known = new FactsRecord(names, kept());
        record = known;
      }
      return known;
    }

    /** Something of it cannot be read as it should: it is read anew each time, to say so. */
    void troubled() {
      troubled = true;
    }

    private void keep() throws IOException {
      if (kept().map(KeptFacts::isBroken).orElse(false)) {
        Files.deleteIfExists(files.file(key));
      } else if (record != null && !troubled) {
        List<ByteBuffer> parts;
        try {
          parts = record().file();
        } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
          // What was kept before cannot be gone on from.
          Files.deleteIfExists(files.file(key));
          return;
        }
        long size = parts.stream().mapToLong(ByteBuffer::remaining).sum();
        if (size > 0 && size <= MOST_BYTES) {
          files.write(key, parts.toArray(ByteBuffer[]::new));
        }
      }
    }
  }

  private Optional<KeptFacts> load(String key, Names names) {
    Path file = files.file(key);
    try {
      if (!Files.isReadable(file) || Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      Optional<KeptFacts> found = KeptFacts.of(Files.readAllBytes(file), names);
      if (found.isPresent()) {
        // What is in use is not the oldest.
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
      }
      return found;
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Keeps what was read, if the folder can be written; what cannot be kept is read again. */
  void keep() {
    try {
      for (Source source : sources) {
        source.keep();
      }
      files.forgetOldest();
    } catch (IOException full) {
      // Only time is lost.
      return;
    }
  }
}
