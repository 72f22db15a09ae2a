package underpin.reach.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Derived lists, by a digest of what they were derived from. */
final class FunctionCache {
  private final Path folder;

  /**
   * @param folder made when the first list is kept
   */
  FunctionCache(Path folder) {
    this.folder = folder;
  }

  /** {@return the list kept under this digest}; one that is damaged counts as none */
  Optional<FunctionList> get(String digest) {
    Path file = folder.resolve(digest + ".json");
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
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, digest, ".part");
      Files.writeString(fresh, FunctionJson.write(list).toString());
      Files.move(
          fresh,
          folder.resolve(digest + ".json"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException notKept) {
      return;
    }
  }
}
