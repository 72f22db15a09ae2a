package underpin.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.version.Ecosystem;

/** Names for documents and targets that follow from their content, so that two runs agree. */
final class Identity {
  private Identity() {}

  /** {@return the package-url of the target}; generic where its name is no Maven coordinates. */
  static String purl(Inventory.Target target) {
    String[] parts = target.name().split(":", -1);
    boolean coordinates =
        (parts.length == 2 || parts.length == 3)
            && java.util.Arrays.stream(parts).allMatch(p -> p.matches("[A-Za-z0-9._-]+"));
    if (coordinates) {
      return Component.maven(parts[0], parts[1], parts.length == 3 ? parts[2] : "").purl();
    }
    String name = target.name().isBlank() ? "target" : target.name();
    return new Component(new Ecosystem("generic", "generic"), name, "").purl();
  }

  /**
   * {@return a {@code urn:uuid:} from a document's content} A UUID of version 8 (RFC 9562, section
   * 5.8: custom), from SHA-256.
   */
  static String urn(Json.Element<Json> document) throws IOException {
    MessageDigest digest = sha256();
    try (Writer writer =
        new OutputStreamWriter(
            new DigestOutputStream(OutputStream.nullOutputStream(), digest),
            StandardCharsets.UTF_8)) {
      Json.document(writer, document);
    }
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
    long high = (bytes.getLong() & ~0xf000L) | 0x8000L;
    long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return "urn:uuid:" + new UUID(high, low);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@return a relative path as a URI reference} RFC 3986, every other byte in percent form. */
  static String uri(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      out.append(
          plain ? String.valueOf(c) : String.format(java.util.Locale.ROOT, "%%%02X", (int) c));
    }
    return out.toString();
  }

  /** {@return whether a stranger's reference is a web address that is safe to link to} */
  static boolean isWebAddress(String reference) {
    if (!reference.startsWith("https://") && !reference.startsWith("http://")) {
      return false;
    }
    try {
      return new URI(reference).getHost() != null
          && reference.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256, which every Java must have", e);
    }
  }
}
