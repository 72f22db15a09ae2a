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

  /** Source code calls no more methods of different names on one line. */
  private static final int MOST_NAMES_A_LINE = 16;

  /** What the JDK calls back depends on who called it, which is not told apart: it means more. */
  private static final int CALLERS_OF_JDK = 3;

  /** A call that may mean twice as many methods is as good as so many steps more. */
  private static final int STEPS_A_DOUBLING = 6;

  private static final int NONE = -1;

  private final int methods;
  private final int nodes;
  private final int[] own;
  private final int[] classes;
  private final int[] hidden;
  private final int[] names;
  private final int[] calleeStarts;
  private final int[] callees;
  private final int[] calleeLines;

  /** By call of a method: how many methods of one name are called on its line. */
  private final int[] widths;

  private final long[] costs;
  private final int[] before;
  private final int[] lines;
  private final int[] wayWidths;
  private final TreeMap<Long, ArrayDeque<Integer>> open = new TreeMap<>();

  /**
   * Searches.
   *
   * @param own by class: whose it is, see {@link GraphData#OWN}
   * @param classes by method
   * @param hidden by method: see {@link GraphData#HIDDEN}
   * @param names by method: a number of its name and descriptor
   * @param starts by node: where the calls into it begin; one more at the end
   * @param callers by call
   * @param callLines by call
   */
  Ways(
      int methods,
      int[] own,
      int[] classes,
      int[] hidden,
      int[] names,
      int[] starts,
      int[] callers,
      int[] callLines) {
    this.methods = methods;
    this.nodes = starts.length - 1;
    this.own = own;
    this.classes = classes;
    this.hidden = hidden;
    this.names = names;
    Calls calls = Calls.of(starts, callers, callLines);
    this.calleeStarts = calls.starts();
    this.callees = calls.callees();
    this.calleeLines = calls.lines();
    this.costs = new long[nodes];
    this.before = new int[nodes];
    this.lines = new int[nodes];
    this.widths = new int[callers.length];
    this.wayWidths = new int[nodes];
    for (int node = 0; node < methods; node++) {
      measure(node);
    }
    search();
  }

  /**
   * What a call means is not told apart from another call of the same name on its line. Where a
   * line calls more than source code does, reflection does, and each of them is a meaning of it.
   */
  private void measure(int caller) {
    int from = calleeStarts[caller];
    int count = calleeStarts[caller + 1] - from;
    if (count == 0) {
      return;
    }
    long[] calls = new long[count];
    for (int i = 0; i < count; i++) {
      calls[i] = call(from + i);
    }
    long[] sorted = calls.clone();
    Arrays.sort(sorted);
    // By place in that order: the calls of its name on its line, and all there if it reflects.
    int[] widthOfName = new int[count];
    int[] widthOfLine = new int[count];
    for (int line = 0; line < count; ) {
      int past = line;
      int names = 0;
      while (past < count && sorted[past] >>> 32 == sorted[line] >>> 32) {
        int name = past;
        while (past < count && sorted[past] == sorted[name]) {
          past++;
        }
        Arrays.fill(widthOfName, name, past, past - name);
        names++;
      }
      Arrays.fill(widthOfLine, line, past, names > MOST_NAMES_A_LINE ? past - line : 0);
      line = past;
    }
    for (int i = 0; i < count; i++) {
      int place = Arrays.binarySearch(sorted, calls[i]);
      int callee = callees[from + i];
      int own = callee < methods ? widthOfName[place] : 1;
      int width = widthOfLine[place] > 0 ? widthOfLine[place] : own;
      widths[from + i] = width > 1 && leavesJdk(caller, callee) ? width * CALLERS_OF_JDK : width;
    }
  }

  private boolean leavesJdk(int caller, int callee) {
    return this.own[classes[caller]] == GraphData.JDK
        && (callee >= methods || this.own[classes[callee]] != GraphData.JDK);
  }

  /** Hubs have no name: each is a call of its own. */
  private long call(int at) {
    int callee = callees[at];
    return (long) calleeLines[at] << 32
        | (callee < methods ? names[callee] : ~callee) & 0xffff_ffffL;
  }

  /** {@return by node, how many methods the last call on its best way may mean} */
  int[] wayWidths() {
    return wayWidths;
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
    return own[classes[method]] == GraphData.OWN && (hidden[method] & GraphData.HIDDEN) == 0;
  }

  private void reach(int node, long cost) {
    costs[node] = cost;
    open.computeIfAbsent(cost, _ -> new ArrayDeque<>()).add(node);
  }

  private void expand(int node) {
    boolean isMethod = node < methods;
    for (int i = calleeStarts[node]; i < calleeStarts[node + 1]; i++) {
      int callee = callees[i];
      int width = isMethod ? widths[i] : node == nodes - 1 ? 1 : meanings(node);
      long cost = costs[node] + cost(width);
      if (cost < costs[callee]) {
        before[callee] = node;
        lines[callee] = calleeLines[i];
        wayWidths[callee] = width;
        reach(callee, cost);
      }
    }
  }

  /** A step of cost 0 would be expanded in the same round: a hidden method costs 1, as any. */
  private static long cost(int width) {
    return width > CallGraph.MOST_MEANINGS ? DOUBT : 1 + STEPS_A_DOUBLING * doublings(width);
  }

  private static int doublings(int width) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, width));
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
    int doublings = 0;
    int at = end;
    while (data.before(at) != NONE) {
      int caller = data.before(at);
      int line = data.wayLine(at);
      widest = Math.max(widest, data.wayWidth(at));
      doublings += doublings(data.wayWidth(at));
      // Hubs and lambdas' own methods are no steps; the line is that of the call in the code.
      while (data.before(caller) != NONE && (data.isHub(caller) || data.isHidden(caller))) {
        widest = Math.max(widest, data.wayWidth(caller));
        doublings += doublings(data.wayWidth(caller));
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
    return new CallGraph.Way(steps.reversed(), widest, doublings);
  }
}
