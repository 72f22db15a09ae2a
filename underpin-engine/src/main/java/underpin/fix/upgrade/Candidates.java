package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import underpin.fix.upgrade.Upgrader.Size;

/** Which releases of an artifact are worth a try, and in words which were left out. */
final class Candidates {
  /** Lines of releases (1.2.x, 1.3.x, ...) tried per lever; the nearest ones and the newest. */
  private static final int MAX_LINES = 10;

  /** Releases tried of a line that is not today's. */
  private static final int MAX_STEPS = 4;

  /** The same where each value must be resolved to know what it brings. */
  private static final int MAX_PROBED_LINES = 6;

  private final Flaws flaws;
  private final Upgrader.Rules rules;
  private final int javaRelease;
  private final Predicate<String> isPresent;

  /**
   * @param javaRelease feature version that the project runs on
   * @param isPresent whether the project has a component ({@code group:artifact}) today
   */
  Candidates(Flaws flaws, Upgrader.Rules rules, int javaRelease, Predicate<String> isPresent) {
    this.flaws = flaws;
    this.rules = rules;
    this.javaRelease = javaRelease;
    this.isPresent = isPresent;
  }

  /** {@return the newest stable release of each line after one, of the last lines} */
  static Set<String> newest(String after, List<String> releases) {
    ReleaseName now = ReleaseName.of(after);
    SortedMap<String, String> lines = new TreeMap<>(Upgrader.ORDER);
    for (String version : releases.stream().sorted(Upgrader.ORDER).toList()) {
      ReleaseName name = ReleaseName.of(version);
      if (Upgrader.ORDER.compare(version, after) > 0 && now.isOfSameScheme(name)) {
        lines.put(name.number(0) + "." + name.number(1), version);
      }
    }
    return lines.values().stream()
        .skip(Math.max(0, lines.size() - MAX_LINES))
        .collect(Collectors.toSet());
  }

  /** What a lever's value means for the component that it is wanted for. */
  enum Purpose {
    /** The value is its version, and it should have fewer vulnerabilities. */
    FEWER_FLAWS,
    /** The value is its version, and another upgrade needs it. */
    COMPANION,
    /** What a value brings is only known when it is resolved. */
    BRINGER
  }

  /**
   * {@return the values to try, ascending}
   *
   * @param versioned {@code group:artifact} whose releases these are
   * @param subjects components whose version the value is
   * @param note gets what was left out, as sentences
   */
  List<String> of(
      Purpose purpose,
      String versioned,
      List<String> releases,
      String from,
      Set<String> subjects,
      Consumer<String> note) {
    SortedMap<List<Integer>, List<String>> lines = lines(versioned, releases, from, note);
    return switch (purpose) {
      case COMPANION -> companions(lines, from, subjects);
      case FEWER_FLAWS -> best(lines, from, subjects, versioned, note);
      case BRINGER -> newestOfLines(lines, ReleaseName.of(from), versioned, note);
    };
  }

  /** The newer releases that may be taken, by their first two numbers. */
  private SortedMap<List<Integer>, List<String>> lines(
      String versioned, List<String> releases, String from, Consumer<String> note) {
    ReleaseName now = ReleaseName.of(from);
    SortedMap<List<Integer>, List<String>> lines =
        new TreeMap<>((a, b) ->
            a.get(0).equals(b.get(0))
                ? Integer.compare(a.get(1), b.get(1))
                : Integer.compare(a.get(0), b.get(0)));
    int tooLarge = 0;
    for (String version : releases.stream().sorted(Upgrader.ORDER).distinct().toList()) {
      ReleaseName name = ReleaseName.of(version);
      if (Upgrader.ORDER.compare(version, from) <= 0 || !now.mayBecome(name, javaRelease)) {
        continue;
      }
      if (now.sizeTo(name).compareTo(rules.largest()) > 0) {
        tooLarge++;
        continue;
      }
      lines
          .computeIfAbsent(List.of(name.number(0), name.number(1)), _ -> new ArrayList<>())
          .add(version);
    }
    if (tooLarge > 0) {
      note.accept(
          tooLarge
              + " newer versions of "
              + versioned
              + " are more than a "
              + rules.largest().name().toLowerCase(Locale.ROOT)
              + " step away, which the rules do not allow");
    }
    return lines;
  }

