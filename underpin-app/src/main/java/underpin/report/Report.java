package underpin.report;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.PatchSet.FileChange;

/**
 * Everything a renderer may say about one run. The same run gives the same report; times are apart.
 *
 * @param command "scan" or "fix"
 * @param advisories what the snapshot holds
 * @param cases sorted: worst first (KEV, severity, EPSS), then by id
 * @param changes the verified patch as files; empty when there is none
 * @param baseline how the project's own build went; empty when it was not run
 * @param sandbox how foreign code was shut in; empty when none ran
 * @param applied whether {@code changes} were written to the target's own files
 * @param warnings what a person should know that belongs to no single case, such as an acceptance
 *     of risk that has expired; in a stable order
 * @param fixes by component, what advisories name as fixed over all its cases, ascending: a report
 *     knows no version order of its own
 * @param calls what was searched for calls of vulnerable code
 */
public record Report(
    String toolVersion,
    String command,
    Inventory inventory,
    Snapshot advisories,
    List<Case> cases,
    List<FileChange> changes,
    Optional<BaselineSummary> baseline,
    Optional<String> sandbox,
    boolean applied,
    List<String> warnings,
    SortedMap<Component, List<String>> fixes,
    CallsSearched calls) {
  public Report {
    cases = List.copyOf(cases);
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
    fixes = Collections.unmodifiableSortedMap(new TreeMap<>(fixes));
  }

  /** A report of a run that left the target as it was and has no warnings. */
  public Report(
      String toolVersion,
      String command,
      Inventory inventory,
      Snapshot advisories,
      List<Case> cases,
      List<FileChange> changes,
      Optional<BaselineSummary> baseline,
      Optional<String> sandbox) {
    this(
        toolVersion,
        command,
        inventory,
        advisories,
        cases,
        changes,
        baseline,
        sandbox,
        false,
        List.of(),
        new TreeMap<>(),
        CallsSearched.nothing("nobody asked for it"));
  }

  /** The advisory snapshot used. */
  public record Snapshot(
      String digest, String complete, String newest, long records, List<String> attributions) {
    public Snapshot {
      attributions = List.copyOf(attributions);
    }
  }

  /** {@return this report, with the changes written to the target's own files} */
  public Report withApplied(boolean now) {
    return new Report(
        toolVersion,
        command,
        inventory,
        advisories,
        cases,
        changes,
        baseline,
        sandbox,
        now,
        warnings,
        fixes,
        calls);
  }

  /**
   * The project's own build.
   *
   * @param tests number of tests by outcome word
   */
  public record BaselineSummary(
      boolean builds, String jdk, SortedMap<String, Integer> tests, Optional<String> failure) {}

  /**
   * What was searched for calls of vulnerable code.
   *
   * @param notSearched why nothing was, to go on after "not searched: "; empty where it was
   * @param programs the programs, then the tests
   */
  public record CallsSearched(Optional<String> notSearched, List<SearchedProgram> programs) {
    public CallsSearched {
      programs = List.copyOf(programs);
    }

    /** Nothing was searched. */
    public static CallsSearched nothing(String because) {
      return new CallsSearched(Optional.of(because), List.of());
    }
  }

  /**
   * One program, or the tests of one, as it was searched.
   *
   * @param started what was taken as running first, in words
   * @param methods how many methods may run
   * @param classes in so many classes
   */
  public record SearchedProgram(
      String name, boolean tests, String started, int methods, int classes) {
    /** {@return {@code shop as an application: ...}} */
    public String sentence() {
      return "%s as %s; %,d methods of %,d classes may run"
          .formatted(tests ? "the tests of " + name : name, started, methods, classes);
    }
  }
}
