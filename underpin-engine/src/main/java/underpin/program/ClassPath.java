package underpin.program;

import java.nio.file.Path;
import java.util.List;

/**
 * What a JVM would be started with.
 *
 * @param entries in class path order
 * @param javaRelease the feature version of Java it runs on, such as 8 or 17
 */
public record ClassPath(List<Entry> entries, int javaRelease) {
  public ClassPath {
    entries = List.copyOf(entries);
  }

  /**
   * One jar or class folder.
   *
   * @param name what people call it: {@code group:artifact:version}, or the module's path
   * @param identity what it is whatever its version ({@code group:artifact}): pairs an entry with
   *     the one that replaces it
   * @param own whether it is the project's own code
   */
  public record Entry(String name, String identity, Path path, boolean own) {}
}
