package underpin.evidence;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Reads a line whose form is fixed but for the values in it. */
final class FixedForm {
  private final byte[] line;
  private int at;

  FixedForm(byte[] line) {
    this.line = line;
  }

  void expect(String text) throws MalformedLineException {
    byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
    int end = Math.min(line.length, at + expected.length);
    int mismatch = Arrays.mismatch(line, at, end, expected, 0, expected.length);
    if (mismatch >= 0) {
      throw new MalformedLineException(
          at + mismatch >= line.length
              ? "it ends early"
              : "byte %d is not as the format has it there".formatted(at + mismatch + 1));
    }
    at += expected.length;
  }

  void keyName(KeyId signer, Scheme scheme) throws MalformedLineException {
    String name = upToQuote("key id", 1);
    if (!name.equals(Envelope.keyName(signer, scheme))) {
      throw new MalformedLineException(
          "it says it is signed by %s, not by the bundle's key %s (%s)"
              .formatted(name, signer, scheme.word()));
    }
  }

  String hex(String what) throws MalformedLineException {
    String text = upToQuote(what, 1);
    if (!Sha256.isHex(text)) {
      throw new MalformedLineException("its " + what + " is not 64 lower-case hex digits");
    }
    return text;
  }

  byte[] base64(String what) throws MalformedLineException {
    String text = upToQuote(what, 0);
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      // The decoder forgives unused bits and missing padding; the format does not.
      if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Told below, in the same words.
    }
    throw new MalformedLineException("its " + what + " is not canonical base64");
  }

  /** A number from 0 to 999999999, without leading zeros. */
  int number(String what) throws MalformedLineException {
    int from = at;
    while (at < line.length && line[at] >= '0' && line[at] <= '9') {
      at++;
    }
    String digits = new String(line, from, at - from, StandardCharsets.US_ASCII);
    if (digits.isEmpty()
        || digits.length() > 9
        || (digits.length() > 1 && digits.charAt(0) == '0')) {
      throw new MalformedLineException("its " + what + " is no number as the format writes it");
    }
    return Integer.parseInt(digits);
  }

  void end() throws MalformedLineException {
    if (at != line.length) {
      throw new MalformedLineException("something follows at byte " + (at + 1));
    }
  }

  private String upToQuote(String what, int atLeast) throws MalformedLineException {
    int from = at;
    while (at < line.length && line[at] != '"') {
      at++;
    }
    if (at == line.length) {
      throw new MalformedLineException("it ends early, within its " + what);
    }
    if (at - from < atLeast) {
      throw new MalformedLineException("its " + what + " is empty");
    }
    // ISO 8859-1 keeps every byte apart from every other, so a byte out of ASCII cannot hide.
    return new String(line, from, at - from, StandardCharsets.ISO_8859_1);
  }
}
