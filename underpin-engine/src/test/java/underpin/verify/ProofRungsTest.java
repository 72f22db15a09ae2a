package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Proof;
import underpin.cases.Proof.Fuzzed;
import underpin.cases.Rung;
import underpin.cases.Rung.Result;
import underpin.prove.ProofRunner;
import underpin.sandbox.Sandbox;

/** A small library with a flaw, and patches of it that are right or wrong in one way each. */
class ProofRungsTest {
  private static final String FLAWED =
      "if (name == null) throw new IllegalArgumentException(\"none\"); return name;";
  private static final String RIGHT =
      "if (name.contains(\"..\")) throw new IllegalArgumentException(name); " + FLAWED;

  @TempDir Path folder;

  @Test
  void a_right_patch_passes_every_rung() throws Exception {
    Map<Rung, Result> rungs = judge(RIGHT);

    assertThat(rungs.values()).as("%s", rungs).allMatch(r -> r instanceof Result.Passed);
    assertThat(because(rungs, Rung.NEEDED))
        .contains("taking back lib.Names.checked(")
        .contains("so does removing the check in line 1 of lib.Names.checked(")
        .doesNotContain("alone not");
    assertThat(because(rungs, Rung.BENIGN_CONTROL)).contains("lib.Names.checked(");
  }

  @Test
  void a_check_that_the_proof_does_not_need_is_told_from_the_one_that_it_needs() throws Exception {
    String needless = "if (name.length() > 100) {\n return name.trim();\n }\n ";
    Map<Rung, Result> rungs = judge(needless + RIGHT);

    assertThat(rungs.get(Rung.NEEDED)).isInstanceOf(Result.Passed.class);
    assertThat(because(rungs, Rung.NEEDED))
        .contains("so does removing the check in line 4 of")
        .contains("alone not: the check in line 1 of");
  }

  @Test
  void no_patch_fails_at_the_proof() throws Exception {
    assertThat(judge("return name + \"\";").get(Rung.PROOF_STOPPED))
        .isInstanceOf(Result.Failed.class);
  }

  @Test
  void a_guard_for_the_proof_alone_fails_at_the_variants() throws Exception {
    Map<Rung, Result> rungs =
        judge("if (name.startsWith(\"../\")) throw new IllegalArgumentException(); return name;");

    assertThat(rungs.get(Rung.PROOF_STOPPED)).isInstanceOf(Result.Passed.class);
    assertThat(rungs.get(Rung.PROOF_VARIANTS)).isInstanceOf(Result.Failed.class);
    assertThat(because(rungs, Rung.PROOF_VARIANTS)).contains("deeper");
  }

  @Test
  void a_removed_feature_fails_at_the_control() throws Exception {
    assertThat(judge("throw new IllegalArgumentException();").get(Rung.BENIGN_CONTROL))
        .isInstanceOf(Result.Failed.class);
  }

  @Test
  void a_rare_change_of_behaviour_fails_at_the_replay() throws Exception {
    Map<Rung, Result> rungs = judge("if (name.endsWith(\"7\")) name = name + \"x\"; " + RIGHT);

    assertThat(rungs.get(Rung.BENIGN_CONTROL)).isInstanceOf(Result.Passed.class);
    assertThat(rungs.get(Rung.SAME_BEHAVIOUR)).isInstanceOf(Result.Failed.class);
    assertThat(because(rungs, Rung.SAME_BEHAVIOUR)).contains("another value");
  }

  @Test
  void what_no_replay_meets_coverage_leads_the_fuzzer_to() throws Exception {
    // One of 65,536 words; the replays make 120, the fuzzer 20,000.
    String rare =
        "if (name.length() == 4 && name.charAt(0) == 'k') { if (name.charAt(1) == 'c') {"
            + " if (name.charAt(2) == 'f') { if (name.charAt(3) == 'p') return \"\"; } } } ";
    Map<Rung, Result> rungs = judge(rare + RIGHT);

    assertThat(rungs.get(Rung.SAME_BEHAVIOUR)).isInstanceOf(Result.Failed.class);
    assertThat(because(rungs, Rung.SAME_BEHAVIOUR))
        .contains("words, made by fuzzing from")
        .contains("was kcfp, is ");
  }

