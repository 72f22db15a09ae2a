package underpin.fix.backport;

import java.util.List;
import java.util.SortedMap;

/** What became of the wish for the fix on a version. */
public sealed interface Backport {
  /** {@return why, in a sentence} */
  String because();

  /** {@return what differs between the releases around the fix, and what became of it} */
  List<Hunk> hunks();

  /**
   * The fix is in the version.
   *
   * @param jar the whole jar
   * @param sources changed and new files by path, as bytes
   * @param classes entries of the jar that changed
   * @param methods each function of the fix, and how it compares with upstream's
   * @param without functions that are likely part of the fix, but fit nowhere and were left out
   * @param share how likely what was left out, or has no place, is the fix, of all that may be: 0
   *     to 1
   * @param losses what code compiled against the version would miss; empty: binary compatible
   * @param notes what was decided on the way
   */
  record Made(
      String because,
      byte[] jar,
      SortedMap<String, byte[]> sources,
      List<String> classes,
      List<PatchedMethod> methods,
      List<String> without,
      double share,
      List<String> losses,
      int release,
      List<Hunk> hunks,
      List<String> notes)
      implements Backport {
    public Made {
      hunks = List.copyOf(hunks);
      notes = List.copyOf(notes);
      methods = List.copyOf(methods);
      without = List.copyOf(without);
      losses = List.copyOf(losses);
      classes = List.copyOf(classes);
    }
  }

  /** There is nothing to fix: the fix is there, or what it fixes is not. */
  record NotApplicable(String because, List<String> evidence, List<Hunk> hunks)
      implements Backport {
    public NotApplicable {
      evidence = List.copyOf(evidence);
      hunks = List.copyOf(hunks);
    }
  }

  /** It could not be made whole; nothing half is handed out. */
  record Declined(String because, List<String> conflicts, List<Hunk> hunks) implements Backport {
    public Declined {
      conflicts = List.copyOf(conflicts);
      hunks = List.copyOf(hunks);
    }
  }

  /** A function of the fix, in the patched jar. */
  record PatchedMethod(String id, State state, String detail) {
    /** How it compares. */
    public enum State {
      /** The same code as upstream's fixed release. */
      AS_UPSTREAM,
      /** All that the fix adds is there, and all that it takes away is gone. */
      FIXED,
      /** Something that the fix adds is missing, or something that it takes away is left. */
      DIFFERENT,
      /** The version has no such method. */
      ABSENT,
      /** The version has neither such a class nor what calls the method: it has no such flaw. */
      NOWHERE
    }
  }
}
