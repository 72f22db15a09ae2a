package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.program.method.Fingerprint;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

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

    /** {@return whether there is enough in it to go by} */
    boolean tellsEnough() {
      return prints.stream().mapToDouble(Print::contrast).sum() >= ENOUGH;
    }
  }

  /** What the fix did to a function. */
  enum Kind {
    CHANGED,
    REMOVED,
    /** The affected release lacks it. */
    ADDED
  }

  /**
   * One function that the fix of the branch changed, removed or added.
   *
   * @param className binary form
   * @param weight how likely it belongs to the fix, 0 to 1
   * @param fingerprint of an added function: what it is in the fixed release
   */
  record Print(
      String className,
      String methodName,
      String descriptor,
      double weight,
      Kind kind,
      Fingerprint fingerprint) {
    /** {@return how well it tells the two releases apart, 0 to 1} */
    double contrast() {
      return kind == Kind.CHANGED ? fingerprint.contrast() : PRESENCE;
    }

    static Print of(MethodCode method, double weight, Kind kind, Fingerprint fingerprint) {
      return new Print(
          method.className(), method.name(), method.descriptor(), weight, kind, fingerprint);
    }
  }

  /** What it says that a function is there which only one of the releases has. */
  private static final double PRESENCE = 0.3;

  /** Where the functions of the list tell the releases apart by less than this, others help. */
  private static final double ENOUGH = 1.0;

  private static final int MOST_OTHERS = 8;
  private static final int MOST_ADDED = 6;

  /** Of a change that the list does not hold. */
  private static final double OTHER_WEIGHT = 0.02;

  /** A new method beside a function of the fix belongs to the fix half as likely as that. */
  private static final double ADDED_SHARE = 0.5;

  /** {@return what tells one pair of releases apart; empty where nothing does} */
  static Optional<Branch> branch(
      FunctionList.Derived list, ReleasePair pair, JarCode affected, JarCode fixed) {
    Map<String, Double> scores = new HashMap<>();
    Map<String, Double> ofClass = new HashMap<>();
    for (VulnerableFunction function : list.functions()) {
      scores.merge(JarComparison.unnumbered(function.id()), function.score(), Math::max);
      if (function.inCut()) {
        ofClass.merge(function.className(), function.score(), Math::max);
      }
    }
    JarComparison.Difference difference = JarComparison.compare(pair, affected, fixed);
    List<Print> prints = new ArrayList<>();
    List<Print> others = new ArrayList<>();
    for (Change change : difference.changes()) {
      Optional<Double> score =
          Optional.ofNullable(scores.get(JarComparison.unnumbered(change.before().id())));
      Kind kind = change.after().isEmpty() ? Kind.REMOVED : Kind.CHANGED;
      change
          .fingerprint()
          .filter(print -> kind == Kind.REMOVED || print.tells())
          .ifPresent(print ->
              (score.isPresent() ? prints : others)
                  .add(Print.of(change.before(), score.orElse(OTHER_WEIGHT), kind, print)));
    }
    difference.added().stream()
        .filter(m -> m.hasCode() && ofClass.containsKey(m.className()))
        .map(m ->
            Print.of(
                m,
                ADDED_SHARE * ofClass.getOrDefault(m.className(), 0.0),
                Kind.ADDED,
                Fingerprint.of(m, Optional.empty())))
        .filter(print -> print.fingerprint().isTelling())
        .limit(MOST_ADDED)
        .forEach(prints::add);
    if (!new Branch(pair, prints).tellsEnough()) {
      others.stream()
          .sorted(Comparator.comparingDouble(print -> -print.contrast()))
          .limit(MOST_OTHERS)
          .forEach(prints::add);
    }
    return prints.isEmpty() ? Optional.empty() : Optional.of(new Branch(pair, prints));
  }

  /** {@return the signature without some functions, and without branches that had no others} */
  Signature without(List<Print> prints) {
    return new Signature(
        id,
        branches.stream()
            .map(b ->
                new Branch(b.pair(), b.prints().stream().filter(p -> !prints.contains(p)).toList()))
            .filter(b -> b.prints().stream().anyMatch(p -> p.kind() != Kind.ADDED))
            .toList());
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
        out.writeByte(print.kind().ordinal());
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
                Kind.values()[in.readUnsignedByte()],
                Fingerprint.read(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())))));
      }
      branches.add(new Branch(pair, prints));
    }
    return new Signature(id, branches);
  }
}
