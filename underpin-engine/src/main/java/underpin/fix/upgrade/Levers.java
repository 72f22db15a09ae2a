package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.LeastChange.Literal;
import underpin.fix.upgrade.Lever.Option;

/**
 * The levers of a search by number, the strongest first, and what is known of each of their values.
 * Numbers hold until levers are added; what was seen is kept by names.
 */
final class Levers {
  private static final int MAX_NAMED = 2;

  private final Installed today;
  private final List<Lever> levers = new ArrayList<>();

  /** What resolving showed, by lever id and value. */
  private final Map<List<String>, Effect> probed = new HashMap<>();

  private final Map<Literal, Effect> effects = new HashMap<>();

  /** Lever and value: those that a look at one jar ruled out, so that they were never resolved. */
  private final Set<List<String>> outOfReach = new HashSet<>();

  Levers(Installed today) {
    this.today = today;
  }

  /** Takes these in place of all; numbers start afresh. */
  void take(Collection<Lever> found) {
    levers.clear();
    levers.addAll(found);
    levers.sort(
        Comparator.comparing(Lever::kind, Comparator.reverseOrder()).thenComparing(Lever::id));
    effects.clear();
  }

  int count() {
    return levers.size();
  }

  Lever get(int lever) {
    return levers.get(lever);
  }

  Option option(Literal value) {
    return levers.get(value.lever()).options().get(value.option() - 1);
  }

  boolean isPin(Literal value) {
    return levers.get(value.lever()).isPin(value.option());
  }

  /** {@return every value of every lever, without "as it is today"; a snapshot} */
  List<Literal> values() {
    List<Literal> values = new ArrayList<>();
    for (int lever = 0; lever < levers.size(); lever++) {
      for (int option = 1; option <= levers.get(lever).options().size(); option++) {
        values.add(new Literal(lever, option));
      }
    }
    return values;
  }

  /** {@return the other places that a lever can be in, "as it is today" among them} */
  List<Literal> others(int lever, int than) {
    List<Literal> others = new ArrayList<>();
    for (int option = 0; option <= levers.get(lever).options().size(); option++) {
      if (option != than) {
        others.add(new Literal(lever, option));
      }
    }
    return others;
  }

  /** {@return ids of the levers that can move a component} */
  Set<String> moversOf(String key) {
    Set<String> ids = new TreeSet<>();
    for (Literal value : values()) {
      if (effect(value).touches(key)) {
        ids.add(levers.get(value.lever()).id());
      }
    }
    return ids;
  }

  Effect effect(int lever, int option) {
    return effect(new Literal(lever, option));
  }

  /** {@return what moving one lever alone changes} */
  Effect effect(Literal value) {
    return value.option() == 0
        ? Effect.NONE
        : effects.computeIfAbsent(
            value,
            _ -> Optional.ofNullable(probed.get(name(value))).orElseGet(() -> predicted(value)));
  }

  private Effect predicted(Literal value) {
    Lever moved = levers.get(value.lever());
    SortedMap<Spot, SortedSet<String>> effect = new TreeMap<>();
    SortedSet<String> to = new TreeSet<>(Set.of(option(value).to()));
    for (String module : moved.modules()) {
      for (String key : moved.subjects()) {
        SortedSet<String> now = today.versions(module, key);
        if (!now.isEmpty() && (isPin(value) || !now.equals(to))) {
          effect.put(new Spot(module, key), to);
        }
      }
    }
    return new Effect(effect);
  }

  /** Sets down what resolving a value alone showed. */
  void probed(Literal value, Effect effect) {
    probed.put(name(value), effect);
    effects.remove(value);
  }

  boolean isProbed(Literal value) {
    return probed.containsKey(name(value));
  }

  /** Sets down that a look at one jar ruled a value out: it is never resolved. */
  void outOfReach(Literal value) {
    outOfReach.add(name(value));
    probed(value, Effect.NONE);
  }

  boolean isOutOfReach(Literal value) {
    return outOfReach.contains(name(value));
  }

  private List<String> name(Literal value) {
    return List.of(levers.get(value.lever()).id(), option(value).to());
  }

  /** {@return by lever id the value} */
  SortedMap<String, String> named(SortedMap<Integer, Integer> choice) {
    SortedMap<String, String> names = new TreeMap<>();
    choice.forEach((lever, option) -> {
      List<String> name = name(new Literal(lever, option));
      names.put(name.getFirst(), name.getLast());
    });
    return names;
  }

  /** {@return lever number to option number}; names that are no longer there are left out */
  SortedMap<Integer, Integer> numbered(SortedMap<String, String> names) {
    SortedMap<Integer, Integer> choice = new TreeMap<>();
    for (Literal value : values()) {
      if (option(value).to().equals(names.get(levers.get(value.lever()).id()))) {
        choice.put(value.lever(), value.option());
      }
    }
    return choice;
  }

  /** {@return those of a choice that change one of the components} */
  SortedMap<Integer, Integer> touching(SortedMap<Integer, Integer> choice, Set<String> keys) {
    SortedMap<Integer, Integer> touching = new TreeMap<>();
    choice.forEach((lever, option) -> {
      if (effect(lever, option).touches(keys)) {
        touching.put(lever, option);
      }
    });
    return touching;
  }

  List<PomEdit> edits(SortedMap<Integer, Integer> choice) {
    List<PomEdit> edits = new ArrayList<>();
    choice.forEach((lever, option) -> edits.addAll(option(new Literal(lever, option)).edits()));
    return edits;
  }

  /** {@return the choice for people; what many levers do together is not told one by one} */
  String describe(SortedMap<Integer, Integer> choice) {
    List<String> names = new ArrayList<>();
    choice.forEach((lever, option) -> {
      Option value = option(new Literal(lever, option));
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
