package underpin.advisory;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import underpin.version.VersionOrder;

/** An order made of a reader of versions; total, because what cannot be read has a place too. */
final class ReadOrder implements VersionOrder {
  /** Bounds of ranges come up again and again; reading them once makes a large scan fast. */
  private static final int CACHE_LIMIT = 50_000;

  private final Function<String, Comparable<?>> reader;
  private final ConcurrentMap<String, Optional<Comparable<?>>> read = new ConcurrentHashMap<>();

  /**
   * @param reader from text to a comparable that compares with its like; throws {@link
   *     IllegalArgumentException} for a text that is no version
   */
  ReadOrder(Function<String, Comparable<?>> reader) {
    this.reader = reader;
  }

  boolean readable(String version) {
    return key(version).isPresent();
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  public int compare(String a, String b) {
    Optional<Comparable<?>> left = key(a);
    Optional<Comparable<?>> right = key(b);
    if (left.isPresent() && right.isPresent()) {
      return ((Comparable) left.get()).compareTo(right.get());
    }
    if (left.isPresent() != right.isPresent()) {
      return left.isPresent() ? 1 : -1;
    }
    return a.compareTo(b);
  }

  private Optional<Comparable<?>> key(String version) {
    if (version.length() > VersionOrders.MAX_LENGTH || version.isBlank()) {
      return Optional.empty();
    }
    Optional<Comparable<?>> known = read.get(version);
    if (known != null) {
      return known;
    }
    Optional<Comparable<?>> key;
    try {
      key = Optional.of(reader.apply(version));
    } catch (IllegalArgumentException _) {
      key = Optional.empty(); // NumberFormatException of a library is one of these too
    }
    if (read.size() >= CACHE_LIMIT) {
      read.clear();
    }
    read.put(version, key);
    return key;
  }
}
