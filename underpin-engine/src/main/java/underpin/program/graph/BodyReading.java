package underpin.program.graph;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import underpin.program.Bytecode;

/**
 * Follows references through the code of one method, as the verifier does (JVMS 4.10.2): each
 * operand stack slot and local variable holds the number of the instruction that made the value.
 * First until nothing changes at any branch target, then once more to write the operations down.
 */
final class BodyReading {
  private static final int NONE = Values.NONE;
  private static final int NUMBER = Values.NUMBER;

  private static final String OBJECT = "java/lang/Object";
  private static final String THROWABLE = "java/lang/Throwable";

  /** Beyond it a method is read without following values; javac makes none as long. */
  private static final int MOST_SLOTS = 4_000_000;

  /** Dynamic constants within each other. */
  private static final int MOST_NESTED = 50;

  private final Constants constants;
  private final Names names;
  private final Bootstraps bootstraps;

  /** Whether numbers are followed, and what they decide. */
  private final boolean follow;

  private final byte[] code;
  private final int maxLocals;
  private final int width;
  private final Values values;

  /** The value that is any number. */
  private final int any;

  /** The number of Object. */
  private final int object;

  /** By offset: its number as a block + 1, or 0. */
  private final int[] blockAt;

  private final int blocks;
  private final boolean straight;
  private final int[][] entries;
  private final int[] depths;
  private final int[] offsets;
  private final boolean[] queued;
  private final int[] handlers;

  /** By handler: the last block + 1 that it was told to follow. */
  private final int[] told;

  /** The state at the instruction: local variables, then the stack. */
  private final int[] state;

  private int depth;

  private final Draft draft;
  private boolean writing;

  /** Offset, line, offset, line, ... ascending. */
  private final int[] lines;

  /** While writing: where the next line begins in {@code lines}, and the line now. */
  private int nextLine;

  private int line;

  private BodyReading(
      Code method, String className, int descriptor, boolean isStatic, boolean follow) {
    this.constants = method.constants;
    this.follow = follow;
    this.names = constants.names;
    this.bootstraps = method.bootstraps;
    this.maxLocals = method.maxLocals;
    this.width = maxLocals + method.maxStack + 2;
    this.code = method.bytes;
    this.handlers = method.handlers;
    this.told = new int[handlers.length / 4];
    this.lines = method.lines;
    this.straight = !method.branches && handlers.length == 0;
    this.state = new int[width];
    this.blockAt = new int[code.length + 1];
    // In the order of the code, so that most blocks are walked once.
    int number = 0;
    this.offsets = new int[code.length];
    for (int i = 0; i < code.length; i++) {
      if (method.leaders[i]) {
        offsets[number] = i;
        blockAt[i] = ++number;
      }
    }
    this.blocks = number;
    if ((long) blocks * width > MOST_SLOTS) {
      throw new IllegalArgumentException("the method has too many branches");
    }
    this.entries = new int[blocks][];
    this.depths = new int[blocks];
    this.queued = new boolean[blocks];
    this.draft = new Draft(blocks);
    this.object = names.of(OBJECT);
    Names.Shape shape = names.shape(descriptor);
    int first = isStatic ? 0 : 1;
    int[] references = shape.signature().references();
    int[] numbers = shape.signature().numbers();
    int firstNumber = first + references.length + 1;
    this.values = new Values(names, object, firstNumber - 1 + numbers.length, code.length);
    this.any = values.any;
    if (!isStatic) {
      values.setType(1, names.of(className) + 1);
      parameter(0, 1);
    }
    for (int i = 0; i < references.length; i++) {
      values.setType(first + i + 1, shape.types()[i] + 1);
      parameter(first + references[i], first + i + 1);
    }
    for (int i = 0; i < numbers.length; i++) {
      values.setType(firstNumber + i, NUMBER);
      parameter(first + numbers[i], follow ? firstNumber + i : any);
    }
  }

  private void parameter(int slot, int value) {
    if (slot >= maxLocals) {
      throw new IllegalArgumentException("more parameters than local variables");
    }
    state[slot] = value;
  }

