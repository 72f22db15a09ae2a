package underpin.program.graph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * What one search reads of one jar or JDK, on top of what earlier ones did: see {@link KeptFacts}
 * for the form. It is packed as it is read, since bodies are dropped as soon as they are linked.
 * Any thread may tell what it read.
 */
final class FactsRecord {
  /** A class of which something was read. */
  private static final class Entry {
    /** From and to in {@code packed}; both 0 if an earlier search kept the header. */
    private int headerFrom;

    private int headerTo;

    /** By method: from and to in {@code packed}, or what {@link KeptFacts} says of no body. */
    private final int[] places;

    Entry(int methods) {
      this.places = new int[methods * 2];
    }
  }

  /** Strings of any library may look like a class of the JDK. */
  private static final int MOST_ABSENT = 50_000;

  private final Names known;
  private final Optional<KeptFacts> before;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> absent = new TreeSet<>();
  private final Pieces packed = new Pieces();

  /** For one piece at a time. */
  private final Output piece = new Output(1 << 12);

  private final Numbering names = new Numbering();
  private final Numbering selectors = new Numbering();
  private final Numbering members = new Numbering();
  private boolean begun;

  /**
   * @param known the numbers that bodies are told in
   * @param before what is kept already
   */
  FactsRecord(Names known, Optional<KeptFacts> before) {
    this.known = known;
    this.before = before;
  }

  /** Numbers of the file go on where those of the earlier one end. */
  private void begin() {
    if (!begun) {
      begun = true;
      before.ifPresent(this::begin);
    }
  }

  private void begin(KeptFacts earlier) {
    for (int i = 0; i < earlier.nameCount(); i++) {
      names.append(earlier.name(i));
    }
    for (int i = 0; i < earlier.selectorCount(); i++) {
      selectors.append(earlier.selector(i));
    }
    for (int i = 0; i < earlier.memberCount(); i++) {
      members.append(earlier.member(i));
    }
  }

  private Entry entry(ClassFacts facts) {
    begin();
    return entries.computeIfAbsent(facts.name, _ -> new Entry(facts.methods.length));
  }

  /** There is no class of that name, and will be none as long as what is kept is right. */
  synchronized void absent(String className) {
    if (absent.size() + before.map(KeptFacts::absentCount).orElse(0) < MOST_ABSENT) {
      absent.add(className);
    }
  }

  /**
   * A class file's header was read.
   *
   * @param codes by method: 0 if it has no code
   */
  synchronized void header(ClassFacts facts, int[] codes) {
    if (before.isPresent() && before.get().contains(facts.name)) {
      return;
    }
    Entry entry = entry(facts);
    for (int i = 0; i < codes.length; i++) {
      entry.places[i * 2] = codes[i] == 0 ? KeptFacts.NO_CODE : KeptFacts.NOT_READ;
    }
    Output out = piece;
    out.used = 0;
    out.number(facts.superName == null ? 0 : name(facts.superName) + 1);
    texts(facts.interfaces);
    out.number(facts.flags);
    out.number(name(facts.source));
    out.number(facts.fields.length);
    for (ClassFacts.Field field : facts.fields) {
      out.number(name(field.name()));
      out.number(name(field.descriptor()));
      out.number(field.flags());
    }
    out.number(facts.methods.length);
    for (ClassFacts.Method method : facts.methods) {
      out.number(selector(method.selector()));
      out.number(method.flags());
    }
    out.number(facts.notes.size());
    for (ClassFacts.Note note : facts.notes) {
      out.number(note.on() + 1);
      out.number(name(note.type()));
      texts(note.classes());
      texts(note.strings());
      texts(note.values());
    }
    texts(facts.nested);
    texts(facts.nest);
    entry.headerFrom = packed.add(out);
    entry.headerTo = entry.headerFrom + out.used;
  }

