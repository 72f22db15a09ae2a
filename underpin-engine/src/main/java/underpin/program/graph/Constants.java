package underpin.program.graph;

/**
 * The constant pool of one class file (JVMS 4.4), with the numbers that {@link Names} gives. Not
 * for several threads at once.
 */
final class Constants {
  static final int UTF8 = 1;
  static final int INTEGER = 3;
  static final int LONG = 5;
  static final int DOUBLE = 6;
  static final int CLASS = 7;
  static final int STRING = 8;
  static final int METHOD = 10;
  static final int INTERFACE_METHOD = 11;
  static final int HANDLE = 15;
  static final int METHOD_TYPE = 16;
  static final int DYNAMIC = 17;
  static final int INVOKE_DYNAMIC = 18;

  /** By tag: the bytes after the tag; 0 for no tag, and for UTF8, which says so itself. */
  private static final int[] LENGTHS = {
    0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2
  };

  final byte[] bytes;
  final Names names;

  /** By index: where the constant begins after its tag; 0 for none. */
  private final int[] at;

  /** By index: number + 1. */
  private final int[] known;

  /** Where the constant pool ends. */
  final int end;

  Constants(byte[] bytes, Names names) {
    this.bytes = bytes;
    this.names = names;
    if (u4(0) != 0xCAFEBABE) {
      throw new IllegalArgumentException("it is no class file");
    }
    this.at = new int[u2(8)];
    this.known = new int[at.length];
    int next = 10;
    for (int i = 1; i < at.length; i++) {
      int tag = bytes[next++];
      int length = tag == UTF8 ? 2 + u2(next) : tag < 0 || tag >= LENGTHS.length ? 0 : LENGTHS[tag];
      if (length == 0) {
        throw new IllegalArgumentException("a constant of the unknown kind " + tag);
      }
      at[i] = next;
      next += length;
      if (tag == LONG || tag == DOUBLE) {
        i++;
      }
    }
    if (next > bytes.length) {
      throw new IllegalArgumentException("it ends in its constants");
    }
    this.end = next;
  }

  int u1(int offset) {
    return bytes[offset] & 0xff;
  }

  int u2(int offset) {
    return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
  }

  int u4(int offset) {
    return u2(offset) << 16 | u2(offset + 2);
  }

  int tag(int index) {
    return bytes[place(index) - 1];
  }

  private int place(int index) {
    if (index >= at.length || at[index] == 0) {
      throw new IllegalArgumentException("there is no constant " + index);
    }
    return at[index];
  }

  private int place(int index, int tag) {
    int place = place(index);
    if (bytes[place - 1] != tag) {
      throw new IllegalArgumentException("constant " + index + " is of another kind");
    }
    return place;
  }

  int utf8(int index) {
    int place = place(index, UTF8);
    if (known[index] == 0) {
      known[index] = names.of(bytes, place + 2, u2(place)) + 1;
    }
    return known[index] - 1;
  }

  int className(int index) {
    return utf8(u2(place(index, CLASS)));
  }

  int integer(int index) {
    return u4(place(index, INTEGER));
  }

  /** {@return the text of a string constant; an empty one if it is longer than {@code most}} */
  int string(int index, int most) {
    int utf8 = u2(place(index, STRING));
    if (u2(place(utf8, UTF8)) > most * 3) {
      return names.of("");
    }
    int text = utf8(utf8);
    return names.text(text).length() > most ? names.of("") : text;
  }

  /** {@return the descriptor of a method type} */
  int methodType(int index) {
    return utf8(u2(place(index, METHOD_TYPE)));
  }

  /** {@return the member that a constant refers to} An array's methods are those of Object. */
  int member(int index) {
    int place = place(index);
    int tag = bytes[place - 1];
    if (tag < 9 || tag > INTERFACE_METHOD) {
      throw new IllegalArgumentException("constant " + index + " is no member");
    }
    if (known[index] == 0) {
      int owner = className(u2(place));
      int pair = u2(place + 2);
      known[index] =
          names.member(
                  tag != 9 && names.isArray(owner) ? names.of("java/lang/Object") : owner,
                  nameOf(pair),
                  descriptorOf(pair))
              + 1;
    }
    return known[index] - 1;
  }

  private int nameOf(int pair) {
    return utf8(u2(place(pair, 12)));
  }

  private int descriptorOf(int pair) {
    return utf8(u2(place(pair, 12) + 2));
  }

  /** {@return kind of a method handle (JVMS 4.4.8)} */
  int handleKind(int index) {
    return u1(place(index, HANDLE));
  }

  int handleMember(int index) {
    return member(u2(place(index, HANDLE) + 1));
  }

  /** {@return the number of the bootstrap method of a dynamic constant or call} */
  int bootstrap(int index) {
    return u2(dynamic(index));
  }

  int dynamicName(int index) {
    return nameOf(u2(dynamic(index) + 2));
  }

  int dynamicDescriptor(int index) {
    return descriptorOf(u2(dynamic(index) + 2));
  }

  private int dynamic(int index) {
    int place = place(index);
    int tag = bytes[place - 1];
    if (tag != DYNAMIC && tag != INVOKE_DYNAMIC) {
      throw new IllegalArgumentException("constant " + index + " is not dynamic");
    }
    return place;
  }
}
