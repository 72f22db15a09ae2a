package underpin.evidence;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a signer: the SHA-256 of both public keys, the Ed25519 key's X.509 encoding followed by
 * that of the ML-DSA-65 key. Who pins a key id pins both keys.
 *
 * @param hex 64 lower-case hex digits
 */
public record KeyId(String hex) implements Comparable<KeyId> {
  private static final Pattern PUBLIC_KEY =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----");

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

  /**
   * {@return the id of the two public keys in a text as {@link Keys#publicPem()} writes it; what
   * stands around the PEM blocks does not count}
   *
   * @throws IllegalArgumentException if there are not two usable public keys; the message can be
   *     shown
   */
  public static KeyId ofPublicPem(String text) {
    List<byte[]> keys = new ArrayList<>();
    Matcher block = PUBLIC_KEY.matcher(text);
    while (block.find()) {
      keys.add(Base64.getMimeDecoder().decode(block.group(1)));
    }
    if (keys.size() != 2) {
      throw new IllegalArgumentException(
          "holds "
              + keys.size()
              + " public keys, and 2 are needed (Ed25519, then ML-DSA-65), as 'underpin key show'"
              + " prints them");
    }
    try {
      return PublicKeys.decode(keys.get(0), keys.get(1)).id();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "holds a public key that cannot be read: " + e.getMessage(), e);
    }
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
