package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import underpin.program.Bytecode;
import underpin.program.graph.Types.Member;
import underpin.program.graph.Types.Method;
import underpin.program.graph.Types.Type;
import underpin.program.graph.Value.Reference;
import underpin.program.graph.Value.Thing;

/**
 * Runs one method with what is known of its arguments instead of values. Each branch that those
 * decide is followed one way, each other both ways; first until nothing changes at any branch
 * target, then once more to write the calls down. Any instruction may throw: its handlers are
 * followed, and what runs only after an exception is told apart.
 */
final class Interpretation {
  /**
   * A call that is made if execution gets to its place.
   *
   * @param target what is called
   * @param arguments the receiver first
   * @param initialises whether it is a static initialiser, which runs here if it has not before
   * @param caught whether it is made only after an exception was caught
   */
  record Call(
      int line, Method target, List<Value> arguments, boolean initialises, boolean caught) {}

  /**
   * A call that is not known closely enough.
   *
   * @param meanings how many methods it may mean; 0 if that is not known
   */
  record Vague(int line, String name, int meanings) {}

  /**
   * @param result empty if it does not return
   * @param made what is known of the fields of what a constructor made
   * @param statics what is known of its class's static fields when a static initialiser is through
   * @param whole whether all of it was followed
   */
  record Outcome(
      List<Call> calls,
      List<Vague> vague,
      Optional<Value> result,
      Map<String, Value> made,
      Map<String, Value> statics,
      boolean whole) {}

  private static final int MOST_STEPS = 20_000;

  private final Replay world;
  private final Types types;
  private final Method method;
  private final Type owner;
  private final int level;
  private final Code code;
  private final Constants constants;
  private final byte[] bytes;

  /** The state at the instruction. */
  private Value[] locals;

  private Value[] stack;
  private int depth;
  private Map<String, Value> self;
  private Map<String, Value> statics = Map.of();
  private boolean caught;

  private final Map<Integer, State> entries = new HashMap<>();
  private final Deque<Integer> open = new ArrayDeque<>();
  private final boolean[] leaders;
  private boolean writing;
  private int steps;
  private final List<Call> calls = new ArrayList<>();
  private final List<Vague> vague = new ArrayList<>();
  private @Nullable Value result;
  private @Nullable Map<String, Value> made;
  private @Nullable Map<String, Value> staticsMade;

  /** At a branch target. */
  private static final class State {
    Value[] locals;
    Value[] stack;
    Map<String, Value> self;
    Map<String, Value> statics;
    boolean caught;

    State(
        Value[] locals,
        Value[] stack,
        Map<String, Value> self,
        Map<String, Value> statics,
        boolean caught) {
      this.locals = locals;
      this.stack = stack;
      this.self = self;
      this.statics = statics;
      this.caught = caught;
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("followed far enough", null, false, false);
    }
  }

  private Interpretation(Replay world, Method method, Code code, List<Value> arguments, int level) {
    this.world = world;
    this.types = world.types;
    this.method = method;
    this.owner = method.owner;
    this.level = level;
    this.code = code;
    this.constants = code.constants;
    this.bytes = code.bytes;
    this.locals = new Value[code.maxLocals + 1];
    this.stack = new Value[code.maxStack + 2];
    this.leaders = code.leaders;
    Arrays.fill(locals, Value.NUMBER);
    Arrays.fill(stack, Value.NUMBER);
    this.self = Map.of();
    int slot = 0;
    String shape = (method.isStatic() ? "" : "L") + method.signature.shape();
    for (int i = 0; i < shape.length() && i < arguments.size(); i++) {
      Value given = arguments.get(i);
      locals[slot] = given;
      slot += shape.charAt(i) == 'J' || shape.charAt(i) == 'D' ? 2 : 1;
    }
    if (!arguments.isEmpty() && isSelf(arguments.getFirst())) {
      this.self = ((Reference) arguments.getFirst()).things().getFirst().fields();
      locals[0] = Value.exact(self(((Reference) arguments.getFirst()).things().getFirst().type()));
    }
  }

  private static Thing self(Type type) {
    return new Thing(type, null, Map.of(), Thing.SELF);
  }

  private static boolean isSelf(Value value) {
    return value instanceof Reference reference
        && reference.things().size() == 1
        && reference.things().getFirst().fresh() == Thing.SELF;
  }

