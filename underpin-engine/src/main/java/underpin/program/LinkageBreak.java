package underpin.program;

/**
 * A reference that resolves on the class path of today and no longer after the change.
 *
 * @param from the entry that holds the reference, {@code group:artifact:version} or module
 * @param place class and member, or resource and line, that holds it
 * @param reference what it names, readable: {@code com.example.A.run(int)}
 * @param because why it no longer resolves
 */
public record LinkageBreak(Kind kind, String from, String place, String reference, String because)
    implements Comparable<LinkageBreak> {
  /** What would go wrong at run time. */
  public enum Kind {
    MISSING_CLASS,
    MISSING_METHOD,
    MISSING_FIELD,
    ACCESS,
    STATIC_INSTANCE,
    ABSTRACT_METHOD,
    CLASS_KIND,
    FINAL,
    RESOURCE_REFERENCE,
    CLASS_FILE_VERSION
  }

  @Override
  public int compareTo(LinkageBreak other) {
    return toString().compareTo(other.toString());
  }
}
