package underpin.program.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FrameworkTest {
  /** The same in words that are easier to check. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]*\\.)+[A-Za-z_][A-Za-z0-9_$]*");

  @Test
  void class_names_are_found_in_texts() {
    assertThat(Framework.names("a=org.example.Main$Inner,\nnot, 1.5 or x.1; <b class='p.Q'/>."))
        .containsExactly("org/example/Main$Inner", "p/Q");
    Random random = new Random(1);
    String letters = "ab.1_$. -\n\u00e4";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(16); j >= 0; j--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(Framework.names(text.toString()))
          .as(text.toString())
          .isEqualTo(
              CLASS_NAME
                  .matcher(text)
                  .results()
                  .map(found -> found.group().replace('.', '/'))
                  .collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
    }
  }
}
