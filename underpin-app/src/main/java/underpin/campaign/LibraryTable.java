package underpin.campaign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which well-known artifacts hold a package. The shipped table is made from the artifacts
 * themselves (benchmarks/libraries); it says where to look, never that a library is the right one.
 */
final class LibraryTable {
  private static final String FILE = "libraries.tsv";

  private final SortedMap<String, List<String>> artifacts;

  /**
   * @param artifacts {@code group:artifact} by package, or by what packages begin with
   */
  LibraryTable(SortedMap<String, List<String>> artifacts) {
    this.artifacts = new TreeMap<>(artifacts);
  }

  /**
   * {@return the table that ships}
   *
   * @throws IllegalStateException if this build lacks it
   */
  static LibraryTable shipped() {
    InputStream in = LibraryTable.class.getResourceAsStream(FILE);
    if (in == null) {
      throw new IllegalStateException("This build lacks " + FILE);
    }
    SortedMap<String, List<String>> artifacts = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> {
            int tab = line.indexOf('\t');
            artifacts.put(line.substring(0, tab), List.of(line.substring(tab + 1).split(" ")));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new LibraryTable(artifacts);
  }

  /**
   * {@return {@code group:artifact} of those that hold the package, or what it begins with; the
   * longest such beginning counts}
   *
   * @param name with dots
   */
  List<String> of(String name) {
    String at = name;
    while (!artifacts.containsKey(at) && at.contains(".")) {
      at = at.substring(0, at.lastIndexOf('.'));
    }
    return artifacts.getOrDefault(at, List.of());
  }

  /** {@return all artifacts of a group, sorted} */
  List<String> ofGroup(String group) {
    return artifacts.values().stream()
        .flatMap(List::stream)
        .filter(name -> name.startsWith(group + ":"))
        .distinct()
        .sorted()
        .toList();
  }
}
