package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergeTest {
  private static String wrap(String body) {
    return "class A {\n  void run(String name) {\n" + body.indent(4) + "  }\n}\n";
  }

  private static Source.Member member(String text) {
    return Source.parse("A.java", text).member("A", "run(String)").orElseThrow();
  }

  private final Merge merge = new Merge(false);

  private String merged(String ours, String before, String after) {
    return merge.member(member(wrap(ours)), member(wrap(before)), member(wrap(after)));
  }

  @Test
  void a_guard_comes_before_the_statement_that_it_guards_though_others_differ() {
    String text =
        merged(
            "log(name);\nopen(name);\n",
            "trace(name, 1);\nopen(name);\nclose();\n",
            "trace(name, 1);\nif (bad(name)) {\n    throw new Error();\n}\nopen(name);\nclose();\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text))
        .isEqualTo(
            "void run ( String name ) { log ( name ) ; if ( bad ( name ) ) { throw new Error ( ) ; }"
                + " open ( name ) ; }");
  }

  @Test
  void a_change_within_a_statement_keeps_what_is_ours_in_it() {
    String text =
        merged(
            "for (int i = 0; i < 5; i++) {\n  open(name, ours);\n}\n",
            "for (int i = 0; i < 5; i++) {\n  open(name);\n  x();\n}\n",
            "for (int i = 0; i < limit; i++) {\n  open(name);\n  x();\n}\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text)).contains("i < limit ;").contains("open ( name , ours ) ;");
  }

  @Test
  void what_the_fix_wraps_is_wrapped_in_our_form() {
    String text =
        merged(
            "open(name, ours);\nclose();\n",
            "open(name);\nclose();\n",
            "if (allowed) {\n  open(name);\n}\nclose();\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text))
        .contains("if ( allowed ) { open ( name , ours ) ; } close ( ) ;");
  }

  @Test
  void a_statement_that_the_fix_changes_and_the_version_lacks_is_a_conflict() {
    merged("close();\n", "open(name, 1, 2);\nclose();\n", "open(name, 1, 3);\nclose();\n");
    assertThat(merge.conflicts()).hasSize(1);
  }

  @Test
  void a_guard_that_is_there_already_is_not_put_in_twice() {
    String guard = "if (bad(name)) {\n  throw new Error();\n}\n";
    String text = merged(guard + "open(name, ours);\n", "open(name);\n", guard + "open(name);\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text).split("bad", -1)).hasSize(2);
  }

  @Test
  void both_sides_changing_the_same_words_is_a_conflict() {
    merged("open(name, 2);\n", "open(name, 1);\n", "open(name, 3);\n");
    assertThat(merge.conflicts()).hasSize(1);
  }

  @Test
  void changes_that_only_touch_are_no_conflict() {
    String text =
        merged(
            "send(of(name).key());\n",
            "send(of(name).key(), context);\n",
            "send(checked, context);\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text)).contains("send ( checked ) ;");
  }

  @Test
  void two_variables_of_one_statement_stay_one_statement() {
    String text =
        merged(
            "int from = 1, to = 2;\nopen(name);\n",
            "int from = 0, to = 2;\nopen(name);\n",
            "int from = 0, to = 2;\ncheck(name);\nopen(name);\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text))
        .contains("int from = 1 , to = 2 ; check ( name ) ; open ( name ) ;");
  }

  @Test
  void a_bold_guess_within_a_statement_is_the_statement_of_the_fix() {
    Merge bold = new Merge(true);
    String text =
        bold.member(
            member(wrap("open(name, ours(2));\n")),
            member(wrap("open(name, 1);\n")),
            member(wrap("open(name, safe(3));\n")));
    assertThat(Token.normal(text)).contains("{ open ( name , safe ( 3 ) ) ; }");
    assertThat(bold.guesses()).isNotEmpty();
  }

  @Test
  void constants_of_an_enum_may_have_annotations() {
    Source source =
        Source.parse("A.java", "enum A { @Deprecated OLD(1), NEW(2); A(int i) {} int size; }");
    assertThat(source.member("A", "<constants>").map(Source.Member::text))
        .hasValue("@Deprecated OLD(1), NEW(2)");
    assertThat(source.member("A", "size")).isPresent();
  }

  @Test
  void many_files_parsed_at_once_are_as_one_by_one() {
    var both =
        Source.parse(
            java.util.Map.of(
                "a/A.java", "package a; class A { int x; }", "B.java", "class B { void"));
    assertThat(both).containsOnlyKeys("a/A.java", "B.java");
    assertThat(both.get("a/A.java"))
        .isNotNull()
        .satisfies(whole -> assertThat(whole.member("A", "x")).isPresent())
        .returns(false, Source::isBroken);
    assertThat(both.get("B.java")).isNotNull().returns(true, Source::isBroken);
  }

  @Test
  void brackets_of_both_sides_are_not_mixed() {
    merged("a = (int) (x / 2) + 1;\n", "a = x / 2 + 1;\n", "a = (int) (x / 2 + 1);\n");
    assertThat(merge.conflicts()).isNotEmpty();
    Merge bold = new Merge(true);
    String text =
        bold.member(
            member(wrap("a = (int) (x / 2) + 1;\n")),
            member(wrap("a = x / 2 + 1;\n")),
            member(wrap("a = (int) (x / 2 + 1);\n")));
    assertThat(Token.normal(text)).contains("a = ( int ) ( x / 2 + 1 ) ;");
    assertThat(bold.guesses()).isNotEmpty();
  }

  @Test
  void a_call_of_an_earlier_fix_comes_as_the_fix_leaves_it() {
    String before = "check(name);\nopen(name);\n";
    String after = "validate(name, 1);\nopen(name);\n";
    merged("open(name);\n", before, after);
    assertThat(merge.conflicts()).hasSize(1);
    Merge bold = new Merge(true);
    String text =
        bold.member(member(wrap("open(name);\n")), member(wrap(before)), member(wrap(after)));
    assertThat(Token.normal(text)).contains("{ validate ( name , 1 ) ; open ( name ) ; }");
    assertThat(bold.leftOut()).isEmpty();
  }

  @Test
  void a_call_that_the_version_makes_in_another_form_is_not_made_twice() {
    Merge bold = new Merge(true);
    String text =
        bold.member(
            member(wrap("if (check(name)) {\n  open(name);\n}\n")),
            member(wrap("check(name);\nopen(name);\n")),
            member(wrap("validate(name, 1);\nopen(name);\n")));
    assertThat(Token.normal(text)).doesNotContain("validate");
    assertThat(bold.leftOut()).isNotEmpty();
  }

  @Test
  void a_change_in_the_body_of_a_lambda_leaves_the_rest_of_its_statement() {
    String text =
        merged(
            "return each(name, old, n -> {\n  log(n);\n  return open(n);\n}, tail);\n",
            "return each(name, now, n -> {\n  trace(n);\n  return open(n);\n}, tail);\n",
            "return each(name, now, n -> {\n  trace(n);\n  check(n);\n  return open(n);\n}, tail);\n");
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Token.normal(text))
        .isEqualTo(
            "void run ( String name ) { return each ( name , old , n -> { log ( n ) ; check ( n ) ;"
                + " return open ( n ) ; } , tail ) ; }");
  }
}
