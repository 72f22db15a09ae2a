package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void the_cut_takes_the_first_few_and_those_near_the_first_but_never_a_crowd() {
    assertThat(Ranking.cut(List.of())).isZero();
    assertThat(Ranking.cut(List.of(4.0))).isEqualTo(1);
    assertThat(Ranking.cut(List.of(9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))).isEqualTo(6);
    assertThat(Ranking.cut(List.of(9.0, 8.0, 8.0, 7.0, 7.0, 6.0, 6.0, 5.0))).isEqualTo(7);
    assertThat(Ranking.cut(Collections.nCopies(500, 1.0))).isEqualTo(25);
  }

  @Test
  void every_signal_moves_the_score_to_its_side() {
    double none = Ranking.score(Map.of());
    for (Signal signal : Signal.values()) {
      double with = Ranking.score(Map.of(signal, 1.0));
      assertThat(with - none).as(signal.name()).matches(d -> d * signal.weight() > 0);
    }
  }

  @Test
  void the_evidence_names_the_weightiest_first() {
    assertThat(Ranking.evidence(Map.of(Signal.SMALL, 1.0, Signal.PATCH_LINES, 1.0)))
        .containsExactly(Signal.PATCH_LINES.text(), Signal.SMALL.text());
  }

  @Test
  void the_part_of_the_evidence_grows_with_the_cut() {
    List<Double> odds = List.of(3.0, 2.0, 1.0, 1.0);
    assertThat(Ranking.part(odds, 1)).isLessThan(Ranking.part(odds, 2)).isPositive();
    assertThat(Ranking.part(odds, 4)).isEqualTo(1);
  }

  @Test
  void a_list_is_surer_where_the_commit_or_the_words_point_into_it() {
    List<Map<Signal, Double>> named = List.of(Map.of(), Map.of(Signal.CLASS_WORDS, 0.7));
    List<Map<Signal, Double>> unnamed = List.of(Map.of(Signal.CLASS_WORDS, 0.2));
    assertThat(Ranking.complete(Ranking.Commit.UNKNOWN, named))
        .isGreaterThan(Ranking.complete(Ranking.Commit.UNKNOWN, unnamed))
        .isLessThan(Ranking.complete(Ranking.Commit.SEEN, unnamed));
    assertThat(Ranking.complete(Ranking.Commit.NOT_SEEN, named))
        .isLessThan(Ranking.complete(Ranking.Commit.UNKNOWN, unnamed));
  }
}
