package underpin.fix.upgrade;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.fix.upgrade.Search.Wanted;

/**
 * What a choice that did not hold taught. Kept by names, not by numbers, because levers and options
 * are added while the search goes on.
 */
sealed interface Lesson {

  /**
   * Levers moved like this do not hold together.
   *
   * @param choice lever id to version, for all levers that were moved
   * @param keys components that decide it; empty: the choice as a whole is out
   * @param wanted the vulnerability that this choice does not remove; empty: it must not be chosen
   */
  record Together(SortedMap<String, String> choice, Set<String> keys, Optional<Wanted> wanted)
      implements Lesson {
    public Together {
      choice = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(choice));
      keys = Set.copyOf(keys);
    }
  }

  /** A version that cannot be had, whoever brings it. */
  record Unavailable(String key, String version) implements Lesson {}

  /**
   * A version that does not hold with what cannot change (the project's own code, its Java), and no
   * later one: what a release took away is taken as gone in those after it. Only of the same
   * flavour: of the others nothing was looked at.
   */
  record TooHigh(String key, String from) implements Lesson {}

  /**
   * Two components that do not hold together: {@code lower} at a version up to this one with {@code
   * upper} from that one on. The lower one lacks what the upper one needs, or still refers to what
   * the upper one no longer has; versions further apart are taken to do no better.
   */
  record Apart(String lower, String upTo, String upper, String from) implements Lesson {}

  /**
   * A part that linked and did not pass verification: with none of its levers lower it is taken to
   * fail again.
   */
  record Rejected(SortedMap<String, String> choice) implements Lesson {
    public Rejected {
      choice = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(choice));
    }
  }
}
