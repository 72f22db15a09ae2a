package underpin.reach.functions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** From signals to a score, an order and a cut. */
final class Ranking {
  private static final double BIAS = -1.5;

  /** A function is published when it is at least this share as likely as the first. */
  private static final double SHARE = 0.35;

  private static final int MOST = 12;
  private static final int MOST_REASONS = 4;

  private Ranking() {}

  /** {@return how likely the method belongs to the fix, 0 to 1} */
  static double score(Map<Signal, Double> signals) {
    double sum = BIAS;
    for (Map.Entry<Signal, Double> signal : signals.entrySet()) {
      sum += signal.getKey().weight() * signal.getValue();
    }
    return 1 / (1 + Math.exp(-sum));
  }

  /** {@return how many of the scores, which descend, are published} */
  static int cut(List<Double> scores) {
    int cut = 0;
    while (cut < scores.size()
        && cut < MOST
        && (cut == 0 || scores.get(cut) >= SHARE * scores.getFirst())) {
      cut++;
    }
    return cut;
  }

  /** {@return the reasons for and against, the weightiest first} */
  static List<String> evidence(Map<Signal, Double> signals) {
    List<Map.Entry<Signal, Double>> weighty = new ArrayList<>(signals.entrySet());
    weighty.sort(Comparator.comparingDouble(e -> -Math.abs(e.getKey().weight() * e.getValue())));
    return weighty.stream().limit(MOST_REASONS).map(e -> e.getKey().text()).toList();
  }
}