  /** {@return what it does} */
  static Outcome of(Replay world, Method method, Code code, List<Value> arguments, int level) {
    Interpretation one = new Interpretation(world, method, code, arguments, level);
    boolean whole = true;
    try {
      one.follow();
    } catch (Stopped tooLong) {
      whole = false;
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException broken) {
      // What no JVM would run; what was found up to there does not count.
      one.calls.clear();
      whole = false;
    }
    world.steps += one.steps;
    Value result = one.result;
    if (!whole) {
      one.calls.clear();
      result = world.unknownResult(method);
    }
    return new Outcome(
        List.copyOf(one.calls),
        List.copyOf(one.vague),
        Optional.ofNullable(result),
        whole && one.made != null ? world.telling(one.made) : Map.of(),
        whole && one.staticsMade != null ? world.telling(one.staticsMade) : Map.of(),
        whole);
  }

  private void follow() {
    merge(0);
    while (!open.isEmpty()) {
      walk(open.poll());
    }
    writing = true;
    result = null;
    made = null;
    staticsMade = null;
    for (int start : entries.keySet().stream().sorted().toList()) {
      walk(start);
    }
  }

  private void merge(int target) {
    if (writing) {
      return;
    }
    State known = entries.get(target);
    if (known == null) {
      entries.put(
          target, new State(locals.clone(), Arrays.copyOf(stack, depth), self, statics, caught));
      open.add(target);
      return;
    }
    if (known.stack.length != depth) {
      throw new IllegalArgumentException("the stack has two heights at one place");
    }
    boolean changed = known.caught && !caught;
    known.caught &= caught;
    for (int i = 0; i < locals.length; i++) {
      Value both = Value.join(known.locals[i], locals[i]);
      if (!both.equals(known.locals[i])) {
        known.locals[i] = both;
        changed = true;
      }
    }
    for (int i = 0; i < depth; i++) {
      Value both = Value.join(known.stack[i], stack[i]);
      if (!both.equals(known.stack[i])) {
        known.stack[i] = both;
        changed = true;
      }
    }
    Map<String, Value> both = Value.join(known.self, self);
    if (!both.equals(known.self)) {
      known.self = both;
      changed = true;
    }
    both = Value.join(known.statics, statics);
    if (!both.equals(known.statics)) {
      known.statics = both;
      changed = true;
    }
    if (changed && !open.contains(target)) {
      open.add(target);
    }
  }

  private void toHandlers(int at) {
    if (writing) {
      return;
    }
    for (int i = 0; i < code.handlers.length; i += 4) {
      if (at >= code.handlers[i] && at < code.handlers[i + 1]) {
        Value[] keptStack = stack;
        int keptDepth = depth;
        boolean keptCaught = caught;
        int type = code.handlers[i + 3];
        stack = stack.clone();
        stack[0] =
            Value.any(
                type == 0
                    ? types.of("java/lang/Throwable")
                    : types.named(constants.className(type)),
                false);
        depth = 1;
        caught = true;
        merge(code.handlers[i + 2]);
        stack = keptStack;
        depth = keptDepth;
        caught = keptCaught;
      }
    }
  }

  private void walk(int start) {
    State entry = entries.get(start);
    if (entry == null) {
      return;
    }
    locals = entry.locals.clone();
    Arrays.fill(stack, Value.NUMBER);
    System.arraycopy(entry.stack, 0, stack, 0, entry.stack.length);
    depth = entry.stack.length;
    self = entry.self;
    statics = entry.statics;
    caught = entry.caught;
    int at = start;
    toHandlers(at);
    while (true) {
      if (++steps > MOST_STEPS) {
        throw new Stopped();
      }
      if (startsRange(at)) {
        toHandlers(at);
      }
      if (!step(at)) {
        return;
      }
      at += Bytecode.length(bytes, at);
      if (at >= bytes.length) {
        throw new IllegalArgumentException("the code has no end");
      }
      if (leaders[at]) {
        merge(at);
        return;
      }
    }
  }

  private boolean startsRange(int at) {
    for (int i = 0; i < code.handlers.length; i += 4) {
      if (code.handlers[i] == at) {
        return true;
      }
    }
    return false;
  }

  // --- the stack ------------------------------------------------------------------------------

  private Value pop() {
    if (depth == 0) {
      throw new IllegalArgumentException("the stack is empty");
    }
    return stack[--depth];
  }

