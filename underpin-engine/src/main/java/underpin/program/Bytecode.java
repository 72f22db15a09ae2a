package underpin.program;

import java.lang.classfile.Opcode;
import java.util.function.IntConsumer;

/**
 * The code of a method as bytes (JVMS 6.5), for who needs a few operands of many instructions: one
 * object per instruction would be nine tenths of the time.
 */
public final class Bytecode {
  public static final int NOP = 0x00;
  public static final int LDC = 0x12;
  public static final int LDC_W = 0x13;
  public static final int LDC2_W = 0x14;
  public static final int ALOAD = 0x19;
  public static final int AALOAD = 0x32;
  public static final int ASTORE = 0x3a;
  public static final int IINC = 0x84;
  public static final int TABLESWITCH = 0xaa;
  public static final int LOOKUPSWITCH = 0xab;
  public static final int ARETURN = 0xb0;
  public static final int GETSTATIC = 0xb2;
  public static final int PUTSTATIC = 0xb3;
  public static final int GETFIELD = 0xb4;
  public static final int PUTFIELD = 0xb5;
  public static final int INVOKEVIRTUAL = 0xb6;
  public static final int INVOKESPECIAL = 0xb7;
  public static final int INVOKESTATIC = 0xb8;
  public static final int INVOKEINTERFACE = 0xb9;
  public static final int INVOKEDYNAMIC = 0xba;
  public static final int NEW = 0xbb;
  public static final int ANEWARRAY = 0xbd;
  public static final int ATHROW = 0xbf;
  public static final int CHECKCAST = 0xc0;
  public static final int INSTANCEOF = 0xc1;
  public static final int WIDE = 0xc4;
  public static final int MULTIANEWARRAY = 0xc5;

  /** In {@link #EFFECT}: the instruction's operands decide. */
  public static final int NO_EFFECT_KNOWN = -1;

  /**
   * By opcode: slots taken from the stack times 16, plus slots put there. Only of instructions that
   * deal in numbers, null and array elements that are numbers.
   */
  public static final int[] EFFECT = effects();

  private static final byte[] LENGTHS = lengths();

  private Bytecode() {}

  public static int unsigned(byte[] code, int at) {
    return (code[at] & 0xff) << 8 | (code[at + 1] & 0xff);
  }

  public static int signed(byte[] code, int at) {
    return unsigned(code, at) << 16 | unsigned(code, at + 2);
  }

  /**
   * {@return how many bytes the instruction takes}
   *
   * @throws IllegalArgumentException if it does not end within the code
   */
  public static int length(byte[] code, int at) {
    int opcode = code[at] & 0xff;
    long length =
        switch (opcode) {
          case TABLESWITCH -> {
            int aligned = (at + 4) & ~3;
            yield aligned
                + 12L
                + 4L * ((long) signed(code, aligned + 8) - signed(code, aligned + 4) + 1)
                - at;
          }
          case LOOKUPSWITCH -> {
            int aligned = (at + 4) & ~3;
            yield aligned + 8L + 8L * signed(code, aligned + 4) - at;
          }
          case WIDE -> (code[at + 1] & 0xff) == IINC ? 6 : 4;
          default -> LENGTHS[opcode];
        };
    if (length < 1 || at + length > code.length) {
      throw new IllegalArgumentException("opcode " + opcode + " at " + at + " leaves the code");
    }
    return (int) length;
  }

  /** {@return whether it may go on at another place than the next instruction} */
  public static boolean isBranch(int opcode) {
    return opcode >= 0x99 && opcode <= 0xa8
        || opcode == TABLESWITCH
        || opcode == LOOKUPSWITCH
        || opcode >= 0xc6 && opcode <= 0xc9;
  }

  /** {@return whether it is jsr or jsr_w, of class files before version 51} */
  public static boolean isSubroutineCall(int opcode) {
    return opcode == 0xa8 || opcode == 0xc9;
  }

