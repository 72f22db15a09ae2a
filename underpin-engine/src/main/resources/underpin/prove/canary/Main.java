package underpin.canary;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Random;

/** Runs the attempts one after another and writes a line for each before the next begins. */
public final class Main {
  private static final long MOST_MILLIS = Long.getLong("underpin.longest", 120000);
  private static final int LONGEST = 4000;
  private static Path results;

  private Main() {}

  /**
   * @param args the demonstration's class, the folder to work in, the first attempt
   */
  public static void main(String[] args) throws Exception {
    Path folder = Canary.path(args[1]);
    results = folder.resolve("results");
    int first = Integer.parseInt(args[2]);
    Attempts attempts = new Attempts();
    ((Demonstration) Class.forName(args[0]).getDeclaredConstructor().newInstance())
        .attempts(attempts);
    // What loading the proof itself ran does not count as reached.
    for (int i = first; i < attempts.entries.size(); i++) {
      Attempts.Entry entry = attempts.entries.get(i);
      line("start", i, entry.kind, entry.name, "", "", "");
      boolean clean = entry.kind == 'R' ? replay(i, entry, folder) : once(i, entry, folder);
      if (!clean && i + 1 < attempts.entries.size()) {
        // A thread that cannot be stopped would disturb what follows.
        Runtime.getRuntime().halt(7);
      }
    }
    line("done", attempts.entries.size(), '-', "", "", "", "");
    Runtime.getRuntime().halt(0);
  }

  private static boolean once(int i, Attempts.Entry entry, Path folder) throws Exception {
    Canary canary = new Canary(folder.resolve("a" + i));
    String[] value = {""};
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                value[0] = String.valueOf(entry.body.run(canary, new Random(i)));
              } catch (Throwable e) {
                thrown[0] = e;
              }
            },
            "try");
    thread.setDaemon(true);
    thread.start();
    thread.join(MOST_MILLIS);
    boolean late = thread.isAlive();
    Throwable end = thrown[0];
    boolean lacks = end instanceof LinkageError && !(end instanceof ExceptionInInitializerError);
    String seen = late ? "" : canary.evidence();
    String outcome;
    String text;
    if (entry.kind == 'C') {
      outcome = late || lacks ? "could-not-run" : "value";
      text = late ? "no end within " + MOST_MILLIS + " ms" : end == null ? value[0] : show(end);
    } else if (!seen.isEmpty()) {
      outcome = "triggered";
      text = seen;
    } else if (late || lacks || !canary.unusable().isEmpty()) {
      outcome = "could-not-run";
      text =
          late
              ? "no end within " + MOST_MILLIS + " ms"
              : lacks ? String.valueOf(end) : canary.unusable();
    } else {
      outcome = "not-triggered";
      text = end == null ? "nothing was seen" : "refused with " + describe(end);
    }
    line("end", i, entry.kind, entry.name, outcome, text, Reached.drain());
    return !late && !canary.threadLeft;
  }

  private static boolean replay(int i, Attempts.Entry entry, Path folder) throws Exception {
    StringBuilder all = new StringBuilder();
    for (int n = 0; n < Attempts.REPLAYS; n++) {
      Canary canary = new Canary(folder.resolve("a" + i + "-" + n));
      String value;
      try {
        value = String.valueOf(entry.body.run(canary, new Random(1000003L * i + n)));
      } catch (LinkageError e) {
        line("end", i, entry.kind, entry.name, "could-not-run", e.toString(), Reached.drain());
        return true;
      } catch (Throwable e) {
        value = show(e);
      }
      all.append(n == 0 ? "" : "\n").append(encode(value));
    }
    line("end", i, entry.kind, entry.name, "value", all.toString(), Reached.drain());
    return true;
  }

  /** An exception as a result: its type, since texts change without harm. */
  static String show(Throwable e) {
    return "throws " + e.getClass().getName();
  }

  private static String describe(Throwable e) {
    StringWriter text = new StringWriter();
    text.append(e.getClass().getName());
    if (e.getMessage() != null) {
      String message = e.getMessage();
      text.append(": ").append(message.length() > 200 ? message.substring(0, 200) : message);
    }
    return text.toString();
  }

  /** {@return how often the JVM noted the end of a stack} 0 where it does not note that. */
  static long overflows() throws IOException {
    String log = System.getProperty("underpin.exceptions", "");
    if (log.isEmpty() || !Files.exists(Canary.path(log))) {
      return 0;
    }
    long count = 0;
    try (BufferedReader lines =
        Files.newBufferedReader(Canary.path(log), StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("java/lang/StackOverflowError")) {
          count++;
        }
      }
    }
    return count;
  }

  private static String encode(String text) {
    return Base64.getEncoder()
        .encodeToString(
            (text.length() > LONGEST ? text.substring(0, LONGEST) + "#" + text.hashCode() : text)
                .getBytes(StandardCharsets.UTF_8));
  }

  private static void line(
      String what, int i, char kind, String name, String outcome, String text, String reached)
      throws IOException {
    String encoded =
        kind == 'R' && outcome.equals("value")
            ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))
            : encode(text);
    String line =
        what + "\t" + i + "\t" + kind + "\t" + encode(name) + "\t" + outcome + "\t" + encoded + "\t"
            + reached + "\n";
    append(results, line);
  }

  /** Written before what follows can go wrong. */
  static void append(Path file, String line) throws IOException {
    try (PrintWriter out =
        new PrintWriter(
            Files.newBufferedWriter(
                file,
                StandardCharsets.US_ASCII,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND))) {
      out.print(line);
    }
  }
}
