package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import underpin.program.method.MethodCode;

final class KnownFixTest {
  private static final KnownFix FIX =
      KnownFix.parse(List.of("a.b.Reader#open a.b.Reader$Part#<init>", "a.Head#")).orElseThrow();

  private static MethodCode method(String type, String name, Optional<String> enclosing) {
    return new MethodCode(type, name, "()V", 0, enclosing, "", "", List.of(), 0, 0);
  }

  @Test
  void a_changed_method_is_touched_and_its_neighbour_only_by_class() {
    assertThat(FIX.touches(method("a.b.Reader", "open", Optional.empty()))).isTrue();
    MethodCode neighbour = method("a.b.Reader", "close", Optional.empty());
    assertThat(FIX.touches(neighbour)).isFalse();
    assertThat(FIX.touchesClass(neighbour)).isTrue();
    assertThat(FIX.touchesClass(method("a.b.Readers", "open", Optional.empty()))).isFalse();
  }

  @Test
  void an_anonymous_class_is_touched_with_the_method_around_it() {
    assertThat(FIX.touches(method("a.b.Reader$1", "run", Optional.of("a.b.Reader.open")))).isTrue();
    assertThat(FIX.touches(method("a.b.Reader$1", "run", Optional.of("a.b.Reader.close"))))
        .isFalse();
  }

  @Test
  void a_nested_class_and_a_class_of_which_only_the_head_is_changed_are_known() {
    assertThat(FIX.touches(method("a.b.Reader$Part", "<init>", Optional.empty()))).isTrue();
    MethodCode head = method("a.Head", "run", Optional.empty());
    assertThat(FIX.touchesClass(head)).isTrue();
    assertThat(FIX.touches(head)).isFalse();
  }

  @Test
  void an_advisory_without_a_commit_at_hand_has_no_known_fix() {
    assertThat(KnownFix.of(List.of("GHSA-0000-0000-0000"))).isEmpty();
  }
}
