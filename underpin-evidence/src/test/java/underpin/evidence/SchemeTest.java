package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.junit.jupiter.api.Test;

/** The JDK's signatures against those of an independent implementation, Bouncy Castle. */
class SchemeTest {
  private static final byte[] MESSAGE = "hello".getBytes(StandardCharsets.UTF_8);

  @Test
  void both_schemes_sign_deterministically_and_verify() {
    for (Scheme scheme : Scheme.values()) {
      KeyPair pair = scheme.generate();
      byte[] signature = scheme.sign(pair.getPrivate(), MESSAGE);
      assertThat(scheme.sign(pair.getPrivate(), MESSAGE)).isEqualTo(signature);
      assertThat(scheme.verifies(pair.getPublic(), MESSAGE, signature)).isTrue();
      assertThat(scheme.verifies(pair.getPublic(), new byte[0], signature)).isFalse();
      assertThat(scheme.verifies(scheme.generate().getPublic(), MESSAGE, signature)).isFalse();
      assertThat(scheme.verifies(pair.getPublic(), MESSAGE, new byte[0])).isFalse();
    }
  }

  @Test
  void bouncy_castle_makes_the_same_ml_dsa_signature_and_verifies_ours() throws Exception {
    KeyPair pair = Scheme.ML_DSA_65.generate();
    byte[] ours = Scheme.ML_DSA_65.sign(pair.getPrivate(), MESSAGE);

    MLDSASigner verifier = new MLDSASigner();
    verifier.init(
        false,
        (MLDSAPublicKeyParameters)
            PublicKeyFactory.createKey(
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())));
    verifier.update(MESSAGE, 0, MESSAGE.length);
    assertThat(verifier.verifySignature(ours)).isTrue();

    // Without a source of randomness Bouncy Castle signs by the deterministic variant of FIPS 204.
    MLDSASigner signer = new MLDSASigner();
    signer.init(
        true,
        (MLDSAPrivateKeyParameters) PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
    signer.update(MESSAGE, 0, MESSAGE.length);
    assertThat(signer.generateSignature()).isEqualTo(ours);
  }
}
