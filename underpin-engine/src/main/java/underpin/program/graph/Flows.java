package underpin.program.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import underpin.program.graph.Types.Type;

/**
 * Which classes the objects in a variable may have. A flow is a variable: a parameter, a result, a
 * field, a local value. It holds at most a given number of classes; beyond that it is saturated,
 * and stands for every class that is created anywhere and fits its static type. (Christian Wimmer
 * and others, "Scaling Type-Based Points-to Analysis with Saturation", PLDI 2024.) With a most of 0
 * this is rapid type analysis.
 */
final class Flows {
  /** Is told what arrives in a flow. */
  interface Use {
    void arrived(Type type);

    /**
     * @param all every class that is created and is a subtype of it
     */
    void saturated(Type all);
  }

  /** Every class created so far that is a subtype of one type; hears of later ones. */
  private static final class All {
    int[] types = new int[1];
    int count;
    final List<Use> uses = new ArrayList<>(0);
    int[] flows = new int[1];
    int flowCount;
  }

  /** Hears whether something arrives, and asks nothing of it: no receiver. */
  interface Watch extends Use {}

  private static final int SATURATION = -1;

  /** In the place of a flow: a number that is always the same, by {@link #constant}. */
  private static final int CONSTANT = -16;

  /** Numbers in one flow. */
  private static final int MOST_NUMBERS = 4;

  /** Constants in one flow: reflection tells more of them apart, and there are few such flows. */
  private static final int MOST_CONSTANTS = 100;

  private static final int[] NOTHING = {};

  private final Types types;
  private final int most;

  private int count;
  private int[] declared = new int[1 << 12];
  private int[][] sets = new int[1 << 12][];
  private int[] sizes = new int[1 << 12];
  private boolean[] saturated = new boolean[1 << 12];
  private int[][] successors = new int[1 << 12][];
  private int[] successorCounts = new int[1 << 12];
  private Use[] @Nullable [] uses = new Use[1 << 12][];
  private int[][] fromAll = new int[1 << 12][];
  private boolean[] asked = new boolean[1 << 12];

  private @Nullable All[] alls = new All[1 << 12];

  private int[] queue = new int[1 << 12];
  private int queueStart;
  private int queueEnd;

  /**
   * @param most classes in one flow
   */
  Flows(Types types, int most) {
    this.types = types;
    this.most = most;
  }

  int create(Type type) {
    if (count == declared.length) {
      int longer = count * 2;
      declared = Arrays.copyOf(declared, longer);
      sets = Arrays.copyOf(sets, longer);
      sizes = Arrays.copyOf(sizes, longer);
      saturated = Arrays.copyOf(saturated, longer);
      successors = Arrays.copyOf(successors, longer);
      successorCounts = Arrays.copyOf(successorCounts, longer);
      uses = Arrays.copyOf(uses, longer);
      fromAll = Arrays.copyOf(fromAll, longer);
      asked = Arrays.copyOf(asked, longer);
    }
    declared[count] = type.id;
    sets[count] = NOTHING;
    successors[count] = NOTHING;
    return count++;
  }

  int count() {
    return count;
  }

  Type declared(int flow) {
    return types.get(declared[flow]);
  }

  boolean isSaturated(int flow) {
    return saturated[flow];
  }

  boolean isEmpty(int flow) {
    return !saturated[flow] && sizes[flow] == 0;
  }

  /** {@return whether it is the receiver of something} */
  boolean isUsed(int flow) {
    return asked[flow];
  }

  /** {@return what stands for a flow with just that number in it} */
  static int constant(int number) {
    return CONSTANT - number;
  }

  static boolean isConstant(int flow) {
    return flow <= CONSTANT + 1;
  }

  static int number(int flow) {
    return CONSTANT - flow;
  }

  boolean isNumber(int flow) {
    return flow >= 0 && declared[flow] == types.number.id;
  }

  void add(int flow, Type type) {
    if (flow < 0 || saturated[flow] || !type.is(declared[flow])) {
      return;
    }
    int[] set = sets[flow];
    int size = sizes[flow];
    for (int i = 0; i < size; i++) {
      if (set[i] == type.id) {
        return;
      }
    }
    if (size >= most(type)) {
      saturate(flow);
      return;
    }
    if (size == set.length) {
      set = Arrays.copyOf(set, Math.max(1, size * 2));
      sets[flow] = set;
    }
    set[size] = type.id;
    sizes[flow] = size + 1;
    enqueue(flow, type.id);
  }

  private int most(Type type) {
    return most == 0
        ? 0
        : type.superType == types.number
            ? MOST_NUMBERS
            : types.isConstant(type) ? MOST_CONSTANTS : most;
  }

  /** From now on the flow stands for every class created that fits it, or for every number. */
  void saturate(int flow) {
    if (flow >= 0 && !saturated[flow]) {
      saturated[flow] = true;
      sets[flow] = NOTHING;
      enqueue(flow, SATURATION);
    }
  }

