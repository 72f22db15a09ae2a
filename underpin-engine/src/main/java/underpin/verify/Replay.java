package underpin.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import underpin.cases.Rung.Result;
import underpin.verify.TestRun.Call;

/**
 * What rung 9 learns from tests: the calls of the methods that a patch changed, as tests make them,
 * before and after. Only calls that are the same in two runs of the artifact as it was count.
 *
 * @param inputs different calls that gave the same
 * @param tests in which they were made
 * @param unsteady tests whose calls differ from run to run
 * @param differences in the others, the first of each test
 */
record Replay(int inputs, int tests, int unsteady, List<Difference> differences) {
  /** Fewer inputs say too little of behaviour; the same number as for those of a proof. */
  static final int LEAST_INPUTS = 50;

  private static final int MOST_SHOWN = 160;

  Replay {
    differences = List.copyOf(differences);
  }

  /** Whose doing a difference is. */
  enum Kind {
    /** The fixed release gives the same as the patched artifact. */
    WANTED,
    /** The fixed release gives the same as the artifact before. */
    REGRESSION,
    /** The fixed release gives neither, or does not run. */
    OPEN
  }

  /** The first call in which a test's calls part; empty where there is none any more. */
  record Difference(String test, Optional<Call> before, Optional<Call> after, Kind kind) {
    String text() {
      String where = test().replace(TestJvm.TESTS, "");
      String was = shown(before);
      if (before.isPresent()
          && after.isPresent()
          && before.get().method().equals(after.get().method())
          && before.get().arguments().equals(after.get().arguments())) {
        return "%s in %s: was %s, is %s"
            .formatted(was, where, cut(before.get().outcome()), cut(after.get().outcome()));
      }
      return "in %s: called was %s, is %s".formatted(where, was, shown(after));
    }

    private static String shown(Optional<Call> call) {
      return call.map(c -> name(c.method()) + cut(c.arguments())).orElse("nothing more");
    }

    private static String name(String method) {
      return method.substring(0, method.indexOf('('));
    }

    private static String cut(String text) {
      return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
    }
  }

  /**
   * @param once the artifact as it was
   * @param again the same, run again
   * @param after the patched artifact
   * @param fixed the fixed release; asked only where there are differences
   */
  static Replay of(TestRun once, TestRun again, TestRun after, FixedRun fixed)
      throws java.io.IOException, InterruptedException {
    Set<Call> same = new HashSet<>();
    Set<String> tests = new TreeSet<>();
    int unsteady = 0;
    List<Difference> open = new ArrayList<>();
    for (String test : once.passed()) {
      List<Call> was = once.calls().getOrDefault(test, List.of());
      if (was.isEmpty() || !after.passes(test)) {
        continue;
      }
      if (!was.equals(again.calls().getOrDefault(test, List.of()))) {
        unsteady++;
        continue;
      }
      List<Call> is = after.calls().getOrDefault(test, List.of());
      if (was.equals(is)) {
        same.addAll(was);
        tests.add(test);
      } else {
        open.add(parting(test, was, is));
      }
    }
    List<Difference> differences = open.isEmpty() ? open : told(open, fixed);
    int inputs =
        (int) same.stream().map(call -> call.method() + call.arguments()).distinct().count();
    return new Replay(inputs, tests.size(), unsteady, differences);
  }

  /** Runs tests on the fixed release, where there is one. */
  interface FixedRun {
    Optional<TestRun> of(Set<String> tests) throws java.io.IOException, InterruptedException;
  }

  private static Difference parting(String test, List<Call> was, List<Call> is) {
    int at = 0;
    while (at < was.size() && at < is.size() && was.get(at).equals(is.get(at))) {
      at++;
    }
    return new Difference(
        test,
        at < was.size() ? Optional.of(was.get(at)) : Optional.empty(),
        at < is.size() ? Optional.of(is.get(at)) : Optional.empty(),
        Kind.OPEN);
  }

  private static List<Difference> told(List<Difference> open, FixedRun fixed)
      throws java.io.IOException, InterruptedException {
    Set<String> tests = new TreeSet<>();
    open.forEach(each -> tests.add(each.test()));
    Optional<TestRun> upstream = fixed.of(tests);
    return open.stream()
        .map(each ->
            new Difference(
                each.test(),
                each.before(),
                each.after(),
                kind(
                    each,
                    upstream
                        .map(run -> run.calls().getOrDefault(each.test(), List.of()))
                        .orElse(List.of()))))
        .toList();
  }

  private static Kind kind(Difference difference, List<Call> upstream) {
    boolean asBefore = difference.before().filter(upstream::contains).isPresent();
    boolean asAfter = difference.after().filter(upstream::contains).isPresent();
    return asBefore == asAfter ? Kind.OPEN : asAfter ? Kind.WANTED : Kind.REGRESSION;
  }

  private List<String> texts(Kind kind) {
    return differences.stream().filter(each -> each.kind() == kind).map(Difference::text).toList();
  }

  /** {@return what rung 9 says with this beside what it says without} */
  Result beside(Result known) {
    Result own = result();
    return switch (known) {
      case Result.Failed _ -> known;
      case Result.Passed(String because) ->
          switch (own) {
            case Result.Passed(String more) -> new Result.Passed(because + "; " + more);
            // Too few to say something alone; what differs says something.
            case Result.NotRun(String more) ->
                texts(Kind.OPEN).isEmpty() ? new Result.Passed(because + "; " + more) : own;
            case Result.Failed _ -> own;
          };
      case Result.NotRun(String because) ->
          own instanceof Result.NotRun(String more)
              ? new Result.NotRun(because + "; " + more)
              : own;
    };
  }

  private Result result() {
    List<String> regressions = texts(Kind.REGRESSION);
    if (!regressions.isEmpty()) {
      return new Result.Failed(
          "where the fixed release gives what it was before: " + Some.of(regressions));
    }
    List<String> open = texts(Kind.OPEN);
    if (!open.isEmpty()) {
      return new Result.NotRun(
          "calls that upstream's tests make differ, and the fixed release does not tell whether they should: "
              + Some.of(open));
    }
    List<String> wanted = texts(Kind.WANTED);
    String text =
        "%d different calls of the changed methods, replayed from %d of the version's own tests, give the same"
                .formatted(inputs, tests)
            + (wanted.isEmpty()
                ? ""
                : "; in %d tests they differ as in the fixed release: %s"
                    .formatted(wanted.size(), Some.of(wanted)))
            + (unsteady == 0 ? "" : "; in %d they differ from run to run".formatted(unsteady));
    return inputs >= LEAST_INPUTS
        ? new Result.Passed(text)
        : new Result.NotRun(text + "; " + LEAST_INPUTS + " are needed");
  }
}
