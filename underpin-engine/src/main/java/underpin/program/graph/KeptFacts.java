package underpin.program.graph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * What earlier searches read of one jar or JDK, as {@link FactsRecord} wrote it: names, members and
 * classes as numbers of this file, a class with those of its bodies that were asked for. Nothing is
 * unpacked before it is asked for. Any thread may ask.
 *
 * <p>Numbers are checked where they are used: a file that says something else than a class file
 * could is as good as none.
 */
final class KeptFacts {
  /** Of the files: to be raised with each change of {@link Body}, {@link ClassFacts} or this. */
  static final int FORMAT = 2;

  static final int MAGIC = 0x55504346;

  /** What it is, its format, and the checksum of what follows. */
  static final int HEADER = 16;

  /** In the place of a body: it was not read; there is no code. Otherwise its length + NO_CODE. */
  static final int NOT_READ = 0;

  static final int NO_CODE = 1;

  /** Where a class lies: its block, the end of it. */
  record Block(int from, int to) {}

  final byte[] bytes;
  private final Names names;

  /** By name: where its modified UTF-8 begins, and its length. */
  private final int[] nameStarts;

  private final int[] nameLengths;

  /** Pairs: name, descriptor. */
  private final int[] selectors;

  /** Pairs: name of the class, selector. */
  private final int[] members;

  /** By number here: number in {@link Names} + 1. */
  private final int[] knownNames;

  private final int[] knownSelectors;
  private final int[] knownMembers;

  /** By number here: what its class name is. */
  private final int[] classNames;

  /** Of classes that were looked for in vain. */
  private final int[] absentNames;

  private final Set<String> absent = new HashSet<>();
  private final Block[] blocks;
  private final Map<String, Block> classes;
  private volatile boolean broken;

  private KeptFacts(byte[] file, Names names) {
    this.bytes = file;
    this.names = names;
    Reader in = new Reader(HEADER, file.length);
    this.nameStarts = new int[in.count()];
    this.nameLengths = new int[nameStarts.length];
    for (int i = 0; i < nameStarts.length; i++) {
      nameLengths[i] = in.count();
      nameStarts[i] = in.at;
      in.at += nameLengths[i];
    }
    this.selectors = pairs(in);
    this.members = pairs(in);
    this.knownNames = new int[nameStarts.length];
    this.knownSelectors = new int[selectors.length / 2];
    this.knownMembers = new int[members.length / 2];
    this.absentNames = new int[in.count()];
    for (int i = 0; i < absentNames.length; i++) {
      absentNames[i] = in.number();
      absent.add(text(absentNames[i]));
    }
    this.classNames = new int[in.count()];
    this.blocks = new Block[classNames.length];
    int[] lengths = new int[classNames.length];
    for (int i = 0; i < classNames.length; i++) {
      classNames[i] = in.number();
      lengths[i] = in.count();
    }
    this.classes = HashMap.newHashMap(classNames.length);
    for (int i = 0; i < classNames.length; i++) {
      blocks[i] = new Block(in.at, in.at + lengths[i]);
      if (blocks[i].to > file.length) {
        throw new IllegalArgumentException("a class ends behind the file");
      }
      classes.put(text(classNames[i]), blocks[i]);
      in.at += lengths[i];
    }
  }

