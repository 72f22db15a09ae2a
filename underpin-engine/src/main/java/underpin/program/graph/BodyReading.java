package underpin.program.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.program.Bytecode;

/**
 * Follows references through the code of one method, as the verifier does (JVMS 4.10.2): each
 * operand stack slot and local variable holds the number of the instruction that made the value.
 * First until nothing changes at any branch target, then once more to write the operations down.
 */
final class BodyReading {
  /** Null, or nothing. */
  private static final int NONE = 0;

  /** In {@code types}: see {@link Body#NUMBER}. */
  private static final int NUMBER = Body.NUMBER + 1;

  private static final int[] NO_LINES = {};

  private static final String OBJECT = "java/lang/Object";
  private static final String THROWABLE = "java/lang/Throwable";

  /** Beyond it a method is read without following values; javac makes none as long. */
  private static final int MOST_SLOTS = 4_000_000;

  /** Dynamic constants within each other. */
  private static final int MOST_NESTED = 50;

  private final Constants constants;
  private final Names names;
  private final int bootstraps;

  /** Whether numbers are followed, and what they decide. */
  private final boolean follow;

  private final byte[] code;
  private final int maxLocals;
  private final int width;
  private final int parameters;

  /** By value: the number of its static type + 1; 0 is not known yet. */
  private int[] types;

  private int values;

  /** By offset: its number as a block + 1, or 0. */
  private final int[] blockAt;

  private int blocks;
  private boolean branches;
  private final int[][] entries;
  private final int[] depths;
  private final int[] offsets;
  private final boolean[] queued;
  private final int[] handlers;

  /** The value that is any number. */
  private final int any;

  /** How many parameters are references, the receiver included. */
  private final int references;

  /**
   * While writing: the block, those within one counted behind all others, and how many there are.
   */
  private int block;

  private int allBlocks;

  /** Block, and where its operations begin in {@code out}. */
  private int[] pieces = new int[24];

  private int pieceCount;

  /** As in {@link Body}, of blocks. */
  private int[] gates = new int[16];

  private int gatesUsed;

  /** By handler: the last block + 1 that it was told to follow. */
  private final int[] told;

  private final Map<Long, Integer> phis = new HashMap<>(0);
  private final Map<Integer, int[]> phiInputs = new HashMap<>();
  private final List<ClassFacts.Lambda> lambdas = new ArrayList<>(0);
  private boolean lowered;

  /** Offset, line, offset, line, ... ascending. */
  private final int[] lines;

  /** The number of Object + 1. */
  private final int object;

  /** The state at the instruction: local variables, then the stack. */
  private final int[] state;

  private int depth;

  private int[] out = new int[64];
  private int used;
  private boolean writing;
  private int lastLine;

  /** While writing: where the next line begins in {@code lines}, and the line now. */
  private int nextLine;

  private int line;

  private BodyReading(
      Constants constants,
      int at,
      int bootstraps,
      String className,
      int descriptor,
      boolean isStatic,
      boolean follow) {
    this.constants = constants;
    this.follow = follow;
    this.names = constants.names;
    this.bootstraps = bootstraps;
    this.maxLocals = constants.u2(at + 2);
    this.width = maxLocals + constants.u2(at) + 2;
    int length = constants.u4(at + 4);
    if (length <= 0 || length > constants.bytes.length - at - 8) {
      throw new IllegalArgumentException("it ends behind the file");
    }
    this.code = Arrays.copyOfRange(constants.bytes, at + 8, at + 8 + length);
    this.object = names.of(OBJECT) + 1;
    Names.Shape shape = names.shape(descriptor);
    this.blockAt = new int[code.length + 1];
    this.state = new int[width];
    int handlersAt = at + 8 + length;
    this.handlers = new int[constants.u2(handlersAt) * 4];
    for (int i = 0; i < handlers.length; i++) {
      handlers[i] = constants.u2(handlersAt + 2 + 2 * i);
    }
    this.told = new int[handlers.length / 4];
    this.lines = lines(handlersAt + 2 + 2 * handlers.length);
    leaders();
    this.entries = new int[blocks][];
    this.depths = new int[blocks];
    this.queued = new boolean[blocks];
    this.offsets = new int[blocks];
    // In the order of the code, so that most blocks are walked once.
    int number = 0;
    for (int i = 0; i < code.length; i++) {
      if (blockAt[i] != 0) {
        offsets[number] = i;
        blockAt[i] = ++number;
      }
    }
    int first = isStatic ? 0 : 1;
    int[] references = shape.signature().references();
    int[] numbers = shape.signature().numbers();
    this.references = first + references.length;
    this.parameters = this.references + numbers.length;
    this.any = parameters + code.length + 1;
    this.values = any + 1;
    this.types = new int[values + 16];
    types[any] = NUMBER;
    if (!isStatic) {
      types[1] = names.of(className) + 1;
      parameter(0, 1);
    }
    for (int i = 0; i < references.length; i++) {
      types[first + i + 1] = shape.types()[i] + 1;
      parameter(first + references[i], first + i + 1);
    }
    for (int i = 0; i < numbers.length; i++) {
      types[this.references + i + 1] = NUMBER;
      parameter(first + numbers[i], follow ? this.references + i + 1 : any);
    }
  }

  private void parameter(int slot, int value) {
    if (slot >= maxLocals) {
      throw new IllegalArgumentException("more parameters than local variables");
    }
    state[slot] = value;
  }

  /**
   * @param at where the content of the Code attribute begins
   * @param bootstraps where that of BootstrapMethods does; 0 if there is none
   * @param follow whether numbers are followed; if not, all branches are open
   * @throws IllegalArgumentException if the code is not what a JVM would run
   * @throws IndexOutOfBoundsException if it ends too early
   */
  static Body read(
      Constants constants,
      int at,
      int bootstraps,
      String className,
      int descriptor,
      boolean isStatic,
      boolean follow) {
    BodyReading reading =
        new BodyReading(constants, at, bootstraps, className, descriptor, isStatic, follow);
    if ((long) reading.blocks * reading.width > MOST_SLOTS) {
      throw new IllegalArgumentException("the method has too many branches");
    }
    return reading.body();
  }

