package underpin.reach.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells which classes a package took from elsewhere: those that a package of another group has too,
 * under any name of their package, where that one is more likely where they come from.
 *
 * <p>Folders of two packages are the same code where classes of the same name have the same members
 * ({@link Members}); a coincidence has few. Whose the code is follows from names first: the folder
 * is called more like one of the two ({@code com/google/common} in a jar of Sling); words that many
 * packages are called by count less. Else the package that is mostly made of the code is its owner.
 * Where both are, one is the other under a new name, and both own it; where neither is, nobody can
 * tell.
 */
final class Owners {
  /** So many members must be the same in all; a few are by chance. */
  private static final int LEAST_SAME = 12;

  /** Which part of the classes of the same names must have the same members. */
  private static final double LEAST_SAME_SHARE = 0.3;

  /** Beside so many classes that were taken, the rest of their folder was too. */
  private static final double WHOLE_FOLDER = 0.5;

  /** Beside so many classes below a folder that were taken, the rest of them was too. */
  private static final double MOST_OF_TREE = 0.8;

  /** How much more a folder must be called like one package than like the other. */
  private static final double CLEARLY = 1.5;

  /** A difference that words make which next to all packages are called by. */
  private static final double LEAST_FIT = 0.1;

  private static final double MOSTLY = 0.5;

  /** What is left of a package that took all, as a part of it. */
  private static final double NOTHING_LEFT = 0.05;

  /** Classes by folder; of a package with many releases those of all. */
  private static final class Content {
    final String name;
    final Map<String, Map<String, Set<Long>>> folders = new HashMap<>();
    int most;

    Content(String name) {
      this.name = name;
    }
  }

  /** Where a class of some name and members lies. */
  private record Place(Content content, String folder) {}

  private final Map<String, Content> contents = new TreeMap<>();
  private final Map<String, Set<Place>> places = new HashMap<>();
  private final Map<String, Set<String>> words = new HashMap<>();
  private final Map<String, List<Map<String, Members>>> releases = new HashMap<>();
  private final Map<String, Set<String>> folders = new HashMap<>();
  private final Map<String, Set<String>> split = new HashMap<>();
  private final Map<String, Boolean> kin = new HashMap<>();

  /**
   * Adds one release of a package.
   *
   * @param classes its outermost classes, by entry name
   */
  void add(String packageName, Map<String, Members> classes) {
    Content content = contents.computeIfAbsent(packageName, Content::new);
    content.most = Math.max(content.most, classes.size());
    releases.computeIfAbsent(packageName, _ -> new ArrayList<>()).add(classes);
    classes.forEach((entry, members) -> {
      String folder = folder(entry);
      content
          .folders
          .computeIfAbsent(folder, _ -> new HashMap<>())
          .computeIfAbsent(simple(entry), _ -> new HashSet<>())
          .add(members.all());
      places
          .computeIfAbsent(key(entry, members), _ -> new HashSet<>())
          .add(new Place(content, folder));
    });
    for (String word : words(packageName)) {
      words.computeIfAbsent(word, _ -> new HashSet<>()).add(group(packageName));
    }
  }

  /**
   * {@return entry names of the classes that a release of a package took from elsewhere} A folder
   * that was taken in one release is in the others too: these have other releases of its owner,
   * which need not be at hand.
   */
  Set<String> taken(String packageName, Map<String, Members> classes) {
    Set<String> ofAll =
        folders.computeIfAbsent(
            packageName,
            name -> {
              Set<String> whole = new HashSet<>();
              releases
                  .getOrDefault(name, List.of())
                  .forEach(one -> whole.addAll(whole(one.keySet(), here(name, one))));
              return whole;
            });
    Set<String> taken = here(packageName, classes);
    classes.keySet().stream().filter(e -> ofAll.contains(folder(e))).forEach(taken::add);
    return classes.size() - taken.size() <= NOTHING_LEFT * classes.size() ? Set.of() : taken;
  }

  /** The folders of which all was taken. */
  private static Set<String> whole(Set<String> entries, Set<String> taken) {
    Set<String> whole = new HashSet<>();
    taken.forEach(entry -> whole.add(folder(entry)));
    entries.stream().filter(e -> !taken.contains(e)).forEach(e -> whole.remove(folder(e)));
    return whole;
  }

  /** As far as this release tells. */
  private Set<String> here(String packageName, Map<String, Members> classes) {
    Map<String, List<String>> byFolder = new TreeMap<>();
    classes
        .keySet()
        .forEach(e -> byFolder.computeIfAbsent(folder(e), _ -> new ArrayList<>()).add(e));
    Map<Content, Map<String, Set<String>>> shared = new HashMap<>();
    byFolder.forEach((folder, entries) ->
        same(packageName, entries, classes)
            .forEach((place, some) ->
                shared
                    .computeIfAbsent(place.content(), _ -> new TreeMap<>())
                    .computeIfAbsent(folder + " " + place.folder(), _ -> new TreeSet<>())
                    .addAll(some)));
    Set<String> taken = new TreeSet<>();
    shared.forEach((other, folders) -> {
      Set<String> all = new HashSet<>();
      Set<String> there = new HashSet<>();
      folders.forEach((pair, entries) -> {
        all.addAll(entries);
        entries.forEach(e -> there.add(pair.substring(pair.indexOf(' ') + 1) + "/" + simple(e)));
      });
      double here = (double) all.size() / Math.max(1, classes.size());
      double elsewhere = Math.min(1, (double) there.size() / Math.max(1, other.most));
      folders.forEach((pair, entries) -> {
        String folder = pair.substring(0, pair.indexOf(' '));
        String otherFolder = pair.substring(pair.indexOf(' ') + 1);
        if (isTaken(packageName, folder, here, other.name, otherFolder, elsewhere)) {
          List<String> whole = byFolder.getOrDefault(folder, List.of());
          taken.addAll(entries.size() >= WHOLE_FOLDER * whole.size() ? whole : entries);
        }
      });
    });
    if (classes.size() - taken.size() <= NOTHING_LEFT * classes.size()) {
      return new TreeSet<>();
    }
    addTrees(packageName, classes.keySet(), taken);
    return taken;
  }