  private static int[] pairs(Reader in) {
    int[] pairs = new int[Math.multiplyExact(in.count(), 2)];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = in.number();
    }
    return pairs;
  }

  /**
   * {@return what is in a file}
   *
   * @param file its own from now on
   */
  static Optional<KeptFacts> of(byte[] file, Names names) {
    try {
      ByteBuffer header = ByteBuffer.wrap(file);
      if (file.length < HEADER || header.getInt() != MAGIC || header.getInt() != FORMAT) {
        return Optional.empty();
      }
      CRC32C sum = new CRC32C();
      sum.update(file, HEADER, file.length - HEADER);
      return sum.getValue() == header.getLong()
          ? Optional.of(new KeptFacts(file, names))
          : Optional.empty();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException damaged) {
      // Read anew and written over.
      return Optional.empty();
    }
  }

  // --- numbers --------------------------------------------------------------------------------

  int nameCount() {
    return nameStarts.length;
  }

  int selectorCount() {
    return knownSelectors.length;
  }

  int memberCount() {
    return knownMembers.length;
  }

  int classCount() {
    return classNames.length;
  }

  /** {@return the number that {@link Names} gives to a name of this file} */
  int name(int number) {
    int known = knownNames[number];
    if (known == 0) {
      known = names.of(bytes, nameStarts[number], nameLengths[number]) + 1;
      knownNames[number] = known;
    }
    return known - 1;
  }

  String text(int number) {
    return names.text(name(number));
  }

  int selector(int number) {
    int known = knownSelectors[number];
    if (known == 0) {
      known = names.selector(name(selectors[number * 2]), name(selectors[number * 2 + 1])) + 1;
      knownSelectors[number] = known;
    }
    return known - 1;
  }

  int member(int number) {
    int known = knownMembers[number];
    if (known == 0) {
      known = names.member(name(members[number * 2]), selector(members[number * 2 + 1])) + 1;
      knownMembers[number] = known;
    }
    return known - 1;
  }

  int selectorName(int selector) {
    return selectors[selector * 2];
  }

  int selectorDescriptor(int selector) {
    return selectors[selector * 2 + 1];
  }

  int memberOwner(int member) {
    return members[member * 2];
  }

  int memberSelector(int member) {
    return members[member * 2 + 1];
  }

  int nameStart(int name) {
    return nameStarts[name];
  }

  int nameLength(int name) {
    return nameLengths[name];
  }

  // --- classes --------------------------------------------------------------------------------

  /** {@return the class's name, as a number of this file} */
  int className(int number) {
    return classNames[number];
  }

  Block block(int number) {
    return blocks[number];
  }

  int absentCount() {
    return absentNames.length;
  }

  /** {@return the name of a class that there is none of, as a number of this file} */
  int absentName(int number) {
    return absentNames[number];
  }

  /** {@return whether it is known that there is no such class} */
  boolean isAbsent(String className) {
    return absent.contains(className);
  }

  boolean contains(String className) {
    return classes.containsKey(className);
  }

  /**
   * {@return the class, if it was read}
   *
   * @param again reads the class file, for bodies that are not kept; empty if it cannot be read any
   *     more
   */
  Optional<ClassFacts> find(String className, Supplier<Optional<ClassFacts>> again) {
    Block block = classes.get(className);
    if (block == null) {
      return Optional.empty();
    }
    try {
      Reader in = new Reader(block.from, block.to);
      int bodies = in.count() + in.at;
      int superName = in.number();
      List<String> interfaces = in.texts();
      int flags = in.number();
      String source = in.text();
      ClassFacts.Field[] fields = new ClassFacts.Field[in.count()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = new ClassFacts.Field(in.text(), in.text(), in.number());
      }
      ClassFacts.Method[] methods = new ClassFacts.Method[in.count()];
      for (int i = 0; i < methods.length; i++) {
        int selector = selector(in.number());
        methods[i] =
            new ClassFacts.Method(
                names.text(names.selectorName(selector)),
                names.text(names.selectorDescriptor(selector)),
                selector,
                in.number());
      }
      List<ClassFacts.Note> notes = new ArrayList<>();
      for (int i = in.count(); i > 0; i--) {
        notes.add(
            new ClassFacts.Note(in.number() - 1, in.text(), in.texts(), in.texts(), in.texts()));
      }
      return Optional.of(
          new ClassFacts(
              className,
              superName == 0 ? null : text(superName - 1),
              interfaces,
              flags,
              source,
              methods,
              fields,
              List.copyOf(notes),
              in.texts(),
              in.texts(),
              new Bodies(places(bodies, block.to, methods.length), again)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
      broken = true;
      return Optional.empty();
    }
  }

  /** {@return whether something in it was found that no class file says} */
  boolean isBroken() {
    return broken;
  }

  /** {@return of each method, from and to, or NOT_READ or NO_CODE and 0} */
  private int[] places(int from, int to, int methods) {
    Reader in = new Reader(from, to);
    int[] places = new int[methods * 2];
    for (int i = 0; i < methods; i++) {
      places[i * 2] = in.number();
    }
    int at = in.at;
    for (int i = 0; i < methods; i++) {
      if (places[i * 2] > NO_CODE) {
        int end = at + places[i * 2] - NO_CODE;
        if (end > to || end < at) {
          throw new IllegalArgumentException("a body ends behind its class");
        }
        places[i * 2] = at;
        places[i * 2 + 1] = end;
        at = end;
      }
    }
    return places;
  }

  /** Where a class's header and bodies lie, to be written again. */
  record Parts(int headerEnd, int[] places) {}

  Parts parts(Block block) {
    Reader in = new Reader(block.from, block.to);
    int headerEnd = in.count() + in.at;
    Reader header = new Reader(in.at, headerEnd);
    header.number();
    header.texts();
    header.number();
    header.number();
    for (int i = header.count(); i > 0; i--) {
      header.number();
      header.number();
      header.number();
    }
    return new Parts(headerEnd, places(headerEnd, block.to, header.count()));
  }

  /** The bodies of one class. */
  private final class Bodies implements ClassFacts.Bodies {
    /** See {@link #places}. */
    private final int[] places;

    private final Supplier<Optional<ClassFacts>> reading;
    private Optional<ClassFacts> read = Optional.empty();

    Bodies(int[] places, Supplier<Optional<ClassFacts>> reading) {
      this.places = places;
      this.reading = reading;
    }

    /** The class asks one at a time. */
    private Optional<ClassFacts> again() {
      if (read.isEmpty()) {
        read = reading.get().filter(facts -> facts.methods.length * 2 == places.length);
      }
      return read;
    }

    @Override
    public Body read(ClassFacts facts, int method) {
      int from = places[method * 2];
      if (from == NO_CODE) {
        return Body.EMPTY;
      }
      if (from != NOT_READ) {
        try {
          return body(new Reader(from, places[method * 2 + 1]));
        } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
          // As if it were not kept.
          broken = true;
          places[method * 2] = NOT_READ;
        }
      }
      return again().map(known -> known.lastBody(method)).orElse(Body.EMPTY);
    }

    @Override
    public Optional<Code> code(ClassFacts facts, int method) {
      return again().flatMap(known -> known.code(method));
    }
  }

  // --- bodies ---------------------------------------------------------------------------------

  private Body body(Reader in) {
    int[] types = new int[in.count()];
    for (int i = 0; i < types.length; i++) {
      int type = in.number();
      types[i] = type == 0 ? in.plain() : name(type - 1);
    }
    int lambdaCount = in.count();
    List<ClassFacts.Lambda> lambdas = new ArrayList<>(lambdaCount);
    for (int i = 0; i < lambdaCount; i++) {
      lambdas.add(
          new ClassFacts.Lambda(
              in.text(),
              in.text(),
              in.texts(),
              in.number(),
              member(in.number()),
              in.text(),
              in.text()));
    }
    int[] code = new int[in.count()];
    int line = 0;
    for (int at = 0; at < code.length; at += Body.length(code, at)) {
      code[at] = in.number();
      switch (code[at]) {
        case Body.NEW, Body.CLASS, Body.STRING, Body.IMPLICIT -> {
          code[at + 1] = in.value(types);
          code[at + 2] = name(in.number());
        }
        case Body.MOVE -> {
          code[at + 1] = in.value(types);
          code[at + 2] = in.value(types);
        }
        case Body.GET, Body.PUT -> {
          code[at + 1] = member(in.number());
          code[at + 2] = in.value(types);
          code[at + 3] = in.number();
        }
        case Body.CALL -> {
          code[at + 1] = in.number();
          code[at + 2] = member(in.number());
          code[at + 3] = in.value(types);
          values(in, types, code, at + 4);
          if (code[at + 1] != Body.STATIC && code[at + 4] == 0) {
            throw new IllegalArgumentException("a call without its receiver");
          }
        }
        case Body.RETURN, Body.UNKNOWN -> code[at + 1] = in.value(types);
        case Body.LAMBDA -> {
          code[at + 1] = in.value(types);
          code[at + 2] = in.number();
          if (code[at + 2] >= lambdaCount) {
            throw new IllegalArgumentException("there is no such lambda");
          }
          values(in, types, code, at + 3);
        }
        case Body.HANDLE -> {
          code[at + 1] = in.number();
          code[at + 2] = member(in.number());
        }
        case Body.LINE -> {
          line += in.difference();
          code[at + 1] = line;
        }
        default -> throw new IllegalArgumentException("an unknown operation");
      }
    }
    int[] regions = regions(in, code);
    return new Body(types, code, lambdas, regions, gates(in, types, regions.length + 1));
  }

  private static int[] regions(Reader in, int[] code) {
    int count = in.count();
    if (count == 0) {
      return Body.NONE;
    }
    int[] regions = new int[count];
    int at = 0;
    for (int i = 0; i < count; i++) {
      regions[i] = in.number();
      while (at < regions[i] && at < code.length) {
        at += Body.length(code, at);
      }
      if (at != regions[i]) {
        throw new IllegalArgumentException("a region begins within an operation");
      }
    }
    return regions;
  }

  private static int[] gates(Reader in, int[] types, int regions) {
    int length = in.number();
    if (length == 0) {
      return Body.NONE;
    }
    int[] gates = new int[in.atMost(length)];
    int at = 0;
    while (at < length) {
      gates[at] = in.number();
      gates[at + 1] = in.number();
      gates[at + 2] = in.number();
      gates[at + 3] = in.value(types);
      gates[at + 4] = in.count();
      boolean ofNumber = gates[at + 2] != Body.ALWAYS;
      if (gates[at] >= regions
          || gates[at + 1] >= regions
          || gates[at + 2] > Body.NONE_OF
          || ofNumber != gates[at + 4] > 0
          || gates[at + 3] >= 0 && ofNumber != types[gates[at + 3]] < Body.UNTRACKED) {
        throw new IllegalArgumentException("no gate");
      }
      for (int i = 0; i < gates[at + 4]; i++) {
        gates[at + 5 + i] = in.difference();
      }
      at += Body.gateLength(gates, at);
    }
    return gates;
  }

  private static void values(Reader in, int[] types, int[] code, int at) {
    int count = in.count();
    code[at] = count;
    for (int i = 1; i <= count; i++) {
      code[at + i] = in.value(types);
    }
  }

  /** Numbers of one to five bytes, seven bits in each, the lowest first. */
  private final class Reader {
    private int at;
    private final int end;

    Reader(int from, int to) {
      this.at = from;
      this.end = to;
    }

    int number() {
      int number = packed();
      if (number < 0) {
        throw new IllegalArgumentException("a number below zero");
      }
      return number;
    }

    private int packed() {
      byte[] all = bytes;
      int next = all[at++];
      if (next >= 0) {
        return next;
      }
      int number = next & 0x7f;
      for (int shift = 7; shift < 35; shift += 7) {
        next = all[at++];
        number |= (next & 0x7f) << shift;
        if (next >= 0) {
          break;
        }
      }
      return number;
    }

    /** {@return how many bytes or more follow} */
    int count() {
      int count = number();
      if (count > end - at) {
        throw new IllegalArgumentException("it ends too early");
      }
      return count;
    }

    /** {@return a number of ints that follow, each of them of a byte or more} */
    int atMost(int ints) {
      if (ints > end - at) {
        throw new IllegalArgumentException("it ends too early");
      }
      return ints;
    }

    int difference() {
      int number = packed();
      return number >>> 1 ^ -(number & 1);
    }

    /** {@return a type that is no name} */
    int plain() {
      int type = Body.UNTRACKED - number();
      if (type < Body.NUMBER && !Body.isFollowed(Body.number(type))) {
        throw new IllegalArgumentException("a number that is not followed");
      }
      return type;
    }

    int value(int[] types) {
      int value = number() - 1;
      if (value >= types.length) {
        throw new IllegalArgumentException("there is no such value");
      }
      return value;
    }

    String text() {
      return KeptFacts.this.text(number());
    }

    List<String> texts() {
      int count = count();
      if (count == 0) {
        return List.of();
      }
      String[] texts = new String[count];
      for (int i = 0; i < count; i++) {
        texts[i] = text();
      }
      return List.of(texts);
    }
  }
}
