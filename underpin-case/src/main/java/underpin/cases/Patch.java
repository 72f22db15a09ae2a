package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A change of a project that removes a flaw. Later kinds: SourceChange, Mitigation. */
public sealed interface Patch {
  /**
   * {@return the independent part of the project's patch that this belongs to} Parts can be applied
   * one without another.
   */
  String part();

  String summary();

  List<VersionChange> changes();

  List<Edit> edits();

  /** {@return what else was looked at and why it was passed over} */
  List<Considered> considered();

  /** {@return the word for its kind in machine formats and evidence} */
  default String word() {
    return switch (this) {
      case Upgrade _ -> "upgrade";
      case Backport _ -> "backport";
    };
  }

  /** Other versions of components, as they were released. */
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
   * The upstream fix on the version in use, as releases of our own; other versions may change with
   * them.
   */
  record Backport(
      String part,
      String summary,
      List<VersionChange> changes,
      List<Edit> edits,
      List<Considered> considered)
      implements Patch {
    public Backport {
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
