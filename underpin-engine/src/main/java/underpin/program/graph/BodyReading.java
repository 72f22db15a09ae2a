package underpin.program.graph;

import java.lang.classfile.Attributes;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.ConstantPool;
import java.lang.classfile.constantpool.DynamicConstantPoolEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ExceptionCatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import underpin.program.Bytecode;

/**
 * Follows references through the code of one method, as the verifier does (JVMS 4.10.2): each
 * operand stack slot and local variable holds the number of the instruction that made the value.
 * First until nothing changes at any branch target, then once more to write the operations down.
 */
final class BodyReading {
  /** No reference: a number, null, or nothing. */
  private static final int NONE = 0;

  private static final String OBJECT = "java/lang/Object";
  private static final String THROWABLE = "java/lang/Throwable";

  /** Beyond it a method is read without following values; javac makes none as long. */
  private static final int MOST_SLOTS = 4_000_000;

  private final ClassFacts facts;
  private final ConstantPool pool;
  private final byte[] code;
  private final int maxLocals;
  private final int width;
  private final int parameters;

  /** By value: the number of its static type + 1; 0 is not known yet. */
  private int[] types;

  private int values;

  /** By offset: its number as a block + 1, or 0. */
  private final int[] blockAt;

  private final List<int[]> entries = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();
  private int[] offsets = new int[16];
  private final boolean[] queued;
  private final int[] handlers;
  private final Map<Long, Integer> phis = new HashMap<>();
  private final Map<Integer, int[]> phiInputs = new HashMap<>();
  private boolean lowered;
  private final int[] lines;
  private final List<String> parameterTypes;

  /** The number of Object + 1. */
  private final int object;

  /** The state at the instruction: local variables, then the stack. */
  private final int[] state;

  private int depth;

  private int[] out = new int[64];
  private int used;
  private boolean writing;
  private int lastLine;

  /** Where the last line was written down. */
  private int lineAt = -3;

  private BodyReading(
      ClassFacts facts,
      ConstantPool pool,
      CodeAttribute attribute,
      String descriptor,
      boolean isStatic) {
    this.facts = facts;
    this.pool = pool;
    this.code = attribute.codeArray();
    this.object = facts.number(OBJECT) + 1;
    Signature signature = Signature.of(descriptor);
    this.maxLocals = attribute.maxLocals();
    this.width = maxLocals + attribute.maxStack() + 2;
    this.blockAt = new int[code.length + 1];
    this.state = new int[width];
    this.handlers = handlers(attribute);
    this.lines = lines(attribute);
    leaders();
    this.queued = new boolean[entries.size()];
    this.parameterTypes = new ArrayList<>();
    int slot = 0;
    if (!isStatic) {
      parameterTypes.add(facts.name);
      state[slot++] = 1;
    }
    for (int i = 0; i < signature.references().length; i++) {
      parameterTypes.add(signature.types().get(i));
      int at = slot + signature.references()[i];
      if (at >= maxLocals) {
        throw new IllegalArgumentException("more parameters than local variables");
      }
      state[at] = parameterTypes.size();
    }
    this.parameters = parameterTypes.size();
    this.values = parameters + code.length + 1;
    this.types = new int[values + 16];
    for (int i = 0; i < parameters; i++) {
      types[i + 1] = facts.number(parameterTypes.get(i)) + 1;
    }
  }

  /**
   * @throws IllegalArgumentException if the code is not what a JVM would run
   */
  static Body read(
      ClassFacts facts,
      ConstantPool pool,
      CodeAttribute attribute,
      String descriptor,
      boolean isStatic) {
    BodyReading reading = new BodyReading(facts, pool, attribute, descriptor, isStatic);
    if ((long) reading.entries.size() * reading.width > MOST_SLOTS) {
      throw new IllegalArgumentException("the method has too many branches");
    }
    return reading.body();
  }

