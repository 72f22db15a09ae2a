package underpin.program.graph;

import java.util.Arrays;

/** Which blocks of a method run together: those that no number keeps apart are one region. */
final class Regions {
  private final Draft draft;
  private final int[] ofBlock;
  private final int count;

  Regions(Draft draft) {
    this.draft = draft;
    this.ofBlock = new int[draft.blocks()];
    boolean decided = false;
    for (int at = 0; at < draft.gatesUsed; at += Body.gateLength(draft.gates, at)) {
      decided |= draft.gates[at + 2] != Body.ALWAYS;
    }
    this.count = decided ? numbered() : 1;
  }

  int count() {
    return count;
  }

  int ofBlock(int block) {
    return ofBlock[block];
  }

  int ofPiece(int piece) {
    return ofBlock[draft.blockOf(piece)];
  }

  private int numbered() {
    int[] gates = draft.gates;
    int[] into = new int[ofBlock.length];
    int[] only = new int[ofBlock.length];
    for (int at = 0; at < draft.gatesUsed; at += Body.gateLength(gates, at)) {
      into[gates[at + 1]]++;
      only[gates[at + 1]] = gates[at + 2] == Body.ALWAYS ? gates[at] : -1;
    }
    Arrays.fill(ofBlock, -1);
    ofBlock[0] = 0;
    whatAlwaysRuns();
    int regions = 1;
    for (int i = 0; i < draft.pieces(); i++) {
      int block = draft.blockOf(i);
      int head = block;
      int steps = 0;
      while (ofBlock[head] < 0 && into[head] == 1 && only[head] >= 0 && steps++ < ofBlock.length) {
        head = only[head];
      }
      if (ofBlock[head] < 0) {
        ofBlock[head] = regions++;
      }
      ofBlock[block] = ofBlock[head];
    }
    for (int i = 0; i < ofBlock.length; i++) {
      ofBlock[i] = Math.max(0, ofBlock[i]);
    }
    return regions;
  }

  private void whatAlwaysRuns() {
    int[] gates = draft.gates;
    boolean more = true;
    while (more) {
      more = false;
      for (int at = 0; at < draft.gatesUsed; at += Body.gateLength(gates, at)) {
        if (gates[at + 2] == Body.ALWAYS
            && ofBlock[gates[at]] == 0
            && ofBlock[gates[at + 1]] != 0) {
          ofBlock[gates[at + 1]] = 0;
          more = true;
        }
      }
    }
  }

  /** {@return the pieces in the order of their regions} */
  int[] order() {
    int[] next = new int[count + 1];
    for (int i = 0; i < draft.pieces(); i++) {
      next[ofPiece(i) + 1]++;
    }
    for (int i = 0; i < count; i++) {
      next[i + 1] += next[i];
    }
    int[] order = new int[draft.pieces()];
    for (int i = 0; i < order.length; i++) {
      order[next[ofPiece(i)]++] = i;
    }
    return order;
  }

  /** {@return by offset: the region of what runs there; empty if there is but one} */
  int[] byOffset(int codeLength) {
    if (count == 1) {
      return Body.NONE;
    }
    int[] all = new int[codeLength];
    for (int i = 0; i < draft.pieces(); i++) {
      Arrays.fill(all, draft.offset(i), draft.offsetEnd(i), ofPiece(i));
    }
    return all;
  }
}
