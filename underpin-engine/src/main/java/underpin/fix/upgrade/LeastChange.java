package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chooses one option for each lever so that the most goals are met at the least cost. Exact: branch
 * and bound that splits what is left into independent parts after each branch and skips options
 * that another one is at least as good as (docs/decisions/0010-upgrade.md, "Solver"). Knows nothing
 * of Maven.
 */
final class LeastChange {
  /** Branches, not seconds: a slow machine gives the same answer. */
  private static final int MAX_BRANCHES = 3_000_000;

  private final List<List<Cost>> levers;
  private final List<Goal> goals;
  private final List<Clause> hard = new ArrayList<>();
  private int branches;

  /**
   * @param levers for each lever the cost of each option; option 0 is "as it is today" and costs
   *     nothing
   */
  LeastChange(List<List<Cost>> levers, List<Goal> goals) {
    this.levers = levers.stream().map(List::copyOf).toList();
    this.goals = List.copyOf(goals);
  }

  /** One of these must be chosen, whatever goals that costs. */
  void require(Clause clause) {
    hard.add(clause);
  }

  /**
   * {@return the best choice} Empty only if the required clauses contradict each other, which
   * clauses that "as it is today" satisfies never do.
   */
  Optional<Choice> solve() {
    List<Item> items = new ArrayList<>();
    long missed = 0;
    for (Clause clause : new LinkedHashSet<>(hard)) {
      if (clause.anyOf().isEmpty()) {
        return Optional.empty();
      }
      items.add(new Item(true, List.of(clause)));
    }
    for (Goal goal : goals) {
      if (goal.clauses().stream().anyMatch(clause -> clause.anyOf().isEmpty())) {
        missed++;
      } else if (!goal.clauses().isEmpty()) {
        items.add(new Item(false, goal.clauses()));
      }
    }
    branches = 0;
    long unreachable = missed;
    return best(items)
        .map(found -> {
          List<Integer> options = new ArrayList<>();
          for (int lever = 0; lever < levers.size(); lever++) {
            options.add(Optional.ofNullable(found.options().get(lever)).orElse(0));
          }
          List<Boolean> met =
              goals.stream()
                  .map(g -> g.clauses().stream().allMatch(clause -> holds(clause, options)))
                  .toList();
          long count = met.stream().filter(m -> !m).count();
          if (count != found.value().missed() + unreachable) {
            throw new IllegalStateException("The solver counted its goals wrong");
          }
          return new Choice(options, met, branches < MAX_BRANCHES);
        });
  }

  private static boolean holds(Clause clause, List<Integer> options) {
    return clause.anyOf().stream().anyMatch(l -> options.get(l.lever()) == l.option());
  }

  /** What is not in the answer stays as it is today. */
  private Optional<Found> best(List<Item> items) {
    Value value = Value.NONE;
    Map<Integer, Integer> options = new LinkedHashMap<>();
    for (List<Item> part : independent(items)) {
      Optional<Found> found = branch(part);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      value = value.plus(found.get().value());
      options.putAll(found.get().options());
    }
    return Optional.of(new Found(value, options));
  }

