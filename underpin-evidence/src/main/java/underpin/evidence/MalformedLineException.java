package underpin.evidence;

/** A line of a bundle that is not in the one form it may have. */
final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLineException(String message) {
    super(message);
  }
}