  private static int[] handlers(CodeAttribute attribute) {
    List<ExceptionCatch> all = attribute.exceptionHandlers();
    int[] found = new int[all.size() * 4];
    for (int i = 0; i < all.size(); i++) {
      ExceptionCatch handler = all.get(i);
      found[i * 4] = attribute.labelToBci(handler.tryStart());
      found[i * 4 + 1] = attribute.labelToBci(handler.tryEnd());
      found[i * 4 + 2] = attribute.labelToBci(handler.handler());
      found[i * 4 + 3] = handler.catchType().map(ClassEntry::index).orElse(0);
    }
    return found;
  }

  /** {@return offset, line, offset, line, ...} */
  private static int[] lines(CodeAttribute attribute) {
    List<LineNumberInfo> all =
        attribute.findAttribute(Attributes.lineNumberTable()).stream()
            .flatMap(table -> table.lineNumbers().stream())
            .sorted(java.util.Comparator.comparingInt(LineNumberInfo::startPc))
            .toList();
    int[] found = new int[all.size() * 2];
    for (int i = 0; i < all.size(); i++) {
      found[i * 2] = all.get(i).startPc();
      found[i * 2 + 1] = all.get(i).lineNumber();
    }
    return found;
  }

  private int line(int at) {
    int low = 0;
    int high = lines.length / 2 - 1;
    int line = 0;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (lines[middle * 2] <= at) {
        line = lines[middle * 2 + 1];
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return line;
  }

  private void leaders() {
    leader(0);
    for (int i = 0; i < handlers.length; i += 4) {
      leader(handlers[i + 2]);
    }
    for (int at = 0; at < code.length; ) {
      int opcode = code[at] & 0xff;
      if (Bytecode.isBranch(opcode)) {
        Bytecode.targets(code, at, this::leader);
      }
      at += Bytecode.length(code, at);
    }
    // In the order of the code, so that most blocks are walked once.
    offsets = new int[entries.size()];
    int number = 0;
    for (int at = 0; at < code.length; at++) {
      if (blockAt[at] != 0) {
        offsets[number] = at;
        blockAt[at] = ++number;
      }
    }
  }

  private void leader(int at) {
    if (at < 0 || at >= code.length) {
      throw new IllegalArgumentException("a jump leaves the code");
    }
    if (blockAt[at] == 0) {
      blockAt[at] = 1;
      entries.add(null);
      depths.add(0);
    }
  }

  private Body body() {
    merge(0, state, 0);
    do {
      lowered = false;
      boolean again = true;
      while (again) {
        again = false;
        for (int block = 0; block < offsets.length; block++) {
          if (queued[block]) {
            queued[block] = false;
            walk(block);
            again = true;
          }
        }
      }
      if (lowered) {
        for (int block = 0; block < offsets.length; block++) {
          queued[block] = entries.get(block) != null;
        }
      }
    } while (lowered);
    writing = true;
    for (int block = 0; block < offsets.length; block++) {
      if (entries.get(block) != null) {
        walk(block);
      }
    }
    phiInputs.forEach((phi, inputs) -> {
      for (int i = 1; i <= inputs[0]; i++) {
        emit(Body.MOVE, inputs[i], phi);
      }
    });
    return renumbered();
  }

  /** Values that no operation needs, and those of arrays, lose their number. */
  private Body renumbered() {
    int[] numbers = new int[values + 1];
    Arrays.fill(numbers, Body.UNTRACKED);
    int[] kept = new int[16];
    int count = 0;
    for (int value = 1; value <= parameters; value++) {
      kept = Arrays.copyOf(kept, Math.max(kept.length, parameters));
      kept[count] = tracked(value) ? types[value] - 1 : Body.UNTRACKED;
      numbers[value] = tracked(value) ? count : Body.UNTRACKED;
      count++;
    }
    int[] code = new int[used];
    int length = 0;
    for (int at = 0; at < used; at += Body.length(out, at)) {
      int size = Body.length(out, at);
      long places = places(out, at);
      boolean useful = true;
      for (int i = 1; i < size; i++) {
        int operand = out[at + i];
        if (i < 64 ? (places >> i & 1) != 0 : true) {
          if (operand != NONE && tracked(operand)) {
            if (numbers[operand] == Body.UNTRACKED) {
              if (count == kept.length) {
                kept = Arrays.copyOf(kept, count * 2);
              }
              kept[count] = types[operand] - 1;
              numbers[operand] = count++;
            }
            operand = numbers[operand];
          } else {
            operand = Body.UNTRACKED;
            useful &= !mustBeTracked(out[at]);
          }
        }
        code[length + i] = operand;
      }
      code[length] = out[at];
      length += useful ? size : 0;
    }
    return new Body(Arrays.copyOf(kept, count), Arrays.copyOf(code, length));
  }

  private static boolean mustBeTracked(int operation) {
    return operation != Body.CALL
        && operation != Body.LINE
        && operation != Body.GET
        && operation != Body.PUT
        && operation != Body.LAMBDA
        && operation != Body.HANDLE;
  }

  /** {@return a bit for each operand that is a value} */
  private static long places(int[] code, int at) {
    return switch (code[at]) {
      case Body.NEW, Body.RETURN, Body.CLASS, Body.STRING, Body.UNKNOWN -> 0b10;
      case Body.MOVE -> 0b110;
      case Body.GET, Body.PUT -> 0b100;
      case Body.CALL -> ~0b10111L;
      case Body.LAMBDA -> ~0b1101L;
      case Body.IMPLICIT -> 0b10;
      default -> 0;
    };
  }

  private boolean tracked(int value) {
    return types[value] != 0 && facts.text(types[value] - 1).charAt(0) != '[';
  }

  private void emit(int... operation) {
    if (used + operation.length > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, used + operation.length));
    }
    System.arraycopy(operation, 0, out, used, operation.length);
    used += operation.length;
  }

  // --- states ---------------------------------------------------------------------------------

  private void merge(int block, int[] from, int stack) {
    int[] entry = entries.get(block);
    if (entry == null) {
      entry = Arrays.copyOf(from, maxLocals + stack);
      entries.set(block, entry);
      depths.set(block, stack);
      queued[block] = true;
      return;
    }
    if (depths.get(block) != stack) {
      throw new IllegalArgumentException("the stack has two heights at one place");
    }
    for (int slot = 0; slot < maxLocals + stack; slot++) {
      int now = from[slot];
      int known = entry[slot];
      if (now == NONE || now == known) {
        continue;
      }
      if (known == NONE) {
        entry[slot] = now;
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
    int type = types[input];
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
  private String caughtType(int handler) {
    for (int i = 0; i < handlers.length; i += 4) {
      if (handlers[i + 2] == handlers[handler + 2] && handlers[i + 3] != handlers[handler + 3]) {
        return THROWABLE;
      }
    }
    return handlers[handler + 3] == 0
        ? THROWABLE
        : ((ClassEntry) pool.entryByIndex(handlers[handler + 3])).asInternalName();
  }

  private void define(int value, String type) {
    int number = facts.number(type) + 1;
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

  private void pushNone(int slots) {
    for (int i = 0; i < slots; i++) {
      push(NONE);
    }
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
    int[] entry = entries.get(block);
    System.arraycopy(entry, 0, state, 0, entry.length);
    depth = depths.get(block);
    int at = offsets[block];
    if (writing) {
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
        mark(at);
      }
      boolean falls = step(at);
      int next = at + Bytecode.length(code, at);
      int opcode = code[at] & 0xff;
      if (!writing && Bytecode.isBranch(opcode) && !Bytecode.isSubroutineCall(opcode)) {
        Bytecode.targets(code, at, target -> merge(blockAt[target] - 1, state, depth));
      }
      if (!falls) {
        return;
      }
      if (next >= code.length) {
        throw new IllegalArgumentException("the code has no end");
      }
      if (blockAt[next] != 0) {
        if (!writing) {
          merge(blockAt[next] - 1, state, depth);
        }
        return;
      }
      at = next;
    }
  }

  /** Writes the line down, where it is another. */
  private void mark(int at) {
    int line = line(at);
    if (line != lastLine) {
      if (used == lineAt + 2) {
        used = lineAt;
      }
      lastLine = line;
      lineAt = used;
      emit(Body.LINE, line);
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
      case Bytecode.LDC -> load(at, pool.entryByIndex(code[at + 1] & 0xff));
      case Bytecode.LDC_W, Bytecode.LDC2_W ->
          load(at, pool.entryByIndex(Bytecode.unsigned(code, at + 1)));
      case Bytecode.ALOAD -> push(local(code[at + 1] & 0xff));
      case 0x2a, 0x2b, 0x2c, 0x2d -> push(local(opcode - 0x2a));
      case Bytecode.AALOAD -> element(at);
      case Bytecode.ASTORE -> store(code[at + 1] & 0xff, pop(), at);
      case 0x4b, 0x4c, 0x4d, 0x4e -> store(opcode - 0x4b, pop(), at);
      case 0x36, 0x38 -> number(code[at + 1] & 0xff, 1);
      case 0x37, 0x39 -> number(code[at + 1] & 0xff, 2);
      case 0x3b, 0x3c, 0x3d, 0x3e -> number(opcode - 0x3b, 1);
      case 0x3f, 0x40, 0x41, 0x42 -> number(opcode - 0x3f, 2);
      case 0x43, 0x44, 0x45, 0x46 -> number(opcode - 0x43, 1);
      case 0x47, 0x48, 0x49, 0x4a -> number(opcode - 0x47, 2);
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
      case 0xac, 0xad, 0xae, 0xaf, 0xb1 -> {
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
          field(at, opcode, (MemberRefEntry) pool.entryByIndex(Bytecode.unsigned(code, at + 1)));
      case Bytecode.INVOKEVIRTUAL,
          Bytecode.INVOKESPECIAL,
          Bytecode.INVOKESTATIC,
          Bytecode.INVOKEINTERFACE ->
          call(at, opcode, (MemberRefEntry) pool.entryByIndex(Bytecode.unsigned(code, at + 1)));
      case Bytecode.INVOKEDYNAMIC ->
          dynamic(at, (InvokeDynamicEntry) pool.entryByIndex(Bytecode.unsigned(code, at + 1)));
      case Bytecode.NEW -> {
        String type = className(at);
        result(at, type);
        if (writing) {
          emit(Body.NEW, parameters + at + 1, facts.number(type));
        }
      }
      case 0xbc -> {
        pop(1);
        result(at, "[I");
      }
      case Bytecode.ANEWARRAY -> {
        pop(1);
        String element = className(at);
        result(at, element.startsWith("[") ? "[" + element : "[L" + element + ";");
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
      case 0xc1 -> {
        pop(1);
        push(NONE);
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
    pushNone(effect & 0xf);
  }

  private void wide(int at) {
    int opcode = code[at + 1] & 0xff;
    int slot = Bytecode.unsigned(code, at + 2);
    switch (opcode) {
      case Bytecode.ALOAD -> push(local(slot));
      case Bytecode.ASTORE -> store(slot, pop(), at);
      case 0x36, 0x38 -> number(slot, 1);
      case 0x37, 0x39 -> number(slot, 2);
      default -> plain(opcode);
    }
  }

  /** A number is stored: what was in the variable is gone. */
  private void number(int slot, int slots) {
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
  }

  private String className(int at) {
    return ((ClassEntry) pool.entryByIndex(Bytecode.unsigned(code, at + 1))).asInternalName();
  }

  private void result(int at, String type) {
    int value = parameters + at + 1;
    define(value, type);
    push(value);
  }

  private void element(int at) {
    pop(1);
    int array = pop();
    String type = OBJECT;
    if (array != NONE && types[array] != 0) {
      String known = facts.text(types[array] - 1);
      if (known.startsWith("[")) {
        String element = Signature.ofField(known.substring(1));
        type = element.isEmpty() ? OBJECT : element;
      }
    }
    result(at, type);
    if (writing) {
      emit(Body.UNKNOWN, parameters + at + 1);
    }
  }

  private void load(int at, PoolEntry entry) {
    int value = parameters + at + 1;
    switch (entry) {
      case ClassEntry type -> {
        result(at, "java/lang/Class");
        if (writing) {
          emit(Body.CLASS, value, facts.number(type.asInternalName()));
        }
      }
      case StringEntry string -> {
        result(at, "java/lang/String");
        if (writing) {
          String text = string.stringValue();
          emit(Body.STRING, value, facts.number(text.length() > 300 ? "" : text));
        }
      }
      case MethodHandleEntry handle -> {
        handle(at, handle);
        result(at, "java/lang/invoke/MethodHandle");
        unknown(value);
      }
      case MethodTypeEntry _ -> {
        result(at, "java/lang/invoke/MethodType");
        unknown(value);
      }
      case ConstantDynamicEntry dynamic -> {
        bootstrap(at, dynamic);
        String type = dynamic.type().stringValue();
        String reference = Signature.ofField(type);
        if (reference.isEmpty()) {
          pushNone(type.equals("J") || type.equals("D") ? 2 : 1);
        } else {
          result(at, reference);
          unknown(value);
        }
      }
      case LoadableConstantEntry number -> pushNone(number.typeKind().slotSize());
      default -> throw new IllegalArgumentException("a constant that cannot be loaded");
    }
  }

  private void unknown(int value) {
    if (writing && value != NONE) {
      emit(Body.UNKNOWN, value);
    }
  }

  private void handle(int at, MethodHandleEntry handle) {
    if (!writing) {
      return;
    }
    MemberRefEntry member = handle.reference();
    int number =
        facts.member(
            member.owner().asInternalName(),
            member.name().stringValue(),
            member.type().stringValue());
    emit(Body.HANDLE, handle.kind(), number);
  }

  private void bootstrap(int at, DynamicConstantPoolEntry entry) {
    handle(at, entry.bootstrap().bootstrapMethod());
    for (LoadableConstantEntry argument : entry.bootstrap().arguments()) {
      switch (argument) {
        case MethodHandleEntry handle -> handle(at, handle);
        case ConstantDynamicEntry nested -> bootstrap(at, nested);
        default -> {}
      }
    }
  }

  private void field(int at, int opcode, MemberRefEntry member) {
    String descriptor = member.type().stringValue();
    String type = Signature.ofField(descriptor);
    int slots = descriptor.equals("J") || descriptor.equals("D") ? 2 : 1;
    boolean isStatic = opcode == Bytecode.GETSTATIC || opcode == Bytecode.PUTSTATIC;
    boolean gets = opcode == Bytecode.GETSTATIC || opcode == Bytecode.GETFIELD;
    int value = NONE;
    if (!gets) {
      value = type.isEmpty() ? NONE : state[maxLocals + depth - 1];
      pop(slots);
    }
    if (!isStatic) {
      pop(1);
    }
    if (gets && type.isEmpty()) {
      pushNone(slots);
    } else if (gets) {
      result(at, type);
      value = parameters + at + 1;
    }
    if (writing && (isStatic || !type.isEmpty())) {
      int number =
          facts.member(member.owner().asInternalName(), member.name().stringValue(), descriptor);
      emit(gets ? Body.GET : Body.PUT, number, value, isStatic ? 1 : 0);
    }
  }

  private void call(int at, int opcode, MemberRefEntry member) {
    String descriptor = member.type().stringValue();
    Signature signature = Signature.of(descriptor);
    boolean isStatic = opcode == Bytecode.INVOKESTATIC;
    int[] arguments = arguments(signature, !isStatic);
    int result = resultOf(at, signature);
    if (!writing) {
      return;
    }
    String owner = member.owner().asInternalName();
    // An array's methods are those of Object (JVMS 4.4.2).
    int number =
        facts.member(
            owner.startsWith("[") ? OBJECT : owner, member.name().stringValue(), descriptor);
    int kind =
        switch (opcode) {
          case Bytecode.INVOKEVIRTUAL -> Body.VIRTUAL;
          case Bytecode.INVOKEINTERFACE -> Body.INTERFACE;
          case Bytecode.INVOKESPECIAL -> Body.SPECIAL;
          default -> Body.STATIC;
        };
    int[] operation = new int[5 + arguments.length];
    operation[0] = Body.CALL;
    operation[1] = kind;
    operation[2] = number;
    operation[3] = result;
    operation[4] = arguments.length;
    System.arraycopy(arguments, 0, operation, 5, arguments.length);
    emit(operation);
  }

  private int[] arguments(Signature signature, boolean receiver) {
    int base = maxLocals + depth - signature.slots();
    int first = receiver ? 1 : 0;
    pop(signature.slots() + first);
    int[] arguments = new int[signature.references().length + first];
    if (receiver) {
      arguments[0] = state[base - 1];
    }
    for (int i = 0; i < signature.references().length; i++) {
      arguments[i + first] = state[base + signature.references()[i]];
    }
    return arguments;
  }

  private int resultOf(int at, Signature signature) {
    if (signature.resultType().isEmpty()) {
      pushNone(signature.result());
      return NONE;
    }
    result(at, signature.resultType());
    return parameters + at + 1;
  }

  private void dynamic(int at, InvokeDynamicEntry call) {
    Signature signature = Signature.of(call.type().stringValue());
    int[] arguments = arguments(signature, false);
    int result = resultOf(at, signature);
    if (!writing) {
      return;
    }
    String bootstrap = call.bootstrap().bootstrapMethod().reference().owner().asInternalName();
    switch (bootstrap) {
      case "java/lang/invoke/LambdaMetafactory" -> lambda(at, call, result, arguments);
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
        bootstrap(at, call);
        unknown(result);
      }
    }
  }

  private void implicit(int value, String selector) {
    if (value != NONE) {
      emit(Body.IMPLICIT, value, facts.number(selector));
    }
  }

  /** The bootstrap of a record reads every component and asks it the same question. */
  private void record(InvokeDynamicEntry call) {
    for (LoadableConstantEntry argument : call.bootstrap().arguments()) {
      if (argument instanceof MethodHandleEntry getter) {
        MemberRefEntry field = getter.reference();
        String type = Signature.ofField(field.type().stringValue());
        if (!type.isEmpty() && type.charAt(0) != '[') {
          int value = values++;
          if (value >= types.length) {
            types = Arrays.copyOf(types, types.length * 2);
          }
          types[value] = facts.number(type) + 1;
          int number =
              facts.member(
                  field.owner().asInternalName(),
                  field.name().stringValue(),
                  field.type().stringValue());
          emit(Body.GET, number, value, 0);
          implicit(value, call.name().stringValue());
        }
      }
    }
  }

  private void lambda(int at, InvokeDynamicEntry call, int result, int[] captured) {
    List<LoadableConstantEntry> all = call.bootstrap().arguments();
    if (all.size() < 3
        || !(all.get(0) instanceof MethodTypeEntry erased)
        || !(all.get(1) instanceof MethodHandleEntry implementation)
        || !(all.get(2) instanceof MethodTypeEntry dynamic)) {
      bootstrap(at, call);
      unknown(result);
      return;
    }
    List<String> descriptors = new ArrayList<>();
    descriptors.add(erased.descriptor().stringValue());
    for (LoadableConstantEntry argument : all.subList(3, all.size())) {
      if (argument instanceof MethodTypeEntry bridge) {
        descriptors.add(bridge.descriptor().stringValue());
      }
    }
    MemberRefEntry member = implementation.reference();
    int number =
        facts.lambda(
            new ClassFacts.Lambda(
                Signature.of(call.type().stringValue()).resultType(),
                call.name().stringValue(),
                descriptors.stream().distinct().toList(),
                implementation.kind(),
                facts.member(
                    member.owner().asInternalName(),
                    member.name().stringValue(),
                    member.type().stringValue()),
                dynamic.descriptor().stringValue(),
                call.type().stringValue()));
    int[] operation = new int[4 + captured.length];
    operation[0] = Body.LAMBDA;
    operation[1] = result;
    operation[2] = number;
    operation[3] = captured.length;
    System.arraycopy(captured, 0, operation, 4, captured.length);
    emit(operation);
  }
}