  private int[] lines(int from) {
    return lines(constants, from);
  }

  /** {@return offset, line, offset, line, ... of the first LineNumberTable} */
  static int[] lines(Constants constants, int from) {
    Names names = constants.names;
    int at = from + 2;
    for (int i = constants.u2(from); i > 0; i--) {
      int length = constants.u4(at + 2);
      if (length < 0 || length > constants.bytes.length - at - 6) {
        throw new IllegalArgumentException("an attribute ends behind the file");
      }
      if (names.text(constants.utf8(constants.u2(at))).equals("LineNumberTable")) {
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
    return NO_LINES;
  }

  private static int[] sorted(int[] lines) {
    int[] order =
        java.util.stream.IntStream.range(0, lines.length / 2)
            .boxed()
            .sorted(java.util.Comparator.comparingInt(i -> lines[i * 2]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] all = new int[lines.length];
    for (int i = 0; i < order.length; i++) {
      all[i * 2] = lines[order[i] * 2];
      all[i * 2 + 1] = lines[order[i] * 2 + 1];
    }
    return all;
  }

  /**
   * {@return how many entries begin at an offset or before it}
   *
   * @param lines offset, line, offset, line, ... ascending
   */
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

  /** From here on the code is written: finds the line that it begins in. */
  private void lineFrom(int at) {
    int past = past(lines, at);
    nextLine = past * 2;
    line = past == 0 ? 0 : lines[past * 2 - 1];
  }

  private void leaders() {
    leader(0);
    for (int i = 0; i < handlers.length; i += 4) {
      leader(handlers[i + 2]);
    }
    for (int at = 0; at < code.length; ) {
      int opcode = code[at] & 0xff;
      if (Bytecode.isBranch(opcode)) {
        branches = true;
        Bytecode.targets(code, at, this::leader);
      }
      at += Bytecode.length(code, at);
    }
  }

  private void leader(int at) {
    if (at < 0 || at >= code.length) {
      throw new IllegalArgumentException("a jump leaves the code");
    }
    if (blockAt[at] == 0) {
      blockAt[at] = 1;
      blocks++;
    }
  }

  private Body body() {
    merge(0, state, 0);
    if (branches || handlers.length > 0) {
      follow();
    }
    writing = true;
    allBlocks = blocks;
    for (int each = 0; each < blocks; each++) {
      if (entries[each] != null) {
        walk(each);
      }
    }
    return renumbered();
  }

  /** Walks until nothing changes. */
  private void follow() {
    do {
      lowered = false;
      boolean again = true;
      while (again) {
        again = false;
        for (int block = 0; block < blocks; block++) {
          if (queued[block]) {
            queued[block] = false;
            walk(block);
            again = true;
          }
        }
      }
      if (lowered) {
        for (int block = 0; block < blocks; block++) {
          queued[block] = entries[block] != null;
        }
      }
    } while (lowered);
  }

  // --- the result -----------------------------------------------------------------------------

  /** By value: its number in the body; UNTRACKED for none yet. */
  private int[] numbers = {};

  private int[] kept = {};
  private int keptCount;

  /** By value: whether an operation or a gate takes it. */
  private boolean[] taken = {};

  private int[] result = {};
  private int resultLength;
  private int resultLine;

  /** Values that no operation needs, and those of arrays, lose their number. */
  private Body renumbered() {
    numbers = new int[values + 1];
    Arrays.fill(numbers, Body.UNTRACKED);
    kept = new int[Math.max(16, parameters)];
    for (int value = 1; value <= parameters; value++) {
      kept[keptCount] = tracked(value) ? types[value] - 1 : Body.UNTRACKED;
      numbers[value] = tracked(value) ? keptCount : Body.UNTRACKED;
      keptCount++;
    }
    markTaken();
    int[] regions = regions();
    int count = 1;
    for (int region : regions) {
      count = Math.max(count, region + 1);
    }
    result = new int[used + 16];
    int[] begins = new int[count - 1];
    int[] order = byRegion(regions, count);
    int[] moves = moves(regions, count);
    int piece = 0;
    int move = 0;
    for (int region = 0; region < count; region++) {
      if (region > 0) {
        begins[region - 1] = resultLength;
      }
      resultLine = 0;
      for (; piece < order.length && regions[pieces[order[piece] * 3]] == region; piece++) {
        int each = order[piece];
        copy(
            pieces[each * 3 + 1],
            each + 1 < pieceCount ? pieces[each * 3 + 4] : used,
            pieces[each * 3 + 2]);
      }
      for (; move < moves.length && moves[move] == region; move += 4) {
        copy(moves, move + 1);
      }
    }
    int[] kinds = gates(regions);
    return new Body(
        Arrays.copyOf(kept, keptCount),
        Arrays.copyOf(result, resultLength),
        List.copyOf(lambdas),
        begins.length == 0 ? Body.NONE : begins,
        kinds);
  }

  private void markTaken() {
    taken = new boolean[values + 1];
    for (int at = 0; at < used; at += Body.length(out, at)) {
      int size = Body.length(out, at);
      for (int i = 1; i < size; i++) {
        if (Body.isValue(out, at, i) && !isMade(out[at], i) && out[at + i] > 0) {
          taken[out[at + i]] = true;
        }
      }
    }
    for (int at = 0; at < gatesUsed; at += Body.gateLength(gates, at)) {
      taken[gates[at + 3]] = true;
    }
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<Integer, int[]> phi : phiInputs.entrySet()) {
        if (types[phi.getKey()] != NUMBER || taken[phi.getKey()]) {
          int[] inputs = phi.getValue();
          for (int i = 1; i <= inputs[0]; i++) {
            more |= !taken[inputs[i]];
            taken[inputs[i]] = true;
          }
        }
      }
    }
  }

  /** {@return whether the operand is what the operation makes} */
  private static boolean isMade(int operation, int operand) {
    return switch (operation) {
      case Body.GET -> operand == 2;
      case Body.CALL -> operand == 3;
      default -> false;
    };
  }

  /** {@return by block: its region} */
  private int[] regions() {
    int[] regions = new int[allBlocks];
    if (gatesUsed == 0) {
      return regions;
    }
    Arrays.fill(regions, -1);
    boolean decided = false;
    int[] into = new int[allBlocks];
    int[] only = new int[allBlocks];
    for (int at = 0; at < gatesUsed; at += Body.gateLength(gates, at)) {
      decided |= gates[at + 2] != Body.ALWAYS;
      into[gates[at + 1]]++;
      only[gates[at + 1]] = gates[at + 2] == Body.ALWAYS ? gates[at] : -1;
    }
    if (!decided) {
      Arrays.fill(regions, 0);
      return regions;
    }
    // What always runs.
    regions[0] = 0;
    boolean more = true;
    while (more) {
      more = false;
      for (int at = 0; at < gatesUsed; at += Body.gateLength(gates, at)) {
        if (gates[at + 2] == Body.ALWAYS
            && regions[gates[at]] == 0
            && regions[gates[at + 1]] != 0) {
          regions[gates[at + 1]] = 0;
          more = true;
        }
      }
    }
    int count = 1;
    for (int i = 0; i < pieceCount; i++) {
      int piece = pieces[i * 3];
      int head = piece;
      int steps = 0;
      while (regions[head] < 0 && into[head] == 1 && only[head] >= 0 && steps++ < allBlocks) {
        head = only[head];
      }
      if (regions[head] < 0) {
        regions[head] = count++;
      }
      regions[piece] = regions[head];
    }
    for (int i = 0; i < allBlocks; i++) {
      regions[i] = Math.max(0, regions[i]);
    }
    return regions;
  }

  /** {@return the pieces in the order of their regions} */
  private int[] byRegion(int[] regions, int count) {
    int[] next = new int[count + 1];
    for (int i = 0; i < pieceCount; i++) {
      next[regions[pieces[i * 3]] + 1]++;
    }
    for (int i = 0; i < count; i++) {
      next[i + 1] += next[i];
    }
    int[] order = new int[pieceCount];
    for (int i = 0; i < pieceCount; i++) {
      order[next[regions[pieces[i * 3]]]++] = i;
    }
    return order;
  }

  /**
   * {@return region, MOVE, from, to, ..., ascending by region} A value that comes from several
   * places comes from each where that runs.
   */
  private int[] moves(int[] regions, int count) {
    int[] at = new int[count + 1];
    int[] regionAt = count == 1 ? Body.NONE : regionAt(regions);
    for (int round = 0; ; round++) {
      int[] moves = round == 0 ? Body.NONE : new int[at[count] * 4];
      for (Map.Entry<Integer, int[]> phi : phiInputs.entrySet()) {
        int[] inputs = phi.getValue();
        if (types[phi.getKey()] == NUMBER && !taken[phi.getKey()]) {
          continue;
        }
        for (int i = 1; i <= inputs[0]; i++) {
          int made = inputs[i] - parameters - 1;
          int region = made >= 0 && made < regionAt.length ? regionAt[made] : 0;
          if (round == 0) {
            at[region + 1]++;
          } else {
            int place = at[region]++ * 4;
            moves[place] = region;
            moves[place + 1] = Body.MOVE;
            moves[place + 2] = inputs[i];
            moves[place + 3] = phi.getKey();
          }
        }
      }
      if (round == 1) {
        return moves;
      }
      for (int i = 0; i < count; i++) {
        at[i + 1] += at[i];
      }
    }
  }

  /** {@return by offset: the region of what runs there} */
  private int[] regionAt(int[] regions) {
    int[] regionAt = new int[code.length];
    for (int i = 0; i < pieceCount; i++) {
      Arrays.fill(regionAt, pieceAt[i], pieceEnd[i], regions[pieces[i * 3]]);
    }
    return regionAt;
  }

  private void copy(int from, int to, int before) {
    int now = before;
    for (int at = from; at < to; at += Body.length(out, at)) {
      if (out[at] == Body.LINE) {
        now = out[at + 1];
        continue;
      }
      if (now != resultLine) {
        resultLine = now;
        room(2);
        result[resultLength++] = Body.LINE;
        result[resultLength++] = now;
      }
      copy(out, at);
    }
  }

  private void room(int more) {
    if (resultLength + more > result.length) {
      result = Arrays.copyOf(result, Math.max(result.length * 2, resultLength + more));
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
      result[resultLength + i] = operand;
    }
    result[resultLength] = from[at];
    resultLength += useful ? size : 0;
  }

  private int number(int value) {
    if (value == NONE || !tracked(value) || types[value] < 0 && !taken[value]) {
      return Body.UNTRACKED;
    }
    if (numbers[value] == Body.UNTRACKED) {
      if (keptCount == kept.length) {
        kept = Arrays.copyOf(kept, keptCount * 2);
      }
      kept[keptCount] = types[value] - 1;
      numbers[value] = keptCount++;
    }
    return numbers[value];
  }

  private int[] gates(int[] regions) {
    int[] kinds = new int[gatesUsed];
    int length = 0;
    for (int at = 0; at < gatesUsed; at += Body.gateLength(gates, at)) {
      int from = regions[gates[at]];
      int to = regions[gates[at + 1]];
      if (to == 0 || from == to) {
        continue;
      }
      int size = Body.gateLength(gates, at);
      System.arraycopy(gates, at, kinds, length, size);
      kinds[length] = from;
      kinds[length + 1] = to;
      kinds[length + 3] = gates[at + 3] == NONE ? Body.UNTRACKED : number(gates[at + 3]);
      length += size;
    }
    return length == 0 ? Body.NONE : Arrays.copyOf(kinds, length);
  }

  // --- branches -------------------------------------------------------------------------------

  /** By piece: the offsets of its first instruction, and behind its last. */
  private int[] pieceAt = new int[8];

  private int[] pieceEnd = new int[8];

  /** From here on operations are of that block. */
  private void piece(int begun, int at) {
    if (pieceCount == pieceAt.length) {
      pieces = Arrays.copyOf(pieces, pieceCount * 6);
      pieceAt = Arrays.copyOf(pieceAt, pieceCount * 2);
      pieceEnd = Arrays.copyOf(pieceEnd, pieceCount * 2);
    }
    block = begun;
    pieces[pieceCount * 3] = begun;
    pieces[pieceCount * 3 + 1] = used;
    pieces[pieceCount * 3 + 2] = lastLine;
    pieceAt[pieceCount] = at;
    pieceEnd[pieceCount] = code.length;
    pieceCount++;
  }

  private void gate(int to, int kind, int value, int... given) {
    if (kind == Body.ALWAYS && to == 0) {
      return;
    }
    if (gatesUsed + 5 + given.length > gates.length) {
      gates = Arrays.copyOf(gates, Math.max(gates.length * 2, gatesUsed + 5 + given.length));
    }
    gates[gatesUsed] = block;
    gates[gatesUsed + 1] = to;
    gates[gatesUsed + 2] = kind;
    gates[gatesUsed + 3] = kind == Body.ALWAYS ? 0 : value;
    gates[gatesUsed + 4] = given.length;
    System.arraycopy(given, 0, gates, gatesUsed + 5, given.length);
    gatesUsed += 5 + given.length;
  }

  private int top(int below) {
    if (depth <= below) {
      throw new IllegalArgumentException("the stack is empty");
    }
    return state[maxLocals + depth - 1 - below];
  }

  private int blockOf(int offset) {
    return blockAt[offset] - 1;
  }

  /** {@return the block that follows if the branch is not taken} */
  private int following(int next) {
    if (next >= code.length) {
      throw new IllegalArgumentException("the code has no end");
    }
    return blockAt[next] != 0 ? blockOf(next) : allBlocks++;
  }

  /** {@return the block that follows a branch; -1 for none} Tells under what each way is taken. */
  private int branch(int at, int next) {
    int opcode = code[at] & 0xff;
    switch (opcode) {
      case Bytecode.TABLESWITCH, Bytecode.LOOKUPSWITCH -> {
        choice(at);
        return -1;
      }
      case 0xa7, 0xc8 -> {
        Bytecode.targets(code, at, target -> gate(blockOf(target), Body.ALWAYS, 0));
        return -1;
      }
      default -> {
        int kind = Body.ALWAYS;
        int value = 0;
        int number = 0;
        if (opcode >= 0x99 && opcode <= 0x9e) {
          kind = Body.EQUAL + opcode - 0x99;
          value = top(0);
        } else if (opcode >= 0x9f && opcode <= 0xa4) {
          int comparison = opcode - 0x9f;
          if (Body.isConstant(types[top(0)] - 1)) {
            kind = Body.EQUAL + comparison;
            number = Body.number(types[top(0)] - 1);
            value = top(1);
          } else if (Body.isConstant(types[top(1)] - 1)) {
            kind = Body.EQUAL + SWAPPED[comparison];
            number = Body.number(types[top(1)] - 1);
            value = top(0);
          }
        }
        int target = branchTarget(at);
        int follows = following(next);
        if (kind == Body.ALWAYS || !isFollowed(value)) {
          gate(target, Body.ALWAYS, 0);
          gate(follows, Body.ALWAYS, 0);
        } else {
          gate(target, kind, value, number);
          gate(follows, Body.EQUAL + OPPOSITE[kind - Body.EQUAL], value, number);
        }
        return follows;
      }
    }
  }

  private int branchTarget(int at) {
    int[] found = {0};
    Bytecode.targets(code, at, target -> found[0] = target);
    return blockOf(found[0]);
  }

  /** By order of the opcodes and of gates: eq, ne, lt, ge, gt, le. */
  private static final int[] OPPOSITE = {1, 0, 3, 2, 5, 4};

  /** The same with its sides changed: lt is gt, ge is le. */
  private static final int[] SWAPPED = {0, 1, 4, 5, 2, 3};

  private void choice(int at) {
    int value = top(0);
    boolean known = isFollowed(value);
    int aligned = (at + 4) & ~3;
    boolean isTable = (code[at] & 0xff) == Bytecode.TABLESWITCH;
    int low = Bytecode.signed(code, aligned + 4);
    int count = isTable ? Bytecode.signed(code, aligned + 8) - low + 1 : low;
    int[] keys = new int[count];
    Map<Integer, int[]> byTarget = new java.util.TreeMap<>();
    for (int i = 0; i < count; i++) {
      int key = isTable ? low + i : Bytecode.signed(code, aligned + 8 + 8 * i);
      int target = blockOf(at + Bytecode.signed(code, aligned + 12 + (isTable ? 4 : 8) * i));
      keys[i] = key;
      int[] before = byTarget.getOrDefault(target, new int[0]);
      int[] longer = Arrays.copyOf(before, before.length + 1);
      longer[before.length] = key;
      byTarget.put(target, longer);
    }
    byTarget.forEach((target, some) ->
        gate(target, known ? Body.ONE_OF : Body.ALWAYS, value, known ? some : Body.NONE));
    int otherwise = blockOf(at + Bytecode.signed(code, aligned));
    gate(otherwise, known ? Body.NONE_OF : Body.ALWAYS, value, known ? keys : Body.NONE);
  }

  /** {@return whether a value is a number of which something may be known} */
  private boolean isFollowed(int value) {
    return value != NONE && value != any && types[value] < 0;
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

  private boolean tracked(int value) {
    return types[value] < 0 ? value != any : types[value] != 0 && !names.isArray(types[value] - 1);
  }

  private void emit(int... operation) {
    if (line != lastLine) {
      lastLine = line;
      append(Body.LINE, line);
    }
    append(operation);
  }

  private void append(int... operation) {
    if (used + operation.length > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, used + operation.length));
    }
    System.arraycopy(operation, 0, out, used, operation.length);
    used += operation.length;
  }

