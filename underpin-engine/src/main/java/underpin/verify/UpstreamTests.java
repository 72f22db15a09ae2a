package underpin.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.program.method.MethodId;
import underpin.verify.Baseline.TestOutcome;

/**
 * Rung 5 of an artifact that was patched outside of a project, by the compiled tests that upstream
 * published: those of the version, and those of the release with the fix. What the version's own
 * tests call is compared for rung 9 on the way.
 */
public final class UpstreamTests {
  /** A test that fails is repeated that often. */
  private static final int REPEATS = 2;

  private final Runs runs;

  /**
   * @param runs runs tests
   */
  UpstreamTests(Runs runs) {
    this.runs = runs;
  }

  /**
   * An artifact with what it needs.
   *
   * @param needs files by {@code group:artifact}, in the order of the class path, without its own
   */
  public record Side(Path jar, Map<String, Path> needs) {
    public Side {
      needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    }
  }

  /**
   * Compiled tests.
   *
   * @param name whose they are, such as {@code commons-text 1.8}
   * @param tests the jar
   * @param needs what they need beside the artifact; where that needs the same, its own counts
   */
  public record Suite(String name, Path tests, Map<String, Path> needs) {
    public Suite {
      needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    }
  }

  /**
   * What is judged.
   *
   * @param before the version as it is
   * @param after the version with the fix
   * @param affected the release before the fix, where it is at hand
   * @param fixed the release with the fix, where it is at hand
   * @param own tests of the version
   * @param upstream tests of the release with the fix
   */
  public record Subject(
      Side before,
      Side after,
      Optional<Side> affected,
      Optional<Side> fixed,
      Optional<Suite> own,
      Optional<Suite> upstream) {}

  /** Runs tests of a suite on an artifact. */
  interface Runs {
    /**
     * {@return how they went}
     *
     * @param needs after the artifact, in the order of the class path
     * @param release of Java that the classes need
     */
    TestRun run(
        Suite suite,
        Path jar,
        List<Path> needs,
        List<String> classes,
        List<String> recorded,
        int release)
        throws IOException, InterruptedException;
  }

  /** {@return the results that were known, with what the tests say of rungs 5 and 9} */
  public SortedMap<Rung, Result> judge(Subject subject, SortedMap<Rung, Result> known)
      throws InterruptedException {
    SortedMap<Rung, Result> rungs = new TreeMap<>(known);
    try {
      ChangedMethods changed =
          ChangedMethods.between(subject.before().jar(), subject.after().jar());
      List<Result> results = new ArrayList<>();
      Optional<Upstream> upstream = Optional.empty();
      if (subject.upstream().isPresent()) {
        upstream = Optional.of(new Upstream(subject, subject.upstream().get(), changed));
        results.add(upstream.get().judge());
      }
      if (subject.own().isPresent()) {
        Own own = new Own(subject, subject.own().get(), changed, upstream);
        results.addFirst(own.judge());
        Result behaviour = known.get(Rung.SAME_BEHAVIOUR);
        if (own.replay.isPresent() && behaviour != null) {
          rungs.put(Rung.SAME_BEHAVIOUR, own.replay.get().beside(behaviour));
        }
      }
      rungs.put(Rung.TESTS, joined(results));
    } catch (IOException e) {
      rungs.put(
          Rung.TESTS, new Result.NotRun("upstream's tests could not be run: " + e.getMessage()));
    }
    return rungs;
  }

  private static Result joined(List<Result> results) {
    if (results.isEmpty()) {
      return new Result.NotRun("there are no tests of the version or of the fix at hand");
    }
    for (Result each : results) {
      if (each instanceof Result.Failed) {
        return each;
      }
    }
    String because = String.join("; ", results.stream().map(Result::because).toList());
    return results.stream().anyMatch(Result.Passed.class::isInstance)
        ? new Result.Passed(because)
        : new Result.NotRun(because);
  }

  /** Tests of one suite that come near what changed, on any artifact. */
  private final class Near {
    private final Suite suite;
    private final TestChoice choice;

    Near(Suite suite, Path jar, ChangedMethods changed) {
      this.suite = suite;
      Set<String> types = new TreeSet<>();
      Stream.of(changed.changed(), changed.removed(), changed.added())
          .flatMap(Collection::stream)
          .forEach(id -> types.add(MethodId.of(id).type()));
      this.choice = TestChoice.of(suite.tests(), jar, types);
    }

    /** {@return why there is nothing to run} */
    Optional<Result> nothing() {
      return choice.classes().isEmpty()
          ? Optional.of(
              new Result.NotRun(
                  "none of the %d test classes of %s reaches a changed class"
                      .formatted(choice.others(), suite.name())))
          : Optional.empty();
    }

