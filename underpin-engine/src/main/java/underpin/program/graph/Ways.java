package underpin.program.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The most believable way from the project's own code to each method, of those the shortest; where
 * no own code leads there, the way from what the JVM and frameworks call. One search for all
 * methods (Dijkstra, by costs that are few different numbers).
 *
 * <p>A call that may mean one of many methods costs by their number, and one that may mean too many
 * so much that a way goes through it only where there is no other.
 */
final class Ways {
  private static final long DOUBT = 1_000_000;
  private static final long NOT_OWN = 1_000_000_000_000L;

  /** A call that means so many methods is as good as one step more. */
  private static final int MEANINGS_A_STEP = 8;

  private static final int NONE = -1;

  private final GraphData data;
  private final int[] calleeStarts;
  private final int[] callees;
  private final int[] calleeLines;
  private final long[] costs;
  private final int[] before;
  private final int[] lines;
  private final TreeMap<Long, ArrayDeque<Integer>> open = new TreeMap<>();

  Ways(GraphData data) {
    this.data = data;
    this.calleeStarts = new int[data.nodes() + 1];
    this.callees = new int[data.callers().length];
    this.calleeLines = new int[data.callers().length];
    this.costs = new long[data.nodes()];
    this.before = new int[data.nodes()];
    this.lines = new int[data.nodes()];
    turn();
    search();
  }

  /** The graph has the callers of each node; the search needs what each calls. */
  private void turn() {
    for (int caller : data.callers()) {
      calleeStarts[caller + 1]++;
    }
    for (int i = 0; i < data.nodes(); i++) {
      calleeStarts[i + 1] += calleeStarts[i];
    }
    int[] at = Arrays.copyOf(calleeStarts, data.nodes());
    for (int node = 0; node < data.nodes(); node++) {
      for (int i = data.starts()[node]; i < data.starts()[node + 1]; i++) {
        int place = at[data.callers()[i]]++;
        callees[place] = node;
        calleeLines[place] = data.lines()[i];
      }
    }
  }

  private void search() {
    Arrays.fill(costs, Long.MAX_VALUE);
    Arrays.fill(before, NONE);
    for (int method = 0; method < data.methodCount(); method++) {
      if (isBeginning(method)) {
        reach(method, 0);
      }
    }
    reach(data.root(), NOT_OWN);
    while (!open.isEmpty()) {
      Map.Entry<Long, ArrayDeque<Integer>> cheapest = open.pollFirstEntry();
      for (int node : cheapest.getValue()) {
        if (costs[node] == cheapest.getKey()) {
          expand(node);
        }
      }
    }
  }

  private boolean isBeginning(int method) {
    return data.own()[data.classes()[method]] && !data.hidden()[method];
  }

  private void reach(int node, long cost) {
    costs[node] = cost;
    open.computeIfAbsent(cost, _ -> new ArrayDeque<>()).add(node);
  }

  private void expand(int node) {
    long cost = costs[node] + cost(node);
    for (int i = calleeStarts[node]; i < calleeStarts[node + 1]; i++) {
      int callee = callees[i];
      if (cost < costs[callee]) {
        before[callee] = node;
        lines[callee] = calleeLines[i];
        reach(callee, cost);
      }
    }
  }

  /** A step of cost 0 would be expanded in the same round: a hidden method costs 1, as any. */
  private long cost(int caller) {
    if (!data.isHub(caller)) {
      return 1;
    }
    int meanings = meanings(caller);
    return meanings > CallGraph.MOST_MEANINGS ? DOUBT : 1 + meanings / MEANINGS_A_STEP;
  }

  /** {@return how many methods a call of the node may mean} */
  private int meanings(int node) {
    return calleeStarts[node + 1] - calleeStarts[node];
  }

  /**
   * {@return the best way to any of these methods; empty if nothing leads to them}
   *
   * @param ends in any order
   */
  Optional<CallGraph.Way> to(List<Integer> ends) {
    return ends.stream()
        .filter(end -> before[end] != NONE)
        .min((a, b) ->
            costs[a] != costs[b] ? Long.compare(costs[a], costs[b]) : name(a).compareTo(name(b)))
        .map(this::way);
  }

  private String name(int method) {
    return data.className(method) + data.names()[method];
  }

  private CallGraph.Way way(int end) {
    List<CallGraph.Step> steps = new ArrayList<>();
    int widest = 1;
    int at = end;
    while (before[at] != NONE) {
      int caller = before[at];
      int line = lines[at];
      // Hubs and lambdas' own methods are no steps; the line is that of the call in the code.
      while (before[caller] != NONE && (data.isHub(caller) || isHidden(caller))) {
        widest = data.isHub(caller) ? Math.max(widest, meanings(caller)) : widest;
        line = lines[caller];
        caller = before[caller];
      }
      boolean start = caller == data.root();
      int type = start ? 0 : data.classes()[caller];
      steps.add(
          new CallGraph.Step(
              start ? Optional.empty() : Optional.of(data.method(caller)),
              start ? "" : data.sources()[type],
              start ? 0 : line,
              !start && data.own()[type],
              data.method(at)));
      at = caller;
    }
    return new CallGraph.Way(steps.reversed(), widest);
  }

  private boolean isHidden(int node) {
    return node < data.methodCount() && data.hidden()[node];
  }
}