  // --- states ---------------------------------------------------------------------------------

  private void merge(int block, int[] from, int stack) {
    int[] entry = entries[block];
    if (entry == null) {
      entry = Arrays.copyOf(from, maxLocals + stack);
      entries[block] = entry;
      depths[block] = stack;
      queued[block] = true;
      return;
    }
    if (depths[block] != stack) {
      throw new IllegalArgumentException("the stack has two heights at one place");
    }
    for (int slot = 0; slot < maxLocals + stack; slot++) {
      int now = from[slot];
      int known = entry[slot];
      if (now == NONE || now == known || known == any) {
        continue;
      }
      if (known == NONE || now == any || types[now] < 0 != types[known] < 0) {
        // A reference here and a number there: it is not used any more.
        entry[slot] = known == NONE ? now : any;
        queued[block] = true;
        continue;
      }
      int phi = phi(block, slot);
      if (known != phi) {
        entry[slot] = phi;
        input(phi, known);
        queued[block] = true;
      }
      input(phi, now);
    }
  }

  private int phi(int block, int slot) {
    return phis.computeIfAbsent(
        (long) block << 32 | slot,
        _ -> {
          if (values + 1 >= types.length) {
            types = Arrays.copyOf(types, types.length * 2);
          }
          return values++;
        });
  }

