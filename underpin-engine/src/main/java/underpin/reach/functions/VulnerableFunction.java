package underpin.reach.functions;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.program.method.Fingerprint;

/**
 * A method that the fix of a vulnerability changed or removed.
 *
 * @param artifacts {@code group:artifact} of the packages that hold it, sorted
 * @param className binary form: {@code a.b.C$D}
 * @param methodName {@code <init>} and {@code <clinit>} for constructors and static initialisers
 * @param enclosing for a method of an anonymous or local class, the method around it
 * @param rank 1 is the most likely
 * @param score what the evidence adds up to, as a probability of being part of the fix
 * @param inCut whether it is one of the published functions; the others are candidates only
 * @param evidence why it is ranked so, the strongest first
 * @param affected digest of its code in the last affected release, see {@code MethodCode.exact}
 * @param fixed digest in the first fixed release; empty where it is removed
 * @param fingerprint what tells it from its fixed self, under any name; none for a method that is
 *     itself unchanged
 * @param signals the evidence as measured, each 0 to 1
 */
public record VulnerableFunction(
    List<String> artifacts,
    String className,
    String methodName,
    String descriptor,
    Optional<String> enclosing,
    Change.Kind change,
    int rank,
    double score,
    boolean inCut,
    List<String> evidence,
    String affected,
    Optional<String> fixed,
    Optional<Fingerprint> fingerprint,
    Map<Signal, Double> signals) {
  public VulnerableFunction {
    requireNonNull(change, "change");
    artifacts = List.copyOf(artifacts);
    evidence = List.copyOf(evidence);
    signals = Map.copyOf(signals);
  }

  /** {@return whether a fix commit that is known changes its lines} */
  public boolean isInCommit() {
    return evidence.contains(Signal.PATCH_LINES.text());
  }

  /** {@return whether a fix commit that is known changes its file} */
  public boolean isInFileOfCommit() {
    return evidence.contains(Signal.PATCH_FILE.text());
  }

  /** {@return {@code a.b.C.name(descriptor)}} */
  public String id() {
    return className + "." + methodName + descriptor;
  }
}
