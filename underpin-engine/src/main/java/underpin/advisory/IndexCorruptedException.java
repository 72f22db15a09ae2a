package underpin.advisory;

/**
 * An index of advisories that cannot be trusted: cut off, changed, or no index at all. Carries the
 * file, the place in it, and what to do.
 */
public final class IndexCorruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String place;

  IndexCorruptedException(String file, String place, String wrong) {
    super(
        ("The advisory index %s is damaged (%s: %s). Delete it if it is your own updated index, or"
                + " run \"underpin advisories update\"; if it came with underpin, install underpin"
                + " again.")
            .formatted(file, place, wrong));
    this.file = file;
    this.place = place;
  }

  /** {@return the index file} */
  public String file() {
    return file;
  }

  /** {@return the part of the index that is wrong} */
  public String place() {
    return place;
  }
}
