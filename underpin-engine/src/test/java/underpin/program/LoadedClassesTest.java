package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * References that no run can come to, beside such that one can: a class that nothing names, one
 * that another entry hides, what dangled before, and what a newer library can do without.
 */
class LoadedClassesTest {
  private static final int JAVA = 17;
  private static final String DEPENDENCY =
      "package dep; public class Dep { public static void go() {} }";
  private static final String WITHOUT = "package dep; public class Other { }";
  private static final String USED =
      "package lib; public class Used { public static void run() {} }";
  private static final String ORPHAN =
      "package lib; public class Orphan { void run() { dep.Dep.go(); } }";
  private static final String USER = "class App { void run() { lib.Used.run(); } }";

  private final Linkage linkage = new Linkage();

  @TempDir Path folder;
  private Compiled compiled;

  @BeforeEach
  void setUp() {
    compiled = new Compiled(folder);
  }

  private static ClassPath classPath(Path... all) {
    List<ClassPath.Entry> entries = new ArrayList<>();
    entries.add(new ClassPath.Entry("app", "app", all[0], true));
    for (int i = 1; i < all.length; i++) {
      entries.add(
          new ClassPath.Entry(
              "org:e" + i + ":" + all[i].getFileName(), "org:e" + i, all[i], false));
    }
    return new ClassPath(entries, JAVA);
  }

  private Path classes(List<Path> with, String... sources) throws IOException {
    return compiled.classes(JAVA, with, sources);
  }

  /** The dependency loses its class; the library that uses it stays. */
  private List<LinkageBreak> dependencyGone(String user, String... library) throws IOException {
    Path before = classes(List.of(), DEPENDENCY);
    Path after = classes(List.of(), WITHOUT);
    Path lib = classes(List.of(before), library);
    Path app = classes(List.of(lib, before), user);
    return linkage.compare(classPath(app, lib, before), classPath(app, lib, after));
  }

  @Test
  void a_class_that_nothing_names_is_never_loaded() throws IOException {
    assertThat(dependencyGone(USER, USED, ORPHAN)).isEmpty();
  }

  @Test
  void a_class_that_code_names_directly_or_through_its_library_is_loaded() throws IOException {
    assertThat(
            dependencyGone("class App { Object run() { return new lib.Orphan(); } }", USED, ORPHAN))
        .extracting(LinkageBreak::reference)
        .containsExactly("dep.Dep");
    assertThat(
            dependencyGone(
                USER,
                "package lib; public class Used { public static void run() { new Orphan().run(); } }",
                ORPHAN))
        .hasSize(1);
  }

  @Test
  void a_class_that_a_string_names_or_the_package_of_a_name_that_is_put_together_is_loaded()
      throws IOException {
    for (String named :
        List.of("\"lib.Orphan\"", "\"lib/Orphan\"", "\"lib.\" + name", "\"lib.Orp\" + name")) {
      assertThat(
              dependencyGone(
                  "class App { String f(String name) { lib.Used.run(); return " + named + "; } }",
                  USED,
                  ORPHAN))
          .as(named)
          .hasSize(1);
    }
  }

