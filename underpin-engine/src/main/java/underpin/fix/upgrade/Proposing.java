package underpin.fix.upgrade;

import static java.util.Collections.disjoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Patch;
import underpin.cases.Patch.Considered;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.PatchSet.Pair;
import underpin.cases.PatchSet.Part;
import underpin.cases.PatchSet.Release;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.Lever.Kind;
import underpin.fix.upgrade.Lever.Option;
import underpin.fix.upgrade.Search.PassedOver;
import underpin.fix.upgrade.Search.Wanted;
import underpin.fix.upgrade.Upgrader.Declined;
import underpin.fix.upgrade.Upgrader.Proposal;
import underpin.maven.Resolution;
import underpin.program.NamedFiles;
import underpin.version.Ecosystem;

/** One proposal: from the cases to the parts of the patch and the reasons for what is left. */
final class Proposing {
  private static final int MAX_CONSIDERED = 40;

  private final Resolution before;
  private final List<Case> cases;
  private final Sites sites;
  private final Trials trials;
  private final Releases releases;
  private final Flaws flaws;
  private final Upgrader.Rules rules;
  private final List<Release> backports;
  private final Installed today;
  private final SortedMap<String, List<Case>> byWanted = new TreeMap<>();
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Case> elsewhere = new ArrayList<>();

  Proposing(
      Resolution before,
      List<Case> cases,
      Sites sites,
      Trials trials,
      Releases releases,
      Flaws flaws,
      Upgrader.Rules rules,
      List<Release> backports) {
    this.before = before;
    this.cases = List.copyOf(cases);
    this.sites = sites;
    this.trials = trials;
    this.releases = releases;
    this.flaws = flaws;
    this.rules = rules;
    this.backports = List.copyOf(backports);
    this.today = Installed.of(before);
  }

  Proposal propose() {
    for (Case one : cases) {
      Component component = Upgrader.carrier(one.component()).orElse(one.component());
      boolean here =
          component.ecosystem().equals(Ecosystem.MAVEN)
              && today
                  .versions(today.byModule().keySet(), component.name())
                  .contains(component.version());
      if (here) {
        Wanted want = new Wanted(component.name(), component.version(), one.vulnerability().id());
        if (!wanted.contains(want)) {
          wanted.add(want);
        }
        byWanted.computeIfAbsent(id(want), _ -> new ArrayList<>()).add(one);
      } else {
        elsewhere.add(one);
      }
    }
    LeverFinder finder =
        new LeverFinder(
            sites, before, releases, flaws, Upgrader.ORDER, rules, trials.javaRelease());
    SortedSet<String> keys = new TreeSet<>();
    wanted.forEach(w -> keys.add(w.key()));
    keys.forEach(finder::find);
    Search search = new Search(today, flaws, trials, wanted);
    return proposal(
        search,
        finder,
        wanted.isEmpty() ? new Search.Result(new TreeMap<>(), true) : search.run(finder));
  }

  private Proposal proposal(Search search, LeverFinder finder, Search.Result result) {
    SortedMap<Integer, Integer> choice = withoutNeedless(search, result.choice());
    List<SortedMap<Integer, Integer>> groups = parts(search, choice);
    SortedMap<String, SortedMap<Integer, Integer>> groupOf = new TreeMap<>();

    List<Part> parts = new ArrayList<>();
    SortedMap<String, PartEdits> editsOf = new TreeMap<>();
    Set<Wanted> removed = new LinkedHashSet<>();
    for (SortedMap<Integer, Integer> group : groups) {
      String kind = taken(search.levers().edits(group)).isEmpty() ? "upgrade" : "backport";
      String id = "%s-%02d".formatted(kind, parts.size() + 1);
      Installed after = trials.resolve(search.levers().edits(group)).installed();
      List<Wanted> gone = search.removedBy(after);
      removed.addAll(gone);
      groupOf.put(id, group);
      editsOf.put(id, new PartEdits(search.levers().edits(group), renamed(search, group)));
      parts.add(part(id, search, finder, group, after, gone, result.proven()));
    }
    Map<String, Declined> declined = new HashMap<>();
    for (Wanted one : wanted) {
      if (!removed.contains(one)) {
        Declined why = declined(one, search, finder);
        Optional.ofNullable(byWanted.get(id(one)))
            .orElse(List.of())
            .forEach(c -> declined.put(c.id(), why));
      }
    }
    for (Case one : elsewhere) {
      declined.put(one.id(), declinedElsewhere(one));
    }
    return new Proposal(
        new PatchSet(
            parts,
            chosen -> compose(editsOf, chosen),
            search.levers().edits(choice).isEmpty()
                ? List.of()
                : taken(search.levers().edits(choice))),
        declined,
        failed -> {
          failed.forEach((part, because) ->
              search.reject(
                  Optional.ofNullable(groupOf.get(part))
                      .orElseThrow(() -> new IllegalArgumentException("No part is called " + part)),
                  because));
          return proposal(search, finder, search.choose(finder));
        });
  }

