package underpin.evidence;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What the signer says of the whole list: which keys, how many entries, which root. It names both
 * keys by their joint id, so that neither can be exchanged without the other.
 */
record TreeHead(KeyId keyId, int size, String root) {
  private static final String START = "{\"format\":\"underpin/tree-head/1\",\"keyId\":\"";

  static TreeHead of(KeyId keyId, MerkleTree tree) {
    return new TreeHead(keyId, Math.toIntExact(tree.size()), HexFormat.of().formatHex(tree.root()));
  }

  byte[] toJson() {
    return (START + keyId + "\",\"size\":" + size + ",\"root\":\"" + root + "\"}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static TreeHead fromJson(byte[] json) throws MalformedLineException {
    FixedForm form = new FixedForm(json);
    form.expect(START);
    KeyId keyId = new KeyId(form.hex("key id"));
    form.expect("\",\"size\":");
    int size = form.number("size");
    form.expect(",\"root\":\"");
    String root = form.hex("root");
    form.expect("\"}");
    form.end();
    return new TreeHead(keyId, size, root);
  }
}
