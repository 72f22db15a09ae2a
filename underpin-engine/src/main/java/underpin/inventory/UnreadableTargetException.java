package underpin.inventory;

import java.nio.file.Path;

/** A target that cannot be read. The message names the file, the place in it and the next move. */
public final class UnreadableTargetException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Path file;
  private final int line;

  UnreadableTargetException(Path file, int line, String message) {
    super(file + (line > 0 ? ":" + line : "") + ": " + message);
    this.file = file;
    this.line = line;
  }

  /** {@return the file it is about} */
  public Path file() {
    return file;
  }

  /** {@return the line, counted from 1; 0 where the format has none} */
  public int line() {
    return line;
  }
}
