package underpin.fix.upgrade;

import java.util.SortedSet;

/** Which vulnerabilities lie in the file of a release, in code that it took from others. */
@FunctionalInterface
public interface Inside {
  /**
   * {@return ids, of those that a search by code can tell}
   *
   * @param name {@code group:artifact}
   * @throws java.io.UncheckedIOException if the file is there and cannot be read
   */
  SortedSet<String> of(String name, String version);
}
