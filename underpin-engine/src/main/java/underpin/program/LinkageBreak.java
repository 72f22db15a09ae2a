package underpin.program;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A reference that resolves on the class path of today and no longer after the change.
 *
 * @param from the entry that holds the reference, {@code group:artifact:version} or module
 * @param place class and member, or resource and line, that holds it
 * @param reference what it names, readable: {@code com.example.A.run(int)}
 * @param because why it no longer resolves
 * @param cause which entries decide it
 */
public record LinkageBreak(
    Kind kind, String from, String place, String reference, String because, Cause cause)
    implements Comparable<LinkageBreak> {

  /**
   * Which entries decide whether the reference resolves, by {@link ClassPath.Entry#identity}. With
   * these as they are the break is there, whatever the other entries are.
   *
   * @param holder the entry that holds the reference
   * @param others where what it names, and what that inherits from, comes from or came from
   * @param isNew whether the holder got the reference with the change; else it had it and it
   *     resolved
   */
  public record Cause(String holder, SortedSet<String> others, boolean isNew) {
    public Cause {
      others = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(others));
    }
  }

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
