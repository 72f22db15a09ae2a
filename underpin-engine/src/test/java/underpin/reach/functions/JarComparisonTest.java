package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.method.CompiledJar;
import underpin.program.method.MethodCode;

class JarComparisonTest {
  private static final ReleasePair PAIR = new ReleasePair("g:a", "1.0.1", "1.0.2");

  private static final String BEFORE =
      """
      package a;
      class Files {
        String version() { return "lib 1.0.1"; }
        java.io.File open(String name) { return new java.io.File(name); }
        int old(int a) { return a * 31 + name(a).length() - 7; }
        String name(int a) { return "n" + a; }
        Runnable later() { return new Runnable() { public void run() { System.out.println("a"); } }; }
        void gone() { System.exit(3); }
      }
      """;

  @TempDir Path folder;

  private JarComparison.Difference compare(String before, String after) throws Exception {
    return JarComparison.compare(
        PAIR, CompiledJar.read(folder, before), CompiledJar.read(folder, after));
  }

  private static List<String> changes(JarComparison.Difference difference) {
    return difference.changes().stream().map(c -> c.kind() + " " + c.before().name()).toList();
  }

  @Test
  void the_same_release_has_no_change() throws Exception {
    assertThat(compare(BEFORE, BEFORE).changes()).isEmpty();
  }

  @Test
  void a_check_that_is_added_is_the_change_and_what_it_calls_is_added() throws Exception {
    JarComparison.Difference difference =
        compare(
            BEFORE,
            BEFORE.replace(
                "return new java.io.File(name);",
                """
                if (!isPlain(name)) { throw new SecurityException(name); }
                return new java.io.File(name);
                }
                boolean isPlain(String name) { return !name.contains("..");
                """));
    assertThat(changes(difference)).containsExactly("CHANGED open");
    assertThat(difference.added()).extracting(MethodCode::name).containsExactly("isPlain");
    assertThat(difference.changes().getFirst().added())
        .contains("throw", "if eq", "call a/Files.isPlain(Ljava/lang/String;)Z");
    assertThat(difference.changes().getFirst().removed()).isEmpty();
  }

  @Test
  void the_number_of_the_release_is_no_change() throws Exception {
    assertThat(compare(BEFORE, BEFORE.replace("1.0.1", "1.0.2")).changes()).isEmpty();
    assertThat(changes(compare(BEFORE, BEFORE.replace("lib 1.0.1", "bib 1.0.2"))))
        .containsExactly("CHANGED version");
  }

  @Test
  void removed_and_given_another_signature_are_told_apart_and_moved_is_no_change()
      throws Exception {
    assertThat(changes(compare(BEFORE, BEFORE.replace("void gone() { System.exit(3); }", ""))))
        .containsExactly("REMOVED gone");
    assertThat(
            changes(
                compare(
                    BEFORE, BEFORE.replace("open(String name)", "open(String name, int mode)"))))
        .containsExactly("SIGNATURE open");
    assertThat(changes(compare(BEFORE, BEFORE.replace("int old(", "int renamed(")))).isEmpty();
  }

  @Test
  void anonymous_classes_are_compared_whatever_their_number() throws Exception {
    String more =
        BEFORE.replace("Runnable later()", "Object o = new Object() {}; Runnable later()");
    assertThat(changes(compare(BEFORE, more))).containsExactly("CHANGED <init>");
    JarComparison.Difference changed =
        compare(BEFORE, more.replace("println(\"a\")", "println(7)"));
    assertThat(changes(changed)).containsExactlyInAnyOrder("CHANGED <init>", "CHANGED run");
    assertThat(changed.changes().getFirst().before().enclosing()).contains("a.Files.later");
  }
}
