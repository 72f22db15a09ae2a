package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.LeastChange.Choice;
import underpin.fix.upgrade.LeastChange.Clause;
import underpin.fix.upgrade.LeastChange.Cost;
import underpin.fix.upgrade.LeastChange.Goal;
import underpin.fix.upgrade.LeastChange.Literal;
import underpin.fix.upgrade.Lever.Kind;
import underpin.fix.upgrade.Lever.Option;
import underpin.program.LinkageBreak;

/**
 * The loop: choose by what is known of each lever, resolve and link the choice for real, learn what
 * it says, choose again, until a choice holds. See docs/decisions/0010-upgrade.md, "Search".
 */
final class Search {
  /** Real resolutions, and link checks, before the search settles for what it has. */
  private static final int MAX_RESOLVED = 250;

  private static final int MAX_LINKED = 120;
  private static final int MAX_NAMED = 3;

  private final Installed today;
  private final Flaws flaws;
  private final Trials trials;
  private final List<Wanted> wanted;
  private final List<Lever> levers = new ArrayList<>();
  private final Map<List<Integer>, SortedMap<Spot, SortedSet<String>>> probed = new HashMap<>();
  private final Set<Clause> learned = new LinkedHashSet<>();
  private final Map<Wanted, Set<Clause>> learnedFor = new LinkedHashMap<>();
  private final List<PassedOver> passedOver = new ArrayList<>();
  private final Set<Set<Integer>> together = new LinkedHashSet<>();
  private final Owners owners;

  Search(Installed today, Flaws flaws, Trials trials, Owners owners, List<Wanted> wanted) {
    this.today = today;
    this.flaws = flaws;
    this.trials = trials;
    this.owners = owners;
    this.wanted = List.copyOf(wanted);
  }

  /**
   * A vulnerability to be removed.
   *
   * @param version the version of today that has it
   */
  record Wanted(String key, String version, String vulnerabilityId) {}

  /** A choice that does not hold: which levers at which option, about what, and why. */
  record PassedOver(SortedMap<Integer, Integer> choice, Set<String> keys, String text) {
    PassedOver {
      keys = Set.copyOf(keys);
    }
  }

  /** Says which component of today holds a class. */
  interface Owners {
    Optional<String> keyOf(String reference);
  }

  /**
   * What was found.
   *
   * @param choice lever number to option number, for the levers that are moved
   * @param proven whether no smaller choice exists among the options
   */
  record Result(SortedMap<Integer, Integer> choice, boolean proven) {}

  List<Lever> levers() {
    return levers;
  }

  List<PassedOver> passedOver() {
    return passedOver;
  }

  /** {@return groups of levers that only hold together} */
  Set<Set<Integer>> together() {
    return together;
  }

  /**
   * @param finder asked again for components that a lever would make vulnerable
   */
  Result run(LeverFinder finder) {
    takeLevers(finder.levers());
    probeUnpredicted();
    boolean more = false;
    for (String key : newlyVulnerable()) {
      finder.find(key);
      more = true;
    }
    if (more) {
      takeLevers(finder.levers());
      probeUnpredicted();
    }
    SortedMap<Integer, Integer> last = new TreeMap<>();
    while (trials.resolved() < MAX_RESOLVED && trials.linked() < MAX_LINKED) {
      Optional<Choice> solved = problem().solve();
      if (solved.isEmpty()) {
        return new Result(new TreeMap<>(), false);
      }
      SortedMap<Integer, Integer> choice = moved(solved.get());
      if (choice.isEmpty()) {
        return new Result(choice, solved.get().proven());
      }
      last = choice;
      if (probeChoice(choice)) {
        continue;
      }
      if (learnFromResolution(choice, solved.get()) || learnFromLinks(choice)) {
        continue;
      }
      return new Result(choice, solved.get().proven());
    }
    return new Result(fallBack(last), false);
  }

