package underpin.program.graph;

import java.util.Arrays;

/** Calls found so far: from, to, line; as they come. */
final class Edges {
  private int[] data = new int[3 << 14];
  private int used;

  void add(int from, int to, int line) {
    if (used == data.length) {
      data = Arrays.copyOf(data, used * 2);
    }
    data[used] = from;
    data[used + 1] = to;
    data[used + 2] = line;
    used += 3;
  }

  int count() {
    return used / 3;
  }

  int from(int edge) {
    return data[edge * 3];
  }

  int to(int edge) {
    return data[edge * 3 + 1];
  }

  int line(int edge) {
    return data[edge * 3 + 2];
  }
}
