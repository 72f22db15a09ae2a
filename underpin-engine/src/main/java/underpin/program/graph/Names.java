package underpin.program.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names, members and descriptors of all classes of one search, as numbers: class files repeat
 * each other's. Any thread may ask. Which number a name gets means nothing.
 */
final class Names {
  /**
   * A method descriptor.
   *
   * @param types of its reference parameters, as numbers of names
   * @param result the result's type as the number of a name; -1 if it is no reference
   */
  record Shape(Signature signature, int[] types, int result) {}

  private volatile String[] texts = new String[1 << 14];
  private int[] hashes = new int[1 << 14];
  private int[] slots = new int[1 << 15];
  private int count;
  private final Keys selectors = new Keys();
  private final Keys members = new Keys();
  private volatile @Nullable Shape[] shapes = new Shape[1 << 14];
  private volatile int[] arrays = new int[1 << 14];
  private volatile int[] elements = new int[1 << 14];

  // --- names ----------------------------------------------------------------------------------

  int of(String text) {
    return of(text, text.hashCode());
  }

  private synchronized int of(String text, int hash) {
    int slot = hash & slots.length - 1;
    for (int number = slots[slot]; number != 0; number = slots[slot]) {
      if (hashes[number - 1] == hash && texts[number - 1].equals(text)) {
        return number - 1;
      }
      slot = slot + 1 & slots.length - 1;
    }
    return add(slot, hash, text);
  }