  /**
   * @param follow whether numbers are followed; if not, all branches are open
   * @throws IllegalArgumentException if the code is not what a JVM would run
   * @throws IndexOutOfBoundsException if it ends too early
   */
  static Body read(
      Code method, String className, int descriptor, boolean isStatic, boolean follow) {
    return new BodyReading(method, className, descriptor, isStatic, follow).body();
  }

  /** From here on the code is written: finds the line that it begins in. */
  private void lineFrom(int at) {
    int past = LineTable.past(lines, at);
    nextLine = past * 2;
    line = past == 0 ? 0 : lines[past * 2 - 1];
  }

  private Body body() {
    merge(0, state, 0);
    if (!straight) {
      follow();
    }
    writing = true;
    for (int each = 0; each < blocks; each++) {
      if (entries[each] != null) {
        walk(each);
      }
    }
    return Assembly.body(draft, values, code.length);
  }

  /** Walks until nothing changes. */
  private void follow() {
    boolean all = false;
    do {
      for (int block = 0; all && block < blocks; block++) {
        queued[block] = entries[block] != null;
      }
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
      all = values.lowered();
    } while (all);
  }

  // --- branches -------------------------------------------------------------------------------

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
    return blockAt[next] != 0 ? blockOf(next) : draft.addBlock();
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
        Bytecode.targets(code, at, target -> draft.always(blockOf(target)));
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
          if (Body.isConstant(values.type(top(0)) - 1)) {
            kind = Body.EQUAL + comparison;
            number = Body.number(values.type(top(0)) - 1);
            value = top(1);
          } else if (Body.isConstant(values.type(top(1)) - 1)) {
            kind = Body.EQUAL + SWAPPED[comparison];
            number = Body.number(values.type(top(1)) - 1);
            value = top(0);
          }
        }
        int target = branchTarget(at);
        int follows = following(next);
        if (kind == Body.ALWAYS || !values.isFollowed(value)) {
          draft.always(target);
          draft.always(follows);
        } else {
          draft.gate(target, kind, value, number);
          draft.gate(follows, Body.EQUAL + OPPOSITE[kind - Body.EQUAL], value, number);
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
    boolean known = values.isFollowed(value);
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
        draft.gate(target, known ? Body.ONE_OF : Body.ALWAYS, value, known ? some : Body.NONE));
    int otherwise = blockOf(at + Bytecode.signed(code, aligned));
    draft.gate(otherwise, known ? Body.NONE_OF : Body.ALWAYS, value, known ? keys : Body.NONE);
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
      if (known == NONE || now == any || values.isNumber(now) != values.isNumber(known)) {
        // A reference here and a number there: it is not used any more.
        entry[slot] = known == NONE ? now : any;
        queued[block] = true;
        continue;
      }
      int phi = values.merged(block, slot);
      if (known != phi) {
        entry[slot] = phi;
        values.merge(phi, known);
        queued[block] = true;
      }
      values.merge(phi, now);
    }
  }

  private void toHandlers(int at) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (at >= handlers[i] && at < handlers[i + 1]) {
        int block = blockAt[handlers[i + 2]] - 1;
        int caught = values.madeAt(handlers[i + 2]);
        values.define(caught, caughtType(i));
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
    int value = values.madeAt(at);
    if (follow) {
      values.setType(value, type);
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
    push(values.isNumber(value) ? value : any);
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
      draft.begin(block, at);
      for (int i = 0; i < handlers.length; i += 4) {
        if (handlers[i + 2] == at) {
          draft.emit(line, Body.UNKNOWN, values.madeAt(at));
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
          Bytecode.targets(code, at, target -> draft.always(blockOf(target)));
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
          draft.end(next);
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
          draft.always(blockOf(next));
        }
        return;
      }
      if (follows >= 0) {
        draft.end(next);
        draft.begin(follows, next);
      }
      at = next;
    }
  }

  /** An exception may be thrown wherever a block runs. */
  private void toHandlersFrom(int at) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (at >= handlers[i] && at < handlers[i + 1] && told[i / 4] != draft.block() + 1) {
        told[i / 4] = draft.block() + 1;
        draft.always(blockOf(handlers[i + 2]));
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
          draft.emit(line, Body.RETURN, value);
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
          draft.emit(line, Body.RETURN, value);
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
          draft.emit(line, Body.NEW, values.madeAt(at), type);
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
            draft.emit(line, Body.MOVE, from, values.madeAt(at));
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
      if (values.isNumber(state[slot])) {
        state[slot] = any;
      }
    }
  }

  private int className(int at) {
    return constants.className(Bytecode.unsigned(code, at + 1));
  }

  private void result(int at, int type) {
    int value = values.madeAt(at);
    values.define(value, type);
    push(value);
  }

  private void element(int at) {
    pop(1);
    int array = pop();
    int type = object;
    if (array != NONE && values.type(array) != 0 && names.isArray(values.type(array) - 1)) {
      type = names.elementOf(values.type(array) - 1, object);
    }
    result(at, type);
    if (writing) {
      draft.emit(line, Body.UNKNOWN, values.madeAt(at));
    }
  }

  private void load(int at, int index) {
    int value = values.madeAt(at);
    switch (constants.tag(index)) {
      case Constants.INTEGER -> constant(at, constants.integer(index));
      case 4 -> pushAny(1);
      case Constants.LONG, Constants.DOUBLE -> pushAny(2);
      case Constants.CLASS -> {
        result(at, names.of("java/lang/Class"));
        if (writing) {
          draft.emit(line, Body.CLASS, value, constants.className(index));
        }
      }
      case Constants.STRING -> {
        result(at, names.of("java/lang/String"));
        if (writing) {
          draft.emit(line, Body.STRING, value, constants.string(index, 300));
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
      draft.emit(line, Body.UNKNOWN, value);
    }
  }

  private void handle(int index) {
    if (writing) {
      draft.emit(line, Body.HANDLE, constants.handleKind(index), constants.handleMember(index));
    }
  }

  private void bootstrap(int dynamic) {
    bootstrap(dynamic, 0);
  }

  private void bootstrap(int dynamic, int nested) {
    if (nested > MOST_NESTED) {
      throw new IllegalArgumentException("its dynamic constants contain each other");
    }
    int at = bootstraps.at(dynamic);
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
      value = values.madeAt(at);
    } else if (gets && !isReference) {
      pushAny(slots);
    } else if (gets) {
      result(at, names.of(Signature.ofField(descriptor)));
      value = values.madeAt(at);
    }
    if (writing && (isStatic || isReference || isNumber)) {
      draft.emit(line, gets ? Body.GET : Body.PUT, member, value, isStatic ? 1 : 0);
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
    draft.emit(line, operation);
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
      return values.madeAt(at);
    }
    if (shape.result() < 0) {
      pushAny(shape.signature().result());
      return NONE;
    }
    result(at, shape.result());
    return values.madeAt(at);
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
    switch (bootstraps.maker(call)) {
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
      draft.emit(line, Body.IMPLICIT, value, names.of(selector));
    }
  }

  /** The bootstrap of a record reads every component and asks it the same question. */
  private void record(int call) {
    int at = bootstraps.at(call);
    for (int i = 0; i < constants.u2(at + 2); i++) {
      int argument = constants.u2(at + 4 + 2 * i);
      if (constants.tag(argument) != Constants.HANDLE) {
        continue;
      }
      int field = constants.handleMember(argument);
      String type =
          Signature.ofField(names.text(names.selectorDescriptor(names.memberSelector(field))));
      if (!type.isEmpty() && type.charAt(0) != '[') {
        int value = values.add(names.of(type) + 1);
        draft.emit(line, Body.GET, field, value, 0);
        implicit(value, names.text(constants.dynamicName(call)));
      }
    }
  }

  private void lambda(int call, int result, int[] captured) {
    Optional<ClassFacts.Lambda> lambda = bootstraps.lambda(call);
    if (lambda.isEmpty()) {
      bootstrap(call);
      unknown(result);
      return;
    }
    draft.lambdas.add(lambda.get());
    int[] operation = new int[4 + captured.length];
    operation[0] = Body.LAMBDA;
    operation[1] = result;
    operation[2] = draft.lambdas.size() - 1;
    operation[3] = captured.length;
    System.arraycopy(captured, 0, operation, 4, captured.length);
    draft.emit(line, operation);
  }
}
