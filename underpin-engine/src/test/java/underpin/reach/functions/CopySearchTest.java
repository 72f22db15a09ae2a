package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.method.CompiledJar;
import underpin.program.method.Fingerprint;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

class CopySearchTest {
  private static final String AFFECTED =
      """
      package org.acme.store;
      class Store {
        private final java.util.Map<String, String> kept = new java.util.HashMap<>();
        String open(java.io.File folder, String name) throws java.io.IOException {
          java.io.File file = new java.io.File(folder, name);
          if (!file.exists()) {
            throw new java.io.FileNotFoundException("no such entry: " + name + " in " + folder);
          }
          kept.put(name, file.getPath());
          return new String(java.nio.file.Files.readAllBytes(file.toPath()), "UTF-8").trim();
        }
        int other(int a) { return a + kept.size(); }
      }
      """;

  private static final String FIXED =
      AFFECTED.replace(
          "if (!file.exists()) {",
          """
          if (!file.getCanonicalPath().startsWith(folder.getCanonicalPath())) {
            throw new SecurityException("outside of the folder");
          }
          if (!file.exists()) {
          """);

  @TempDir Path folder;
  private CopySearch search;

  @BeforeEach
  void the_function_is_known() throws Exception {
    MethodCode before = CompiledJar.method(read(AFFECTED), "open");
    MethodCode after = CompiledJar.method(read(FIXED), "open");
    VulnerableFunction function =
        new VulnerableFunction(
            List.of("org.acme:store"),
            before.className(),
            before.name(),
            before.descriptor(),
            Optional.empty(),
            Change.Kind.CHANGED,
            1,
            0.9,
            true,
            List.of(),
            before.exact(),
            Optional.of(after.exact()),
            Optional.of(Fingerprint.parse(Fingerprint.of(before, Optional.of(after)).text())),
            java.util.Map.of());
    search =
        CopySearch.of(
            List.of(
                new FunctionList.Derived(
                    "CVE-1-1",
                    List.of(function),
                    List.of(),
                    List.of(new ReleasePair("org.acme:store", "1.4", "1.5")),
                    2,
                    0.9,
                    List.of())));
  }

  private JarCode read(String source, String... options) throws Exception {
    return CompiledJar.read(folder, source, options);
  }

  private static String relocated(String source) {
    return source.replace("package org.acme.store;", "package com.other.shaded.store;");
  }

  @Test
  void a_copy_is_found_relocated_recompiled_and_without_debug_information() throws Exception {
    for (String release : List.of("8", "11", "25")) {
      List<CopySearch.Copy> copies =
          search.search(
              read(relocated(AFFECTED), "--release", release, "-g:none", "-Xlint:-options"));
      assertThat(copies).as(release).hasSize(1);
      CopySearch.Copy copy = copies.getFirst();
      assertThat(copy.vulnerable()).containsExactly("CVE-1-1");
      assertThat(copy.below()).contains("1.5");
      assertThat(copy.representative()).isEqualTo("1.4");
      assertThat(copy.evidence().getFirst()).startsWith("com.other.shaded.store.Store.open(");
    }
  }

  @Test
  void a_copy_with_the_fix_is_recognised_as_fixed_also_when_more_was_changed() throws Exception {
    for (String source : List.of(FIXED, FIXED.replace("UTF-8", "US-ASCII"))) {
      CopySearch.Copy copy = search.search(read(relocated(source))).getFirst();
      assertThat(copy.vulnerable()).isEmpty();
      assertThat(copy.fixed()).containsExactly("CVE-1-1");
      assertThat(copy.atLeast()).contains("1.5");
    }
  }

  @Test
  void what_only_has_the_same_names_is_no_copy() throws Exception {
    String other =
        """
        class Store {
          String open(java.io.File folder, String name) throws java.io.IOException {
            StringBuilder all = new StringBuilder();
            for (String line : java.nio.file.Files.readAllLines(folder.toPath().resolve(name))) {
              all.append(line.toUpperCase()).append(' ');
            }
            return all.toString();
          }
        }
        """;
    assertThat(search.search(read(other))).isEmpty();
  }
}
