package underpin.fix.upgrade;

import java.util.List;

/** One change of one POM. Edits of different levers compose in any choice and in a fixed order. */
sealed interface PomEdit {
  /** {@return relative to the reactor's root with {@code /} separators} */
  String file();

  /**
   * Another text for a leaf that is there.
   *
   * @param at the element's start in the file of today
   */
  record Replace(String file, int at, String value) implements PomEdit {}

  /** A property that the file does not have yet. */
  record AddProperty(String file, String name, String value) implements PomEdit {}

  /**
   * A new entry of {@code dependencyManagement}.
   *
   * @param type empty for jar
   * @param classifier empty where there is none
   * @param bom whether it imports a BOM: such an entry comes first, because of two BOMs that manage
   *     the same artifact Maven takes the first
   * @param exclusions {@code group:artifact} that the entry keeps out, as the entry it overrides
   *     does
   */
  record AddManaged(
      String file,
      String groupId,
      String artifactId,
      String type,
      String classifier,
      String version,
      boolean bom,
      List<String> exclusions)
      implements PomEdit {
    public AddManaged {
      exclusions = List.copyOf(exclusions);
    }
  }

  /** A repository that the file does not have yet. */
  record AddRepository(String file, String id, String url) implements PomEdit {}
}
