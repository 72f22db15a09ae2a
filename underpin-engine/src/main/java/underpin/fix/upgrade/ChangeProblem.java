package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.LeastChange.Clause;
import underpin.fix.upgrade.LeastChange.Cost;
import underpin.fix.upgrade.LeastChange.Goal;
import underpin.fix.upgrade.LeastChange.Literal;
import underpin.fix.upgrade.Lever.Option;
import underpin.fix.upgrade.Search.Wanted;

/** Says to the solver what is known of the levers, and what trials have taught. */
final class ChangeProblem {
  private final Installed today;
  private final Flaws flaws;
  private final List<Wanted> wanted;
  private final Levers levers;
  private final Collection<Lesson> lessons;
  private final NewerJava newerJava;

  ChangeProblem(
      Installed today,
      Flaws flaws,
      List<Wanted> wanted,
      Levers levers,
      Collection<Lesson> lessons,
      NewerJava newerJava) {
    this.today = today;
    this.flaws = flaws;
    this.wanted = wanted;
    this.levers = levers;
    this.lessons = lessons;
    this.newerJava = newerJava;
  }

  LeastChange problem() {
    // For each spot who can move it, the strongest first (levers are in that order).
    SortedMap<Spot, List<Literal>> movers = new TreeMap<>();
    List<List<Cost>> costs = new ArrayList<>();
    for (int lever = 0; lever < levers.count(); lever++) {
      costs.add(new ArrayList<>(List.of(Cost.NONE)));
    }
    for (Literal value : levers.values()) {
      costs.get(value.lever()).add(cost(levers.option(value), value.option()));
      for (Spot spot : levers.effect(value).all().keySet()) {
        movers.computeIfAbsent(spot, _ -> new ArrayList<>()).add(value);
      }
    }
    List<Goal> goals = new ArrayList<>();
    for (Wanted one : wanted) {
      Set<Clause> clauses = new LinkedHashSet<>();
      for (String module : today.byModule().keySet()) {
        if (today.versions(module, one.key()).contains(one.version())) {
          Spot spot = new Spot(module, one.key());
          removed(movers(movers, spot), spot, one.vulnerabilityId(), true, clauses);
        }
      }
      for (Lesson lesson : lessons) {
        if (lesson instanceof Lesson.Together together
            && together.wanted().equals(Optional.of(one))) {
          clauses.add(clause(together));
        }
      }
      goals.add(new Goal(List.copyOf(clauses)));
    }
    LeastChange problem = new LeastChange(costs, goals);
    Set<Clause> hard = new LinkedHashSet<>();
    lessons.forEach(lesson -> require(lesson, movers, hard));
    newerJava
        .facts()
        .forEach(fact -> never(fact.key(), v -> newerJava.covers(fact, v), movers, hard));
    movers.forEach((spot, literals) -> {
      SortedSet<String> now = flaws.of(spot.key(), today.versions(spot.module(), spot.key()));
      SortedSet<String> fresh = new TreeSet<>();
      for (Literal literal : literals) {
        fresh.addAll(flaws.of(spot.key(), versions(literal, spot)));
      }
      fresh.removeAll(now);
      // Whether a component that is new comes at all may hang on others (a relocation): tried.
      if (!today.versions(spot.module(), spot.key()).isEmpty()) {
        fresh.forEach(id -> removed(literals, spot, id, false, hard));
      }
      noStepBack(spot, literals, hard);
    });
    samePlace(hard);
    hard.forEach(problem::require);
    return problem;
  }

  /** One place takes one value: of two levers that edit it at most one moves. */
  private void samePlace(Set<Clause> hard) {
    SortedMap<String, SortedSet<Integer>> editors = new TreeMap<>();
    for (Literal value : levers.values()) {
      for (PomEdit edit : levers.option(value).edits()) {
        place(edit)
            .ifPresent(
                place -> editors.computeIfAbsent(place, _ -> new TreeSet<>()).add(value.lever()));
      }
    }
    for (SortedSet<Integer> sharing : editors.values()) {
      for (int one : sharing) {
        for (int other : sharing.tailSet(one + 1)) {
          hard.add(new Clause(List.of(new Literal(one, 0), new Literal(other, 0))));
        }
      }
    }
  }

