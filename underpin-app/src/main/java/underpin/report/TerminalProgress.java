package underpin.report;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import underpin.cases.Progress;

/**
 * Long work on a terminal: one line that rewrites itself with stage, count, current item and the
 * time left where it can be known. Where the stream is no terminal (CI, a file) only warnings are
 * written, each on its own line. Safe for use from several threads; never throws.
 */
public final class TerminalProgress implements Progress, AutoCloseable {
  /** A person cannot read faster, and a slow terminal must not slow the work down. */
  private static final long REDRAW_NANOS = 80_000_000L;

  /** An estimate from less than this is a guess. */
  private static final long ESTIMATE_AFTER_NANOS = 3_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final RenderOptions options;
  private final LongSupplier nanoClock;

  private String stage = "";
  private long stageBegan;
  private long firstDone;
  private long lastDrawn;
  private boolean drawn;

  /**
   * @param out standard error usually, so that standard output stays the report's
   * @param terminal whether {@code out} is a terminal
   * @param nanoClock as {@link System#nanoTime()}
   */
  public TerminalProgress(
      PrintWriter out, boolean terminal, RenderOptions options, LongSupplier nanoClock) {
    this.out = out;
    this.terminal = terminal;
    this.options = options;
    this.nanoClock = nanoClock;
  }

  /** Shows one message of the stream; messages that are no progress clear the line first. */
  public synchronized void accept(Message message) {
    switch (message) {
      case Message.Working working ->
          at(working.stage(), working.done(), working.total(), working.item());
      case Message.Notice notice -> notice(notice);
      case Message.CaseMoved _ -> {}
      case Message.Finished _ -> close();
    }
  }

  @Override
  public synchronized void at(String stageNow, long done, long total, String item) {
    if (!terminal) {
      return;
    }
    long now = nanoClock.getAsLong();
    boolean newStage = !stageNow.equals(stage);
    if (newStage) {
      stage = stageNow;
      stageBegan = now;
      firstDone = done;
    } else if (drawn && now - lastDrawn < REDRAW_NANOS) {
      return;
    }
    lastDrawn = now;
    drawn = true;
    // Carriage return, the line, and "erase to the end of the line" (ECMA-48 EL).
    out.print("\r" + line(done, total, item, now) + "\u001b[K");
    out.flush();
  }

  /** Takes the line away; the next message begins a new one. */
  @Override
  public synchronized void close() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
      drawn = false;
    }
    stage = "";
  }

  private void notice(Message.Notice notice) {
    boolean warning = notice.level() == Message.Notice.Level.WARNING;
    if (!terminal && !warning) {
      return;
    }
    if (drawn) {
      out.print("\r\u001b[K");
      drawn = false;
    }
    String label = warning ? "warning: " : "";
    String shown = options.colour() && warning ? "\u001b[33m" + label + "\u001b[0m" : label;
    out.println(shown + Printable.line(notice.text(), options.unicode()));
    out.flush();
  }

  private String line(long done, long total, String item, long now) {
    StringBuilder text = new StringBuilder(Printable.line(stage, options.unicode()));
    if (total > 0) {
      text.append(String.format(Locale.ROOT, "  %,d of %,d", Math.min(done, total), total));
    } else if (done > 0) {
      text.append(String.format(Locale.ROOT, "  %,d", done));
    }
    text.append(left(done, total, now));
    String what = Printable.line(item, options.unicode());
    if (!what.isEmpty()) {
      text.append("  ").append(what);
    }
    // The last column stays free: a terminal that wraps there would leave the line behind.
    return Printable.cut(text.toString(), options.width() - 1, options.unicode());
  }

  private String left(long done, long total, long now) {
    long elapsed = now - stageBegan;
    long worked = done - firstDone;
    if (total <= 0 || worked <= 0 || done >= total || elapsed < ESTIMATE_AFTER_NANOS) {
      return "";
    }
    long seconds = Math.round((double) elapsed / worked * (total - done) / 1_000_000_000.0);
    return "  " + duration(Math.max(1, seconds)) + " left";
  }

  private static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
