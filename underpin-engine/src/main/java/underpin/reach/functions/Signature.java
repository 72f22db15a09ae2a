package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import underpin.program.method.Fingerprint;
import underpin.program.method.JarCode;

/**
 * What the functions of one vulnerability look like before and after each of its fixes. Every
 * branch stands for itself: what only the fix of another branch changed tells nothing here.
 *
 * @param id as its {@link FunctionList} has it
 * @param branches one per pair of releases that can be told apart by code
 */
record Signature(String id, List<Branch> branches) {
  Signature {
    requireNonNull(id, "id");
    branches = List.copyOf(branches);
  }

  /** One pair of releases. */
  record Branch(ReleasePair pair, List<Print> prints) {
    Branch {
      requireNonNull(pair, "pair");
      prints = List.copyOf(prints);
    }
  }

  /**
   * One function that the fix of the branch changed or removed.
   *
   * @param className binary form
   * @param weight how likely it belongs to the fix, 0 to 1
   * @param removed whether the fixed release lacks it
   */
  record Print(
      String className,
      String methodName,
      String descriptor,
      double weight,
      boolean removed,
      Fingerprint fingerprint) {}

  /**
   * {@return what tells one pair of releases apart}
   *
   * @param affected classes of the affected release, at least those with functions of the list
   */
  static Optional<Branch> branch(
      FunctionList.Derived list, ReleasePair pair, JarCode affected, JarCode fixed) {
    List<Print> prints = new ArrayList<>();
    List<VulnerableFunction> cut = list.cut();
    for (Change change : JarComparison.compare(pair, affected, fixed).changes()) {
      String id = JarComparison.unnumbered(change.before().id());
      cut.stream()
          .filter(f -> JarComparison.unnumbered(f.id()).equals(id))
          .findFirst()
          .ifPresent(function ->
              change
                  .fingerprint()
                  .filter(print -> change.after().isEmpty() || print.tells())
                  .ifPresent(print ->
                      prints.add(
                          new Print(
                              change.before().className(),
                              change.before().name(),
                              change.before().descriptor(),
                              function.score(),
                              change.after().isEmpty(),
                              print))));
    }
    return prints.isEmpty() ? Optional.empty() : Optional.of(new Branch(pair, prints));
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(id);
    out.writeByte(branches.size());
    for (Branch branch : branches) {
      out.writeUTF(branch.pair().name());
      out.writeUTF(branch.pair().affected());
      out.writeUTF(branch.pair().fixed());
      out.writeByte(branch.prints().size());
      for (Print print : branch.prints()) {
        out.writeUTF(print.className());
        out.writeUTF(print.methodName());
        out.writeUTF(print.descriptor());
        out.writeFloat((float) print.weight());
        out.writeBoolean(print.removed());
        byte[] bytes = print.fingerprint().bytes();
        out.writeShort(bytes.length);
        out.write(bytes);
      }
    }
  }

  static Signature read(DataInputStream in) throws IOException {
    String id = in.readUTF();
    List<Branch> branches = new ArrayList<>();
    for (int b = in.readUnsignedByte(); b > 0; b--) {
      ReleasePair pair = new ReleasePair(in.readUTF(), in.readUTF(), in.readUTF());
      List<Print> prints = new ArrayList<>();
      for (int p = in.readUnsignedByte(); p > 0; p--) {
        prints.add(
            new Print(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readFloat(),
                in.readBoolean(),
                Fingerprint.read(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())))));
      }
      branches.add(new Branch(pair, prints));
    }
    return new Signature(id, branches);
  }
}
