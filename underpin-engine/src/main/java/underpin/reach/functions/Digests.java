package underpin.reach.functions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One SHA-256 over texts and files; where one ends counts, so parts cannot be taken for others. */
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

  void add(Path file) {
    MessageDigest one = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        one.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.update(one.digest());
  }

  /** {@return the digest of all so far; nothing can be added after it} */
  String hex() {
    return HexFormat.of().formatHex(all.digest());
  }
}
