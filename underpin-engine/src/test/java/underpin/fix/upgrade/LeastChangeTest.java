package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import underpin.fix.upgrade.LeastChange.Clause;
import underpin.fix.upgrade.LeastChange.Cost;
import underpin.fix.upgrade.LeastChange.Goal;
import underpin.fix.upgrade.LeastChange.Literal;

class LeastChangeTest {
  @Test
  void with_nothing_to_do_nothing_changes() {
    LeastChange problem =
        new LeastChange(List.of(List.of(Cost.NONE, new Cost(1, 1, 1))), List.of());
    assertThat(problem.solve().orElseThrow().options()).containsExactly(0);
  }

  @Test
  void one_lever_that_meets_two_goals_is_better_than_two_cheap_ones() {
    List<List<Cost>> levers =
        List.of(
            List.of(Cost.NONE, new Cost(10, 1, 0)),
            List.of(Cost.NONE, new Cost(10, 1, 0)),
            List.of(Cost.NONE, new Cost(12, 1, 0)));
    Goal first = new Goal(List.of(new Clause(List.of(new Literal(0, 1), new Literal(2, 1)))));
    Goal second = new Goal(List.of(new Clause(List.of(new Literal(1, 1), new Literal(2, 1)))));
    LeastChange problem = new LeastChange(levers, List.of(first, second));
    LeastChange.Choice choice = problem.solve().orElseThrow();
    assertThat(choice.options()).containsExactly(0, 0, 1);
    assertThat(choice.proven()).isTrue();
  }

  @Test
  void more_goals_beat_any_cost() {
    List<List<Cost>> levers = List.of(List.of(Cost.NONE, new Cost(1_000_000, 99, 99)));
    Goal goal = new Goal(List.of(new Clause(List.of(new Literal(0, 1)))));
    assertThat(new LeastChange(levers, List.of(goal)).solve().orElseThrow().options())
        .containsExactly(1);
  }

  @Test
  void a_required_clause_beats_a_goal() {
    List<List<Cost>> levers = List.of(List.of(Cost.NONE, new Cost(1, 1, 1)));
    Goal goal = new Goal(List.of(new Clause(List.of(new Literal(0, 1)))));
    LeastChange problem = new LeastChange(levers, List.of(goal));
    problem.require(new Clause(List.of(new Literal(0, 0))));
    LeastChange.Choice choice = problem.solve().orElseThrow();
    assertThat(choice.options()).containsExactly(0);
    assertThat(choice.met()).containsExactly(false);
  }

  @Test
  void on_400_random_problems_nothing_is_better_by_brute_force() {
    Random random = new Random(20260824);
    for (int round = 0; round < 400; round++) {
      List<List<Cost>> levers = new ArrayList<>();
      int count = 1 + random.nextInt(5);
      for (int lever = 0; lever < count; lever++) {
        List<Cost> options = new ArrayList<>(List.of(Cost.NONE));
        for (int option = 1 + random.nextInt(3); option > 0; option--) {
          options.add(new Cost(1 + random.nextInt(30), 1 + random.nextInt(3), random.nextInt(5)));
        }
        levers.add(options);
      }
      List<Goal> goals = new ArrayList<>();
      for (int goal = random.nextInt(6); goal > 0; goal--) {
        List<Clause> clauses = new ArrayList<>();
        for (int clause = 1 + random.nextInt(3); clause > 0; clause--) {
          clauses.add(clause(random, levers));
        }
        goals.add(new Goal(clauses));
      }
      List<Clause> hard = new ArrayList<>();
      for (int clause = random.nextInt(3); clause > 0; clause--) {
        hard.add(clause(random, levers));
      }
      LeastChange problem = new LeastChange(levers, goals);
      hard.forEach(problem::require);

      List<Long> expected = List.of();
      for (List<Integer> options : product(levers)) {
        List<Long> value = value(levers, goals, hard, options);
        if (!value.isEmpty() && (expected.isEmpty() || compare(value, expected) < 0)) {
          expected = value;
        }
      }
      List<Long> found =
          problem
              .solve()
              .map(choice -> value(levers, goals, hard, choice.options()))
              .orElse(List.of());
      assertThat(found).as("round %d", round).isEqualTo(expected);
    }
  }

  private static Clause clause(Random random, List<List<Cost>> levers) {
    List<Literal> any = new ArrayList<>();
    for (int literal = 1 + random.nextInt(3); literal > 0; literal--) {
      int lever = random.nextInt(levers.size());
      any.add(new Literal(lever, random.nextInt(levers.get(lever).size())));
    }
    return new Clause(any);
  }

  private static List<List<Integer>> product(List<List<Cost>> levers) {
    List<List<Integer>> all = List.of(List.of());
    for (List<Cost> lever : levers) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> start : all) {
        for (int option = 0; option < lever.size(); option++) {
          List<Integer> more = new ArrayList<>(start);
          more.add(option);
          longer.add(more);
        }
      }
      all = longer;
    }
    return all;
  }

  /** Goals not met, effort, places, rank; empty where a required clause does not hold. */
  private static List<Long> value(
      List<List<Cost>> levers, List<Goal> goals, List<Clause> hard, List<Integer> options) {
    if (!hard.stream().allMatch(clause -> holds(clause, options))) {
      return List.of();
    }
    long missed =
        goals.stream()
            .filter(goal -> !goal.clauses().stream().allMatch(clause -> holds(clause, options)))
            .count();
    long effort = 0;
    long places = 0;
    long rank = 0;
    for (int lever = 0; lever < options.size(); lever++) {
      Cost cost = levers.get(lever).get(options.get(lever));
      effort += cost.effort();
      places += cost.places();
      rank += cost.rank();
    }
    return List.of(missed, effort, places, rank);
  }

  private static boolean holds(Clause clause, List<Integer> options) {
    return clause.anyOf().stream().anyMatch(l -> options.get(l.lever()) == l.option());
  }

  private static int compare(List<Long> left, List<Long> right) {
    for (int i = 0; i < left.size(); i++) {
      int order = left.get(i).compareTo(right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
