package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Something that runs and shows the flaw: it triggers before the fix and not after, and comes with
 * variants of itself and with ordinary uses that must keep working.
 *
 * @param name of its class
 * @param title one line: which flaw, of what
 * @param ids of the vulnerability, CVE and GHSA
 * @param cwe number of the weakness
 * @param component {@code group:artifact} that has the flaw
 * @param affected a release that has the flaw
 * @param fixed a release that does not
 * @param needs further artifacts that must be on the class path, {@code group:artifact:version}
 * @param jdk the releases of the JDK on which it holds
 * @param source the Java source of its class
 */
public record Proof(
    String name,
    String title,
    List<String> ids,
    int cwe,
    String component,
    String affected,
    String fixed,
    List<String> needs,
    JdkRange jdk,
    String source) {
  public Proof {
    requireNonNull(title, "title");
    requireNonNull(jdk, "jdk");
    ids = List.copyOf(ids);
    needs = List.copyOf(needs);
    if (name.isBlank() || ids.isEmpty() || source.isBlank()) {
      throw new IllegalArgumentException("Proof '" + name + "' lacks a name, an id or its source");
    }
  }

  /**
   * Releases of the JDK.
   *
   * @param from the first
   * @param to the last; {@link Integer#MAX_VALUE}: no last one is known
   */
  public record JdkRange(int from, int to) {
    public boolean holds(int release) {
      return from <= release && release <= to;
    }

    @Override
    public String toString() {
      return to == Integer.MAX_VALUE ? from + " and later" : from + " to " + to;
    }
  }

  /** What an attempt to show the flaw came to. */
  public sealed interface Outcome {
    /**
     * The flaw was seen.
     *
     * @param evidence what was seen, in words
     */
    record Triggered(String evidence) implements Outcome {}

    /**
     * It ran, and no flaw was seen.
     *
     * @param saw what happened instead
     */
    record NotTriggered(String saw) implements Outcome {}

    /** It says nothing of the flaw. */
    record CouldNotRun(String because) implements Outcome {}

    /** {@return what happened, in words} */
    default String text() {
      return switch (this) {
        case Triggered(String evidence) -> evidence;
        case NotTriggered(String saw) -> saw;
        case CouldNotRun(String because) -> because;
      };
    }

    default String word() {
      return switch (this) {
        case Triggered _ -> "triggered";
        case NotTriggered _ -> "not-triggered";
        case CouldNotRun _ -> "could-not-run";
      };
    }
  }

  /** One attempt and what it came to. */
  public record Attempt(String name, Outcome outcome) {}

  /** What an ordinary use gave. */
  public sealed interface Value {
    /** The result as text; an exception is one, too. */
    record Given(String text) implements Value {}

    record CouldNotRun(String because) implements Value {}
  }

  /**
   * An ordinary use.
   *
   * @param values one, or one for each of the inputs that were generated
   */
  public record Use(String name, List<Value> values) {
    public Use {
      values = List.copyOf(values);
    }
  }

  /**
   * All that a proof showed on one class path.
   *
   * @param proof the proof itself
   * @param variants in their order
   * @param controls the ordinary uses
   * @param replays ordinary uses with generated inputs
   * @param reachedByAttempts which of the watched methods ran in the proof or a variant
   * @param reachedByUses which of them ran in a control
   */
  public record Run(
      Attempt proof,
      List<Attempt> variants,
      List<Use> controls,
      List<Use> replays,
      Set<String> reachedByAttempts,
      Set<String> reachedByUses) {
    public Run {
      variants = List.copyOf(variants);
      controls = List.copyOf(controls);
      replays = List.copyOf(replays);
      reachedByAttempts = Set.copyOf(reachedByAttempts);
      reachedByUses = Set.copyOf(reachedByUses);
    }

    /** {@return a run of which nothing could be run} */
    public static Run none(Proof proof, String because) {
      return new Run(
          new Attempt(proof.name(), new Outcome.CouldNotRun(because)),
          List.of(),
          List.of(),
          List.of(),
          Set.of(),
          Set.of());
    }
  }

  /** What ordinary uses gave on an artifact before and after, with inputs that a fuzzer made. */
  public sealed interface Fuzzed {
    /**
     * @param inputs how many were tried; 0: it is not known, for the fuzzer did not get to its end
     * @param isWhole whether as many as were wanted
     * @param differing how many gave something else
     * @param differences the first of those
     */
    record Ran(long inputs, boolean isWhole, long differing, List<Difference> differences)
        implements Fuzzed {
      public Ran {
        differences = List.copyOf(differences);
      }
    }

    record CouldNotRun(String because) implements Fuzzed {}

    /**
     * An input that gave something else.
     *
     * @param use its name
     * @param input its bytes in hexadecimal; the first tells the use, numbers are cut from the rest
     * @param before what the use gave
     * @param after what it gives
     * @param isWanted whether it showed the flaw before and does not after
     */
    record Difference(String use, String input, String before, String after, boolean isWanted) {}
  }

  /** Runs proofs, out of harm's way. */
  @FunctionalInterface
  public interface Runner {
    /**
     * {@return what the proof showed; never an exception for what the proof or the code under test
     * does}
     *
     * @param classPath the component under test first, then what it needs
     * @param watched methods of the first entry whose running is noted, as {@code
     *     a.b.C$D.name(descriptor)}
     */
    Run run(Proof proof, List<Path> classPath, Set<String> watched) throws InterruptedException;

    /**
     * {@return what the ordinary uses give with inputs that are made guided by coverage; never an
     * exception for what the proof or the code under test does}
     *
     * @param before the component first, then what it needs
     * @param after the same, patched
     */
    default Fuzzed fuzz(Proof proof, List<Path> before, List<Path> after)
        throws InterruptedException {
      return new Fuzzed.CouldNotRun("nothing here fuzzes");
    }
  }
}
