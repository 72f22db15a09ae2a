package underpin.fix.backport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.Backport.PatchedMethod.State;

/** What of the fix is tried, which is less each time. */
final class Choice {
  /**
   * How likely it may be that what was left out is part of the fix, of all that may be: a part of a
   * fix is none.
   */
  static final double MOST_DROPPED = 0.3;

  /** A function at least this part as likely as the likeliest is never left out. */
  static final double LIKELY = 0.5;

  private final Map<FixFunction, List<Change>> found;
  private final List<FixFunction> needed;
  private final double total;
  private double dropped;
  private final Set<Change> without = new LinkedHashSet<>();
  private final List<FixFunction> leftOut = new ArrayList<>();

  Choice(Map<FixFunction, List<Change>> found) {
    this.found = found;
    this.needed = new ArrayList<>(found.keySet());
    this.total = found.keySet().stream().mapToDouble(FixFunction::score).sum();
  }

  /** {@return the functions of the fix that are still wanted} */
  List<FixFunction> needed() {
    return needed;
  }

  /** {@return changes that only came along, and no longer do} */
  Set<Change> without() {
    return without;
  }

  /** {@return whether no function was left out} */
  boolean isWhole() {
    return leftOut.isEmpty();
  }

  void leaveOut(Collection<FixFunction> functions) {
    leftOut.addAll(functions);
  }

  /** {@return what the functions stand for} */
  Set<Change> seeds() {
    Set<Change> seeds = new LinkedHashSet<>();
    needed.forEach(f -> seeds.addAll(found.getOrDefault(f, List.of())));
    return seeds;
  }

  /**
   * Leaves out what stood in the way: first what only came along, then functions, the least likely
   * first.
   *
   * @param culprits which of the changes stood in the way
   * @param kept all that were tried, with their reasons
   * @return whether there is less now, and enough
   */
  boolean without(Set<Change> culprits, Map<Change, Cut.Reason> kept) {
    Set<Change> optional = new LinkedHashSet<>();
    Set<Change> seeds = new LinkedHashSet<>();
    for (Change culprit : culprits) {
      Change at = culprit;
      while (true) {
        Cut.Reason reason = kept.get(at);
        if (reason == null) {
          break;
        }
        if (!reason.isNeeded()) {
          optional.add(at);
          break;
        }
        if (reason.by().isEmpty()) {
          seeds.add(at);
          break;
        }
        at = reason.by().get();
      }
    }
    if (without.addAll(optional)) {
      return true;
    }
    List<FixFunction> blamed =
        needed.stream()
            .filter(f -> found.getOrDefault(f, List.of()).stream().anyMatch(seeds::contains))
            .sorted(Comparator.comparingDouble(FixFunction::score))
            .toList();
    boolean less = false;
    double most = found.keySet().stream().mapToDouble(FixFunction::score).max().orElse(0);
    for (FixFunction one : blamed) {
      if (one.score() < LIKELY * most && dropped + one.score() <= MOST_DROPPED * total) {
        dropped += one.score();
        needed.remove(one);
        leftOut.add(one);
        less = true;
      }
    }
    return less;
  }

  /** {@return what the functions of these ids stand for} */
  Set<Change> changes(List<String> ids) {
    Set<Change> changes = new LinkedHashSet<>();
    found.forEach((function, some) -> {
      if (ids.contains(function.id())) {
        changes.addAll(some);
      }
    });
    return changes;
  }

  /** {@return how likely what was left out or has no place is the fix, of all that may be} */
  double share(List<PatchedMethod> methods) {
    Set<String> absent = new HashSet<>();
    methods.stream().filter(m -> m.state() == State.ABSENT).forEach(m -> absent.add(m.id()));
    double open =
        dropped
            + needed.stream()
                .filter(f -> absent.contains(f.id()))
                .mapToDouble(FixFunction::score)
                .sum();
    return total == 0 ? 0 : Math.min(1, open / total);
  }

  /**
   * {@return the functions that the fix takes away and the version's own code still uses}
   *
   * @param stays what of the changes was not made for that
   */
  List<FixFunction> staying(Set<Change> stays) {
    return needed.stream()
        .filter(f ->
            found.getOrDefault(f, List.of()).stream()
                .anyMatch(c -> stays.contains(c) && c.before().get().kind() == Source.Kind.METHOD))
        .toList();
  }

  /** What was left out and is about nothing that the version has is no part that is missing. */
  void settle(Predicate<FixFunction> isNowhere) {
    leftOut.removeIf(f -> {
      boolean none = isNowhere.test(f);
      dropped -= none ? f.score() : 0;
      return none;
    });
  }

  double share(List<PatchedMethod> methods, List<FixFunction> more) {
    double some = more.stream().mapToDouble(FixFunction::score).sum();
    return total == 0 ? 0 : Math.min(1, share(methods) + some / total);
  }

  boolean isLikely(FixFunction function) {
    return function.score()
        >= LIKELY * found.keySet().stream().mapToDouble(FixFunction::score).max().orElse(0);
  }

  /**
   * Whether its source is, after merging, what the fixed release has.
   *
   * @param asFixed changes whose members come as they are there
   * @param whole files that do
   */
  boolean isUpstreams(
      FixFunction function,
      Map<Change, Transplant.Merged> merges,
      Set<Change> asFixed,
      Set<String> whole) {
    List<Change> own = found.getOrDefault(function, List.of());
    return !own.isEmpty()
        && own.stream()
            .allMatch(c -> {
              Transplant.Merged merged = merges.get(c);
              return whole.contains(c.path())
                  || asFixed.contains(c)
                  || merged != null && merged.isUpstreams(c);
            });
  }

  List<String> notes() {
    return leftOut.stream()
        .map(f ->
            "%s was left out: it does not fit, and is %.0f %% likely to be part of the fix"
                .formatted(f.id(), f.score() * 100))
        .toList();
  }
}