  /** What is in {@code from} is in {@code to} as well. */
  void connect(int from, int to) {
    if (to < 0 || from == to || saturated[to]) {
      return;
    }
    if (from < 0) {
      if (isConstant(from)) {
        add(to, types.number(number(from)));
      } else if (isNumber(to)) {
        saturate(to);
      }
      return;
    }
    int n = successorCounts[from];
    int[] known = successors[from];
    if (n < 16) {
      for (int i = 0; i < n; i++) {
        if (known[i] == to) {
          return;
        }
      }
    }
    if (saturated[from]) {
      all(types.narrower(declared(from), declared(to)), to);
      return;
    }
    if (n == known.length) {
      known = Arrays.copyOf(known, Math.max(1, n * 2));
      successors[from] = known;
    }
    known[n] = to;
    successorCounts[from] = n + 1;
    for (int i = 0; i < sizes[from]; i++) {
      add(to, types.get(sets[from][i]));
    }
  }

  void use(int flow, Use use) {
    Use[] known = uses[flow];
    Use[] longer = known == null ? new Use[1] : Arrays.copyOf(known, known.length + 1);
    longer[longer.length - 1] = use;
    uses[flow] = longer;
    asked[flow] |= !(use instanceof Watch);
    if (saturated[flow]) {
      use.saturated(declared(flow));
    } else {
      int size = sizes[flow];
      int[] set = sets[flow];
      for (int i = 0; i < size; i++) {
        use.arrived(types.get(set[i]));
      }
    }
  }

  /** Every class that is created and is a subtype of {@code type} flows there, later ones too. */
  private void all(Type type, int flow) {
    if (saturated[flow]) {
      return;
    }
    if (type == types.number) {
      saturate(flow);
      return;
    }
    int[] known = fromAll[flow];
    if (known != null) {
      for (int each : known) {
        if (each == type.id) {
          return;
        }
      }
    }
    All all = all(type);
    if (all.count > most) {
      saturate(flow);
      return;
    }
    fromAll[flow] = known == null ? new int[] {type.id} : append(known, known.length, type.id);
    if (all.flowCount == all.flows.length) {
      all.flows = Arrays.copyOf(all.flows, all.flowCount * 2);
    }
    all.flows[all.flowCount++] = flow;
    for (int i = 0; i < all.count; i++) {
      add(flow, types.get(all.types[i]));
    }
  }

  private static int[] append(int[] array, int length, int value) {
    int[] longer = Arrays.copyOf(array, length + 1);
    longer[length] = value;
    return longer;
  }

  /** {@code use} hears of every class that is created and is a subtype of {@code type}. */
  void all(Type type, Use use) {
    All all = all(type);
    all.uses.add(use);
    for (int i = 0; i < all.count; i++) {
      use.arrived(types.get(all.types[i]));
    }
  }

  private All all(Type type) {
    if (type.id >= alls.length) {
      alls = Arrays.copyOf(alls, Math.max(alls.length * 2, type.id + 1));
    }
    All known = alls[type.id];
    if (known == null) {
      known = new All();
      alls[type.id] = known;
    }
    return known;
  }

  /** A constant is found only under its own class: Object would hold every string. */
  private boolean fits(Type created, Type type) {
    return types.isConstant(created) ? created.superType == type : created.is(type);
  }

  private static void add(All all, int type) {
    if (all.count == all.types.length) {
      all.types = Arrays.copyOf(all.types, all.count * 2);
    }
    all.types[all.count++] = type;
  }

  /** Objects of the class are made. */
  void instantiate(Type type) {
    if (type.instantiated) {
      return;
    }
    type.instantiated = true;
    for (int id : type.ancestors) {
      if (!fits(type, types.get(id))) {
        continue;
      }
      All all = all(types.get(id));
      add(all, type.id);
      for (int i = 0; i < all.flowCount; i++) {
        add(all.flows[i], type);
      }
      for (int i = 0; i < all.uses.size(); i++) {
        all.uses.get(i).arrived(type);
      }
    }
  }

  private void enqueue(int flow, int what) {
    if (queueEnd + 2 > queue.length) {
      int length = queueEnd - queueStart;
      int[] to = length * 2 > queue.length ? new int[queue.length * 2] : queue;
      System.arraycopy(queue, queueStart, to, 0, length);
      queue = to;
      queueStart = 0;
      queueEnd = length;
    }
    queue[queueEnd++] = flow;
    queue[queueEnd++] = what;
  }

  /** Lets everything flow as far as it gets. */
  void settle() {
    while (queueStart < queueEnd) {
      int flow = queue[queueStart++];
      int what = queue[queueStart++];
      if (what != SATURATION && saturated[flow]) {
        continue;
      }
      Type type = what == SATURATION ? types.get(declared[flow]) : types.get(what);
      for (int i = 0; i < successorCounts[flow]; i++) {
        int to = successors[flow][i];
        if (saturated[to]) {
          continue;
        }
        if (what == SATURATION) {
          all(types.narrower(type, declared(to)), to);
        } else {
          add(to, type);
        }
      }
      Use[] hearing = uses[flow];
      if (hearing != null) {
        for (Use use : hearing) {
          if (what == SATURATION) {
            use.saturated(type);
          } else {
            use.arrived(type);
          }
        }
      }
    }
    queueStart = 0;
    queueEnd = 0;
  }
}
