package underpin.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.cases.Proof;
import underpin.cases.Proof.Outcome;
import underpin.cases.Proof.Value;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.sandbox.Sandbox;

class ProofRunnerTest {
  private static final ProofRunner RUNNER =
      ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST));

  private static ProofLibrary library() throws Exception {
    return ProofLibrary.of(Path.of(System.getProperty("underpin.root"), "proofs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CommonsIoNormalize", "SnakeYamlTypes", "CommonsTextLookups"})
  void a_proof_triggers_on_the_affected_release_and_not_on_the_fixed_one(String name)
      throws Exception {
    Proof proof = library().named(name).orElseThrow();
    Proof.Run before = RUNNER.run(proof, classPath(proof, proof.affected()), Set.of());
    Proof.Run after = RUNNER.run(proof, classPath(proof, proof.fixed()), Set.of());

    assertThat(before.proof().outcome()).isInstanceOf(Outcome.Triggered.class);
    assertThat(after.proof().outcome()).isInstanceOf(Outcome.NotTriggered.class);
    assertThat(before.variants())
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(variant -> variant.outcome() instanceof Outcome.Triggered);
    assertThat(after.variants())
        .allMatch(variant -> variant.outcome() instanceof Outcome.NotTriggered);
    assertThat(before.controls()).isNotEmpty().isEqualTo(after.controls());
    assertThat(before.replays()).isEqualTo(after.replays());
  }

  @Test
  void a_watched_method_is_told_where_the_proof_and_where_ordinary_use_reach_it() throws Exception {
    Proof proof = library().named("CommonsIoNormalize").orElseThrow();
    String normalize =
        "org.apache.commons.io.FilenameUtils.normalize(Ljava/lang/String;)Ljava/lang/String;";
    String concat =
        "org.apache.commons.io.FilenameUtils.concat(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;";
    Proof.Run run =
        RUNNER.run(proof, classPath(proof, proof.affected()), Set.of(normalize, concat));

    assertThat(run.reachedByAttempts()).containsExactly(normalize);
    assertThat(run.reachedByUses()).containsExactly(normalize);
    assertThat(run.proof().outcome()).isInstanceOf(Outcome.Triggered.class);
  }

  @Test
  void what_does_not_fit_the_jar_could_not_run_and_says_where() throws Exception {
    Proof proof = library().named("CommonsIoNormalize").orElseThrow();
    Path other = classPath(library().named("SnakeYamlTypes").orElseThrow(), "1.33").getFirst();
    Proof.Run run = RUNNER.run(proof, List.of(other), Set.of());

    assertThat(run.proof().outcome()).isInstanceOf(Outcome.CouldNotRun.class);
    assertThat(run.proof().outcome().text()).contains("org.apache.commons.io").contains("line");
  }

  @Test
  void on_a_jdk_on_which_it_does_not_hold_a_proof_does_not_run() throws Exception {
    Proof proof = proof("c -> c.triggered(\"x\")", "c -> \"\"", new Proof.JdkRange(8, 11));
    Proof.Run run = RUNNER.run(proof, List.of(anyJar()), Set.of());

    assertThat(run.proof().outcome().text()).contains("JDK 8 to 11");
  }

  @Test
  void an_attempt_that_ends_the_jvm_is_told_and_the_next_ones_still_run() throws Exception {
    Proof proof = proof("c -> System.exit(3)", "c -> \"fine\"", JDK);
    Proof.Run run = RUNNER.run(proof, List.of(anyJar()), Set.of());

    assertThat(run.proof().outcome()).isInstanceOf(Outcome.CouldNotRun.class);
    assertThat(run.controls().getFirst().values()).containsExactly(new Value.Given("fine"));
  }

  @Test
  void the_canaries_sing_for_what_they_watch_and_for_nothing_else() throws Exception {
    List<String> harmful =
        List.of(
            "c -> java.nio.file.Files.createFile(c.outside().resolve(\"x\"))",
            "c -> new java.net.Socket(\"127.0.0.1\", c.listener().port()).close()",
            "c -> Class.forName(c.tripwire()).newInstance()",
            "c -> new javax.script.ScriptEngineManager().getEngineByName(\"js\").eval(\"1\")",
            "c -> c.within(300, n -> { while (true) { n.hashCode(); } })",
            "c -> c.allocating(64 << 20, n -> n.leaked(new byte[128 << 20].length))",
            "c -> c.depth(n -> { java.util.List<Object> l = new java.util.ArrayList<>(); l.add(l);"
                + " l.hashCode(); })",
            "c -> c.depth(n -> { java.util.List<Object> l = new java.util.ArrayList<>(); l.add(l);"
                + " try { l.hashCode(); } catch (StackOverflowError e) { n.hashCode(); } })",
            "c -> c.leaked(new String(java.nio.file.Files.readAllBytes(c.secretFile())))");
    List<String> harmless =
        List.of(
            "c -> c.file(\"x\", new byte[1])",
            "c -> c.listener()",
            "c -> underpin.canary.Tripwire.quiet()",
            "c -> new javax.script.ScriptEngineManager().getEngineByName(\"js\")",
            "c -> c.within(3000, n -> n.hashCode())",
            "c -> c.allocating(64 << 20, n -> n.leaked(new byte[1 << 20].length))",
            "c -> c.depth(n -> n.hashCode())",
            "c -> c.leaked(c.secretFile())");
    for (String each : harmful) {
      assertThat(outcome(each)).as(each).isInstanceOf(Outcome.Triggered.class);
    }
    for (String each : harmless) {
      assertThat(outcome(each)).as(each).isInstanceOf(Outcome.NotTriggered.class);
    }
  }

  @Test
  void every_shipped_proof_has_its_page_and_stands_in_the_index() throws Exception {
    Path folder = Path.of(System.getProperty("underpin.root"), "proofs");
    ProofLibrary library = library();
    assertThat(Files.readAllLines(folder.resolve("index.txt")))
        .isEqualTo(library.all().stream().map(Proof::name).toList());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(f -> f.toString().endsWith(".md"))).hasSize(library.all().size());
    }
    for (Proof proof : library.all()) {
      assertThat(library.of(proof.ids(), proof.component())).contains(proof);
      assertThat(proof.ids()).allMatch(id -> id.matches("(CVE-\\d{4}-\\d{4,}|GHSA(-\\w{4}){3})"));
    }
  }

  private static final Proof.JdkRange JDK = new Proof.JdkRange(8, Integer.MAX_VALUE);

  private static Outcome outcome(String attempt) throws Exception {
    return RUNNER
        .run(proof(attempt, "c -> \"\"", JDK), List.of(anyJar()), Set.of())
        .proof()
        .outcome();
  }

  private static Proof proof(String attempt, String use, Proof.JdkRange jdk) {
    return new Proof(
        "Sample",
        "A sample",
        List.of("CVE-2000-0001"),
        0,
        "g:a",
        "1",
        "2",
        List.of(),
        jdk,
        """
        public final class Sample implements underpin.canary.Demonstration {
          public void attempts(underpin.canary.Attempts to) {
            to.proof("proof", %s);
            to.control("use", %s);
          }
        }
        """
            .formatted(attempt, use));
  }

  private static Path anyJar() throws Exception {
    return Path.of(
        org.junit.jupiter.api.Test.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .toURI());
  }

  private static List<Path> classPath(Proof proof, String version) {
    List<Path> paths = new ArrayList<>();
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      for (String each :
          Stream.concat(Stream.of(proof.component() + ":" + version), proof.needs().stream())
              .toList()) {
        String[] parts = each.split(":");
        paths.add(
            maven
                .fetch(new Gav(parts[0], parts[1], parts[2].equals("=") ? version : parts[2]))
                .orElseThrow());
      }
    }
    return paths;
  }
}
