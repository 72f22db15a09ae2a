package underpin.program.method;

import static org.assertj.core.api.Assertions.assertThat;
import static underpin.program.method.CompiledJar.method;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.program.ArchiveLimits;

class MethodCodeTest {
  private static final String SOURCE =
      """
      package a;
      class Store {
        private int limit = 3;
        private String name;
        class Inner { int more() { return limit + 1; } }
        String read(java.util.List<String> names, int n) {
          if (n > limit) {
            throw new IllegalArgumentException("too many: " + n + " of " + name);
          }
          try {
            names.forEach(x -> name = x + n);
            synchronized (this) {
              for (String one : names) { if (one.isEmpty() || one.length() > n) { continue; } name = one; }
            }
          } finally {
            limit++;
          }
          return switch (n) { case 1 -> "one"; case 7 -> "seven"; default -> name; };
        }
      }
      """;

  @TempDir Path folder;

  private JarCode read(String source, String... options) throws Exception {
    return CompiledJar.read(folder, source, options);
  }

  @Test
  void lines_debug_information_and_the_numbers_of_lambdas_do_not_matter() throws Exception {
    JarCode plain = read(SOURCE, "-g:none");
    String moved =
        SOURCE.replace(
            "private String name;",
            "\n\n private String name; Runnable first() { return () -> System.out.println(1); }");
    JarCode shifted = read(moved, "-g");
    assertThat(method(shifted, "read").exact()).isEqualTo(method(plain, "read").exact());
    assertThat(method(shifted, "read").firstLine()).isPositive();
    assertThat(method(plain, "read").firstLine()).isZero();
  }

  @Test
  void lambda_bodies_and_accessors_are_part_of_what_uses_them() throws Exception {
    JarCode jar = read(SOURCE, "--release", "17");
    assertThat(jar.classes().stream().flatMap(c -> c.methods().stream()).map(MethodCode::name))
        .containsExactlyInAnyOrder("<init>", "read", "<init>", "more");
    assertThat(method(jar, "read").events()).contains("put a/Store.name:Ljava/lang/String;");
    assertThat(method(jar, "more").events()).contains("get a/Store.limit:I");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "11", "21"})
  void target_levels_differ_in_concatenation_accessors_and_switches_but_not_in_events(
      String release) throws Exception {
    String old =
        SOURCE.replace(
            "return switch (n) { case 1 -> \"one\"; case 7 -> \"seven\"; default -> name; };",
            "switch (n) { case 1: return \"one\"; case 7: return \"seven\"; default: return name; }");
    JarCode here = read(old, "--release", release, "-Xlint:-options");
    JarCode newest = read(old);
    for (String name : List.of("read", "more")) {
      assertThat(method(here, name).loose()).as(name).isEqualTo(method(newest, name).loose());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n > limit|n >= limit",
        "too many: |too much: ",
        "limit = 3|limit = 4",
        "IllegalArgumentException|IllegalStateException",
        "one.isEmpty() \\|\\| |",
        "name = x + n|name = n + x + name",
        "case 7|case 8",
        "limit++|limit--",
        "synchronized (this)|synchronized (names)",
      })
  void any_change_of_meaning_changes_the_exact_digest(String change) throws Exception {
    String[] sides = change.split("(?<!\\\\)\\|", -1);
    String changed = SOURCE.replace(sides[0].replace("\\|", "|"), sides[1]);
    assertThat(changed).isNotEqualTo(SOURCE);
    List<String> before = digests(read(SOURCE));
    List<String> after = digests(read(changed));
    assertThat(after).isNotEqualTo(before);
  }

  private static List<String> digests(JarCode jar) {
    return jar.classes().stream()
        .flatMap(c -> c.methods().stream())
        .map(m -> m.id() + m.exact())
        .toList();
  }

  @Test
  void the_layout_of_jumps_does_not_matter() throws Exception {
    JarCode one = read("class A { int f(boolean b) { if (b) { return 1; } else { return 2; } } }");
    JarCode other = read("class A { int f(boolean b) { if (!b) { return 2; } return 1; } }");
    assertThat(method(one, "f").exact()).isEqualTo(method(other, "f").exact());
  }

  @Test
  void names_of_anonymous_classes_carry_no_number() throws Exception {
    String source =
        "class A { %s Object f() { return new Object() { public String toString() { return null; } }; } }";
    JarCode first = read(source.formatted(""));
    JarCode second = read(source.formatted("Object e = new Object() {};"));
    assertThat(method(first, "f").exact()).isEqualTo(method(second, "f").exact());
    assertThat(method(first, "toString").enclosing()).contains("A.f");
  }

  @Test
  void a_relocated_copy_has_the_same_loose_digest() throws Exception {
    JarCode original = read(SOURCE);
    JarCode relocated = read(SOURCE.replace("package a;", "package com.shaded.b.a;"));
    assertThat(method(relocated, "read").loose()).isEqualTo(method(original, "read").loose());
    assertThat(method(relocated, "read").exact()).isNotEqualTo(method(original, "read").exact());
  }

  @Test
  void damaged_class_files_are_problems_and_the_rest_is_read() throws Exception {
    byte[] good = Files.readAllBytes(CompiledJar.write(folder, List.of(SOURCE)));
    Random random = new Random(20261126);
    byte[] inner = new byte[0];
    try (var zip =
        new java.util.zip.ZipFile(Files.write(folder.resolve("good.jar"), good).toFile())) {
      inner = zip.getInputStream(zip.getEntry("a/Store.class")).readAllBytes();
    }
    for (int round = 0; round < 500; round++) {
      byte[] changed = inner.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        changed[10 + random.nextInt(changed.length - 10)] = (byte) random.nextInt(256);
      }
      Path jar = folder.resolve("damaged.jar");
      try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(jar))) {
        zip.putNextEntry(new java.util.zip.ZipEntry("a/Store.class"));
        zip.write(changed);
        zip.putNextEntry(new java.util.zip.ZipEntry("z/Whole.class"));
        zip.write(inner);
      }
      JarCode read = JarCode.read(jar, ArchiveLimits.DEFAULT);
      assertThat(read.classes().size() + read.problems().size()).isPositive();
      assertThat(read.classes()).as("round %d", round).isNotEmpty();
    }
  }

  @Test
  void what_is_no_archive_is_one_problem() throws Exception {
    JarCode none =
        JarCode.read(Files.writeString(folder.resolve("no.jar"), "no"), ArchiveLimits.DEFAULT);
    assertThat(none.classes()).isEmpty();
    assertThat(none.problems()).hasSize(1);
  }
}
