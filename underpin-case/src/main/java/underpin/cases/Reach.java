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
   * Called.
   *
   * @param path from a line of the user's own code to the vulnerable function
   */
  record Reached(List<String> path) implements Reach {
    public Reached {
      path = List.copyOf(path);
    }
  }

  /** Not called, as far as was looked. */
  record NotReached(String searched) implements Reach {}

  /** Treated as called. */
  record Undecided(String because) implements Reach {}
}
