package underpin.cli;

import static java.util.Objects.requireNonNull;

/** A command that cannot go on. The message names the place and the next move. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode code;

  CommandException(ExitCode code, String message) {
    super(message);
    this.code = requireNonNull(code, "code");
  }

  CommandException(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = requireNonNull(code, "code");
  }

  ExitCode code() {
    return code;
  }
}
