package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import underpin.program.LinkageBreak;

class SentenceTest {
  @Test
  void a_library_is_named_short_and_without_the_place_of_its_code() {
    assertThat(
            Sentence.of(
                new LinkageBreak(
                    LinkageBreak.Kind.MISSING_METHOD,
                    "org.example:holder:1.2",
                    "org.example.Holder.run()",
                    "org.other.A.set(java.lang.String, java.lang.String, org.other.B)",
                    "org.other.A in org.other:a:2 has no such method (and 3 more places)",
                    new LinkageBreak.Cause("org.example:holder", new TreeSet<>(), false))))
        .isEqualTo("holder 1.2 needs org.other.A.set(...): A in org.other:a:2 has no such method");
  }

  @Test
  void the_project_s_own_code_is_named_with_its_place() {
    assertThat(
            Sentence.of(
                new LinkageBreak(
                    LinkageBreak.Kind.MISSING_CLASS,
                    "web",
                    "shop.Settings.read()",
                    "org.other.A",
                    "org.other.A is no longer on the class path",
                    new LinkageBreak.Cause("web#0", new TreeSet<>(), false))))
        .isEqualTo(
            "web (shop.Settings.read()) needs org.other.A: A is no longer on the class path");
  }

  @Test
  void a_file_of_the_project_is_named_however_long_its_path_is() {
    assertThat(
            Sentence.of(
                new LinkageBreak(
                    LinkageBreak.Kind.RESOURCE_REFERENCE,
                    "the project",
                    "shop/web/src/main/wro/wro.xml, line 3",
                    "META-INF/resources/webjars/boot/3/boot.less",
                    "boot 5 has no such file",
                    new LinkageBreak.Cause("the project", new TreeSet<>(), false))))
        .isEqualTo(
            "the project (shop/web/src/main/wro/wro.xml, line 3) needs"
                + " META-INF/resources/webjars/boot/3/boot.less: boot 5 has no such file");
  }

  @Test
  void what_is_too_long_loses_its_last_clauses_or_its_end() {
    String first = "a".repeat(Sentence.MAX - 20);
    assertThat(Sentence.cut(first + "; and more than there is room for")).isEqualTo(first);
    assertThat(Sentence.cut("b".repeat(Sentence.MAX + 1))).hasSize(Sentence.MAX).endsWith("\u2026");
    assertThat(Sentence.cut("one line\nand another")).isEqualTo("one line");
    assertThat(Sentence.cut(first)).isEqualTo(first);
  }
}
