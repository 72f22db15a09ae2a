package underpin.cases;

import java.util.List;

/** Is the vulnerable function called from here. Doubt counts as reached. */
public sealed interface Reach {
  /** The word for it in machine formats. */
  default String word() {
    return switch (this) {
      case Reached _ -> "reached";
      case NotReached _ -> "not-reached";
      case Undecided _ -> "undecided";
    };
  }

  /**
   * Called: each step of the path was confirmed from the code. Whether branches that depend on
   * input, settings or other data lead there was not judged.
   *
   * @param path from a line of the user's own code to the most likely of the functions
   * @param functions the vulnerable functions to which a path was confirmed, the most likely first
   */
  record Reached(List<String> path, List<String> functions) implements Reach {
    public Reached {
      path = List.copyOf(path);
      functions = List.copyOf(functions);
    }

    public Reached(List<String> path) {
      this(path, List.of());
    }
  }

  /** Not called, as far as was looked. */
  record NotReached(String searched) implements Reach {}

  /**
   * Treated as called.
   *
   * @param way one way on which it may be called, not confirmed; empty where none is known
   */
  record Undecided(String because, List<String> way) implements Reach {
    public Undecided {
      way = List.copyOf(way);
    }

    public Undecided(String because) {
      this(because, List.of());
    }
  }
}