  @Test
  void an_input_that_showed_the_flaw_may_give_something_else() throws Exception {
    Result wanted = fuzzedWith(new Fuzzed.Difference("words", "00", "..", "throws E", true));
    Result regression = fuzzedWith(new Fuzzed.Difference("words", "00", "a", "throws E", false));

    assertThat(wanted).isInstanceOf(Result.Passed.class);
    assertThat(wanted.because()).contains("1 differ where the flaw showed itself");
    assertThat(regression).isInstanceOf(Result.Failed.class);
    assertThat(regression.because()).contains("now refused: was a, is throws E");
  }

  private Result fuzzedWith(Fuzzed.Difference difference) throws Exception {
    ProofRunner real = ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST));
    Proof.Runner runner =
        new Proof.Runner() {
          @Override
          public Proof.Run run(Proof proof, List<Path> classPath, Set<String> watched)
              throws InterruptedException {
            return real.run(proof, classPath, watched);
          }

          @Override
          public Fuzzed fuzz(Proof proof, List<Path> before, List<Path> after) {
            return new Fuzzed.Ran(10, true, 1, List.of(difference));
          }
        };
    return Optional.ofNullable(judge(RIGHT, runner).get(Rung.SAME_BEHAVIOUR)).orElseThrow();
  }

  private static String because(Map<Rung, Result> rungs, Rung rung) {
    return Optional.ofNullable(rungs.get(rung)).orElseThrow().because();
  }

  private Map<Rung, Result> judge(String body) throws Exception {
    return judge(body, ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST)));
  }

  private Map<Rung, Result> judge(String body, Proof.Runner runner) throws Exception {
    Proof proof =
        new Proof(
            "Sample",
            "A name is used as it is",
            List.of("CVE-2000-0001"),
            22,
            "g:a",
            "1",
            "2",
            List.of(),
            new Proof.JdkRange(8, Integer.MAX_VALUE),
            """
            public final class Sample implements underpin.canary.Demonstration {
              public void attempts(underpin.canary.Attempts to) {
                to.proof("parent", c -> seen(c, lib.Names.checked("../x")));
                to.variant("deeper", c -> seen(c, lib.Names.checked("a/../../x")));
                to.variant("at the end", c -> seen(c, lib.Names.checked("a/..")));
                to.variant("backslash", c -> seen(c, lib.Names.checked("a\\\\..\\\\x")));
                to.control("ordinary", c -> lib.Names.checked("a/b"));
                to.replay("names", (c, r) -> lib.Names.checked("n" + r.nextInt(1000)));
                to.replay("words", (c, r) -> {
                  String word = "";
                  for (int i = 0; i < 4; i++) {
                    word += (char) ('a' + r.nextInt(16));
                  }
                  return lib.Names.checked(word);
                });
              }
              private static void seen(underpin.canary.Canary c, String name) {
                c.triggeredIf(name.contains(".."), name);
              }
            }
            """);
    return new ProofRungs(runner, () -> false, ProofJudge.Depth.PATCH)
        .judge(proof, jar("base.jar", FLAWED), jar("patched.jar", body), List.of());
  }

  private Path jar(String name, String body) throws Exception {
    Path classes = Files.createDirectories(folder.resolve(name + ".classes"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      JavaFileObject source =
          new SimpleJavaFileObject(URI.create("string:///Names.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return "package lib; public class Names { public static String checked(String name) { "
                  + body
                  + " } }";
            }
          };
      assertThat(
              compiler
                  .getTask(
                      null,
                      files,
                      null,
                      List.of("--release", "8", "-Xlint:-options"),
                      null,
                      List.of(source))
                  .call())
          .isTrue();
    }
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("lib/Names.class"));
      zip.write(Files.readAllBytes(classes.resolve("lib/Names.class")));
      zip.closeEntry();
    }
    return jar;
  }
}
