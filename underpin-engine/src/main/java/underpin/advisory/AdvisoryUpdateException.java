package underpin.advisory;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An update or import that could not be done. The index in use is as it was. */
public final class AdvisoryUpdateException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String source;

  AdvisoryUpdateException(String source, String wrong, String nextMove, @Nullable Throwable cause) {
    super(
        "%s: %s. The advisories in use are unchanged. %s".formatted(source, wrong, nextMove),
        cause);
    this.source = source;
  }

  /** {@return the address or file that was read} */
  public String source() {
    return source;
  }
}
