package underpin.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The uses of a proof on one class path, with inputs made of bytes; see {@link Fuzz}. */
public final class FuzzedSide {
  private static final List<Attempts.Entry> USES = new ArrayList<Attempts.Entry>();
  private static Path folder;

  private FuzzedSide() {}

  /** {@return how many uses there are} */
  public static int open(String demonstration, String work) throws Exception {
    Attempts attempts = new Attempts();
    ((Demonstration) Class.forName(demonstration).getDeclaredConstructor().newInstance())
        .attempts(attempts);
    for (Attempts.Entry entry : attempts.entries) {
      if (entry.kind == 'R') {
        USES.add(entry);
      }
    }
    folder = Canary.path(work);
    return USES.size();
  }

  /** {@return the use, what it gave, and what a canary saw} */
  public static String[] run(byte[] data) throws Exception {
    Attempts.Entry use = USES.get(data.length == 0 ? 0 : (data[0] & 0xff) % USES.size());
    Canary canary = new Canary(folder);
    String value;
    try {
      value = String.valueOf(use.body.run(canary, new Bytes(data)));
    } catch (Throwable e) {
      value = Main.show(e);
    }
    String evidence = canary.evidence();
    clear();
    return new String[] {use.name, value, evidence};
  }

  private static void clear() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Object each : all.sorted(Comparator.reverseOrder()).toArray()) {
        Files.delete((Path) each);
      }
    }
  }

  /** Numbers out of bytes, no more than each needs; where those end, always the same. */
  private static final class Bytes extends Random {
    private static final long serialVersionUID = 1;

    private final byte[] data;
    private int at = 1;

    Bytes(byte[] data) {
      super(1);
      this.data = data;
    }

    @Override
    public int nextInt(int bound) {
      int bits = 32 - Integer.numberOfLeadingZeros(bound - 1);
      return bound <= 0 || bits > 24 ? super.nextInt(bound) : next(bits <= 8 ? 8 : bits) % bound;
    }

    @Override
    protected int next(int bits) {
      int count = (bits + 7) / 8;
      if (data == null || at + count > data.length) {
        return super.next(bits);
      }
      int number = 0;
      for (int i = 0; i < count; i++) {
        number = number << 8 | data[at++] & 0xff;
      }
      return number >>> (count * 8 - bits);
    }
  }
}
