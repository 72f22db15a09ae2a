package underpin.program.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The body of a method as it is written down: operations in the order of the code, with the values
 * as they came, in pieces of blocks; and the gates from block to block.
 */
final class Draft {
  /** Block, where it begins in {@code code}, the line there, the offsets that it is for. */
  private static final int PIECE = 5;

  int[] code = new int[64];
  int used;
  final List<ClassFacts.Lambda> lambdas = new ArrayList<>(0);

  /** As in {@link Body}, of blocks. */
  int[] gates = new int[16];

  int gatesUsed;

  private int[] pieces = new int[8 * PIECE];
  private int pieceCount;

  /** Those of the code, and those within one, which are counted behind them. */
  private int blocks;

  private int block;
  private int lastLine;

  /**
   * @param blocks how many blocks the code has
   */
  Draft(int blocks) {
    this.blocks = blocks;
  }

  int block() {
    return block;
  }

  int blocks() {
    return blocks;
  }

  /** {@return a block that nothing jumps to} */
  int addBlock() {
    return blocks++;
  }

  /** From here on operations are of that block. */
  void begin(int begun, int offset) {
    if ((pieceCount + 1) * PIECE > pieces.length) {
      pieces = Arrays.copyOf(pieces, pieces.length * 2);
    }
    block = begun;
    int at = pieceCount++ * PIECE;
    pieces[at] = begun;
    pieces[at + 1] = used;
    pieces[at + 2] = lastLine;
    pieces[at + 3] = offset;
    pieces[at + 4] = offset;
  }

  /** The piece that was begun last ends there. */
  void end(int offset) {
    pieces[pieceCount * PIECE - 1] = offset;
  }

  int pieces() {
    return pieceCount;
  }

  int blockOf(int piece) {
    return pieces[piece * PIECE];
  }

  int beginOf(int piece) {
    return pieces[piece * PIECE + 1];
  }

  int endOf(int piece) {
    return piece + 1 < pieceCount ? beginOf(piece + 1) : used;
  }

  int lineBefore(int piece) {
    return pieces[piece * PIECE + 2];
  }

  int offset(int piece) {
    return pieces[piece * PIECE + 3];
  }

  int offsetEnd(int piece) {
    return pieces[piece * PIECE + 4];
  }

  void emit(int line, int... operation) {
    if (line != lastLine) {
      lastLine = line;
      append(Body.LINE, line);
    }
    append(operation);
  }

  private void append(int... operation) {
    if (used + operation.length > code.length) {
      code = Arrays.copyOf(code, Math.max(code.length * 2, used + operation.length));
    }
    System.arraycopy(operation, 0, code, used, operation.length);
    used += operation.length;
  }

  /** From the block that is written to another. */
  void gate(int to, int kind, int value, int... given) {
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

  /** To the block, wherever the one that is written runs. */
  void always(int to) {
    gate(to, Body.ALWAYS, 0);
  }
}
