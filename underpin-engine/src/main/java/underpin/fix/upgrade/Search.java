package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
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
  private static final int MAX_NAMED = 2;

  /** Components whose newer releases are looked at only because they stop another upgrade. */
  private static final int MAX_COMPANIONS = 40;

  private final Installed today;
  private final Flaws flaws;
  private final Trials trials;
  private final List<Wanted> wanted;
  private final List<Lever> levers = new ArrayList<>();
  private final Map<List<String>, Effect> probed = new HashMap<>();
  private final Map<List<Integer>, Effect> effects = new HashMap<>();

  /** Lever and value: those that a look at one jar ruled out, so that they were never resolved. */
  private final Set<List<String>> outOfReach = new java.util.HashSet<>();

  private final Set<Lesson> lessons = new LinkedHashSet<>();
  private final List<PassedOver> passedOver = new ArrayList<>();
  private final SortedSet<String> companions = new TreeSet<>();
  private final SortedSet<String> pinned = new TreeSet<>();

  Search(Installed today, Flaws flaws, Trials trials, List<Wanted> wanted) {
    this.today = today;
    this.flaws = flaws;
    this.trials = trials;
    this.wanted = List.copyOf(wanted);
  }

  /**
   * A vulnerability to be removed.
   *
   * @param version the version of today that has it
   */
  record Wanted(String key, String version, String vulnerabilityId) {}

  /**
   * A choice that does not hold.
   *
   * @param levers by their ids
   * @param versions of the components that it is about, those that the choice would bring; empty
   *     where that is not known
   * @param what the choice as people call it
   * @param sentence the one thing that decided
   * @param because the same with its place
   */
  record PassedOver(
      Set<String> levers,
      SortedMap<String, String> versions,
      String what,
      String sentence,
      String because) {
    PassedOver {
      levers = Set.copyOf(levers);
      versions = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    Set<String> keys() {
      return versions.keySet();
    }
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

  /** {@return ids of the levers that can move a component} */
  Set<String> moversOf(String key) {
    Set<String> ids = new TreeSet<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        if (effect(lever, option).touches(key)) {
          ids.add(levers.get(lever).id());
        }
      }
    }
    return ids;
  }

  /**
   * {@return what brings this version, as the end of a sentence, and the first new vulnerability
   * that comes with it whatever else moves} Empty when no lever by itself is known to bring it.
   */
  Optional<String> comesWith(String key, String version) {
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        boolean brings =
            effect(lever, option).all().entrySet().stream()
                .anyMatch(e -> e.getKey().key().equals(key) && e.getValue().contains(version));
        if (brings) {
          String with = "comes with " + name(new TreeMap<>(Map.of(lever, option))) + ", which ";
          return Optional.of(
              with
                  + firstAdded(lever, effect(lever, option))
                      .orElse("does not hold or leaves more vulnerabilities in all"));
        }
      }
    }
    return Optional.empty();
  }

  private boolean canAvoid(int than, Spot spot, String id) {
    for (int lever = 0; lever < than; lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        if (effect(lever, option)
            .at(spot)
            .filter(versions -> !flawsOf(spot.key(), versions).contains(id))
            .isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Only what no stronger lever can keep away: else it is not what decides. */
  private Optional<String> firstAdded(int lever, Effect effect) {
    for (Map.Entry<Spot, SortedSet<String>> entry : effect.all().entrySet()) {
      Spot spot = entry.getKey();
      SortedSet<String> fresh = flawsOf(spot.key(), entry.getValue());
      SortedSet<String> now = today.versions(spot.module(), spot.key());
      fresh.removeAll(flawsOf(spot.key(), now));
      fresh.removeIf(id -> canAvoid(lever, spot, id));
      if (!now.isEmpty() && !fresh.isEmpty()) {
        return Optional.of(
            "also brings "
                + Sentence.artifact(spot.key())
                + " "
                + String.join(", ", entry.getValue())
                + " with "
                + fresh.first());
      }
    }
    return Optional.empty();
  }

  /** {@return whether a look at one jar ruled it out, so that it was never resolved} */
  boolean isOutOfReach(int lever, int option) {
    return outOfReach.contains(name(lever, option));
  }

  List<PassedOver> passedOver() {
    return passedOver;
  }

  /**
   * @param finder asked again for components that a lever would make vulnerable
   */
  Result run(LeverFinder finder) {
    takeLevers(finder.levers());
    probeUnpredicted(finder);
    boolean more = false;
    for (String key : newlyVulnerable()) {
      finder.find(key);
      more = true;
    }
    if (more) {
      takeLevers(finder.levers());
      probeUnpredicted(finder);
    }
    return choose(finder);
  }

  /** {@return the best choice under what was learned so far} */
  Result choose(LeverFinder finder) {
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
      if (learnFromJars(choice) || probeChoice(choice)) {
        continue;
      }
      if (learnFromResolution(choice, solved.get(), finder) || learnFromLinks(choice, finder)) {
        continue;
      }
      return new Result(choice, solved.get().proven());
    }
    return new Result(fallBack(last), false);
  }

  /** New numbers start afresh: what is known is kept by names. */
  private void takeLevers(Collection<Lever> found) {
    levers.clear();
    levers.addAll(found);
    levers.sort(
        Comparator.comparing(Lever::kind, Comparator.reverseOrder()).thenComparing(Lever::id));
    effects.clear();
  }

  private boolean isPredicted(Lever lever) {
    return lever.kind() != Kind.BRINGER
        && lever.kind() != Kind.PARENT
        && !lever.subjects().isEmpty();
  }

  private void probeUnpredicted(LeverFinder finder) {
    for (int lever = 0; lever < levers.size(); lever++) {
      if (!isPredicted(levers.get(lever))) {
        for (int option = 1; option <= levers.get(lever).options().size(); option++) {
          if (!isForNewerJava(lever, option, finder)) {
            probe(lever, option);
          }
        }
      }
    }
  }

  /** {@return whether something was learned} */
  private boolean probeChoice(SortedMap<Integer, Integer> choice) {
    boolean learnedSome = false;
    for (Map.Entry<Integer, Integer> entry : choice.entrySet()) {
      if (levers.get(entry.getKey()).isPin(entry.getValue())) {
        continue; // Alone it changes nothing.
      }
      Effect predicted = effect(entry.getKey(), entry.getValue());
      probe(entry.getKey(), entry.getValue());
      learnedSome |= !predicted.sameAs(effect(entry.getKey(), entry.getValue()));
    }
    return learnedSome;
  }

  /**
   * Before a parent, a BOM or what brings others is resolved: looks at one jar that comes with it,
   * or at none where another version said enough. What is for a newer Java is out by that alone.
   */
  private boolean isForNewerJava(int number, int option, LeverFinder finder) {
    List<String> name = name(number, option);
    if (probed.containsKey(name)) {
      return outOfReach.contains(name);
    }
    SortedMap<String, String> brought = finder.brought(levers.get(number), name.getLast());
    Optional<String> tooNew =
        brought.entrySet().stream()
            .filter(e -> isKnownTooNew(e.getKey(), e.getValue()))
            .map(Map.Entry::getKey)
            .findFirst()
            .or(() ->
                telling(levers.get(number), brought)
                    .filter(k -> learnFromJar(k, versionOf(brought, k))));
    if (tooNew.isEmpty()) {
      return false;
    }
    SortedMap<Integer, Integer> alone = new TreeMap<>(Map.of(number, option));
    outOfReach.add(name);
    probed.put(name, Effect.NONE);
    effects.remove(List.of(number, option));
    lessons.add(new Lesson.Together(named(alone), Set.of(), Optional.empty()));
    String because = newerJava(tooNew.get(), versionOf(brought, tooNew.get()));
    passOver(alone, brought, because, because);
    return true;
  }

  private static String versionOf(SortedMap<String, String> versions, String key) {
    return Optional.ofNullable(versions.get(key)).orElseThrow();
  }

  /** The one that is released with the parent or BOM itself, else one that is to be removed. */
  private Optional<String> telling(Lever lever, SortedMap<String, String> brought) {
    String group = lever.versioned().substring(0, lever.versioned().indexOf(':') + 1);
    return brought.keySet().stream()
        .filter(key -> key.startsWith(group))
        .findFirst()
        .or(() -> wanted.stream().map(Wanted::key).filter(brought::containsKey).findFirst());
  }

  private boolean isKnownTooNew(String key, String version) {
    return tooNew(key, version).isPresent();
  }

  private Optional<Lesson.TooNew> tooNew(String key, String version) {
    return lessons.stream()
        .flatMap(l -> l instanceof Lesson.TooNew fact ? java.util.stream.Stream.of(fact) : null)
        .filter(fact -> fact.key().equals(key) && isIn(fact, version))
        .min(java.util.Comparator.comparing(Lesson.TooNew::from, Upgrader.ORDER));
  }

  private boolean isIn(Lesson.TooNew fact, String version) {
    return isFrom(fact.from(), version) && !trials.isKnownToSuit(fact.key(), version);
  }

  /** Of another flavour nothing is known: guava's android releases say nothing of its jre ones. */
  private static boolean isFrom(String from, String version) {
    return Upgrader.ORDER.compare(version, from) >= 0
        && ReleaseName.of(version).flavour().equals(ReleaseName.of(from).flavour());
  }

  /** {@return that a version, whoever brings it, is for a newer Java, as the end of a sentence} */
  Optional<String> forNewerJava(String key, String version) {
    return isKnownTooNew(key, version) || learnFromJar(key, version)
        ? Optional.of(isForNewerJava(key, version))
        : Optional.empty();
  }

  /** {@return whether the version is for a newer Java} */
  private boolean learnFromJar(String key, String version) {
    OptionalInt java = trials.newerJava(key, version);
    java.ifPresent(release -> lessons.add(new Lesson.TooNew(key, version, release)));
    return java.isPresent();
  }

  /** The reason as people read it, for a version that is known to be too new. */
  private String newerJava(String key, String version) {
    return Sentence.artifact(key) + " " + version + " " + isForNewerJava(key, version);
  }

  private String isForNewerJava(String key, String version) {
    Lesson.TooNew fact = tooNew(key, version).orElseThrow();
    return "is"
        + (fact.from().equals(version) ? "" : ", as " + fact.from() + " before it,")
        + " compiled for Java "
        + fact.java()
        + "; the project runs on Java "
        + trials.javaRelease();
  }

  /**
   * Before a choice is resolved: one jar of each lever whose value is its components' version.
   * {@return whether something was learned}
   */
  private boolean learnFromJars(SortedMap<Integer, Integer> choice) {
    boolean learnedSome = false;
    for (Map.Entry<Integer, Integer> entry : choice.entrySet()) {
      Lever lever = levers.get(entry.getKey());
      if (!lever.subjects().isEmpty()) {
        String key =
            lever.subjects().stream()
                .filter(k -> wanted.stream().anyMatch(w -> w.key().equals(k)))
                .sorted()
                .findFirst()
                .orElse(lever.versioned());
        learnedSome |= learnFromJars(entry.getKey(), entry.getValue(), key);
      }
    }
    return learnedSome;
  }

  /** Halves to the lowest value that is for a newer Java. */
  private boolean learnFromJars(int lever, int option, String key) {
    List<Option> options = levers.get(lever).options();
    String version = options.get(option - 1).to();
    if (isKnownTooNew(key, version) || trials.newerJava(key, version).isEmpty()) {
      return false;
    }
    // The options are of one flavour.
    int suits = 0;
    int tooNew = option;
    while (tooNew - suits > 1) {
      int middle = (suits + tooNew) >>> 1;
      if (trials.newerJava(key, options.get(middle - 1).to()).isEmpty()) {
        suits = middle;
      } else {
        tooNew = middle;
      }
    }
    String lowest = options.get(tooNew - 1).to();
    learnFromJar(key, lowest);
    passOver(new TreeMap<>(Map.of(lever, tooNew)), Set.of(key), newerJava(key, lowest));
    return true;
  }

  private void probe(int lever, int option) {
    if (probed.containsKey(name(lever, option))) {
      return;
    }
    effects.remove(List.of(lever, option));
    SortedMap<Integer, Integer> alone = new TreeMap<>(Map.of(lever, option));
    Trials.Outcome outcome = trials.resolve(edits(alone));
    if (outcome.failures().isEmpty()) {
      probed.put(name(lever, option), new Effect(today.changes(outcome.installed())));
      return;
    }
    probed.put(name(lever, option), Effect.NONE);
    passOver(alone, new TreeSet<>(levers.get(lever).subjects()), outcome.failures().getFirst());
    lessons.add(new Lesson.Together(named(alone), Set.of(), Optional.empty()));
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

  private void passOver(SortedMap<Integer, Integer> choice, Set<String> keys, String because) {
    passOver(choice, brought(choice, keys), because, because);
  }

  private void passOver(
      SortedMap<Integer, Integer> choice,
      SortedMap<String, String> versions,
      String sentence,
      String because) {
    passedOver.add(
        new PassedOver(named(choice).keySet(), versions, name(choice), sentence, because));
  }

  /** What the levers of a choice, as far as is known of each, bring of some components. */
  private SortedMap<String, String> brought(SortedMap<Integer, Integer> choice, Set<String> keys) {
    SortedMap<String, String> brought = new TreeMap<>();
    keys.forEach(key -> brought.put(key, ""));
    choice.forEach((lever, option) ->
        effect(lever, option)
            .all()
            .forEach((spot, versions) -> {
              if (keys.contains(spot.key()) && !versions.isEmpty()) {
                brought.merge(
                    spot.key(),
                    max(versions),
                    (a, b) -> a.isEmpty() || Upgrader.ORDER.compare(a, b) < 0 ? b : a);
              }
            }));
    return brought;
  }

  private List<String> name(int lever, int option) {
    return List.of(levers.get(lever).id(), levers.get(lever).options().get(option - 1).to());
  }

  private SortedMap<String, String> named(SortedMap<Integer, Integer> choice) {
    SortedMap<String, String> names = new TreeMap<>();
    choice.forEach((lever, option) -> {
      List<String> name = name(lever, option);
      names.put(name.getFirst(), name.getLast());
    });
    return names;
  }

  /** {@return what moving one lever alone changes} */
  Effect effect(int lever, int option) {
    return option == 0
        ? Effect.NONE
        : effects.computeIfAbsent(
            List.of(lever, option),
            _ ->
                Optional.ofNullable(probed.get(name(lever, option)))
                    .orElseGet(() -> predicted(levers.get(lever), option)));
  }

  private Effect predicted(Lever moved, int option) {
    SortedMap<Spot, SortedSet<String>> effect = new TreeMap<>();
    SortedSet<String> to = new TreeSet<>(Set.of(moved.options().get(option - 1).to()));
    for (String module : moved.modules()) {
      for (String key : moved.subjects()) {
        SortedSet<String> now = today.versions(module, key);
        if (!now.isEmpty() && (moved.isPin(option) || !now.equals(to))) {
          effect.put(new Spot(module, key), to);
        }
      }
    }
    return new Effect(effect);
  }

  private SortedSet<String> newlyVulnerable() {
    SortedSet<String> keys = new TreeSet<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        effect(lever, option)
            .all()
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
        for (Spot spot : effect(lever, option).all().keySet()) {
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
    movers.forEach((spot, literals) -> {
      SortedSet<String> now = flawsOf(spot.key(), today.versions(spot.module(), spot.key()));
      SortedSet<String> fresh = new TreeSet<>();
      for (Literal literal : literals) {
        fresh.addAll(flawsOf(spot.key(), versions(literal, spot)));
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
    return effect(literal.lever(), literal.option())
        .at(spot)
        .orElseGet(() -> today.versions(spot.module(), spot.key()));
  }

  /** The strongest mover of the spot must bring it to a version without the vulnerability. */
  private void removed(
      List<Literal> movers, Spot spot, String id, boolean isThereToday, Set<Clause> clauses) {
    Predicate<Literal> bad = literal -> flawsOf(spot.key(), versions(literal, spot)).contains(id);
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
    List<Literal> any = new ArrayList<>();
    for (int other = 0; other <= levers.get(literal.lever()).options().size(); other++) {
      if (other != literal.option()) {
        any.add(new Literal(literal.lever(), other));
      }
    }
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
          never(key, v -> isFrom(from, v), movers, clauses);
      case Lesson.TooNew fact -> never(fact.key(), v -> isIn(fact, v), movers, clauses);
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

  private boolean learnFromResolution(
      SortedMap<Integer, Integer> choice, Choice solved, LeverFinder finder) {
    Trials.Outcome outcome = trials.resolve(edits(choice));
    if (!outcome.failures().isEmpty()) {
      outcome.failures().forEach(failure -> unavailable(choice, failure));
      return true;
    }
    boolean learnedSome = false;
    List<Wanted> gone = removedBy(outcome.installed());
    for (int i = 0; i < wanted.size(); i++) {
      if (solved.met().get(i) && !gone.contains(wanted.get(i))) {
        learnedSome |=
            lessons.add(
                new Lesson.Together(
                    named(choice), Set.of(wanted.get(i).key()), Optional.of(wanted.get(i))));
      }
    }
    SortedSet<String> atRisk = new TreeSet<>();
    for (Map.Entry<Spot, SortedSet<String>> entry : added(outcome.installed()).entrySet()) {
      Spot spot = entry.getKey();
      Set<String> keys = new TreeSet<>(Set.of(spot.key()));
      if (today.versions(spot.module(), spot.key()).isEmpty()) {
        keys.addAll(vanished(spot.module(), outcome.installed()));
      }
      if (lessons.add(new Lesson.Together(named(choice), keys, Optional.empty()))) {
        learnedSome = true;
        atRisk.addAll(keys);
        SortedMap<Integer, Integer> guilty = touching(choice, Set.of(spot.key()));
        passOver(
            guilty.isEmpty() ? choice : guilty,
            Set.of(spot.key()),
            "it would bring "
                + Sentence.artifact(spot.key())
                + " "
                + String.join(", ", outcome.installed().versions(spot.module(), spot.key()))
                + " with "
                + String.join(", ", entry.getValue()));
      }
    }
    atRisk.removeAll(pinned);
    if (!atRisk.isEmpty()) {
      pinned.addAll(atRisk);
      atRisk.forEach(finder::pin);
      takeLevers(finder.levers());
    }
    return learnedSome;
  }

  /** {@return components of today that a module no longer has: a new one may stand for one} */
  private Set<String> vanished(String module, Installed after) {
    Set<String> keys = new TreeSet<>();
    Optional.ofNullable(today.byModule().get(module))
        .ifPresent(versions ->
            versions.keySet().stream()
                .filter(key -> after.versions(module, key).isEmpty())
                .forEach(keys::add));
    return keys;
  }

  /** {@return whether this is news} */
  private boolean unavailable(SortedMap<Integer, Integer> choice, String failure) {
    String[] parts = failure.split("[: @]", 4);
    Set<String> keys = new TreeSet<>();
    component(failure).ifPresent(keys::add);
    SortedMap<Integer, Integer> guilty = touching(choice, keys);
    Lesson lesson =
        guilty.isEmpty()
            ? new Lesson.Together(named(choice), Set.of(), Optional.empty())
            : new Lesson.Unavailable(keys.iterator().next(), parts[2]);
    boolean news = lessons.add(lesson);
    if (news) {
      passOver(guilty.isEmpty() ? choice : guilty, keys, failure);
    }
    return news;
  }

  /** All breaks of one choice teach at once. */
  private boolean learnFromLinks(SortedMap<Integer, Integer> choice, LeverFinder finder) {
    Trials.Links links = trials.links(edits(choice));
    SortedSet<String> helpers = new TreeSet<>();
    boolean learnedSome = learn(choice, links, helpers);
    if (learnedSome) {
      narrow(choice, links);
    }
    helpers.removeAll(companions);
    if (!helpers.isEmpty() && companions.size() < MAX_COMPANIONS) {
      companions.addAll(helpers);
      helpers.forEach(finder::findCompanion);
      takeLevers(finder.levers());
    }
    return learnedSome;
  }

  private boolean learn(
      SortedMap<Integer, Integer> choice, Trials.Links links, SortedSet<String> helpers) {
    boolean learnedSome = false;
    for (String failure : links.failures()) {
      learnedSome |= unavailable(choice, failure);
    }
    for (LinkageBreak found : telling(links.breaks())) {
      learnedSome |= learn(choice, found, helpers);
    }
    return learnedSome;
  }

  /** Without those that only repeat that a whole jar is for a newer Java. */
  private static List<LinkageBreak> telling(List<LinkageBreak> breaks) {
    Set<String> tooNew = new TreeSet<>();
    for (LinkageBreak each : breaks) {
      if (each.kind() == LinkageBreak.Kind.CLASS_FILE_VERSION && each.cause().others().isEmpty()) {
        tooNew.add(each.cause().holder());
      }
    }
    return breaks.stream()
        .filter(each ->
            each.cause().others().isEmpty()
                || (!tooNew.contains(each.cause().holder())
                    && java.util.Collections.disjoint(tooNew, each.cause().others())))
        .toList();
  }

  /**
   * Where levers went too far up, halving finds how far they may go: all of them at once, so that a
   * component with many releases takes few checks.
   */
  private void narrow(SortedMap<Integer, Integer> choice, Trials.Links links) {
    SortedMap<Integer, Integer> holds = new TreeMap<>();
    SortedMap<Integer, Integer> fails = new TreeMap<>();
    for (int lever : tooFar(choice, links)) {
      fails.put(lever, Optional.ofNullable(choice.get(lever)).orElse(0));
      holds.put(lever, 0);
    }
    while (trials.linked() < MAX_LINKED) {
      SortedMap<Integer, Integer> tried = new TreeMap<>(choice);
      boolean open = false;
      for (int lever : fails.keySet()) {
        int low = Optional.ofNullable(holds.get(lever)).orElse(0);
        int high = Optional.ofNullable(fails.get(lever)).orElse(0);
        int middle = (low + high) >>> 1;
        open |= middle > low;
        if (middle > 0) {
          tried.put(lever, middle);
        } else {
          tried.remove(lever);
        }
      }
      if (!open) {
        return;
      }
      Trials.Links then = trials.links(edits(tried));
      learn(tried, then, new TreeSet<>());
      Set<Integer> still = tooFar(tried, then);
      for (int lever : fails.keySet()) {
        int at = Optional.ofNullable(tried.get(lever)).orElse(0);
        if (still.contains(lever)) {
          fails.put(lever, at);
        } else {
          holds.merge(lever, at, Math::max);
        }
      }
    }
  }

  /** {@return levers that may end some break by going down: those that decide what went up} */
  private Set<Integer> tooFar(SortedMap<Integer, Integer> choice, Trials.Links links) {
    Set<String> risen = new TreeSet<>();
    for (LinkageBreak found : telling(links.breaks())) {
      risen.addAll(found.cause().isNew() ? holder(found) : others(found));
    }
    links.failures().forEach(failure -> component(failure).ifPresent(risen::add));
    Set<Integer> deciding = new TreeSet<>();
    for (String key : risen) {
      SortedMap<Integer, Integer> movers = touching(choice, Set.of(key));
      if (!movers.isEmpty()) {
        deciding.add(movers.firstKey());
      }
    }
    return deciding;
  }

  private static Set<String> holder(LinkageBreak found) {
    Set<String> keys = new TreeSet<>();
    component(found.cause().holder() + ":").ifPresent(keys::add);
    return keys;
  }

  private static Set<String> others(LinkageBreak found) {
    Set<String> keys = new TreeSet<>();
    found.cause().others().forEach(each -> component(each + ":").ifPresent(keys::add));
    return keys;
  }

  /**
   * @param helpers gets the components whose newer releases may not have this break
   */
  private boolean learn(
      SortedMap<Integer, Integer> choice, LinkageBreak found, SortedSet<String> helpers) {
    Set<String> holder = holder(found);
    Set<String> others = others(found);
    Set<String> keys = new TreeSet<>(holder);
    keys.addAll(others);
    if (!lessons.add(lesson(choice, found, holder, others))) {
      return false;
    }
    helpers.addAll(found.cause().isNew() ? others : holder);
    SortedMap<Integer, Integer> guilty = touching(choice, keys);
    SortedMap<Integer, Integer> told = guilty.isEmpty() ? choice : guilty;
    passOver(told, brought(told, keys), Sentence.of(found), Sentence.withPlace(found));
    return true;
  }

  private Lesson lesson(
      SortedMap<Integer, Integer> choice,
      LinkageBreak found,
      Set<String> holder,
      Set<String> others) {
    Installed after = trials.resolve(edits(choice)).installed();
    if (others.isEmpty() && holder.size() == 1 && found.cause().isNew()) {
      String key = holder.iterator().next();
      Optional<String> version = newest(after, key);
      if (version.isPresent() && isMoved(after, key)) {
        return new Lesson.TooHigh(key, version.get());
      }
    }
    if (others.size() == 1) {
      String other = others.iterator().next();
      Optional<String> version = newest(after, other);
      Optional<String> held = holder.stream().findFirst().flatMap(h -> newest(after, h));
      if (version.isPresent() && holder.isEmpty() && isMoved(after, other)) {
        return new Lesson.TooHigh(other, version.get());
      }
      if (version.isPresent() && held.isPresent()) {
        String key = holder.iterator().next();
        if (found.cause().isNew() && isMoved(after, key)) {
          return new Lesson.Apart(other, version.get(), key, held.get());
        }
        if (!found.cause().isNew() && isMoved(after, other)) {
          return new Lesson.Apart(key, held.get(), other, version.get());
        }
      }
    }
    Set<String> keys = new TreeSet<>(holder);
    keys.addAll(others);
    return new Lesson.Together(named(choice), keys, Optional.empty());
  }

  /** {@return the version in all modules together, the newest where there are several} */
  private Optional<String> newest(Installed after, String key) {
    return after.versions(today.byModule().keySet(), key).stream().max(Upgrader.ORDER);
  }

  private boolean isMoved(Installed after, String key) {
    Set<String> modules = today.byModule().keySet();
    return !after.versions(modules, key).equals(today.versions(modules, key));
  }

  /** {@code group:artifact} of {@code group:artifact:...}; a module has none. */
  private static Optional<String> component(String from) {
    String[] parts = from.split(":", -1);
    return parts.length >= 3 ? Optional.of(parts[0] + ":" + parts[1]) : Optional.empty();
  }

  private SortedMap<Integer, Integer> touching(
      SortedMap<Integer, Integer> choice, Set<String> keys) {
    SortedMap<Integer, Integer> touching = new TreeMap<>();
    choice.forEach((lever, option) -> {
      if (effect(lever, option).touches(keys)) {
        touching.put(lever, option);
      }
    });
    return touching;
  }

  private SortedMap<Integer, Integer> numbered(SortedMap<String, String> names) {
    SortedMap<Integer, Integer> choice = new TreeMap<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      String to = names.get(levers.get(lever).id());
      List<Option> options = levers.get(lever).options();
      for (int option = 1; option <= options.size(); option++) {
        if (options.get(option - 1).to().equals(to)) {
          choice.put(lever, option);
        }
      }
    }
    return choice;
  }

  private Clause lower(SortedMap<String, String> names) {
    List<Literal> any = new ArrayList<>();
    numbered(names)
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
    SortedMap<Integer, Integer> choice = numbered(lesson.choice());
    if (lesson.keys().isEmpty() || touching(choice, lesson.keys()).isEmpty()) {
      return not(choice);
    }
    List<Literal> any = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      int chosen = Optional.ofNullable(choice.get(lever)).orElse(0);
      Effect now = effect(lever, chosen);
      for (int option = 0; option <= levers.get(lever).options().size(); option++) {
        if (option != chosen && !effect(lever, option).sameOn(lesson.keys(), now)) {
          any.add(new Literal(lever, option));
        }
      }
    }
    return new Clause(any);
  }

  /**
   * {@return the other levers of the whole that a part of it needs to hold} Empty when it holds by
   * itself, or when nothing says which they are.
   */
  Set<Integer> needs(SortedMap<Integer, Integer> part, SortedMap<Integer, Integer> whole) {
    Set<String> keys = new TreeSet<>();
    Trials.Outcome outcome = trials.resolve(edits(part));
    for (Spot spot : added(outcome.installed()).keySet()) {
      keys.add(spot.key());
      if (today.versions(spot.module(), spot.key()).isEmpty()) {
        keys.addAll(vanished(spot.module(), outcome.installed()));
      }
    }
    outcome.failures().forEach(failure -> component(failure).ifPresent(keys::add));
    Trials.Links links = trials.links(edits(part));
    links.failures().forEach(failure -> component(failure).ifPresent(keys::add));
    links
        .breaks()
        .forEach(found -> {
          keys.addAll(holder(found));
          keys.addAll(others(found));
        });
    Set<Integer> needed = new TreeSet<>(touching(whole, keys).keySet());
    needed.removeAll(part.keySet());
    return needed;
  }

  /** A part that did not pass verification: one of its levers must stay lower. */
  void reject(SortedMap<Integer, Integer> part, String because) {
    if (lessons.add(new Lesson.Rejected(named(part)))) {
      Set<String> keys = new TreeSet<>();
      part.forEach((lever, option) -> keys.addAll(levers.get(lever).subjects()));
      passOver(part, keys, because);
    }
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
  private String name(SortedMap<Integer, Integer> choice) {
    List<String> names = new ArrayList<>();
    choice.forEach((lever, option) -> {
      Option value = levers.get(lever).options().get(option - 1);
      String name = levers.get(lever).shortName(value);
      names.add((name.startsWith("$") ? name : Sentence.artifact(name)) + " " + value.to());
    });
    int shown = Math.min(MAX_NAMED, names.size());
    int more = names.size() - shown;
    return more == 0
        ? String.join(" and ", names)
        : String.join(", ", names.subList(0, shown))
            + " and "
            + more
            + (more == 1 ? " other" : " others");
  }
}
