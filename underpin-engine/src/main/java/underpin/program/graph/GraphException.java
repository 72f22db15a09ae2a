package underpin.program.graph;

import org.jspecify.annotations.Nullable;

/** A call graph cannot be made at all; the message says why and the next move. */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GraphException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
