package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatementTest {
  private static final Statement.Subject SUBJECT = Statement.Subject.of("a", new byte[0]);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_statement_is_an_in_toto_statement_v1_in_canonical_form() {
    Statement statement =
        new Statement(
            List.of(SUBJECT),
            "https://example.com/p",
            bytes("{ \"b\": 1.50, \"a\": [true, null] }"));
    assertThat(statement.toJson())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"_type\":\"https://in-toto.io/Statement/v1\","
                + "\"predicate\":{\"a\":[true,null],\"b\":1.50},"
                + "\"predicateType\":\"https://example.com/p\","
                + "\"subject\":[{\"digest\":{\"sha256\":"
                + "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"},"
                + "\"name\":\"a\"}]}");
  }

  @Test
  void order_of_members_and_white_space_make_no_difference() throws Exception {
    Statement one = new Statement(List.of(SUBJECT), "p", bytes("{\"x\":1,\"y\":\"\\u00e4/\"}"));
    Statement two = new Statement(List.of(SUBJECT), "p", bytes(" {\"y\":\"ä\\/\",\n\"x\":1}"));
    assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    assertThat(Statement.fromJson(one.toJson())).isEqualTo(two);
    assertThat(Statement.of(List.of(SUBJECT), "p", Map.of("y", "ä/", "x", 1L))).isEqualTo(one);
  }

  @Test
  void strings_are_escaped_as_rfc_8785_says() {
    assertThat(CanonicalJson.write("\u20ac$\u000f\nA'B\"\\\\\"/\u007f"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u007f\"");
  }

  @Test
  void what_is_no_json_object_is_no_predicate() {
    for (String bad :
        List.of(
            "",
            "[]",
            "1",
            "{",
            "{}{}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":\"\\ud800\"}",
            "[".repeat(5000),
            "{\"a\":NaN}")) {
      assertThatThrownBy(() -> new Statement(List.of(SUBJECT), "p", bytes(bad)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_statement_without_subject_or_with_a_bad_digest_is_refused() {
    assertThatThrownBy(() -> new Statement(List.of(), "p", bytes("{}")))
        .hasMessageContaining("subject");
    assertThatThrownBy(() -> new Statement.Subject("a", "ABC")).hasMessageContaining("SHA-256");
  }

  @Test
  void other_json_is_no_statement() {
    for (String bad :
        List.of(
            "{}",
            "[]",
            "{\"_type\":\"https://in-toto.io/Statement/v1\"}",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},"
                + "\"predicateType\":\"p\",\"subject\":[{\"name\":\"a\"}]}",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},"
                + "\"predicateType\":\"p\",\"subject\":[]}")) {
      assertThatThrownBy(() -> Statement.fromJson(bytes(bad))).isInstanceOf(IOException.class);
    }
  }
}