  private void pop(int slots) {
    for (int i = 0; i < slots; i++) {
      pop();
    }
  }

  private void push(Value value) {
    stack[depth++] = value;
  }

  private void pushNumbers(int slots) {
    for (int i = 0; i < slots; i++) {
      push(Value.NUMBER);
    }
  }

  private void store(int slot, Value value, int at) {
    locals[slot] = value;
    toHandlers(at);
  }

  // --- instructions ---------------------------------------------------------------------------

  /** {@return whether the next instruction follows} */
  private boolean step(int at) {
    int opcode = bytes[at] & 0xff;
    switch (opcode) {
      case Bytecode.NOP -> {}
      case 0x01 -> push(Value.NULL);
      case 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 -> push(Value.number(opcode - 3));
      case 0x10 -> push(Value.number(bytes[at + 1]));
      case 0x11 -> push(Value.number((short) Bytecode.unsigned(bytes, at + 1)));
      case Bytecode.LDC -> load(bytes[at + 1] & 0xff);
      case Bytecode.LDC_W, Bytecode.LDC2_W -> load(Bytecode.unsigned(bytes, at + 1));
      case 0x15, Bytecode.ALOAD -> push(locals[bytes[at + 1] & 0xff]);
      case 0x1a, 0x1b, 0x1c, 0x1d -> push(locals[opcode - 0x1a]);
      case 0x2a, 0x2b, 0x2c, 0x2d -> push(locals[opcode - 0x2a]);
      case Bytecode.AALOAD -> {
        pop(2);
        push(Value.any(types.object, true));
      }
      case 0x36, 0x38, Bytecode.ASTORE -> store(bytes[at + 1] & 0xff, pop(), at);
      case 0x37, 0x39 -> storeLong(bytes[at + 1] & 0xff, at);
      case 0x3b, 0x3c, 0x3d, 0x3e -> store(opcode - 0x3b, pop(), at);
      case 0x3f, 0x40, 0x41, 0x42 -> storeLong(opcode - 0x3f, at);
      case 0x43, 0x44, 0x45, 0x46 -> store(opcode - 0x43, pop(), at);
      case 0x47, 0x48, 0x49, 0x4a -> storeLong(opcode - 0x47, at);
      case 0x4b, 0x4c, 0x4d, 0x4e -> store(opcode - 0x4b, pop(), at);
      case Bytecode.IINC -> locals[bytes[at + 1] & 0xff] = Value.NUMBER;
      case 0x57 -> pop(1);
      case 0x58 -> pop(2);
      case 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f -> shuffle(opcode);
      case 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e -> {
        return branch(at, compared(opcode - 0x99, pop(), Value.number(0)));
      }
      case 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4 -> {
        Value b = pop();
        return branch(at, compared(opcode - 0x9f, pop(), b));
      }
      case 0xa5, 0xa6 -> {
        Optional<Boolean> same = same(pop(), pop());
        return branch(at, opcode == 0xa5 ? same : same.map(is -> !is));
      }
      case 0xc6, 0xc7 -> {
        Optional<Boolean> isNull = isNull(pop());
        return branch(at, opcode == 0xc6 ? isNull : isNull.map(is -> !is));
      }
      case 0xa7, 0xc8 -> {
        Bytecode.targets(bytes, at, this::merge);
        return false;
      }
      case 0xa8, 0xc9, 0xa9 -> throw new Stopped();
      case Bytecode.TABLESWITCH, Bytecode.LOOKUPSWITCH -> {
        choose(at, pop());
        return false;
      }
      case 0xac, Bytecode.ARETURN -> {
        returned(published(pop()));
        return false;
      }
      case 0xad, 0xae, 0xaf, 0xb1 -> {
        returned(Value.NUMBER);
        return false;
      }
      case Bytecode.GETSTATIC -> {
        return getStatic(at);
      }
      case Bytecode.PUTSTATIC -> {
        return putStatic(at);
      }
      case Bytecode.GETFIELD -> {
        return getField(at);
      }
      case Bytecode.PUTFIELD -> {
        return putField(at);
      }
      case Bytecode.INVOKEVIRTUAL,
          Bytecode.INVOKESPECIAL,
          Bytecode.INVOKESTATIC,
          Bytecode.INVOKEINTERFACE -> {
        return call(at, opcode);
      }
      case Bytecode.INVOKEDYNAMIC -> dynamic(at);
      case Bytecode.NEW -> {
        Type type = type(at);
        initialise(at, type);
        push(Value.exact(new Thing(type, null, Map.of(), at)));
      }
      case 0xbc, Bytecode.ANEWARRAY -> {
        pop(1);
        push(new Reference(false, List.of(), types.object));
      }
      case Bytecode.MULTIANEWARRAY -> {
        pop(bytes[at + 3] & 0xff);
        push(new Reference(false, List.of(), types.object));
      }
      case 0xbe -> {
        Value array = pop();
        push(Value.NUMBER);
        return isNull(array).filter(is -> is).isEmpty();
      }
      case Bytecode.ATHROW -> {
        return false;
      }
      case Bytecode.CHECKCAST -> {
        return cast(at);
      }
      case Bytecode.INSTANCEOF -> push(instance(at, pop()));
      case Bytecode.WIDE -> wide(at);
      case 0x53 -> pop(3);
      default -> plain(opcode);
    }
    return true;
  }

