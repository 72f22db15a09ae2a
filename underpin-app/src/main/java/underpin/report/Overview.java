package underpin.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.Severity;
import underpin.cases.Verdict;

/**
 * A report, counted and grouped: by what was done, and within that by the part of the patch that
 * does it, or by component where there is no patch.
 */
record Overview(
    Report report,
    List<CaseStory> stories,
    SortedMap<Outcome, SortedMap<Severity, Integer>> counts,
    List<Group> groups,
    SortedMap<Component, Inventory.Entry> entries) {

  /** Severities as a reader wants them: worst first, what no source rates last. */
  static final List<Severity> WORST_FIRST =
      List.of(
          Severity.CRITICAL,
          Severity.HIGH,
          Severity.MEDIUM,
          Severity.LOW,
          Severity.NONE,
          Severity.UNKNOWN);

  /**
   * Cases that share one fate.
   *
   * @param title the patch's summary, or the component
   * @param cases never empty, worst first
   */
  record Group(Outcome outcome, String title, List<CaseStory> cases) {
    Optional<Patch> patch() {
      return cases.getFirst().patch();
    }

    /** {@return the verdict, where all cases of the group have the same} */
    Optional<Verdict> sharedVerdict() {
      Optional<Verdict> first = cases.getFirst().verdict();
      return cases.stream().allMatch(c -> c.verdict().equals(first)) ? first : Optional.empty();
    }

    Severity worst() {
      return cases.stream()
          .map(c -> c.subject().vulnerability().severity())
          .min(Comparator.comparing(WORST_FIRST::indexOf))
          .orElse(Severity.UNKNOWN);
    }

    long kev() {
      return cases.stream().filter(c -> c.subject().vulnerability().kev()).count();
    }

    SortedMap<Severity, Integer> bySeverity() {
      SortedMap<Severity, Integer> count = worstFirst();
      cases.forEach(c -> count.merge(c.subject().vulnerability().severity(), 1, Integer::sum));
      return count;
    }

    /** {@return the cases by component, both in order} */
    SortedMap<Component, List<CaseStory>> byComponent() {
      SortedMap<Component, List<CaseStory>> by = new TreeMap<>();
      for (CaseStory story : cases) {
        by.computeIfAbsent(story.subject().component(), _ -> new ArrayList<>()).add(story);
      }
      return by;
    }
  }

  static Overview of(Report report) {
    List<CaseStory> stories = report.cases().stream().map(CaseStory::of).toList();
    SortedMap<Outcome, SortedMap<Severity, Integer>> counts =
        new TreeMap<>(new EnumMap<Outcome, SortedMap<Severity, Integer>>(Outcome.class));
    Map<List<Object>, List<CaseStory>> groups = new LinkedHashMap<>();
    for (CaseStory story : stories) {
      Outcome outcome = story.outcome();
      counts
          .computeIfAbsent(outcome, _ -> worstFirst())
          .merge(story.subject().vulnerability().severity(), 1, Integer::sum);
      groups.computeIfAbsent(key(outcome, story), _ -> new ArrayList<>()).add(story);
    }
    List<Group> sorted =
        groups.values().stream()
            .map(cases ->
                new Group(
                    cases.getFirst().outcome(),
                    title(cases.getFirst()),
                    Collections.unmodifiableList(cases)))
            .sorted(
                Comparator.comparing(Group::outcome)
                    .thenComparing(g -> g.cases().stream().noneMatch(CaseStory::isCalled))
                    .thenComparing(g -> g.cases().stream().allMatch(CaseStory::isUncalled))
                    .thenComparing(g -> WORST_FIRST.indexOf(g.worst()))
                    .thenComparing(g -> -g.cases().size())
                    .thenComparing(Group::title))
            .toList();
    SortedMap<Component, Inventory.Entry> entries = new TreeMap<>();
    // The first entry of a component is its role as a dependency: that is the one to show.
    report.inventory().entries().forEach(e -> entries.putIfAbsent(e.component(), e));
    return new Overview(report, stories, counts, sorted, entries);
  }

  int count(Outcome outcome) {
    return counts.getOrDefault(outcome, new TreeMap<>()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** {@return how many cases need nothing more} */
  int fixed() {
    return count(Outcome.FIXED) + count(Outcome.CLEARED) + count(Outcome.MITIGATED);
  }

  int count(Severity severity) {
    return counts.values().stream().mapToInt(by -> by.getOrDefault(severity, 0)).sum();
  }

  /** {@return severities that some case has, worst first} */
  List<Severity> severities() {
    return WORST_FIRST.stream().filter(s -> count(s) > 0).toList();
  }

  int affectedComponents() {
    return (int) stories.stream().map(s -> s.subject().component()).distinct().count();
  }

  Optional<Inventory.Entry> entry(Component component) {
    return Optional.ofNullable(entries.get(component));
  }

  private static List<Object> key(Outcome outcome, CaseStory story) {
    return story
        .patch()
        .map(p -> List.<Object>of(outcome, p.part()))
        .orElseGet(() -> List.of(outcome, story.subject().component(), story.noPatchBecause()));
  }

  private static String title(CaseStory story) {
    return story.patch().map(Patch::summary).orElseGet(() -> story.subject().component().display());
  }

  private static SortedMap<Severity, Integer> worstFirst() {
    return new TreeMap<>(Comparator.comparing(WORST_FIRST::indexOf));
  }
}
