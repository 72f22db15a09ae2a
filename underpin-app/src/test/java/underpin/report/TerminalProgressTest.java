package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void one_line_is_rewritten_with_count_item_and_time_left() {
    TerminalProgress progress = progress(true, 80);
    progress.at("resolve", 0, 100, "log4j-core");
    nanos.addAndGet(10_000_000_000L);
    progress.at("resolve", 25, 100, "h2\u001b[2J");
    assertThat(written())
        .isEqualTo(
            "\rresolve  0 of 100  log4j-core\u001b[K"
                + "\rresolve  25 of 100  30 s left  h2\ufffd[2J\u001b[K");
    progress.close();
    assertThat(written()).endsWith("\r\u001b[K");
  }

  @Test
  void the_terminal_is_not_flooded() {
    TerminalProgress progress = progress(true, 80);
    for (int i = 0; i < 1000; i++) {
      nanos.addAndGet(1_000_000L);
      progress.at("link", i, 1000, "x");
    }
    assertThat(written().chars().filter(c -> c == '\r').count()).isLessThanOrEqualTo(14);
  }

  @Test
  void never_as_wide_as_the_terminal() {
    progress(true, 40).at("baseline", 3, 9, "a very long name of a test that goes on and on");
    assertThat(written().replace("\r", "").replace("\u001b[K", "").length()).isLessThan(40);
  }

  @Test
  void without_a_terminal_only_warnings_are_written() {
    TerminalProgress progress = progress(false, 80);
    progress.at("resolve", 1, 2, "x");
    progress.accept(new Message.Notice(Message.Notice.Level.INFO, "by the way"));
    progress.accept(new Message.Notice(Message.Notice.Level.WARNING, "no sandbox\nhere"));
    progress.close();
    assertThat(written()).isEqualTo("warning: no sandbox here" + System.lineSeparator());
  }

  private TerminalProgress progress(boolean terminal, int width) {
    return new TerminalProgress(
        new PrintWriter(bytes, true, StandardCharsets.UTF_8),
        terminal,
        new RenderOptions(width, false, true),
        nanos::get);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
