package underpin.evidence;

import java.util.List;
import java.util.OptionalInt;

/** What came of checking a bundle. */
public sealed interface BundleCheck {
  /**
   * Every byte of the bundle is as its signer wrote it.
   *
   * @param signer the key that signed everything
   * @param trusted whether the caller pinned this signer; false: the bundle itself is the only one
   *     that says whose key it is
   * @param entries in order
   * @param root of the Merkle tree over the entries, hex
   */
  record Valid(KeyId signer, boolean trusted, List<Entry> entries, String root)
      implements BundleCheck {
    public Valid {
      entries = List.copyOf(entries);
    }

    /** {@return what this proves and what it does not, one sentence each, for people} */
    public List<String> proves() {
      return List.of(
          "All %d statements are whole, unchanged and in the order in which they were signed."
              .formatted(entries.size()),
          trusted
              ? "They were signed by the key you trust, " + signer + " (Ed25519 and ML-DSA-65)."
              : "They were signed by one key, "
                  + signer
                  + ", which the bundle itself names: this shows that nothing was changed since, not"
                  + " who signed. Compare the key id with one you know.",
          "That the statements are true is the signer's word; a check of the bundle does not run"
              + " anything again.");
    }
  }

  /**
   * The bundle must not be relied on.
   *
   * @param reason in words, with the place
   * @param entry the entry it is about, from 0; empty when it is about the bundle as a whole
   */
  record Refused(String reason, OptionalInt entry) implements BundleCheck {}

  /**
   * One checked entry.
   *
   * @param index from 0
   */
  record Entry(int index, Statement statement) {}
}