  /** A body was read from the class file, without trouble. */
  synchronized void body(ClassFacts facts, int method, Body body) {
    Entry entry = entry(facts);
    Output out = piece;
    out.used = 0;
    out.number(body.types().length);
    for (int type : body.types()) {
      if (type >= 0) {
        out.number(names.of(type) + 1);
      } else {
        out.number(0);
        out.number(Body.UNTRACKED - type);
      }
    }
    out.number(body.lambdas().size());
    for (ClassFacts.Lambda lambda : body.lambdas()) {
      out.number(name(lambda.type()));
      out.number(name(lambda.name()));
      texts(lambda.descriptors());
      out.number(lambda.handle());
      out.number(member(lambda.member()));
      out.number(name(lambda.dynamic()));
      out.number(name(lambda.captured()));
    }
    int[] code = body.code();
    out.number(code.length);
    int line = 0;
    for (int at = 0; at < code.length; at += Body.length(code, at)) {
      out.number(code[at]);
      switch (code[at]) {
        case Body.NEW, Body.CLASS, Body.STRING, Body.IMPLICIT -> {
          out.number(code[at + 1] + 1);
          out.number(names.of(code[at + 2]));
        }
        case Body.MOVE -> {
          out.number(code[at + 1] + 1);
          out.number(code[at + 2] + 1);
        }
        case Body.GET, Body.PUT -> {
          out.number(member(code[at + 1]));
          out.number(code[at + 2] + 1);
          out.number(code[at + 3]);
        }
        case Body.CALL -> {
          out.number(code[at + 1]);
          out.number(member(code[at + 2]));
          out.number(code[at + 3] + 1);
          values(code, at + 4);
        }
        case Body.RETURN, Body.UNKNOWN -> out.number(code[at + 1] + 1);
        case Body.LAMBDA -> {
          out.number(code[at + 1] + 1);
          out.number(code[at + 2]);
          values(code, at + 3);
        }
        case Body.HANDLE -> {
          out.number(code[at + 1]);
          out.number(member(code[at + 2]));
        }
        case Body.LINE -> {
          int difference = code[at + 1] - line;
          out.number(difference << 1 ^ difference >> 31);
          line = code[at + 1];
        }
        default -> throw new IllegalStateException("operation " + code[at]);
      }
    }
    regions(body);
    entry.places[method * 2] = packed.add(out);
    entry.places[method * 2 + 1] = entry.places[method * 2] + out.used;
  }

  private void regions(Body body) {
    piece.number(body.regions().length);
    for (int begin : body.regions()) {
      piece.number(begin);
    }
    int[] gates = body.gates();
    piece.number(gates.length);
    for (int at = 0; at < gates.length; at += Body.gateLength(gates, at)) {
      piece.number(gates[at]);
      piece.number(gates[at + 1]);
      piece.number(gates[at + 2]);
      piece.number(gates[at + 3] + 1);
      piece.number(gates[at + 4]);
      for (int i = 0; i < gates[at + 4]; i++) {
        int number = gates[at + 5 + i];
        piece.number(number << 1 ^ number >> 31);
      }
    }
  }

  private void values(int[] code, int at) {
    piece.number(code[at]);
    for (int i = 1; i <= code[at]; i++) {
      piece.number(code[at + i] + 1);
    }
  }

  private void texts(List<String> texts) {
    piece.number(texts.size());
    for (String text : texts) {
      piece.number(name(text));
    }
  }

  private int name(String text) {
    return names.of(known.of(text));
  }

  private int selector(int selector) {
    return selectors.of(selector);
  }

  private int member(int member) {
    return members.of(member);
  }

  // --- the file -------------------------------------------------------------------------------

