package underpin.evidence;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Checks a bundle: every signature, the order, and that nothing is missing. Needs no network. */
public final class BundleVerifier {
  /** The most bytes that one statement may have. */
  public static final int MAX_PAYLOAD = 8 * 1024 * 1024;

  /** The most bytes that a bundle may have. */
  public static final long MAX_BUNDLE = 512L * 1024 * 1024;

  private static final int MAX_LINE = MAX_PAYLOAD / 3 * 4 + 16 * 1024;

  private final SignatureCheck signatures;

  BundleVerifier(SignatureCheck signatures) {
    this.signatures = signatures;
  }

  /** Whether a signature fits. A seam for the test that tries every flipped byte. */
  @FunctionalInterface
  interface SignatureCheck {
    boolean verifies(Scheme scheme, PublicKey key, byte[] message, byte[] signature);
  }

  /**
   * Checks a bundle.
   *
   * @param pinned the signer that the caller trusts; a bundle of another one is refused. Empty:
   *     whoever signed, the result says that the key is self-asserted
   * @throws IOException if the file cannot be read; whatever is wrong with its content is a {@link
   *     BundleCheck.Refused}
   */
  public static BundleCheck verify(Path bundle, Optional<KeyId> pinned) throws IOException {
    try (InputStream in = Files.newInputStream(bundle)) {
      return new BundleVerifier(Scheme::verifies).verify(in, pinned);
    }
  }

  BundleCheck verify(InputStream in, Optional<KeyId> pinned) throws IOException {
    try {
      return check(new Lines(new BufferedInputStream(in, 1 << 16)), pinned);
    } catch (RefusedException e) {
      return new BundleCheck.Refused(e.reason, e.entry);
    }
  }

  private BundleCheck check(Lines lines, Optional<KeyId> pinned)
      throws IOException, RefusedException {
    PublicKeys keys = header(lines);
    KeyId signer = keys.id();
    if (pinned.isPresent() && !pinned.get().equals(signer)) {
      throw new RefusedException(
          "The bundle is signed by key %s, not by the trusted key %s"
              .formatted(signer, pinned.get()));
    }

    // Form and order first, signatures after: what is cheap to refuse is refused at once.
    List<Envelope> envelopes = new ArrayList<>();
    List<BundleCheck.Entry> entries = new ArrayList<>();
    MerkleTree tree = new MerkleTree();
    Envelope head;
    while (true) {
      int index = entries.size();
      byte[] line =
          lines
              .next()
              .orElseThrow(() ->
                  new RefusedException(
                      "The bundle ends after %d entries without its signed tree head"
                          .formatted(index)));
      if (Envelope.claims(line, Envelope.TREE_HEAD)) {
        head = treeHead(line, signer);
        break;
      }
      Envelope envelope = entry(line, index, signer);
      envelopes.add(envelope);
      entries.add(statement(envelope, index));
      tree.append(envelope.preAuthEncoding());
    }
    if (lines.next().isPresent()) {
      throw new RefusedException("Something follows the signed tree head, which ends a bundle");
    }
    TreeHead said = treeHead(head);
    TreeHead found = TreeHead.of(signer, tree);

    if (!signed(head, keys)) {
      throw new RefusedException(
          "The tree head is not signed by both keys of the bundle (" + failing(head, keys) + ")");
    }
    OptionalInt unsigned =
        IntStream.range(0, envelopes.size())
            .parallel()
            .filter(i -> !signed(envelopes.get(i), keys))
            .min();
    if (unsigned.isPresent()) {
      int index = unsigned.getAsInt();
      throw new RefusedException(
          "Entry %d was changed, or signed by another key: %s"
              .formatted(index, failing(envelopes.get(index), keys)),
          index);
    }
    if (!said.keyId().equals(signer)) {
      throw new RefusedException("The tree head was made for another key, " + said.keyId());
    }
    if (said.size() != found.size()) {
      throw new RefusedException(
          "The signed tree head counts %d entries, the bundle holds %d: some were %s"
              .formatted(
                  said.size(), found.size(), said.size() > found.size() ? "dropped" : "added"));
    }
    if (!said.root().equals(found.root())) {
      throw new RefusedException(
          "The entries are not those of the signed tree head, or not in its order: their root is %s, "
                  .formatted(found.root())
              + "the signed one is "
              + said.root());
    }
    return new BundleCheck.Valid(signer, pinned.isPresent(), entries, found.root());
  }

