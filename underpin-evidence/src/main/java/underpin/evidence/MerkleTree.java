package underpin.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * The root of a growing list of entries, as RFC 9162 section 2.1.1 (RFC 6962 section 2.1) hashes
 * it. Leaves and inner nodes are hashed with different prefixes, so that neither can stand for the
 * other. Keeps one hash per level: memory grows with the logarithm of the size.
 */
final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  /** Roots of the perfect subtrees that make up the tree, the largest first. */
  private final List<byte[]> subtrees = new ArrayList<>();

  private long size;

  void append(byte[] entry) {
    byte[] hash = Sha256.of(LEAF, entry);
    // As in adding one to a binary number: each trailing one bit is a subtree to merge with.
    for (long bits = size; (bits & 1) == 1; bits >>>= 1) {
      hash = Sha256.of(NODE, subtrees.removeLast(), hash);
    }
    subtrees.add(hash);
    size++;
  }

  long size() {
    return size;
  }

  byte[] root() {
    if (subtrees.isEmpty()) {
      return Sha256.of();
    }
    byte[] hash = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      hash = Sha256.of(NODE, subtrees.get(i), hash);
    }
    return hash;
  }
}
