package recording;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps which methods ran; written down when the JVM ends. On the boot class path. */
public final class Recorder {
  private static volatile boolean[] ran = new boolean[1 << 16];
  private static final List<String> NAMES = new ArrayList<>();

  private Recorder() {}

  /** Called first thing in every method. */
  public static void ran(int number) {
    ran[number] = true;
  }

  static synchronized int number(String method) {
    int number = NAMES.size();
    if (number == ran.length) {
      boolean[] longer = new boolean[number * 2];
      System.arraycopy(ran, 0, longer, 0, number);
      ran = longer;
    }
    NAMES.add(method);
    return number;
  }

  static synchronized void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < NAMES.size(); i++) {
        if (ran[i]) {
          out.write(NAMES.get(i));
          out.newLine();
        }
      }
    }
  }
}