  /** {@return what only one lever may edit} Any number may add the same repository. */
  private static Optional<String> place(PomEdit edit) {
    return switch (edit) {
      case PomEdit.Replace replace -> Optional.of(replace.file() + " @" + replace.at());
      case PomEdit.AddProperty added -> Optional.of(added.file() + " $" + added.name());
      case PomEdit.AddManaged added ->
          Optional.of(
              String.join(
                  " ",
                  added.file(),
                  added.groupId(),
                  added.artifactId(),
                  added.type(),
                  added.classifier()));
      case PomEdit.AddRepository _ -> Optional.empty();
    };
  }

  private static List<Literal> movers(SortedMap<Spot, List<Literal>> movers, Spot spot) {
    return Optional.ofNullable(movers.get(spot)).orElse(List.of());
  }

  private SortedSet<String> versions(Literal literal, Spot spot) {
    return levers
        .effect(literal)
        .at(spot)
        .orElseGet(() -> today.versions(spot.module(), spot.key()));
  }

  /** The strongest mover of the spot must bring it to a version without the vulnerability. */
  private void removed(
      List<Literal> movers, Spot spot, String id, boolean isThereToday, Set<Clause> clauses) {
    Predicate<Literal> bad = literal -> flaws.of(spot.key(), versions(literal, spot)).contains(id);
    if (isThereToday) {
      clauses.add(new Clause(movers.stream().filter(bad.negate()).toList()));
    }
    for (Literal literal : movers) {
      if (bad.test(literal)) {
        clauses.add(new Clause(unlessStronger(literal, movers, bad)));
      }
    }
  }

  /** The lever is elsewhere, or a stronger one decides for the better. */
  private List<Literal> unlessStronger(
      Literal literal, List<Literal> movers, Predicate<Literal> bad) {
    List<Literal> any = levers.others(literal.lever(), literal.option());
    movers.stream().filter(l -> l.lever() < literal.lever() && !bad.test(l)).forEach(any::add);
    return any;
  }

  private void require(Lesson lesson, SortedMap<Spot, List<Literal>> movers, Set<Clause> clauses) {
    switch (lesson) {
      case Lesson.Together together -> {
        if (together.wanted().isEmpty()) {
          clauses.add(clause(together));
        }
      }
      case Lesson.Rejected(SortedMap<String, String> choice) -> clauses.add(lower(choice));
      case Lesson.Unavailable(String key, String version) ->
          never(key, v -> v.equals(version), movers, clauses);
      case Lesson.TooHigh(String key, String from) ->
          never(key, v -> ReleaseName.isFrom(from, v), movers, clauses);
      case Lesson.Apart apart -> apart(apart, movers, clauses);
    }
  }

  private void never(
      String key,
      Predicate<String> out,
      SortedMap<Spot, List<Literal>> movers,
      Set<Clause> clauses) {
    for (String module : today.byModule().keySet()) {
      Spot spot = new Spot(module, key);
      Predicate<Literal> bad = literal -> versions(literal, spot).stream().anyMatch(out);
      List<Literal> all = movers(movers, spot);
      all.stream()
          .filter(bad)
          .forEach(literal -> clauses.add(new Clause(unlessStronger(literal, all, bad))));
    }
  }

  private void apart(
      Lesson.Apart apart, SortedMap<Spot, List<Literal>> movers, Set<Clause> clauses) {
    for (String module : today.byModule().keySet()) {
      Spot lower = new Spot(module, apart.lower());
      Spot upper = new Spot(module, apart.upper());
      Predicate<String> tooLow = v -> Upgrader.ORDER.compare(v, apart.upTo()) <= 0;
      Predicate<String> tooHigh = v -> Upgrader.ORDER.compare(v, apart.from()) >= 0;
      Predicate<Literal> badLower = l -> versions(l, lower).stream().anyMatch(tooLow);
      Predicate<Literal> badUpper = l -> versions(l, upper).stream().anyMatch(tooHigh);
      boolean lowToday = today.versions(module, apart.lower()).stream().anyMatch(tooLow);
      boolean highToday = today.versions(module, apart.upper()).stream().anyMatch(tooHigh);
      List<List<Literal>> avoidLower = avoid(movers(movers, lower), badLower, lowToday);
      List<List<Literal>> avoidUpper = avoid(movers(movers, upper), badUpper, highToday);
      for (int one = 0; one < avoidLower.size(); one++) {
        for (int other = 0; other < avoidUpper.size(); other++) {
          boolean isToday = one == 0 && lowToday && other == 0 && highToday;
          Set<Literal> either = new LinkedHashSet<>(avoidLower.get(one));
          either.addAll(avoidUpper.get(other));
          if (!isToday && !isAlways(either)) {
            clauses.add(new Clause(List.copyOf(either)));
          }
        }
      }
    }
  }

