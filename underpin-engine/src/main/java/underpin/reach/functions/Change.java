package underpin.reach.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import underpin.program.method.Fingerprint;
import underpin.program.method.MethodCode;

/**
 * One method of the affected release that the fixed one does not have like this.
 *
 * @param before in the affected release
 * @param after its counterpart in the fixed release
 * @param shape whether both have the same events, in whatever order: less than a change mostly
 * @param added events of the counterpart only, each as often as it is more
 * @param removed events of the affected one only
 */
record Change(
    MethodCode before,
    Optional<MethodCode> after,
    Kind kind,
    boolean shape,
    List<String> added,
    List<String> removed) {

  /** What became of the method. */
  public enum Kind {
    /** Same name and parameters, other code. */
    CHANGED,
    /** Same name, other parameters or result. */
    SIGNATURE,
    /** Gone. */
    REMOVED,
    /** Same code, but it reads a static field that is initialised otherwise. */
    USES;

    /** {@return the word in machine formats} */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Change between(MethodCode before, MethodCode after, Kind kind, Versions versions) {
    Map<String, Integer> counts = new HashMap<>();
    after.events().forEach(e -> counts.merge(versions.neutral(e), 1, Integer::sum));
    before.events().forEach(e -> counts.merge(versions.neutral(e), -1, Integer::sum));
    return new Change(
        before,
        Optional.of(after),
        kind,
        before.loose().equals(after.loose()),
        more(after, counts, 1, versions),
        more(before, counts, -1, versions));
  }

  /** {@return that a method uses a static field, by what changed in the field's initialisation} */
  static Change uses(MethodCode before, Change initialiser) {
    return new Change(
        before, Optional.of(before), Kind.USES, false, initialiser.added(), initialiser.removed());
  }

  static Change removed(MethodCode before) {
    return new Change(before, Optional.empty(), Kind.REMOVED, false, List.of(), before.events());
  }

  /** In the order of the code: the last of equal events are those that are more. */
  private static List<String> more(
      MethodCode code, Map<String, Integer> counts, int sign, Versions versions) {
    Map<String, Integer> left = new HashMap<>(counts);
    List<String> more = new ArrayList<>();
    for (String event : code.events()) {
      String neutral = versions.neutral(event);
      int n = left.getOrDefault(neutral, 0) * sign;
      if (n > 0) {
        left.put(neutral, (n - 1) * sign);
        more.add(event);
      }
    }
    return more;
  }

  /** {@return whether nothing but the number of the release differs} */
  boolean isVersionOnly() {
    return after.isPresent() && !shape && added.isEmpty() && removed.isEmpty();
  }

  /** {@return what tells the method from its fixed self; none where it is the same} */
  Optional<Fingerprint> fingerprint() {
    return kind == Kind.USES || !before.hasCode()
        ? Optional.empty()
        : Optional.of(Fingerprint.of(before, after)).filter(Fingerprint::isTelling);
  }

  int size() {
    return added.size() + removed.size();
  }
}
