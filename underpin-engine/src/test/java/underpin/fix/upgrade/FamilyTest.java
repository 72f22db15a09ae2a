package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyTest {
  @Test
  void what_is_released_each_by_itself_is_no_family() {
    List<String> utils =
        List.of("0.9", "3.0.0", "3.0.1", "3.1.0", "3.2.0", "3.2.1", "3.3.3", "3.3.4", "3.4.2");
    List<String> filters =
        List.of("1.4", "3.0.0", "3.0.1", "3.1.0", "3.1.1", "3.2.0", "3.3.0", "3.3.2", "3.4.0");
    assertThat(LeverFinder.areReleasedTogether(utils, filters, "3.0.0")).isFalse();
    assertThat(LeverFinder.areReleasedTogether(filters, utils, "3.0.0")).isFalse();
  }

  @Test
  void a_patch_of_one_member_and_a_member_that_ended_do_not_part_a_family() {
    List<String> core = List.of("2.13.0", "2.13.1", "2.13.2", "2.13.3", "2.13.4", "2.14.0");
    List<String> databind =
        List.of("2.13.0", "2.13.1", "2.13.2", "2.13.3", "2.13.4", "2.13.4.2", "2.14.0", "2.14.1");
    assertThat(LeverFinder.areReleasedTogether(core, databind, "2.13.0")).isTrue();
  }

  @Test
  void the_name_of_a_new_entry_says_what_is_edited() {
    Lever lever =
        new Lever(
            Lever.Kind.NEW_ENTRY,
            "io.netty:netty-buffer, io.netty:netty-codec",
            "io.netty:netty-codec",
            "4.1.0.Final",
            java.util.Set.of("io.netty:netty-buffer", "io.netty:netty-codec"),
            java.util.Set.of("."),
            List.of(
                option("4.1.1.Final", "netty-codec"),
                option("4.1.2.Final", "netty-buffer", "netty-codec")));
    assertThat(lever.shortName(lever.options().getFirst())).isEqualTo("io.netty:netty-codec");
    assertThat(lever.shortName(lever.options().getLast()))
        .isEqualTo("io.netty:netty-codec and 1 of its family");
  }

  private static Lever.Option option(String to, String... artifacts) {
    return new Lever.Option(
        to,
        Upgrader.Size.PATCH,
        List.of(artifacts).stream()
            .<PomEdit>map(artifact ->
                new PomEdit.AddManaged(
                    "pom.xml", "io.netty", artifact, "", "", to, false, List.of()))
            .toList());
  }
}
