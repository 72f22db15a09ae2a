package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import underpin.cases.Rung.Result;
import underpin.verify.Baseline.TestOutcome;

class TestRungTest {
  private static final Path BASE = Path.of("base");
  private static final Path PATCHED = Path.of("patched");

  /** By "folder test": whether the n-th repetition, from 1, passes; absent tests pass always. */
  private final Map<String, IntPredicate> behaviour = new HashMap<>();

  private final List<String> repeats = new ArrayList<>();

  private final TestRung rung =
      new TestRung(BASE, outcomes("m#A#one", "m#A#two", "m#B#three"), 3, this::repeat);

  @Test
  void what_passes_as_before_is_not_repeated() throws Exception {
    assertThat(rung.judge(PATCHED, outcomes("m#A#one", "m#A#two", "m#B#three")))
        .isEqualTo(new Result.Passed("3 tests that passed before pass now"));
    assertThat(repeats).isEmpty();
  }

  @Test
  void tests_that_fail_again_are_broken_after_one_repetition_and_one_class_on_the_base()
      throws Exception {
    breaks("m#A#one");
    breaks("m#B#three");
    assertThat(rung.judge(PATCHED, outcomes("m#A#two")))
        .isEqualTo(
            new Result.Failed(
                "m#A#one is missing now (repeated: passes 0 of 1, on the base 3 of 3); m#B#three is missing now"));
    assertThat(repeats)
        .containsExactly(
            "patched [m#A#one, m#B#three]", "base [m#A#one]", "base [m#A#one]", "base [m#A#one]");
  }

  @Test
  void a_test_known_to_be_broken_is_not_repeated_for_another_choice_of_parts() throws Exception {
    breaks("m#A#one");
    rung.judge(PATCHED, outcomes("m#A#two", "m#B#three"));
    repeats.clear();
    assertThat(rung.judge(PATCHED, outcomes("m#A#two"))).isInstanceOf(Result.Failed.class);
    assertThat(repeats).isEmpty();
  }

  @Test
  void a_test_that_passes_whenever_it_is_repeated_is_flaky() throws Exception {
    assertThat(rung.judge(PATCHED, outcomes("m#A#one", "m#A#two")))
        .isEqualTo(new Result.Passed("2 tests that passed before pass now; flaky: m#B#three"));
  }

  @Test
  void a_test_that_wavers_on_the_base_too_is_flaky() throws Exception {
    behaviour.put("patched m#B#three", run -> run == 2);
    behaviour.put("base m#B#three", run -> run != 1);
    assertThat(rung.judge(PATCHED, outcomes("m#A#one", "m#A#two")))
        .isEqualTo(new Result.Passed("2 tests that passed before pass now; flaky: m#B#three"));
  }

  @Test
  void a_test_that_wavers_only_with_the_patch_is_broken_and_a_flaky_one_beside_it_is_not_named()
      throws Exception {
    behaviour.put("patched m#B#three", run -> run != 2);
    assertThat(rung.judge(PATCHED, outcomes("m#A#two")))
        .isEqualTo(
            new Result.Failed(
                "m#B#three is missing now (repeated: passes 2 of 3, on the base 3 of 3)"));
  }

  @Test
  void no_test_that_passed_before_is_no_pass() throws Exception {
    TestRung none =
        new TestRung(BASE, new TreeMap<>(Map.of("m#A#one", TestOutcome.FAILED)), 3, this::repeat);
    assertThat(none.judge(PATCHED, outcomes("m#A#one")))
        .isEqualTo(new Result.NotRun("no test of the project passed before the change"));
  }

  private void breaks(String test) {
    behaviour.put("patched " + test, run -> false);
  }

  private static SortedMap<String, TestOutcome> outcomes(String... passed) {
    SortedMap<String, TestOutcome> outcomes = new TreeMap<>();
    for (String test : passed) {
      outcomes.put(test, TestOutcome.PASSED);
    }
    return outcomes;
  }

  private SortedMap<String, TestOutcome> repeat(Path copy, Set<String> tests, String stage) {
    repeats.add(copy + " " + tests);
    int run = (int) repeats.stream().filter(r -> r.startsWith(copy + " ")).count();
    SortedMap<String, TestOutcome> outcomes = new TreeMap<>();
    for (String test : tests) {
      boolean passes = behaviour.getOrDefault(copy + " " + test, _ -> true).test(run);
      outcomes.put(test, passes ? TestOutcome.PASSED : TestOutcome.FAILED);
    }
    return outcomes;
  }
}
