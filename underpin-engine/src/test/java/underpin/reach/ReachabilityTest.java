package underpin.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Reach;
import underpin.program.ClassPath;
import underpin.program.Compiled;
import underpin.program.graph.CallGraph;
import underpin.reach.functions.FunctionJson;
import underpin.reach.functions.FunctionList;

class ReachabilityTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path root;

  private Reachability search(List<String> notBuilt, Path... more) throws IOException {
    Path library =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                "package lib; public class Lib { public static void used() {} public static void unused() {} }",
                "package lib; public class Other { static { System.out.println(); } }");
    Path own =
        new Compiled(root.resolve("own"))
            .classes(
                25,
                List.of(library),
                """
                package p;
                public class Main {
                  public static void main(String[] args) {
                    lib.Lib.used();
                  }
                }
                """);
    List<ClassPath.Entry> entries =
        new java.util.ArrayList<>(
            List.of(
                new ClassPath.Entry("own", "own", own, true),
                new ClassPath.Entry("lib", "lib", library, false)));
    for (Path path : more) {
      entries.add(new ClassPath.Entry("more", "more", path, false));
    }
    return new Reachability(
        List.of(new Program("shop", new ClassPath(entries, 25), JDK, notBuilt)),
        CallGraph.Options.of(JDK));
  }

  @Test
  void reached_with_the_line_that_calls() throws IOException {
    assertThat(search(List.of()).judge(List.of(new FunctionName("lib.Lib", "used", "()V"))))
        .isEqualTo(
            new Reach.Reached(
                List.of("p/Main.java:4 p.Main.main calls lib.Lib.used"), List.of("lib.Lib.used")));
  }

  @Test
  void not_reached_says_how_far_it_looked() throws IOException {
    Reach reach = search(List.of()).judge(List.of(new FunctionName("lib.Lib", "unused", "")));
    assertThat(reach).isInstanceOf(Reach.NotReached.class);
    assertThat(((Reach.NotReached) reach).searched())
        .startsWith("shop as an application: 1 main methods")
        .contains("methods of", "assuming that reflection makes only classes that");
  }

  @Test
  void a_class_counts_when_anything_of_it_runs() throws IOException {
    Reachability search = search(List.of());
    assertThat(search.judge(List.of(new FunctionName("lib.Lib", "", ""))))
        .isInstanceOf(Reach.Reached.class);
    assertThat(search.judge(List.of(new FunctionName("lib.Other", "", ""))))
        .isInstanceOf(Reach.NotReached.class);
  }

  @Test
  void what_was_not_read_leaves_it_undecided() throws IOException {
    List<FunctionName> unused = List.of(new FunctionName("lib.Lib", "unused", "()V"));
    assertThat(search(List.of("shop/web")).judge(unused))
        .isEqualTo(
            new Reach.Undecided(
                "shop/web has no class files, so its calls are not known; build the project first"));
    assertThat(search(List.of(), root.resolve("absent.jar")).judge(unused))
        .isInstanceOf(Reach.Undecided.class);
    assertThat(new Reachability().judge(unused)).isInstanceOf(Reach.Undecided.class);
  }

  @Test
  void a_component_of_which_nothing_runs_is_not_reached_whatever_its_functions()
      throws IOException {
    Path idle =
        new Compiled(root.resolve("idle"))
            .classes(25, List.of(), "package idle; public class Idle { public void rest() {} }");
    Reachability search = search(List.of(), idle);
    assertThat(search.judge(flaw("CWE-22", idle)))
        .isInstanceOfSatisfying(
            Reach.NotReached.class,
            reach -> assertThat(reach.searched()).contains("none of the 1 classes of"));
    assertThat(search.judge(flaw("CWE-22", root.resolve("lib.Lib"))))
        .as("its classes are not known")
        .isInstanceOf(Reach.Undecided.class);
    assertThat(search(List.of("shop/web"), idle).judge(flaw("CWE-22", idle)))
        .as("not all was read")
        .isInstanceOf(Reach.Undecided.class);
  }

  @Test
  void a_function_that_is_not_there_by_its_name_is_undecided() throws IOException {
    Reachability search = search(List.of());
    assertThat(search.judge(flaw("lib.Lib", "unused"))).isInstanceOf(Reach.NotReached.class);
    assertThat(search.judge(flaw("lib.Lib", "used"))).isInstanceOf(Reach.Reached.class);
    assertThat(search.judge(flaw("lib.moved.Lib", "used")))
        .isEqualTo(
            new Reach.Undecided(
                "its likely functions are not in this version by their names, such as"
                    + " lib.moved.Lib.used"));
  }

  @Test
  void called_is_what_is_likely_the_flaw() throws IOException {
    Reachability search = search(List.of());
    assertThat(
            search.judge(of(function("lib.Lib", "unused", 0.9), function("lib.Lib", "used", 0.1))))
        .isEqualTo(
            new Reach.Undecided(
                "lib.Lib.used is called, which the fixed release changed, but the flaw is more likely elsewhere (18 % there)",
                List.of("p/Main.java:4 p.Main.main calls lib.Lib.used")));
    assertThat(
            search.judge(of(function("lib.Lib", "unused", 0.9), function("lib.Lib", "used", 0.6))))
        .isInstanceOf(Reach.Reached.class);
  }

  @Test
  void what_the_fix_commit_did_not_touch_may_run() throws IOException {
    Reachability search = search(List.of());
    String lines = "the fix commit changes its file\", \"the fix commit changes its lines";
    assertThat(
            search.judge(
                of(function("lib.Lib", "unused", 0.99, lines), function("lib.Lib", "used", 0.5))))
        .isInstanceOfSatisfying(
            Reach.NotReached.class,
            reach ->
                assertThat(reach.searched())
                    .contains(
                        "looked for lib.Lib.unused; lib.Lib.used may run, which the fixed release changed"
                            + " too, but is likely not the flaw"));
    assertThat(
            search.judge(
                of(
                    function("lib.Lib", "unused", 0.99, lines),
                    function("lib.Lib", "used", 0.5, "the fix commit changes its file"))))
        .as("it is in a file of the commit")
        .isInstanceOf(Reach.Undecided.class);
    assertThat(
            search.judge(of(function("lib.Lib", "unused", 0.99), function("lib.Lib", "used", 0.1))))
        .as("no commit is known")
        .isInstanceOf(Reach.Undecided.class);
    assertThat(
            search.judge(
                of(
                    function("lib.moved.Lib", "unused", 0.99, lines),
                    function("lib.Lib", "used", 0.5))))
        .as("the likely one is not there by its name")
        .isInstanceOf(Reach.Undecided.class);
  }

  @Test
  void a_list_that_was_cut_off_within_the_commit_does_not_have_all_of_it() {
    String lines = "the fix commit changes its file\", \"the fix commit changes its lines";
    String file =
        function("lib.Lib", "more", 0.3, "the fix commit changes its file")
            .replace("\"inCut\": true", "\"inCut\": false");
    for (int beyond : new int[] {11, 12}) {
      List<String> functions = new java.util.ArrayList<>();
      functions.add(function("lib.Lib", "unused", 0.99, lines));
      functions.add(function("lib.Lib", "used", 0.5));
      functions.addAll(java.util.Collections.nCopies(beyond, file));
      FunctionList.Derived list =
          (FunctionList.Derived) of(functions.toArray(String[]::new)).functions();
      double sure = Reachability.sure(list, List.of(list.cut().get(1)), 0);
      if (beyond == 11) {
        assertThat(sure).isEqualTo(1);
      } else {
        assertThat(sure).as("other functions of the commit may run").isLessThan(0.5);
      }
    }
  }

  private static Reachability.Flaw flaw(String className, String method) {
    return of(function(className, method, 0.9));
  }

  private static String function(String className, String method, double score) {
    return function(className, method, score, "it now checks more");
  }

  private static String function(String className, String method, double score, String evidence) {
    return """
    {"className": "%s", "methodName": "%s", "descriptor": "()V",
     "inCut": true, "rank": 1, "score": %s, "change": "changed", "artifacts": ["lib:lib"],
     "evidence": ["%s"], "signals": {}, "affectedDigest": "00", "fixedDigest": "01"}
    """
        .formatted(className, method, score, evidence);
  }

  private static Reachability.Flaw of(String... functions) {
    return new Reachability.Flaw(
        FunctionJson.read(
            """
            {"format": "underpin-functions", "version": 1, "id": "CVE-0-1", "status": "derived",
             "complete": 0.99, "confidence": 0.99, "methods": 10, "added": [], "notes": [],
             "compared": [{"package": "lib:lib", "affected": "1", "fixed": "2"}],
             "functions": [%s]}
            """
                .formatted(String.join(",", functions))),
        List.of("CWE-22"),
        Optional.empty());
  }

  @Test
  void a_gadget_needs_no_call_where_objects_are_read_back() throws IOException {
    Path idle =
        new Compiled(root.resolve("idle"))
            .classes(
                25,
                List.of(),
                "package idle; public class Idle implements java.io.Serializable {}");
    Path reader =
        new Compiled(root.resolve("reader"))
            .classes(
                25,
                List.of(),
                """
                package reader;
                public class Reader {
                  public static void main(String[] args) throws Exception {
                    new java.io.ObjectInputStream(System.in).readObject();
                  }
                }
                """);
    Path taker =
        new Compiled(root.resolve("taker"))
            .classes(
                25,
                List.of(),
                """
                package taker;
                public class Taker {
                  static void take(java.io.ObjectInputStream in) throws Exception {
                    in.readObject();
                  }
                  public static void main(String[] args) throws Exception {
                    take(null);
                  }
                }
                """);
    assertThat(search(List.of(), idle).judge(flaw("CWE-502", idle)))
        .as("nothing reads objects")
        .isInstanceOf(Reach.NotReached.class);
    assertThat(program(taker, idle).judge(flaw("CWE-502", idle)))
        .as("nothing opens a stream to read from")
        .isInstanceOf(Reach.NotReached.class);
    Reachability reads = program(reader, idle);
    assertThat(reads.judge(flaw("CWE-502", idle)))
        .isInstanceOfSatisfying(
            Reach.Undecided.class,
            reach -> assertThat(reach.because()).contains("reader.Reader.main opens"));
    assertThat(reads.judge(flaw("CWE-22", idle))).isInstanceOf(Reach.NotReached.class);
  }

  private static Reachability program(Path own, Path idle) {
    return new Reachability(
        List.of(
            new Program(
                "shop",
                new ClassPath(
                    List.of(
                        new ClassPath.Entry("own", "own", own, true),
                        new ClassPath.Entry("idle", "idle", idle, false)),
                    25),
                JDK,
                List.of())),
        CallGraph.Options.of(JDK));
  }

  @Test
  void what_the_list_may_lack_runs_as_likely_as_the_component_does() {
    FunctionList.Derived list = (FunctionList.Derived) flaw("lib.Lib", "unused").functions();
    assertThat(Reachability.sure(list, List.of(), 0)).isEqualTo(1);
    assertThat(Reachability.sure(list, List.of(), 0.5)).isCloseTo(0.995, within(1e-9));
    assertThat(Reachability.sure(list, List.of(), 1)).isCloseTo(0.99, within(1e-9));
    assertThat(Reachability.sure(list, list.cut(), 0))
        .as("what is likely the flaw runs")
        .isEqualTo(0);
  }

  private static Reachability.Flaw flaw(String cwe, Path file) {
    return new Reachability.Flaw(
        new FunctionList.Undecided("CVE-0-1", "no two releases lie around a fix of it", List.of()),
        List.of(cwe),
        Optional.of(file));
  }

  @Test
  void no_functions_are_no_question() {
    assertThatThrownBy(() -> new Reachability().judge(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