  private void storeLong(int slot, int at) {
    pop(2);
    locals[slot + 1] = Value.NUMBER;
    store(slot, Value.NUMBER, at);
  }

  private void plain(int opcode) {
    int effect = Bytecode.EFFECT[opcode];
    if (effect == Bytecode.NO_EFFECT_KNOWN) {
      throw new IllegalArgumentException("opcode " + opcode);
    }
    pop(effect >> 4);
    pushNumbers(effect & 0xf);
  }

  private void wide(int at) {
    int opcode = bytes[at + 1] & 0xff;
    int slot = Bytecode.unsigned(bytes, at + 2);
    switch (opcode) {
      case 0x15, Bytecode.ALOAD -> push(locals[slot]);
      case 0x36, 0x38, Bytecode.ASTORE -> store(slot, pop(), at);
      case 0x37, 0x39 -> storeLong(slot, at);
      case Bytecode.IINC -> locals[slot] = Value.NUMBER;
      default -> plain(opcode);
    }
  }

  private void shuffle(int opcode) {
    Value a = pop();
    if (opcode == 0x59) {
      pushAll(a, a);
      return;
    }
    Value b = pop();
    switch (opcode) {
      case 0x5f -> pushAll(a, b);
      case 0x5a -> pushAll(a, b, a);
      case 0x5c -> pushAll(b, a, b, a);
      case 0x5b -> {
        Value c = pop();
        pushAll(a, c, b, a);
      }
      case 0x5d -> {
        Value c = pop();
        pushAll(b, a, c, b, a);
      }
      default -> {
        Value c = pop();
        Value d = pop();
        pushAll(b, a, d, c, b, a);
      }
    }
  }

  private void pushAll(Value... all) {
    for (Value value : all) {
      push(value);
    }
  }

  private Type type(int at) {
    return types.named(constants.className(Bytecode.unsigned(bytes, at + 1)));
  }

  private void load(int index) {
    switch (constants.tag(index)) {
      case 3 -> push(Value.number(constants.integer(index)));
      case 4 -> push(Value.NUMBER);
      case Constants.LONG, Constants.DOUBLE -> pushNumbers(2);
      case Constants.CLASS -> {
        String name = types.names.text(constants.className(index));
        push(
            Value.exact(
                name.startsWith("[")
                    ? Thing.of(types.classType)
                    : Thing.of(types.classType, types.of(name))));
      }
      case Constants.STRING ->
          push(
              Value.exact(
                  Thing.of(types.string, types.names.text(constants.string(index, LONGEST_TEXT)))));
      case Constants.HANDLE -> push(Value.any(types.of("java/lang/invoke/MethodHandle"), false));
      case Constants.METHOD_TYPE -> push(Value.any(types.of("java/lang/invoke/MethodType"), false));
      case Constants.DYNAMIC -> pushUnknown(types.names.text(constants.dynamicDescriptor(index)));
      default -> throw new IllegalArgumentException("a constant that cannot be loaded");
    }
  }

  private static final int LONGEST_TEXT = 300;

  private void pushUnknown(String descriptor) {
    switch (descriptor.charAt(0)) {
      case 'V' -> {}
      case 'J', 'D' -> pushNumbers(2);
      default -> push(world.unknown(descriptor));
    }
  }

  // --- branches -------------------------------------------------------------------------------

