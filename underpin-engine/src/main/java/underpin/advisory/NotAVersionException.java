package underpin.advisory;

import org.jspecify.annotations.Nullable;

/** A text that is no version of its ecosystem. Never leaves the package. */
final class NotAVersionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NotAVersionException(String text, @Nullable Throwable cause) {
    super("Not a version: " + text, cause);
  }
}
