package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.method.CompiledJar;

class OwnersTest {
  private static final String READER =
      "package %s; public class Reader { int at; byte[] bytes; int next() { return 0; } "
          + "void skip(int count) {} String text(int length) { return null; } long number() { return 0; } "
          + "boolean isEnd() { return true; } void close() {} }";
  private static final String WRITER =
      "package %s; public class Writer { int at; byte[] bytes; void add(int next) {} "
          + "void text(String text) {} void number(long number) {} byte[] all() { return null; } }";

  @TempDir Path folder;

  private Map<String, Members> classes(String... sources) throws Exception {
    Map<String, Members> classes = new TreeMap<>();
    ClassFiles.visit(
        CompiledJar.write(folder, List.of(sources)),
        ArchiveLimits.DEFAULT,
        (entry, bytes) -> classes.put(entry, Members.of(bytes).orElseThrow()));
    return classes;
  }

  private static String[] with(String name, int others, String... sources) {
    List<String> all = new ArrayList<>(List.of(sources));
    for (int i = 0; i < others; i++) {
      all.add("package %s; class Own%d { int a%d; void of%d() {} }".formatted(name, i, i, i));
    }
    return all.toArray(new String[0]);
  }

  @Test
  void code_under_a_name_of_the_taker_is_its_owners_which_is_made_of_it() throws Exception {
    Map<String, Members> owner =
        classes(READER.formatted("org.objects.asm"), WRITER.formatted("org.objects.asm"));
    Map<String, Members> taker =
        classes(
            with(
                "org.spring.core",
                6,
                READER.formatted("org.spring.asm"),
                WRITER.formatted("org.spring.asm")));
    Owners owners = new Owners();
    owners.add("org.ow2.asm:asm", owner);
    owners.add("org.spring:spring-core", taker);
    assertThat(owners.taken("org.spring:spring-core", taker))
        .containsExactlyInAnyOrder("org/spring/asm/Reader.class", "org/spring/asm/Writer.class");
    assertThat(owners.taken("org.ow2.asm:asm", owner)).isEmpty();
  }

  @Test
  void code_under_its_owners_name_is_taken_however_much_it_is_of_the_taker() throws Exception {
    Map<String, Members> owner =
        classes(
            with(
                "com.goggle.common.collect",
                20,
                READER.formatted("com.goggle.common.io"),
                WRITER.formatted("com.goggle.common.io")));
    Map<String, Members> taker =
        classes(
            with(
                "org.sling.xss",
                1,
                READER.formatted("com.goggle.common.io"),
                WRITER.formatted("com.goggle.common.io")));
    Owners owners = new Owners();
    owners.add("com.goggle.guava:guava", owner);
    owners.add("org.sling:xss", taker);
    assertThat(owners.taken("org.sling:xss", taker))
        .containsExactlyInAnyOrder(
            "com/goggle/common/io/Reader.class", "com/goggle/common/io/Writer.class");
    assertThat(owners.taken("com.goggle.guava:guava", owner)).isEmpty();
  }

  @Test
  void a_package_under_a_new_name_and_one_of_the_same_group_took_nothing() throws Exception {
    Map<String, Members> before =
        classes(READER.formatted("org.acme.io"), WRITER.formatted("org.acme.io"));
    Map<String, Members> after =
        classes(READER.formatted("tools.acme.io"), WRITER.formatted("tools.acme.io"));
    Owners owners = new Owners();
    owners.add("org.acme:acme-io", before);
    owners.add("tools.acme:acme-io2", after);
    owners.add(
        "org.acme.all:everything",
        classes(with("org.acme.rest", 9, READER.formatted("org.acme.io"))));
    assertThat(owners.taken("org.acme:acme-io", before)).isEmpty();
    assertThat(owners.taken("tools.acme:acme-io2", after)).isEmpty();
  }

  @Test
  void classes_that_only_are_called_alike_are_nobody_elses() throws Exception {
    Map<String, Members> taker =
        classes(
            with(
                "org.spring.core",
                6,
                "package org.spring.io; class Reader { Object open(String a) { return a; } int b; }",
                "package org.spring.io; class Writer { Object close(String a) { return a; } int c; }"));
    Owners owners = new Owners();
    owners.add(
        "org.objects:io",
        classes(READER.formatted("org.objects.io"), WRITER.formatted("org.objects.io")));
    owners.add("org.spring:spring-core", taker);
    assertThat(owners.taken("org.spring:spring-core", taker)).isEmpty();
  }
}