  /** For each way to a bad version of a spot the literals one of which prevents it. */
  private List<List<Literal>> avoid(
      List<Literal> movers, Predicate<Literal> bad, boolean badToday) {
    List<List<Literal>> ways = new ArrayList<>();
    if (badToday) {
      ways.add(movers.stream().filter(bad.negate()).toList());
    }
    movers.stream().filter(bad).forEach(l -> ways.add(unlessStronger(l, movers, bad)));
    return ways;
  }

  /** Whether some lever's every option is among them. */
  private boolean isAlways(Set<Literal> literals) {
    Map<Integer, Integer> count = new HashMap<>();
    literals.forEach(l -> count.merge(l.lever(), 1, Integer::sum));
    return count.entrySet().stream()
        .anyMatch(e -> e.getValue() == levers.get(e.getKey()).options().size() + 1);
  }

  /**
   * A stronger lever must not hold a component below what a weaker one brings, unless that is what
   * it is for.
   */
  private void noStepBack(Spot spot, List<Literal> movers, Set<Clause> hard) {
    for (Literal strong : movers) {
      for (Literal weak : movers) {
        if (weak.lever() > strong.lever() && !levers.isPin(strong)) {
          SortedSet<String> low = versions(strong, spot);
          SortedSet<String> high = versions(weak, spot);
          if (!low.isEmpty()
              && !high.isEmpty()
              && Upgrader.ORDER.compare(Installed.newest(low), Installed.newest(high)) < 0) {
            hard.add(
                not(
                    new TreeMap<>(
                        Map.of(strong.lever(), strong.option(), weak.lever(), weak.option()))));
          }
        }
      }
    }
  }

  private static Cost cost(Option option, int number) {
    boolean adds = option.edits().stream().anyMatch(e -> !(e instanceof PomEdit.Replace));
    return new Cost(
        LeverFinder.weight(option.size()) + (adds ? 3 : 0), option.edits().size(), number - 1L);
  }

  /** At least one of these levers is elsewhere. */
  private Clause not(SortedMap<Integer, Integer> choice) {
    List<Literal> any = new ArrayList<>();
    choice.forEach((lever, option) -> any.addAll(levers.others(lever, option)));
    return new Clause(any);
  }

  private Clause lower(SortedMap<String, String> names) {
    List<Literal> any = new ArrayList<>();
    levers
        .numbered(names)
        .forEach((lever, option) -> {
          for (int less = 0; less < option; less++) {
            any.add(new Literal(lever, less));
          }
        });
    return new Clause(any);
  }

  /**
   * Some lever must treat the lesson's components otherwise than its choice does: one that is moved
   * goes elsewhere, or one that is not is moved. Levers whose change does not touch them make no
   * difference. Nobody touches them as far as is known: the choice as a whole is out.
   */
  private Clause clause(Lesson.Together lesson) {
    SortedMap<Integer, Integer> choice = levers.numbered(lesson.choice());
    if (lesson.keys().isEmpty() || levers.touching(choice, lesson.keys()).isEmpty()) {
      return not(choice);
    }
    List<Literal> any = new ArrayList<>();
    for (int lever = 0; lever < levers.count(); lever++) {
      int chosen = Optional.ofNullable(choice.get(lever)).orElse(0);
      Effect now = levers.effect(lever, chosen);
      levers.others(lever, chosen).stream()
          .filter(other -> !levers.effect(other).sameOn(lesson.keys(), now))
          .forEach(any::add);
    }
    return new Clause(any);
  }
}
