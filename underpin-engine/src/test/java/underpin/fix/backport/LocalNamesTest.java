package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalNamesTest {
  private static boolean differAlone(String before, String after) {
    return LocalNames.differAlone(Token.texts(Token.of(before)), Token.texts(Token.of(after)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "void m() { try { a(); } catch (E e) { log(e); } } | void m() { try { a(); } catch (E x) { log(x); } }",
        "int m(int[] a) { int n = a[0]; return n; } | int m(int[] all) { int first = all[0]; return first; }",
        "void m() { { E e = a(); b(e); } { E e = a(); b(e); } } | void m() { { E e = a(); b(e); } { E x = a(); b(x); } }"
      })
  void another_name_for_what_is_declared_is_no_change(String before, String after) {
    assertThat(differAlone(before, after)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Fields, members, calls, types and limits are no names of the member's own.
        "void m() { a = 1; } | void m() { b = 1; }",
        "void m(int n) { if (n > limit) { f(); } } | void m(int n) { if (n > most) { f(); } }",
        "int m() { return a; } | int m() { return b; }",
        "void m(T t) { t.a(); } | void m(T t) { t.b(); }",
        "void m(T t) { use(t.a); } | void m(T t) { use(t.b); }",
        "void m(int a, int b) { f(a); } | void m(int a, int b) { f(b); }",
        "void m(int a, int b) { f(a, b); } | void m(int b, int a) { f(a, b); }",
        "void m() { A a = f(); } | void m() { B a = f(); }",
        "void m(int a) { f(a, b); } | void m(int c) { f(c, c); }",
        "void m(int a) { f(a, b); } | void m(int b) { f(b, b); }",
        "void m() { f(); } | void m() { f(); }"
      })
  void anything_else_is_one(String before, String after) {
    assertThat(differAlone(before, after)).isFalse();
  }
}
