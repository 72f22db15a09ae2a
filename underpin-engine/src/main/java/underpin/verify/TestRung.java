package underpin.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import underpin.cases.Rung.Result;
import underpin.verify.Baseline.TestOutcome;

/**
 * Rung 5: nothing that passed on the base fails now. What fails is repeated, so that a test that
 * fails by chance does not speak against the patch; but only until one test is known to be broken,
 * as one is enough. Remembers for all choices of parts of one patch what repeating has shown.
 */
final class TestRung {
  /** Runs some tests again and says how they went. */
  interface Repeat {
    SortedMap<String, TestOutcome> run(Path copy, Set<String> tests, String stage)
        throws IOException, InterruptedException;
  }

  /** How a test that does not pass any more is told. */
  interface Words {
    /** {@return what happened} */
    String now(String test, boolean there);

    /** {@return what repeating showed: how often it passed with the patch, and on the base} */
    String repeated(int passed, int of, int onBase, int ofBase);
  }

  private static final Words OF_A_PROJECT =
      new Words() {
        @Override
        public String now(String test, boolean there) {
          return test + (there ? " fails now" : " is missing now");
        }

        @Override
        public String repeated(int passed, int of, int onBase, int ofBase) {
          return "repeated: passes %d of %d, on the base %d of %d"
              .formatted(passed, of, onBase, ofBase);
        }
      };

  private final Path base;
  private final SortedMap<String, TestOutcome> before;
  private final int runs;
  private final Repeat repeat;
  private final Words words;

  /** By test: how often it passed when it was repeated on the base. */
  private final Map<String, Integer> basePasses = new HashMap<>();

  private final Set<String> repeatedOnBase = new TreeSet<>();
  private final Set<String> ranOnBase = new TreeSet<>();

  /** By test that failed twice on some choice of parts and is steady on the base: how. */
  private final SortedMap<String, String> broken = new TreeMap<>();

  /**
   * @param base the folder that the baseline was built in
   * @param before how the tests went there
   * @param runs how often a test is repeated before it counts as steady, 1 or more
   */
  TestRung(Path base, SortedMap<String, TestOutcome> before, int runs, Repeat repeat) {
    this(base, before, runs, repeat, OF_A_PROJECT);
  }

  /**
   * @param words for what went wrong
   */
  TestRung(Path base, SortedMap<String, TestOutcome> before, int runs, Repeat repeat, Words words) {
    this.base = base;
    this.before = before;
    this.runs = runs;
    this.repeat = repeat;
    this.words = words;
  }

  /**
   * {@return the rung's result}
   *
   * @param copy the folder that the patched project was built in
   * @param after how the tests went there
   */
  Result judge(Path copy, SortedMap<String, TestOutcome> after)
      throws IOException, InterruptedException {
    long passedBefore = before.values().stream().filter(TestRung::good).count();
    if (passedBefore == 0) {
      return new Result.NotRun(
          before.isEmpty()
              ? "the project has no tests"
              : "no test of the project passed before the change");
    }
    Set<String> worse = worse(after);
    if (worse.isEmpty()) {
      return new Result.Passed(passedBefore + " tests that passed before pass now");
    }
    SortedMap<String, String> bad = new TreeMap<>();
    if (worse.stream().anyMatch(broken::containsKey)) {
      worse.forEach(test -> bad.put(test, broken.getOrDefault(test, "")));
    } else {
      bad.putAll(repeated(copy, worse, after));
    }
    if (bad.isEmpty()) {
      return new Result.Passed(
          "%d tests that passed before pass now; flaky: %s"
              .formatted(passedBefore - worse.size(), Some.of(List.copyOf(worse))));
    }
    return failed(bad, after);
  }

  /** What is known best comes first. */
  private Result failed(SortedMap<String, String> bad, SortedMap<String, TestOutcome> after) {
    List<String> texts = new ArrayList<>();
    for (boolean repeated : new boolean[] {true, false}) {
      bad.forEach((test, how) -> {
        if (how.isEmpty() != repeated) {
          String now = words.now(test, after.containsKey(test));
          texts.add(repeated ? now + " (" + how + ")" : now);
        }
      });
    }
    return new Result.Failed(Some.of(texts));
  }

