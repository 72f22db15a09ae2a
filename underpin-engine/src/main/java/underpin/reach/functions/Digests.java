package underpin.reach.functions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One SHA-256 over texts and what files are; where one ends counts, so parts cannot be taken for
 * others.
 */
final class Digests {
  private final MessageDigest all = sha256();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  void add(String text) {
    all.update(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * A file by its place, size and time of change: to read the releases around a hundred fixes takes
   * longer than all else in a scan, and a repository does not change a release in place.
   */
  void add(Path file) {
    try {
      add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the digest of all so far; nothing can be added after it} */
  String hex() {
    return HexFormat.of().formatHex(all.digest());
  }
}
