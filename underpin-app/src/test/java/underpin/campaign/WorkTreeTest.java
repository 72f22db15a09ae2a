package underpin.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  private static FileChange change(String file, String before, String after) {
    return new FileChange(file, before.getBytes(UTF_8), after.getBytes(UTF_8));
  }
}
