package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.PatchSet.FileChange;

/** {@code git apply} is the judge. */
class UnifiedDiffTest {
  @TempDir Path folder;

  @Test
  void line_ends_encodings_and_odd_names_come_through() throws Exception {
    applies(
        List.of(
            text("pom.xml", "a\nb\nc\n", "a\nB\nc\n"),
            text("crlf/pom.xml", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
            text("mixed.xml", "a\r\nb\nc\r\n", "a\nb\r\nc\r\n"),
            text("no newline.xml", "a\nb", "a\nc"),
            text("newline added.xml", "a\nb", "a\nb\n"),
            text("newline removed.xml", "a\nb\n", "a\nb"),
            text("with \"quotes\" and \\ and\ttab.xml", "x\n", "y\n"),
            text("größe/文.xml", "x\n", "y\n"),
            text("new/file.xml", "", "x\ny\n"),
            text("emptied.xml", "x\ny\n", ""),
            new FileChange(
                "latin1.xml",
                "<!-- größe -->\na\n".getBytes(StandardCharsets.ISO_8859_1),
                "<!-- größe -->\nb\n".getBytes(StandardCharsets.ISO_8859_1)),
            new FileChange(
                "bom.xml",
                new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a', '\n'},
                new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'b', '\n'})));
  }

  @Test
  void binary_files_are_made_and_changed() throws Exception {
    byte[] before = new byte[3_000];
    byte[] after = new byte[70_001];
    new Random(20261130).nextBytes(before);
    new Random(20261131).nextBytes(after);
    before[7] = 0;
    after[7] = 0;
    applies(
        List.of(
            text("pom.xml", "a\n", "b\n"),
            new FileChange("new/folder/a-1.jar", new byte[0], after),
            new FileChange("gr\u00f6\u00dfe/changed.jar", before, after)));
  }

  @Test
  void many_hunks_apply_whatever_their_distance() throws Exception {
    Random random = new Random(20261124);
    List<FileChange> changes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<String> lines = new ArrayList<>();
      for (int n = random.nextInt(60) + 1; n > 0; n--) {
        lines.add("line " + random.nextInt(5) + (random.nextInt(9) == 0 ? "\r\n" : "\n"));
      }
      List<String> after = new ArrayList<>(lines);
      for (int edits = random.nextInt(6) + 1; edits > 0 && !after.isEmpty(); edits--) {
        int at = random.nextInt(after.size());
        switch (random.nextInt(3)) {
          case 0 -> after.remove(at);
          case 1 -> after.add(at, "added " + edits + "\n");
          default -> after.set(at, "set " + edits + "\n");
        }
      }
      changes.add(text("f" + i + ".txt", String.join("", lines), String.join("", after)));
    }
    applies(changes);
  }

  @Test
  void nothing_changed_is_an_empty_diff() {
    assertThat(UnifiedDiff.of(List.of(text("pom.xml", "a\n", "a\n")))).isEmpty();
  }

  /** At the top of a repository, and in a project that is a folder of one. */
  private void applies(List<FileChange> changes) throws Exception {
    assumeTrue(run(folder, "git", "--version") == 0, "git is not installed");
    assertThat(run(folder, "git", "init", "-q")).isZero();
    assertThat(run(folder, "git", "config", "core.autocrlf", "false")).isZero();
    applies(changes, folder, "");
    applies(
        changes,
        Files.createDirectories(folder.resolve("examples/a project")),
        "examples/a project/");
  }

  private void applies(List<FileChange> changes, Path project, String inRepository)
      throws Exception {
    for (FileChange change : changes) {
      Path file = project.resolve(change.file());
      Files.createDirectories(file.getParent());
      if (change.before().length > 0) {
        Files.write(file, change.before());
      }
    }
    Files.write(project.resolve("fix.patch"), UnifiedDiff.of(changes, inRepository));
    assertThat(run(project, "git", "apply", "--check", "--whitespace=nowarn", "fix.patch"))
        .isZero();
    assertThat(run(project, "git", "apply", "--whitespace=nowarn", "fix.patch")).isZero();
    for (FileChange change : changes) {
      assertThat(Files.readAllBytes(project.resolve(change.file())))
          .as(change.file())
          .isEqualTo(change.after());
    }
  }

  private static int run(Path in, String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).directory(in.toFile()).inheritIO().start().waitFor();
  }

  private static FileChange text(String file, String before, String after) {
    return new FileChange(
        file, before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8));
  }
}
