package underpin.program.graph;

import java.util.Arrays;

/**
 * The calls of a graph by who calls; the graph itself has them by what is called.
 *
 * @param starts by node: where the calls of it begin; one more at the end
 * @param callees by call
 * @param lines by call
 */
record Calls(int[] starts, int[] callees, int[] lines) {
  /**
   * {@return the same calls, the other way round}
   *
   * @param calledStarts by node: where the calls into it begin; one more at the end
   * @param callers by call
   * @param callLines by call
   */
  static Calls of(int[] calledStarts, int[] callers, int[] callLines) {
    int nodes = calledStarts.length - 1;
    int[] starts = new int[nodes + 1];
    int[] callees = new int[callers.length];
    int[] lines = new int[callers.length];
    for (int caller : callers) {
      starts[caller + 1]++;
    }
    for (int i = 0; i < nodes; i++) {
      starts[i + 1] += starts[i];
    }
    int[] at = Arrays.copyOf(starts, nodes);
    for (int node = 0; node < nodes; node++) {
      for (int i = calledStarts[node]; i < calledStarts[node + 1]; i++) {
        int place = at[callers[i]]++;
        callees[place] = node;
        lines[place] = callLines[i];
      }
    }
    return new Calls(starts, callees, lines);
  }
}