  /**
   * {@return the number of a name in a class file}
   *
   * @throws IllegalArgumentException if it is no modified UTF-8 (JVMS 4.4.7)
   */
  int of(byte[] bytes, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] <= 0) {
        return of(decoded(bytes, from, length));
      }
      hash = 31 * hash + bytes[i];
    }
    return ofAscii(bytes, from, length, hash);
  }

  private synchronized int ofAscii(byte[] bytes, int from, int length, int hash) {
    int slot = hash & slots.length - 1;
    for (int number = slots[slot]; number != 0; number = slots[slot]) {
      if (hashes[number - 1] == hash && is(texts[number - 1], bytes, from, length)) {
        return number - 1;
      }
      slot = slot + 1 & slots.length - 1;
    }
    return add(slot, hash, new String(bytes, from, length, StandardCharsets.ISO_8859_1));
  }

  private static boolean is(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private int add(int slot, int hash, String text) {
    if (count == texts.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
      texts = Arrays.copyOf(texts, count * 2);
    }
    texts[count] = text;
    hashes[count] = hash;
    slots[slot] = ++count;
    if (count * 2 > slots.length) {
      int[] longer = new int[slots.length * 2];
      for (int i = 0; i < count; i++) {
        int at = hashes[i] & longer.length - 1;
        while (longer[at] != 0) {
          at = at + 1 & longer.length - 1;
        }
        longer[at] = i + 1;
      }
      slots = longer;
    }
    return count - 1;
  }

  private static String decoded(byte[] bytes, int from, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = from; i < from + length; ) {
      int a = bytes[i++] & 0xff;
      if (a < 0x80) {
        text.append((char) a);
      } else if (a >> 5 == 6 && i < from + length) {
        text.append((char) ((a & 0x1f) << 6 | bytes[i++] & 0x3f));
      } else if (a >> 4 == 14 && i + 1 < from + length) {
        text.append((char) ((a & 0xf) << 12 | (bytes[i] & 0x3f) << 6 | bytes[i + 1] & 0x3f));
        i += 2;
      } else {
        throw new IllegalArgumentException("a name that is no UTF-8");
      }
    }
    return text.toString();
  }

  /** {@return the name; the same object each time} */
  String text(int name) {
    return texts[name];
  }

  boolean isArray(int name) {
    String text = texts[name];
    return !text.isEmpty() && text.charAt(0) == '[';
  }

  /** {@return the type of an array with such elements} */
  int arrayOf(int element) {
    int[] known = arrays;
    if (element < known.length && known[element] != 0) {
      return known[element] - 1;
    }
    String text = text(element);
    int array = of(text.startsWith("[") ? "[" + text : "[L" + text + ";");
    synchronized (this) {
      arrays = with(arrays, element, array + 1);
    }
    return array;
  }

  /** {@return the type of an array's elements; {@code otherwise} if they are no references} */
  int elementOf(int array, int otherwise) {
    int[] known = elements;
    if (array < known.length && known[array] != 0) {
      return known[array] < 0 ? otherwise : known[array] - 1;
    }
    String type = Signature.ofField(text(array).substring(1));
    int element = type.isEmpty() ? -1 : of(type);
    synchronized (this) {
      elements = with(elements, array, element < 0 ? -1 : element + 1);
    }
    return element < 0 ? otherwise : element;
  }

  private static int[] with(int[] all, int at, int value) {
    int[] longer = at < all.length ? all : Arrays.copyOf(all, Math.max(at + 1, all.length * 2));
    longer[at] = value;
    return longer;
  }

  // --- what is made of names ------------------------------------------------------------------

  /** {@return the number of a method's name and descriptor together} */
  int selector(int name, int descriptor) {
    synchronized (selectors) {
      return selectors.of(name, descriptor);
    }
  }

  /** {@return how many there are; their numbers are below it} */
  int selectorCount() {
    synchronized (selectors) {
      return selectors.count;
    }
  }

  int selectorName(int selector) {
    return (int) (selectors.keys[selector] >>> 32);
  }

  int selectorDescriptor(int selector) {
    return (int) selectors.keys[selector];
  }

  /** {@return the number of a field or method of a class} */
  int member(int owner, int name, int descriptor) {
    return member(owner, selector(name, descriptor));
  }

  /** {@return the same, by the number of its name and descriptor} */
  int member(int owner, int selector) {
    synchronized (members) {
      return members.of(owner, selector);
    }
  }

  int memberOwner(int member) {
    return (int) (members.keys[member] >>> 32);
  }

  int memberSelector(int member) {
    return (int) members.keys[member];
  }

  /**
   * {@return what a method descriptor says}
   *
   * @throws IllegalArgumentException if it is none
   */
  Shape shape(int descriptor) {
    @Nullable Shape[] known = shapes;
    if (descriptor < known.length) {
      Shape shape = known[descriptor];
      if (shape != null) {
        return shape;
      }
    }
    Signature signature = Signature.of(text(descriptor));
    int[] types = new int[signature.types().size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = of(signature.types().get(i));
    }
    int result = signature.resultType().isEmpty() ? -1 : of(signature.resultType());
    Shape made = new Shape(signature, types, result);
    synchronized (this) {
      @Nullable Shape[] now = shapes;
      if (descriptor >= now.length) {
        now = Arrays.copyOf(now, Math.max(descriptor + 1, now.length * 2));
      }
      now[descriptor] = made;
      shapes = now;
    }
    return made;
  }

  /** Pairs of numbers as numbers. */
  private static final class Keys {
    volatile long[] keys = new long[1 << 14];
    private int[] slots = new int[1 << 15];
    private int count;

    int of(int first, int second) {
      long key = (long) first << 32 | second;
      int slot = slot(key, slots);
      if (slots[slot] != 0) {
        return slots[slot] - 1;
      }
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, count * 2);
      }
      keys[count] = key;
      slots[slot] = ++count;
      if (count * 2 > slots.length) {
        int[] longer = new int[slots.length * 2];
        for (int i = 0; i < count; i++) {
          longer[slot(keys[i], longer)] = i + 1;
        }
        slots = longer;
      }
      return count - 1;
    }

    private int slot(long key, int[] in) {
      long mixed = key * 0x9E3779B97F4A7C15L;
      int slot = (int) (mixed >>> 32) & in.length - 1;
      while (in[slot] != 0 && keys[in[slot] - 1] != key) {
        slot = slot + 1 & in.length - 1;
      }
      return slot;
    }
  }
}