  /**
   * {@return those of the tests that do not only waver, and what repeating showed} Stops as soon as
   * one is known to be broken; the others stay unclear then, with an empty text.
   */
  private SortedMap<String, String> repeated(
      Path copy, Set<String> tests, SortedMap<String, TestOutcome> after)
      throws IOException, InterruptedException {
    Map<String, Integer> passes = new HashMap<>();
    count(repeat.run(copy, tests, "test: repeated"), tests, passes);
    Set<String> again = new TreeSet<>(tests);
    again.removeAll(passes.keySet());
    if (!again.isEmpty()) {
      String first = owner(again.iterator().next());
      Set<String> sample =
          again.stream()
              .filter(t -> owner(t).equals(first))
              .collect(Collectors.toCollection(TreeSet::new));
      repeatOnBase(sample);
      sample.removeIf(test -> basePasses.getOrDefault(test, 0) < runs);
      if (!sample.isEmpty()) {
        sample.forEach(test -> broken.put(test, how(0, 1, runs)));
        SortedMap<String, String> bad = new TreeMap<>();
        tests.forEach(test -> bad.put(test, broken.getOrDefault(test, "")));
        return bad;
      }
    }
    for (int run = 2; run <= runs; run++) {
      count(repeat.run(copy, tests, "test: repeated"), tests, passes);
    }
    repeatOnBase(tests);
    SortedMap<String, String> bad = new TreeMap<>();
    for (String test : tests) {
      int passed = passes.getOrDefault(test, 0);
      if (!wavers(test, passed, after.containsKey(test))) {
        bad.put(test, how(passed, runs, basePasses.getOrDefault(test, 0)));
      }
    }
    return bad;
  }

  private String how(int passed, int of, int onBase) {
    return words.repeated(passed, of, onBase, runs);
  }

  /**
   * Flaky: it passes whenever it is repeated, or is seen to fail on the base at times too, or its
   * name differs from run to run there. All else counts as broken: doubt is no pass.
   */
  private boolean wavers(String test, int passed, boolean there) {
    boolean unsteady = basePasses.getOrDefault(test, 0) < runs && ranOnBase.contains(owner(test));
    return passed == runs || (unsteady && (passed > 0 || !there));
  }

  /** Repeats on the base the tests that were not repeated there yet. */
  private void repeatOnBase(Set<String> tests) throws IOException, InterruptedException {
    Set<String> unknown = new TreeSet<>(tests);
    unknown.removeAll(repeatedOnBase);
    for (int run = 1; run <= runs && !unknown.isEmpty(); run++) {
      SortedMap<String, TestOutcome> onBase =
          repeat.run(base, unknown, "test: repeated on the base");
      onBase.keySet().forEach(test -> ranOnBase.add(owner(test)));
      count(onBase, unknown, basePasses);
    }
    repeatedOnBase.addAll(unknown);
  }

  /** {@return "module#class" of "module#class#method"} */
  private static String owner(String test) {
    return test.substring(0, test.indexOf('#', test.indexOf('#') + 1));
  }

  private Set<String> worse(SortedMap<String, TestOutcome> after) {
    Set<String> worse = new TreeSet<>();
    before.forEach((test, outcome) -> {
      if (good(outcome) && Optional.ofNullable(after.get(test)).filter(TestRung::good).isEmpty()) {
        worse.add(test);
      }
    });
    return worse;
  }

  private static boolean good(TestOutcome outcome) {
    return outcome == TestOutcome.PASSED || outcome == TestOutcome.FLAKY;
  }

  private static void count(
      SortedMap<String, TestOutcome> outcomes, Set<String> tests, Map<String, Integer> passes) {
    for (String test : tests) {
      if (Optional.ofNullable(outcomes.get(test)).filter(TestRung::good).isPresent()) {
        passes.merge(test, 1, Integer::sum);
      }
    }
  }
}
