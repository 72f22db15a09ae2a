package underpin.reach.functions;

import java.util.ArrayList;
import java.util.Collection;
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

  /**
   * A candidate whose class the advisory's words name that far tells that the right place was
   * compared.
   */
  private static final double NAMED = 0.5;

  private static final double COMPLETE_NAMED = 0.97;
  private static final double COMPLETE_UNNAMED = 0.79;
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

  /** What is known of the fix commit. */
  enum Commit {
    /** The advisory refers to none that could be read. */
    UNKNOWN,
    /** A class that it changed is among those of the candidates. */
    SEEN,
    /** None is: the fix lies elsewhere, or the reference is to another commit. */
    NOT_SEEN
  }

  /**
   * {@return how likely any candidate is truly patched} Shares of advisories, as {@code
   * benchmarks/functions/held-against-commits.py} counts them; for the commits set by hand, since
   * commits are what is counted by.
   *
   * @param candidates the signals of those that are published
   */
  static double complete(Commit commit, Collection<Map<Signal, Double>> candidates) {
    return switch (commit) {
      case SEEN -> 0.99;
      case NOT_SEEN -> 0.5;
      case UNKNOWN -> areNamed(candidates) ? COMPLETE_NAMED : COMPLETE_UNNAMED;
    };
  }

  /**
   * {@return whether the commit or the advisory's words tell that the fix lies in what was
   * compared}
   */
  static boolean pointsHere(Commit commit, Collection<Map<Signal, Double>> candidates) {
    return switch (commit) {
      case SEEN -> true;
      case NOT_SEEN -> false;
      case UNKNOWN -> areNamed(candidates);
    };
  }

  private static boolean areNamed(Collection<Map<Signal, Double>> candidates) {
    return candidates.stream()
        .anyMatch(signals ->
            Math.max(
                    signals.getOrDefault(Signal.CLASS_WORDS, 0.0),
                    signals.getOrDefault(Signal.CLASS_NAMED, 0.0))
                >= NAMED);
  }

  /**
   * {@return which part of the evidence the first so many hold} Times {@link #complete}, how likely
   * one of them is truly patched.
   */
  static double part(List<Double> odds, int cut) {
    double all = 0;
    double published = 0;
    for (int i = 0; i < odds.size(); i++) {
      double weight = Math.exp(odds.get(i) - odds.getFirst());
      all += weight;
      published += i < cut ? weight : 0;
    }
    return all == 0 ? 0 : published / all;
  }

  /** {@return the reasons for and against, the weightiest first} */
  static List<String> evidence(Map<Signal, Double> signals) {
    List<Map.Entry<Signal, Double>> weighty = new ArrayList<>(signals.entrySet());
    weighty.sort(Comparator.comparingDouble(e -> -Math.abs(e.getKey().weight() * e.getValue())));
    return weighty.stream().limit(MOST_REASONS).map(e -> e.getKey().text()).toList();
  }
}
