package underpin.fix.upgrade;

/** A POM whose text cannot be edited without loss. The message names file, line and reason. */
final class PomTextException extends Exception {
  private static final long serialVersionUID = 1L;

  PomTextException(String file, int line, String reason) {
    super(file + ":" + line + ": cannot be edited without loss: " + reason);
  }
}
