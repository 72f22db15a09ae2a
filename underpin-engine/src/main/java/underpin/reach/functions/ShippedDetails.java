package underpin.reach.functions;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What ships of the Maven advisories beyond the index: the words of their details, and the releases
 * below their fixes that OSV enumerates. Written by {@link WordsCompiler}; read once, when first
 * asked for.
 */
final class ShippedDetails {
  private static final String FILE = "advisory-words.tsv.gz";

  /** By id of the record: words, a tab, {@code group:artifact=1.0,1.1} with blanks between. */
  private static final Map<String, String> DETAILS = ShippedLines.upToFirstTab(FILE);

  private ShippedDetails() {}

  /** {@return the words of an advisory's text; empty for one that is not shipped} */
  static String words(String id) {
    String details = DETAILS.getOrDefault(id, "");
    int tab = details.indexOf('\t');
    return tab < 0 ? details : details.substring(0, tab);
  }

  /** {@return releases of a package that the advisory lists as affected, mostly the last ones} */
  static List<String> releases(String id, String packageName) {
    String details = DETAILS.getOrDefault(id, "");
    for (String entry : details.substring(details.indexOf('\t') + 1).split(" ")) {
      if (entry.startsWith(packageName + "=")) {
        return List.of(entry.substring(packageName.length() + 1).split(","));
      }
    }
    return List.of();
  }

  /** {@return packages of a group, or of one below it, that any advisory names, sorted} */
  static Set<String> packages(String group) {
    Set<String> packages = new TreeSet<>();
    for (String details : DETAILS.values()) {
      for (String entry : details.substring(details.indexOf('\t') + 1).split(" ")) {
        int end = entry.indexOf('=');
        if (end > 0 && (entry.startsWith(group + ":") || entry.startsWith(group + "."))) {
          packages.add(entry.substring(0, end));
        }
      }
    }
    return packages;
  }
}
