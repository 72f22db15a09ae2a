package underpin.fix.backport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a change is about something that a version does not have yet: each statement that it
 * changes is in no form there, and names what the affected release declares and the version nowhere
 * even mentions.
 */
final class OtherFeature {
  private final Sources base;
  private final Sources affected;
  private final Sources fixed;
  private final Map<String, Boolean> known = new HashMap<>();

  OtherFeature(Sources base, Sources affected, Sources fixed) {
    this.base = base;
    this.affected = affected;
    this.fixed = fixed;
  }

  /**
   * {@return what the changes are about, that the version lacks; empty if one may be about
   * something else}
   */
  Optional<String> of(List<Change> changes) {
    if (base.paths().isEmpty()) {
      return Optional.empty(); // of a version without sources nobody knows what it mentions
    }
    Set<String> about = new HashSet<>();
    for (Change change : changes) {
      List<List<String>> statements =
          new Transplant(base, affected, fixed, false, new HashMap<>()).unplaced(change);
      for (List<String> words : statements) {
        // What is given back is given back in some way here, perhaps without a check of theirs.
        boolean isResult = words.getFirst().equals("return");
        Optional<String> missing = words.stream().filter(this::isMissing).findFirst();
        if (isResult || missing.isEmpty()) {
          return Optional.empty();
        }
        about.add(missing.get());
      }
      if (statements.isEmpty()) {
        return Optional.empty();
      }
    }
    return about.stream().min(String::compareTo);
  }

  private boolean isMissing(String word) {
    return known.computeIfAbsent(
        word,
        w ->
            Character.isJavaIdentifierStart(w.charAt(0))
                && base.paths().stream().noneMatch(p -> base.text(p).contains(w))
                && (!affected.files(w).isEmpty() || !affected.members("", w).isEmpty()));
  }
}
