package underpin.reach.functions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import underpin.program.KeptFiles;

/** Derived lists, by a digest of what they were derived from. */
final class FunctionCache {
  /** A file takes some 100 KB. */
  private static final int MOST_FILES = 3000;

  private final KeptFiles files;

  /**
   * @param folder made when the first list is kept
   */
  FunctionCache(Path folder) {
    this.files = new KeptFiles(folder, ".json", MOST_FILES);
  }

  /** {@return the list kept under this digest}; one that is damaged counts as none */
  Optional<FunctionList> get(String digest) {
    Path file = files.file(digest);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FunctionJson.read(Files.readString(file)));
    } catch (IOException | IllegalArgumentException damaged) {
      return Optional.empty(); // derived again, and replaced
    }
  }

  /** Keeps a list, in one move; a cache that cannot be written only costs time. */
  void put(String digest, FunctionList list) {
    try {
      files.keep(
          digest,
          ByteBuffer.wrap(FunctionJson.write(list).toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException notKept) {
      return;
    }
  }
}
