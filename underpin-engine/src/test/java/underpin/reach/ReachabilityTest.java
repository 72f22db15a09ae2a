package underpin.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Reach;
import underpin.program.ClassPath;
import underpin.program.Compiled;
import underpin.program.graph.CallGraph;

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
        .isEqualTo(new Reach.Reached(List.of("p/Main.java:4 p.Main.main calls lib.Lib.used")));
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
  void no_functions_are_no_question() {
    assertThatThrownBy(() -> new Reachability().judge(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