    TestRun run(Side side, Collection<String> classes, List<String> recorded)
        throws IOException, InterruptedException {
      Map<String, Path> needs = new LinkedHashMap<>(side.needs());
      suite.needs().forEach(needs::putIfAbsent);
      List<String> inOrder = choice.classes().stream().filter(classes::contains).toList();
      return runs.run(
          suite, side.jar(), List.copyOf(needs.values()), inOrder, recorded, choice.release());
    }

    /** Runs the classes that hold these tests. */
    TestRun again(Side side, Set<String> tests, List<String> recorded)
        throws IOException, InterruptedException {
      return run(side, classes(tests), recorded);
    }

    TestRung.Repeat repeat(Side before, Side after) {
      return (copy, tests, _) ->
          again(copy.equals(before.jar()) ? before : after, tests, List.of()).outcomes();
    }

    /** {@return how much ran, in words} */
    String extent(TestRun run) {
      int left = choice.others() + choice.classes().size() - run.begun().size();
      return "in %d test classes that come nearest to the change%s"
          .formatted(
              run.begun().size(),
              left == 0 ? "" : ", of %d".formatted(choice.others() + choice.classes().size()));
    }

    Result nonePassed(TestRun run) {
      List<String> reasons =
          run.reasons().entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
      return new Result.NotRun(
          "no test of %s passes on the version here%s"
              .formatted(
                  suite.name(),
                  reasons.isEmpty()
                      ? run.ended().isEmpty() ? "" : ": " + run.ended()
                      : ": " + Some.of(reasons.subList(0, Math.min(2, reasons.size())))));
    }
  }

  private static Set<String> classes(Set<String> tests) {
    Set<String> classes = new TreeSet<>();
    tests.forEach(test -> classes.add(test.split("#", 3)[1]));
    return classes;
  }

  /** The version's own tests. */
  private final class Own {
    private final Subject subject;
    private final Near near;
    private final List<String> recorded;
    private final Optional<Upstream> upstream;
    private Optional<Replay> replay = Optional.empty();

    Own(Subject subject, Suite suite, ChangedMethods changed, Optional<Upstream> upstream) {
      this.subject = subject;
      this.upstream = upstream;
      this.near = new Near(suite, subject.before().jar(), changed);
      this.recorded = List.copyOf(new TreeSet<>(changed.changed()));
    }

    Result judge() throws IOException, InterruptedException {
      if (near.nothing().isPresent()) {
        return near.nothing().get();
      }
      TestRun once = near.run(subject.before(), near.choice.classes(), recorded);
      if (once.passed().isEmpty()) {
        return near.nonePassed(once);
      }
      TestRun again = near.again(subject.before(), once.passed(), recorded);
      TestRun after = near.again(subject.after(), once.passed(), recorded);
      SortedMap<String, TestOutcome> steady = new TreeMap<>();
      for (String test : once.passed()) {
        // What the time did not suffice for says nothing.
        if (again.passes(test) && after.begun().containsAll(classes(Set.of(test)))) {
          steady.put(test, TestOutcome.PASSED);
        }
      }
      Set<String> wanted = asFixed(steady.keySet(), after);
      wanted.forEach(steady::remove);
      if (steady.isEmpty()) {
        return new Result.NotRun(
            "no test of %s passes on the version twice, and is as it was in the fixed release"
                .formatted(near.suite.name()));
      }
      Result result =
          new TestRung(
                  subject.before().jar(),
                  steady,
                  REPEATS,
                  near.repeat(subject.before(), subject.after()))
              .judge(subject.after().jar(), after.outcomes());
      if (result instanceof Result.Failed(String because)) {
        return new Result.Failed(
            "tests of " + near.suite.name() + ": " + because.replace(TestJvm.TESTS, ""));
      }
      replay =
          Optional.of(
              Replay.of(
                  once,
                  again,
                  after,
                  tests ->
                      subject.fixed().isPresent()
                          ? Optional.of(near.again(subject.fixed().get(), tests, recorded))
                          : Optional.empty()));
      return new Result.Passed(
          "%s: %s, %s%s"
              .formatted(
                  near.suite.name(),
                  result.because(),
                  near.extent(after),
                  wanted.isEmpty()
                      ? ""
                      : "; %d fail now because of what the fix is, as upstream's tests and releases have it: %s"
                          .formatted(
                              wanted.size(),
                              Some.of(wanted.stream().map(UpstreamTests::brief).toList()))));
    }

