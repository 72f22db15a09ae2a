package underpin.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  /** The first run of the fixed release's tests gets that part of the time. */
  private static final int PART_BESIDE = 8;

  /** The same where the version has no tests of its own. */
  private static final int PART_ALONE = 4;

  /** The first of three runs of the version's own tests gets that part of what is left then. */
  private static final int PART_OWN = 5;

  private static final int MOST_SHOWN = 200;

  private final Runs runs;
  private final TestTime time;

  /**
   * @param runs runs tests
   * @param time that all of them have together
   */
  UpstreamTests(Runs runs, TestTime time) {
    this.runs = runs;
    this.time = time;
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
    /** {@return how they went} */
    TestRun run(Order order) throws IOException, InterruptedException;
  }

  /**
   * One run.
   *
   * @param purpose in words
   * @param needs after the artifact, in the order of the class path
   * @param recorded methods whose calls are noted
   * @param release of Java that the classes need
   */
  record Order(
      String purpose,
      Suite suite,
      Path jar,
      List<Path> needs,
      List<String> classes,
      List<String> recorded,
      int release,
      TestJvm.Limits limits) {}

  /** There is no time left for a run. */
  private static final class TimeUsedUp extends IOException {
    private static final long serialVersionUID = 1;

    TimeUsedUp(TestTime time) {
      super(
          "the time for all runs of tests, %s, was used up; --test-time SECONDS gives more"
              .formatted(time.text()));
    }
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
        results.add(inTime(upstream.get().near, upstream.get()::judge));
      }
      if (subject.own().isPresent()) {
        Own own = new Own(subject, subject.own().get(), changed, upstream);
        results.addFirst(inTime(own.near, own::judge));
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

  /** Judges by tests. */
  private interface Judgement {
    Result result() throws IOException, InterruptedException;
  }

  private static Result inTime(Near near, Judgement judgement)
      throws IOException, InterruptedException {
    try {
      return judgement.result();
    } catch (TimeUsedUp e) {
      return new Result.NotRun(
          "tests of %s say nothing: %s".formatted(near.suite.name(), e.getMessage()));
    }
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

    /** By class, how long it took, the longest. */
    private final Map<String, Duration> took = new HashMap<>();

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

    /**
     * The first run, of the nearest classes, as many as the time allows.
     *
     * @param part of what is left, one of that many
     */
    TestRun first(String purpose, Side side, List<String> recorded, int part)
        throws IOException, InterruptedException {
      return run(purpose, side, choice.classes(), recorded, time.first(part));
    }

    /** Runs classes that came to their end before. */
    TestRun again(String purpose, Side side, Collection<String> classes, List<String> recorded)
        throws IOException, InterruptedException {
      return run(
          purpose,
          side,
          classes,
          recorded,
          time.again(
              classes.stream().map(name -> took.getOrDefault(name, Duration.ZERO)).toList()));
    }

    private TestRun run(
        String purpose,
        Side side,
        Collection<String> classes,
        List<String> recorded,
        TestJvm.Limits limits)
        throws IOException, InterruptedException {
      if (time.isUsedUp()) {
        throw new TimeUsedUp(time);
      }
      Map<String, Path> needs = new LinkedHashMap<>(side.needs());
      suite.needs().forEach(needs::putIfAbsent);
      TestRun run =
          runs.run(
              new Order(
                  purpose,
                  suite,
                  side.jar(),
                  List.copyOf(needs.values()),
                  choice.classes().stream().filter(classes::contains).toList(),
                  recorded,
                  choice.release(),
                  limits));
      run.whole().forEach((name, one) -> took.merge(name, one, Near::longer));
      return run;
    }

    private static Duration longer(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? other : one;
    }

    /**
     * {@return rung 5 by tests that passed before} A test that fails now and cannot be repeated for
     * want of time speaks against the patch: doubt is no pass.
     *
     * @param told what else is known of a test
     */
    Result judge(Subject subject, SortedMap<String, TestOutcome> before, TestRun after, Told told)
        throws IOException, InterruptedException {
      TestRung.Words words = words(after, told);
      Result result;
      try {
        result =
            new TestRung(
                    subject.before().jar(),
                    before,
                    REPEATS,
                    (copy, tests, _) -> {
                      boolean isBefore = copy.equals(subject.before().jar());
                      return again(
                              isBefore ? "repeated as it was" : "repeated with the fix",
                              isBefore ? subject.before() : subject.after(),
                              classes(tests),
                              List.of())
                          .outcomes();
                    },
                    words)
                .judge(subject.after().jar(), after.outcomes());
      } catch (TimeUsedUp e) {
        List<String> worse =
            before.keySet().stream()
                .filter(test -> !after.passes(test))
                .map(test -> words.now(test, true))
                .toList();
        result = new Result.Failed(Some.of(worse) + "; not repeated: " + e.getMessage());
      }
      return result instanceof Result.Failed(String because)
          ? new Result.Failed("tests of " + suite.name() + ": " + because)
          : result;
    }

    private TestRung.Words words(TestRun after, Told told) {
      return new TestRung.Words() {
        @Override
        public String now(String test, boolean there) {
          String text = after.told(test);
          return "%s passed before and now %s%s"
              .formatted(
                  test.replace(TestJvm.TESTS, "").replace('#', '.'), cut(text), told.of(test));
        }

        @Override
        public String repeated(int passed, int of, int onBase, int ofBase) {
          return "repeated: passes %d of %d times with the fix, %d of %d without"
              .formatted(passed, of, onBase, ofBase);
        }
      };
    }

    /**
     * {@return how much ran, in words}
     *
     * @param counted classes
     */
    String extent(int counted, TestRun first) {
      int unended = first.begun().size() - first.whole().size();
      return "in %d of the %d test classes that come near the change%s%s"
          .formatted(
              counted,
              choice.classes().size(),
              first.begun().size() < choice.classes().size()
                  ? ", the nearest first, as many as the time allowed"
                  : "",
              unended > 0
                  ? "; %d did not end in their time and do not count".formatted(unended)
                  : "");
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

  /** What else is known of a test that fails now, to go on with; may be empty. */
  private interface Told {
    String of(String test);
  }

  /** {@return a text on one line, not too long} */
  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }

  private static Set<String> classes(Set<String> tests) {
    Set<String> classes = new TreeSet<>();
    tests.forEach(test -> classes.add(TestRun.type(test)));
    return classes;
  }

  /** The version's own tests. */
  private final class Own {
    private final Subject subject;
    private final Near near;
    private final List<String> recorded;
    private final Optional<Upstream> upstream;
    private Optional<Replay> replay = Optional.empty();

    /** By test that fails now: what the fixed release does in it. */
    private final Map<String, String> onFixed = new HashMap<>();

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
      TestRun once = near.first("as it was", subject.before(), recorded, PART_OWN);
      if (once.passed().isEmpty()) {
        return near.nonePassed(once);
      }
      TestRun again =
          near.again("as it was, again", subject.before(), classes(once.passed()), recorded);
      TestRun after =
          near.again("with the fix", subject.after(), classes(again.passed()), recorded);
      SortedMap<String, TestOutcome> steady = new TreeMap<>();
      Set<String> passed = again.passed();
      passed.retainAll(once.passed());
      for (String test : passed) {
        // What the time did not suffice for says nothing.
        if (after.begun().contains(TestRun.type(test))) {
          steady.put(test, TestOutcome.PASSED);
        }
      }
      int counted = classes(steady.keySet()).size();
      Set<String> wanted = asFixed(steady.keySet(), after);
      wanted.forEach(steady::remove);
      if (steady.isEmpty()) {
        return new Result.NotRun(
            "no test of %s passes on the version twice, and is as it was in the fixed release"
                .formatted(near.suite.name()));
      }
      Result result = near.judge(subject, steady, after, test -> onFixed.getOrDefault(test, ""));
      if (!(result instanceof Result.Passed)) {
        return result;
      }
      replay = Optional.of(Replay.of(once, again, after, this::replayed));
      return new Result.Passed(
          "%s: %s, %s%s"
              .formatted(
                  near.suite.name(),
                  result.because().replace(TestJvm.TESTS, ""),
                  near.extent(counted, once),
                  wanted.isEmpty()
                      ? ""
                      : "; %d fail now because of what the fix is, as upstream's tests and releases have it: %s"
                          .formatted(
                              wanted.size(),
                              Some.of(wanted.stream().map(UpstreamTests::brief).toList()))));
    }

    /** What is not asked for want of time is not told. */
    private Optional<TestRun> replayed(Set<String> tests) throws IOException, InterruptedException {
      if (subject.fixed().isEmpty() || time.isUsedUp()) {
        return Optional.empty();
      }
      return Optional.of(
          near.again("the fixed release", subject.fixed().get(), classes(tests), recorded));
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
      if (!worse.isEmpty()
          && subject.affected().isPresent()
          && subject.fixed().isPresent()
          && !time.isUsedUp()) {
        TestRun fixed =
            near.again("the fixed release", subject.fixed().get(), classes(worse), List.of());
        worse.forEach(test -> onFixed.put(test, "; on the fixed release it " + said(fixed, test)));
        Set<String> alike = new TreeSet<>(worse);
        alike.removeIf(
            test -> !fixed.fails(test) || !fixed.failure(test).equals(after.failure(test)));
        wanted.addAll(passingBefore(alike));
      }
      return wanted;
    }

    private static String said(TestRun fixed, String test) {
      return fixed.passes(test) ? "passes" : cut(fixed.told(test));
    }

    /** {@return those of the tests that pass on the release before the fix} */
    private Set<String> passingBefore(Set<String> tests) throws IOException, InterruptedException {
      Side affected = subject.affected().orElseThrow();
      if (tests.isEmpty() || affected.jar().equals(subject.before().jar())) {
        return tests;
      }
      if (time.isUsedUp()) {
        return Set.of();
      }
      TestRun run = near.again("the release before the fix", affected, classes(tests), List.of());
      return tests.stream().filter(run::passes).collect(Collectors.toSet());
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
      TestRun was =
          near.first(
              "as it was",
              subject.before(),
              List.of(),
              subject.own().isPresent() ? PART_BESIDE : PART_ALONE);
      TestRun is = near.again("with the fix", subject.after(), was.whole().keySet(), List.of());
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
        if (is.begun().contains(TestRun.type(test))) {
          passed.put(test, TestOutcome.PASSED);
        }
      }
      if (passed.isEmpty()) {
        return new Result.NotRun(near.nonePassed(was).because() + evidence);
      }
      Result result = near.judge(subject, passed, is, _ -> "");
      return result instanceof Result.Passed
          ? new Result.Passed(
              "%s: %s, %s%s"
                  .formatted(
                      near.suite.name(),
                      result.because().replace(TestJvm.TESTS, ""),
                      near.extent(classes(passed.keySet()).size(), was),
                      evidence))
          : result;
    }

    /** Told twice; what failed for want of a member of the newer release tells nothing. */
    private Set<String> newlyPassed(TestRun was, TestRun is)
        throws IOException, InterruptedException {
      Set<String> fixed = is.passed();
      fixed.removeIf(test -> !was.fails(test) || isUnlinked(was.failure(test)));
      if (fixed.isEmpty()) {
        return fixed;
      }
      try {
        TestRun wasAgain =
            near.again("as it was, again", subject.before(), classes(fixed), List.of());
        TestRun isAgain =
            near.again("with the fix, again", subject.after(), classes(fixed), List.of());
        fixed.removeIf(test -> !wasAgain.fails(test) || !isAgain.passes(test));
        return fixed;
      } catch (TimeUsedUp e) {
        // Seen once is not seen.
        return Set.of();
      }
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
