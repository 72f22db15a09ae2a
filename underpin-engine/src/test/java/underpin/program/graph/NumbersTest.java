package underpin.program.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.ClassPath;
import underpin.program.Compiled;

/**
 * What numbers decide: {@code hit} must be found, {@code miss} must not. The library's classes are
 * in package lib; the main method of the project calls it.
 */
class NumbersTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  /** What was read of the JDK, for all tests. */
  @TempDir static Path kept;

  @TempDir Path root;

  private int programs;

  /** {@return {@code Class.method} of what may run in the library} */
  private Set<String> running(String statement, String... library) throws IOException {
    return running(CallGraph.Options.of(JDK), "", statement, library);
  }

  private Set<String> running(
      CallGraph.Options options, String settings, String statement, String... library)
      throws IOException {
    int number = programs++;
    Path lib = new Compiled(root.resolve("lib" + number)).classes(17, List.of(), library);
    Path own =
        new Compiled(root.resolve("own" + number))
            .classes(
                17,
                List.of(lib),
                """
                package p;
                public class Main {
                  public static void main(String[] args) throws Exception { %s }
                }
                """
                    .formatted(statement));
    if (!settings.isEmpty()) {
      Files.writeString(own.resolve("application.properties"), settings);
    }
    List<ClassPath.Entry> entries = new ArrayList<>();
    entries.add(new ClassPath.Entry("own", "own", own, true));
    entries.add(new ClassPath.Entry("lib", "lib", lib, false));
    return CallGraph.build(new ClassPath(entries, 25), options.withCache(kept)).methods().stream()
        .filter(method -> method.className().startsWith("lib."))
        .map(method -> method.className().substring(4) + "." + method.name())
        .collect(Collectors.toSet());
  }

  /** {@return names of what may run of one own class, with a main method or as a library} */
  private List<String> alone(String source) throws IOException {
    Path own = new Compiled(root).classes(17, List.of(), source);
    return CallGraph.build(
            new ClassPath(List.of(new ClassPath.Entry("own", "own", own, true)), 25),
            CallGraph.Options.of(JDK).withCache(kept))
        .methods()
        .stream()
        .map(CallGraph.Method::name)
        .toList();
  }

  private static final String ENDS =
      """
      package lib;
      public class Ends {
        public static void hit() {}
        public static void hit2() {}
        public static void hit3() {}
        public static void miss() {}
        public static void miss2() {}
      }
      """;

  private void decides(String statement, String library) throws IOException {
    Set<String> running = running(statement, ENDS, library);
    for (String hit : List.of("hit", "hit2", "hit3")) {
      if (library.contains("Ends." + hit + "()")) {
        assertThat(running).contains("Ends." + hit);
      }
    }
    assertThat(running).doesNotContain("Ends.miss", "Ends.miss2");
  }

  @Test
  void a_field_that_nobody_writes_decides_a_branch() throws IOException {
    decides(
        "lib.A.run();",
        """
        package lib;
        public class A {
          private boolean on;
          private static int kind;
          public static void run() {
            A a = new A();
            if (a.on) { Ends.miss(); } else { Ends.hit(); }
            if (!a.on && kind != 3) { Ends.hit2(); } else { Ends.miss2(); }
            while (kind > 0) { Ends.miss(); }
            Ends.hit3();
          }
        }
        """);
  }

  @Test
  void numbers_flow_through_parameters_results_and_fields() throws IOException {
    decides(
        "lib.A.run();",
        """
        package lib;
        public class A {
          private int kind;
          static int given(int kind) { return kind; }
          int kind() { return kind; }
          public static void run() {
            A a = new A();
            a.kind = given(5);
            if (a.kind() == 5) { Ends.hit(); }
            if (a.kind() == 4) { Ends.miss(); }
            if (a.kind() <= 5) { Ends.hit2(); }
            if (7 < a.kind()) { Ends.miss2(); }
            if (a.kind() == 0) { Ends.hit3(); }
          }
        }
        """);
  }

  @Test
  void a_number_that_comes_from_two_places_is_either() throws IOException {
    decides(
        "lib.A.run(args.length > 0);",
        """
        package lib;
        public class A {
          public static void run(boolean is) {
            int kind = is ? 2 : 3;
            if (kind == 2) { Ends.hit(); }
            if (kind == 3) { Ends.hit2(); }
            if (kind == 4) { Ends.miss(); }
            if (is) { Ends.hit3(); }
          }
        }
        """);
  }

  @Test
  void switches_follow_the_numbers_they_are_given() throws IOException {
    decides(
        "lib.A.run(args[0]);",
        """
        package lib;
        public class A {
          private static int kind = 2;
          private static int far;
          public static void run(String text) {
            switch (kind) { case 2: Ends.hit(); break; case 3: Ends.miss(); break; default: }
            switch (far) { case 1000: Ends.miss(); break; case -5: Ends.miss2(); break; default: Ends.hit2(); }
            switch (text) { case "a": case "b": Ends.hit3(); break; default: }
          }
        }
        """);
  }

  @Test
  void what_a_dead_branch_writes_or_makes_is_not_there() throws IOException {
    Set<String> running =
        running(
            "lib.A.run();",
            ENDS,
            """
            package lib;
            public class A {
              private boolean on;
              private boolean further;
              interface Part { void run(); }
              static class Used implements Part { public void run() { Ends.hit(); } }
              static class Unused implements Part { public void run() { Ends.miss(); } }
              static class Loaded { static { Ends.miss2(); } static int x; }
              private Part part = new Used();
              public static void run() {
                A a = new A();
                if (a.on) { a.further = true; a.part = new Unused(); Loaded.x++; }
                if (a.further) { Ends.miss(); }
                a.part.run();
              }
            }
            """);
    assertThat(running).contains("Ends.hit").doesNotContain("Ends.miss", "Ends.miss2");
  }

  @Test
  void a_handler_runs_where_anything_in_its_range_does() throws IOException {
    decides(
        "lib.A.run(args.length);",
        """
        package lib;
        public class A {
          private static boolean on;
          public static void run(int n) {
            int state = 0;
            try {
              if (on) { Ends.miss(); }
              state = 1;
              Integer.parseInt("" + n);
              state = 2;
            } catch (RuntimeException e) {
              if (state == 1) { Ends.hit(); }
              if (state == 0) { Ends.hit2(); }
            } finally {
              if (state == 2) { Ends.hit3(); }
            }
            if (on) {
              try { Ends.miss(); } catch (RuntimeException e) { Ends.miss2(); }
            }
          }
        }
        """);
  }

  @Test
  void computed_and_counted_numbers_and_those_of_arrays_may_be_any() throws IOException {
    decides(
        "lib.A.run(args);",
        """
        package lib;
        public class A {
          private static int count;
          private static final int[] ALL = {1, 2};
          public static void run(String[] args) {
            for (int i = 0; i < 3; i++) { if (i == 2) { Ends.hit(); } }
            count++;
            if (count == 5) { Ends.hit2(); }
            if (ALL[0] == 7 && args.length == 4 && (long) count > 9) { Ends.hit3(); }
          }
        }
        """);
  }

  @Test
  void reflection_writes_the_field_that_is_named() throws IOException {
    for (String write :
        List.of(
            "A.class.getDeclaredField(\"on\").setBoolean(a, true)",
            "java.util.concurrent.atomic.AtomicIntegerFieldUpdater.newUpdater(A.class, \"on\").set(a, 1)",
            "java.lang.invoke.MethodHandles.lookup().findVarHandle(A.class, \"on\", int.class).set(a, 1)")) {
      String type = write.contains("setBoolean") ? "boolean" : "volatile int";
      decides(
          "lib.A.run();",
          """
          package lib;
          public class A {
            private %s on;
            private %s other;
            public static void run() throws Exception {
              A a = new A();
              %s;
              if (a.on%s) { Ends.hit(); }
              if (a.other%s) { Ends.miss(); }
            }
          }
          """
              .formatted(
                  type,
                  type,
                  write,
                  type.equals("boolean") ? "" : " == 1",
                  type.equals("boolean") ? "" : " == 1"));
    }
  }

  @Test
  void a_setter_that_no_code_calls_may_be_called_by_who_reads_a_document() throws IOException {
    decides(
        "lib.A.run();",
        """
        package lib;
        public class A {
          private boolean on;
          private boolean inner;
          public void setActive(boolean on) { this.on = on; }
          private void setInner(boolean is) { this.inner = is; }
          public static void run() {
            A a = new A();
            if (a.on) { Ends.hit(); }
            if (a.inner) { Ends.miss(); }
          }
        }
        """);
  }

  @Test
  void deserialization_native_code_and_annotations_write_fields() throws IOException {
    Set<String> running =
        running(
            "lib.A.run();",
            ENDS,
            """
            package lib;
            import java.lang.annotation.*;
            public class A {
              @Retention(RetentionPolicy.RUNTIME) @interface Mark {}
              static class Kept implements java.io.Serializable { boolean on; transient boolean not; }
              static class Native { boolean on; native boolean ask(); native void write(); }
              static class Marked { @Mark boolean on; }
              @Mark static class MarkedAll { boolean on; }
              public static void run() {
                if (new Kept().on) { Ends.hit(); }
                if (new Kept().not) { Ends.miss(); }
                if (new Native().on && new Native().ask()) { Ends.hit2(); }
                if (new Marked().on && new MarkedAll().on) { Ends.hit3(); }
              }
            }
            """);
    assertThat(running).contains("Ends.hit", "Ends.hit2", "Ends.hit3").doesNotContain("Ends.miss");
  }

  @Test
  void own_fields_may_be_any_and_a_constant_is_one() throws IOException {
    assertThat(
            alone(
                """
                package p;
                public class Main {
                  private boolean on;
                  private static final boolean NEVER = Boolean.parseBoolean("x") && false;
                  public static void main(String[] args) {
                    if (new Main().on) { hit(); }
                    if (NEVER) { miss(); }
                  }
                  static void hit() {}
                  static void miss() {}
                }
                """))
        .contains("hit")
        .doesNotContain("miss");
  }

  @Test
  void who_calls_from_outside_gives_any_number() throws IOException {
    assertThat(
            alone(
                """
                package p;
                public class Api {
                  public void open(int kind) { if (kind == 7) { hit(); } inner(1); }
                  private void inner(int kind) { if (kind == 7) { miss(); } }
                  static void hit() {}
                  static void miss() {}
                }
                """))
        .contains("hit")
        .doesNotContain("miss");
  }

  @Test
  void calls_by_reflection_lambdas_and_proxies_give_and_answer_any_number() throws IOException {
    decides(
        "lib.A.run();",
        """
        package lib;
        import java.lang.reflect.Proxy;
        import java.util.function.*;
        public class A {
          public interface Answer { boolean is(); }
          static class No implements Answer { public boolean is() { return false; } }
          public static void called(boolean is) { if (is) { Ends.hit(); } }
          static void byLambda(int n) { if (n == 4) { Ends.hit2(); } }
          public static void run() throws Exception {
            called(false);
            A.class.getMethod("called", boolean.class).invoke(null, true);
            byLambda(1);
            IntConsumer consumer = A::byLambda;
            consumer.accept(4);
            Answer answer = System.nanoTime() > 0 ? new No() :
                (Answer) Proxy.newProxyInstance(null, new Class<?>[] {Answer.class}, (a, b, c) -> true);
            if (answer.is()) { Ends.hit3(); }
          }
        }
        """);
  }

  @Test
  void a_virtual_call_answers_what_its_targets_do() throws IOException {
    decides(
        "lib.A.run(args.length);",
        """
        package lib;
        public class A {
          static abstract class Base { abstract boolean is(); int kind() { return 1; } }
          static class No extends Base { boolean is() { return false; } }
          static class AlsoNo extends Base { boolean is() { return false; } int kind() { return 2; } }
          static class Yes extends Base { boolean is() { return true; } }
          public static void run(int n) {
            Base base = n > 0 ? new No() : new AlsoNo();
            if (base.is()) { Ends.miss(); }
            if (base.kind() == 2) { Ends.hit(); }
            if (base.kind() == 3) { Ends.miss2(); }
            if (new Yes().is()) { Ends.hit2(); }
          }
        }
        """);
  }

  private CallGraph.Options model(String text) throws IOException {
    Path models = Files.createDirectories(root.resolve("models"));
    Files.writeString(models.resolve("ours.model"), "model ours\n" + text);
    return CallGraph.Options.of(JDK).withModels(Models.load(List.of(models)));
  }

  private static final String[] BOUND = {
    ENDS,
    """
    package lib;
    import java.lang.annotation.*;
    @Retention(RetentionPolicy.RUNTIME) public @interface Under { String value(); }
    """,
    """
    package lib;
    @Under("shop") public class Shop {
      private boolean open;
      private final Door door = new Door();
      public Door getDoor() { return door; }
      public void setOpen(boolean open) { this.open = open; }
      public static void run() {
        Shop shop = new Shop();
        if (shop.open) { Ends.hit(); }
        if (shop.door.locked) { Ends.miss(); }
      }
    }
    """,
    """
    package lib;
    public class Door {
      boolean locked;
      public void setLocked(boolean locked) { this.locked = locked; }
    }
    """
  };

  @Test
  void a_property_that_is_set_decides_and_one_that_is_not_keeps_its_default() throws IOException {
    CallGraph.Options options = model("bound @lib.Under\n");
    assertThat(running(options, "x.y=1\n", "lib.Shop.run();", BOUND))
        .doesNotContain("Ends.hit", "Ends.miss", "Door.setLocked");
    assertThat(running(options, "shop.open=true\n", "lib.Shop.run();", BOUND))
        .contains("Ends.hit", "Shop.setOpen")
        .doesNotContain("Ends.miss");
    assertThat(running(options, "shop.door.locked=true\n", "lib.Shop.run();", BOUND))
        .contains("Ends.miss", "Door.setLocked")
        .doesNotContain("Ends.hit");
    assertThat(
            running(
                options, "", "lib.Shop.run(); System.setProperty(\"shop.open\", args[0]);", BOUND))
        .contains("Ends.hit");
  }

  @Test
  void what_is_called_only_with_a_file_or_setting_waits_for_it() throws IOException {
    CallGraph.Options options = model("only lib.A.load with file:*.yml,shop.file\n");
    String[] library = {
      ENDS,
      """
      package lib;
      public class A {
        public static void run() { if (load() == 1) { Ends.hit2(); } }
        public static int load() { Ends.hit(); return 1; }
      }
      """
    };
    assertThat(running(options, "", "lib.A.run();", library))
        .doesNotContain("A.load", "Ends.hit", "Ends.hit2");
    assertThat(running(options, "shop.file=x\n", "lib.A.run();", library))
        .contains("A.load", "Ends.hit", "Ends.hit2");
    assertThat(running(options, "", "lib.A.run(); args[0].equals(\"a.yml\");", library))
        .contains("A.load", "Ends.hit2");
    assertThat(running(options, "", "lib.A.load();", library)).contains("A.load", "Ends.hit");
  }

  @Test
  void whether_a_class_is_there_is_known() throws IOException {
    CallGraph.Options options = model("call lib.A.isThere present 0\n");
    Set<String> running =
        running(
            options,
            "",
            "lib.A.run(args[0]);",
            ENDS,
            """
            package lib;
            public class A {
              static boolean isThere(String name) { return name.length() > System.nanoTime(); }
              private static final boolean MISSING = isThere("p.Missing");
              private static final boolean MAP = isThere("java.util.Map.Entry");
              public static void run(String name) {
                if (MISSING) { Ends.miss(); }
                if (MAP) { Ends.hit(); } else { Ends.miss2(); }
                if (isThere(name)) { Ends.hit2(); } else { Ends.hit3(); }
              }
            }
            """);
    assertThat(running)
        .contains("Ends.hit", "Ends.hit2", "Ends.hit3")
        .doesNotContain("Ends.miss", "Ends.miss2");
  }

  @Test
  void where_objects_are_mocked_any_number_is_answered() throws IOException {
    String mocked = "lib.A.run();";
    String[] library = {
      ENDS,
      """
      package lib;
      public class A {
        public boolean is() { return false; }
        public static void run() { if (new A().is()) { Ends.hit(); } }
      }
      """
    };
    assertThat(running(mocked, library)).doesNotContain("Ends.hit");
    assertThat(running(model("mocks\n"), "", mocked, library)).contains("Ends.hit");
  }
}
