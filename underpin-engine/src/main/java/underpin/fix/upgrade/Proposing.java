package underpin.fix.upgrade;

import static java.util.Collections.disjoint;

import java.util.ArrayList;
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
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Patch;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.PatchSet.Pair;
import underpin.cases.PatchSet.Part;
import underpin.fix.upgrade.Installed.Spot;
import underpin.fix.upgrade.Lever.Kind;
import underpin.fix.upgrade.Lever.Option;
import underpin.fix.upgrade.Search.PassedOver;
import underpin.fix.upgrade.Search.Wanted;
import underpin.fix.upgrade.Upgrader.Declined;
import underpin.fix.upgrade.Upgrader.Proposal;
import underpin.maven.Resolution;
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
      Upgrader.Rules rules) {
    this.before = before;
    this.cases = List.copyOf(cases);
    this.sites = sites;
    this.trials = trials;
    this.releases = releases;
    this.flaws = flaws;
    this.rules = rules;
    this.today = Installed.of(before);
  }

  Proposal propose() {
    for (Case one : cases) {
      Component component = one.component();
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
    SortedMap<String, List<PomEdit>> editsOf = new TreeMap<>();
    Set<Wanted> removed = new LinkedHashSet<>();
    for (SortedMap<Integer, Integer> group : groups) {
      String id = "upgrade-%02d".formatted(parts.size() + 1);
      Installed after = trials.resolve(search.edits(group)).installed();
      List<Wanted> gone = search.removedBy(after);
      removed.addAll(gone);
      groupOf.put(id, group);
      editsOf.put(id, search.edits(group));
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
        new PatchSet(parts, chosen -> compose(editsOf, chosen)),
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

  private List<FileChange> compose(SortedMap<String, List<PomEdit>> editsOf, Set<String> chosen) {
    List<PomEdit> edits = new ArrayList<>();
    for (String id : new TreeSet<>(chosen)) {
      edits.addAll(
          Optional.ofNullable(editsOf.get(id))
              .orElseThrow(() -> new IllegalArgumentException("No part is called " + id)));
    }
    try {
      List<FileChange> changes = new ArrayList<>();
      for (PomText after : trials.editor().apply(edits).values()) {
        changes.add(
            new FileChange(
                after.file(), trials.editor().today(after.file()).bytes(), after.bytes()));
      }
      return changes;
    } catch (PomTextException e) {
      throw new IllegalStateException("An edit that was tried before fails now", e);
    }
  }

  /** Leaves out what reality shows to be needless, the greatest effort first. */
  private SortedMap<Integer, Integer> withoutNeedless(
      Search search, SortedMap<Integer, Integer> choice) {
    SortedMap<Integer, Integer> kept = choice;
    if (choice.size() < 2) {
      return kept;
    }
    List<Wanted> all = search.removedBy(trials.resolve(search.edits(choice)).installed());
    for (Integer lever : choice.keySet().stream().sorted().toList()) {
      SortedMap<Integer, Integer> fewer = new TreeMap<>(kept);
      fewer.remove(lever);
      if (!fewer.isEmpty()
          && search.removedBy(trials.resolve(search.edits(fewer)).installed()).equals(all)
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
    for (Wanted one : search.removedBy(trials.resolve(search.edits(choice)).installed())) {
      boolean single =
          parts.stream()
              .anyMatch(
                  p -> search.removedBy(trials.resolve(search.edits(p)).installed()).contains(one));
      if (!single) {
        Set<Integer> movers = new TreeSet<>();
        choice.forEach((lever, option) -> {
          if (search.effect(lever, option).touches(one.key())) {
            movers.add(lever);
          }
        });
        join(parts, new TreeMap<>(), movers.isEmpty() ? choice.keySet() : movers);
      }
    }
    parts.sort(java.util.Comparator.comparing(SortedMap::firstKey));
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
      summary.add(lever.kind().word() + " " + lever.shortName() + " " + lever.from() + " → " + to);
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
      for (PomEdit edit : search.edits(group)) {
        edits.add(trials.editor().describe(edit));
      }
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
    List<String> considered = new ArrayList<>();
    for (PassedOver passed : search.passedOver()) {
      if (!disjoint(passed.keys(), keys) || !disjoint(passed.levers(), ids)) {
        considered.add(passed.text());
      }
    }
    considered.addAll(others(search, group, gone.size()));
    keys.forEach(key -> considered.addAll(finder.notes(key)));
    if (!proven) {
      considered.add("Not proven minimal: the search stopped at its limit of trials");
    }
    return new Part(
        id,
        new Patch.Upgrade(
            id,
            String.join("; ", summary),
            List.copyOf(changes),
            edits,
            considered.stream().distinct().limit(MAX_CONSIDERED).toList()),
        removes);
  }

  /** The other values of this part's levers and what they alone would have removed. */
  private List<String> others(Search search, SortedMap<Integer, Integer> group, int chosen) {
    List<String> texts = new ArrayList<>();
    group.forEach((number, option) -> {
      Lever lever = search.levers().get(number);
      for (int other = 1; other <= lever.options().size(); other++) {
        Option value = lever.options().get(other - 1);
        SortedMap<Integer, Integer> single = new TreeMap<>(Map.of(number, other));
        if (other != option && lever.kind() == Kind.PARENT && !search.isOutOfReach(number, other)) {
          int gone = search.removedBy(trials.resolve(search.edits(single)).installed()).size();
          texts.add(
              lever.name()
                  + " "
                  + value.to()
                  + " would remove "
                  + gone
                  + " vulnerable pairs by itself; this part removes "
                  + chosen);
        }
      }
    });
    return texts;
  }

  private Declined declined(Wanted one, Search search, LeverFinder finder) {
    Set<String> movers = search.moversOf(one.key());
    // What speaks of the component itself first, then the nearest tried: the later, the nearer.
    List<String> passed = new ArrayList<>();
    for (PassedOver each : search.passedOver().reversed()) {
      if (each.keys().contains(one.key())) {
        passed.add(each.text());
      }
    }
    for (PassedOver each : search.passedOver().reversed()) {
      if (!each.keys().contains(one.key()) && !disjoint(each.levers(), movers)) {
        passed.add(each.text());
      }
    }
    List<String> fixed = flaws.fixedIn(one.key(), one.vulnerabilityId());
    int colon = one.key().indexOf(':');
    List<String> all =
        releases.versions(one.key().substring(0, colon), one.key().substring(colon + 1));
    List<String> clean =
        all.stream()
            .filter(v -> Upgrader.ORDER.compare(v, one.version()) > 0)
            .filter(v ->
                ReleaseName.of(one.version()).mayBecome(ReleaseName.of(v), trials.javaRelease()))
            .filter(v -> !flaws.of(one.key(), v).contains(one.vulnerabilityId()))
            .toList();
    String notes = String.join("; ", finder.notes(one.key()));
    if (all.isEmpty()) {
      return new Declined(
          "No repository at hand lists the versions of " + one.key(),
          "Run it with the network, or with a mirror that has the artifact's metadata");
    }
    if (clean.isEmpty()) {
      return new Declined(
          fixed.isEmpty()
              ? "No release of " + one.key() + " without it exists; the advisory names no fixed one"
              : "The advisory names "
                  + String.join(", ", fixed)
                  + " as fixed, but the repositories list no such release that may follow "
                  + one.version(),
          "A backport of the fix onto " + one.version() + ", or another library in its place");
    }
    if (!passed.isEmpty()) {
      return new Declined(
          String.join("; ", passed.stream().distinct().limit(3).toList()),
          "A release of what holds that reference that works with "
              + one.key()
              + " "
              + clean.getFirst()
              + ", or a backport of the fix onto "
              + one.version());
    }
    return new Declined(
        "Releases without it exist ("
            + clean.getFirst()
            + "), but no edit of the project's own"
            + " files was found that brings one in"
            + (notes.isEmpty() ? "" : ": " + notes),
        notes.contains("rules")
            ? "Rules that allow it"
            : "A version of " + one.key() + " declared in the project's own POM");
  }

  private Declined declinedElsewhere(Case one) {
    Component component = one.component();
    return new Declined(
        component.display()
            + " is no dependency of a module: a build plugin brings it, and runs it only while"
            + " building",
        "A newer version of the plugin, or a <dependency> inside the plugin's declaration");
  }
}
