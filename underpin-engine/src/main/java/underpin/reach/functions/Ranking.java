package underpin.reach.functions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** From signals to a score, an order and a cut. */
final class Ranking {
  /** From odds to a probability, fitted on the same ground truth as the weights. */
  private static final double BIAS = -4.9;

  private static final double SCALE = 0.95;

  /** Published are the first few in any case, */
  private static final int LEAST = 6;

  /** and those within this distance of the first, in log odds, */
  private static final double DISTANCE = 3.0;

  /** but no more than these. */
  private static final int MOST = 25;

  /** The share of advisories of the ground truth with a truly patched method among all changed. */
  private static final double COMPLETE = 0.97;

  private static final int MOST_REASONS = 4;

  private Ranking() {}

  /** {@return the evidence for a method added up: log odds, but for a constant} */
  static double odds(Map<Signal, Double> signals) {
    double sum = 0;
    for (Map.Entry<Signal, Double> signal : signals.entrySet()) {
      sum += signal.getKey().weight() * signal.getValue();
    }
    return sum;
  }

  /** {@return how likely the method belongs to the fix, 0 to 1} */
  static double score(Map<Signal, Double> signals) {
    return 1 / (1 + Math.exp(-(BIAS + SCALE * odds(signals))));
  }

  /** {@return how many of the odds, which descend, are published} */
  static int cut(List<Double> odds) {
    int cut = 0;
    while (cut < odds.size()
        && cut < MOST
        && (cut < LEAST || odds.get(cut) >= odds.getFirst() - DISTANCE)) {
      cut++;
    }
    return cut;
  }

  /**
   * {@return how likely the first so many hold a truly patched method}: their part of the evidence,
   * times how often any candidate was one
   */
  static double confidence(List<Double> odds, int cut) {
    double all = 0;
    double published = 0;
    for (int i = 0; i < odds.size(); i++) {
      double weight = Math.exp(odds.get(i) - odds.getFirst());
      all += weight;
      published += i < cut ? weight : 0;
    }
    return all == 0 ? 0 : COMPLETE * published / all;
  }

  /** {@return the reasons for and against, the weightiest first} */
  static List<String> evidence(Map<Signal, Double> signals) {
    List<Map.Entry<Signal, Double>> weighty = new ArrayList<>(signals.entrySet());
    weighty.sort(Comparator.comparingDouble(e -> -Math.abs(e.getKey().weight() * e.getValue())));
    return weighty.stream().limit(MOST_REASONS).map(e -> e.getKey().text()).toList();
  }
}