    /**
     * {@return the tests that fail now because the fix is what it is} Upstream's own form of such a
     * test passes now and did not before; or the test passes on the release before the fix, and
     * fails in the same way on the release with it.
     */
    private Set<String> asFixed(Set<String> passed, TestRun after)
        throws IOException, InterruptedException {
      Set<String> wanted = new TreeSet<>();
      Set<String> worse = new TreeSet<>(passed);
      worse.removeIf(test -> !after.fails(test));
      worse.stream()
          .filter(test -> upstream.filter(fixed -> fixed.isRewritten(test)).isPresent())
          .forEach(wanted::add);
      worse.removeAll(wanted);
      if (!worse.isEmpty() && subject.affected().isPresent() && subject.fixed().isPresent()) {
        TestRun affected = near.again(subject.affected().get(), worse, List.of());
        TestRun fixed = near.again(subject.fixed().get(), worse, List.of());
        worse.stream()
            .filter(test ->
                affected.passes(test)
                    && fixed.fails(test)
                    && fixed.failure(test).equals(after.failure(test)))
            .forEach(wanted::add);
      }
      return wanted;
    }
  }

  /** Tests of the release with the fix: what they newly pass is what the fix is for. */
  private final class Upstream {
    private final Subject subject;
    private final Near near;
    private Optional<TestRun> before = Optional.empty();
    private Optional<TestRun> after = Optional.empty();

    Upstream(Subject subject, Suite suite, ChangedMethods changed) {
      this.subject = subject;
      this.near = new Near(suite, subject.before().jar(), changed);
    }

    /** {@return whether the fixed release's form of a test asks for what the patch brought} */
    boolean isRewritten(String test) {
      return after.filter(run -> run.passes(test)).isPresent()
          && before.filter(run -> !run.passes(test)).isPresent();
    }

    Result judge() throws IOException, InterruptedException {
      if (near.nothing().isPresent()) {
        return near.nothing().get();
      }
      TestRun was = near.run(subject.before(), near.choice.classes(), List.of());
      TestRun is = near.run(subject.after(), was.begun(), List.of());
      before = Optional.of(was);
      after = Optional.of(is);
      Set<String> fixed = newlyPassed(was, is);
      String evidence =
          fixed.isEmpty()
              ? ""
              : "; %d that failed before pass now: %s"
                  .formatted(
                      fixed.size(), Some.of(fixed.stream().map(UpstreamTests::brief).toList()));
      SortedMap<String, TestOutcome> passed = new TreeMap<>();
      for (String test : was.passed()) {
        if (is.begun().containsAll(classes(Set.of(test)))) {
          passed.put(test, TestOutcome.PASSED);
        }
      }
      if (passed.isEmpty()) {
        return new Result.NotRun(near.nonePassed(was).because() + evidence);
      }
      Result result =
          new TestRung(
                  subject.before().jar(),
                  passed,
                  REPEATS,
                  near.repeat(subject.before(), subject.after()))
              .judge(subject.after().jar(), is.outcomes());
      return result instanceof Result.Failed(String because)
          ? new Result.Failed(
              "tests of " + near.suite.name() + ": " + because.replace(TestJvm.TESTS, ""))
          : new Result.Passed(
              "%s: %s, %s%s"
                  .formatted(
                      near.suite.name(),
                      result.because().replace(TestJvm.TESTS, ""),
                      near.extent(is),
                      evidence));
    }

    /** Told twice; what failed for want of a member of the newer release tells nothing. */
    private Set<String> newlyPassed(TestRun was, TestRun is)
        throws IOException, InterruptedException {
      Set<String> fixed = is.passed();
      fixed.removeIf(test -> !was.fails(test) || isUnlinked(was.failure(test)));
      if (fixed.isEmpty()) {
        return fixed;
      }
      TestRun wasAgain = near.again(subject.before(), fixed, List.of());
      TestRun isAgain = near.again(subject.after(), fixed, List.of());
      fixed.removeIf(test -> !wasAgain.fails(test) || !isAgain.passes(test));
      return fixed;
    }
  }

  private static boolean isUnlinked(String failure) {
    return failure.startsWith("java.lang.NoSuch")
        || failure.startsWith("java.lang.NoClassDef")
        || failure.startsWith("java.lang.AbstractMethodError")
        || failure.startsWith("java.lang.IllegalAccess")
        || failure.startsWith("java.lang.ClassNotFound");
  }

  /** {@return class and test without package} */
  private static String brief(String test) {
    String[] parts = test.split("#", 3);
    return parts[1].substring(parts[1].lastIndexOf('.') + 1) + "." + parts[2];
  }
}
