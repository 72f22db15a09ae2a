package underpin.maven;

import static java.util.Objects.requireNonNull;

/** A project that Maven itself could not read. The message names file, place and the next move. */
public final class MavenProjectException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, for callers that act on it. */
  public enum Kind {
    /** There is no POM at that place. */
    NO_POM,
    /** The POM is not well-formed XML, or no POM. */
    UNREADABLE,
    /** A parent POM is neither beside the project nor in a repository. */
    MISSING_PARENT,
    /** Modules, parents or imported BOMs refer to each other in a circle. */
    CYCLE,
    /** Maven refuses the model. */
    INVALID,
    /** The user's settings.xml or the project's .mvn/maven.config cannot be read. */
    SETTINGS
  }

  private final String place;
  private final Kind kind;

  public MavenProjectException(String place, String message) {
    this(Kind.INVALID, place, message);
  }

  public MavenProjectException(Kind kind, String place, String message) {
    super(place + ": " + message);
    this.kind = requireNonNull(kind, "kind");
    this.place = requireNonNull(place, "place");
  }

  /** {@return the file (with line where known) or module it is about} */
  public String place() {
    return place;
  }

  public Kind kind() {
    return kind;
  }
}
