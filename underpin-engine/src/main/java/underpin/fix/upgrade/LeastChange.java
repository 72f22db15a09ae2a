package underpin.fix.upgrade;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.sat4j.core.Vec;
import org.sat4j.core.VecInt;
import org.sat4j.pb.IPBSolver;
import org.sat4j.pb.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.IVec;
import org.sat4j.specs.TimeoutException;

/**
 * Chooses one option for each lever so that the most goals are met at the least cost: a
 * pseudo-Boolean optimisation, one objective after the other (docs/decisions/0010-upgrade.md,
 * "Cost"). Knows nothing of Maven.
 */
final class LeastChange {
  /** Conflicts, not seconds: a slow machine gives the same answer. */
  private static final int MAX_CONFLICTS = 200_000;

  private final List<List<Cost>> levers;
  private final List<Goal> goals;
  private final List<Clause> hard = new ArrayList<>();
  private final int[] firstVariable;
  private final int variables;

  /**
   * @param levers for each lever the cost of each option; option 0 is "as it is today" and costs
   *     nothing
   */
  LeastChange(List<List<Cost>> levers, List<Goal> goals) {
    this.levers = levers.stream().map(List::copyOf).toList();
    this.goals = List.copyOf(goals);
    this.firstVariable = new int[levers.size()];
    int next = 1;
    for (int i = 0; i < levers.size(); i++) {
      firstVariable[i] = next;
      next += levers.get(i).size();
    }
    this.variables = next - 1 + goals.size();
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
    List<Bound> bounds = new ArrayList<>();
    Optional<Choice> best = Optional.empty();
    List<ToLongFunction<Term>> objectives =
        List.of(
            term -> term.goal() ? 1 : 0,
            term -> term.cost().effort(),
            term -> term.cost().places(),
            term -> term.cost().rank());
    boolean proven = true;
    for (ToLongFunction<Term> objective : objectives) {
      Bound bound = bound(objective);
      if (best.isPresent() && bound.literals().isEmpty()) {
        continue;
      }
      while (true) {
        if (best.isPresent()) {
          bound = bound.atMost(bound.valueOf(best.get().model()) - 1);
        }
        int[] model;
        try {
          model = satisfy(bounds, best.isPresent() ? Optional.of(bound) : Optional.empty());
        } catch (TimeoutException _) {
          proven = false;
          break;
        }
        if (model.length == 0) {
          break;
        }
        best = Optional.of(choice(model, true));
      }
      if (best.isEmpty()) {
        return Optional.empty();
      }
      bounds.add(bound.atMost(bound.valueOf(best.get().model())));
    }
    boolean isProven = proven;
    return best.map(choice -> new Choice(choice.options(), choice.met(), isProven, choice.model()));
  }

  /** {@return a model, empty when there is none} */
  private int[] satisfy(List<Bound> bounds, Optional<Bound> better) throws TimeoutException {
    IPBSolver solver = SolverFactory.newDefault();
    solver.newVar(Math.max(1, variables));
    solver.setTimeoutOnConflicts(MAX_CONFLICTS);
    try {
      for (int lever = 0; lever < levers.size(); lever++) {
        int[] all = new int[levers.get(lever).size()];
        for (int option = 0; option < all.length; option++) {
          all[option] = variable(lever, option);
        }
        solver.addExactly(new VecInt(all), 1);
      }
      for (Clause clause : hard) {
        solver.addClause(new VecInt(literals(clause, 0)));
      }
      for (int goal = 0; goal < goals.size(); goal++) {
        for (Clause clause : goals.get(goal).clauses()) {
          solver.addClause(new VecInt(literals(clause, -goalVariable(goal))));
        }
      }
      for (Bound bound : bounds) {
        bound.addTo(solver);
      }
      if (better.isPresent()) {
        better.get().addTo(solver);
      }
      return solver.isSatisfiable() ? solver.model() : new int[0];
    } catch (ContradictionException _) {
      return new int[0];
    }
  }

  private int[] literals(Clause clause, int condition) {
    int[] literals = new int[clause.anyOf().size() + (condition == 0 ? 0 : 1)];
    int at = 0;
    for (Literal literal : clause.anyOf()) {
      literals[at++] = variable(literal.lever(), literal.option());
    }
    if (condition != 0) {
      literals[at] = condition;
    }
    return literals;
  }

  private int variable(int lever, int option) {
    return firstVariable[lever] + option;
  }

  private int goalVariable(int goal) {
    return variables - goals.size() + goal + 1;
  }

  private Choice choice(int[] model, boolean proven) {
    boolean[] on = new boolean[variables + 1];
    for (int literal : model) {
      if (literal > 0 && literal <= variables) {
        on[literal] = true;
      }
    }
    List<Integer> options = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 0; option < levers.get(lever).size(); option++) {
        if (on[variable(lever, option)]) {
          options.add(option);
        }
      }
    }
    List<Boolean> met = new ArrayList<>();
    for (int goal = 0; goal < goals.size(); goal++) {
      met.add(on[goalVariable(goal)]);
    }
    return new Choice(options, met, proven, model);
  }

  /** The sum that an objective minimises. A goal counts where it is not met. */
  private Bound bound(ToLongFunction<Term> objective) {
    List<Integer> literals = new ArrayList<>();
    List<Long> weights = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 0; option < levers.get(lever).size(); option++) {
        long weight = objective.applyAsLong(new Term(false, levers.get(lever).get(option)));
        if (weight != 0) {
          literals.add(variable(lever, option));
          weights.add(weight);
        }
      }
    }
    for (int goal = 0; goal < goals.size(); goal++) {
      if (objective.applyAsLong(new Term(true, Cost.NONE)) != 0) {
        literals.add(-goalVariable(goal));
        weights.add(1L);
      }
    }
    return new Bound(literals, weights, Long.MAX_VALUE);
  }

  private record Term(boolean goal, Cost cost) {}

  private record Bound(List<Integer> literals, List<Long> weights, long limit) {
    Bound atMost(long newLimit) {
      return new Bound(literals, weights, newLimit);
    }

    long valueOf(int[] model) {
      long sum = 0;
      for (int i = 0; i < literals.size(); i++) {
        int literal = literals.get(i);
        if (Arrays.stream(model).anyMatch(m -> m == literal)) {
          sum += weights.get(i);
        }
      }
      return sum;
    }

    void addTo(IPBSolver solver) throws ContradictionException {
      if (limit < 0) {
        throw new ContradictionException();
      }
      if (literals.isEmpty()) {
        return;
      }
      IVec<BigInteger> coefficients = new Vec<>();
      weights.forEach(weight -> coefficients.push(BigInteger.valueOf(weight)));
      solver.addPseudoBoolean(
          new VecInt(literals.stream().mapToInt(Integer::intValue).toArray()),
          coefficients,
          false,
          BigInteger.valueOf(limit));
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
  record Choice(List<Integer> options, List<Boolean> met, boolean proven, int[] model) {
    Choice {
      options = List.copyOf(options);
      met = List.copyOf(met);
      model = model.clone();
    }

    @Override
    public int[] model() {
      return model.clone();
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Choice other
          && options.equals(other.options)
          && met.equals(other.met)
          && proven == other.proven;
    }

    @Override
    public int hashCode() {
      return 31 * options.hashCode() + met.hashCode();
    }
  }
}
