package underpin.evidence;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Collects statements in order and writes them as one signed bundle. For one thread at a time. The
 * same statements and keys give the same bytes.
 */
public final class EvidenceWriter {
  /** Signed together, then written: bounds the memory that signatures take. */
  private static final int BATCH = 256;

  private final Keys keys;
  private final List<byte[]> payloads = new ArrayList<>();

  private EvidenceWriter(Keys keys) {
    this.keys = keys;
  }

  public static EvidenceWriter create(Keys keys) {
    return new EvidenceWriter(keys);
  }

  /**
   * Adds a statement to the end.
   *
   * @throws IllegalArgumentException if the statement is longer than a bundle may hold
   */
  public void append(Statement statement) {
    byte[] payload = statement.toJson();
    if (payload.length > BundleVerifier.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "A statement of %d bytes is longer than the %d a bundle may hold: put a digest in its place"
              .formatted(payload.length, BundleVerifier.MAX_PAYLOAD));
    }
    payloads.add(payload);
  }

  public int size() {
    return payloads.size();
  }

  /**
   * Signs and writes the bundle. Until it is whole there is no file of that name, or the former
   * one.
   *
   * @throws IOException if it could not be written; nothing half-written stays behind
   */
  public void writeTo(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException("Cannot write a bundle to " + file + ": it is no file name");
    }
    Files.createDirectories(folder);
    // Not Files.createTempFile: what that makes, only the owner can read, and a bundle is for
    // others.
    Path fresh = folder.resolve(".evidence-" + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        writeTo(out);
        out.flush();
        channel.force(true);
      }
      try {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Writes the bundle's lines; does not close the stream. */
  void writeTo(OutputStream out) throws IOException {
    line(out, new Header(keys.publicKeys()).toLine());
    MerkleTree tree = new MerkleTree();
    for (int from = 0; from < payloads.size(); from += BATCH) {
      int to = Math.min(payloads.size(), from + BATCH);
      List<Envelope> batch =
          IntStream.range(from, to)
              .parallel()
              .mapToObj(i -> Envelope.sign(keys, Envelope.STATEMENT, payloads.get(i)))
              .toList();
      for (Envelope envelope : batch) {
        tree.append(envelope.preAuthEncoding());
        line(out, envelope.toLine());
      }
    }
    byte[] head = TreeHead.of(keys.id(), tree).toJson();
    line(out, Envelope.sign(keys, Envelope.TREE_HEAD, head).toLine());
  }

  private static void line(OutputStream out, byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
  }
}
