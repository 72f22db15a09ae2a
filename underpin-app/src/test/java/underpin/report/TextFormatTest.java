package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTest {
  @Test
  void every_outcome_is_shown_with_its_reason() throws IOException {
    Golden.check("every-outcome.txt", text(SampleReport.everyOutcome(), RenderOptions.forFile()));
  }

  @Test
  void sixty_columns_without_unicode() throws IOException {
    Golden.check(
        "every-outcome-60-ascii.txt",
        text(SampleReport.everyOutcome(), new RenderOptions(60, false, false)));
  }

  @Test
  void a_scan_says_where_each_component_is_declared_and_what_fixes_it() throws IOException {
    Golden.check("scan.txt", text(SampleReport.scanOnly(), RenderOptions.forFile()));
  }

  @Test
  void nothing_found_is_one_sentence() throws IOException {
    Golden.check("clean.txt", text(SampleReport.clean(), RenderOptions.forFile()));
  }

  @Test
  void a_report_of_178_cases_fits_on_one_screen_and_a_half() throws IOException {
    String text = text(SampleReport.large(178), RenderOptions.forFile());
    Golden.check("178-cases.txt", text);
    assertThat(text.lines().count()).isLessThan(60);
  }

  @Test
  void all_gives_each_case_its_line() throws IOException {
    Report report = SampleReport.large(178);
    String text = text(report, RenderOptions.forFile().withAll(true));
    assertThat(report.cases()).allSatisfy(c -> assertThat(text).contains(c.vulnerability().id()));
  }

  @Test
  void colours_appear_only_when_asked_for_and_change_no_letter() throws IOException {
    Report report = SampleReport.everyOutcome();
    String plain = text(report, new RenderOptions(100, false, true));
    String coloured = text(report, new RenderOptions(100, true, true));
    assertThat(plain).doesNotContain("\u001b");
    assertThat(coloured).contains("\u001b[1;31m");
    String bare = coloured.replaceAll("\u001b\\[[0-9;]*m", "");
    assertThat(bare.lines().map(String::stripTrailing)).isEqualTo(plain.lines().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 60, 80, 100, 140})
  void no_line_is_wider_than_the_terminal(int width) throws IOException {
    for (Report report :
        new Report[] {
          SampleReport.everyOutcome(),
          SampleReport.scanOnly(),
          SampleReport.hostile(),
          SampleReport.large(178)
        }) {
      for (boolean unicode : new boolean[] {true, false}) {
        assertThat(text(report, new RenderOptions(width, false, unicode).withAll(true)).lines())
            .allSatisfy(l -> assertThat(Printable.columns(l)).as(l).isLessThanOrEqualTo(width));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void no_control_character_of_a_stranger_reaches_the_terminal(boolean unicode) throws IOException {
    String text = text(SampleReport.hostile(), new RenderOptions(80, false, unicode).withAll(true));
    assertThat(text.replace("\n", ""))
        .matches(s -> s.chars().noneMatch(c -> Character.isISOControl(c)), "holds no control")
        .doesNotContain("\u202e");
    if (!unicode) {
      assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
    }
  }

  @Test
  void options_follow_the_terminal_and_NO_COLOR() {
    assertThat(RenderOptions.forTerminal(Map.of(), true, 90, StandardCharsets.UTF_8))
        .isEqualTo(new RenderOptions(90, true, true));
    assertThat(RenderOptions.forTerminal(Map.of("NO_COLOR", "1"), true, 90, StandardCharsets.UTF_8))
        .isEqualTo(new RenderOptions(90, false, true));
    assertThat(RenderOptions.forTerminal(Map.of("TERM", "dumb"), true, 0, StandardCharsets.UTF_8))
        .isEqualTo(new RenderOptions(100, false, true));
    assertThat(
            RenderOptions.forTerminal(Map.of("COLUMNS", "72"), false, 0, StandardCharsets.US_ASCII))
        .isEqualTo(new RenderOptions(72, false, false));
  }

  private static String text(Report report, RenderOptions options) throws IOException {
    return Golden.render(Format.TEXT, report, options);
  }
}