  /** New numbers start afresh: a lever may have got more options. */
  private void takeLevers(Collection<Lever> found) {
    Map<List<String>, SortedMap<Spot, SortedSet<String>>> kept = new HashMap<>();
    probed.forEach((at, effect) -> {
      Lever lever = levers.get(at.getFirst());
      kept.put(List.of(lever.id(), lever.options().get(at.getLast() - 1).to()), effect);
    });
    levers.clear();
    levers.addAll(found);
    levers.sort(
        Comparator.comparing(Lever::kind, Comparator.reverseOrder()).thenComparing(Lever::id));
    probed.clear();
    for (int lever = 0; lever < levers.size(); lever++) {
      List<Option> options = levers.get(lever).options();
      for (int option = 1; option <= options.size(); option++) {
        SortedMap<Spot, SortedSet<String>> effect =
            kept.get(List.of(levers.get(lever).id(), options.get(option - 1).to()));
        if (effect != null) {
          probed.put(List.of(lever, option), effect);
        }
      }
    }
  }

  private boolean isPredicted(Lever lever) {
    return lever.kind() != Kind.BRINGER
        && lever.kind() != Kind.PARENT
        && !lever.subjects().isEmpty();
  }

  private void probeUnpredicted() {
    for (int lever = 0; lever < levers.size(); lever++) {
      if (!isPredicted(levers.get(lever))) {
        for (int option = 1; option <= levers.get(lever).options().size(); option++) {
          probe(lever, option);
        }
      }
    }
  }

  /** {@return whether something was learned} */
  private boolean probeChoice(SortedMap<Integer, Integer> choice) {
    boolean learnedSome = false;
    for (Map.Entry<Integer, Integer> entry : choice.entrySet()) {
      if (!probed.containsKey(List.of(entry.getKey(), entry.getValue()))) {
        SortedMap<Spot, SortedSet<String>> predicted = effect(entry.getKey(), entry.getValue());
        probe(entry.getKey(), entry.getValue());
        SortedMap<Spot, SortedSet<String>> real = effect(entry.getKey(), entry.getValue());
        learnedSome |= !predicted.equals(real);
      }
    }
    return learnedSome;
  }

  private void probe(int lever, int option) {
    if (probed.containsKey(List.of(lever, option))) {
      return;
    }
    Trials.Outcome outcome = trials.resolve(edits(new TreeMap<>(Map.of(lever, option))));
    if (!outcome.failures().isEmpty()) {
      probed.put(List.of(lever, option), new TreeMap<>());
      forbid(
          new TreeMap<>(Map.of(lever, option)),
          new TreeSet<>(levers.get(lever).subjects()),
          outcome.failures().getFirst());
      return;
    }
    probed.put(List.of(lever, option), today.changes(outcome.installed()));
  }

  private void forbid(SortedMap<Integer, Integer> choice, Set<String> keys, String because) {
    learned.add(not(choice));
    passedOver.add(new PassedOver(choice, keys, name(choice) + " passed over: " + because));
  }

  /** At least one of these levers is elsewhere. */
  private Clause not(SortedMap<Integer, Integer> choice) {
    List<Literal> any = new ArrayList<>();
    choice.forEach((lever, option) -> {
      for (int other = 0; other <= levers.get(lever).options().size(); other++) {
        if (other != option) {
          any.add(new Literal(lever, other));
        }
      }
    });
    return new Clause(any);
  }

  /** {@return what moving one lever alone changes} */
  SortedMap<Spot, SortedSet<String>> effect(int lever, int option) {
    if (option == 0) {
      return new TreeMap<>();
    }
    SortedMap<Spot, SortedSet<String>> real = probed.get(List.of(lever, option));
    if (real != null) {
      return real;
    }
    Lever moved = levers.get(lever);
    SortedMap<Spot, SortedSet<String>> effect = new TreeMap<>();
    SortedSet<String> to = new TreeSet<>(Set.of(moved.options().get(option - 1).to()));
    for (String module : moved.modules()) {
      for (String key : moved.subjects()) {
        SortedSet<String> now = today.versions(module, key);
        if (!now.isEmpty() && !now.equals(to)) {
          effect.put(new Spot(module, key), to);
        }
      }
    }
    return effect;
  }

