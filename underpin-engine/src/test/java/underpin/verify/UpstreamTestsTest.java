package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.Compiled;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;
import underpin.verify.Baseline.TestOutcome;
import underpin.verify.UpstreamTests.Side;
import underpin.verify.UpstreamTests.Subject;
import underpin.verify.UpstreamTests.Suite;

class UpstreamTestsTest {
  private static final String FLAWED = "return name;";
  private static final String FIXED =
      "if (name.contains(\"..\")) { throw new SecurityException(name); } return name;";

  /** Of the version: JUnit 4, with what a fix of the flaw leaves alone. */
  private static final String OWN =
      """
      package lib;
      public class NamesTest {
        @org.junit.Test public void plainNamesStay() {
          for (int i = 0; i < 60; i++) {
            org.junit.Assert.assertEquals("a" + i, Names.checked("a" + i));
          }
        }
        @org.junit.Test public void longNamesAreLong() {
          org.junit.Assert.assertTrue(Names.checked("a.very.long.name").length() > 3);
        }
      }
      """;

  /** Of the fixed release: Jupiter. */
  private static final String UPSTREAM =
      """
      package lib;
      class NamesTest {
        @org.junit.jupiter.api.Test void plainNamesStay() {
          org.junit.jupiter.api.Assertions.assertEquals("a", Names.checked("a"));
        }
        @org.junit.jupiter.api.Test void namesThatLeadOutAreRefused() {
          org.junit.jupiter.api.Assertions.assertThrows(
              SecurityException.class, () -> Names.checked("../a"));
        }
        @org.junit.jupiter.api.Test void newerThings() {
          throw new NoSuchMethodError("lib.Names.newer()");
        }
      }
      """;

  private static final List<Path> RUNNER = new ArrayList<>();

  @TempDir Path folder;