  /** {@return whether the next instruction follows} */
  private boolean branch(int at, Optional<Boolean> taken) {
    if (taken.orElse(true)) {
      Bytecode.targets(bytes, at, this::merge);
    }
    return !taken.orElse(false);
  }

  private static Optional<Boolean> compared(int how, Value a, Value b) {
    if (!(a instanceof Value.Number(boolean aKnown, int x))
        || !(b instanceof Value.Number(boolean bKnown, int y))
        || !aKnown
        || !bKnown) {
      return Optional.empty();
    }
    return Optional.of(
        switch (how) {
          case 0 -> x == y;
          case 1 -> x != y;
          case 2 -> x < y;
          case 3 -> x >= y;
          case 4 -> x > y;
          default -> x <= y;
        });
  }

  private static Optional<Boolean> isNull(Value value) {
    if (!(value instanceof Reference reference)) {
      return Optional.empty();
    }
    return reference.isNull()
        ? Optional.of(true)
        : reference.nullable() ? Optional.empty() : Optional.of(false);
  }

  private Optional<Boolean> same(Value a, Value b) {
    if (!(a instanceof Reference x) || !(b instanceof Reference y)) {
      return Optional.empty();
    }
    if (x.isNull() || y.isNull()) {
      return x.isNull() ? isNull(y) : isNull(x);
    }
    if (x.nullable() && y.nullable() || x.isOpen() || y.isOpen()) {
      return Optional.empty();
    }
    for (Thing one : x.things()) {
      for (Thing other : y.things()) {
        if (!isOther(one, other)) {
          return isOneClass(x) && isOneClass(y) && !x.nullable() && !y.nullable()
              ? Optional.of(true)
              : Optional.empty();
        }
      }
    }
    return Optional.of(false);
  }

  private static boolean isOneClass(Reference value) {
    return value.things().size() == 1 && value.things().getFirst().what() instanceof Type;
  }

  /** {@return whether they cannot be one object} */
  private static boolean isOther(Thing one, Thing other) {
    if (one.type() != other.type()) {
      return true;
    }
    if (one.what() instanceof Type a && other.what() instanceof Type b) {
      return a != b;
    }
    // Of enum constants, the ordinal says it.
    Value a = one.fields().get(Replay.ORDINAL);
    Value b = other.fields().get(Replay.ORDINAL);
    return a instanceof Value.Number(boolean aKnown, int x)
        && b instanceof Value.Number(boolean bKnown, int y)
        && aKnown
        && bKnown
        && x != y;
  }

  private void choose(int at, Value key) {
    if (!(key instanceof Value.Number(boolean known, int value)) || !known) {
      Bytecode.targets(bytes, at, this::merge);
      return;
    }
    int aligned = (at + 4) & ~3;
    int target = at + Bytecode.signed(bytes, aligned);
    if ((bytes[at] & 0xff) == Bytecode.TABLESWITCH) {
      int low = Bytecode.signed(bytes, aligned + 4);
      int high = Bytecode.signed(bytes, aligned + 8);
      if (value >= low && value <= high) {
        target = at + Bytecode.signed(bytes, aligned + 12 + 4 * (value - low));
      }
    } else {
      for (int i = 0; i < Bytecode.signed(bytes, aligned + 4); i++) {
        if (Bytecode.signed(bytes, aligned + 8 + 8 * i) == value) {
          target = at + Bytecode.signed(bytes, aligned + 12 + 8 * i);
        }
      }
    }
    merge(target);
  }

  private boolean cast(int at) {
    String name = types.names.text(constants.className(Bytecode.unsigned(bytes, at + 1)));
    Value value = pop();
    if (!(value instanceof Reference reference)) {
      throw new IllegalArgumentException("a number is cast");
    }
    if (name.startsWith("[")) {
      push(reference);
      return true;
    }
    Reference narrowed = world.narrowed(reference, types.of(name));
    push(narrowed);
    return !narrowed.isNull() || narrowed.nullable();
  }

  private Value instance(int at, Value value) {
    String name = types.names.text(constants.className(Bytecode.unsigned(bytes, at + 1)));
    if (!(value instanceof Reference reference) || name.startsWith("[")) {
      return Value.NUMBER;
    }
    Type type = types.of(name);
    Reference fits = world.narrowed(reference, type);
    if (fits.things().isEmpty() && !fits.isOpen()) {
      return Value.number(0);
    }
    boolean always =
        !reference.nullable()
            && (reference.isOpen()
                ? Value.bound(reference).is(type)
                : fits.things().size() == reference.things().size());
    return always ? Value.number(1) : Value.NUMBER;
  }

