package underpin.program;

/**
 * A class named outside of code.
 *
 * @param file the resource's path
 * @param line 1-based
 * @param subject internal name of the class that is named
 * @param service internal name of the type that the class must be a subtype of; empty: none
 */
record ResourceReference(Kind kind, String file, int line, String subject, String service) {
  enum Kind {
    /** A line of {@code META-INF/services}: the JVM's own loader fails on a wrong one. */
    PROVIDER,
    /** A place whose format says that it names a class. */
    CLASS,
    /** A text that looks like a class name; counts only if there was such a class. */
    PERHAPS_CLASS
  }
}
