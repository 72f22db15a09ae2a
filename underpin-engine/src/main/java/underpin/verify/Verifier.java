package underpin.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import underpin.advisory.AdvisoryStore;
import underpin.cases.PatchSet;
import underpin.cases.Progress;
import underpin.cases.Verdict;
import underpin.maven.MavenOptions;
import underpin.program.Linkage;
import underpin.sandbox.Sandbox;

/** Climbs the ladder. */
public final class Verifier {
  public Verifier(
      MavenOptions maven,
      AdvisoryStore store,
      Linkage linkage,
      Sandbox sandbox,
      Path workFolder,
      BuildOptions options,
      Progress progress) {
    throw new IllegalStateException("skeleton");
  }

  /** Builds and tests the project as it is, in a copy. */
  public Baseline baseline(Path project) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * Judges the patch. When the whole fails a rung, the failing parts are found by bisection, and
   * the rest is judged again without them.
   */
  public Verification verify(Baseline baseline, PatchSet patch) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * What came of it.
   *
   * @param verdicts by part id, every part of the patch set
   * @param kept the parts that were verified together
   */
  public record Verification(Map<String, Verdict> verdicts, List<String> kept) {
    public Verification {
      verdicts = Map.copyOf(verdicts);
      kept = List.copyOf(kept);
    }
  }
}
