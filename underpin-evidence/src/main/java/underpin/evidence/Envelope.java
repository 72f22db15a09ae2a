package underpin.evidence;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A DSSE v1 envelope with exactly two signatures, Ed25519 then ML-DSA-65, written in one way only:
 * one line of JSON with fixed members in a fixed order. It is read by comparing with that form and
 * not by a JSON parser, so that no two texts mean the same envelope.
 */
record Envelope(String payloadType, byte[] payload, KeyId keyId, byte[] ed25519, byte[] mlDsa65) {
  /** The payload type of in-toto statements. */
  static final String STATEMENT = "application/vnd.in-toto+json";

  /** The payload type of the tree head. */
  static final String TREE_HEAD = "application/vnd.underpin.tree-head+json";

  static Envelope sign(Keys keys, String payloadType, byte[] payload) {
    byte[] message = preAuthEncoding(payloadType, payload);
    return new Envelope(
        payloadType,
        payload,
        keys.id(),
        keys.sign(Scheme.ED25519, message),
        keys.sign(Scheme.ML_DSA_65, message));
  }

  /**
   * {@return what is signed: {@code "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body}} DSSE v1,
   * protocol.md, "Signature Definition".
   */
  static byte[] preAuthEncoding(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + type.length + 40);
    out.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(type);
    out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  byte[] preAuthEncoding() {
    return preAuthEncoding(payloadType, payload);
  }

  byte[] signature(Scheme scheme) {
    return switch (scheme) {
      case ED25519 -> ed25519;
      case ML_DSA_65 -> mlDsa65;
    };
  }

  static String keyName(KeyId id, Scheme scheme) {
    return id.hex() + "#" + scheme.word();
  }

  /** {@return the line, without its line feed} */
  byte[] toLine() {
    Base64.Encoder base64 = Base64.getEncoder();
    return ("{\"payloadType\":\""
            + payloadType
            + "\",\"payload\":\""
            + base64.encodeToString(payload)
            + "\",\"signatures\":[{\"keyid\":\""
            + keyName(keyId, Scheme.ED25519)
            + "\",\"sig\":\""
            + base64.encodeToString(ed25519)
            + "\"},{\"keyid\":\""
            + keyName(keyId, Scheme.ML_DSA_65)
            + "\",\"sig\":\""
            + base64.encodeToString(mlDsa65)
            + "\"}]}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return whether a line claims to hold this type of payload} */
  static boolean claims(byte[] line, String payloadType) {
    byte[] start = ("{\"payloadType\":\"" + payloadType + "\"").getBytes(StandardCharsets.US_ASCII);
    return line.length >= start.length
        && Arrays.equals(line, 0, start.length, start, 0, start.length);
  }

  static Envelope fromLine(byte[] line, String payloadType, KeyId signer)
      throws MalformedLineException {
    FixedForm form = new FixedForm(line);
    form.expect("{\"payloadType\":\"" + payloadType + "\",\"payload\":\"");
    byte[] payload = form.base64("payload");
    form.expect("\",\"signatures\":[{\"keyid\":\"");
    form.keyName(signer, Scheme.ED25519);
    form.expect("\",\"sig\":\"");
    byte[] ed25519 = form.base64("Ed25519 signature");
    form.expect("\"},{\"keyid\":\"");
    form.keyName(signer, Scheme.ML_DSA_65);
    form.expect("\",\"sig\":\"");
    byte[] mlDsa65 = form.base64("ML-DSA-65 signature");
    form.expect("\"}]}");
    form.end();
    return new Envelope(payloadType, payload, signer, ed25519, mlDsa65);
  }
}
