package underpin.evidence;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** The first line of a bundle: the format and both public keys. */
record Header(PublicKeys keys) {
  static final String FORMAT = "underpin/evidence-bundle/1";

  byte[] toLine() {
    Base64.Encoder base64 = Base64.getEncoder();
    return ("{\"format\":\""
            + FORMAT
            + "\",\"keyId\":\""
            + keys.id()
            + "\",\"ed25519\":\""
            + base64.encodeToString(keys.ed25519().getEncoded())
            + "\",\"mlDsa65\":\""
            + base64.encodeToString(keys.mlDsa65().getEncoded())
            + "\"}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static Header fromLine(byte[] line) throws MalformedLineException {
    FixedForm form = new FixedForm(line);
    form.expect("{\"format\":\"" + FORMAT + "\",\"keyId\":\"");
    String keyId = form.hex("key id");
    form.expect("\",\"ed25519\":\"");
    byte[] ed25519 = form.base64("Ed25519 key");
    form.expect("\",\"mlDsa65\":\"");
    byte[] mlDsa65 = form.base64("ML-DSA-65 key");
    form.expect("\"}");
    form.end();
    // Before the keys are decoded: whoever changed a key must not get it as far as the decoder.
    if (!keyId.equals(Sha256.hex(ed25519, mlDsa65))) {
      throw new MalformedLineException("its key id is not that of the two public keys beside it");
    }
    try {
      return new Header(PublicKeys.decode(ed25519, mlDsa65));
    } catch (GeneralSecurityException e) {
      throw new MalformedLineException("it holds no usable public keys: " + e.getMessage());
    }
  }
}
