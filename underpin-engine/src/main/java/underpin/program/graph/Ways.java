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

  private final int methods;
  private final int nodes;
  private final int[] own;
  private final int[] classes;
  private final int[] hidden;
  private final int[] calleeStarts;
  private final int[] callees;
  private final int[] calleeLines;
  private final long[] costs;
  private final int[] before;
  private final int[] lines;
  private final TreeMap<Long, ArrayDeque<Integer>> open = new TreeMap<>();

  /**
   * Searches.
   *
   * @param own by class: 1 for the project's own
   * @param classes by method
   * @param hidden by method: 1 for what a lambda makes
   * @param starts by node: where the calls into it begin; one more at the end
   * @param callers by call
   * @param callLines by call
   */
  Ways(
      int methods,
      int[] own,
      int[] classes,
      int[] hidden,
      int[] starts,
      int[] callers,
      int[] callLines) {
    this.methods = methods;
    this.nodes = starts.length - 1;
    this.own = own;
    this.classes = classes;
    this.hidden = hidden;
    this.calleeStarts = new int[nodes + 1];
    this.callees = new int[callers.length];
    this.calleeLines = new int[callers.length];
    this.costs = new long[nodes];
    this.before = new int[nodes];
    this.lines = new int[nodes];
    turn(starts, callers, callLines);
    search();
  }

  /** {@return by node, how many methods a call of it may mean} */
  int[] meanings() {
    int[] all = new int[nodes];
    Arrays.setAll(all, this::meanings);
    return all;
  }

  long[] costs() {
    return costs;
  }

  /** {@return by node, the one before it on its best way, or -1} */
  int[] before() {
    return before;
  }

  /** {@return by node, the line of the last call on its best way} */
  int[] lines() {
    return lines;
  }

  /** The graph has the callers of each node; the search needs what each calls. */
  private void turn(int[] starts, int[] callers, int[] callLines) {
    for (int caller : callers) {
      calleeStarts[caller + 1]++;
    }
    for (int i = 0; i < nodes; i++) {
      calleeStarts[i + 1] += calleeStarts[i];
    }
    int[] at = Arrays.copyOf(calleeStarts, nodes);
    for (int node = 0; node < nodes; node++) {
      for (int i = starts[node]; i < starts[node + 1]; i++) {
        int place = at[callers[i]]++;
        callees[place] = node;
        calleeLines[place] = callLines[i];
      }
    }
  }

  private void search() {
    Arrays.fill(costs, Long.MAX_VALUE);
    Arrays.fill(before, NONE);
    for (int method = 0; method < methods; method++) {
      if (isBeginning(method)) {
        reach(method, 0);
      }
    }
    reach(nodes - 1, NOT_OWN);
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
    return own[classes[method]] != 0 && hidden[method] == 0;
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
    if (caller < methods || caller == nodes - 1) {
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
   * @param data has what was found
   * @param ends in any order
   */
  static Optional<CallGraph.Way> to(GraphData data, List<Integer> ends) {
    return ends.stream()
        .filter(end -> data.before(end) != NONE)
        .min((a, b) ->
            data.cost(a) != data.cost(b)
                ? Long.compare(data.cost(a), data.cost(b))
                : name(data, a).compareTo(name(data, b)))
        .map(end -> way(data, end));
  }

  private static String name(GraphData data, int method) {
    return data.className(method) + data.name(method);
  }

  private static CallGraph.Way way(GraphData data, int end) {
    List<CallGraph.Step> steps = new ArrayList<>();
    int widest = 1;
    int at = end;
    while (data.before(at) != NONE) {
      int caller = data.before(at);
      int line = data.wayLine(at);
      // Hubs and lambdas' own methods are no steps; the line is that of the call in the code.
      while (data.before(caller) != NONE && (data.isHub(caller) || data.isHidden(caller))) {
        widest = data.isHub(caller) ? Math.max(widest, data.meanings(caller)) : widest;
        line = data.wayLine(caller);
        caller = data.before(caller);
      }
      boolean start = caller == data.root();
      steps.add(
          new CallGraph.Step(
              start ? Optional.empty() : Optional.of(data.method(caller)),
              start ? "" : data.source(caller),
              start ? 0 : line,
              !start && data.isOwn(caller),
              data.method(at)));
      at = caller;
    }
    return new CallGraph.Way(steps.reversed(), widest);
  }
}
