package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import underpin.cases.Proof;
import underpin.cases.Proof.Attempt;
import underpin.cases.Proof.Fuzzed;
import underpin.cases.Proof.Outcome;
import underpin.cases.Proof.Run;
import underpin.cases.Proof.Use;
import underpin.cases.Proof.Value;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;

/**
 * The rungs that need a proof: 6 to 10. Judges an artifact before and after, whoever patched it, by
 * running the proof on both. Starts nothing itself: the runner does.
 */
public final class ProofRungs {
  /** Design, rung 8. */
  private static final int LEAST_VARIANTS = 3;

  /** Fewer inputs say too little of behaviour. */
  private static final int LEAST_INPUTS = 50;

  /** Each one taken back costs a run; a patch that is larger is a release and no patch. */
  private static final int MOST_OF_RELEASE = 12;

  /** The same of what is known to be a patch: whole classes are compiled anew for it. */
  private static final int MOST_OF_PATCH = 24;

  /** Each one removed costs a run. */
  private static final int MOST_CHECKS = 12;

  private final Proof.Runner runner;
  private final BooleanSupplier isSpent;
  private final ProofJudge.Depth depth;

  public ProofRungs(Proof.Runner runner) {
    this(runner, () -> false, ProofJudge.Depth.RELEASE);
  }

  /**
   * @param isSpent whether the time is used up: what is begun is ended, and no more is begun
   */
  ProofRungs(Proof.Runner runner, BooleanSupplier isSpent, ProofJudge.Depth depth) {
    this.runner = runner;
    this.isSpent = isSpent;
    this.depth = depth;
  }

  /** As {@link #judge(Proof, List, List)}, for an artifact whose dependencies stay. */
  public SortedMap<Rung, Result> judge(
      Proof proof, Path base, Path patched, List<Path> dependencies) throws InterruptedException {
    return judge(
        proof,
        Stream.concat(Stream.of(base), dependencies.stream()).toList(),
        Stream.concat(Stream.of(patched), dependencies.stream()).toList());
  }

  /**
   * {@return rungs 6 to 10; each is there, not run where it says nothing}
   *
   * @param before the artifact's jar first, then what it needs
   * @param after the patched jar first, then what it needs
   */
  public SortedMap<Rung, Result> judge(Proof proof, List<Path> before, List<Path> after)
      throws InterruptedException {
    ChangedMethods changed = ChangedMethods.between(before.getFirst(), after.getFirst());
    Run was = runner.run(proof, before, changed.inBase());
    Run is = runner.run(proof, after, changed.inPatched());
    SortedMap<Rung, Result> rungs = new TreeMap<>();
    rungs.put(Rung.PROOF_STOPPED, stopped(was, is));
    rungs.put(Rung.BENIGN_CONTROL, control(was, is));
    rungs.put(Rung.PROOF_VARIANTS, variants(was, is));
    rungs.put(Rung.SAME_BEHAVIOUR, behaviour(proof, before, after, was, is));
    rungs.put(Rung.NEEDED, needed(proof, before, after, changed, was, is));
    return rungs;
  }

  private static Result stopped(Run was, Run is) {
    return switch (was.proof().outcome()) {
      case Outcome.CouldNotRun(String because) ->
          new Result.NotRun("the proof does not run on the base: " + because);
      case Outcome.NotTriggered(String saw) ->
          new Result.NotRun("the proof does not trigger on the base: " + saw);
      case Outcome.Triggered(String evidence) ->
          switch (is.proof().outcome()) {
            case Outcome.Triggered(String still) ->
                new Result.Failed("it still triggers: " + still);
            case Outcome.NotTriggered(String saw) ->
                new Result.Passed("before: " + evidence + "; after: " + saw);
            case Outcome.CouldNotRun(String because) ->
                new Result.NotRun("the proof does not run on the patched artifact: " + because);
          };
    };
  }

  private static Result control(Run was, Run is) {
    if (was.controls().isEmpty()) {
      return new Result.NotRun("no control ran on the base: " + was.proof().outcome().text());
    }
    for (Use use : was.controls()) {
      if (use.values().getFirst() instanceof Value.CouldNotRun(String because)) {
        return new Result.NotRun("a control does not run on the base: " + because);
      }
    }
    List<String> differences = differences(was.controls(), is.controls(), is);
    if (!differences.isEmpty()) {
      return new Result.Failed(Some.of(differences));
    }
    Set<String> shared = both(is.reachedByAttempts(), is.reachedByUses());
    shared.addAll(both(was.reachedByAttempts(), was.reachedByUses()));
    if (shared.isEmpty()) {
      return new Result.NotRun(
          "the controls give the same, but reach no patched method that the proof reaches");
    }
    return new Result.Passed(
        was.controls().size()
            + " give the same and reach the patched code, such as "
            + shared.iterator().next());
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> shared = new TreeSet<>(one);
    shared.retainAll(other);
    return shared;
  }

