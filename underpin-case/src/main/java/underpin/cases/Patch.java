package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A change that removes the flaw. Later kinds: Backport, SourceChange, Mitigation. */
public sealed interface Patch {
  String summary();

  List<Edit> edits();

  /**
   * Other versions of components.
   *
   * @param part names the independent part of the project's patch that this belongs to; parts can
   *     be applied one without another
   * @param considered what else was looked at and why it was passed over
   */
  record Upgrade(
      String part,
      String summary,
      List<VersionChange> changes,
      List<Edit> edits,
      List<Considered> considered)
      implements Patch {
    public Upgrade {
      requireNonNull(part, "part");
      changes = List.copyOf(changes);
      edits = List.copyOf(edits);
      considered = List.copyOf(considered);
    }
  }

  /**
   * Something else that was looked at.
   *
   * @param version what was tried, {@code artifact version}, several with commas; empty where it is
   *     about no version in particular
   * @param because why it was not taken
   */
  record Considered(String version, String because) {
    public Considered {
      requireNonNull(version, "version");
      requireNonNull(because, "because");
    }

    @Override
    public String toString() {
      return version.isEmpty() ? because : version + ": " + because;
    }
  }

  /** A component's version before and after. Removed components have an empty {@code to}. */
  record VersionChange(String name, String from, String to) {}

  /**
   * One place that changes.
   *
   * @param line counted from 1, in the file before the change
   */
  record Edit(String file, int line, String before, String after) {}
}
