package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.LinkageBreak.Kind;

/**
 * One fact per kind of break: a library changes under a user that stays. Beside each change that
 * must break stands one that looks alike and must not.
 */
class LinkageTest {
  private static final int JAVA = 17;
  private final Linkage linkage = new Linkage();

  @TempDir Path folder;
  private Compiled compiled;

  @BeforeEach
  void setUp() {
    compiled = new Compiled(folder);
  }

  private List<LinkageBreak> change(String user, String oldLibrary, String newLibrary)
      throws IOException {
    return change(user, new String[] {oldLibrary}, new String[] {newLibrary});
  }

  private List<LinkageBreak> change(String user, String[] oldLibrary, String[] newLibrary)
      throws IOException {
    Path before = compiled.classes(JAVA, List.of(), oldLibrary);
    Path after = compiled.classes(JAVA, List.of(), newLibrary);
    Path app = compiled.classes(JAVA, List.of(before), user);
    return linkage.compare(classPath(JAVA, app, before), classPath(JAVA, app, after));
  }

  private static ClassPath classPath(int release, Path app, Path library) {
    return new ClassPath(
        List.of(
            new ClassPath.Entry("app", "app", app, true),
            new ClassPath.Entry("org:lib:" + library.getFileName(), "org:lib", library, false)),
        release);
  }

  private static void one(List<LinkageBreak> breaks, Kind kind, String reference, String because) {
    assertThat(breaks).hasSize(1);
    assertThat(breaks.getFirst().kind()).isEqualTo(kind);
    assertThat(breaks.getFirst().from()).isEqualTo("app");
    assertThat(breaks.getFirst().reference()).isEqualTo(reference);
    assertThat(breaks.getFirst().because()).contains(because);
  }

  @Test
  void a_class_that_is_gone_breaks_who_creates_it() throws IOException {
    String user = "class App { Object run() { return new lib.Gone(); } }";
    String gone = "package lib; public class Gone {}";
    String other = "package lib; public class Other {}";
    one(
        change(user, new String[] {gone, other}, new String[] {other}),
        Kind.MISSING_CLASS,
        "lib.Gone",
        "lib.Gone is no longer on the class path");
    assertThat(change(user, new String[] {gone, other}, new String[] {gone})).isEmpty();
  }

  @Test
  void a_missing_class_is_one_break_however_many_of_its_members_are_used() throws IOException {
    List<LinkageBreak> breaks =
        change(
            "class App { int a() { return lib.A.x() + lib.A.f; } int b() { return lib.A.y(); } }",
            "package lib; public class A { public static int f; public static int x() { return 1; }"
                + " public static int y() { return 1; } }",
            "package lib; public class B {}");
    one(breaks, Kind.MISSING_CLASS, "lib.A", "(and 1 more place)");
    assertThat(breaks.getFirst().place()).isEqualTo("App.a()");
  }

  @Test
  void a_class_named_only_by_a_signature_or_an_annotation_does_not_break() throws IOException {
    assertThat(
            change(
                "@lib.Mark class App { lib.A kept; java.util.List<lib.A> all() { return null; } }",
                new String[] {
                  "package lib; public class A {}",
                  "package lib; @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)"
                      + " public @interface Mark {}"
                },
                new String[] {"package lib; public class B {}"}))
        .isEmpty();
  }

  @Test
  void a_method_that_is_gone_or_returns_another_type_breaks_and_one_that_moved_up_does_not()
      throws IOException {
    String user = "class App { Object run(lib.A a) { return a.get(1, new String[0]); } }";
    String old =
        "package lib; public class A { public Object get(int i, String[] s) { return s; } }";
    one(
        change(user, old, "package lib; public class A { }"),
        Kind.MISSING_METHOD,
        "lib.A.get(int, String[])",
        "lib.A in org:lib:");
    one(
        change(
            user,
            old,
            "package lib; public class A { public String get(int i, String[] s) { return null; } }"),
        Kind.MISSING_METHOD,
        "lib.A.get(int, String[])",
        "returns Object (it returns String)");
    assertThat(
            change(
                user,
                old,
                "package lib; public class A extends Up {} class Up {"
                    + " public Object get(int i, String[] s) { return s; } }"))
        .isEmpty();
  }

  @Test
  void a_constructor_is_not_inherited() throws IOException {
    String user = "class App { Object run() { return new lib.A(1); } }";
    String old = "package lib; public class A { public A(int i) {} }";
    one(
        change(
            user,
            old,
            "package lib; public class A extends Up { public A() { super(1); } }"
                + " class Up { public Up(int i) {} }"),
        Kind.MISSING_METHOD,
        "lib.A.<init>(int)",
        "no such constructor");
    assertThat(
            change(
                user,
                old,
                "package lib; public class A { public A(int i) {} public A(long i) {} }"))
        .isEmpty();
  }