  private void input(int phi, int value) {
    if (phi == value) {
      return;
    }
    int[] inputs = phiInputs.computeIfAbsent(phi, _ -> new int[4]);
    for (int i = 1; i <= inputs[0]; i++) {
      if (inputs[i] == value) {
        typeOf(phi, value);
        return;
      }
    }
    if (inputs[0] + 1 == inputs.length) {
      inputs = Arrays.copyOf(inputs, inputs.length * 2);
      phiInputs.put(phi, inputs);
    }
    inputs[++inputs[0]] = value;
    typeOf(phi, value);
  }

  /** A phi has the type of its inputs, or Object when they differ. */
  private void typeOf(int phi, int input) {
    int type = Math.max(types[input], NUMBER);
    if (type == 0 || types[phi] == type || types[phi] == object) {
      return;
    }
    if (types[phi] == 0) {
      types[phi] = type;
    } else {
      types[phi] = object;
      lowered = true;
    }
  }

  private void toHandlers(int at) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (at >= handlers[i] && at < handlers[i + 1]) {
        int block = blockAt[handlers[i + 2]] - 1;
        int caught = parameters + handlers[i + 2] + 1;
        define(caught, caughtType(i));
        int kept = state[maxLocals];
        state[maxLocals] = caught;
        merge(block, state, 1);
        state[maxLocals] = kept;
      }
    }
  }

  /** {@return the class that a handler catches; Throwable if it catches several} */
  private int caughtType(int handler) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (handlers[i + 2] == handlers[handler + 2] && handlers[i + 3] != handlers[handler + 3]) {
        return names.of(THROWABLE);
      }
    }
    return handlers[handler + 3] == 0
        ? names.of(THROWABLE)
        : constants.className(handlers[handler + 3]);
  }

  private void define(int value, int type) {
    int number = type + 1;
    if (types[value] == 0) {
      types[value] = number;
    } else if (types[value] != number && types[value] != object) {
      types[value] = object;
      lowered = true;
    }
  }

  private int pop() {
    if (depth == 0) {
      throw new IllegalArgumentException("the stack is empty");
    }
    return state[maxLocals + --depth];
  }

  private void pop(int slots) {
    if (depth < slots) {
      throw new IllegalArgumentException("the stack is empty");
    }
    depth -= slots;
  }

  private void push(int value) {
    if (maxLocals + depth >= width) {
      throw new IllegalArgumentException("the stack is too high");
    }
    state[maxLocals + depth++] = value;
  }

  private void pushAny(int slots) {
    for (int i = 0; i < slots; i++) {
      push(any);
    }
  }

  /** A number is made that is followed. */
  private void number(int at, int type) {
    int value = parameters + at + 1;
    if (follow) {
      types[value] = type;
      push(value);
    } else {
      push(any);
    }
  }

  private void constant(int at, int number) {
    if (Body.isFollowed(number)) {
      number(at, Body.constant(number) + 1);
    } else {
      push(any);
    }
  }

  private void pushLocal(int slot) {
    int value = local(slot);
    push(types[value] < 0 ? value : any);
  }

  private int local(int slot) {
    if (slot >= maxLocals) {
      throw new IllegalArgumentException("no local variable " + slot);
    }
    return state[slot];
  }

  private void store(int slot, int value, int at) {
    if (slot >= maxLocals) {
      throw new IllegalArgumentException("no local variable " + slot);
    }
    state[slot] = value;
    if (value != NONE && !writing) {
      toHandlers(at);
    }
  }

  // --- instructions ---------------------------------------------------------------------------

  private void walk(int block) {
    int[] entry = entries[block];
    System.arraycopy(entry, 0, state, 0, entry.length);
    depth = depths[block];
    int at = offsets[block];
    if (writing) {
      lineFrom(at);
      piece(block, at);
      for (int i = 0; i < handlers.length; i += 4) {
        if (handlers[i + 2] == at) {
          emit(Body.UNKNOWN, parameters + at + 1);
          break;
        }
      }
    } else {
      toHandlers(at);
    }
    while (true) {
      if (!writing && startsRange(at)) {
        toHandlers(at);
      }
      if (writing) {
        while (nextLine < lines.length && lines[nextLine] <= at) {
          line = lines[nextLine + 1];
          nextLine += 2;
        }
      }
      int next = at + Bytecode.length(code, at);
      int opcode = code[at] & 0xff;
      boolean isBranch = Bytecode.isBranch(opcode);
      int follows = -1;
      if (writing && follow) {
        toHandlersFrom(at);
        if (Bytecode.isSubroutineCall(opcode)) {
          Bytecode.targets(code, at, target -> gate(blockOf(target), Body.ALWAYS, 0));
        } else if (isBranch) {
          follows = branch(at, next);
        }
      }
      boolean falls = step(at);
      if (!writing && isBranch && !Bytecode.isSubroutineCall(opcode)) {
        Bytecode.targets(code, at, target -> merge(blockAt[target] - 1, state, depth));
      }
      if (!falls || next >= code.length || blockAt[next] != 0) {
        if (writing) {
          pieceEnd[pieceCount - 1] = next;
        }
        if (!falls) {
          return;
        }
        if (next >= code.length) {
          throw new IllegalArgumentException("the code has no end");
        }
        if (!writing) {
          merge(blockAt[next] - 1, state, depth);
        } else if (follow && follows < 0) {
          gate(blockOf(next), Body.ALWAYS, 0);
        }
        return;
      }
      if (follows >= 0) {
        pieceEnd[pieceCount - 1] = next;
        piece(follows, next);
      }
      at = next;
    }
  }

  /** An exception may be thrown wherever a block runs. */
  private void toHandlersFrom(int at) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (at >= handlers[i] && at < handlers[i + 1] && told[i / 4] != block + 1) {
        told[i / 4] = block + 1;
        gate(blockOf(handlers[i + 2]), Body.ALWAYS, 0);
      }
    }
  }

  private boolean startsRange(int at) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (handlers[i] == at) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether the next instruction may follow} */
  private boolean step(int at) {
    int opcode = code[at] & 0xff;
    switch (opcode) {
      case Bytecode.NOP -> {}
      case Bytecode.LDC -> load(at, code[at + 1] & 0xff);
      case Bytecode.LDC_W, Bytecode.LDC2_W -> load(at, Bytecode.unsigned(code, at + 1));
      case Bytecode.ALOAD -> push(local(code[at + 1] & 0xff));
      case 0x2a, 0x2b, 0x2c, 0x2d -> push(local(opcode - 0x2a));
      case Bytecode.AALOAD -> element(at);
      case Bytecode.ASTORE -> store(code[at + 1] & 0xff, pop(), at);
      case 0x4b, 0x4c, 0x4d, 0x4e -> store(opcode - 0x4b, pop(), at);
      case 0x36 -> store(code[at + 1] & 0xff, pop(), at);
      case 0x38 -> numberStored(code[at + 1] & 0xff, 1);
      case 0x37, 0x39 -> numberStored(code[at + 1] & 0xff, 2);
      case 0x3b, 0x3c, 0x3d, 0x3e -> store(opcode - 0x3b, pop(), at);
      case 0x01 -> push(NONE);
      case 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 -> constant(at, opcode - 0x03);
      case 0x10 -> constant(at, code[at + 1]);
      case 0x11 -> constant(at, (short) Bytecode.unsigned(code, at + 1));
      case 0x15 -> pushLocal(code[at + 1] & 0xff);
      case 0x1a, 0x1b, 0x1c, 0x1d -> pushLocal(opcode - 0x1a);
      case Bytecode.IINC -> store(code[at + 1] & 0xff, any, at);
      case 0x3f, 0x40, 0x41, 0x42 -> numberStored(opcode - 0x3f, 2);
      case 0x43, 0x44, 0x45, 0x46 -> numberStored(opcode - 0x43, 1);
      case 0x47, 0x48, 0x49, 0x4a -> numberStored(opcode - 0x47, 2);
      case 0x57 -> pop(1);
      case 0x58 -> pop(2);
      case 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f -> shuffle(opcode);
      case 0xa7, 0xc8 -> {
        return false;
      }
      case 0xa8, 0xc9 -> jsr(at);
      case 0xa9 -> {
        return false;
      }
      case 0xac -> {
        int value = pop();
        if (writing && follow) {
          emit(Body.RETURN, value);
        }
        return false;
      }
      case 0xad, 0xae, 0xaf, 0xb1 -> {
        return false;
      }
      case Bytecode.TABLESWITCH, Bytecode.LOOKUPSWITCH -> {
        pop(1);
        return false;
      }
      case Bytecode.ARETURN -> {
        int value = pop();
        if (writing && value != NONE) {
          emit(Body.RETURN, value);
        }
        return false;
      }
      case Bytecode.ATHROW -> {
        return false;
      }
      case Bytecode.GETSTATIC, Bytecode.PUTSTATIC, Bytecode.GETFIELD, Bytecode.PUTFIELD ->
          field(at, opcode, constants.member(Bytecode.unsigned(code, at + 1)));
      case Bytecode.INVOKEVIRTUAL,
          Bytecode.INVOKESPECIAL,
          Bytecode.INVOKESTATIC,
          Bytecode.INVOKEINTERFACE ->
          call(at, opcode, constants.member(Bytecode.unsigned(code, at + 1)));
      case Bytecode.INVOKEDYNAMIC -> dynamic(at, Bytecode.unsigned(code, at + 1));
      case Bytecode.NEW -> {
        int type = className(at);
        result(at, type);
        if (writing) {
          emit(Body.NEW, parameters + at + 1, type);
        }
      }
      case 0xbc -> {
        pop(1);
        result(at, names.of("[I"));
      }
      case Bytecode.ANEWARRAY -> {
        pop(1);
        result(at, names.arrayOf(className(at)));
      }
      case Bytecode.MULTIANEWARRAY -> {
        pop(code[at + 3] & 0xff);
        result(at, className(at));
      }
      case Bytecode.CHECKCAST -> {
        int from = pop();
        if (from == NONE) {
          push(NONE);
        } else {
          result(at, className(at));
          if (writing) {
            emit(Body.MOVE, from, parameters + at + 1);
          }
        }
      }
      case Bytecode.INSTANCEOF -> {
        pop(1);
        push(any);
      }
      case Bytecode.WIDE -> wide(at);
      default -> plain(opcode);
    }
    return true;
  }

  private void plain(int opcode) {
    int effect = Bytecode.EFFECT[opcode];
    if (effect == Bytecode.NO_EFFECT_KNOWN) {
      throw new IllegalArgumentException("opcode " + opcode);
    }
    pop(effect >> 4);
    pushAny(effect & 0xf);
  }

  private void wide(int at) {
    int opcode = code[at + 1] & 0xff;
    int slot = Bytecode.unsigned(code, at + 2);
    switch (opcode) {
      case Bytecode.ALOAD -> push(local(slot));
      case Bytecode.ASTORE -> store(slot, pop(), at);
      case 0x15 -> pushLocal(slot);
      case 0x36 -> store(slot, pop(), at);
      case Bytecode.IINC -> store(slot, any, at);
      case 0x38 -> numberStored(slot, 1);
      case 0x37, 0x39 -> numberStored(slot, 2);
      default -> plain(opcode);
    }
  }

  /** A number that is not followed is stored: what was in the variable is gone. */
  private void numberStored(int slot, int slots) {
    pop(slots);
    for (int i = 0; i < slots; i++) {
      local(slot + i);
      state[slot + i] = NONE;
    }
  }

  private void shuffle(int opcode) {
    int a = pop();
    switch (opcode) {
      case 0x59 -> pushAll(a, a);
      case 0x5f -> {
        int b = pop();
        pushAll(a, b);
      }
      default -> {
        int b = pop();
        switch (opcode) {
          case 0x5a -> pushAll(a, b, a);
          case 0x5c -> pushAll(b, a, b, a);
          case 0x5b -> {
            int c = pop();
            pushAll(a, c, b, a);
          }
          case 0x5d -> {
            int c = pop();
            pushAll(b, a, c, b, a);
          }
          default -> {
            int c = pop();
            int d = pop();
            pushAll(b, a, d, c, b, a);
          }
        }
      }
    }
  }

  private void pushAll(int... all) {
    for (int value : all) {
      push(value);
    }
  }

  /**
   * A subroutine of class files before version 50 (JVMS 4.9.1). What it does to local variables is
   * not seen after the call, except in the subroutine.
   */
  private void jsr(int at) {
    push(NONE);
    if (!writing) {
      Bytecode.targets(code, at, target -> merge(blockAt[target] - 1, state, depth));
    }
    pop(1);
    for (int slot = 0; slot < maxLocals; slot++) {
      if (types[state[slot]] < 0) {
        state[slot] = any;
      }
    }
  }

  private int className(int at) {
    return constants.className(Bytecode.unsigned(code, at + 1));
  }

  private void result(int at, int type) {
    int value = parameters + at + 1;
    define(value, type);
    push(value);
  }

  private void element(int at) {
    pop(1);
    int array = pop();
    int type = object - 1;
    if (array != NONE && types[array] != 0 && names.isArray(types[array] - 1)) {
      type = names.elementOf(types[array] - 1, object - 1);
    }
    result(at, type);
    if (writing) {
      emit(Body.UNKNOWN, parameters + at + 1);
    }
  }

  private void load(int at, int index) {
    int value = parameters + at + 1;
    switch (constants.tag(index)) {
      case Constants.INTEGER -> constant(at, constants.integer(index));
      case 4 -> pushAny(1);
      case Constants.LONG, Constants.DOUBLE -> pushAny(2);
      case Constants.CLASS -> {
        result(at, names.of("java/lang/Class"));
        if (writing) {
          emit(Body.CLASS, value, constants.className(index));
        }
      }
      case Constants.STRING -> {
        result(at, names.of("java/lang/String"));
        if (writing) {
          emit(Body.STRING, value, constants.string(index, 300));
        }
      }
      case Constants.HANDLE -> {
        handle(index);
        result(at, names.of("java/lang/invoke/MethodHandle"));
        unknown(value);
      }
      case Constants.METHOD_TYPE -> {
        result(at, names.of("java/lang/invoke/MethodType"));
        unknown(value);
      }
      case Constants.DYNAMIC -> {
        bootstrap(index);
        String type = names.text(constants.dynamicDescriptor(index));
        String reference = Signature.ofField(type);
        if (reference.isEmpty()) {
          pushAny(type.equals("J") || type.equals("D") ? 2 : 1);
        } else {
          result(at, names.of(reference));
          unknown(value);
        }
      }
      default -> throw new IllegalArgumentException("a constant that cannot be loaded");
    }
  }

  private void unknown(int value) {
    if (writing && value != NONE) {
      emit(Body.UNKNOWN, value);
    }
  }

  private void handle(int index) {
    if (writing) {
      emit(Body.HANDLE, constants.handleKind(index), constants.handleMember(index));
    }
  }

  private int bootstrapAt(int dynamic) {
    return bootstrapAt(constants, bootstraps, dynamic);
  }

  /** {@return where a bootstrap method begins: its handle, and how many arguments follow} */
  static int bootstrapAt(Constants constants, int bootstraps, int dynamic) {
    if (bootstraps == 0 || constants.bootstrap(dynamic) >= constants.u2(bootstraps)) {
      throw new IllegalArgumentException("there is no bootstrap method");
    }
    int at = bootstraps + 2;
    for (int i = constants.bootstrap(dynamic); i > 0; i--) {
      at += 4 + 2 * constants.u2(at + 2);
    }
    return at;
  }

  private void bootstrap(int dynamic) {
    bootstrap(dynamic, 0);
  }

  private void bootstrap(int dynamic, int nested) {
    if (nested > MOST_NESTED) {
      throw new IllegalArgumentException("its dynamic constants contain each other");
    }
    int at = bootstrapAt(dynamic);
    handle(constants.u2(at));
    for (int i = constants.u2(at + 2); i > 0; i--) {
      int argument = constants.u2(at + 2 + 2 * i);
      switch (constants.tag(argument)) {
        case Constants.HANDLE -> handle(argument);
        case Constants.DYNAMIC -> bootstrap(argument, nested + 1);
        default -> {}
      }
    }
  }

  private void field(int at, int opcode, int member) {
    String descriptor = names.text(names.selectorDescriptor(names.memberSelector(member)));
    char kind = descriptor.isEmpty() ? 'V' : descriptor.charAt(0);
    boolean isReference = kind == 'L' || kind == '[';
    boolean isNumber = follow && Signature.isNumber(kind);
    int slots = kind == 'J' || kind == 'D' ? 2 : 1;
    boolean isStatic = opcode == Bytecode.GETSTATIC || opcode == Bytecode.PUTSTATIC;
    boolean gets = opcode == Bytecode.GETSTATIC || opcode == Bytecode.GETFIELD;
    int value = NONE;
    if (!gets) {
      if (depth == 0) {
        throw new IllegalArgumentException("the stack is empty");
      }
      value = isReference || isNumber ? state[maxLocals + depth - 1] : NONE;
      pop(slots);
    }
    if (!isStatic) {
      pop(1);
    }
    if (gets && isNumber) {
      number(at, NUMBER);
      value = parameters + at + 1;
    } else if (gets && !isReference) {
      pushAny(slots);
    } else if (gets) {
      result(at, names.of(Signature.ofField(descriptor)));
      value = parameters + at + 1;
    }
    if (writing && (isStatic || isReference || isNumber)) {
      emit(gets ? Body.GET : Body.PUT, member, value, isStatic ? 1 : 0);
    }
  }

  private void call(int at, int opcode, int member) {
    Names.Shape shape = names.shape(names.selectorDescriptor(names.memberSelector(member)));
    boolean isStatic = opcode == Bytecode.INVOKESTATIC;
    if (!writing) {
      pop(shape.signature().slots() + (isStatic ? 0 : 1));
      resultOf(at, shape);
      return;
    }
    int[] operation = operation(5, shape.signature(), !isStatic, true);
    operation[0] = Body.CALL;
    operation[1] =
        switch (opcode) {
          case Bytecode.INVOKEVIRTUAL -> Body.VIRTUAL;
          case Bytecode.INVOKEINTERFACE -> Body.INTERFACE;
          case Bytecode.INVOKESPECIAL -> Body.SPECIAL;
          default -> Body.STATIC;
        };
    operation[2] = member;
    operation[3] = resultOf(at, shape);
    operation[4] = operation.length - 5;
    emit(operation);
  }

  /** {@return an operation that ends with the arguments, which are taken from the stack} */
  private int[] operation(int before, Signature signature, boolean receiver, boolean isCall) {
    int base = maxLocals + depth - signature.slots();
    int first = before;
    pop(signature.slots() + (receiver ? 1 : 0));
    int[] references = signature.references();
    int followed = references.length;
    int[] numbers = signature.numbers();
    for (int i = 0; isCall && i < numbers.length; i++) {
      if (state[base + numbers[i]] != any) {
        followed = references.length + i + 1;
      }
    }
    int[] operation = new int[before + followed + (receiver ? 1 : 0)];
    if (receiver) {
      operation[first++] = state[base - 1];
    }
    for (int i = 0; i < references.length; i++) {
      operation[first + i] = state[base + references[i]];
    }
    for (int i = references.length; i < followed; i++) {
      operation[first + i] = state[base + numbers[i - references.length]];
    }
    return operation;
  }

  private int resultOf(int at, Names.Shape shape) {
    if (follow && shape.signature().isNumber()) {
      number(at, NUMBER);
      return parameters + at + 1;
    }
    if (shape.result() < 0) {
      pushAny(shape.signature().result());
      return NONE;
    }
    result(at, shape.result());
    return parameters + at + 1;
  }

  private void dynamic(int at, int call) {
    if (constants.tag(call) != Constants.INVOKE_DYNAMIC) {
      throw new IllegalArgumentException("a dynamic call to a constant of another kind");
    }
    Names.Shape shape = names.shape(constants.dynamicDescriptor(call));
    int[] arguments = operation(0, shape.signature(), false, false);
    int result = resultOf(at, shape);
    if (!writing) {
      return;
    }
    int maker = constants.handleMember(constants.u2(bootstrapAt(call)));
    switch (names.text(names.memberOwner(maker))) {
      case "java/lang/invoke/LambdaMetafactory" -> lambda(call, result, arguments);
      case "java/lang/invoke/StringConcatFactory" -> {
        for (int argument : arguments) {
          implicit(argument, "toString");
        }
        unknown(result);
      }
      case "java/lang/runtime/ObjectMethods" -> {
        record(call);
        unknown(result);
      }
      default -> {
        bootstrap(call);
        unknown(result);
      }
    }
  }

  private void implicit(int value, String selector) {
    if (value != NONE) {
      emit(Body.IMPLICIT, value, names.of(selector));
    }
  }

  /** The bootstrap of a record reads every component and asks it the same question. */
  private void record(int call) {
    int at = bootstrapAt(call);
    for (int i = 0; i < constants.u2(at + 2); i++) {
      int argument = constants.u2(at + 4 + 2 * i);
      if (constants.tag(argument) != Constants.HANDLE) {
        continue;
      }
      int field = constants.handleMember(argument);
      String type =
          Signature.ofField(names.text(names.selectorDescriptor(names.memberSelector(field))));
      if (!type.isEmpty() && type.charAt(0) != '[') {
        int value = values++;
        if (value >= types.length) {
          types = Arrays.copyOf(types, types.length * 2);
        }
        types[value] = names.of(type) + 1;
        emit(Body.GET, field, value, 0);
        implicit(value, names.text(constants.dynamicName(call)));
      }
    }
  }

  private void lambda(int call, int result, int[] captured) {
    Optional<ClassFacts.Lambda> lambda = lambda(constants, bootstraps, call);
    if (lambda.isEmpty()) {
      bootstrap(call);
      unknown(result);
      return;
    }
    lambdas.add(lambda.get());
    int[] operation = new int[4 + captured.length];
    operation[0] = Body.LAMBDA;
    operation[1] = result;
    operation[2] = lambdas.size() - 1;
    operation[3] = captured.length;
    System.arraycopy(captured, 0, operation, 4, captured.length);
    emit(operation);
  }

  /** {@return what a call of LambdaMetafactory makes; empty if its arguments are none of its} */
  static Optional<ClassFacts.Lambda> lambda(Constants constants, int bootstraps, int call) {
    Names names = constants.names;
    int at = bootstrapAt(constants, bootstraps, call);
    int count = constants.u2(at + 2);
    if (count < 3
        || constants.tag(constants.u2(at + 4)) != Constants.METHOD_TYPE
        || constants.tag(constants.u2(at + 6)) != Constants.HANDLE
        || constants.tag(constants.u2(at + 8)) != Constants.METHOD_TYPE) {
      return Optional.empty();
    }
    List<String> descriptors = new ArrayList<>();
    descriptors.add(names.text(constants.methodType(constants.u2(at + 4))));
    for (int i = 3; i < count; i++) {
      int argument = constants.u2(at + 4 + 2 * i);
      if (constants.tag(argument) == Constants.METHOD_TYPE) {
        descriptors.add(names.text(constants.methodType(argument)));
      }
    }
    int implementation = constants.u2(at + 6);
    String made = names.text(constants.dynamicDescriptor(call));
    return Optional.of(
        new ClassFacts.Lambda(
            Signature.of(made).resultType(),
            names.text(constants.dynamicName(call)),
            descriptors.stream().distinct().toList(),
            constants.handleKind(implementation),
            constants.handleMember(implementation),
            names.text(constants.methodType(constants.u2(at + 8))),
            made));
  }
}
