package underpin.cases;

import static java.util.Objects.requireNonNull;

/**
 * Where the version of a component is written down, which is the place a fix edits.
 *
 * @param file relative to the target with {@code /} separators; for a POM from a repository its
 *     {@code group:artifact:version}
 * @param line counted from 1; 0 where the source gives no line
 * @param name what is declared there: the property's name, or the {@code group:artifact} whose
 *     version, BOM or parent it is
 * @param editable whether the place lies in the target itself (and not in a repository)
 */
public record Declaration(String file, int line, Kind kind, String name, boolean editable) {
  /** How the version is written down. */
  public enum Kind {
    /** A {@code <version>} beside the dependency itself. */
    LITERAL,
    /** A property that the version refers to. */
    PROPERTY,
    /** An entry of {@code dependencyManagement}. */
    MANAGED,
    /** A BOM imported into {@code dependencyManagement}. */
    IMPORTED_BOM,
    /** A parent POM from a repository. */
    PARENT,
    /** A plugin's own dependency, or the plugin. */
    PLUGIN,
    /** Nowhere in the target: another component's POM brings it. */
    TRANSITIVE,
    /** A line of an SBOM, or an entry of an archive. */
    DOCUMENT
  }

  public Declaration {
    requireNonNull(file, "file");
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    if (line < 0) {
      throw new IllegalArgumentException("Declaration in " + file + " has line " + line);
    }
  }
}
