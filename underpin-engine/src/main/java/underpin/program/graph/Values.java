package underpin.program.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * The values of one method while it is read, and their types. First come the parameters, then one
 * for each offset of the code, then the one that is any number; those of merges come last.
 */
final class Values {
  /** Null, or nothing. */
  static final int NONE = 0;

  /** The type of a number: see {@link Body#NUMBER}. */
  static final int NUMBER = Body.NUMBER + 1;

  /** How many are parameters. */
  final int parameters;

  /** The one that is any number. */
  final int any;

  private final Names names;

  /** The number of Object + 1. */
  private final int object;

  /** By value: the number of its static type + 1; 0 is not known yet. */
  private int[] types;

  private int count;
  private final Map<Long, Integer> merged = new HashMap<>(0);

  /** By value that merges others: how many, then those. */
  private final Map<Integer, int[]> inputs = new HashMap<>();

  private boolean lowered;

  Values(Names names, int object, int parameters, int codeLength) {
    this.names = names;
    this.object = object + 1;
    this.parameters = parameters;
    this.any = parameters + codeLength + 1;
    this.count = any + 1;
    this.types = new int[count + 16];
    types[any] = NUMBER;
  }

  /** {@return one more than the largest} */
  int count() {
    return count;
  }

  /** {@return the value that the instruction at an offset makes} */
  int madeAt(int offset) {
    return parameters + offset + 1;
  }

  /** {@return the number of the static type + 1, 0 if it is not known, or that of a number} */
  int type(int value) {
    return types[value];
  }

  void setType(int value, int type) {
    types[value] = type;
  }

  /** {@return a value that no instruction makes} */
  int add(int type) {
    int value = add();
    types[value] = type;
    return value;
  }

  private int add() {
    if (count == types.length) {
      types = Arrays.copyOf(types, types.length * 2);
    }
    return count++;
  }

  boolean isNumber(int value) {
    return types[value] < 0;
  }

  /** {@return whether a value is a number of which something may be known} */
  boolean isFollowed(int value) {
    return value != NONE && value != any && types[value] < 0;
  }

  /** {@return whether the value is followed: neither an array nor any number} */
  boolean isTracked(int value) {
    return types[value] < 0 ? value != any : types[value] != 0 && !names.isArray(types[value] - 1);
  }

  /** {@return the value that stands in a slot where ways come together} */
  int merged(int block, int slot) {
    return merged.computeIfAbsent((long) block << 32 | slot, _ -> add());
  }

  /** What is merged may be the other value. */
  void merge(int merged, int value) {
    if (merged == value) {
      return;
    }
    int[] all = inputs.computeIfAbsent(merged, _ -> new int[4]);
    for (int i = 1; i <= all[0]; i++) {
      if (all[i] == value) {
        lower(merged, Math.max(types[value], NUMBER));
        return;
      }
    }
    if (all[0] + 1 == all.length) {
      all = Arrays.copyOf(all, all.length * 2);
      inputs.put(merged, all);
    }
    all[++all[0]] = value;
    lower(merged, Math.max(types[value], NUMBER));
  }

  /** The value may be of that type, too: Object when it may be of several. */
  void define(int value, int type) {
    lower(value, type + 1);
  }

  private void lower(int value, int type) {
    if (type == 0 || types[value] == type || types[value] == object) {
      return;
    }
    if (types[value] == 0) {
      types[value] = type;
    } else {
      types[value] = object;
      lowered = true;
    }
  }

  /** {@return whether a type got less exact since this was last asked} */
  boolean lowered() {
    boolean now = lowered;
    lowered = false;
    return now;
  }

  /** Tells each value that merges others: how many, then those. */
  void forEachMerged(ObjIntConsumer<int[]> told) {
    inputs.forEach((value, all) -> told.accept(all, value));
  }
}