  private SortedSet<String> newlyVulnerable() {
    SortedSet<String> keys = new TreeSet<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        effect(lever, option)
            .forEach((spot, versions) -> {
              if (!today.versions(spot.module(), spot.key()).isEmpty()
                  && wanted.stream().noneMatch(w -> w.key().equals(spot.key()))
                  && !flawsOf(spot.key(), versions).isEmpty()) {
                keys.add(spot.key());
              }
            });
      }
    }
    return keys;
  }

  private SortedSet<String> flawsOf(String key, Collection<String> versions) {
    SortedSet<String> ids = new TreeSet<>();
    versions.forEach(version -> ids.addAll(flaws.of(key, version)));
    return ids;
  }

  private LeastChange problem() {
    // For each spot who can move it, the strongest first (levers are in that order).
    SortedMap<Spot, List<Literal>> movers = new TreeMap<>();
    List<List<Cost>> costs = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      List<Cost> options = new ArrayList<>(List.of(Cost.NONE));
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        options.add(cost(levers.get(lever), option));
        for (Spot spot : effect(lever, option).keySet()) {
          movers.computeIfAbsent(spot, _ -> new ArrayList<>()).add(new Literal(lever, option));
        }
      }
      costs.add(options);
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
      clauses.addAll(Optional.ofNullable(learnedFor.get(one)).orElse(Set.of()));
      goals.add(new Goal(List.copyOf(clauses)));
    }
    LeastChange problem = new LeastChange(costs, goals);
    Set<Clause> hard = new LinkedHashSet<>(learned);
    movers.forEach((spot, literals) -> {
      SortedSet<String> now = flawsOf(spot.key(), today.versions(spot.module(), spot.key()));
      SortedSet<String> fresh = new TreeSet<>();
      for (Literal literal : literals) {
        fresh.addAll(flawsOf(spot.key(), versions(literal, spot)));
      }
      fresh.removeAll(now);
      fresh.forEach(id -> removed(literals, spot, id, false, hard));
      noStepBack(spot, literals, hard);
    });
    samePlace(hard);
    hard.forEach(problem::require);
    return problem;
  }

  /** One place takes one value: of two levers that edit it at most one moves. */
  private void samePlace(Set<Clause> hard) {
    SortedMap<String, SortedSet<Integer>> editors = new TreeMap<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (Option option : levers.get(lever).options()) {
        for (PomEdit edit : option.edits()) {
          String place =
              switch (edit) {
                case PomEdit.Replace replace -> replace.file() + " @" + replace.at();
                case PomEdit.AddProperty added -> added.file() + " $" + added.name();
                case PomEdit.AddManaged added ->
                    String.join(
                        " ",
                        added.file(),
                        added.groupId(),
                        added.artifactId(),
                        added.type(),
                        added.classifier());
              };
          editors.computeIfAbsent(place, _ -> new TreeSet<>()).add(lever);
        }
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

  private static List<Literal> movers(SortedMap<Spot, List<Literal>> movers, Spot spot) {
    return Optional.ofNullable(movers.get(spot)).orElse(List.of());
  }

  private SortedSet<String> versions(Literal literal, Spot spot) {
    return Optional.ofNullable(effect(literal.lever(), literal.option()).get(spot))
        .orElseGet(() -> today.versions(spot.module(), spot.key()));
  }

  /** The strongest mover of the spot must bring it to a version without the vulnerability. */
  private void removed(
      List<Literal> movers, Spot spot, String id, boolean isThereToday, Set<Clause> clauses) {
    BiPredicate<Literal, Boolean> is =
        (literal, bad) -> flawsOf(spot.key(), versions(literal, spot)).contains(id) == bad;
    if (isThereToday) {
      clauses.add(new Clause(movers.stream().filter(l -> is.test(l, false)).toList()));
    }
    for (Literal bad : movers) {
      if (is.test(bad, true)) {
        List<Literal> any = new ArrayList<>();
        for (int other = 0; other <= levers.get(bad.lever()).options().size(); other++) {
          if (other != bad.option()) {
            any.add(new Literal(bad.lever(), other));
          }
        }
        movers.stream().filter(l -> l.lever() < bad.lever() && is.test(l, false)).forEach(any::add);
        clauses.add(new Clause(any));
      }
    }
  }

  /** A stronger lever must not hold a component below what a weaker one brings. */
  private void noStepBack(Spot spot, List<Literal> movers, Set<Clause> hard) {
    for (Literal strong : movers) {
      for (Literal weak : movers) {
        if (weak.lever() > strong.lever()) {
          SortedSet<String> low = versions(strong, spot);
          SortedSet<String> high = versions(weak, spot);
          if (!low.isEmpty()
              && !high.isEmpty()
              && Upgrader.ORDER.compare(max(low), max(high)) < 0) {
            hard.add(
                not(
                    new TreeMap<>(
                        Map.of(strong.lever(), strong.option(), weak.lever(), weak.option()))));
          }
        }
      }
    }
  }

  private static String max(SortedSet<String> versions) {
    return versions.stream().max(Upgrader.ORDER).orElseThrow();
  }

  private static Cost cost(Lever lever, int number) {
    Option option = lever.options().get(number - 1);
    boolean adds = option.edits().stream().anyMatch(e -> !(e instanceof PomEdit.Replace));
    return new Cost(
        LeverFinder.weight(option.size()) + (adds ? 3 : 0), option.edits().size(), number - 1L);
  }

  private static SortedMap<Integer, Integer> moved(Choice choice) {
    SortedMap<Integer, Integer> moved = new TreeMap<>();
    for (int lever = 0; lever < choice.options().size(); lever++) {
      if (choice.options().get(lever) > 0) {
        moved.put(lever, choice.options().get(lever));
      }
    }
    return moved;
  }

  List<PomEdit> edits(SortedMap<Integer, Integer> choice) {
    List<PomEdit> edits = new ArrayList<>();
    choice.forEach(
        (lever, option) -> edits.addAll(levers.get(lever).options().get(option - 1).edits()));
    return edits;
  }

  /** {@return those of the wanted that are gone after} */
  List<Wanted> removedBy(Installed after) {
    List<Wanted> gone = new ArrayList<>();
    for (Wanted one : wanted) {
      boolean left = false;
      for (String module : today.byModule().keySet()) {
        left |=
            today.versions(module, one.key()).contains(one.version())
                && flawsOf(one.key(), after.versions(module, one.key()))
                    .contains(one.vulnerabilityId());
      }
      if (!left) {
        gone.add(one);
      }
    }
    return gone;
  }

  /** {@return vulnerabilities that a spot does not have today, with the spot} */
  SortedMap<Spot, SortedSet<String>> added(Installed after) {
    SortedMap<Spot, SortedSet<String>> added = new TreeMap<>();
    today
        .changes(after)
        .forEach((spot, versions) -> {
          SortedSet<String> fresh = flawsOf(spot.key(), versions);
          fresh.removeAll(flawsOf(spot.key(), today.versions(spot.module(), spot.key())));
          if (!fresh.isEmpty()) {
            added.put(spot, fresh);
          }
        });
    return added;
  }

  private boolean learnFromResolution(SortedMap<Integer, Integer> choice, Choice solved) {
    Trials.Outcome outcome = trials.resolve(edits(choice));
    if (!outcome.failures().isEmpty()) {
      forbid(choice, Set.of(), outcome.failures().getFirst());
      return true;
    }
    boolean learnedSome = false;
    List<Wanted> gone = removedBy(outcome.installed());
    for (int i = 0; i < wanted.size(); i++) {
      if (solved.met().get(i) && !gone.contains(wanted.get(i))) {
        Clause clause = elsewhere(choice, Set.of(wanted.get(i).key()));
        learnedSome |=
            learnedFor.computeIfAbsent(wanted.get(i), _ -> new LinkedHashSet<>()).add(clause);
      }
    }
    for (Map.Entry<Spot, SortedSet<String>> entry : added(outcome.installed()).entrySet()) {
      Spot spot = entry.getKey();
      if (learned.add(elsewhere(choice, Set.of(spot.key())))) {
        learnedSome = true;
        passedOver.add(
            new PassedOver(
                choice,
                Set.of(spot.key()),
                name(choice)
                    + " passed over: it would bring "
                    + spot.key()
                    + " "
                    + String.join(", ", outcome.installed().versions(spot.module(), spot.key()))
                    + " with "
                    + String.join(", ", entry.getValue())));
      }
    }
    return learnedSome;
  }

  private boolean learnFromLinks(SortedMap<Integer, Integer> choice) {
    Trials.Links links = trials.links(edits(choice));
    if (links.whole()) {
      return false;
    }
    boolean learnedSome = false;
    for (String failure : links.failures()) {
      Set<String> keys = new TreeSet<>();
      holder(failure).ifPresent(keys::add);
      SortedMap<Integer, Integer> named = touching(choice, keys);
      if (learned.add(elsewhere(choice, keys))) {
        learnedSome = true;
        passedOver.add(
            new PassedOver(
                named.isEmpty() ? choice : named,
                keys,
                name(named.isEmpty() ? choice : named) + " passed over: " + failure));
      }
    }
    for (LinkageBreak found : links.breaks()) {
      Set<String> keys = new TreeSet<>();
      Optional<String> owner = owners.keyOf(found.reference());
      owner.ifPresent(keys::add);
      Optional<String> holding = holder(found.from());
      holding.ifPresent(keys::add);
      SortedMap<Integer, Integer> more = accomplice(choice, keys, found);
      more.forEach(
          (lever, option) -> effect(lever, option).keySet().forEach(spot -> keys.add(spot.key())));
      Optional<String> lost =
          more.entrySet().stream()
              .flatMap(e -> effect(e.getKey(), e.getValue()).keySet().stream())
              .map(Spot::key)
              .findFirst()
              .or(() -> owner)
              .or(() -> holding);
      if (learned.add(elsewhere(choice, keys, lost, holding))) {
        learnedSome = true;
        SortedMap<Integer, Integer> guilty = touching(choice, keys);
        passedOver.add(
            new PassedOver(
                guilty.isEmpty() ? choice : guilty,
                keys,
                name(guilty.isEmpty() ? choice : guilty)
                    + " passed over: "
                    + found.from()
                    + " ("
                    + found.place()
                    + ") needs "
                    + found.reference()
                    + ": "
                    + found.because()));
        if (guilty.size() > 1) {
          together.add(Set.copyOf(guilty.keySet()));
        }
      }
    }
    return learnedSome;
  }

  /**
   * The lever behind a break that those who touch holder and owner do not cause by themselves: what
   * a class inherits may come from a third component. Found by halving, each half tried for real.
   */
  private SortedMap<Integer, Integer> accomplice(
      SortedMap<Integer, Integer> choice, Set<String> keys, LinkageBreak found) {
    SortedMap<Integer, Integer> suspects = touching(choice, keys);
    if (suspects.size() == choice.size() || breaks(suspects, found)) {
      return new TreeMap<>();
    }
    List<Integer> others = new ArrayList<>(choice.keySet());
    others.removeAll(suspects.keySet());
    while (others.size() > 1) {
      List<Integer> half = others.subList(0, others.size() / 2);
      SortedMap<Integer, Integer> tried = new TreeMap<>(suspects);
      half.forEach(lever -> tried.put(lever, choice.getOrDefault(lever, 0)));
      others = breaks(tried, found) ? half : others.subList(others.size() / 2, others.size());
    }
    SortedMap<Integer, Integer> more = new TreeMap<>();
    others.forEach(lever -> more.put(lever, choice.getOrDefault(lever, 0)));
    return more;
  }

  /** Whether the same place loses the same reference, whatever the versions around it. */
  private boolean breaks(SortedMap<Integer, Integer> choice, LinkageBreak found) {
    return !choice.isEmpty()
        && trials.links(edits(choice)).breaks().stream()
            .anyMatch(b ->
                b.reference().equals(found.reference())
                    && holder(b.from()).equals(holder(found.from())));
  }

  /** {@code group:artifact} of {@code group:artifact:version}; a module has none. */
  private static Optional<String> holder(String from) {
    String[] parts = from.split(":", -1);
    return parts.length >= 3 ? Optional.of(parts[0] + ":" + parts[1]) : Optional.empty();
  }

  private SortedMap<Integer, Integer> touching(
      SortedMap<Integer, Integer> choice, Set<String> keys) {
    SortedMap<Integer, Integer> touching = new TreeMap<>();
    choice.forEach((lever, option) -> {
      if (effect(lever, option).keySet().stream().anyMatch(s -> keys.contains(s.key()))) {
        touching.put(lever, option);
      }
    });
    return touching;
  }

  /**
   * Some lever must treat these components otherwise than it does in {@code choice}: one that is
   * moved goes elsewhere, or one that is not is moved. Levers whose change does not touch them make
   * no difference. Nobody touches them as far as is known: the choice as a whole is out.
   */
  private Clause elsewhere(SortedMap<Integer, Integer> choice, Set<String> keys) {
    return elsewhere(choice, keys, Optional.empty(), Optional.empty());
  }

  /**
   * @param lost the component that no longer has what a reference names: what a release took away
   *     is taken as gone in the later ones too, unless what refers to it moves as well
   * @param holder the component that refers to it
   */
  private Clause elsewhere(
      SortedMap<Integer, Integer> choice,
      Set<String> keys,
      Optional<String> lost,
      Optional<String> holder) {
    if (touching(choice, keys).isEmpty()) {
      return not(choice);
    }
    List<Literal> any = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      int chosen = Optional.ofNullable(choice.get(lever)).orElse(0);
      SortedMap<Spot, SortedSet<String>> effect = effect(lever, chosen);
      SortedMap<Spot, SortedSet<String>> now = only(effect, keys);
      boolean takesAway =
          chosen > 0
              && lost.isPresent()
              && !only(effect, Set.of(lost.get())).isEmpty()
              && (lost.equals(holder)
                  || holder.isEmpty()
                  || only(effect, Set.of(holder.get())).isEmpty());
      for (int option = 0; option <= levers.get(lever).options().size(); option++) {
        if (option != chosen
            && !(takesAway && option > chosen)
            && !only(effect(lever, option), keys).equals(now)) {
          any.add(new Literal(lever, option));
        }
      }
    }
    return new Clause(any);
  }

  private static SortedMap<Spot, SortedSet<String>> only(
      SortedMap<Spot, SortedSet<String>> effect, Set<String> keys) {
    SortedMap<Spot, SortedSet<String>> some = new TreeMap<>(effect);
    some.keySet().removeIf(spot -> !keys.contains(spot.key()));
    return some;
  }

  /** {@return whether a choice resolves, adds no vulnerability and links} */
  boolean holds(SortedMap<Integer, Integer> choice) {
    Trials.Outcome outcome = trials.resolve(edits(choice));
    return outcome.failures().isEmpty()
        && added(outcome.installed()).isEmpty()
        && trials.links(edits(choice)).whole();
  }

  /** Lever by lever: keep what holds and removes more. At most one trial per lever. */
  private SortedMap<Integer, Integer> fallBack(SortedMap<Integer, Integer> last) {
    SortedMap<Integer, Integer> kept = new TreeMap<>();
    int gone = 0;
    for (Integer lever : last.keySet().stream().sorted(Comparator.reverseOrder()).toList()) {
      SortedMap<Integer, Integer> more = new TreeMap<>(kept);
      more.put(lever, last.getOrDefault(lever, 0));
      int now = removedBy(trials.resolve(edits(more)).installed()).size();
      if (now > gone && holds(more)) {
        kept = more;
        gone = now;
      }
    }
    return kept;
  }

  /** {@return the choice for people; what many levers do together is not told one by one} */
  String name(SortedMap<Integer, Integer> choice) {
    List<String> names = new ArrayList<>();
    choice.forEach((lever, option) ->
        names.add(
            levers.get(lever).shortName()
                + " "
                + levers.get(lever).options().get(option - 1).to()));
    int shown = Math.min(MAX_NAMED, names.size());
    String text = String.join(" with ", names.subList(0, shown));
    return shown < names.size() ? text + " and " + (names.size() - shown) + " other changes" : text;
  }
}
