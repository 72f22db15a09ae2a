package underpin.evidence;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** The two ways every statement is signed. The order is the order of signatures in an envelope. */
enum Scheme {
  /** RFC 8032. Trusted today. */
  ED25519("Ed25519", "ed25519", 64),
  /** FIPS 204, security category 3. Holds when quantum computers break the other. */
  ML_DSA_65("ML-DSA-65", "ml-dsa-65", 3309);

  private final String jcaName;
  private final String word;
  private final int signatureLength;

  Scheme(String jcaName, String word, int signatureLength) {
    this.jcaName = jcaName;
    this.word = word;
    this.signatureLength = signatureLength;
  }

  /** {@return its name in bundles} */
  String word() {
    return word;
  }

  String jcaName() {
    return jcaName;
  }

  KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(jcaName).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  /**
   * Signs so that the same key and message give the same bytes. Ed25519 always does; for ML-DSA
   * this is the deterministic variant of FIPS 204 section 3.4, whose rnd is 32 zero bytes.
   */
  byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(jcaName);
      signature.initSign(key, new Zeros());
      signature.update(message);
      return signature.sign();
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    } catch (GeneralSecurityException e) {
      // Keys are checked when they are loaded, so this is a defect and not an input.
      throw new IllegalStateException("Signing with " + jcaName + " failed", e);
    }
  }

  boolean verifies(PublicKey key, byte[] message, byte[] bytes) {
    if (bytes.length != signatureLength) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(jcaName);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(bytes);
    } catch (SignatureException e) {
      return false; // not even shaped like a signature
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Verifying with " + jcaName + " failed", e);
    }
  }

  /**
   * {@return the key of an X.509 encoding}
   *
   * @throws GeneralSecurityException if it is not one, or not the only encoding of this key
   */
  PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    PublicKey key = factory().generatePublic(new X509EncodedKeySpec(encoded));
    if (!Arrays.equals(key.getEncoded(), encoded)) {
      throw new GeneralSecurityException("not the canonical encoding of the key");
    }
    return key;
  }

  PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
    return factory().generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private KeyFactory factory() {
    try {
      return KeyFactory.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  private IllegalStateException missing(NoSuchAlgorithmException cause) {
    return new IllegalStateException(
        "This Java has no " + jcaName + ". Run underpin with a JDK 25 or newer.", cause);
  }

  /** The rnd of deterministic ML-DSA. Used for nothing else, and never for making keys. */
  private static final class Zeros extends SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
