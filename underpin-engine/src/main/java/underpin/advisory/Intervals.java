package underpin.advisory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import underpin.advisory.Advisory.AffectedRange;
import underpin.version.VersionOrder;

/** From the events of one OSV range to intervals (OSV schema, "affected[].ranges[].events"). */
final class Intervals {
  /** Kinds of events. Their order is the order in which those of one version count. */
  enum EventKind {
    FIXED,
    INTRODUCED,
    LAST_AFFECTED,
    LIMIT
  }

  /** One event. */
  record Event(EventKind kind, String version) {}

  private Intervals() {}

  /**
   * {@return the intervals, in version order} Events are paired in version order, not in the order
   * they are written. An end that no {@code introduced} precedes counts from the first version:
   * doubt counts against the component.
   *
   * @param hint GitHub's {@code last_known_affected_version_range} ("&lt;= 1.2", "&lt; 2"), which
   *     ends a last interval that has no other end
   */
  static List<AffectedRange> of(List<Event> events, Optional<String> hint, VersionOrder order) {
    List<Event> sorted = new ArrayList<>(events);
    sorted.removeIf(e -> e.kind() == EventKind.LIMIT);
    sorted.sort(
        Comparator.comparing(Event::version, (a, b) -> compare(a, b, order))
            .thenComparing(Event::kind));
    List<AffectedRange> intervals = new ArrayList<>();
    String open = "";
    String closedEmpty = "";
    boolean seen = false;
    for (Event event : sorted) {
      switch (event.kind()) {
        case INTRODUCED -> {
          if (open.isEmpty() && !event.version().equals(closedEmpty)) {
            open = event.version();
          }
          seen = true;
        }
        case FIXED -> {
          if (open.isEmpty() && introducedAt(sorted, event.version(), order)) {
            closedEmpty = event.version(); // introduced and fixed in one version: nothing affected
          } else if (!open.isEmpty() || !seen) {
            intervals.add(
                new AffectedRange(
                    open.isEmpty() ? "0" : open, Optional.of(event.version()), Optional.empty()));
          }
          open = "";
          seen = true;
        }
        case LAST_AFFECTED -> {
          if (!open.isEmpty() || !seen) {
            intervals.add(
                new AffectedRange(
                    open.isEmpty() ? "0" : open, Optional.empty(), Optional.of(event.version())));
          }
          open = "";
          seen = true;
        }
        case LIMIT -> {}
      }
    }
    if (!open.isEmpty()) {
      intervals.add(openEnd(open, hint));
    }
    return limited(intervals, events, order);
  }

  private static boolean introducedAt(List<Event> events, String version, VersionOrder order) {
    return events.stream()
        .anyMatch(e ->
            e.kind() == EventKind.INTRODUCED
                && !e.version().equals("0")
                && order.compare(e.version(), version) == 0);
  }

  private static AffectedRange openEnd(String introduced, Optional<String> hint) {
    String text = hint.map(String::strip).orElse("");
    if (text.startsWith("<=")) {
      return new AffectedRange(
          introduced, Optional.empty(), Optional.of(text.substring(2).strip()), Optional.empty());
    }
    if (text.startsWith("<")) {
      return new AffectedRange(
          introduced, Optional.empty(), Optional.empty(), Optional.of(text.substring(1).strip()));
    }
    return new AffectedRange(introduced, Optional.empty(), Optional.empty());
  }

  /** Cuts at the largest {@code limit}; "*" is the default and cuts nothing. */
  private static List<AffectedRange> limited(
      List<AffectedRange> intervals, List<Event> events, VersionOrder order) {
    List<String> limits =
        events.stream().filter(e -> e.kind() == EventKind.LIMIT).map(Event::version).toList();
    if (limits.isEmpty() || limits.contains("*")) {
      return intervals;
    }
    String limit = limits.stream().max(order).orElseThrow();
    List<AffectedRange> cut = new ArrayList<>();
    for (AffectedRange range : intervals) {
      boolean endsBefore =
          range.fixed().filter(v -> order.compare(v, limit) <= 0).isPresent()
              || range.limit().filter(v -> order.compare(v, limit) <= 0).isPresent()
              || range.lastAffected().filter(v -> order.compare(v, limit) < 0).isPresent();
      if (endsBefore) {
        cut.add(range);
      } else if (range.introduced().equals("0") || order.compare(range.introduced(), limit) < 0) {
        cut.add(
            new AffectedRange(
                range.introduced(), Optional.empty(), Optional.empty(), Optional.of(limit)));
      }
    }
    return cut;
  }

  private static int compare(String a, String b, VersionOrder order) {
    boolean left = a.equals("0");
    boolean right = b.equals("0");
    return left || right ? Boolean.compare(right, left) : order.compare(a, b);
  }
}