  private Optional<Found> branch(List<Item> items) {
    int lever = busiest(items);
    List<Set<Long>> serves = new ArrayList<>();
    for (int option = 0; option < levers.get(lever).size(); option++) {
      serves.add(new HashSet<>());
    }
    for (int item = 0; item < items.size(); item++) {
      List<Clause> clauses = items.get(item).clauses();
      for (int clause = 0; clause < clauses.size(); clause++) {
        for (Literal literal : clauses.get(clause).anyOf()) {
          if (literal.lever() == lever) {
            serves.get(literal.option()).add(((long) item << 32) + clause);
          }
        }
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int option = 0; option < serves.size(); option++) {
      order.add(option);
    }
    order.sort(Comparator.comparing((Integer o) -> Value.of(levers.get(lever).get(o))));
    Optional<Found> best = Optional.empty();
    List<Integer> tried = new ArrayList<>();
    for (int option : order) {
      // All literals are positive: an option that serves no clause that a cheaper one does not
      // serve too can never be part of a better answer.
      if (tried.stream().anyMatch(t -> serves.get(t).containsAll(serves.get(option)))) {
        continue;
      }
      tried.add(option);
      if (++branches > MAX_BRANCHES && best.isPresent()) {
        break;
      }
      Optional<Left> left = assign(items, lever, option);
      if (left.isEmpty()) {
        continue;
      }
      Value least = Value.of(levers.get(lever).get(option)).plus(left.get().value());
      if (best.isPresent() && least.compareTo(best.get().value()) >= 0) {
        continue;
      }
      Optional<Found> rest = best(left.get().items());
      if (rest.isPresent()) {
        Value value = least.plus(rest.get().value());
        if (best.isEmpty() || value.compareTo(best.get().value()) < 0) {
          Map<Integer, Integer> options = new LinkedHashMap<>(rest.get().options());
          options.put(lever, option);
          best = Optional.of(new Found(value, options));
        }
      }
    }
    return best;
  }

  /** {@return the items that are left once a lever is decided; empty if a required one fails} */
  private static Optional<Left> assign(List<Item> items, int lever, int option) {
    List<Item> left = new ArrayList<>();
    long missed = 0;
    for (Item item : items) {
      List<Clause> clauses = new ArrayList<>();
      boolean fails = false;
      for (Clause clause : item.clauses()) {
        List<Literal> any = new ArrayList<>();
        boolean holds = false;
        for (Literal literal : clause.anyOf()) {
          if (literal.lever() != lever) {
            any.add(literal);
          } else if (literal.option() == option) {
            holds = true;
            break;
          }
        }
        if (!holds) {
          fails |= any.isEmpty();
          clauses.add(any.size() == clause.anyOf().size() ? clause : new Clause(any));
        }
      }
      if (fails && item.required()) {
        return Optional.empty();
      }
      if (fails) {
        missed++;
      } else if (!clauses.isEmpty()) {
        left.add(new Item(item.required(), clauses));
      }
    }
    return Optional.of(new Left(left, new Value(missed, 0, 0, 0)));
  }

  /** {@return the items in groups that share no lever} */
  private static List<List<Item>> independent(List<Item> items) {
    Map<Integer, Integer> leader = new LinkedHashMap<>();
    for (Item item : items) {
      int first = -1;
      for (Clause clause : item.clauses()) {
        for (Literal literal : clause.anyOf()) {
          int root = root(leader, literal.lever());
          first = first < 0 ? root : root(leader, first);
          if (root != first) {
            leader.put(Math.max(root, first), Math.min(root, first));
          }
        }
      }
    }
    SortedMap<Integer, List<Item>> groups = new TreeMap<>();
    for (Item item : items) {
      int lever = item.clauses().getFirst().anyOf().getFirst().lever();
      groups.computeIfAbsent(root(leader, lever), _ -> new ArrayList<>()).add(item);
    }
    return List.copyOf(groups.values());
  }

  private static int root(Map<Integer, Integer> leader, int lever) {
    int at = lever;
    int up = Optional.ofNullable(leader.putIfAbsent(at, at)).orElse(at);
    while (up != at) {
      at = up;
      up = Optional.ofNullable(leader.get(at)).orElse(at);
    }
    leader.put(lever, at);
    return at;
  }

  /** {@return the lever that most items speak of} */
  private static int busiest(List<Item> items) {
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    for (Item item : items) {
      Set<Integer> in = new HashSet<>();
      item.clauses().forEach(clause -> clause.anyOf().forEach(l -> in.add(l.lever())));
      in.forEach(lever -> counts.merge(lever, 1, Integer::sum));
    }
    int busiest = -1;
    int most = 0;
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        busiest = entry.getKey();
      }
    }
    return busiest;
  }

  private record Item(boolean required, List<Clause> clauses) {}

  private record Left(List<Item> items, Value value) {}

  private record Found(Value value, Map<Integer, Integer> options) {}

  /** Compared from left to right. Sums of values keep their order, so parts can be solved apart. */
  private record Value(long missed, long effort, long places, long rank)
      implements Comparable<Value> {
    static final Value NONE = new Value(0, 0, 0, 0);
    private static final Comparator<Value> ORDER =
        Comparator.comparingLong(Value::missed)
            .thenComparingLong(Value::effort)
            .thenComparingLong(Value::places)
            .thenComparingLong(Value::rank);

    static Value of(Cost cost) {
      return new Value(0, cost.effort(), cost.places(), cost.rank());
    }

    Value plus(Value other) {
      return new Value(
          missed + other.missed, effort + other.effort, places + other.places, rank + other.rank);
    }

    @Override
    public int compareTo(Value other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * What an option costs, compared in this order after the goals.
   *
   * @param effort how much of a change it is
   * @param places how many places of the user's files are edited
   * @param rank how far up in the list of its versions
   */
  record Cost(long effort, long places, long rank) {
    static final Cost NONE = new Cost(0, 0, 0);

    Cost {
      if (effort < 0 || places < 0 || rank < 0) {
        throw new IllegalArgumentException("A cost is negative");
      }
    }
  }

  /** Lever number {@code lever} is at its option number {@code option}. */
  record Literal(int lever, int option) {}

  /** At least one of these holds. */
  record Clause(List<Literal> anyOf) {
    Clause {
      anyOf = List.copyOf(anyOf);
    }
  }

  /** Met when all its clauses hold. */
  record Goal(List<Clause> clauses) {
    Goal {
      clauses = List.copyOf(clauses);
    }
  }

  /**
   * @param options for each lever the option chosen
   * @param met for each goal whether it is met
   * @param proven whether nothing better exists; else the search stopped at its limit
   */
  record Choice(List<Integer> options, List<Boolean> met, boolean proven) {
    Choice {
      options = List.copyOf(options);
      met = List.copyOf(met);
    }
  }
}
