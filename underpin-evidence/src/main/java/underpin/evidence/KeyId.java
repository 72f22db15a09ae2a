package underpin.evidence;

import java.util.Locale;

/**
 * Names a signer: the SHA-256 of both public keys, the Ed25519 key's X.509 encoding followed by
 * that of the ML-DSA-65 key. Who pins a key id pins both keys.
 *
 * @param hex 64 lower-case hex digits
 */
public record KeyId(String hex) implements Comparable<KeyId> {
  public KeyId {
    if (!Sha256.isHex(hex)) {
      throw new IllegalArgumentException(
          "A key id is 64 lower-case hex digits, as 'underpin key show' prints it; this is not one: "
              + shortened(hex));
    }
  }

  /**
   * Reads what a person typed: upper case and surrounding blanks are forgiven.
   *
   * @throws IllegalArgumentException if it is no key id; the message can be shown
   */
  public static KeyId parse(String text) {
    return new KeyId(text.strip().toLowerCase(Locale.ROOT));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  @Override
  public int compareTo(KeyId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
