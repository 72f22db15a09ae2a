package underpin.canary;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Ordinary uses with inputs made of any bytes, on an artifact before and after, for a fuzzer that
 * looks where the bytes lead. What differs is written down, and the fuzzer goes on.
 */
public final class Fuzz {
  private static final int MOST_DIFFERENCES = 20;

  private static Method before;
  private static Method after;
  private static Path results;
  private static int written;
  private static long inputs;

  private Fuzz() {}

  /**
   * Called by the fuzzer. The system properties {@code underpin.fuzz.before} and {@code .after} are
   * class paths, {@code .proof} the demonstration's class, {@code .folder} where to work.
   */
  public static void fuzzerInitialize() throws Exception {
    Path folder = Paths.get(System.getProperty("underpin.fuzz.folder"));
    results = folder.resolve("differences");
    before = side(System.getProperty("underpin.fuzz.before"));
    after = side(System.getProperty("underpin.fuzz.after"));
    String work = folder.resolve("use").toString();
    if (open(before, work) == 0 || open(after, work) == 0) {
      throw new IllegalStateException("the proof has no uses to feed");
    }
    Runtime.getRuntime().addShutdownHook(new Thread(Fuzz::end));
  }

  private static Method side(String classPath) throws Exception {
    List<URL> urls = new ArrayList<URL>();
    for (String each : classPath.split(File.pathSeparator)) {
      urls.add(new File(each).toURI().toURL());
    }
    // Neither side sees the other, nor the fuzzer.
    ClassLoader loader =
        new URLClassLoader(
            urls.toArray(new URL[0]), ClassLoader.getSystemClassLoader().getParent());
    return loader.loadClass("underpin.canary.FuzzedSide").getMethod("run", byte[].class);
  }

  /** {@return how many uses that side has} */
  private static int open(Method side, String work) throws Exception {
    return (Integer)
        side.getDeclaringClass()
            .getMethod("open", String.class, String.class)
            .invoke(null, System.getProperty("underpin.fuzz.proof"), work);
  }

  /** One input: its first byte tells the use. */
  public static void fuzzerTestOneInput(byte[] data) throws Exception {
    inputs++;
    String[] was = run(before, data);
    String[] is = run(after, data);
    if (was[1].equals(is[1])) {
      return;
    }
    // What differs from itself says nothing.
    if (!was[1].equals(run(before, data)[1]) || !is[1].equals(run(after, data)[1])) {
      return;
    }
    if (written++ < MOST_DIFFERENCES) {
      line("difference", was[0], was[1], is[1], was[2], is[2], hex(data));
    }
  }

  private static String[] run(Method side, byte[] data) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    thread.setContextClassLoader(side.getDeclaringClass().getClassLoader());
    try {
      return (String[]) side.invoke(null, (Object) data);
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  private static void end() {
    try {
      line(
          "end",
          Long.toString(inputs),
          Integer.toString(written),
          "",
          "",
          "",
          "");
    } catch (Exception e) {
      System.err.println("the end could not be written: " + e);
    }
  }

  private static void line(String what, String... texts) throws Exception {
    StringBuilder line = new StringBuilder(what);
    for (String text : texts) {
      line.append('\t')
          .append(
              Base64.getEncoder()
                  .encodeToString(
                      (text.length() > 2000 ? text.substring(0, 2000) : text)
                          .getBytes(StandardCharsets.UTF_8)));
    }
    Main.append(results, line.append('\n').toString());
  }

  private static String hex(byte[] data) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(data.length, 200); i++) {
      text.append(String.format("%02x", data[i]));
    }
    return text.toString();
  }
}
