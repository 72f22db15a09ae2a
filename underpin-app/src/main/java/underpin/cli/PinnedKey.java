package underpin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import underpin.evidence.KeyId;

/** The signer that a bundle must come from, as the user names it. */
final class PinnedKey {
  private static final int MAX_BYTES = 1 << 20;

  private PinnedKey() {}

  /**
   * {@return the id of the public keys in {@code file}, or {@code file} itself where it is an id}
   */
  static KeyId read(Path file) throws CommandException {
    if (!Files.exists(file) && file.toString().matches("[0-9A-Fa-f]{64}")) {
      return KeyId.parse(file.toString());
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandException(ExitCode.USAGE, file + " is too large to be a public key.");
      }
      return KeyId.ofPublicPem(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, file + " " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE, file + " cannot be read as a public key: " + e.getMessage(), e);
    }
  }
}
