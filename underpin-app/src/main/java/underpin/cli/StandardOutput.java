package underpin.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output, remembering what went wrong with it: a writer above it tells nobody, and half a
 * report on a full disk must not end in exit 0.
 */
final class StandardOutput extends FilterOutputStream {
  private Optional<IOException> failure = Optional.empty();

  StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure.or(() -> Optional.of(e));
      throw e;
    }
  }

  /** {@return whether output was lost that someone still waited for} */
  boolean isIncomplete() {
    return failure.isPresent() && !readerLeft(failure.get());
  }

  /** {@return one sentence; only sensible where {@link #isIncomplete}} */
  String problem() {
    return "standard output could not be written: "
        + failure.map(IOException::getMessage).orElse("?")
        + ". Free some space, or write elsewhere with --output FILE.";
  }

  /** As in {@code underpin scan | head}: whoever stops reading has what they wanted. */
  private static boolean readerLeft(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
  }
}
