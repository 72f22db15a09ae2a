package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What class files name, and what of it a class path cannot find. */
class NamedTypesTest {
  private static final String USER =
      """
      package user;
      import java.util.List;
      @lib.Marked(kind = lib.Kind.ONE)
      public class User<TLeft extends lib.Bound> extends lib.Base {
        List<lib.Element> field;
        TLeft left(TLeft LLeft) { return LLeft; }
        String text = "Llib/Text;";
        void run(@lib.Marked(kind = lib.Kind.TWO) int count) throws lib.Failed {
          new lib.Made().run();
          Runnable later = lib.Later::now;
        }
      }
      """;
  private static final String[] LIBRARY = {
    "package lib; public @interface Marked { Kind kind(); }",
    "package lib; public enum Kind { ONE, TWO }",
    "package lib; public class Bound {}",
    "package lib; public class Base {}",
    "package lib; public class Element {}",
    "package lib; public class Failed extends Exception {}",
    "package lib; public class Made { public void run() {} }",
    "package lib; public class Later { public static void now() {} }",
    "package lib; public class Text {}",
  };

  @TempDir Path folder;

  private static ClassPath classPath(Path user, Path... libraries) {
    List<ClassPath.Entry> entries = new java.util.ArrayList<>();
    entries.add(new ClassPath.Entry("user", "user", user, true));
    for (Path one : libraries) {
      entries.add(new ClassPath.Entry(one.toString(), one.toString(), one, false));
    }
    return new ClassPath(entries, 17);
  }

  @Test
  void all_but_texts_and_type_parameters_is_named() throws IOException {
    Compiled compiled = new Compiled(folder);
    Path library = compiled.classes(17, List.of(), LIBRARY);
    Path user = compiled.classes(17, List.of(library), USER);
    var named = NamedTypes.of(user, ArchiveLimits.DEFAULT);
    assertThat(named.stream().filter(n -> !n.startsWith("java/")))
        .containsExactly(
            "lib/Base",
            "lib/Bound",
            "lib/Element",
            "lib/Failed",
            "lib/Kind",
            "lib/Later",
            "lib/Made",
            "lib/Marked",
            "user/User");
    Linkage linkage = new Linkage();
    assertThat(linkage.missing(classPath(user), named))
        .hasSize(8)
        .allMatch(name -> name.startsWith("lib/"));
    assertThat(linkage.missing(classPath(user, library), named)).isEmpty();
    assertThat(NamedTypes.of(user, name -> !name.equals("user/User"), ArchiveLimits.DEFAULT))
        .isEmpty();
  }

  @Test
  void what_types_are_declared_with_and_extend_is_named_without_their_code() throws IOException {
    Compiled compiled = new Compiled(folder);
    Path library =
        compiled.classes(
            17,
            List.of(),
            "package lib; public class A extends B { C c(D d) { new E(); return null; } }",
            "package lib; public class B implements F {}",
            "package lib; public class C {}",
            "package lib; public class D {}",
            "package lib; public class E {}",
            "package lib; public interface F {}");
    assertThat(NamedTypes.declaring(library, Set.of("lib/A"), ArchiveLimits.DEFAULT))
        .containsExactly("lib/B", "lib/C", "lib/D");
    assertThat(NamedTypes.above(library, Set.of("lib/A"), ArchiveLimits.DEFAULT))
        .containsExactly("java/lang/Object", "lib/B", "lib/F");
  }

  @Test
  void own_references_that_do_not_resolve_are_told_and_types_that_are_nowhere_are_not()
      throws IOException {
    Compiled compiled = new Compiled(folder);
    Path old =
        compiled.classes(
            17,
            List.of(),
            "package lib; public class A { public static void x() {} public static void y() {} }",
            "package lib; public class Gone { public static void z() {} }",
            "package lib; public interface I { }");
    Path now =
        compiled.classes(
            17,
            List.of(),
            "package lib; public class A { public static void x() {} }",
            "package lib; public interface I { void run(); }");
    Path user =
        compiled.classes(
            17,
            List.of(old),
            "package user; public class User implements lib.I { void a() { lib.A.x(); lib.A.y(); lib.Gone.z(); } }");
    Linkage linkage = new Linkage();
    assertThat(linkage.unresolved(classPath(user, old))).isEmpty();
    assertThat(
            linkage.unresolved(classPath(user, now)).stream()
                .map(one -> one.type() + " " + one.place() + " " + one.reference()))
        .containsExactly("lib/A user.User.a() lib.A.y()", "lib/I user.User lib.I.run()");
  }

  @Test
  void the_Java_that_most_classes_are_for_is_told() throws IOException {
    Path folderOf11 = new Compiled(folder).classes(11, List.of(), "package a; public class A {}");
    assertThat(CompiledFor.most(zipped(folderOf11), ArchiveLimits.DEFAULT)).hasValue(11);
    assertThat(CompiledFor.most(folder.resolve("none.jar"), ArchiveLimits.DEFAULT)).isEmpty();
  }

  private Path zipped(Path classes) throws IOException {
    Path jar = folder.resolve("classes.jar");
    try (var out = new java.util.zip.ZipOutputStream(java.nio.file.Files.newOutputStream(jar));
        var files = java.nio.file.Files.walk(classes)) {
      for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        out.putNextEntry(new java.util.zip.ZipEntry(classes.relativize(file).toString()));
        out.write(java.nio.file.Files.readAllBytes(file));
      }
    }
    return jar;
  }
}
