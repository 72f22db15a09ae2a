package underpin.program;

import static java.util.Objects.requireNonNull;

/**
 * Something on a class path that could not be read. The rest of the class path is still compared.
 *
 * @param place the file, and the entry in it after {@code !/} where there is one
 * @param message what is wrong and the next move, in plain words
 */
public record ClassPathProblem(Kind kind, String place, String message)
    implements Comparable<ClassPathProblem> {
  /** What kind of trouble it is; at most one problem of a kind is reported for one file. */
  public enum Kind {
    /** There is no such file or folder. */
    MISSING,
    /** Not an archive, or cut off, or not readable. */
    UNREADABLE_ARCHIVE,
    /** A class file that no JVM would define. */
    UNREADABLE_CLASS,
    /** A class whose name is not the name of its entry; no class loader would find it. */
    MISNAMED_CLASS,
    /** The archive lists a name twice; only one of the two is read. */
    DUPLICATE_ENTRY,
    /** A descriptor that names classes and could not be parsed. */
    UNREADABLE_RESOURCE,
    /** Larger than {@link ArchiveLimits} allows; what lies beyond is not read. */
    LIMIT,
    /** The running JDK does not know the Java release that was asked for. */
    JAVA_RELEASE
  }

  public ClassPathProblem {
    requireNonNull(kind, "kind");
    requireNonNull(place, "place");
    requireNonNull(message, "message");
  }

  @Override
  public int compareTo(ClassPathProblem other) {
    return toString().compareTo(other.toString());
  }
}
