package underpin.reach.functions;

import java.util.HashMap;
import java.util.Map;
import underpin.program.method.Events;
import underpin.program.method.MethodCode;

/** How alike two methods are. */
final class Alike {
  private Alike() {}

  /** {@return shared events by all events (Jaccard, counted as often as they occur), 0 to 1} */
  static double of(MethodCode one, MethodCode other) {
    if (one.loose().equals(other.loose())) {
      return 1;
    }
    Map<String, Integer> counts = new HashMap<>();
    one.events().forEach(e -> counts.merge(Events.withoutPackages(e), 1, Integer::sum));
    int shared = 0;
    for (String event : other.events()) {
      Integer left = counts.computeIfPresent(Events.withoutPackages(event), (_, n) -> n - 1);
      if (left != null && left >= 0) {
        shared++;
      }
    }
    int all = one.events().size() + other.events().size() - shared;
    return all == 0 ? 1 : (double) shared / all;
  }
}
