package underpin.campaign;

import java.time.Duration;
import underpin.maven.MavenSession;
import underpin.prove.ProofLibrary;
import underpin.prove.ProofRunner;
import underpin.sandbox.Sandbox;
import underpin.verify.ProofJudge;

/** The proofs that come with underpin, run in the sandbox and within a time. */
final class ShippedProofs {
  /** Of one run over a project, whatever its number of vulnerabilities. */
  private static final Duration ALL = Duration.ofMinutes(15);

  private ShippedProofs() {}

  static ProofJudge judge(MavenSession maven, Sandbox sandbox) {
    return judge(maven, sandbox, library());
  }

  static ProofJudge.Library library() {
    return ProofLibrary.shipped()::of;
  }

  static ProofJudge judge(MavenSession maven, Sandbox sandbox, ProofJudge.Library library) {
    TimeBudget budget = new TimeBudget(ALL);
    return new ProofJudge(
        library,
        (home, release) -> {
          ProofRunner runner = new ProofRunner(sandbox, home, release);
          return (proof, classPath, watched) ->
              budget.spend(() -> runner.run(proof, classPath, watched));
        },
        maven::fetch,
        budget);
  }
}
