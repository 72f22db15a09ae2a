package underpin.maven;

/** A project that Maven itself could not read. The message names file, place and the next move. */
public final class MavenProjectException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String place;

  public MavenProjectException(String place, String message) {
    super(place + ": " + message);
    this.place = place;
  }

  /** {@return the file (with line where known) or module it is about} */
  public String place() {
    return place;
  }
}
