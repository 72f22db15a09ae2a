package underpin.evidence;

import java.io.IOException;
import java.nio.file.Path;

/** A key file that must not or cannot be used. The message says what to do; it holds no secret. */
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient Path file;

  KeyFileException(Path file, String message) {
    super("Key file " + file + " " + message);
    this.file = file;
  }

  /** {@return the file it is about} */
  public Path file() {
    return file;
  }
}