  private static List<String> differences(List<Use> before, List<Use> after, Run is) {
    Map<String, Use> now = new LinkedHashMap<>();
    after.forEach(use -> now.put(use.name(), use));
    List<String> differences = new ArrayList<>();
    for (Use use : before) {
      Use other = now.get(use.name());
      if (other == null) {
        differences.add(use.name() + ": cannot be run any more: " + is.proof().outcome().text());
      } else if (!other.values().equals(use.values())) {
        differences.add(use.name() + ": " + first(use.values(), other.values()));
      }
    }
    return differences;
  }

  /** {@return the first difference, and what kind it is} */
  private static String first(List<Value> before, List<Value> after) {
    for (int i = 0; i < before.size(); i++) {
      Value old = before.get(i);
      if (i >= after.size()) {
        return "input " + i + " gives nothing any more";
      }
      Value now = after.get(i);
      if (!old.equals(now)) {
        String kind =
            switch (now) {
              case Value.CouldNotRun _ -> "no longer runs";
              case Value.Given(String text) -> kind(text);
            };
        return "input %d: %s: was %s, is %s".formatted(i, kind, brief(old), brief(now));
      }
    }
    return "more values than before";
  }

  private static String kind(String now) {
    return now.startsWith("throws ") ? "now refused" : "another value";
  }

  private static String brief(Value value) {
    return brief(
        switch (value) {
          case Value.Given(String given) -> given;
          case Value.CouldNotRun(String because) -> because;
        });
  }

  private static String brief(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "..." : text;
  }

  private static Result variants(Run was, Run is) {
    List<Attempt> still = is.variants().stream().filter(ProofRungs::triggered).toList();
    if (!still.isEmpty()) {
      return new Result.Failed(
          Some.of(
              still.stream()
                  .map(v -> v.name() + " still triggers: " + v.outcome().text())
                  .toList()));
    }
    Map<String, Outcome> now = new LinkedHashMap<>();
    is.variants().forEach(v -> now.put(v.name(), v.outcome()));
    int stopped = 0;
    List<String> silent = new ArrayList<>();
    for (Attempt variant : was.variants()) {
      if (triggered(variant)) {
        Outcome outcome = now.get(variant.name());
        if (outcome instanceof Outcome.NotTriggered) {
          stopped++;
        } else {
          silent.add(
              variant.name()
                  + " does not run on the patched artifact: "
                  + (outcome == null ? is.proof().outcome().text() : outcome.text()));
        }
      }
    }
    if (!silent.isEmpty()) {
      return new Result.NotRun(Some.of(silent));
    }
    return stopped >= LEAST_VARIANTS
        ? new Result.Passed(stopped + " variants trigger before and not after")
        : new Result.NotRun(
            "only " + stopped + " variants trigger on the base; " + LEAST_VARIANTS + " are needed");
  }

  private static boolean triggered(Attempt attempt) {
    return attempt.outcome() instanceof Outcome.Triggered;
  }

  private static boolean anyTriggered(Run run) {
    return triggered(run.proof()) || run.variants().stream().anyMatch(ProofRungs::triggered);
  }

  private Result behaviour(Proof proof, List<Path> before, List<Path> after, Run was, Run is)
      throws InterruptedException {
    int inputs = was.replays().stream().mapToInt(use -> use.values().size()).sum();
    if (inputs < LEAST_INPUTS) {
      return new Result.NotRun("the proof brings " + inputs + " ordinary inputs to replay");
    }
    List<String> differences = differences(was.replays(), is.replays(), is);
    if (!differences.isEmpty()) {
      return new Result.Failed(Some.of(differences));
    }
    String same = inputs + " ordinary inputs give the same";
    // A release changes more than the fix, and what it changes on purpose is no regression.
    boolean stops = triggered(was.proof()) && !anyTriggered(is);
    if (depth != ProofJudge.Depth.PATCH || !stops) {
      return new Result.Passed(same);
    }
    if (isSpent.getAsBoolean()) {
      return new Result.Passed(same + "; not fuzzed: the time for proofs is used up");
    }
    return switch (runner.fuzz(proof, before, after)) {
      case Fuzzed.CouldNotRun(String because) ->
          new Result.Passed(same + "; not fuzzed: " + because);
      case Fuzzed.Ran ran -> fuzzed(same, ran);
    };
  }

  private static Result fuzzed(String same, Fuzzed.Ran ran) {
    List<String> regressions =
        ran.differences().stream()
            .filter(difference -> !difference.isWanted())
            .map(difference ->
                "%s, made by fuzzing from %s: %s: was %s, is %s"
                    .formatted(
                        difference.use(),
                        difference.input(),
                        kind(difference.after()),
                        brief(difference.before()),
                        brief(difference.after())))
            .toList();
    if (!regressions.isEmpty()) {
      return new Result.Failed(Some.of(regressions));
    }
    String more =
        ran.isWhole()
            ? "%d more that coverage-guided fuzzing made".formatted(ran.inputs())
            : "those that coverage-guided fuzzing made in its time";
    return new Result.Passed(
        ran.differences().isEmpty()
            ? same + ", and " + more
            : "%s; of %s, %d differ where the flaw showed itself before"
                .formatted(same, more, ran.differing()));
  }

