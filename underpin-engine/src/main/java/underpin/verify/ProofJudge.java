package underpin.verify;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import underpin.cases.Proof;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.maven.Gav;
import underpin.verify.Baseline.Jdk;

/**
 * Rungs 6 to 10 of an artifact before and after, where a proof of the vulnerability is known. Where
 * none is, or it cannot be run, every rung says why.
 */
public final class ProofJudge {
  /** Knows no proof. */
  public static final ProofJudge NONE =
      new ProofJudge(
          (_, _) -> Optional.empty(), (_, _) -> noRunner(), _ -> Optional.empty(), () -> false);

  private static final List<Rung> RUNGS =
      List.of(
          Rung.PROOF_STOPPED,
          Rung.BENIGN_CONTROL,
          Rung.PROOF_VARIANTS,
          Rung.SAME_BEHAVIOUR,
          Rung.NEEDED);

  private final Library library;
  private final Runners runners;
  private final Function<Gav, Optional<Path>> artifacts;
  private final BooleanSupplier isSpent;

  /**
   * @param artifacts where the file of an artifact lies that a proof needs beside the component
   * @param isSpent whether the time for proofs is used up: none is begun then
   */
  public ProofJudge(
      Library library,
      Runners runners,
      Function<Gav, Optional<Path>> artifacts,
      BooleanSupplier isSpent) {
    this.library = requireNonNull(library, "library");
    this.runners = requireNonNull(runners, "runners");
    this.artifacts = requireNonNull(artifacts, "artifacts");
    this.isSpent = requireNonNull(isSpent, "isSpent");
  }

  /** The proofs that are known. */
  @FunctionalInterface
  public interface Library {
    /**
     * {@return the proof of a vulnerability, by any of its ids, in a component, {@code
     * group:artifact}}
     */
    Optional<Proof> of(Collection<String> ids, String component) throws InterruptedException;

    /**
     * {@return whether the proof is of this flaw, and not of another that the same release mends}
     */
    default boolean isSure(Proof proof) {
      return true;
    }
  }

  /** What runs proofs. */
  @FunctionalInterface
  public interface Runners {
    /** {@return one that runs them on this JDK} */
    Proof.Runner on(Path jdkHome, int release);
  }

  /**
   * An artifact with what it needs at run time.
   *
   * @param others files by {@code group:artifact}, in the order of the class path, without its own
   */
  public record Artifact(Path jar, Map<String, Path> others) {
    public Artifact {
      others = Collections.unmodifiableMap(new java.util.LinkedHashMap<>(others));
    }
  }

  /**
   * How much is climbed of rung 10, which takes a run of the proof for each changed method, and
   * whether old and new are fuzzed for rung 9.
   */
  public enum Depth {
    /** None of rung 10. */
    GATE,
    /** A release, which changes much beside the fix: rung 10 where that is little. */
    RELEASE,
    /** A patch: all of it. */
    PATCH
  }

  private static Proof.Runner noRunner() {
    return (proof, _, _) -> Proof.Run.none(proof, "nothing here runs proofs");
  }

  /** {@return the proof that would be run, if one is known} */
  public Optional<Proof> proof(Collection<String> ids, String component)
      throws InterruptedException {
    return library.of(ids, component);
  }

  /**
   * {@return rungs 6 to 10; each is there}
   *
   * @param ids all ids of the vulnerability
   * @param component {@code group:artifact}
   * @param jdk runs the proof
   * @param depth of rung 10
   */
  public SortedMap<Rung, Result> judge(
      Collection<String> ids,
      String component,
      Artifact before,
      Artifact after,
      Jdk jdk,
      Depth depth)
      throws InterruptedException {
    Optional<Proof> known = library.of(ids, component);
    if (known.isEmpty()) {
      return notRun("no proof is known for this vulnerability");
    }
    if (isSpent.getAsBoolean()) {
      return notRun("the time for proofs is used up");
    }
    Proof proof = known.get();
    Optional<List<Path>> was = classPath(proof, before);
    Optional<List<Path>> is = classPath(proof, after);
    if (was.isEmpty() || is.isEmpty()) {
      return notRun(
          "the proof needs %s, and not all of it is in a repository at hand"
              .formatted(String.join(", ", proof.needs())));
    }
    SortedMap<Rung, Result> rungs =
        new ProofRungs(runners.on(jdk.home(), jdk.release()), isSpent, depth)
            .judge(proof, was.get(), is.get());
    return library.isSure(proof) ? rungs : softened(rungs);
  }

  /** Harm that stays may be that of another flaw: it refuses nothing, and then nothing is shown. */
  private static SortedMap<Rung, Result> softened(SortedMap<Rung, Result> rungs) {
    SortedMap<Rung, Result> all = new TreeMap<>(rungs);
    all.replaceAll((rung, result) ->
        (rung == Rung.PROOF_STOPPED || rung == Rung.PROOF_VARIANTS)
                && result instanceof Result.Failed(String because)
            ? new Result.NotRun(
                "the proof that was found may be of another flaw that the same release mends: "
                    + because)
            : result);
    return all;
  }

  /** {@return all five rungs, not run for this reason} */
  static SortedMap<Rung, Result> notRun(String because) {
    SortedMap<Rung, Result> rungs = new TreeMap<>();
    RUNGS.forEach(rung -> rungs.put(rung, new Result.NotRun(because)));
    return rungs;
  }

  /** The class path of the artifact decides; what it lacks comes from the proof's own list. */
  private Optional<List<Path>> classPath(Proof proof, Artifact of) {
    List<Path> path = new ArrayList<>();
    path.add(of.jar());
    path.addAll(of.others().values());
    for (String need : proof.needs()) {
      String[] parts = need.split(":");
      if (parts.length != 3) {
        throw new IllegalArgumentException(
            "Proof %s needs '%s', which is no group:artifact:version"
                .formatted(proof.name(), need));
      }
      if (!of.others().containsKey(parts[0] + ":" + parts[1])) {
        Optional<Path> file = artifacts.apply(new Gav(parts[0], parts[1], parts[2]));
        if (file.isEmpty()) {
          return Optional.empty();
        }
        path.add(file.get());
      }
    }
    return Optional.of(path);
  }
}
