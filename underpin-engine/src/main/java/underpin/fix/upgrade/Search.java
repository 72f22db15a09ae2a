package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.LeastChange.Choice;
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

  /** Components whose newer releases are looked at only because they stop another upgrade. */
  private static final int MAX_COMPANIONS = 40;

  private final Installed today;
  private final Flaws flaws;
  private final Trials trials;
  private final List<Wanted> wanted;
  private final Levers levers;
  private final NewerJava newerJava;
  private final Set<Lesson> lessons = new LinkedHashSet<>();
  private final List<PassedOver> passedOver = new ArrayList<>();
  private final SortedSet<String> companions = new TreeSet<>();
  private final SortedSet<String> pinned = new TreeSet<>();

  Search(Installed today, Flaws flaws, Trials trials, List<Wanted> wanted) {
    this.today = today;
    this.flaws = flaws;
    this.trials = trials;
    this.wanted = List.copyOf(wanted);
    this.levers = new Levers(today);
    this.newerJava = new NewerJava(trials);
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

  Levers levers() {
    return levers;
  }

  /**
   * {@return what brings this version, as the end of a sentence, and the first new vulnerability
   * that comes with it whatever else moves} Empty when no lever by itself is known to bring it.
   */
  Optional<String> comesWith(String key, String version) {
    for (Literal value : levers.values()) {
      boolean brings =
          levers.effect(value).all().entrySet().stream()
              .anyMatch(e -> e.getKey().key().equals(key) && e.getValue().contains(version));
      if (brings) {
        String with =
            levers.get(value.lever()).versioned().equals(key)
                ? ""
                : "comes with " + levers.describe(choice(value)) + ", which ";
        return Optional.of(
            with
                + firstAdded(value)
                    .orElse(
                        "does not hold with what else must move, or leaves more vulnerabilities"
                            + " in all"));
      }
    }
    return Optional.empty();
  }

  private static SortedMap<Integer, Integer> choice(Literal value) {
    return new TreeMap<>(Map.of(value.lever(), value.option()));
  }

  private boolean canAvoid(int than, Spot spot, String id) {
    return levers.values().stream()
        .filter(value -> value.lever() < than)
        .flatMap(value -> levers.effect(value).at(spot).stream())
        .anyMatch(versions -> !flaws.of(spot.key(), versions).contains(id));
  }

  /** Only what no stronger lever can keep away: else it is not what decides. */
  private Optional<String> firstAdded(Literal value) {
    for (Map.Entry<Spot, SortedSet<String>> entry : levers.effect(value).all().entrySet()) {
      Spot spot = entry.getKey();
      SortedSet<String> fresh = flaws.of(spot.key(), entry.getValue());
      SortedSet<String> now = today.versions(spot.module(), spot.key());
      fresh.removeAll(flaws.of(spot.key(), now));
      fresh.removeIf(id -> canAvoid(value.lever(), spot, id));
      if (!now.isEmpty() && !fresh.isEmpty()) {
        return Optional.of(
            "brings "
                + Sentence.artifact(spot.key())
                + " "
                + String.join(", ", entry.getValue())
                + " with "
                + fresh.first());
      }
    }
    return Optional.empty();
  }

  List<PassedOver> passedOver() {
    return passedOver;
  }

  /**
   * @param finder asked again for components that a lever would make vulnerable
   */
  Result run(LeverFinder finder) {
    levers.take(finder.levers());
    probeUnpredicted(finder);
    boolean more = false;
    for (String key : newlyVulnerable()) {
      finder.find(key);
      more = true;
    }
    if (more) {
      levers.take(finder.levers());
      probeUnpredicted(finder);
    }
    return choose(finder);
  }

  /** {@return the best choice under what was learned so far} */
  Result choose(LeverFinder finder) {
    SortedMap<Integer, Integer> last = new TreeMap<>();
    while (trials.resolved() < MAX_RESOLVED && trials.linked() < MAX_LINKED) {
      Optional<Choice> solved =
          new ChangeProblem(today, flaws, wanted, levers, lessons, newerJava).problem().solve();
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

  private boolean isPredicted(Lever lever) {
    return lever.kind() != Kind.BRINGER
        && lever.kind() != Kind.PARENT
        && !lever.subjects().isEmpty();
  }

  private void probeUnpredicted(LeverFinder finder) {
    for (Literal value : levers.values()) {
      if (!isPredicted(levers.get(value.lever())) && !isForNewerJava(value, finder)) {
        probe(value);
      }
    }
  }

  /** {@return whether something was learned} */
  private boolean probeChoice(SortedMap<Integer, Integer> choice) {
    boolean learnedSome = false;
    for (Map.Entry<Integer, Integer> entry : choice.entrySet()) {
      Literal value = new Literal(entry.getKey(), entry.getValue());
      if (levers.isPin(value)) {
        continue; // Alone it changes nothing.
      }
      Effect predicted = levers.effect(value);
      probe(value);
      learnedSome |= !predicted.sameAs(levers.effect(value));
    }
    return learnedSome;
  }

  /**
   * Before a parent, a BOM or what brings others is resolved: looks at one jar that comes with it,
   * or at none where another version said enough. What is for a newer Java is out by that alone.
   */
  private boolean isForNewerJava(Literal value, LeverFinder finder) {
    if (levers.isProbed(value)) {
      return levers.isOutOfReach(value);
    }
    Lever lever = levers.get(value.lever());
    SortedMap<String, String> brought = finder.brought(lever, levers.option(value).to());
    Optional<String> tooNew =
        brought.entrySet().stream()
            .filter(e -> newerJava.isKnown(e.getKey(), e.getValue()))
            .map(Map.Entry::getKey)
            .findFirst()
            .or(() ->
                telling(lever, brought).filter(k -> newerJava.learn(k, versionOf(brought, k))));
    if (tooNew.isEmpty()) {
      return false;
    }
    levers.outOfReach(value);
    lessons.add(new Lesson.Together(levers.named(choice(value)), Set.of(), Optional.empty()));
    String because = newerJava.sentence(tooNew.get(), versionOf(brought, tooNew.get()));
    passOver(choice(value), brought, because, because);
    return true;
  }

  /** {@return that a version, whoever brings it, is for a newer Java, as the end of a sentence} */
  Optional<String> forNewerJava(String key, String version) {
    return newerJava.told(key, version);
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
    if (newerJava.isKnown(key, version) || trials.newerJava(key, version).isEmpty()) {
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
    newerJava.learn(key, lowest);
    passOver(new TreeMap<>(Map.of(lever, tooNew)), Set.of(key), newerJava.sentence(key, lowest));
    return true;
  }

  private void probe(Literal value) {
    if (levers.isProbed(value)) {
      return;
    }
    SortedMap<Integer, Integer> alone = choice(value);
    Trials.Outcome outcome = trials.resolve(levers.edits(alone));
    if (outcome.failures().isEmpty()) {
      levers.probed(value, new Effect(today.changes(outcome.installed())));
      return;
    }
    levers.probed(value, Effect.NONE);
    passOver(
        alone, new TreeSet<>(levers.get(value.lever()).subjects()), outcome.failures().getFirst());
    lessons.add(new Lesson.Together(levers.named(alone), Set.of(), Optional.empty()));
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
        new PassedOver(
            levers.named(choice).keySet(), versions, levers.describe(choice), sentence, because));
  }

  /** What the levers of a choice, as far as is known of each, bring of some components. */
  private SortedMap<String, String> brought(SortedMap<Integer, Integer> choice, Set<String> keys) {
    SortedMap<String, String> brought = new TreeMap<>();
    keys.forEach(key -> brought.put(key, ""));
    choice.forEach((lever, option) ->
        levers
            .effect(lever, option)
            .all()
            .forEach((spot, versions) -> {
              if (keys.contains(spot.key()) && !versions.isEmpty()) {
                brought.merge(
                    spot.key(),
                    Installed.newest(versions),
                    (a, b) -> a.isEmpty() || Upgrader.ORDER.compare(a, b) < 0 ? b : a);
              }
            }));
    return brought;
  }

  private SortedSet<String> newlyVulnerable() {
    SortedSet<String> keys = new TreeSet<>();
    for (Literal value : levers.values()) {
      levers
          .effect(value)
          .all()
          .forEach((spot, versions) -> {
            if (!today.versions(spot.module(), spot.key()).isEmpty()
                && wanted.stream().noneMatch(w -> w.key().equals(spot.key()))
                && !flaws.of(spot.key(), versions).isEmpty()) {
              keys.add(spot.key());
            }
          });
    }
    return keys;
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

  /** {@return those of the wanted that are gone after} */
  List<Wanted> removedBy(Installed after) {
    List<Wanted> gone = new ArrayList<>();
    for (Wanted one : wanted) {
      boolean left = false;
      for (String module : today.byModule().keySet()) {
        left |=
            today.versions(module, one.key()).contains(one.version())
                && flaws
                    .of(one.key(), after.versions(module, one.key()))
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
          SortedSet<String> fresh = flaws.of(spot.key(), versions);
          fresh.removeAll(flaws.of(spot.key(), today.versions(spot.module(), spot.key())));
          if (!fresh.isEmpty()) {
            added.put(spot, fresh);
          }
        });
    return added;
  }

  private boolean learnFromResolution(
      SortedMap<Integer, Integer> choice, Choice solved, LeverFinder finder) {
    Trials.Outcome outcome = trials.resolve(levers.edits(choice));
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
                    levers.named(choice), Set.of(wanted.get(i).key()), Optional.of(wanted.get(i))));
      }
    }
    SortedSet<String> atRisk = new TreeSet<>();
    for (Map.Entry<Spot, SortedSet<String>> entry : added(outcome.installed()).entrySet()) {
      Spot spot = entry.getKey();
      Set<String> keys = new TreeSet<>(Set.of(spot.key()));
      if (today.versions(spot.module(), spot.key()).isEmpty()) {
        keys.addAll(vanished(spot.module(), outcome.installed()));
      }
      if (lessons.add(new Lesson.Together(levers.named(choice), keys, Optional.empty()))) {
        learnedSome = true;
        atRisk.addAll(keys);
        SortedMap<Integer, Integer> guilty = levers.touching(choice, Set.of(spot.key()));
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
      levers.take(finder.levers());
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
    SortedMap<Integer, Integer> guilty = levers.touching(choice, keys);
    Lesson lesson =
        guilty.isEmpty()
            ? new Lesson.Together(levers.named(choice), Set.of(), Optional.empty())
            : new Lesson.Unavailable(keys.iterator().next(), parts[2]);
    boolean news = lessons.add(lesson);
    if (news) {
      passOver(guilty.isEmpty() ? choice : guilty, keys, failure);
    }
    return news;
  }

  /** All breaks of one choice teach at once. */
  private boolean learnFromLinks(SortedMap<Integer, Integer> choice, LeverFinder finder) {
    Trials.Links links = trials.links(levers.edits(choice));
    SortedSet<String> helpers = new TreeSet<>();
    boolean learnedSome = learn(choice, links, helpers);
    if (learnedSome) {
      narrow(choice, links);
    }
    helpers.removeAll(companions);
    if (!helpers.isEmpty() && companions.size() < MAX_COMPANIONS) {
      companions.addAll(helpers);
      helpers.forEach(finder::findCompanion);
      levers.take(finder.levers());
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
      Trials.Links then = trials.links(levers.edits(tried));
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
      SortedMap<Integer, Integer> movers = levers.touching(choice, Set.of(key));
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
    SortedMap<Integer, Integer> guilty = levers.touching(choice, keys);
    SortedMap<Integer, Integer> told = guilty.isEmpty() ? choice : guilty;
    // It speaks against what came newer, not against what it needed to be newer too.
    Set<String> blamed = found.cause().isNew() ? holder : others;
    passOver(
        told,
        brought(told, blamed.isEmpty() ? keys : blamed),
        Sentence.of(found),
        Sentence.withPlace(found));
    return true;
  }

  private Lesson lesson(
      SortedMap<Integer, Integer> choice,
      LinkageBreak found,
      Set<String> holder,
      Set<String> others) {
    Installed after = trials.resolve(levers.edits(choice)).installed();
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
    return new Lesson.Together(levers.named(choice), keys, Optional.empty());
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

  /**
   * {@return the other levers of the whole that a part of it needs to hold} Empty when it holds by
   * itself, or when nothing says which they are.
   */
  Set<Integer> needs(SortedMap<Integer, Integer> part, SortedMap<Integer, Integer> whole) {
    Set<String> keys = new TreeSet<>();
    Trials.Outcome outcome = trials.resolve(levers.edits(part));
    for (Spot spot : added(outcome.installed()).keySet()) {
      keys.add(spot.key());
      if (today.versions(spot.module(), spot.key()).isEmpty()) {
        keys.addAll(vanished(spot.module(), outcome.installed()));
      }
    }
    outcome.failures().forEach(failure -> component(failure).ifPresent(keys::add));
    Trials.Links links = trials.links(levers.edits(part));
    links.failures().forEach(failure -> component(failure).ifPresent(keys::add));
    links
        .breaks()
        .forEach(found -> {
          keys.addAll(holder(found));
          keys.addAll(others(found));
        });
    Set<Integer> needed = new TreeSet<>(levers.touching(whole, keys).keySet());
    needed.removeAll(part.keySet());
    return needed;
  }

  /** A part that did not pass verification: one of its levers must stay lower. */
  void reject(SortedMap<Integer, Integer> part, String because) {
    if (lessons.add(new Lesson.Rejected(levers.named(part)))) {
      Set<String> keys = new TreeSet<>();
      part.forEach((lever, option) -> keys.addAll(levers.get(lever).subjects()));
      passOver(part, keys, because);
    }
  }

  /** {@return whether a choice resolves, adds no vulnerability and links} */
  boolean holds(SortedMap<Integer, Integer> choice) {
    Trials.Outcome outcome = trials.resolve(levers.edits(choice));
    return outcome.failures().isEmpty()
        && added(outcome.installed()).isEmpty()
        && trials.links(levers.edits(choice)).whole();
  }

  /** Lever by lever: keep what holds and removes more. At most one trial per lever. */
  private SortedMap<Integer, Integer> fallBack(SortedMap<Integer, Integer> last) {
    SortedMap<Integer, Integer> kept = new TreeMap<>();
    int gone = 0;
    for (Integer lever : last.keySet().stream().sorted(Comparator.reverseOrder()).toList()) {
      SortedMap<Integer, Integer> more = new TreeMap<>(kept);
      more.put(lever, last.getOrDefault(lever, 0));
      int now = removedBy(trials.resolve(levers.edits(more)).installed()).size();
      if (now > gone && holds(more)) {
        kept = more;
        gone = now;
      }
    }
    return kept;
  }
}