  /** {@return the parts of the file that holds all of it; none if nothing is new} */
  synchronized List<ByteBuffer> file() {
    if (entries.isEmpty() && absent.isEmpty()) {
      return List.of();
    }
    begin();
    Output missing = new Output(absent.size() * 4);
    before.ifPresent(earlier -> {
      for (int i = 0; i < earlier.absentCount(); i++) {
        missing.number(earlier.absentName(i));
      }
    });
    absent.forEach(name -> missing.number(name(name)));
    Output blocks =
        new Output(
            packed.end + entries.size() * 64 + before.map(all -> all.bytes.length).orElse(0));
    List<int[]> classes = new ArrayList<>();
    before.ifPresent(earlier -> {
      for (int i = 0; i < earlier.classCount(); i++) {
        int from = blocks.used;
        write(earlier, i, blocks);
        classes.add(new int[] {earlier.className(i), blocks.used - from});
      }
    });
    entries.forEach((name, entry) -> {
      if (entry.headerTo > 0) {
        int from = blocks.used;
        blocks.number(entry.headerTo - entry.headerFrom);
        packed.copy(entry.headerFrom, entry.headerTo, blocks);
        bodies(entry.places, blocks);
        classes.add(new int[] {name(name), blocks.used - from});
      }
    });
    // What a member and a selector are made of gets its number before those are written.
    Output memberPairs = pairs(members, members.count, known::memberOwner, known::memberSelector);
    Output selectorPairs =
        pairs(selectors, selectors.count, known::selectorName, known::selectorDescriptor);
    Output out = new Output(names.count * 40 + (selectors.count + members.count) * 6);
    out.used = KeptFacts.HEADER;
    out.number(names.count);
    for (int i = 0; i < names.count; i++) {
      out.text(known.text(names.order[i]));
    }
    out.number(selectors.count);
    out.part(selectorPairs.bytes, 0, selectorPairs.used);
    out.number(members.count);
    out.part(memberPairs.bytes, 0, memberPairs.used);
    out.number(before.map(KeptFacts::absentCount).orElse(0) + absent.size());
    out.part(missing.bytes, 0, missing.used);
    out.number(classes.size());
    for (int[] each : classes) {
      out.number(each[0]);
      out.number(each[1]);
    }
    CRC32C sum = new CRC32C();
    sum.update(out.bytes, KeptFacts.HEADER, out.used - KeptFacts.HEADER);
    sum.update(blocks.bytes, 0, blocks.used);
    ByteBuffer front = ByteBuffer.wrap(out.bytes, 0, out.used);
    front.putInt(KeptFacts.MAGIC).putInt(KeptFacts.FORMAT).putLong(sum.getValue());
    return List.of(front.rewind(), ByteBuffer.wrap(blocks.bytes, 0, blocks.used));
  }

  private interface Part {
    int of(int number);
  }

  private Output pairs(Numbering numbering, int count, Part first, Part second) {
    Output out = new Output(count * 6);
    boolean ofMembers = numbering == members;
    for (int i = 0; i < count; i++) {
      out.number(names.of(first.of(numbering.order[i])));
      int other = second.of(numbering.order[i]);
      out.number(ofMembers ? selectors.of(other) : names.of(other));
    }
    return out;
  }

  /** A class that was kept before, with the bodies that were read since. */
  private void write(KeptFacts earlier, int number, Output out) {
    KeptFacts.Block block = earlier.block(number);
    Entry entry = entries.get(earlier.text(earlier.className(number)));
    if (entry == null) {
      out.part(earlier.bytes, block.from(), block.to());
      return;
    }
    KeptFacts.Parts parts = earlier.parts(block);
    int[] old = parts.places();
    out.part(earlier.bytes, block.from(), parts.headerEnd());
    for (int i = 0; i < old.length; i += 2) {
      int[] places = entry.places[i + 1] > 0 ? entry.places : old;
      out.number(length(places, i));
    }
    for (int i = 0; i < old.length; i += 2) {
      if (entry.places[i + 1] > 0) {
        packed.copy(entry.places[i], entry.places[i + 1], out);
      } else {
        out.part(earlier.bytes, old[i], Math.max(old[i], old[i + 1]));
      }
    }
  }

  private void bodies(int[] places, Output out) {
    for (int i = 0; i < places.length; i += 2) {
      out.number(length(places, i));
    }
    for (int i = 0; i < places.length; i += 2) {
      if (places[i + 1] > 0) {
        packed.copy(places[i], places[i + 1], out);
      }
    }
  }

  private static int length(int[] places, int at) {
    return places[at + 1] == 0 ? places[at] : places[at + 1] - places[at] + KeptFacts.NO_CODE;
  }

