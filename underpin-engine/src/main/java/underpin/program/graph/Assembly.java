package underpin.program.graph;

import java.util.Arrays;
import java.util.List;

/**
 * Makes the body of a method out of what was written down: by region, and with numbers only for the
 * values that an operation needs; arrays have none.
 */
final class Assembly {
  private final Draft draft;
  private final Values values;
  private final int codeLength;
  private final Regions regions;

  /** By value: its number in the body; UNTRACKED for none yet. */
  private final int[] numbers;

  /** By value: whether an operation or a gate takes it. */
  private final boolean[] taken;

  private int[] kept;
  private int keptCount;
  private int[] result;
  private int length;
  private int line;

  private Assembly(Draft draft, Values values, int codeLength) {
    this.draft = draft;
    this.values = values;
    this.codeLength = codeLength;
    this.regions = new Regions(draft);
    this.numbers = new int[values.count() + 1];
    this.taken = new boolean[values.count() + 1];
    this.kept = new int[Math.max(16, values.parameters)];
    this.result = new int[draft.used + 16];
  }

  static Body body(Draft draft, Values values, int codeLength) {
    return new Assembly(draft, values, codeLength).body();
  }

  private Body body() {
    Arrays.fill(numbers, Body.UNTRACKED);
    for (int value = 1; value <= values.parameters; value++) {
      boolean tracked = values.isTracked(value);
      kept[keptCount] = tracked ? values.type(value) - 1 : Body.UNTRACKED;
      numbers[value] = tracked ? keptCount : Body.UNTRACKED;
      keptCount++;
    }
    markTaken();
    int count = regions.count();
    int[] begins = new int[count - 1];
    int[] order = regions.order();
    int[] moves = moves();
    int next = 0;
    int move = 0;
    for (int region = 0; region < count; region++) {
      if (region > 0) {
        begins[region - 1] = length;
      }
      line = 0;
      for (; next < order.length && regions.ofPiece(order[next]) == region; next++) {
        copy(order[next]);
      }
      for (; move < moves.length && moves[move] == region; move += 4) {
        copy(moves, move + 1);
      }
    }
    int[] gates = gates();
    return new Body(
        Arrays.copyOf(kept, keptCount),
        Arrays.copyOf(result, length),
        List.copyOf(draft.lambdas),
        begins.length == 0 ? Body.NONE : begins,
        gates);
  }

  private void markTaken() {
    int[] code = draft.code;
    for (int at = 0; at < draft.used; at += Body.length(code, at)) {
      int size = Body.length(code, at);
      for (int i = 1; i < size; i++) {
        if (Body.isValue(code, at, i) && !isMade(code[at], i) && code[at + i] > 0) {
          taken[code[at + i]] = true;
        }
      }
    }
    for (int at = 0; at < draft.gatesUsed; at += Body.gateLength(draft.gates, at)) {
      taken[draft.gates[at + 3]] = true;
    }
    boolean[] more = {true};
    while (more[0]) {
      more[0] = false;
      values.forEachMerged((inputs, merged) -> {
        if (isNeeded(merged)) {
          for (int i = 1; i <= inputs[0]; i++) {
            more[0] |= !taken[inputs[i]];
            taken[inputs[i]] = true;
          }
        }
      });
    }
  }

  private boolean isNeeded(int merged) {
    return values.type(merged) != Values.NUMBER || taken[merged];
  }

  /** {@return whether the operand is what the operation makes} */
  private static boolean isMade(int operation, int operand) {
    return switch (operation) {
      case Body.GET -> operand == 2;
      case Body.CALL -> operand == 3;
      default -> false;
    };
  }

  /**
   * {@return region, MOVE, from, to, ..., ascending by region} A value that comes from several
   * places comes from each where that runs.
   */
  private int[] moves() {
    int[] byOffset = regions.byOffset(codeLength);
    int[] at = new int[regions.count() + 1];
    values.forEachMerged((inputs, merged) -> {
      for (int i = 1; isNeeded(merged) && i <= inputs[0]; i++) {
        at[regionOf(byOffset, inputs[i]) + 1]++;
      }
    });
    for (int i = 0; i < regions.count(); i++) {
      at[i + 1] += at[i];
    }
    int[] moves = new int[at[regions.count()] * 4];
    values.forEachMerged((inputs, merged) -> {
      for (int i = 1; isNeeded(merged) && i <= inputs[0]; i++) {
        int region = regionOf(byOffset, inputs[i]);
        int place = at[region]++ * 4;
        moves[place] = region;
        moves[place + 1] = Body.MOVE;
        moves[place + 2] = inputs[i];
        moves[place + 3] = merged;
      }
    });
    return moves;
  }

  private int regionOf(int[] byOffset, int value) {
    int offset = value - values.madeAt(0);
    return offset >= 0 && offset < byOffset.length ? byOffset[offset] : 0;
  }

  private void copy(int piece) {
    int[] code = draft.code;
    int now = draft.lineBefore(piece);
    for (int at = draft.beginOf(piece); at < draft.endOf(piece); at += Body.length(code, at)) {
      if (code[at] == Body.LINE) {
        now = code[at + 1];
        continue;
      }
      if (now != line) {
        line = now;
        room(2);
        result[length++] = Body.LINE;
        result[length++] = now;
      }
      copy(code, at);
    }
  }

  private void room(int more) {
    if (length + more > result.length) {
      result = Arrays.copyOf(result, Math.max(result.length * 2, length + more));
    }
  }

  private void copy(int[] from, int at) {
    int size = Body.length(from, at);
    room(size);
    boolean useful = true;
    for (int i = 1; i < size; i++) {
      int operand = from[at + i];
      if (Body.isValue(from, at, i)) {
        operand = number(operand);
        useful &= operand != Body.UNTRACKED || !mustBeTracked(from[at]);
      }
      result[length + i] = operand;
    }
    result[length] = from[at];
    length += useful ? size : 0;
  }

  private static boolean mustBeTracked(int operation) {
    return operation != Body.CALL
        && operation != Body.LINE
        && operation != Body.RETURN
        && operation != Body.GET
        && operation != Body.PUT
        && operation != Body.LAMBDA
        && operation != Body.HANDLE;
  }

  private int number(int value) {
    if (value == Values.NONE
        || !values.isTracked(value)
        || values.isNumber(value) && !taken[value]) {
      return Body.UNTRACKED;
    }
    if (numbers[value] == Body.UNTRACKED) {
      if (keptCount == kept.length) {
        kept = Arrays.copyOf(kept, keptCount * 2);
      }
      kept[keptCount] = values.type(value) - 1;
      numbers[value] = keptCount++;
    }
    return numbers[value];
  }

  /** {@return those between regions} */
  private int[] gates() {
    int[] between = new int[draft.gatesUsed];
    int used = 0;
    for (int at = 0; at < draft.gatesUsed; at += Body.gateLength(draft.gates, at)) {
      int from = regions.ofBlock(draft.gates[at]);
      int to = regions.ofBlock(draft.gates[at + 1]);
      if (to == 0 || from == to) {
        continue;
      }
      int size = Body.gateLength(draft.gates, at);
      System.arraycopy(draft.gates, at, between, used, size);
      between[used] = from;
      between[used + 1] = to;
      between[used + 3] = number(between[used + 3]);
      used += size;
    }
    return used == 0 ? Body.NONE : Arrays.copyOf(between, used);
  }
}
