package underpin.program.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.ClassPath;
import underpin.program.Compiled;

/** One rule each: a call that is confirmed beside one that is not, though the graph has both. */
class ReplayTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path root;

  /** What is confirmed in a program, and what the graph says. */
  private record Judged(CallGraph graph, Replay replay) {
    private List<CallGraph.Method> named(String name) {
      return graph.methods().stream()
          .filter(method -> method.name().equals(name))
          .filter(method -> method.className().matches("(p|lib)[.].*"))
          .toList();
    }

    /** {@return the calls of the path, or nothing} */
    Optional<List<String>> confirmed(String name) {
      assertThat(named(name)).as("the graph has " + name).isNotEmpty();
      return replay.search(named(name)).confirmed().stream()
          .findFirst()
          .map(path -> path.steps().stream().map(step -> step.callee().name()).toList());
    }

    String doubt(String name) {
      assertThat(confirmed(name)).isEmpty();
      return replay
          .doubt(graph.pathTo(named(name)).orElseThrow())
          .map(doubt -> doubt.step().callee().name() + ": " + doubt.because())
          .orElse("");
    }
  }

  private interface Checks {
    void of(Judged judged);
  }

  private static final String LIBRARY =
      """
      package lib;
      public class Lib {
        public static void hit() {}
        public static void miss() {}
        public interface Shape { void draw(); }
        @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
        public @interface Bean {}
        public static class Circle implements Shape { public void draw() { hit(); } }
        public static class Square implements Shape { public void draw() { miss(); } }
        public static void load(Object from) {
          if (from instanceof String) { miss(); } else { hit(); }
        }
      }
      """;

  private void judge(CallGraph.Options options, String main, Checks checks) throws IOException {
    Path library = new Compiled(root.resolve("lib")).classes(25, List.of(), LIBRARY);
    Path classes = new Compiled(root.resolve("own")).classes(25, List.of(library), main);
    ClassPath classPath =
        new ClassPath(
            List.of(
                new ClassPath.Entry("own", "own", classes, true),
                new ClassPath.Entry("lib", "lib", library, false)),
            25);
    CallGraph graph = CallGraph.build(classPath, options);
    try (Replay replay = graph.replay(classPath, options)) {
      checks.of(new Judged(graph, replay));
    }
  }

  /** A class with a main method, whose other members stand after it. */
  private void judge(String statements, String members, Checks checks) throws IOException {
    judge(
        CallGraph.Options.of(JDK),
        """
        package p;
        import java.util.*;
        import lib.Lib.*;
        import static lib.Lib.*;
        public class Main {
          public static void main(String[] args) throws Exception {
            %s
          }
          %s
        }
        """
            .formatted(statements, members),
        checks);
  }

  @Test
  void each_call_is_a_step_with_its_line() throws IOException {
    judge(
        "first();",
        "static void first() { hit(); } static void never() { miss(); }",
        judged -> {
          Replay.Confirmed path =
              judged.replay().search(judged.named("hit")).confirmed().getFirst();
          assertThat(path.steps())
              .extracting(
                  step -> step.caller().orElseThrow().name(),
                  CallGraph.Step::file,
                  CallGraph.Step::line,
                  step -> step.callee().name())
              .containsExactly(
                  org.assertj.core.groups.Tuple.tuple("main", "p/Main.java", 7, "first"),
                  org.assertj.core.groups.Tuple.tuple("first", "p/Main.java", 9, "hit"));
          assertThat(path.caught()).isEmpty();
        });
  }

  @Test
  void what_the_class_of_an_argument_decides_is_followed_one_way() throws IOException {
    judge(
        "load(new Main()); Object text = args[0]; text.hashCode();",
        "",
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("load", "hit"));
          assertThat(judged.doubt("miss"))
              .isEqualTo("miss: what is known of the values there does not lead to that call");
        });
  }

  @Test
  void so_is_what_null_and_constants_decide() throws IOException {
    for (String condition :
        List.of("name != null", "!deep", "level == 7", "kind(level).isEmpty()")) {
      judge(
          "walk(null, true, 3); never(null);",
          """
          static void never(String name) {
            if (name != null) { walk(name, false, 7); } // of the call graph, not of the replay
          }
          static void walk(String name, boolean deep, int level) {
            if (%s) { miss(); } else { hit(); }
          }
          static Optional<String> kind(int level) {
            return switch (level) { case 3 -> new Main().some(); default -> Optional.empty(); };
          }
          Optional<String> some() { return Optional.of("x"); }
          """
              .formatted(condition),
          judged -> {
            assertThat(judged.confirmed("hit")).as(condition).isPresent();
            assertThat(judged.confirmed("miss")).as(condition).isEmpty();
          });
    }
  }

  @Test
  void what_input_decides_is_followed_both_ways() throws IOException {
    judge(
        "if (args.length > 3) { hit(); } else { miss(); }",
        "",
        judged -> {
          assertThat(judged.confirmed("hit")).isPresent();
          assertThat(judged.confirmed("miss")).isPresent();
        });
  }

  @Test
  void an_object_keeps_its_class_through_calls_and_settled_fields() throws IOException {
    judge(
        "new Page(new Circle()).show(); new Square().draw(); keep(new Page(new Square()));",
        """
        static Object kept;
        static void keep(Page page) { kept = page.shape; }
        static class Page {
          private Shape shape;
          Page(Shape shape) { this.shape = shape; }
          void show() { paint(shape); }
          static void paint(Shape one) { one.draw(); }
        }
        """,
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("show", "paint", "draw", "hit"));
          assertThat(judged.confirmed("miss")).contains(List.of("draw", "miss"));
        });
  }

  @Test
  void a_field_that_a_running_method_writes_is_not_settled() throws IOException {
    String members =
        """
        static class Page {
          private Shape shape = new Circle();
          void shape(Shape other) { this.shape = other; }
          void show() { shape.draw(); }
        }
        """;
    judge(
        "new Page().show(); new Square();",
        members,
        judged -> assertThat(judged.confirmed("hit")).contains(List.of("show", "draw", "hit")));
    judge(
        "Page page = new Page(); page.shape(new Square()); page.show();",
        members,
        judged -> {
          assertThat(judged.doubt("hit")).isEqualTo("draw: the call may mean more than one method");
          assertThat(judged.confirmed("miss")).isEmpty();
        });
  }

  @Test
  void an_object_of_unknown_class_is_called_only_where_one_method_can_be_meant()
      throws IOException {
    judge(
        "Shape[] all = {new Circle()}; all[0].draw();",
        "",
        judged -> assertThat(judged.confirmed("hit")).contains(List.of("draw", "hit")));
    judge(
        "Shape[] all = {new Circle(), new Square()}; all[args.length].draw();",
        "",
        judged ->
            assertThat(judged.doubt("hit"))
                .isEqualTo("draw: the call may mean more than one method"));
  }

  @Test
  void of_two_classes_that_were_both_made_both_are_called() throws IOException {
    judge(
        "Shape one = args.length > 0 ? new Circle() : new Square(); one.draw();",
        "",
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("draw", "hit"));
          assertThat(judged.confirmed("miss")).contains(List.of("draw", "miss"));
        });
  }

  @Test
  void a_lambda_is_called_by_whom_it_is_handed_to() throws IOException {
    judge(
        """
        Optional.of("").ifPresent(text -> one());
        List.of("").forEach(Main::two);
        new ArrayList<>(List.of("")).removeIf(new Guard(3)::test);
        """,
        """
        static void one() { hit(); }
        static void two(String text) {}
        record Guard(int size) { boolean test(String text) { if (size == 4) { miss(); } return three(); } }
        static boolean three() { return true; }
        """,
        judged -> {
          assertThat(judged.confirmed("hit"))
              .contains(List.of("ifPresent", "lambda$main$0", "one", "hit"));
          assertThat(judged.confirmed("two")).contains(List.of("forEach", "two"));
          assertThat(judged.confirmed("three").orElseThrow()).endsWith("test", "three");
          assertThat(judged.confirmed("miss")).isEmpty();
        });
  }

  @Test
  void a_lambda_that_a_framework_is_handed_begins_a_path() throws IOException {
    Path models = Files.createDirectory(root.resolve("models"));
    Files.writeString(models.resolve("lib.model"), "model lib\nmethod @lib.Lib$Bean calls\n");
    judge(
        CallGraph.Options.of(JDK).withModels(Models.load(List.of(models))),
        """
        package p;
        public class Beans {
          @lib.Lib.Bean public lib.Lib.Shape shape() { return () -> lib.Lib.hit(); }
          @lib.Lib.Bean public Object other() {
            lib.Lib.Shape kept = () -> lib.Lib.miss();
            return "";
          }
          public static void main(String[] args) {}
        }
        """,
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("hit"));
          assertThat(judged.graph().methods().stream().filter(m -> m.name().equals("miss")))
              .as("nobody is handed the other one")
              .isEmpty();
        });
  }

  @Test
  void a_thread_runs_what_it_was_made_with() throws IOException {
    judge(
        "new Thread(lib.Lib::hit).start(); new Thread() { public void run() { miss(); } }.start();",
        "",
        judged -> {
          assertThat(judged.confirmed("hit").orElseThrow())
              .startsWith("start", "run")
              .endsWith("hit");
          assertThat(judged.confirmed("miss")).contains(List.of("start", "run", "miss"));
        });
  }

  @Test
  void a_class_is_initialised_at_its_first_use_but_not_after_a_subclass() throws IOException {
    judge(
        "First.use(); new Second().use();",
        """
        static class First { static { hit(); } static void use() {} }
        static class Base { static { three(); } static void base() {} }
        static class Second extends Base { void use() { Main.touch(); base(); } }
        static void touch() {}
        static void three() { }
        """,
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("<clinit>", "hit"));
          Replay.Confirmed path =
              judged.replay().search(judged.named("three")).confirmed().getFirst();
          assertThat(path.steps()).first().extracting(CallGraph.Step::line).isEqualTo(7);
          assertThat(path.steps()).hasSize(2);
        });
  }

  @Test
  void reflection_is_not_confirmed() throws IOException {
    judge(
        "lib.Lib.class.getDeclaredMethod(\"hit\").invoke(null);",
        "",
        judged -> assertThat(judged.confirmed("hit")).isEmpty());
  }

  @Test
  void a_call_after_an_exception_is_told_apart() throws IOException {
    judge(
        "try { Integer.parseInt(args[0]); } catch (NumberFormatException bad) { hit(); } miss();",
        "",
        judged -> {
          assertThat(judged.replay().search(judged.named("hit")).confirmed())
              .singleElement()
              .extracting(Replay.Confirmed::caught)
              .isEqualTo(List.of(0));
          assertThat(judged.replay().search(judged.named("miss")).confirmed())
              .singleElement()
              .extracting(Replay.Confirmed::caught)
              .isEqualTo(List.of());
        });
  }

  @Test
  void nothing_follows_a_call_that_never_returns() throws IOException {
    judge(
        "fail(); miss();",
        "static void fail() { hit(); throw new IllegalStateException(); }",
        judged -> {
          assertThat(judged.confirmed("hit")).isPresent();
          assertThat(judged.confirmed("miss")).isEmpty();
        });
  }

  @Test
  void a_library_begins_with_its_public_methods_on_objects_of_their_own_class() throws IOException {
    judge(
        CallGraph.Options.of(JDK).withStart(CallGraph.Start.LIBRARY),
        """
        package p;
        public class Shop {
          public void sell() { price(); }
          protected void price() { lib.Lib.hit(); }
          public static class Discount extends Shop {
            @Override protected void price() { less(); }
            static void less() {}
          }
        }
        """,
        judged -> {
          assertThat(judged.confirmed("hit")).contains(List.of("hit"));
          assertThat(judged.confirmed("less")).contains(List.of("less"));
          assertThat(judged.confirmed("price").orElseThrow()).hasSize(1);
        });
  }

  @Test
  void a_bound_ends_the_search_and_says_so() throws IOException {
    judge(
        "hit();",
        "",
        judged -> {
          assertThat(judged.replay().search(judged.named("hit"), 0))
              .isEqualTo(new Replay.Result(List.of(), true));
          assertThat(judged.replay().search(judged.named("hit")).ended()).isFalse();
        });
  }

  @Test
  void each_target_has_its_own_path_in_the_order_asked_for() throws IOException {
    judge(
        "miss(); first();",
        "static void first() { hit(); }",
        judged -> {
          List<CallGraph.Method> both =
              Stream.of("hit", "miss").flatMap(name -> judged.named(name).stream()).toList();
          assertThat(judged.replay().search(both).confirmed())
              .extracting(path -> path.target().name(), path -> path.steps().size())
              .containsExactly(
                  org.assertj.core.groups.Tuple.tuple("hit", 2),
                  org.assertj.core.groups.Tuple.tuple("miss", 1));
        });
  }
}
