package underpin.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.cases.PatchSet.FileChange;

class WorkTreeTest {
  @TempDir Path project;

  private static final FileChange ROOT = change("pom.xml", "<a>1</a>", "<a>2</a>");
  private static final FileChange CHILD = change("child/pom.xml", "<b>1</b>", "<b>2</b>");

  @BeforeEach
  void a_project_in_git() throws Exception {
    Files.createDirectories(project.resolve("child"));
    Files.writeString(project.resolve("pom.xml"), "<a>1</a>");
    Files.writeString(project.resolve("child/pom.xml"), "<b>1</b>");
    Files.writeString(project.resolve("other.txt"), "x");
    try (Git git = Git.init().setDirectory(project.toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      git.commit().setMessage("base").setSign(false).call();
    }
  }

  @Test
  void all_files_are_written() throws Exception {
    new WorkTree(project).apply(List.of(ROOT, CHILD), false);
    assertThat(project.resolve("pom.xml")).hasContent("<a>2</a>");
    assertThat(project.resolve("child/pom.xml")).hasContent("<b>2</b>");
    assertThat(project.toFile().list()).noneMatch(n -> n.startsWith(".underpin-"));
  }

  @Test
  void new_files_are_written_with_their_folders() throws Exception {
    FileChange jar = change("repository/g/a/1/a-1.jar", "", "PK");
    new WorkTree(project).apply(List.of(ROOT, jar), false);
    assertThat(project.resolve("repository/g/a/1/a-1.jar")).hasContent("PK");
  }

  @Test
  void new_files_are_committed_too() throws Exception {
    FileChange jar = change("repository/g/a/1/a-1.jar", "", "PK");
    new WorkTree(project).commitOnBranch(List.of(ROOT, jar), "fix", "fix");
    try (Git git = Git.open(project.toFile())) {
      assertThat(git.status().call().isClean()).isTrue();
    }
  }

  @Test
  void a_file_that_appeared_meanwhile_is_not_written_over() throws Exception {
    Files.writeString(project.resolve("new.txt"), "mine");
    assertThatThrownBy(
            () -> new WorkTree(project).apply(List.of(change("new.txt", "", "theirs")), true))
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("new.txt");
    assertThat(project.resolve("new.txt")).hasContent("mine");
  }

  @Test
  void a_new_file_below_a_link_is_refused(@TempDir Path outside) throws Exception {
    Files.createSymbolicLink(project.resolve("link"), outside);
    assertThatThrownBy(
            () -> new WorkTree(project).apply(List.of(change("link/deep/new.txt", "", "x")), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("link");
    assertThat(outside.toFile().list()).isEmpty();
  }

  @Test
  void uncommitted_changes_to_a_patched_file_are_refused_unless_told() throws Exception {
    Files.writeString(project.resolve("pom.xml"), "<a>mine</a>");
    FileChange onMine = change("pom.xml", "<a>mine</a>", "<a>2</a>");
    assertThatThrownBy(() -> new WorkTree(project).apply(List.of(onMine), false))
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("pom.xml")
        .hasMessageContaining("--allow-dirty");
    assertThat(project.resolve("pom.xml")).hasContent("<a>mine</a>");
    new WorkTree(project).apply(List.of(onMine), true);
    assertThat(project.resolve("pom.xml")).hasContent("<a>2</a>");
  }

  @Test
  void uncommitted_changes_to_other_files_do_not_matter() throws Exception {
    Files.writeString(project.resolve("other.txt"), "y");
    new WorkTree(project).apply(List.of(ROOT), false);
    assertThat(project.resolve("pom.xml")).hasContent("<a>2</a>");
  }

  @Test
  void a_file_that_changed_since_the_patch_was_made_stops_everything() throws Exception {
    Files.writeString(project.resolve("child/pom.xml"), "<b>other</b>");
    assertThatThrownBy(() -> new WorkTree(project).apply(List.of(ROOT, CHILD), true))
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("child/pom.xml changed");
    assertThat(project.resolve("pom.xml")).hasContent("<a>1</a>");
  }

  @Test
  void a_branch_gets_one_commit_with_only_the_patched_files() throws Exception {
    Files.writeString(project.resolve("other.txt"), "staged by the user");
    try (Git git = Git.open(project.toFile())) {
      git.add().addFilepattern("other.txt").call();
    }
    new WorkTree(project).commitOnBranch(List.of(ROOT, CHILD), "underpin/fix", "the story");
    try (Git git = Git.open(project.toFile())) {
      assertThat(git.getRepository().getBranch()).isEqualTo("underpin/fix");
      assertThat(git.log().call().iterator().next().getFullMessage()).isEqualTo("the story");
      assertThat(git.status().call().getChanged()).containsExactly("other.txt");
    }
    assertThat(project.resolve("pom.xml")).hasContent("<a>2</a>");
  }

  @Test
  void an_existing_branch_is_refused() throws Exception {
    assertThatThrownBy(() -> new WorkTree(project).commitOnBranch(List.of(ROOT), "main", "m"))
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("exists already");
    assertThat(project.resolve("pom.xml")).hasContent("<a>1</a>");
  }

  @Test
  void a_path_that_leaves_the_project_is_never_written() {
    FileChange outside = change("../pom.xml", "", "x");
    assertThatThrownBy(() -> new WorkTree(project).apply(List.of(outside), true))
        .hasMessageContaining("outside the project");
  }

  @Test
  void a_bare_repository_that_the_project_holds_is_not_taken_for_its_own() throws Exception {
    Path marker = project.resolve("ran");
    Path sub = Files.createDirectories(project.resolve("sub"));
    Files.writeString(sub.resolve("pom.xml"), "<a>1</a>");
    Files.writeString(sub.resolve(".gitattributes"), "* filter=evil\n");
    Files.writeString(sub.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.createDirectories(sub.resolve("refs/heads"));
    Files.createDirectories(sub.resolve("objects"));
    Files.writeString(sub.resolve("config"), "[core]\n\tworktree = .\n" + evil(marker));
    try (Git git = Git.open(project.toFile())) {
      git.add().addFilepattern("sub").call();
      git.commit().setMessage("hostile").setSign(false).call();
    }
    touch(sub.resolve("pom.xml"));
    new WorkTree(sub).apply(List.of(ROOT), false);
    assertThat(sub.resolve("pom.xml")).hasContent("<a>2</a>");
    assertThat(marker).doesNotExist();
  }

  @Test
  void a_filter_is_not_run_and_refused_before_anything_is_written() throws Exception {
    Path marker = project.resolve("ran");
    Files.writeString(project.resolve(".git/config"), evil(marker), StandardOpenOption.APPEND);
    Path info = Files.createDirectories(project.resolve(".git/info"));
    Files.writeString(info.resolve("attributes"), "child/*.xml filter=evil\n");
    touch(project.resolve("child/pom.xml"));
    WorkTree tree = new WorkTree(project);
    assertFilterRefused(() -> tree.apply(List.of(ROOT, CHILD), false));
    assertFilterRefused(() -> tree.commitOnBranch(List.of(ROOT, CHILD), "underpin/fix", "m"));
    assertThat(marker).doesNotExist();
    assertThat(project.resolve("pom.xml")).hasContent("<a>1</a>");
    try (Git git = Git.open(project.toFile())) {
      assertThat(git.getRepository().getBranch()).isEqualTo("main");
    }
    tree.apply(List.of(ROOT), false);
    assertThat(project.resolve("pom.xml")).as("a file without filter").hasContent("<a>2</a>");
  }

  private static void assertFilterRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("(filter evil)")
        .hasMessageContaining("git apply .underpin/fix.patch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pre-commit", "commit-msg", "post-commit"})
  void no_hook_runs(String name) throws Exception {
    Path marker = project.resolve("ran");
    Path hook = Files.createDirectories(project.resolve(".git/hooks")).resolve(name);
    Files.writeString(hook, "#!/bin/sh\ntouch '" + marker + "'\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    new WorkTree(project).commitOnBranch(List.of(ROOT), "underpin/fix", "the story");
    assertThat(marker).doesNotExist();
  }

  @Test
  void a_linked_work_tree_is_a_repository_too() throws Exception {
    // As git worktree add leaves it: a .git file that names a folder inside the main repository.
    Path linked = Files.createDirectories(project.resolve("linked"));
    Path own = Files.createDirectories(project.resolve(".git/worktrees/linked"));
    Files.writeString(linked.resolve(".git"), "gitdir: " + own + "\n");
    Files.writeString(own.resolve("gitdir"), linked.resolve(".git") + "\n");
    Files.writeString(own.resolve("commondir"), "../..\n");
    Files.writeString(own.resolve("HEAD"), "ref: refs/heads/linked\n");
    Files.copy(project.resolve(".git/index"), own.resolve("index"));
    Files.copy(project.resolve(".git/refs/heads/main"), project.resolve(".git/refs/heads/linked"));
    Files.writeString(linked.resolve("pom.xml"), "<a>mine</a>");
    FileChange onMine = change("pom.xml", "<a>mine</a>", "<a>2</a>");
    assertThatThrownBy(() -> new WorkTree(linked).apply(List.of(onMine), false))
        .isInstanceOf(WorkTree.RefusedException.class)
        .hasMessageContaining("Uncommitted changes in pom.xml,");
    Files.writeString(linked.resolve("pom.xml"), "<a>1</a>");
    new WorkTree(linked).commitOnBranch(List.of(ROOT), "underpin/fix", "the story");
    assertThat(own.resolve("HEAD")).hasContent("ref: refs/heads/underpin/fix");
    assertThat(project.resolve(".git/HEAD")).hasContent("ref: refs/heads/main");
  }

  @Test
  void git_gets_no_program_however_it_asks() {
    NoPrograms files = new NoPrograms();
    ProcessBuilder program = new ProcessBuilder("true");
    OutputStream out = OutputStream.nullOutputStream();
    InputStream in = InputStream.nullInputStream();
    List<ThrowingCallable> ways =
        List.of(
            () -> files.runInShell("true", new String[0]),
            () -> files.execute(program, in),
            () -> files.runProcess(program, out, out, in),
            () -> files.runProcess(program, out, out, ""),
            () -> files.newInstance().execute(program, in));
    assertThat(ways)
        .allSatisfy(
            way -> assertThatThrownBy(way).isInstanceOf(NoPrograms.ProgramRefusedException.class));
  }

  private static String evil(Path marker) {
    return "[filter \"evil\"]\n\tclean = touch '" + marker + "'; cat\n";
  }

  /** Makes git read the file again: the index knows another time. */
  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
  }

  private static FileChange change(String file, String before, String after) {
    return new FileChange(file, before.getBytes(UTF_8), after.getBytes(UTF_8));
  }
}
