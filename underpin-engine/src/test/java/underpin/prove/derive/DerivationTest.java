package underpin.prove.derive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Proof;
import underpin.cases.Proof.Outcome;
import underpin.program.method.CompiledJar;
import underpin.prove.ProofRunner;
import underpin.prove.derive.Derivation.Answer;
import underpin.prove.derive.Derivation.Release;
import underpin.prove.derive.Derivation.Wanted;
import underpin.sandbox.Sandbox;

class DerivationTest {
  private static final ProofRunner RUNNER =
      ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST))
          .within(Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** Recursion without a bound, behind a builder and a constructor that holds the text. */
  private static final String PARSER =
      """
      package lib;
      public class Parser {
        private final String text;
        private int at;
        private Parser(String text) { this.text = text; }
        public static Builder builder() { return new Builder(); }
        public static class Builder {
          private Builder() {}
          public Reader build() { return new Reader(); }
        }
        public static class Reader {
          Reader() {}
          public int depth(String text) { return new Parser(text).value(0); }
          public Throwable harmless() throws Throwable { throw new Exception(); }
        }
        private int value(int depth) {
          %s
          if (at < text.length() && text.charAt(at) == '[') {
            at++;
            return value(depth + 1);
          }
          return depth;
        }
      }
      """;

  private static final String PATHS =
      """
      package lib;
      import java.io.*;
      import java.util.zip.*;
      public class Unzip {
        public static void all(InputStream archive, File to) throws IOException {
          ZipInputStream zip = new ZipInputStream(archive);
          for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
            write(zip, new File(to, e.getName()), to);
          }
        }
        private static void write(InputStream in, File file, File to) throws IOException {
          %s
          file.getParentFile().mkdirs();
          try (FileOutputStream out = new FileOutputStream(file)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
              out.write(b);
            }
          }
        }
      }
      """;

  @TempDir Path folder;

  private Answer derive(String source, String guard, Set<Integer> weaknesses, String function)
      throws Exception {
    Path affected = compiled(source);
    Path fixed = CompiledJar.write(folder, List.of(source.formatted(guard)), "--release", "8");
    return new Derivation(RUNNER, () -> false)
        .derive(
            new Wanted(
                List.of("CVE-1"),
                weaknesses,
                "org.example:lib",
                new Release("1", List.of(affected)),
                new Release("2", List.of(fixed)),
                List.of(function)));
  }

  private Path compiled(String source) throws Exception {
    return CompiledJar.write(folder, List.of(source.formatted("")), "--release", "8");
  }

  @Test
  void recursion_without_a_bound_is_reached_through_a_builder() throws Exception {
    Answer answer =
        derive(
            PARSER,
            "if (depth > 1000) { throw new IllegalArgumentException(\"too deep\"); }",
            Set.of(674),
            "lib.Parser.value(I)I");

    assertThat(answer).isInstanceOf(Answer.Found.class);
    Proof proof = ((Answer.Found) answer).proof();
    assertThat(proof.source()).contains("lib.Parser.builder()").contains("to.control(");
    assertThat(proof.title()).contains("lib.Parser.builder().build().depth(INPUT) with [");
    Proof.Run run = RUNNER.run(proof, List.of(compiled(PARSER)), Set.of());
    assertThat(run.replays()).hasSize(1);
    assertThat(run.replays().getFirst().values()).hasSize(120);
  }

  @Test
  void an_entry_above_the_root_is_written_and_then_not() throws Exception {
    Answer answer =
        derive(
            PATHS,
            "if (!file.getCanonicalPath().startsWith(to.getCanonicalPath() + File.separator)) { throw new IOException(\"outside\"); }",
            Set.of(22),
            "lib.Unzip.write(Ljava/io/InputStream;Ljava/io/File;Ljava/io/File;)V");

    assertThat(answer).isInstanceOf(Answer.Found.class);
    Proof proof = ((Answer.Found) answer).proof();
    Proof.Run run = RUNNER.run(proof, List.of(compiled(PATHS)), Set.of());
    assertThat(run.proof().outcome()).isInstanceOf(Outcome.Triggered.class);
    assertThat(run.variants()).isNotEmpty();
    assertThat(run.controls()).isNotEmpty();
  }

  @Test
  void what_the_fix_does_not_prevent_is_no_proof() throws Exception {
    Answer answer = derive(PARSER, "depth += 0;", Set.of(674), "lib.Parser.value(I)I");

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.None.class, none -> assertThat(none.because()).contains("none did harm"));
  }

  @Test
  void what_does_not_lead_to_the_function_is_not_tried() throws Exception {
    Answer answer =
        derive(PARSER, "depth += 0;", Set.of(674), "lib.Other.gone(Ljava/lang/String;)V");

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.None.class, none -> assertThat(none.because()).contains("no public call"));
  }

  @Test
  void a_weakness_without_known_inputs_says_so() throws Exception {
    assertThat(derive(PARSER, "", Set.of(327), "lib.Parser.value(I)I"))
        .isEqualTo(new Answer.None("no input is known that shows such a weakness"));
  }
}
