package underpin.reach.functions;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What copies are recognised by.
 *
 * @param signatures in the order of ids
 * @param identities of the packages that the signatures name, one or more of each
 */
record KnownSignatures(List<Signature> signatures, List<Identity> identities) {
  /** Moved whenever signatures of an earlier version must not be read. */
  private static final int FORMAT = 4;

  private static final String FILE = "signatures.bin.gz";

  KnownSignatures {
    signatures = List.copyOf(signatures);
    identities = List.copyOf(identities);
  }

  /** {@return those that ship} */
  static KnownSignatures shipped() {
    try (InputStream in = KnownSignatures.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks " + FILE);
      }
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #write} wrote. */
  static KnownSignatures read(InputStream in) throws IOException {
    DataInputStream data =
        new DataInputStream(new BufferedInputStream(new GZIPInputStream(in), 1 << 16));
    if (data.readInt() != FORMAT) {
      throw new IllegalStateException(
          FILE + " is of another version; docs/formats/functions.md says how to make it again");
    }
    List<Signature> signatures = new ArrayList<>();
    for (int count = data.readInt(); count > 0; count--) {
      signatures.add(Signature.read(data));
    }
    List<Identity> identities = new ArrayList<>();
    for (int count = data.readInt(); count > 0; count--) {
      identities.add(Identity.read(data));
    }
    return new KnownSignatures(signatures, identities);
  }

  void write(OutputStream file) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(file))) {
      out.writeInt(FORMAT);
      out.writeInt(signatures.size());
      for (Signature signature : signatures) {
        signature.write(out);
      }
      out.writeInt(identities.size());
      for (Identity identity : identities) {
        identity.write(out);
      }
    }
  }
}