  /** The lowest and the newest of the least vulnerable releases of each line. */
  private List<String> best(
      SortedMap<List<Integer>, List<String>> lines,
      String from,
      Set<String> subjects,
      String versioned,
      Consumer<String> note) {
    ToIntFunction<String> score =
        version -> {
          int sum = 0;
          for (String subject : subjects) {
            sum += flaws.of(subject, version).size();
          }
          return sum;
        };
    int now = Math.max(score.applyAsInt(from), 1);
    List<String> chosen = new ArrayList<>();
    List<List<String>> useful = new ArrayList<>();
    SortedSet<String> wouldAdd = new TreeSet<>();
    for (List<String> whole : lines.values()) {
      List<String> line = new ArrayList<>();
      for (String version : whole) {
        SortedSet<String> fresh = fresh(subjects, from, version);
        if (fresh.isEmpty()) {
          line.add(version);
        } else {
          wouldAdd.addAll(fresh);
        }
      }
      List<String> steps = steps(line, now, score);
      if (!steps.isEmpty()) {
        useful.add(steps);
      }
    }
    for (int i = 0; i < useful.size(); i++) {
      if (i < MAX_LINES - 2 || i >= useful.size() - 2) {
        List<String> steps = useful.get(i);
        int first = i == 0 ? 0 : Math.max(0, steps.size() - MAX_STEPS);
        chosen.addAll(steps.subList(first, steps.size()));
      }
    }
    if (!wouldAdd.isEmpty()) {
      note.accept(
          "releases of "
              + versioned
              + " that would add a vulnerability were left out ("
              + String.join(", ", wouldAdd)
              + ")");
    }
    if (useful.size() > MAX_LINES) {
      note.accept(
          (useful.size() - MAX_LINES)
              + " of "
              + useful.size()
              + " release lines of "
              + versioned
              + " were left out");
    }
    if (useful.isEmpty()) {
      note.accept(
          lines.isEmpty()
              ? "there is no newer release of " + versioned + " that may be taken"
              : "no newer release of " + versioned + " has fewer vulnerabilities");
    }
    return chosen;
  }

  /**
   * The newest release of each line of this major that adds no vulnerability; the nearest and the
   * last lines. A major step only for the sake of another component is more than it is worth.
   */
  private List<String> companions(
      SortedMap<List<Integer>, List<String>> lines, String from, Set<String> subjects) {
    List<String> newest = new ArrayList<>();
    for (List<String> line : lines.values()) {
      line.reversed().stream()
          .filter(version -> ReleaseName.of(from).sizeTo(ReleaseName.of(version)) != Size.MAJOR)
          .filter(version -> fresh(subjects, from, version).isEmpty())
          .findFirst()
          .ifPresent(newest::add);
    }
    return newest.size() <= MAX_LINES
        ? newest
        : Stream.concat(
                newest.subList(0, MAX_LINES - 2).stream(),
                newest.subList(newest.size() - 2, newest.size()).stream())
            .toList();
  }

  /** Vulnerabilities that the subjects do not have today and would have at a version. */
  private SortedSet<String> fresh(Set<String> subjects, String from, String version) {
    SortedSet<String> fresh = new TreeSet<>();
    for (String subject : subjects) {
      if (isPresent.test(subject)) {
        SortedSet<String> ids = new TreeSet<>(flaws.of(subject, version));
        ids.removeAll(flaws.of(subject, from));
        fresh.addAll(ids);
      }
    }
    return fresh;
  }

  /**
   * The releases of a line that have fewer vulnerabilities than every one before them, and the
   * newest that has as few as the best: the lower ones are for when the best does not link.
   */
  private static List<String> steps(List<String> line, int now, ToIntFunction<String> score) {
    List<String> steps = new ArrayList<>();
    int least = now;
    String newest = "";
    for (String version : line) {
      int count = score.applyAsInt(version);
      if (count < least) {
        least = count;
        steps.add(version);
      }
      if (count == least && count < now) {
        newest = version;
      }
    }
    if (!steps.isEmpty() && !steps.getLast().equals(newest)) {
      steps.add(newest);
    }
    return steps;
  }

  /** The newest release of each line: of this major all, of each later one the last line. */
  private List<String> newestOfLines(
      SortedMap<List<Integer>, List<String>> lines,
      ReleaseName now,
      String versioned,
      Consumer<String> note) {
    List<String> same = new ArrayList<>();
    SortedMap<Integer, String> later = new TreeMap<>();
    lines.forEach((line, versions) -> {
      if (line.getFirst() == now.number(0)) {
        same.add(versions.getLast());
      } else {
        later.put(line.getFirst(), versions.getLast());
      }
    });
    List<String> chosen = new ArrayList<>();
    int room = MAX_PROBED_LINES - Math.min(2, later.size());
    for (int i = 0; i < same.size(); i++) {
      if (i == 0 || i >= same.size() - room + 1) {
        chosen.add(same.get(i));
      }
    }
    later.values().stream().limit(2).forEach(chosen::add);
    note.accept("of each release line of " + versioned + " only the newest was tried");
    return chosen;
  }
}