  @Test
  void a_field_that_is_gone_or_has_another_type_breaks_and_one_of_an_interface_does_not()
      throws IOException {
    String user = "class App { Object run() { return lib.A.F; } }";
    String old = "package lib; public class A { public static final Object F = new Object(); }";
    one(
        change(user, old, "package lib; public class A {}"),
        Kind.MISSING_FIELD,
        "lib.A.F",
        "no such");
    one(
        change(user, old, "package lib; public class A { public static String F = \"\"; }"),
        Kind.MISSING_FIELD,
        "lib.A.F",
        "its type is String");
    assertThat(
            change(
                user,
                old,
                "package lib; public class A implements I {}"
                    + " interface I { Object F = new Object(); }"))
        .isEmpty();
  }

  @Test
  void less_access_breaks_unless_a_subclass_may_still_use_it() throws IOException {
    String user = "class App extends lib.A { void run() { hook(); } }";
    String old = "package lib; public class A { public void hook() {} }";
    one(
        change(user, old, "package lib; public class A { void hook() {} }"),
        Kind.ACCESS,
        "App.hook()",
        "package-private");
    one(
        change(user, old, "package lib; public class A { private void hook() {} }"),
        Kind.ACCESS,
        "App.hook()",
        "private");
    assertThat(change(user, old, "package lib; public class A { protected void hook() {} }"))
        .isEmpty();
    one(
        change(
            "class App { Object run() { return lib.A.make(); } }",
            "package lib; public class A { public static Object make() { return 1; } }",
            "package lib; class A { public static Object make() { return 1; } }"),
        Kind.ACCESS,
        "lib.A.make()",
        "lib.A in org:lib:classes");
  }

  @Test
  void static_and_instance_are_not_the_same() throws IOException {
    one(
        change(
            "class App { void run() { lib.A.go(); } }",
            "package lib; public class A { public static void go() {} }",
            "package lib; public class A { public void go() {} }"),
        Kind.STATIC_INSTANCE,
        "lib.A.go()",
        "not static");
    one(
        change(
            "class App { int run(lib.A a) { return a.f; } }",
            "package lib; public class A { public int f; }",
            "package lib; public class A { public static int f; }"),
        Kind.STATIC_INSTANCE,
        "lib.A.f",
        "is static");
  }

  @Test
  void a_class_that_becomes_an_interface_breaks_its_callers() throws IOException {
    one(
        change(
            "class App { void run(lib.A a) { a.go(); } }",
            "package lib; public class A { public void go() {} }",
            "package lib; public interface A { void go(); }"),
        Kind.CLASS_KIND,
        "lib.A.go()",
        "an interface, no class");
    one(
        change(
            "class App { Object run() { return new lib.A(); } }",
            "package lib; public class A { }",
            "package lib; public abstract class A { }"),
        Kind.CLASS_KIND,
        "lib.A",
        "abstract and cannot be created");
  }

  @Test
  void an_interface_with_one_more_abstract_method_breaks_who_implements_it_and_a_default_does_not()
      throws IOException {
    String user = "class App implements lib.I { public void a() {} }";
    String old = "package lib; public interface I { void a(); }";
    one(
        change(user, old, "package lib; public interface I { void a(); void b(int i); }"),
        Kind.ABSTRACT_METHOD,
        "lib.I.b(int)",
        "App does not implement it");
    assertThat(
            change(user, old, "package lib; public interface I { void a(); default void b() {} }"))
        .isEmpty();
    assertThat(
            change(
                "abstract class App implements lib.I { public void a() {} }",
                old,
                "package lib; public interface I { void a(); void b(); }"))
        .isEmpty();
    assertThat(
            change(
                "class App extends lib.Base implements lib.I { public void a() {} }",
                new String[] {old, "package lib; public class Base { }"},
                new String[] {
                  "package lib; public interface I { void a(); void b(); }",
                  "package lib; public class Base { public void b() {} }"
                }))
        .isEmpty();
  }

  @Test
  void a_default_method_that_becomes_abstract_again_breaks() throws IOException {
    one(
        change(
            "class App implements lib.J { }",
            "package lib; public interface J { default void a() {} }",
            "package lib; public interface J extends K { void a(); }"
                + " interface K { default void a() {} }"),
        Kind.ABSTRACT_METHOD,
        "lib.J.a()",
        "does not implement it");
  }

  @Test
  void a_functional_interface_with_a_second_abstract_method_breaks_its_lambdas()
      throws IOException {
    String user = "class App { lib.F run() { return s -> s; } }";
    String old = "package lib; public interface F { Object f(Object s); }";
    one(
        change(user, old, "package lib; public interface F { Object f(Object s); void g(); }"),
        Kind.ABSTRACT_METHOD,
        "lib.F.f(Object)",
        "abstract method g() too");
    assertThat(
            change(
                user,
                old,
                "package lib; public interface F extends Up {"
                    + " default void g() {} boolean equals(Object o); } interface Up {"
                    + " Object f(Object s); }"))
        .isEmpty();
  }