  /** Numbers of {@link Names} by their order in the file, and back. */
  private static final class Numbering {
    private int[] order = new int[64];
    private int count;

    /** Open addressing: place in {@code order} + 1. */
    private int[] slots = new int[256];

    int of(int number) {
      int slot = slot(number, slots);
      if (slots[slot] == 0) {
        append(number);
        return count - 1;
      }
      return slots[slot] - 1;
    }

    /** Gives it the next number, also if it has one already. */
    void append(int number) {
      if (count == order.length) {
        order = Arrays.copyOf(order, count * 2);
      }
      order[count++] = number;
      int slot = slot(number, slots);
      if (slots[slot] == 0) {
        slots[slot] = count;
      }
      if (count * 2 > slots.length) {
        int[] longer = new int[slots.length * 2];
        for (int i = 0; i < count; i++) {
          int at = slot(order[i], longer);
          if (longer[at] == 0) {
            longer[at] = i + 1;
          }
        }
        slots = longer;
      }
    }

    private int slot(int number, int[] in) {
      int slot = number * 0x9E3779B9 >>> 7 & in.length - 1;
      while (in[slot] != 0 && order[in[slot] - 1] != number) {
        slot = slot + 1 & in.length - 1;
      }
      return slot;
    }
  }

  /** Many pieces of bytes, each in one chunk: what has been written is not copied to grow. */
  private static final class Pieces {
    private static final int FIRST = 1 << 12;
    private static final int LARGEST = 1 << 20;

    private final List<byte[]> chunks = new ArrayList<>();

    /** By chunk: the place of its first byte. Places between chunks may be left out. */
    private int[] starts = new int[16];

    private int end = 0;

    /** {@return the place where it begins} */
    int add(Output piece) {
      int last = chunks.size() - 1;
      if (last < 0 || starts[last] + chunks.get(last).length - end < piece.used) {
        last++;
        end = last == 0 ? 0 : starts[last - 1] + chunks.get(last - 1).length;
        if (last == starts.length) {
          starts = Arrays.copyOf(starts, last * 2);
        }
        starts[last] = end;
        chunks.add(new byte[Math.max(piece.used, Math.min(LARGEST, Math.max(FIRST, end)))]);
      }
      System.arraycopy(piece.bytes, 0, chunks.get(last), end - starts[last], piece.used);
      end += piece.used;
      return end - piece.used;
    }

    void copy(int from, int to, Output out) {
      int found = Arrays.binarySearch(starts, 0, chunks.size(), from);
      int chunk = found < 0 ? -found - 2 : found;
      out.part(chunks.get(chunk), from - starts[chunk], to - starts[chunk]);
    }
  }

  /** Bytes that grow; see {@link KeptFacts} for the form of numbers. */
  private static final class Output {
    private byte[] bytes;
    private int used;

    Output(int size) {
      this.bytes = new byte[Math.max(64, size)];
    }

    private void room(int more) {
      if (bytes.length - used < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length + (bytes.length >> 1), used + more));
      }
    }

    void number(int number) {
      room(5);
      int left = number;
      while (left >>> 7 != 0) {
        bytes[used++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      bytes[used++] = (byte) left;
    }

    void part(byte[] from, int start, int end) {
      if (end > start) {
        room(end - start);
        System.arraycopy(from, start, bytes, used, end - start);
        used += end - start;
      }
    }

    /** Length and modified UTF-8 (JVMS 4.4.7), in which every text can be written. */
    void text(String text) {
      int length = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        length += c != 0 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
      number(length);
      room(length);
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c != 0 && c < 0x80) {
          bytes[used++] = (byte) c;
        } else if (c < 0x800) {
          bytes[used++] = (byte) (0xc0 | c >> 6);
          bytes[used++] = (byte) (0x80 | c & 0x3f);
        } else {
          bytes[used++] = (byte) (0xe0 | c >> 12);
          bytes[used++] = (byte) (0x80 | c >> 6 & 0x3f);
          bytes[used++] = (byte) (0x80 | c & 0x3f);
        }
      }
    }
  }
}
