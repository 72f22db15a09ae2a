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
  static final int MOST_OF_RELEASE = 12;

  /** The same of what is known to be a patch: whole classes are compiled anew for it. */
  static final int MOST_OF_PATCH = 24;

  private final Proof.Runner runner;
  private final BooleanSupplier isSpent;
  private final int mostReverted;

  public ProofRungs(Proof.Runner runner) {
    this(runner, () -> false, MOST_OF_RELEASE);
  }

  /**
   * @param isSpent whether the time is used up: what is begun is ended, and no more is begun
   * @param mostReverted how many changed methods are taken back at most; none: rung 10 is left out
   */
  ProofRungs(Proof.Runner runner, BooleanSupplier isSpent, int mostReverted) {
    this.runner = runner;
    this.isSpent = isSpent;
    this.mostReverted = mostReverted;
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
    rungs.put(Rung.SAME_BEHAVIOUR, behaviour(was, is));
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
              case Value.Given(String text) ->
                  text.startsWith("throws ") ? "now refused" : "another value";
            };
        return "input %d: %s: was %s, is %s".formatted(i, kind, brief(old), brief(now));
      }
    }
    return "more values than before";
  }

  private static String brief(Value value) {
    String text =
        switch (value) {
          case Value.Given(String given) -> given;
          case Value.CouldNotRun(String because) -> because;
        };
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

  private static Result behaviour(Run was, Run is) {
    int inputs = was.replays().stream().mapToInt(use -> use.values().size()).sum();
    if (inputs < LEAST_INPUTS) {
      return new Result.NotRun("the proof brings " + inputs + " ordinary inputs to replay");
    }
    List<String> differences = differences(was.replays(), is.replays(), is);
    return differences.isEmpty()
        ? new Result.Passed(inputs + " ordinary inputs give the same")
        : new Result.Failed(Some.of(differences));
  }

  private Result needed(
      Proof proof, List<Path> before, List<Path> after, ChangedMethods changed, Run was, Run is)
      throws InterruptedException {
    if (!triggered(was.proof()) || anyTriggered(is)) {
      return new Result.NotRun("the patch does not stop the proof, or there was none to stop");
    }
    if (mostReverted == 0) {
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
          "taking back %s brings it back%s"
              .formatted(
                  Some.of(guards),
                  others.isEmpty() ? "" : "; not needed alone: " + Some.of(others)));
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

  private Run withReverted(
      Proof proof, List<Path> before, List<Path> after, Set<String> reverted, Path mutant)
      throws IOException, InterruptedException {
    RevertedJar.write(before.getFirst(), after.getFirst(), reverted, mutant);
    List<Path> classPath = Stream.concat(Stream.of(mutant), after.stream().skip(1)).toList();
    return runner.run(proof, classPath, reverted);
  }
}
