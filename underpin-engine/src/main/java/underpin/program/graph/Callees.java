package underpin.program.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each node of a finished graph calls, and how far it is from there to given methods. */
final class Callees {
  /** No way leads there. */
  static final int NEVER = Integer.MAX_VALUE;

  /** To get through a node that stands for twice as many methods is as hard as so many steps. */
  private static final int STEPS_A_DOUBLING = 3;

  private final GraphData data;

  /** As {@link GraphData} has them: where the calls into a node begin, and who calls. */
  private final int[] callerStarts;

  private final int[] callers;
  private final int[] starts;
  private final int[] callees;
  private final int[] lines;

  /** Of methods, once they were asked for. */
  private final @Nullable String[] names;

  Callees(GraphData data) {
    this.data = data;
    int nodes = data.nodes();
    this.callerStarts = new int[nodes + 1];
    this.callers = new int[data.edgeCount()];
    for (int node = 0; node <= nodes; node++) {
      callerStarts[node] = data.start(node);
    }
    int[] callLines = new int[callers.length];
    for (int call = 0; call < callers.length; call++) {
      callers[call] = data.caller(call);
      callLines[call] = data.line(call);
    }
    Calls calls = Calls.of(callerStarts, callers, callLines);
    this.starts = calls.starts();
    this.callees = calls.callees();
    this.lines = calls.lines();
    this.names = new String[data.methodCount()];
  }

  /**
   * {@return the methods of one name that a line of a method may call, at most {@code most} and one
   * more}
   *
   * @param name name and descriptor, without a blank between
   */
  List<Integer> of(int caller, int line, String name, int most) {
    List<Integer> found = new ArrayList<>();
    for (int i = starts[caller]; i < starts[caller + 1]; i++) {
      if (lines[i] == line) {
        add(callees[i], name, most, found);
      }
    }
    return found;
  }

  private void add(int node, String name, int most, List<Integer> found) {
    if (node < data.methodCount()) {
      if (found.size() <= most && name(node).equals(name) && !found.contains(node)) {
        found.add(node);
      }
      return;
    }
    for (int i = starts[node]; i < starts[node + 1] && found.size() <= most; i++) {
      if (callees[i] < data.methodCount()) {
        add(callees[i], name, most, found);
      }
    }
  }

  private String name(int method) {
    String known = names[method];
    if (known == null) {
      known = data.name(method);
      names[method] = known;
    }
    return known;
  }

  /** {@return by node, how many steps it is at least to one of these methods; NEVER for no way} */
  int[] distances(List<Integer> ends) {
    int[] distances = new int[data.nodes()];
    Arrays.fill(distances, NEVER);
    List<IntList> open = new ArrayList<>();
    int methods = data.methodCount();
    int root = data.root();
    for (int end : ends) {
      distances[end] = 0;
      at(open, 0).add(end);
    }
    for (int distance = 0; distance < open.size(); distance++) {
      IntList now = open.get(distance);
      for (int i = 0; i < now.size; i++) {
        int node = now.all[i];
        if (distances[node] != distance) {
          continue;
        }
        for (int call = callerStarts[node]; call < callerStarts[node + 1]; call++) {
          int caller = callers[call];
          int next = distance + (caller < methods ? 1 : through(caller));
          if (next < distances[caller] && caller != root) {
            distances[caller] = next;
            at(open, next).add(caller);
          }
        }
      }
    }
    return distances;
  }

  private int through(int hub) {
    int width = Math.max(1, starts[hub + 1] - starts[hub]);
    return 1 + STEPS_A_DOUBLING * (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(width));
  }

  private static IntList at(List<IntList> all, int distance) {
    while (all.size() <= distance) {
      all.add(new IntList());
    }
    return all.get(distance);
  }

  private static final class IntList {
    private int[] all = new int[4];
    private int size;

    void add(int value) {
      if (size == all.length) {
        all = Arrays.copyOf(all, size * 2);
      }
      all[size++] = value;
    }
  }
}