  private Result needed(
      Proof proof, List<Path> before, List<Path> after, ChangedMethods changed, Run was, Run is)
      throws InterruptedException {
    if (!triggered(was.proof()) || anyTriggered(is)) {
      return new Result.NotRun("the patch does not stop the proof, or there was none to stop");
    }
    int mostReverted = depth == ProofJudge.Depth.PATCH ? MOST_OF_PATCH : MOST_OF_RELEASE;
    if (depth == ProofJudge.Depth.GATE) {
      return new Result.NotRun("it is left to the verification in a project");
    }
    Set<String> ran = new TreeSet<>(is.reachedByAttempts());
    // What the patch no longer lets run may be what it takes to bring the flaw back.
    was.reachedByAttempts().stream().filter(changed.changed()::contains).forEach(ran::add);
    if (ran.isEmpty()) {
      return new Result.NotRun("the proof runs through no method that the patch changed");
    }
    if (ran.size() > mostReverted) {
      return new Result.NotRun(
          "%d changed methods run in the proof, more than %d: a release rather than a patch"
              .formatted(ran.size(), mostReverted));
    }
    try {
      Path work = Files.createTempDirectory("underpin-mutants");
      try {
        return needed(proof, before, after, ran, work.resolve("mutant.jar"));
      } finally {
        Files.deleteIfExists(work.resolve("mutant.jar"));
        Files.delete(work);
      }
    } catch (IOException e) {
      return new Result.NotRun("the patch could not be taken back: " + e.getMessage());
    }
  }

  private Result needed(
      Proof proof, List<Path> before, List<Path> after, Set<String> ran, Path mutant)
      throws IOException, InterruptedException {
    List<String> guards = new ArrayList<>();
    List<String> others = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (String method : ran) {
      if (isSpent.getAsBoolean()) {
        silent.add(method + ": the time for proofs is used up");
        continue;
      }
      Run run = withReverted(proof, before, after, Set.of(method), mutant);
      if (anyTriggered(run)) {
        guards.add(method);
      } else if (run.proof().outcome() instanceof Outcome.CouldNotRun(String because)) {
        silent.add(method + ": " + because);
      } else {
        others.add(method);
      }
    }
    if (!guards.isEmpty()) {
      return new Result.Passed(
          "taking back %s brings it back%s%s"
              .formatted(
                  Some.of(guards),
                  others.isEmpty() ? "" : "; not needed alone: " + Some.of(others),
                  checks(proof, before, after, guards, mutant)));
    }
    if (ran.size() > 1 && !isSpent.getAsBoolean()) {
      Run all = withReverted(proof, before, after, ran, mutant);
      if (anyTriggered(all)) {
        return new Result.Passed(
            "only taking back all of " + Some.of(List.copyOf(ran)) + " brings it back");
      }
      if (all.proof().outcome() instanceof Outcome.CouldNotRun(String because)) {
        silent.add("all of them: " + because);
      }
    }
    // What does not run with a change taken back says nothing of that change.
    return silent.isEmpty()
        ? new Result.Failed(
            "taking back what the patch changed (%s) does not bring the proof back: something else stops it"
                .formatted(Some.of(others)))
        : new Result.NotRun("with a change taken back the proof does not run: " + Some.of(silent));
  }

  /** {@return what removing each check that the patch added does, one at a time} */
  private String checks(
      Proof proof, List<Path> before, List<Path> after, List<String> methods, Path mutant)
      throws IOException, InterruptedException {
    if (depth != ProofJudge.Depth.PATCH) {
      return "";
    }
    List<Guard> checks = new ArrayList<>();
    for (String method : methods) {
      checks.addAll(Guard.added(before.getFirst(), after.getFirst(), method));
    }
    if (checks.isEmpty() || checks.size() > MOST_CHECKS) {
      return checks.isEmpty()
          ? ""
          : "; %d checks were added, more than %d: not removed one by one"
              .formatted(checks.size(), MOST_CHECKS);
    }
    List<String> needed = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Guard check : checks) {
      if (isSpent.getAsBoolean()) {
        break;
      }
      check.remove(after.getFirst(), mutant);
      Run run = runner.run(proof, with(mutant, after), Set.of(check.method()));
      if (anyTriggered(run)) {
        needed.add(check.text());
      } else {
        others.add(
            check.text()
                + (run.proof().outcome() instanceof Outcome.CouldNotRun(String because)
                    ? " (without it the proof does not run: " + because + ")"
                    : ""));
      }
    }
    return (needed.isEmpty() ? "" : "; so does removing " + Some.of(needed))
        + (others.isEmpty() ? "" : "; alone not: " + Some.of(others));
  }

  private static List<Path> with(Path mutant, List<Path> after) {
    return Stream.concat(Stream.of(mutant), after.stream().skip(1)).toList();
  }

  private Run withReverted(
      Proof proof, List<Path> before, List<Path> after, Set<String> reverted, Path mutant)
      throws IOException, InterruptedException {
    RevertedJar.write(before.getFirst(), after.getFirst(), reverted, mutant);
    return runner.run(proof, with(mutant, after), reverted);
  }
}