  // --- fields ---------------------------------------------------------------------------------

  private Member member(int at) {
    return types.member(constants.member(Bytecode.unsigned(bytes, at + 1)));
  }

  private boolean getStatic(int at) {
    Member member = member(at);
    Type declaring = Solver.fieldOwner(member.owner, member);
    initialise(at, declaring);
    if (member.descriptor.equals("J") || member.descriptor.equals("D")) {
      pushNumbers(2);
      return true;
    }
    if (declaring == owner && method.name.equals("<clinit>")) {
      Value known = statics.get(member.name + member.descriptor);
      push(known == null ? world.unknown(member.descriptor) : known);
    } else {
      push(world.staticField(declaring, member, level));
    }
    return true;
  }

  private boolean putStatic(int at) {
    Member member = member(at);
    Type declaring = Solver.fieldOwner(member.owner, member);
    initialise(at, declaring);
    boolean isLong = member.descriptor.equals("J") || member.descriptor.equals("D");
    Value value = published(pop());
    if (isLong) {
      pop(1);
    } else if (declaring == owner && method.name.equals("<clinit>")) {
      Map<String, Value> more = new TreeMap<>(statics);
      more.put(member.name + member.descriptor, value);
      statics = more;
    }
    return true;
  }

  private boolean getField(int at) {
    Member member = member(at);
    Value from = pop();
    if (member.descriptor.equals("J") || member.descriptor.equals("D")) {
      pushNumbers(2);
      return isNull(from).filter(is -> is).isEmpty();
    }
    if (!(from instanceof Reference object) || object.isNull()) {
      return false;
    }
    String key = world.settledField(member);
    Value all = null;
    if (!key.isEmpty() && !object.isOpen()) {
      for (Thing thing : object.things()) {
        Value value = (thing.fresh() == Thing.SELF ? self : thing.fields()).get(key);
        if (value == null) {
          all = null;
          break;
        }
        all = all == null ? value : Value.join(all, value);
      }
    }
    push(all == null ? world.unknown(member.descriptor) : all);
    return true;
  }

  private boolean putField(int at) {
    Member member = member(at);
    boolean isLong = member.descriptor.equals("J") || member.descriptor.equals("D");
    Value value = pop();
    if (isLong) {
      pop(1);
    }
    Value into = pop();
    if (isSelf(into) && !isLong) {
      String key = world.settledField(member);
      if (!key.isEmpty()) {
        Map<String, Value> more = new TreeMap<>(self);
        more.put(key, Value.cut(published(value), Value.DEEPEST));
        self = more;
      }
    }
    return isNull(into).filter(is -> is).isEmpty();
  }

  /** What leaves the method is no longer only being made. */
  private Value published(Value value) {
    if (!(value instanceof Reference reference) || reference.things().isEmpty()) {
      return value;
    }
    List<Thing> things = new ArrayList<>();
    boolean changed = false;
    for (Thing thing : reference.things()) {
      if (thing.fresh() == Thing.NOT_FRESH) {
        things.add(thing);
        continue;
      }
      changed = true;
      things.add(
          new Thing(
              thing.type(),
              null,
              thing.fresh() == Thing.SELF ? world.telling(self) : Map.of(),
              Thing.NOT_FRESH));
    }
    return changed
        ? new Reference(reference.nullable(), List.copyOf(things), reference.bound())
        : reference;
  }

  private void returned(Value value) {
    result = result == null ? value : Value.join(result, value);
    made = made == null ? self : Value.join(made, self);
    staticsMade = staticsMade == null ? statics : Value.join(staticsMade, statics);
  }

  // --- calls ----------------------------------------------------------------------------------

  private void initialise(int at, Type type) {
    if (!writing || type == owner) {
      return;
    }
    for (Type each = type; each != null; each = each.superType) {
      Method initialiser = each.declared.get(world.initialiser);
      if (initialiser != null && each.source != ClassSources.JDK && !owner.is(each)) {
        calls.add(new Call(code.line(at), initialiser, List.of(), true, caught));
      }
    }
  }