  @Test
  void a_class_that_a_file_of_the_project_or_of_the_library_names_is_loaded() throws IOException {
    Path before = classes(List.of(), DEPENDENCY);
    Path after = classes(List.of(), WITHOUT);
    for (String name : List.of("conf/strategies.properties", "META-INF/plugins", "a.json")) {
      for (boolean ofLibrary : List.of(true, false)) {
        Path lib = classes(List.of(before), USED, ORPHAN);
        Path app = classes(List.of(lib), USER);
        Path file = (ofLibrary ? lib : app).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"strategy\"=lib.Orphan}");
        assertThat(linkage.compare(classPath(app, lib, before), classPath(app, lib, after)))
            .as(name)
            .hasSize(1);
      }
    }
  }

  @Test
  void a_class_with_an_annotation_or_of_a_foreign_type_is_found_by_looking() throws IOException {
    String mark =
        "package lib; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME)"
            + " public @interface Mark { }";
    assertThat(
            dependencyGone(
                USER,
                USED,
                mark,
                "package lib; @Mark public class Orphan { void run() { dep.Dep.go(); } }"))
        .hasSize(1);
    Path before = classes(List.of(), DEPENDENCY, "package dep; public interface Plugin { }");
    Path after = classes(List.of(), "package dep; public interface Plugin { }");
    Path lib =
        classes(
            List.of(before),
            USED,
            "package lib; public class Orphan implements dep.Plugin { void run() { dep.Dep.go(); } }");
    Path app = classes(List.of(lib), USER);
    assertThat(linkage.compare(classPath(app, lib, before), classPath(app, lib, after))).hasSize(1);
  }

  @Test
  void of_a_library_of_which_nothing_is_named_every_class_counts() throws IOException {
    assertThat(dependencyGone("class App { }", USED, ORPHAN)).hasSize(1);
  }

  @Test
  void without_the_projects_classes_every_class_counts() throws IOException {
    Path before = classes(List.of(), DEPENDENCY);
    Path after = classes(List.of(), WITHOUT);
    Path lib = classes(List.of(before), USED, ORPHAN);
    Path other = classes(List.of(lib), "package other; class User { { lib.Used.run(); } }");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(
            linkage.compare(
                classPath(empty, other, lib, before), classPath(empty, other, lib, after)))
        .hasSize(1);
  }

  @Test
  void a_class_that_an_earlier_entry_hides_is_not_loaded_and_names_nothing() throws IOException {
    Path before = classes(List.of(), DEPENDENCY);
    Path after = classes(List.of(), WITHOUT);
    String calling =
        "package lib; public class Used { public static void run() { new Orphan().run(); } }";
    Path lib = classes(List.of(before), calling, ORPHAN);
    Path hiding = classes(List.of(), USED);
    Path app = classes(List.of(lib), USER);
    assertThat(
            linkage.compare(
                classPath(app, hiding, lib, before), classPath(app, hiding, lib, after)))
        .isEmpty();
    assertThat(
            linkage.compare(
                classPath(app, lib, hiding, before), classPath(app, lib, hiding, after)))
        .hasSize(1);
  }

  /** The library changes; on both sides the dependency lacks what {@code whole} has. */
  private List<LinkageBreak> newLibrary(String whole, String less, String old, String now)
      throws IOException {
    Path compiledAgainst = classes(List.of(), whole);
    Path dependency = classes(List.of(), less);
    Path before = classes(List.of(compiledAgainst), old.split("\n"));
    Path after = classes(List.of(compiledAgainst), now.split("\n"));
    Path app = classes(List.of(before), USER);
    return linkage.compare(classPath(app, before, dependency), classPath(app, after, dependency));
  }

  @Test
  void what_dangled_before_in_the_library_is_no_break_where_it_moved_to() throws IOException {
    String whole = "package dep; public class Dep { public static void go() {} public int also; }";
    String less = "package dep; public class Dep { }";
    String old =
        "package lib; public class Used { public static void run() { Inner.run(); }"
            + " static class Inner { static void run() { dep.Dep.go(); } } }";
    assertThat(
            newLibrary(
                whole,
                less,
                old,
                "package lib; public class Used { public static void run() { dep.Dep.go(); } }"))
        .isEmpty();
    assertThat(
            newLibrary(
                whole,
                less,
                old,
                "package lib; public class Used { public static void run() { Next.run(); } }\n"
                    + "package lib; class Next { static void run() { dep.Dep.go(); } }"))
        .isEmpty();
    assertThat(
            newLibrary(
                whole,
                less,
                old,
                "package lib; public class Used { public static void run() {"
                    + " new dep.Dep().also = 1; } }"))
        .extracting(LinkageBreak::reference)
        .containsExactly("dep.Dep.also");
  }

  @Test
  void what_dangled_only_in_a_class_that_was_never_loaded_is_a_break_in_one_that_is()
      throws IOException {
    assertThat(
            newLibrary(
                DEPENDENCY,
                "package dep; public class Dep { }",
                USED + "\n" + ORPHAN,
                "package lib; public class Used { public static void run() { dep.Dep.go(); } }"))
        .hasSize(1);
  }

  @Test
  void a_new_supertype_from_an_absent_package_is_a_break_for_a_class_that_the_project_links_to()
      throws IOException {
    String absent = "package absent; public class Up { }";
    Path library = classes(List.of(), absent);
    Path before = classes(List.of(), USED, "package lib; public class Optional { }");
    Path after =
        classes(
            List.of(library),
            USED,
            "package lib; class Middle extends absent.Up { }",
            "package lib; public class Optional extends Middle { }");
    Path user = classes(List.of(before), USER);
    assertThat(linkage.compare(classPath(user, before), classPath(user, after))).isEmpty();
    Path needs =
        classes(List.of(before), "class App { Object run() { return new lib.Optional(); } }");
    assertThat(linkage.compare(classPath(needs, before), classPath(needs, after)))
        .extracting(LinkageBreak::reference)
        .containsExactly("absent.Up");
    assertThat(linkage.compare(classPath(needs, before, library), classPath(needs, after, library)))
        .isEmpty();
  }

  @Test
  void a_call_into_an_absent_package_is_optional() throws IOException {
    Path absent = classes(List.of(), "package absent; public class Up { }");
    Path before = classes(List.of(), USED);
    Path after =
        classes(
            List.of(absent),
            "package lib; public class Used { public static void run() { new absent.Up(); } }");
    Path app = classes(List.of(before), USER);
    assertThat(linkage.compare(classPath(app, before), classPath(app, after))).isEmpty();
  }

  @Test
  void a_library_that_asks_for_another_does_without_it_when_it_goes_as_a_whole()
      throws IOException {
    String asking =
        "package lib; public class Used { public static void run() throws Exception {"
            + " Class.forName(\"dep.Dep\"); new Orphan().run(); } }";
    String notAsking =
        "package lib; public class Used { public static void run() { new Orphan().run(); } }";
    String user = "class App { void run() throws Exception { lib.Used.run(); } }";
    String uses = "class App { void run() throws Exception { lib.Used.run(); dep.Dep.go(); } }";
    Path dependency = classes(List.of(), DEPENDENCY);
    Path less = classes(List.of(), WITHOUT);
    Path lib = classes(List.of(dependency), asking, ORPHAN);
    Path other = classes(List.of(dependency), notAsking, ORPHAN);
    Path app = classes(List.of(lib), user);
    assertThat(linkage.compare(classPath(app, lib, dependency), classPath(app, lib))).isEmpty();
    assertThat(linkage.compare(classPath(app, other, dependency), classPath(app, other)))
        .as("it does not ask")
        .hasSize(1);
    assertThat(linkage.compare(classPath(app, lib, dependency), classPath(app, lib, less)))
        .as("the other stays, in a version without it")
        .hasSize(1);
    Path needs = classes(List.of(lib, dependency), uses);
    assertThat(linkage.compare(classPath(needs, lib, dependency), classPath(needs, lib)))
        .as("the project uses it too")
        .extracting(LinkageBreak::from)
        .contains("app")
        .hasSize(2);
  }
}
