package underpin.program.graph;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The lines of a method (JVMS 4.7.12): offset, line, offset, line, ... ascending. */
final class LineTable {
  private static final int[] NONE = {};

  private LineTable() {}

  /**
   * {@return the first LineNumberTable, empty if there is none}
   *
   * @param from where the attributes of the code begin, with how many there are
   */
  static int[] read(Constants constants, int from) {
    int at = from + 2;
    for (int i = constants.u2(from); i > 0; i--) {
      int length = constants.u4(at + 2);
      if (length < 0 || length > constants.bytes.length - at - 6) {
        throw new IllegalArgumentException("an attribute ends behind the file");
      }
      if (constants.names.text(constants.utf8(constants.u2(at))).equals("LineNumberTable")) {
        int[] found = new int[constants.u2(at + 6) * 2];
        boolean ascending = true;
        for (int j = 0; j < found.length; j++) {
          found[j] = constants.u2(at + 8 + 2 * j);
          ascending &= j < 2 || (j & 1) != 0 || found[j] >= found[j - 2];
        }
        return ascending ? found : sorted(found);
      }
      at += 6 + length;
    }
    return NONE;
  }

  private static int[] sorted(int[] lines) {
    int[] order =
        IntStream.range(0, lines.length / 2)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lines[i * 2]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] all = new int[lines.length];
    for (int i = 0; i < order.length; i++) {
      all[i * 2] = lines[order[i] * 2];
      all[i * 2 + 1] = lines[order[i] * 2 + 1];
    }
    return all;
  }

  /** {@return how many entries begin at an offset or before it} */
  static int past(int[] lines, int at) {
    int low = 0;
    int high = lines.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lines[middle * 2] <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