  private static String id(Wanted one) {
    return one.key() + ":" + one.version() + " " + one.vulnerabilityId();
  }

  /**
   * @param poms changes of POMs
   * @param renamed changes of other files, which name what lies in a jar
   */
  private record PartEdits(List<PomEdit> poms, List<NamedFiles.Renamed> renamed) {}

  private List<NamedFiles.Renamed> renamed(Search search, SortedMap<Integer, Integer> group) {
    return trials.links(search.levers().edits(group)).renamed();
  }

  private List<FileChange> compose(SortedMap<String, PartEdits> editsOf, Set<String> chosen) {
    List<PomEdit> edits = new ArrayList<>();
    Set<NamedFiles.Renamed> renamed = new LinkedHashSet<>();
    for (String id : new TreeSet<>(chosen)) {
      PartEdits part =
          Optional.ofNullable(editsOf.get(id))
              .orElseThrow(() -> new IllegalArgumentException("No part is called " + id));
      edits.addAll(part.poms());
      renamed.addAll(part.renamed());
    }
    try {
      List<FileChange> changes = new ArrayList<>();
      for (PomText after : trials.editor().apply(edits).values()) {
        changes.add(
            new FileChange(
                after.file(), trials.editor().today(after.file()).bytes(), after.bytes()));
      }
      changes.addAll(PathEditor.apply(before.reactor().root(), renamed));
      for (Release release : taken(edits)) {
        changes.addAll(release.files());
      }
      return changes;
    } catch (PomTextException e) {
      throw new IllegalStateException("An edit that was tried before fails now", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the releases of our own that edits bring in} */
  private List<Release> taken(List<PomEdit> edits) {
    Installed after = trials.resolve(edits).installed();
    return backports.stream()
        .filter(each ->
            after
                .versions(after.byModule().keySet(), each.component().name())
                .contains(each.component().version()))
        .toList();
  }

  /** Leaves out what reality shows to be needless, the greatest effort first. */
  private SortedMap<Integer, Integer> withoutNeedless(
      Search search, SortedMap<Integer, Integer> choice) {
    SortedMap<Integer, Integer> kept = choice;
    if (choice.size() < 2) {
      return kept;
    }
    List<Wanted> all = search.removedBy(trials.resolve(search.levers().edits(choice)).installed());
    for (Integer lever : choice.keySet().stream().sorted().toList()) {
      SortedMap<Integer, Integer> fewer = new TreeMap<>(kept);
      fewer.remove(lever);
      if (!fewer.isEmpty()
          && search.removedBy(trials.resolve(search.levers().edits(fewer)).installed()).equals(all)
          && search.holds(fewer)) {
        kept = fewer;
      }
    }
    return kept;
  }

  /**
   * The finest parts that hold one without another: each lever by itself, joined with what it needs
   * to hold, and with what it takes to remove a vulnerability.
   */
  private List<SortedMap<Integer, Integer>> parts(
      Search search, SortedMap<Integer, Integer> choice) {
    List<SortedMap<Integer, Integer>> parts = new ArrayList<>();
    choice.forEach((lever, option) -> parts.add(new TreeMap<>(Map.of(lever, option))));
    for (int i = 0; parts.size() > 1 && i < parts.size(); i++) {
      if (!search.holds(parts.get(i))) {
        Set<Integer> needed = search.needs(parts.get(i), choice);
        join(parts, parts.get(i), needed.isEmpty() ? choice.keySet() : needed);
        i = -1;
      }
    }
    for (Wanted one : search.removedBy(trials.resolve(search.levers().edits(choice)).installed())) {
      boolean single =
          parts.stream()
              .anyMatch(p ->
                  search
                      .removedBy(trials.resolve(search.levers().edits(p)).installed())
                      .contains(one));
      if (!single) {
        Set<Integer> movers = new TreeSet<>();
        choice.forEach((lever, option) -> {
          if (search.levers().effect(lever, option).touches(one.key())) {
            movers.add(lever);
          }
        });
        join(parts, new TreeMap<>(), movers.isEmpty() ? choice.keySet() : movers);
      }
    }
    parts.sort(Comparator.comparing(SortedMap::firstKey));
    return parts;
  }

  /** Makes one part of this one and of all that have one of the levers. */
  private static void join(
      List<SortedMap<Integer, Integer>> parts, SortedMap<Integer, Integer> one, Set<Integer> with) {
    SortedMap<Integer, Integer> joined = new TreeMap<>(one);
    List<SortedMap<Integer, Integer>> rest = new ArrayList<>();
    for (SortedMap<Integer, Integer> part : parts) {
      if (part.equals(one) || !disjoint(part.keySet(), with)) {
        joined.putAll(part);
      } else {
        rest.add(part);
      }
    }
    parts.clear();
    parts.addAll(rest);
    parts.add(joined);
  }

  /** Components with cases that a choice moves. */
  private SortedSet<String> wantedKeys(Search search, SortedMap<Integer, Integer> choice) {
    SortedSet<String> keys = new TreeSet<>();
    choice.forEach((lever, option) ->
        search
            .levers()
            .effect(lever, option)
            .all()
            .keySet()
            .forEach(spot -> {
              if (wanted.stream().anyMatch(w -> w.key().equals(spot.key()))) {
                keys.add(spot.key());
              }
            }));
    return keys;
  }

  private Part part(
      String id,
      Search search,
      LeverFinder finder,
      SortedMap<Integer, Integer> group,
      Installed after,
      List<Wanted> gone,
      boolean proven) {
    List<String> summary = new ArrayList<>();
    Set<Patch.VersionChange> changes = new LinkedHashSet<>();
    group.forEach((number, option) -> {
      Lever lever = search.levers().get(number);
      String to = lever.options().get(option - 1).to();
      summary.add(
          lever.kind().word()
              + " "
              + lever.shortName(lever.options().get(option - 1))
              + (lever.isPin(option) ? " stays " : " " + lever.from() + " → ")
              + to);
      if (lever.isPin(option)) {
        return;
      }
      if (lever.kind() == Kind.PARENT || lever.name().matches("[^$ ]+:[^$ ]+")) {
        changes.add(new Patch.VersionChange(lever.name(), lever.from(), to));
      }
    });
    SortedMap<String, Patch.VersionChange> moved = new TreeMap<>();
    for (Map.Entry<Spot, SortedSet<String>> entry : today.changes(after).entrySet()) {
      String key = entry.getKey().key();
      boolean vulnerable = gone.stream().anyMatch(w -> w.key().equals(key));
      if (vulnerable) {
        for (String from : today.versions(entry.getKey().module(), key)) {
          moved.putIfAbsent(
              key + " " + from,
              new Patch.VersionChange(key, from, String.join(", ", entry.getValue())));
        }
      }
    }
    changes.addAll(moved.values());
    List<Patch.Edit> edits = new ArrayList<>();
    try {
      for (PomEdit edit : search.levers().edits(group)) {
        edits.add(trials.editor().describe(edit));
      }
      renamed(search, group).forEach(each -> edits.add(PathEditor.describe(each)));
    } catch (PomTextException e) {
      throw new IllegalStateException("An edit that was tried before fails now", e);
    }
    List<Pair> removes = new ArrayList<>();
    for (Wanted one : gone) {
      for (Case each : Optional.ofNullable(byWanted.get(id(one))).orElse(List.of())) {
        removes.add(new Pair(each.component(), each.vulnerability().id()));
      }
    }
    SortedSet<String> keys = wantedKeys(search, group);
    Set<String> ids = new TreeSet<>();
    group.keySet().forEach(lever -> ids.add(search.levers().get(lever).id()));
    List<PassedOver> passed =
        search.passedOver().stream()
            .filter(p -> !disjoint(p.keys(), keys) || !disjoint(p.levers(), ids))
            .toList();
    List<Considered> considered = new ArrayList<>(considered(passed));
    considered.addAll(others(search, group, gone.size()));
    keys.forEach(key -> considered.addAll(notes(key, finder)));
    if (!proven) {
      considered.add(
          new Considered("", "Not proven minimal: the search stopped at its limit of trials"));
    }
    String all = String.join("; ", summary);
    List<Considered> shown = considered.stream().distinct().limit(MAX_CONSIDERED).toList();
    return new Part(
        id,
        taken(search.levers().edits(group)).isEmpty()
            ? new Patch.Upgrade(id, all, List.copyOf(changes), edits, shown)
            : new Patch.Backport(id, all, List.copyOf(changes), edits, shown),
        removes);
  }

  /** The other values of this part's levers and what they alone would have removed. */
  private List<Considered> others(Search search, SortedMap<Integer, Integer> group, int chosen) {
    List<Considered> texts = new ArrayList<>();
    group.forEach((number, option) -> {
      Lever lever = search.levers().get(number);
      for (int other = 1; other <= lever.options().size(); other++) {
        Option value = lever.options().get(other - 1);
        SortedMap<Integer, Integer> single = new TreeMap<>(Map.of(number, other));
        if (other != option
            && lever.kind() == Kind.PARENT
            && !search.levers().isOutOfReach(new LeastChange.Literal(number, other))) {
          int gone =
              search.removedBy(trials.resolve(search.levers().edits(single)).installed()).size();
          texts.add(
              new Considered(
                  Sentence.artifact(lever.versioned()) + " " + value.to(),
                  "would remove "
                      + gone
                      + " vulnerable pairs by itself; this part removes "
                      + chosen));
        }
      }
    });
    return texts;
  }

  /** Each reason once, with all that it holds for. */
  private static List<Considered> considered(List<PassedOver> passed) {
    SequencedMap<String, SequencedSet<String>> byReason = new LinkedHashMap<>();
    passed.forEach(each ->
        byReason.computeIfAbsent(each.because(), _ -> new LinkedHashSet<>()).add(each.what()));
    List<Considered> considered = new ArrayList<>();
    byReason.forEach((because, versions) ->
        considered.add(new Considered(String.join(", ", versions), because)));
    return considered;
  }

  private static List<Considered> notes(String key, LeverFinder finder) {
    return finder.notes(key).stream().map(note -> new Considered("", note)).toList();
  }

  private Declined declined(Wanted one, Search search, LeverFinder finder) {
    Set<String> movers = search.levers().moversOf(one.key());
    // The nearest tried first: the later, the nearer.
    List<PassedOver> all = search.passedOver().reversed();
    List<PassedOver> ofIt = all.stream().filter(p -> p.keys().contains(one.key())).toList();
    List<PassedOver> passed =
        ofIt.isEmpty() ? all.stream().filter(p -> !disjoint(p.levers(), movers)).toList() : ofIt;
    int colon = one.key().indexOf(':');
    List<String> released =
        releases.versions(one.key().substring(0, colon), one.key().substring(colon + 1));
    List<String> newer =
        released.stream()
            .filter(v -> Upgrader.ORDER.compare(v, one.version()) > 0)
            .sorted(Upgrader.ORDER)
            .toList();
    List<String> clean =
        newer.stream()
            .filter(v ->
                ReleaseName.of(one.version()).mayBecome(ReleaseName.of(v), trials.javaRelease()))
            .filter(v -> !flaws.of(one.key(), v).contains(one.vulnerabilityId()))
            .toList();
    List<Considered> considered = new ArrayList<>();
    if (released.isEmpty()) {
      considered.addAll(notes(one.key(), finder));
      return declined(
          "No repository at hand lists the versions of " + one.key(),
          "Run it with the network, or with a mirror that has the artifact's metadata",
          considered);
    }
    Optional<Case> embedded =
        Optional.ofNullable(byWanted.get(id(one))).orElse(List.of()).stream()
            .filter(each -> Upgrader.carrier(each.component()).isPresent())
            .findFirst();
    if (clean.isEmpty() && embedded.isPresent()) {
      considered.addAll(notes(one.key(), finder));
      return declined(
          noneWithout(one, embedded.get().component(), newer),
          "A release of %s without this code, or another library in its place".formatted(one.key()),
          considered);
    }
    if (clean.isEmpty()) {
      considered.addAll(notes(one.key(), finder));
      return declined(noneFixed(one, newer), "Another library in its place", considered);
    }
    Optional<String> best = clean.stream().filter(v -> addsNone(one, v)).findFirst();
    String nearest = best.orElse(clean.getFirst());
    String release =
        Sentence.artifact(one.key())
            + " "
            + nearest
            + (nearest.equals(clean.getFirst())
                ? ", the nearest release without it, "
                : ", the nearest release without it or a new one, ");
    Optional<String> newerJava = search.forNewerJava(one.key(), nearest);
    Optional<PassedOver> decided = decided(one.key(), nearest, passed);
    considered.addAll(considered(passed));
    considered.addAll(notes(one.key(), finder));
    if (newerJava.isPresent()) {
      return declined(release + newerJava.get(), "A newer Java for the project", considered);
    }
    if (decided.isPresent()) {
      String because = release + doesNotHold(one.key(), nearest, decided.get(), search);
      considered.removeIf(each -> each.because().equals(decided.get().because()));
      if (!Sentence.cut(because).contains(decided.get().because())) {
        considered.addFirst(new Considered(decided.get().what(), decided.get().because()));
      }
      return declined(
          because,
          "A version of what stands in the way that works with " + one.key() + " " + nearest,
          considered);
    }
    Optional<String> rule =
        finder.notes(one.key()).stream().filter(note -> note.contains("rules")).findFirst();
    return declined(
        release
            + "exists, but "
            + rule.orElse("no edit of the project's own files was found that brings it in"),
        rule.isPresent()
            ? "Rules that allow it"
            : "A version of " + one.key() + " declared in the project's own POM",
        considered);
  }

  private boolean addsNone(Wanted one, String version) {
    return flaws.of(one.key(), one.version()).containsAll(flaws.of(one.key(), version));
  }

  private static Declined declined(String because, String wouldHelp, List<Considered> considered) {
    String sentence = Sentence.cut(because);
    return new Declined(
        sentence,
        wouldHelp,
        considered.stream()
            .filter(each -> !each.because().equals(sentence))
            .distinct()
            .limit(MAX_CONSIDERED)
            .toList());
  }

  /** What the advisory names as fixed is no release, or none that may follow. */
  private String noneFixed(Wanted one, List<String> newer) {
    List<String> fixed = flaws.fixedIn(one.key(), one.vulnerabilityId());
    String artifact = Sentence.artifact(one.key());
    ReleaseName now = ReleaseName.of(one.version());
    List<String> ofItsScheme =
        newer.stream().filter(v -> now.isOfSameScheme(ReleaseName.of(v))).toList();
    String released =
        ofItsScheme.isEmpty()
            ? one.version() + " is the newest release of " + artifact
            : "after " + one.version() + " " + artifact + " has " + some(ofItsScheme);
    if (fixed.isEmpty()) {
      return "No release without it exists, and the advisory names no fixed one; " + released;
    }
    return "The advisory names "
        + some(fixed)
        + " as fixed, which "
        + (disjoint(fixed, newer)
            ? "no repository at hand has as a newer release"
            : "is of another kind than " + one.version() + " or no stable release")
        + "; "
        + released;
  }

  private static String noneWithout(Wanted one, Component embedded, List<String> newer) {
    String searched =
        some(newer.stream().filter(Candidates.newest(one.version(), newer)::contains).toList());
    return "It lies inside of %s as the code of %s; %s"
        .formatted(
            Sentence.artifact(one.key()) + " " + one.version(),
            embedded.name(),
            searched.isEmpty()
                ? "there is no newer release of it"
                : "of its newer releases " + searched + " were searched, and hold it too");
  }

  private static String some(List<String> versions) {
    return versions.size() <= 3
        ? String.join(", ", versions)
        : versions.getFirst() + ", ..., " + versions.getLast();
  }

  /**
   * The choice that tells most about a release: one that brings it, else the highest below it, else
   * the lowest above it, else the last tried.
   */
  private static Optional<PassedOver> decided(String key, String nearest, List<PassedOver> passed) {
    Comparator<PassedOver> nearer =
        (a, b) -> {
          String one = version(a, key);
          String other = version(b, key);
          int above = Upgrader.ORDER.compare(one, nearest);
          int otherAbove = Upgrader.ORDER.compare(other, nearest);
          boolean isBelow = above <= 0;
          if (isBelow != otherAbove <= 0) {
            return isBelow ? -1 : 1;
          }
          return isBelow ? Upgrader.ORDER.compare(other, one) : Upgrader.ORDER.compare(one, other);
        };
    return passed.stream()
        .filter(each -> !version(each, key).isEmpty())
        .min(nearer)
        .or(() -> passed.stream().findFirst());
  }

  private static String version(PassedOver passed, String key) {
    return Optional.ofNullable(passed.versions().get(key)).orElse("");
  }

  /** The end of a sentence that begins with the nearest release. */
  private static String doesNotHold(String key, String nearest, PassedOver decided, Search search) {
    String tried = version(decided, key);
    if (tried.equals(nearest)) {
      return "does not hold: " + decided.sentence();
    }
    if (!tried.isEmpty() && Upgrader.ORDER.compare(tried, nearest) < 0) {
      return "does not hold, as " + tried + " before it: " + decided.sentence();
    }
    return search
        .comesWith(key, nearest)
        .orElseGet(() -> "is out of reach: with " + decided.what() + ", " + decided.sentence());
  }

  private Declined declinedElsewhere(Case one) {
    Component component = one.component();
    return new Declined(
        component.display()
            + " is no dependency of a module: a build plugin brings it, and runs it only while"
            + " building",
        "A newer version of the plugin, or a <dependency> inside the plugin's declaration",
        List.of());
  }
}
