package underpin.campaign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import underpin.cases.Proof;
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
          return new Proof.Runner() {
            @Override
            public Proof.Run run(Proof proof, List<Path> classPath, Set<String> watched)
                throws InterruptedException {
              return budget.spend(() -> runner.run(proof, classPath, watched));
            }

            @Override
            public Proof.Fuzzed fuzz(Proof proof, List<Path> before, List<Path> after)
                throws InterruptedException {
              return budget.spend(() -> runner.fuzz(proof, before, after));
            }
          };
        },
        maven::fetch,
        budget);
  }
}