  private static PublicKeys header(Lines lines) throws IOException, RefusedException {
    Optional<byte[]> line = lines.next();
    if (line.isEmpty()) {
      throw new RefusedException("The file is empty; an evidence bundle starts with its keys");
    }
    try {
      return Header.fromLine(line.get()).keys();
    } catch (MalformedLineException e) {
      throw new RefusedException(
          "Line 1 is not the header of an evidence bundle (%s): %s"
              .formatted(Header.FORMAT, e.getMessage()));
    }
  }

  private static Envelope entry(byte[] line, int index, KeyId signer) throws RefusedException {
    try {
      return Envelope.fromLine(line, Envelope.STATEMENT, signer);
    } catch (MalformedLineException e) {
      throw new RefusedException(
          "Entry %d (line %d): %s".formatted(index, index + 2, e.getMessage()), index);
    }
  }

  private static BundleCheck.Entry statement(Envelope envelope, int index) throws RefusedException {
    try {
      return new BundleCheck.Entry(index, Statement.fromJson(envelope.payload()));
    } catch (IOException e) {
      throw new RefusedException(
          "Entry %d (line %d) holds no in-toto statement: %s"
              .formatted(index, index + 2, firstLine(e)),
          index);
    }
  }

  private static Envelope treeHead(byte[] line, KeyId signer) throws RefusedException {
    try {
      return Envelope.fromLine(line, Envelope.TREE_HEAD, signer);
    } catch (MalformedLineException e) {
      throw new RefusedException("The tree head: " + e.getMessage());
    }
  }

  private static TreeHead treeHead(Envelope head) throws RefusedException {
    try {
      return TreeHead.fromJson(head.payload());
    } catch (MalformedLineException e) {
      throw new RefusedException("The tree head: " + e.getMessage());
    }
  }

  private boolean signed(Envelope envelope, PublicKeys keys) {
    return failing(envelope, keys).isEmpty();
  }

  /** {@return what is wrong with the signatures, empty when both verify} */
  private String failing(Envelope envelope, PublicKeys keys) {
    byte[] message = envelope.preAuthEncoding();
    for (Scheme scheme : Scheme.values()) {
      if (!signatures.verifies(scheme, keys.of(scheme), message, envelope.signature(scheme))) {
        return "its " + scheme.jcaName() + " signature does not verify";
      }
    }
    return "";
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;
    private final transient OptionalInt entry;

    RefusedException(String reason) {
      super(reason);
      this.reason = reason;
      entry = OptionalInt.empty();
    }

    RefusedException(String reason, int entry) {
      super(reason);
      this.reason = reason;
      this.entry = OptionalInt.of(entry);
    }
  }

  /** The lines of a bundle; each ends with one line feed, the last one too. */
  private static final class Lines {
    private final InputStream in;
    private int number;
    private long bytes;

    Lines(InputStream in) {
      this.in = in;
    }

    Optional<byte[]> next() throws IOException, RefusedException {
      number++;
      ByteArrayOutputStream line = new ByteArrayOutputStream(8192);
      int read;
      while ((read = in.read()) != '\n') {
        if (read < 0) {
          if (line.size() == 0) {
            return Optional.empty();
          }
          throw new RefusedException(
              "The file ends within line %d: it was cut off, or is no evidence bundle"
                  .formatted(number));
        }
        if (line.size() == MAX_LINE || ++bytes > MAX_BUNDLE) {
          throw new RefusedException(
              "Line %d is longer than an evidence bundle allows".formatted(number));
        }
        line.write(read);
      }
      return Optional.of(line.toByteArray());
    }
  }
}
