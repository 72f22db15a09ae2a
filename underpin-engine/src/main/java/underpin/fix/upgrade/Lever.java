package underpin.fix.upgrade;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One thing that can be changed about versions: one decision of a reviewer, however many places of
 * the files it takes.
 *
 * @param name what people call it: {@code group:artifact}, or the property
 * @param from the version of today
 * @param versioned {@code group:artifact} whose releases the options are
 * @param subjects {@code group:artifact} whose version the lever's value itself is
 * @param modules paths of the modules that it can have an effect on
 * @param options ascending; "as it is today" is not among them, but today's value set down may be
 */
record Lever(
    Kind kind,
    String name,
    String versioned,
    String from,
    Set<String> subjects,
    Set<String> modules,
    List<Option> options) {
  Lever {
    subjects = Set.copyOf(subjects);
    modules = Set.copyOf(modules);
    options = List.copyOf(options);
  }

  /** In the order of precedence, weakest first: the stronger decides where two reach the same. */
  enum Kind {
    /** An external parent's version. */
    PARENT("parent"),
    /** A direct dependency's version, for what it brings. */
    BRINGER("dependency"),
    /** An imported BOM's version. */
    BOM("BOM"),
    /** A property of an external parent, set anew in the user's POM. */
    OVERRIDE("property"),
    /** A new managed entry. */
    NEW_ENTRY("managed entry"),
    /** A version in the user's own files: literal or property. */
    OWN("version"),
    /** A build plugin's version. */
    PLUGIN("plugin");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * One value.
   *
   * @param size how far it is from today
   */
  record Option(String to, Upgrader.Size size, List<PomEdit> edits) {
    Option {
      edits = List.copyOf(edits);
    }
  }

  /** {@return whether a value is today's, set down so that a parent that moves leaves it alone} */
  boolean isPin(int option) {
    return option > 0 && options.get(option - 1).to().equals(from);
  }

  /** {@return what a value changes, short: a property, or the first component and how many more} */
  String shortName(Option option) {
    int end = name.indexOf('}');
    if (end > 0) {
      return name.substring(0, end + 1);
    }
    if (kind != Kind.NEW_ENTRY) {
      return name;
    }
    SortedSet<String> others = new TreeSet<>();
    for (PomEdit edit : option.edits()) {
      if (edit instanceof PomEdit.AddManaged added) {
        others.add(added.groupId() + ":" + added.artifactId());
      }
    }
    others.remove(versioned);
    return others.isEmpty() ? versioned : versioned + " and " + others.size() + " of its family";
  }

  String id() {
    return kind.name()
        + " "
        + name
        + " "
        + from
        + " "
        + String.join(",", modules.stream().sorted().toList());
  }
}
