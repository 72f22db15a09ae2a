package underpin.program.graph;

import java.util.Arrays;
import underpin.program.Bytecode;

/** The instructions of one method, with the constants that they name. */
final class Code {
  final Constants constants;

  final Bootstraps bootstraps;

  final int maxStack;
  final int maxLocals;
  final byte[] bytes;

  /** Of each handler: from, to, target, constant of the caught class or 0. */
  final int[] handlers;

  /** By offset: whether a jump or a handler leads there, or it is the beginning. */
  final boolean[] leaders;

  /** Whether there is a jump. */
  final boolean branches;

  /** Offset, line, offset, line, ... ascending. */
  final int[] lines;

  /**
   * @param at where the content of the Code attribute begins
   * @throws IllegalArgumentException if a JVM would not run it
   */
  Code(Constants constants, int at, Bootstraps bootstraps) {
    this.constants = constants;
    this.bootstraps = bootstraps;
    this.maxStack = constants.u2(at);
    this.maxLocals = constants.u2(at + 2);
    int length = constants.u4(at + 4);
    if (length <= 0 || length > constants.bytes.length - at - 8) {
      throw new IllegalArgumentException("it ends behind the file");
    }
    this.bytes = Arrays.copyOfRange(constants.bytes, at + 8, at + 8 + length);
    int handlersAt = at + 8 + length;
    this.handlers = new int[constants.u2(handlersAt) * 4];
    for (int i = 0; i < handlers.length; i++) {
      handlers[i] = constants.u2(handlersAt + 2 + 2 * i);
    }
    this.lines = LineTable.read(constants, handlersAt + 2 + 2 * handlers.length);
    this.leaders = new boolean[length + 1];
    leader(0);
    for (int i = 0; i < handlers.length; i += 4) {
      leader(handlers[i + 2]);
    }
    boolean jumps = false;
    for (int i = 0; i < length; i += Bytecode.length(bytes, i)) {
      if (Bytecode.isBranch(bytes[i] & 0xff)) {
        jumps = true;
        Bytecode.targets(bytes, i, this::leader);
      }
    }
    this.branches = jumps;
  }

  private void leader(int at) {
    if (at < 0 || at >= bytes.length) {
      throw new IllegalArgumentException("a jump leaves the code");
    }
    leaders[at] = true;
  }

  /** {@return the line of the instruction; 0 if that is not known} */
  int line(int at) {
    int past = LineTable.past(lines, at);
    return past == 0 ? 0 : lines[past * 2 - 1];
  }
}