  /** Tells the offsets that a branch may go on at. */
  public static void targets(byte[] code, int at, IntConsumer into) {
    int opcode = code[at] & 0xff;
    switch (opcode) {
      case TABLESWITCH -> {
        int aligned = (at + 4) & ~3;
        into.accept(at + signed(code, aligned));
        int count = signed(code, aligned + 8) - signed(code, aligned + 4) + 1;
        for (int i = 0; i < count; i++) {
          into.accept(at + signed(code, aligned + 12 + 4 * i));
        }
      }
      case LOOKUPSWITCH -> {
        int aligned = (at + 4) & ~3;
        into.accept(at + signed(code, aligned));
        int count = signed(code, aligned + 4);
        for (int i = 0; i < count; i++) {
          into.accept(at + signed(code, aligned + 12 + 8 * i));
        }
      }
      case 0xc8, 0xc9 -> into.accept(at + signed(code, at + 1));
      default -> into.accept(at + (short) unsigned(code, at + 1));
    }
  }

  private static byte[] lengths() {
    byte[] lengths = new byte[256];
    for (Opcode opcode : Opcode.values()) {
      if (opcode.bytecode() < 256 && opcode.sizeIfFixed() > 0) {
        lengths[opcode.bytecode()] = (byte) opcode.sizeIfFixed();
      }
    }
    return lengths;
  }

  private static int[] effects() {
    int[] effects = new int[256];
    java.util.Arrays.fill(effects, NO_EFFECT_KNOWN);
    set(
        effects, 0, 1, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0d, 0x10,
        0x11);
    set(effects, 0, 2, 0x09, 0x0a, 0x0e, 0x0f);
    set(effects, 0, 1, 0x15, 0x17, 0x1a, 0x1b, 0x1c, 0x1d, 0x22, 0x23, 0x24, 0x25);
    set(effects, 0, 2, 0x16, 0x18, 0x1e, 0x1f, 0x20, 0x21, 0x26, 0x27, 0x28, 0x29);
    set(effects, 2, 1, 0x2e, 0x30, 0x33, 0x34, 0x35);
    set(effects, 2, 2, 0x2f, 0x31);
    set(effects, 3, 0, 0x4f, 0x51, 0x53, 0x54, 0x55, 0x56);
    set(effects, 4, 0, 0x50, 0x52);
    set(effects, 2, 1, 0x60, 0x62, 0x64, 0x66, 0x68, 0x6a, 0x6c, 0x6e, 0x70, 0x72);
    set(effects, 4, 2, 0x61, 0x63, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x71, 0x73);
    set(effects, 1, 1, 0x74, 0x76);
    set(effects, 2, 2, 0x75, 0x77);
    set(effects, 2, 1, 0x78, 0x7a, 0x7c, 0x7e, 0x80, 0x82);
    set(effects, 3, 2, 0x79, 0x7b, 0x7d);
    set(effects, 4, 2, 0x7f, 0x81, 0x83);
    set(effects, 0, 0, IINC);
    set(effects, 1, 2, 0x85, 0x87, 0x8c, 0x8d);
    set(effects, 1, 1, 0x86, 0x8b, 0x91, 0x92, 0x93);
    set(effects, 2, 1, 0x88, 0x89, 0x8e, 0x90);
    set(effects, 2, 2, 0x8a, 0x8f);
    set(effects, 4, 1, 0x94, 0x97, 0x98);
    set(effects, 2, 1, 0x95, 0x96);
    set(effects, 1, 0, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0xc6, 0xc7);
    set(effects, 2, 0, 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6);
    set(effects, 1, 0, TABLESWITCH, LOOKUPSWITCH);
    set(effects, 1, 1, 0xbe);
    set(effects, 1, 0, 0xc2, 0xc3);
    return effects;
  }

  private static void set(int[] effects, int takes, int puts, int... opcodes) {
    for (int opcode : opcodes) {
      effects[opcode] = takes << 4 | puts;
    }
  }
}
