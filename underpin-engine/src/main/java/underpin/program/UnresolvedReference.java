package underpin.program;

import java.util.Comparator;

/**
 * A reference that does not resolve, whatever was before.
 *
 * @param type that it names or whose member it names, an internal name
 * @param place class and member that holds it
 * @param reference what it names, readable
 * @param because why it does not resolve
 */
public record UnresolvedReference(String type, String place, String reference, String because)
    implements Comparable<UnresolvedReference> {
  private static final Comparator<UnresolvedReference> ORDER =
      Comparator.comparing(UnresolvedReference::type)
          .thenComparing(UnresolvedReference::reference)
          .thenComparing(UnresolvedReference::place)
          .thenComparing(UnresolvedReference::because);

  @Override
  public int compareTo(UnresolvedReference other) {
    return ORDER.compare(this, other);
  }
}