  @BeforeAll
  static void the_runner_of_tests_is_at_hand() {
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      for (Gav gav :
          List.of(
              new Gav("org.junit.platform", "junit-platform-console-standalone", "1.14.4"),
              new Gav("junit", "junit", "4.13.2"))) {
        RUNNER.add(maven.fetch(gav).orElseThrow());
      }
    }
  }

  private Path jar(String name, List<Path> classPath, String... sources) throws IOException {
    Path classes = new Compiled(folder.resolve(name + ".d")).classes(8, classPath, sources);
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        zip.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private Path lib(String name, String body) throws IOException {
    return jar(
        name,
        List.of(),
        "package lib; public class Names { public static String checked(String name) { "
            + body
            + " } }",
        "package lib; public class Other { public static int one() { return 1; } }");
  }

  private Path tests(String name, Path lib, String... sources) throws IOException {
    List<Path> classPath = new ArrayList<>(RUNNER);
    classPath.add(lib);
    return jar(name, classPath, sources);
  }

  private static Side side(Path jar) {
    return new Side(jar, Map.of());
  }

  private static Suite suite(String name, Path tests) {
    return new Suite(name, tests, Map.of());
  }

  private static final TestJvm.Limits LIMITS =
      new TestJvm.Limits(Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofMinutes(2));

  private static TestTime minutes(int minutes) {
    return new TestTime(Duration.ofMinutes(minutes), System::nanoTime);
  }

  private TestJvm jvm() {
    return jvm(RUNNER);
  }

  private TestJvm jvm(List<Path> runner) {
    return new TestJvm(
        Sandbox.choose(Sandbox.Wanted.BEST),
        new Jdk(
            Path.of(System.getProperty("java.home")),
            Runtime.version().feature(),
            "the test runs on it"),
        runner,
        folder.resolve("work"));
  }

  /** With a fixed release whose method does as its body says. */
  private SortedMap<Rung, Result> judged(String patched, String fixed) throws Exception {
    Path base = lib("base.jar", FLAWED);
    return judged(
        patched,
        fixed,
        Optional.of(suite("lib 1", tests("own.jar", base, OWN))),
        Optional.of(suite("lib 2", tests("upstream.jar", base, UPSTREAM))));
  }

  private SortedMap<Rung, Result> judged(
      String patched, String fixed, Optional<Suite> own, Optional<Suite> upstream)
      throws Exception {
    Path base = lib("base.jar", FLAWED);
    TestJvm jvm = jvm();
    return new UpstreamTests(
            order ->
                jvm.run(
                    new TestJvm.Job(
                        order.suite().tests(),
                        order.jar(),
                        order.needs(),
                        order.classes(),
                        order.recorded()),
                    LIMITS),
            minutes(10))
        .judge(
            new Subject(
                side(base),
                side(lib("patched.jar", patched)),
                Optional.of(side(base)),
                Optional.of(side(lib("fixed.jar", fixed))),
                own,
                upstream),
            new TreeMap<>(
                Map.of(
                    Rung.SAME_BEHAVIOUR,
                    new Result.NotRun("no proof is known for this vulnerability"))));
  }

  @Test
  void a_fix_passes_the_versions_tests_and_those_of_the_fix_which_failed_before() throws Exception {
    SortedMap<Rung, Result> rungs = judged(FIXED, FIXED);
    assertThat(rungs.get(Rung.TESTS))
        .isInstanceOfSatisfying(
            Result.Passed.class,
            passed ->
                assertThat(passed.because())
                    .contains("lib 1: 2 tests that passed before pass now")
                    .contains("lib 2: 1 tests that passed before pass now")
                    .contains(
                        "1 that failed before pass now: NamesTest.namesThatLeadOutAreRefused()"));
    assertThat(rungs.get(Rung.SAME_BEHAVIOUR))
        .isInstanceOfSatisfying(
            Result.Passed.class,
            passed ->
                assertThat(passed.because())
                    .startsWith("61 different calls of the changed methods, replayed from 2"));
  }

  @Test
  void a_patch_that_breaks_a_test_of_the_version_is_refused_with_its_name() throws Exception {
    SortedMap<Rung, Result> rungs =
        judged(
            "if (name.contains(\".\")) { throw new SecurityException(name); } return name;", FIXED);
    assertThat(rungs.get(Rung.TESTS))
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed ->
                assertThat(failed.because())
                    .isEqualTo(
                        "tests of lib 1: lib.NamesTest.longNamesAreLong passed before and now fails"
                            + " with java.lang.SecurityException: a.very.long.name; on the fixed"
                            + " release it passes (repeated: passes 0 of 1 times with the fix, 2 of"
                            + " 2 without)"));
  }

  @Test
  void a_test_that_fails_in_the_same_way_on_the_fixed_release_does_not_speak_against_the_patch()
      throws Exception {
    String refusesDots =
        "if (name.contains(\".\")) { throw new SecurityException(name); } return name;";
    SortedMap<Rung, Result> rungs = judged(refusesDots, refusesDots);
    assertThat(rungs.get(Rung.TESTS))
        .isInstanceOfSatisfying(
            Result.Passed.class,
            passed ->
                assertThat(passed.because())
                    .contains("1 fail now because of what the fix is")
                    .contains("longNamesAreLong"));
  }

  @Test
  void what_no_test_asserts_is_told_apart_by_what_the_fixed_release_gives() throws Exception {
    String cuts =
        "if (name.contains(\"..\")) { throw new SecurityException(name); }"
            + " return name.length() > 10 ? name.substring(0, 10) : name;";
    assertThat(judged(cuts, FIXED).get(Rung.SAME_BEHAVIOUR))
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed ->
                assertThat(failed.because())
                    .contains(
                        "lib.Names.checked(\"a.very.long.name\") in lib.NamesTest#longNamesAreLong:"
                            + " was \"a.very.long.name\", is \"a.very.lon\""));
    assertThat(judged(cuts, cuts).get(Rung.SAME_BEHAVIOUR))
        .isInstanceOfSatisfying(
            Result.Passed.class,
            passed -> assertThat(passed.because()).contains("differ as in the fixed release"));
    assertThat(judged(cuts, "return \"else\";").get(Rung.SAME_BEHAVIOUR))
        .isInstanceOf(Result.NotRun.class);
  }

  @Test
  void tests_that_come_near_nothing_that_changed_are_not_run() throws Exception {
    Path base = lib("base.jar", FLAWED);
    Path tests =
        tests(
            "far.jar",
            base,
            """
            package lib;
            public class OtherTest {
              @org.junit.Test public void one() { org.junit.Assert.assertEquals(1, Other.one()); }
            }
            """);
    assertThat(
            judged(FIXED, FIXED, Optional.of(suite("lib 1", tests)), Optional.empty())
                .get(Rung.TESTS))
        .isEqualTo(
            new Result.NotRun("none of the 1 test classes of lib 1 reaches a changed class"));
    assertThat(judged(FIXED, FIXED, Optional.empty(), Optional.empty()).get(Rung.TESTS))
        .isInstanceOf(Result.NotRun.class);
  }

  @Test
  void tests_of_which_none_passed_before_say_nothing_and_tell_why() throws Exception {
    Path base = lib("base.jar", FLAWED);
    Path tests =
        tests(
            "failing.jar",
            base,
            """
            package lib;
            public class NamesTest {
              @org.junit.Test public void never() {
                throw new IllegalStateException("no database: " + Names.checked("a"));
              }
            }
            """);
    assertThat(
            judged(FIXED, FIXED, Optional.of(suite("lib 1", tests)), Optional.empty())
                .get(Rung.TESTS))
        .isInstanceOfSatisfying(
            Result.NotRun.class, notRun -> assertThat(notRun.because()).contains("no database: a"));
  }

  private static TestRun ran(TestOutcome outcome) {
    SortedMap<String, TestOutcome> outcomes = new TreeMap<>();
    outcomes.put("tests#lib.NamesTest#steady", TestOutcome.PASSED);
    outcomes.put("tests#lib.NamesTest#wavering", outcome);
    return new TestRun(
        outcomes,
        new TreeMap<>(),
        java.util.Set.of("lib.NamesTest"),
        new TreeMap<>(Map.of("lib.NamesTest", Duration.ofSeconds(1))),
        new TreeMap<>(),
        new TreeMap<>(),
        "");
  }

  @Test
  void a_test_that_passes_only_at_times_on_the_version_does_not_count() throws Exception {
    Path base = lib("base.jar", FLAWED);
    List<TestRun> onBase = new ArrayList<>(List.of(ran(TestOutcome.PASSED)));
    Result result =
        new UpstreamTests(
                order ->
                    order.jar().equals(base) && !onBase.isEmpty()
                        ? onBase.removeFirst()
                        : ran(TestOutcome.FAILED),
                minutes(10))
            .judge(
                new Subject(
                    side(base),
                    side(lib("patched.jar", FIXED)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(suite("lib 1", tests("own.jar", base, OWN))),
                    Optional.empty()),
                new TreeMap<>())
            .get(Rung.TESTS);
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Passed.class,
            passed -> assertThat(passed.because()).contains("1 tests that passed before pass now"));
  }

  private TestRun run(Path tests, Path lib, List<String> recorded, String... classes)
      throws Exception {
    return jvm().run(new TestJvm.Job(tests, lib, List.of(), List.of(classes), recorded), LIMITS);
  }

  @Test
  void calls_are_recorded_with_what_they_are_given_what_they_leave_and_what_they_give()
      throws Exception {
    Path lib =
        jar(
            "calls.jar",
            List.of(),
            """
            package lib;
            public class Calls {
              private final long start;
              public Calls(long start) { this.start = start; }
              public int fill(byte[] into, java.util.List<?> with) {
                into[0]++;
                return with.size() + inner(1.5);
              }
              private int inner(double ignored) { return 1; }
              public Calls refuse(Object given, char mark) throws java.io.IOException {
                throw new java.io.IOException("not today");
              }
              public void loop(int times) {
                try {
                  for (int i = 0; i < times; i++) { if (i > 2) { throw new Error(); } }
                } catch (Error e) {
                  return;
                }
              }
            }
            """);
    Path tests =
        tests(
            "callsTests.jar",
            lib,
            """
            package lib;
            public class CallsTest {
              @org.junit.Test public void all() throws Exception {
                Calls calls = new Calls(7L);
                calls.fill(new byte[2], java.util.Arrays.asList("x", 3, null, new Object()));
                try { calls.refuse(this, 'c'); } catch (java.io.IOException e) { }
                calls.loop(5);
              }
            }
            """);
    TestRun run =
        run(
            tests,
            lib,
            List.of(
                "lib.Calls.<init>(J)V",
                "lib.Calls.fill([BLjava/util/List;)I",
                "lib.Calls.inner(D)I",
                "lib.Calls.refuse(Ljava/lang/Object;C)Llib/Calls;",
                "lib.Calls.loop(I)V"),
            "lib.CallsTest");
    assertThat(run.outcomes())
        .containsExactly(Map.entry("tests#lib.CallsTest#all", TestOutcome.PASSED));
    assertThat(run.calls().get("tests#lib.CallsTest#all"))
        .extracting(TestRun.Call::arguments, TestRun.Call::outcome)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("(7)", "returns"),
            org.assertj.core.groups.Tuple.tuple(
                "(byte[2]#961, java.util.Arrays$ArrayList[4][\"x\", 3, null, java.lang.Object])",
                "5, leaving (byte[2]#992, java.util.Arrays$ArrayList[4][\"x\", 3, null,"
                    + " java.lang.Object])"),
            org.assertj.core.groups.Tuple.tuple("(lib.CallsTest, c)", "throws java.io.IOException"),
            org.assertj.core.groups.Tuple.tuple("(5)", "returns"));
  }

  @Test
  void a_class_that_ends_the_jvm_or_never_ends_costs_itself_and_not_the_next_one()
      throws Exception {
    Path lib = lib("base.jar", FLAWED);
    Path tests =
        tests(
            "hostile.jar",
            lib,
            """
            package lib;
            public class ExitTest {
              @org.junit.Test public void exits() { System.exit(0); }
            }
            """,
            """
            package lib;
            public class LoopTest {
              @org.junit.Test public void loops() { while (true) { Names.checked("a"); } }
            }
            """,
            OWN);
    TestRun run = run(tests, lib, List.of(), "lib.ExitTest", "lib.LoopTest", "lib.NamesTest");
    assertThat(run.outcomes())
        .containsOnlyKeys(
            "tests#lib.NamesTest#longNamesAreLong", "tests#lib.NamesTest#plainNamesStay");
    assertThat(run.reasons().get("lib.ExitTest")).contains("the JVM ended with 0");
    assertThat(run.reasons().get("lib.LoopTest")).contains("no end within 10 s");
  }

  @Test
  void a_class_that_the_time_of_the_run_cuts_short_is_not_held_against_anyone() throws Exception {
    Path lib = lib("base.jar", FLAWED);
    Path tests =
        tests(
            "slow.jar",
            lib,
            """
            package lib;
            public class LoopTest {
              @org.junit.Test public void loops() { while (true) { Names.checked("a"); } }
            }
            """);
    TestRun run =
        jvm()
            .run(
                new TestJvm.Job(tests, lib, List.of(), List.of("lib.LoopTest"), List.of()),
                new TestJvm.Limits(
                    Duration.ofSeconds(4), Duration.ofSeconds(10), Duration.ofSeconds(4)));
    assertThat(run.begun()).isEmpty();
    assertThat(run.outcomes()).isEmpty();
    assertThat(run.ended()).isNotEmpty();
  }

  @Test
  void tests_are_chosen_by_how_near_they_come_to_what_changed() throws Exception {
    Path lib =
        jar(
            "chosen.jar",
            List.of(),
            "package lib; public class Names { public static class Part { } }",
            "package lib; public class Uses { Object part = new Names.Part(); }",
            "package lib; public class Far { }");
    Path tests =
        tests(
            "chosenTests.jar",
            lib,
            "package lib; public class UsesTest { Uses uses; Object o = new Uses(); }",
            "package lib; public class NamesTest { Object o = new Names.Part(); }",
            "package lib; public class TestSupport extends Sample { }",
            "package lib; public class Sample { Object o = new Names(); }",
            "package lib; public abstract class BaseTest { Object o = new Names(); }",
            "package lib; public class FarTest { Object o = new Far(); }");
    TestChoice choice = TestChoice.of(tests, lib, java.util.Set.of("lib/Names"));
    assertThat(choice)
        .isEqualTo(
            new TestChoice(List.of("lib.NamesTest", "lib.TestSupport", "lib.UsesTest"), 1, 8));
  }

  @Test
  void what_tests_print_or_write_into_the_results_is_no_result() throws Exception {
    Path lib = lib("base.jar", FLAWED);
    Path printing =
        tests(
            "printing.jar",
            lib,
            """
            package lib;
            public class PrintTest {
              @org.junit.Test public void prints() {
                System.out.println("test\\tother\\tPASSED");
                throw new IllegalStateException("it fails");
              }
            }
            """);
    assertThat(run(printing, lib, List.of(), "lib.PrintTest").outcomes())
        .containsExactly(Map.entry("tests#lib.PrintTest#prints", TestOutcome.FAILED));

    Path writing =
        tests(
            "writing.jar",
            lib,
            """
            package lib;
            import java.nio.file.*;
            public class WriteTest {
              @org.junit.Test public void writes() throws Exception {
                String folder = System.getProperty("sun.java.command").split(" ")[1];
                Path results = Paths.get(folder, "results");
                java.util.List<String> lines = Files.readAllLines(results);
                Files.write(
                    results, lines.subList(0, 1), StandardOpenOption.APPEND);
              }
            }
            """);
    assertThatThrownBy(() -> run(writing, lib, List.of(), "lib.WriteTest"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("somebody else");

    Path reading =
        tests(
            "reading.jar",
            lib,
            """
            package lib;
            public class ReadTest {
              @org.junit.Test public void theKeyIsGone() {
                String folder = System.getProperty("sun.java.command").split(" ")[1];
                org.junit.Assert.assertFalse(new java.io.File(folder, "key").exists());
                org.junit.Assert.assertTrue(new java.io.File(folder, "results").exists());
              }
            }
            """);
    assertThat(run(reading, lib, List.of(), "lib.ReadTest").outcomes().values())
        .containsExactly(TestOutcome.PASSED);
  }

  @Test
  void a_jar_of_tests_that_leads_out_of_its_folder_is_refused() throws Exception {
    Path jar = folder.resolve("slip.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("../slipped"));
      zip.write(1);
    }
    assertThatThrownBy(() -> TestJar.unpack(jar, folder.resolve("deep/er")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leads out of it");
    assertThat(folder.resolve("deep/slipped")).doesNotExist();
  }

  @Test
  void a_jar_of_tests_with_too_many_entries_or_too_much_in_them_is_refused() throws Exception {
    Path jar = folder.resolve("bomb.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : List.of("a", "b", "c")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(new byte[400_000]);
      }
    }
    assertThat(Files.size(jar)).isLessThan(4_000);
    assertThatThrownBy(() -> TestJar.unpack(jar, folder.resolve("many"), 2, 2_000_000))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("bomb.jar has 3 entries, more than 2");
    assertThat(folder.resolve("many")).isEmptyDirectory();
    assertThatThrownBy(() -> TestJar.unpack(jar, folder.resolve("large"), 3, 1_000_000))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("bomb.jar unpacks to more than 1000000 bytes");
    assertThat(folder.resolve("large/a")).hasSize(400_000);
    assertThat(Files.size(folder.resolve("large/c"))).isLessThanOrEqualTo(200_000);
    TestJar.unpack(jar, folder.resolve("whole"), 3, 1_200_000);
    assertThat(folder.resolve("whole/c")).hasSize(400_000);
  }

  @Test
  void a_class_that_did_not_end_is_not_run_again_and_does_not_count() throws Exception {
    Path base = lib("base.jar", FLAWED);
    Path tests =
        tests(
            "slow.jar",
            base,
            OWN,
            """
            package lib;
            public class NamesLoopTest {
              @org.junit.Test public void passes() { Names.checked("a"); }
              @org.junit.Test public void zLoops() { while (true) { Names.checked("a"); } }
            }
            """);
    List<List<String>> asked = new ArrayList<>();
    TestJvm jvm = jvm();
    Result result =
        new UpstreamTests(
                order -> {
                  asked.add(order.classes());
                  return jvm.run(
                      new TestJvm.Job(
                          order.suite().tests(),
                          order.jar(),
                          order.needs(),
                          order.classes(),
                          order.recorded()),
                      order.limits());
                },
                minutes(1))
            .judge(
                new Subject(
                    side(base),
                    side(lib("patched.jar", FIXED)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(suite("lib 1", tests)),
                    Optional.empty()),
                new TreeMap<>())
            .get(Rung.TESTS);
    assertThat(Objects.requireNonNull(result).because())
        .isEqualTo(
            "lib 1: 2 tests that passed before pass now, in 1 of the 2 test classes that come near"
                + " the change; 1 did not end in their time and do not count");
    assertThat(asked)
        .containsExactly(
            List.of("lib.NamesLoopTest", "lib.NamesTest"),
            List.of("lib.NamesTest"),
            List.of("lib.NamesTest"));
  }

  @Test
  void a_test_that_fails_counts_where_no_time_is_left_to_repeat_it() throws Exception {
    Path base = lib("base.jar", FLAWED);
    java.util.concurrent.atomic.AtomicLong clock = new java.util.concurrent.atomic.AtomicLong();
    Result result =
        new UpstreamTests(
                order -> {
                  clock.addAndGet(Duration.ofSeconds(20).toNanos());
                  return ran(order.jar().equals(base) ? TestOutcome.PASSED : TestOutcome.FAILED);
                },
                new TestTime(Duration.ofSeconds(61), clock::get))
            .judge(
                new Subject(
                    side(base),
                    side(lib("patched.jar", FIXED)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(suite("lib 1", tests("own.jar", base, OWN))),
                    Optional.empty()),
                new TreeMap<>())
            .get(Rung.TESTS);
    assertThat(result)
        .isEqualTo(
            new Result.Failed(
                "tests of lib 1: lib.NamesTest.wavering passed before and now fails with no"
                    + " exception; not repeated: the time for all runs of tests, 61 s, was used up;"
                    + " --test-time SECONDS gives more"));
  }

  @Test
  void tests_for_testng_run_where_its_engine_is_at_hand() throws Exception {
    List<Gav> wanted =
        List.of(
            new Gav("org.junit.support", "testng-engine", "1.0.5"),
            new Gav("org.testng", "testng", "7.5.1"),
            new Gav("com.beust", "jcommander", "1.82"),
            new Gav("org.slf4j", "slf4j-api", "1.7.36"));
    List<Path> files = new ArrayList<>();
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      for (Gav gav : wanted) {
        Optional<Path> file = maven.fetch(gav);
        org.junit.jupiter.api.Assumptions.assumeTrue(
            file.isPresent(), gav + " is in no repository at hand: tests for TestNG are not tried");
        files.add(file.orElseThrow());
      }
    }
    Path lib = lib("base.jar", FLAWED);
    List<Path> classPath = new ArrayList<>(files);
    classPath.add(lib);
    Path tests =
        jar(
            "testng.jar",
            classPath,
            """
            package lib;
            public class NamesTest {
              @org.testng.annotations.Test public void stays() {
                org.testng.Assert.assertEquals(Names.checked("a"), "a");
              }
              @org.testng.annotations.Test public void fails() {
                org.testng.Assert.assertEquals(Names.checked("a"), "b");
              }
            }
            """);
    List<Path> runner = new ArrayList<>(RUNNER);
    runner.add(files.getFirst());
    TestRun run =
        jvm(runner)
            .run(
                new TestJvm.Job(
                    tests,
                    lib,
                    files.subList(1, files.size()),
                    List.of("lib.NamesTest"),
                    List.of("lib.Names.checked(Ljava/lang/String;)Ljava/lang/String;")),
                LIMITS);
    assertThat(run.outcomes().values())
        .containsExactlyInAnyOrder(TestOutcome.PASSED, TestOutcome.FAILED);
    assertThat(run.whole()).containsOnlyKeys("lib.NamesTest");
    assertThat(run.calls().values())
        .allSatisfy(calls ->
            assertThat(calls)
                .extracting(TestRun.Call::arguments, TestRun.Call::outcome)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("(\"a\")", "\"a\"")))
        .hasSize(2);
  }
}
