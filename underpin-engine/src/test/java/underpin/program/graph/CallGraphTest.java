package underpin.program.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import underpin.program.ClassPathProblem;
import underpin.program.Compiled;

/** One feature of Java each. {@code hit} must be found, {@code miss} must not. */
class CallGraphTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path root;

  private CallGraph graph(String... sources) throws IOException {
    return graph(CallGraph.Options.of(JDK), sources);
  }

  private CallGraph graph(CallGraph.Options options, String... sources) throws IOException {
    Path classes = new Compiled(root).classes(25, List.of(), sources);
    return CallGraph.build(own(classes), options);
  }

  private static ClassPath own(Path... folders) {
    List<ClassPath.Entry> entries = new ArrayList<>();
    for (Path folder : folders) {
      entries.add(new ClassPath.Entry("own", "own", folder, true));
    }
    return new ClassPath(entries, 25);
  }

  /** {@return {@code Class.method} of what may run in the project} */
  private static Set<String> running(CallGraph graph) {
    return graph.methods().stream()
        .filter(method -> method.className().startsWith("p."))
        .map(method -> method.className().substring(2) + "." + method.name())
        .collect(Collectors.toSet());
  }

  @Test
  void a_virtual_call_reaches_the_classes_that_flow_there_and_no_others() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Main {
              interface Shape { void draw(); }
              static class Circle implements Shape { public void draw() {} }
              static class Square implements Shape { public void draw() {} }
              static class Never implements Shape { public void draw() {} }
              public static void main(String[] args) {
                draw(new Circle());
                new Square().hashCode();
              }
              static void draw(Shape shape) { shape.draw(); }
            }
            """);
    assertThat(running(graph))
        .contains("Main$Circle.draw")
        .doesNotContain("Main$Square.draw", "Main$Never.draw");
  }

  /** {@return the graph of a main method that calls a library, whose classes are in package lib} */
  private CallGraph calling(String statement, String... library) throws IOException {
    Path lib = new Compiled(root.resolve("lib")).classes(25, List.of(), library);
    Path own =
        new Compiled(root.resolve("own"))
            .classes(
                25,
                List.of(lib),
                "package p; public class Main { public static void main(String[] args) { %s } }"
                    .formatted(statement));
    return CallGraph.build(
        new ClassPath(
            List.of(
                new ClassPath.Entry("own", "own", own, true),
                new ClassPath.Entry("lib", "lib", lib, false)),
            25),
        CallGraph.Options.of(JDK));
  }

  @Test
  void what_takes_a_callback_calls_that_of_its_own_caller() throws IOException {
    CallGraph graph =
        calling(
            "lib.User.first(); lib.User.second();",
            """
            package lib;
            import java.util.Optional;
            public class User {
              public static void first() { Optional.of("").ifPresent(text -> one()); }
              public static void second() { Optional.of("").ifPresent(text -> two()); }
              static void one() {}
              static void two() {}
            }
            """);
    for (String name : List.of("first", "second")) {
      String called = name.equals("first") ? "one" : "two";
      assertThat(graph.pathTo(List.of(new CallGraph.Method("lib.User", called, "()V"))))
          .hasValueSatisfying(steps ->
              assertThat(steps)
                  .extracting(step -> step.callee().name())
                  .containsExactly(name, "lambda$" + name + "$0", called));
    }
  }

  @Test
  void a_call_of_many_methods_makes_a_path_that_is_not_believed() throws IOException {
    StringBuilder shapes = new StringBuilder();
    StringBuilder uses = new StringBuilder();
    for (int i = 0; i < 18; i++) {
      shapes.append("static class S%d implements Shape { public void draw() {} }%n".formatted(i));
      uses.append("shape = new S%d();%n".formatted(i));
    }
    CallGraph graph =
        calling(
            "lib.User.draw();",
            """
            package lib;
            public class User {
              interface Shape { void draw(); }
              static Shape shape;
              %s
              public static void draw() { %s shape.draw(); one(); }
              static void one() {}
            }
            """
                .formatted(shapes, uses));
    assertThat(
            graph.bestPath(
                method -> method.className().equals("lib.User$S3") && method.name().equals("draw")))
        .hasValueSatisfying(way -> {
          assertThat(way.widest()).isEqualTo(18);
          assertThat(way.isBelievable()).isFalse();
        });
    assertThat(graph.bestPath(method -> method.name().equals("one")))
        .hasValueSatisfying(way -> assertThat(way.isBelievable()).isTrue());
  }

  @Test
  void rapid_type_analysis_keeps_what_is_created_anywhere() throws IOException {
    CallGraph graph =
        graph(
            CallGraph.Options.of(JDK).withMost(0),
            """
            package p;
            public class Main {
              interface Shape { void draw(); }
              static class Circle implements Shape { public void draw() {} }
              static class Square implements Shape { public void draw() {} }
              static class Never implements Shape { public void draw() {} }
              public static void main(String[] args) {
                draw(new Circle());
                new Square().hashCode();
              }
              static void draw(Shape shape) { shape.draw(); }
            }
            """);
    assertThat(running(graph))
        .contains("Main$Circle.draw", "Main$Square.draw")
        .doesNotContain("Main$Never.draw");
  }

  @Test
  void classes_flow_through_fields_parameters_results_arrays_collections_and_exceptions()
      throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.util.*;
            public class Main {
              interface Shape { default void draw() {} }
              static class A implements Shape { public void draw() {} }
              static class B implements Shape { public void draw() {} }
              static class C implements Shape { public void draw() {} }
              static class D implements Shape { public void draw() {} }
              static class E extends RuntimeException { public String getMessage() { return ""; } }
              Shape field;
              static Shape same(Shape shape) { return shape; }
              public static void main(String[] args) {
                Main main = new Main();
                main.field = new A();
                main.field.draw();
                same(new B()).draw();
                Shape[] array = {new C()};
                for (Shape each : array) { each.draw(); }
                List<Shape> list = new ArrayList<>(List.of(new D()));
                for (Shape each : list) { each.draw(); }
                try { throw new E(); } catch (RuntimeException e) { e.getMessage(); }
              }
            }
            """);
    assertThat(running(graph))
        .contains("Main$A.draw", "Main$B.draw", "Main$C.draw", "Main$D.draw", "Main$E.getMessage")
        .doesNotContain("Main$Shape.draw");
  }

  @Test
  void default_private_static_and_super_methods() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Main {
              interface Hello { default void hello() { hidden(); } private void hidden() {} }
              static class Base { void run() {} void other() {} }
              static class Sub extends Base implements Hello { void run() { super.run(); } }
              public static void main(String[] args) { Sub sub = new Sub(); sub.run(); sub.hello(); }
            }
            """);
    assertThat(running(graph))
        .contains("Main$Base.run", "Main$Sub.run", "Main$Hello.hello", "Main$Hello.hidden")
        .doesNotContain("Main$Base.other");
  }

  @Test
  void static_initialisers_run_when_a_class_is_first_used() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Main {
              static class A { static int x = hit(); static int hit() { return 1; } }
              static class B extends A { static void m() {} }
              static class C { static final int CONSTANT = 1; static int y = miss(); static int miss() { return 1; } }
              public static void main(String[] args) { B.m(); System.out.println(C.CONSTANT); }
            }
            """);
    assertThat(running(graph)).contains("Main$A.hit").doesNotContain("Main$C.miss");
  }

  @Test
  void lambdas_and_method_references_of_every_kind() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.util.function.*;
            public class Main {
              void bound() {}
              void unbound() {}
              static void fixed() {}
              Main(int i) { made(); }
              Main() {}
              void made() {}
              static void miss() {}
              static int boxed(int i) { return i; }
              static <T> T id(T t) { return t; }
              public static void main(String[] args) {
                Main main = new Main();
                Runnable a = main::bound; a.run();
                Consumer<Main> b = Main::unbound; b.accept(main);
                Runnable c = Main::fixed; c.run();
                IntFunction<Main> d = Main::new; d.apply(1);
                Function<Integer, Integer> e = Main::boxed; e.apply(1);
                Runnable f = () -> inLambda(main); f.run();
                Runnable never = () -> miss();
              }
              static void inLambda(Main m) { m.captured(); }
              void captured() {}
            }
            """);
    assertThat(running(graph))
        .contains(
            "Main.bound", "Main.unbound", "Main.fixed", "Main.made", "Main.boxed", "Main.captured");
  }

  @Test
  void string_concatenation_records_and_switches_call_what_they_do() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Main {
              static class A { public String toString() { return "a"; } }
              static class B { public int hashCode() { return 1; } public boolean equals(Object o) { return true; } }
              record Pair(B b) {}
              enum Color { RED; static { seen(); } static void seen() {} }
              static void red() {}
              public static void main(String[] args) {
                String s = "x" + new A();
                Object pair = new Pair(new B());
                pair.hashCode();
                pair.equals(pair);
                Object o = args.length == 0 ? Color.RED : s;
                switch (o) { case Color c -> red(); default -> {} }
              }
            }
            """);
    assertThat(running(graph))
        .contains(
            "Main$A.toString", "Main$B.hashCode", "Main$B.equals", "Main$Color.seen", "Main.red");
  }

  @Test
  void threads_executors_hooks_cleaners_and_finalizers() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.lang.ref.Cleaner;
            import java.util.concurrent.*;
            public class Main {
              static class T extends Thread { public void run() { thread(); } }
              static void thread() {} static void task() {} static void hook() {} static void clean() {}
              static void stage() {} static void virtual() {}
              static class F { protected void finalize() {} }
              public static void main(String[] args) throws Exception {
                new T().start();
                ExecutorService pool = Executors.newFixedThreadPool(1);
                pool.submit(() -> task());
                CompletableFuture.runAsync(() -> stage());
                Thread.ofVirtual().start(() -> virtual());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> hook()));
                Cleaner.create().register(new Object(), () -> clean());
                new F();
              }
            }
            """);
    assertThat(running(graph))
        .contains(
            "Main.thread",
            "Main.task",
            "Main.stage",
            "Main.virtual",
            "Main.hook",
            "Main.clean",
            "Main$F.finalize");
  }

  @Test
  void reflection_with_constant_and_with_flowing_strings() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Main {
              public static class A { public A() { made(); } void made() {} }
              public static class B { public static void called() {} public static void other() {} }
              public static class C { public C() { made(); } void made() {} }
              public static class Never { public Never() { made(); } void made() {} }
              static String name() { return "p.Main$A"; }
              public static void main(String[] args) throws Exception {
                make(name());
                Class.forName("p.Main$B").getMethod("called").invoke(null);
                C.class.getDeclaredConstructor().newInstance();
              }
              static void make(String name) throws Exception {
                Class.forName(name).getDeclaredConstructor().newInstance();
              }
            }
            """);
    assertThat(running(graph))
        .contains("Main$A.made", "Main$B.called", "Main$C.made")
        .doesNotContain("Main$B.other", "Main$Never.made");
  }

  @Test
  void method_handles_may_be_called() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.lang.invoke.*;
            public class Main {
              static void hit() {}
              static void miss() {}
              public static void main(String[] args) throws Throwable {
                MethodHandles.lookup().findStatic(Main.class, "hit", MethodType.methodType(void.class)).invoke();
              }
            }
            """);
    assertThat(running(graph)).contains("Main.hit").doesNotContain("Main.miss");
  }

  @Test
  void proxies_call_their_handler() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.lang.reflect.*;
            public class Main {
              static class H implements InvocationHandler {
                public Object invoke(Object proxy, Method method, Object[] args) { return null; }
              }
              public static void main(String[] args) {
                ((Runnable) Proxy.newProxyInstance(null, new Class<?>[] {Runnable.class}, new H())).run();
              }
            }
            """);
    assertThat(running(graph)).contains("Main$H.invoke");
  }

  @Test
  void serialization_calls_back() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            import java.io.*;
            public class Main {
              static class S implements Serializable {
                private void readObject(ObjectInputStream in) {}
                private Object readResolve() { return this; }
              }
              static class NotSerializable {
                private void readObject(ObjectInputStream in) {}
              }
              public static void main(String[] args) throws Exception {
                new S();
                new NotSerializable();
                new ObjectInputStream(System.in).readObject();
              }
            }
            """);
    assertThat(running(graph))
        .contains("Main$S.readObject", "Main$S.readResolve")
        .doesNotContain("Main$NotSerializable.readObject");
  }

  @Test
  void service_providers_are_made_where_their_service_is_asked_for() throws IOException {
    Path classes =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                """
                package p;
                import java.util.*;
                public class Main {
                  public interface Service { void serve(); }
                  public interface Other { void serve(); }
                  public static class A implements Service { public void serve() {} }
                  public static class B implements Other { public void serve() {} }
                  public static void main(String[] args) {
                    for (Service each : ServiceLoader.load(Service.class)) { each.serve(); }
                  }
                }
                """);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("p.Main$Service"), "p.Main$A # first\n");
    Files.writeString(services.resolve("p.Main$Other"), "p.Main$B\n");
    CallGraph graph = CallGraph.build(own(classes), CallGraph.Options.of(JDK));
    assertThat(running(graph)).contains("Main$A.serve").doesNotContain("Main$B.serve");
  }

  @Test
  void a_model_of_a_users_own_is_taken() throws IOException {
    Path models = Files.createDirectories(root.resolve("models"));
    Files.writeString(
        models.resolve("ours.model"),
        """
        model ours
        class @p.Main$Part creates
        method @p.Main$On calls
        class <p.Main$Plugin creates
        """);
    CallGraph graph =
        graph(
            CallGraph.Options.of(JDK).withModels(Models.load(List.of(models))),
            """
            package p;
            import java.lang.annotation.*;
            public class Main {
              @Retention(RetentionPolicy.RUNTIME) public @interface Part {}
              @Retention(RetentionPolicy.RUNTIME) public @interface On {}
              @Part @Retention(RetentionPolicy.RUNTIME) public @interface MetaPart {}
              public interface Plugin {}
              @Part static class A { A() { made(); } void made() {} @On void on() {} void off() {} }
              @MetaPart static class B { B() { made(); } void made() {} }
              static class C implements Plugin { C() { made(); } void made() {} }
              static class D { D() { made(); } void made() {} }
            }
            """);
    assertThat(running(graph))
        .contains("Main$A.made", "Main$A.on", "Main$B.made", "Main$C.made")
        .doesNotContain("Main$A.off", "Main$D.made");
    assertThat(graph.models()).contains("ours");
  }

  @Test
  void what_is_conditional_counts_only_where_classes_and_settings_are_there() throws IOException {
    Path models = Files.createDirectories(root.resolve("models"));
    Files.writeString(
        models.resolve("parts.model"),
        """
        model parts
        class @p.Part creates
        requires @p.With
        absent @p.Without
        property @p.Setting
        needs @p.Mode kind=FAST p.Missing
        """);
    Path classes =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                "package p; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface Part {}",
                "package p; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface With { String value(); }",
                "package p; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface Without { String value(); }",
                "package p; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface Mode { Kind kind(); enum Kind { FAST, SLOW } }",
                "package p; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface Setting { String prefix() default \"\"; String[] name(); boolean matchIfMissing() default false; }",
                """
                package p;
                public class Main {
                  @Part @With("p.Main") static class Here { Here() { made(); } void made() {} }
                  @Part @With("p.Missing") static class Gone { Gone() { made(); } void made() {} }
                  @Part @Without("p.Missing") static class Alone { Alone() { made(); } void made() {} }
                  @Part @Without("p.Main") static class Instead { Instead() { made(); } void made() {} }
                  @Part @Mode(kind = Mode.Kind.SLOW) static class Slow { Slow() { made(); } void made() {} }
                  @Part @Mode(kind = Mode.Kind.FAST) static class Fast { Fast() { made(); } void made() {} }
                  @Part @Setting(prefix = "shop", name = "in-file") static class InFile { InFile() { made(); } void made() {} }
                  @Part @Setting(name = "shop.in.code") static class InCode { InCode() { made(); } void made() {} }
                  @Part @Setting(name = "shop.unset") static class Unset { Unset() { made(); } void made() {} }
                  @Part @Setting(name = "shop.unset", matchIfMissing = true) static class Usual { Usual() { made(); } void made() {} }
                  public static void main(String[] args) { System.setProperty("shop.in.code", args[0]); }
                }
                """);
    Files.writeString(classes.resolve("application.yml"), "shop:\n  inFile: true\n");
    CallGraph graph =
        CallGraph.build(
            own(classes), CallGraph.Options.of(JDK).withModels(Models.load(List.of(models))));
    assertThat(running(graph))
        .contains(
            "Main$Here.made",
            "Main$Alone.made",
            "Main$Slow.made",
            "Main$InFile.made",
            "Main$InCode.made",
            "Main$Usual.made")
        .doesNotContain("Main$Gone.made", "Main$Instead.made", "Main$Fast.made", "Main$Unset.made");
  }

  @Test
  void a_mistake_in_a_model_is_said_with_its_line() throws IOException {
    Path models = Files.createDirectories(root.resolve("models"));
    Files.writeString(models.resolve("bad.model"), "model bad\nclass p.Main makes\n");
    assertThatThrownBy(() -> Models.load(List.of(models)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("bad.model:2")
        .hasMessageContaining("class p.Main makes");
  }

  @Test
  void a_library_starts_at_its_public_methods() throws IOException {
    CallGraph graph =
        graph(
            """
            package p;
            public class Api {
              public void open() { inner(); }
              private void inner() {}
              void hidden() {}
              protected void forSubclasses() {}
              static class Closed { public void closed() {} }
            }
            """);
    assertThat(graph.started()).startsWith("a library");
    assertThat(running(graph))
        .contains("Api.open", "Api.inner", "Api.forSubclasses")
        .doesNotContain("Api.hidden", "Closed.closed");
  }

  @Test
  void a_path_begins_in_own_code_and_names_lines() throws IOException {
    Path library =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                """
                package lib;
                public class Lib {
                  public static void entry() {
                    flawed();
                  }
                  static void flawed() {}
                }
                """);
    Path own =
        new Compiled(root.resolve("own"))
            .classes(
                25,
                List.of(library),
                """
                package p;
                public class Main {
                  public static void main(String[] args) {
                    work();
                  }
                  static void work() {
                    lib.Lib.entry();
                  }
                }
                """);
    CallGraph graph =
        CallGraph.build(
            new ClassPath(
                List.of(
                    new ClassPath.Entry("own", "own", own, true),
                    new ClassPath.Entry("lib", "lib", library, false)),
                25),
            CallGraph.Options.of(JDK));
    List<CallGraph.Step> path =
        graph.pathTo(Set.of(new CallGraph.Method("lib.Lib", "flawed", "()V"))).orElseThrow();
    assertThat(path)
        .extracting(step -> step.file() + ":" + step.line() + " " + step.callee().name())
        .containsExactly("p/Main.java:7 entry", "lib/Lib.java:4 flawed");
    assertThat(graph.pathTo(Set.of(new CallGraph.Method("lib.Lib", "none", "()V")))).isEmpty();
  }

  @Test
  void a_hostile_class_is_one_problem_and_the_rest_goes_on() throws IOException {
    Path classes =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                "package p; public class Main { public static void main(String[] a) { new Bad(); Good.hit(); } }",
                "package p; class Bad {}",
                "package p; class Good { static void hit() {} }");
    byte[] bytes = Files.readAllBytes(classes.resolve("p/Bad.class"));
    Files.write(classes.resolve("p/Bad.class"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    CallGraph graph = CallGraph.build(own(classes), CallGraph.Options.of(JDK));
    assertThat(running(graph)).contains("Good.hit");
    assertThat(graph.problems())
        .extracting(ClassPathProblem::kind)
        .containsExactly(ClassPathProblem.Kind.UNREADABLE_CLASS);
  }

  @Test
  void a_kept_graph_answers_the_same_and_a_damaged_one_is_made_anew() throws IOException {
    Path classes =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                "package p; public class Main { public static void main(String[] a) { hit(); } static void hit() {} }");
    Path cache = root.resolve("cache");
    CallGraph.Options options = CallGraph.Options.of(JDK).withCache(cache);
    CallGraph made = CallGraph.build(own(classes), options);
    CallGraph kept = CallGraph.build(own(classes), options);
    assertThat(kept.methods()).containsExactlyElementsOf(made.methods());
    assertThat(kept.methods()).allMatch(kept::mayRun);
    assertThat(kept.mayRun(new CallGraph.Method("p.Main", "hit", "(I)V"))).isFalse();
    assertThat(kept.edgeCount()).isEqualTo(made.edgeCount()).isPositive();
    assertThat(kept.pathTo(method -> method.name().equals("hit")))
        .isEqualTo(made.pathTo(method -> method.name().equals("hit")))
        .isPresent();
    Path file;
    try (var files = Files.list(cache)) {
      file = files.filter(each -> each.toString().endsWith(".graph")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(CallGraph.build(own(classes), options).methods())
        .containsExactlyInAnyOrderElementsOf(made.methods());
    assertThat(Files.readAllBytes(file)).isNotEqualTo(bytes);
  }

  @Test
  void two_searches_find_the_same_however_far_reading_ahead_gets() throws IOException {
    Path classes =
        new Compiled(root)
            .classes(
                25,
                List.of(),
                """
                package p;
                import java.util.*;
                import java.util.function.*;
                public class Main {
                  public static void main(String[] a) {
                    Map<String, Runnable> all = new TreeMap<>();
                    all.put("a", () -> System.out.println(List.of(a)));
                    all.put("b", Main::b);
                    all.values().forEach(Runnable::run);
                  }
                  static void b() { Supplier<Object> s = Main::new; s.get().hashCode(); }
                  public int hashCode() { return 1; }
                }
                """);
    GraphData first = CallGraph.build(own(classes), CallGraph.Options.of(JDK)).data();
    GraphData second = CallGraph.build(own(classes), CallGraph.Options.of(JDK)).data();
    assertThat(first.bytes()).isEqualTo(second.bytes());
  }

  @Test
  void no_jdk_is_a_plain_sentence() throws IOException {
    assertThatThrownBy(() -> graph(CallGraph.Options.of(root), "package p; class A {}"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("There is no JDK in " + root);
  }
}
