package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import underpin.cases.Proof;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.verify.Baseline.Jdk;
import underpin.verify.ProofJudge.Artifact;

class ProofJudgeTest {
  private static final Jdk JDK = new Jdk(Path.of("/jdk"), 21, "a test says so");
  private static final Artifact BARE = new Artifact(Path.of("before.jar"), Map.of());
  private static final List<String> IDS = List.of("GHSA-x", "CVE-2000-0001");

  private final List<List<Path>> ran = new ArrayList<>();

  private static Optional<Proof> proof(java.util.Collection<String> ids, String component) {
    return ids.contains("CVE-2000-0001") && component.equals("g:a")
        ? Optional.of(
            new Proof(
                "Sample",
                "A sample",
                List.of("CVE-2000-0001"),
                22,
                "g:a",
                "1",
                "2",
                List.of("g:needed:1"),
                new Proof.JdkRange(8, 99),
                "class Sample {}"))
        : Optional.empty();
  }

  private ProofJudge judge(boolean needed, boolean spent) {
    return new ProofJudge(
        ProofJudgeTest::proof,
        (_, _) ->
            (proof, classPath, _) -> {
              ran.add(classPath);
              return Proof.Run.none(proof, "it is only a sample");
            },
        gav -> needed ? Optional.of(Path.of(gav.artifactId() + ".jar")) : Optional.empty(),
        () -> spent);
  }

  private static List<String> because(Map<Rung, Result> rungs) {
    assertThat(rungs.keySet())
        .containsExactly(
            Rung.PROOF_STOPPED,
            Rung.BENIGN_CONTROL,
            Rung.PROOF_VARIANTS,
            Rung.SAME_BEHAVIOUR,
            Rung.NEEDED);
    assertThat(rungs.values()).allMatch(Result.NotRun.class::isInstance);
    return rungs.values().stream().map(Result::because).distinct().toList();
  }

  @Test
  void without_a_proof_every_rung_says_so() throws Exception {
    assertThat(
            because(
                judge(true, false)
                    .judge(Set.of("CVE-1"), "g:a", BARE, BARE, JDK, ProofJudge.Depth.PATCH)))
        .containsExactly("no proof is known for this vulnerability");
    assertThat(
            because(
                judge(true, false).judge(IDS, "g:other", BARE, BARE, JDK, ProofJudge.Depth.PATCH)))
        .containsExactly("no proof is known for this vulnerability");
  }

  @Test
  void what_a_proof_needs_comes_from_the_class_path_else_from_a_repository() throws Exception {
    Artifact own = new Artifact(Path.of("after.jar"), Map.of("g:needed", Path.of("own.jar")));
    judge(true, false).judge(IDS, "g:a", BARE, own, JDK, ProofJudge.Depth.PATCH);
    assertThat(ran)
        .containsExactly(
            List.of(Path.of("before.jar"), Path.of("needed.jar")),
            List.of(Path.of("after.jar"), Path.of("own.jar")));
    assertThat(
            because(judge(false, false).judge(IDS, "g:a", BARE, own, JDK, ProofJudge.Depth.PATCH))
                .getFirst())
        .contains("g:needed:1");
  }

  @Test
  void none_is_begun_when_the_time_is_used_up() throws Exception {
    assertThat(
            because(judge(true, true).judge(IDS, "g:a", BARE, BARE, JDK, ProofJudge.Depth.PATCH)))
        .containsExactly("the time for proofs is used up");
    assertThat(ran).isEmpty();
  }

  @Test
  void harm_that_stays_refuses_nothing_where_the_proof_may_be_of_another_flaw() throws Exception {
    assertThat(stillTriggered(true).get(Rung.PROOF_STOPPED)).isInstanceOf(Result.Failed.class);
    assertThat(stillTriggered(false).get(Rung.PROOF_STOPPED))
        .isInstanceOfSatisfying(
            Result.NotRun.class, result -> assertThat(result.because()).contains("another flaw"));
  }

  private static Map<Rung, Result> stillTriggered(boolean sure) throws Exception {
    ProofJudge.Library library =
        new ProofJudge.Library() {
          @Override
          public Optional<Proof> of(java.util.Collection<String> ids, String component) {
            return proof(ids, component);
          }

          @Override
          public boolean isSure(Proof proof) {
            return sure;
          }
        };
    Proof.Run harm =
        new Proof.Run(
            new Proof.Attempt("Sample", new Proof.Outcome.Triggered("seen")),
            List.of(),
            List.of(),
            List.of(),
            Set.of(),
            Set.of());
    return new ProofJudge(
            library,
            (_, _) -> (_, _, _) -> harm,
            gav -> Optional.of(Path.of(gav.artifactId() + ".jar")),
            () -> false)
        .judge(IDS, "g:a", BARE, BARE, JDK, ProofJudge.Depth.GATE);
  }
}