  @Test
  void final_classes_methods_and_fields_break_who_extends_overrides_or_sets_them()
      throws IOException {
    one(
        change(
            "class App extends lib.A { }",
            "package lib; public class A { }",
            "package lib; public final class A { }"),
        Kind.FINAL,
        "lib.A",
        "is final");
    one(
        change(
            "class App extends lib.A { public void m() {} }",
            "package lib; public class A { public void m() {} }",
            "package lib; public class A { public final void m() {} }"),
        Kind.FINAL,
        "lib.A.m()",
        "App overrides it");
    one(
        change(
            "class App { void run() { lib.A.f = 1; } }",
            "package lib; public class A { public static int f; }",
            "package lib; public class A { public static final int f = Integer.getInteger(\"\"); }"),
        Kind.FINAL,
        "lib.A.f",
        "final");
    assertThat(
            change(
                "class App extends lib.A { void m() {} int f() { return lib.A.f; } }",
                "package lib; public class A { void m() {} public static int f; }",
                "package lib; public class A { final void m() {}"
                    + " public static final int f = Integer.getInteger(\"\"); }"))
        .isEmpty();
  }

  @Test
  void a_class_that_becomes_sealed_breaks_its_subclasses() throws IOException {
    one(
        change(
            "class App implements lib.S { }",
            "package lib; public interface S { }",
            "package lib; public sealed interface S permits T { } final class T implements S { }"),
        Kind.FINAL,
        "lib.S",
        "sealed");
  }

  @Test
  void a_library_for_a_newer_java_is_one_break() throws IOException {
    Path before = compiled.classes(8, List.of(), "package lib; public class A { }");
    Path after = compiled.classes(17, List.of(), "package lib; public class A { }");
    Path app =
        compiled.classes(8, List.of(before), "class App { Object run() { return new lib.A(); } }");
    assertThat(linkage.compare(classPath(11, app, before), classPath(11, app, after)))
        .anySatisfy(found -> {
          assertThat(found.kind()).isEqualTo(Kind.CLASS_FILE_VERSION);
          assertThat(found.because()).contains("compiled for Java 17; the project runs on Java 11");
        })
        .allMatch(found -> found.kind() == Kind.CLASS_FILE_VERSION);
    assertThat(linkage.compare(classPath(17, app, before), classPath(17, app, after))).isEmpty();
  }

  @Test
  void javax_to_jakarta_says_where_the_class_went() throws IOException {
    one(
        change(
            "class App implements javax.servlet.Filter { }",
            "package javax.servlet; public interface Filter { }",
            "package jakarta.servlet; public interface Filter { }"),
        Kind.MISSING_CLASS,
        "javax.servlet.Filter",
        "javax.servlet.Filter is no longer on the class path; jakarta.servlet.Filter is");
  }

  @Test
  void who_catches_the_linkage_error_does_not_break() throws IOException {
    String old = "package lib; public class A { public static void go() {} }";
    String now = "package lib; public class A { }";
    assertThat(
            change(
                "class App { void run() { try { lib.A.go(); } catch (NoSuchMethodError e) { } } }",
                old,
                now))
        .isEmpty();
    one(
        change(
            "class App { void run() { try { lib.A.go(); } catch (RuntimeException e) { } } }",
            old,
            now),
        Kind.MISSING_METHOD,
        "lib.A.go()",
        "no such method");
  }

  @Test
  void what_was_broken_before_stays_unsaid() throws IOException {
    Path full =
        compiled.classes(
            JAVA, List.of(), "package lib; public class A { public static void go() {} }");
    Path app = compiled.classes(JAVA, List.of(full), "class App { void run() { lib.A.go(); } }");
    Path before = compiled.classes(JAVA, List.of(), "package lib; public class A { int a; }");
    Path after = compiled.classes(JAVA, List.of(), "package lib; public class A { long a; }");
    assertThat(linkage.compare(classPath(JAVA, app, before), classPath(JAVA, app, after)))
        .isEmpty();
  }

  @Test
  void arrays_method_handles_and_var_handles_resolve_and_private_members_of_nestmates_too()
      throws IOException {
    String user =
        """
        class App {
          private int secret;
          class Inner { int peek() { return secret; } private void own() {} }
          Object run(lib.A[] all, java.lang.invoke.MethodHandle handle, java.lang.invoke.VarHandle at)
              throws Throwable {
            new Inner().own();
            at.set(1, 2L);
            Object made = (String) handle.invokeExact(1, "x");
            return all.clone();
          }
        }
        """;
    assertThat(
            change(
                user,
                "package lib; public class A { }",
                "package lib; public class A { public int added; }"))
        .isEmpty();
  }
}
