package underpin.evidence;

import java.security.GeneralSecurityException;
import java.security.PublicKey;

/** The two public keys of one signer. */
record PublicKeys(PublicKey ed25519, PublicKey mlDsa65) {
  static PublicKeys decode(byte[] ed25519, byte[] mlDsa65) throws GeneralSecurityException {
    return new PublicKeys(Scheme.ED25519.publicKey(ed25519), Scheme.ML_DSA_65.publicKey(mlDsa65));
  }

  PublicKey of(Scheme scheme) {
    return switch (scheme) {
      case ED25519 -> ed25519;
      case ML_DSA_65 -> mlDsa65;
    };
  }

  /** Both encodings have a fixed length, so their concatenation can be read in one way only. */
  KeyId id() {
    return new KeyId(Sha256.hex(ed25519.getEncoded(), mlDsa65.getEncoded()));
  }
}