  /** {@return the arguments, one for each parameter, taken from the stack} */
  private List<Value> arguments(Signature signature, boolean receiver) {
    String shape = signature.shape();
    Value[] all = new Value[shape.length() + (receiver ? 1 : 0)];
    for (int i = all.length - 1, p = shape.length() - 1; p >= 0; i--, p--) {
      char kind = shape.charAt(p);
      if (kind == 'J' || kind == 'D') {
        pop(1);
      }
      all[i] = pop();
    }
    if (receiver) {
      all[0] = pop();
    }
    return new ArrayList<>(Arrays.asList(all));
  }

  private boolean call(int at, int opcode) {
    Member member = member(at);
    boolean isStatic = opcode == Bytecode.INVOKESTATIC;
    List<Value> given =
        arguments(
            types.names.shape(types.names.selectorDescriptor(member.selector)).signature(),
            !isStatic);
    Method target = world.resolved(member);
    if (opcode == Bytecode.INVOKESPECIAL && member.name.equals("<init>")) {
      return construct(at, target, given);
    }
    List<Value> arguments = new ArrayList<>(given.size());
    given.forEach(value -> arguments.add(published(value)));
    if (isStatic) {
      if (target == null) {
        pushUnknown(resultType(member));
        return true;
      }
      initialise(at, target.owner);
      return called(at, member, List.of(target), List.of(arguments));
    }
    if (!(arguments.getFirst() instanceof Reference receiver) || receiver.isNull()) {
      return false;
    }
    if (target == null) {
      pushUnknown(resultType(member));
      return true;
    }
    arguments.set(0, new Reference(false, receiver.things(), receiver.bound()));
    if (opcode == Bytecode.INVOKESPECIAL) {
      return called(
          at, member, List.of(types.superMethod(owner, member, target)), List.of(arguments));
    }
    return virtual(at, member, target, arguments);
  }

  private static String resultType(Member member) {
    return member.descriptor.substring(member.descriptor.indexOf(')') + 1);
  }

  private boolean virtual(int at, Member member, Method target, List<Value> arguments) {
    if (target.is(ACC_PRIVATE)
        || target.is(ACC_FINAL)
        || target.owner.isFinal() && !target.is(ACC_ABSTRACT)) {
      return called(at, member, List.of(target), List.of(arguments));
    }
    Reference receiver = world.narrowed((Reference) arguments.getFirst(), member.owner);
    if (receiver.isNull()) {
      return false;
    }
    List<Method> targets = new ArrayList<>();
    List<List<Value>> given = new ArrayList<>();
    if (!receiver.isOpen()) {
      for (Thing thing : receiver.things()) {
        Method found = types.dispatch(thing.type(), member.selector);
        if (found != null && !found.is(ACC_ABSTRACT)) {
          add(found, Value.exact(thing), arguments, targets, given);
        }
      }
      if (targets.isEmpty()) {
        return false;
      }
      return called(at, member, targets, given);
    }
    Replay.Meant meant = world.meant(method, code.line(at), member, receiver);
    if (meant.method().isEmpty()) {
      if (writing) {
        vague.add(new Vague(code.line(at), member.name, meant.count()));
      }
      pushUnknown(resultType(member));
      return true;
    }
    Method found = meant.method().get();
    Type narrower = found.owner.is(Value.bound(receiver)) ? found.owner : Value.bound(receiver);
    add(found, Value.any(narrower, false), arguments, targets, given);
    return called(at, member, targets, given);
  }

  private static void add(
      Method target,
      Value receiver,
      List<Value> arguments,
      List<Method> targets,
      List<List<Value>> given) {
    int known = targets.indexOf(target);
    if (known >= 0 && target.lambda == null) {
      List<Value> before = new ArrayList<>(given.get(known));
      before.set(0, Value.join(before.getFirst(), receiver));
      given.set(known, before);
      return;
    }
    List<Value> all = new ArrayList<>(arguments);
    all.set(0, receiver);
    targets.add(target);
    given.add(all);
  }