  /** Adds what lies beneath a folder of which most was taken, and which has a name of its own. */
  private void addTrees(String packageName, Set<String> entries, Set<String> taken) {
    Map<String, Integer> all = new HashMap<>();
    entries.forEach(entry -> above(entry).forEach(tree -> all.merge(tree, 1, Integer::sum)));
    Map<String, Integer> some = new HashMap<>();
    taken.forEach(entry -> above(entry).forEach(tree -> some.merge(tree, 1, Integer::sum)));
    Set<String> own = words(packageName);
    some.entrySet()
        .removeIf(one ->
            one.getValue() < MOST_OF_TREE * all.getOrDefault(one.getKey(), 0)
                || own.contains(simple(one.getKey()).toLowerCase(Locale.ROOT)));
    entries.stream()
        .filter(entry -> above(entry).stream().anyMatch(some::containsKey))
        .forEach(taken::add);
  }

  private static List<String> above(String entry) {
    List<String> above = new ArrayList<>();
    for (String tree = folder(entry); !tree.isEmpty(); tree = folder(tree)) {
      above.add(tree);
    }
    return above;
  }

  /** The classes of one folder that lie elsewhere too, by where. */
  private Map<Place, List<String>> same(
      String packageName, List<String> entries, Map<String, Members> classes) {
    Map<Place, Integer> members = new HashMap<>();
    Map<Place, Integer> same = new HashMap<>();
    for (String entry : entries) {
      Members one = classes.get(entry);
      if (one == null || one.count() == 0) {
        continue;
      }
      for (Place place : places.getOrDefault(key(entry, one), Set.of())) {
        if (!kin.computeIfAbsent(
            packageName + " " + place.content().name,
            _ -> isKin(packageName, place.content().name))) {
          members.merge(place, one.count(), Integer::sum);
          same.merge(place, 1, Integer::sum);
        }
      }
    }
    Map<Place, List<String>> shared = new HashMap<>();
    members.forEach((place, count) -> {
      Map<String, Set<Long>> there = place.content().folders.getOrDefault(place.folder(), Map.of());
      List<String> named = entries.stream().filter(e -> there.containsKey(simple(e))).toList();
      if (count >= LEAST_SAME && same.getOrDefault(place, 0) >= LEAST_SAME_SHARE * named.size()) {
        shared.put(place, named);
      }
    });
    return shared;
  }

  private boolean isTaken(
      String name, String folder, double here, String other, String otherFolder, double elsewhere) {
    double fit = fit(folder, name);
    double otherFit = fit(folder, other);
    if (otherFit > CLEARLY * fit + LEAST_FIT) {
      return true;
    }
    if (fit(otherFolder, name) > CLEARLY * fit(otherFolder, other) + LEAST_FIT) {
      return false;
    }
    return here < MOSTLY && elsewhere >= MOSTLY;
  }

  /** How much a folder is called like a package. */
  private double fit(String folder, String packageName) {
    Set<String> parts = words(folder);
    return words(packageName).stream()
        .filter(parts::contains)
        .mapToDouble(word -> 1.0 / Math.max(1, words.getOrDefault(word, Set.of()).size()))
        .sum();
  }

  private Set<String> words(String name) {
    return split.computeIfAbsent(name, Owners::split);
  }

  private static Set<String> split(String name) {
    return new HashSet<>(List.of(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")));
  }

  private static String group(String packageName) {
    return packageName.substring(0, packageName.indexOf(':'));
  }

  /**
   * {@return whether two packages are of one project, as far as their names tell: one group is or
   * holds the other, or one was published as the other, under another group}
   */
  static boolean isKin(String one, String other) {
    String a = group(one) + ".";
    String b = group(other) + ".";
    Set<String> words = artifact(one);
    Set<String> others = artifact(other);
    Set<String> both = new HashSet<>(words);
    both.retainAll(others);
    return a.startsWith(b)
        || b.startsWith(a)
        || 2 * both.size() >= words.size() + others.size() - both.size();
  }

  /** Its words, without numbers: commons-collections4 is commons-collections. */
  private static Set<String> artifact(String packageName) {
    Set<String> words =
        split(packageName.substring(packageName.indexOf(':') + 1).replaceAll("[0-9]+", " "));
    words.remove("");
    return words;
  }

  private static String folder(String entry) {
    return entry.substring(0, Math.max(0, entry.lastIndexOf('/')));
  }

  private static String simple(String entry) {
    return entry.substring(entry.lastIndexOf('/') + 1);
  }

  private static String key(String entry, Members members) {
    return Presence.name(entry) + " " + members.all();
  }
}