  /** {@return whether the call returns} */
  private boolean called(int at, Member member, List<Method> targets, List<List<Value>> arguments) {
    String type = resultType(member);
    Value all = null;
    for (int i = 0; i < targets.size(); i++) {
      Replay.Direct direct = world.direct(targets.get(i), arguments.get(i));
      if (direct.target().isPresent()) {
        note(at, direct.target().get(), direct.arguments());
      }
      Optional<Value> value = world.result(direct, targets.get(i), level);
      if (value.isPresent()) {
        all = all == null ? value.get() : Value.join(all, value.get());
      }
    }
    for (Method target : world.runs(member)) {
      run(at, target, arguments.getFirst());
    }
    if (all == null) {
      return false;
    }
    switch (type.charAt(0)) {
      case 'V' -> {}
      case 'J', 'D' -> pushNumbers(2);
      case 'L' -> {
        Value fits =
            all instanceof Reference reference
                ? world.narrowed(reference, types.of(type.substring(1, type.length() - 1)))
                : world.unknown(type);
        push(fits);
      }
      case '[' -> push(all instanceof Reference ? all : world.unknown(type));
      default -> push(all instanceof Value.Number ? all : Value.NUMBER);
    }
    return true;
  }

  /** The JVM calls a method of the receiver, such as that of a thread that is started. */
  private void run(int at, Method declared, List<Value> arguments) {
    if (!(arguments.getFirst() instanceof Reference receiver) || receiver.isOpen()) {
      return;
    }
    for (Thing thing : receiver.things()) {
      Method found = types.dispatch(thing.type(), declared.selector);
      if (found != null && found.hasCode()) {
        Replay.Direct direct = world.direct(found, List.of(Value.exact(thing)));
        direct.target().ifPresent(target -> note(at, target, direct.arguments()));
      }
    }
  }

  private void note(int at, Method target, List<Value> arguments) {
    if (writing && target.hasCode()) {
      calls.add(new Call(code.line(at), target, List.copyOf(arguments), false, caught));
    }
  }

  private boolean construct(int at, @Nullable Method target, List<Value> given) {
    if (!(given.getFirst() instanceof Reference receiver)) {
      return false;
    }
    List<Value> arguments = new ArrayList<>(given.size());
    given.forEach(value -> arguments.add(published(value)));
    Thing thing = receiver.things().size() == 1 ? receiver.things().getFirst() : Thing.of(owner);
    boolean ofSelf = thing.fresh() == Thing.SELF;
    arguments.set(
        0,
        Value.exact(
            new Thing(thing.type(), null, ofSelf ? world.telling(self) : Map.of(), Thing.SELF)));
    Map<String, Value> fields = ofSelf ? self : Map.of();
    if (target != null) {
      note(at, target, arguments);
      Optional<Map<String, Value>> made = world.made(target, arguments, level);
      if (made.isEmpty()) {
        return false;
      }
      Map<String, Value> more = new TreeMap<>(fields);
      more.putAll(made.get());
      fields = more;
    }
    if (ofSelf) {
      self = fields;
    } else {
      Value done =
          Value.cut(
              Value.exact(new Thing(thing.type(), null, world.telling(fields), Thing.NOT_FRESH)),
              Value.DEEPEST);
      replace(locals, locals.length, thing, done);
      replace(stack, depth, thing, done);
    }
    return true;
  }

  private static void replace(Value[] all, int length, Thing fresh, Value done) {
    for (int i = 0; i < length; i++) {
      if (all[i] instanceof Reference reference
          && reference.things().size() == 1
          && reference.things().getFirst().fresh() == fresh.fresh()
          && fresh.fresh() != Thing.NOT_FRESH) {
        all[i] = done;
      }
    }
  }

  private void dynamic(int at) {
    int call = Bytecode.unsigned(bytes, at + 1);
    Signature signature = types.names.shape(constants.dynamicDescriptor(call)).signature();
    String descriptor = types.names.text(constants.dynamicDescriptor(call));
    List<Value> arguments = new ArrayList<>();
    arguments(signature, false).forEach(value -> arguments.add(published(value)));
    Optional<ClassFacts.Lambda> lambda =
        code.bootstraps.maker(call).equals("java/lang/invoke/LambdaMetafactory")
            ? code.bootstraps.lambda(call)
            : Optional.empty();
    if (lambda.isEmpty()) {
      pushUnknown(descriptor.substring(descriptor.indexOf(')') + 1));
      return;
    }
    Map<String, Value> captured = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      captured.put(String.valueOf(i), Value.cut(arguments.get(i), Value.DEEPEST));
    }
    push(
        Value.exact(
            new Thing(
                world.lambda(method, at, lambda.get()),
                null,
                Map.copyOf(captured),
                Thing.NOT_FRESH)));
  }
}
