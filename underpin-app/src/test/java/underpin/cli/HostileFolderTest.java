package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cli.Program.Run;

/** A project may bring a folder {@code .underpin} along, with links to wherever it likes. */
class HostileFolderTest {
  @TempDir Path temp;
  private Program program;
  private Path project;
  private Path outside;

  @BeforeEach
  void a_project_with_nothing_to_fix() throws Exception {
    program = new Program(temp);
    project = Files.createDirectories(temp.resolve("project"));
    outside = Files.writeString(temp.resolve("precious"), "mine");
    Files.writeString(
        project.resolve("pom.xml"),
        "<project><modelVersion>4.0.0</modelVersion><groupId>example</groupId>"
            + "<artifactId>hostile</artifactId><version>1</version></project>");
  }

  @Test
  void links_in_the_folder_are_replaced_and_never_followed() throws Exception {
    Path folder = Files.createDirectories(project.resolve(".underpin"));
    for (String name :
        new String[] {".gitignore", "report.txt", "report.html", "evidence.bundle"}) {
      Files.createSymbolicLink(folder.resolve(name), outside);
    }
    Run run = program.run("fix", "--offline", project.toString()).isPlain();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(outside).hasContent("mine");
    assertThat(folder.resolve("report.txt")).isRegularFile();
    assertThat(Files.isSymbolicLink(folder.resolve("report.txt"))).isFalse();
  }

  @Test
  void a_folder_that_is_a_link_is_refused() throws Exception {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.createSymbolicLink(project.resolve(".underpin"), elsewhere);
    Run run = program.run("fix", "--offline", project.toString()).isPlain();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(".underpin is a link");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void builds_work_outside_the_project() throws Exception {
    Path planted = Files.createDirectories(project.resolve(".underpin/work/finished"));
    Run run = program.run("fix", "--offline", project.toString()).isPlain();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(planted).as("neither read nor written").isEmptyDirectory();
    assertThat(program.home().resolve(".cache/underpin/work")).isNotEmptyDirectory();
  }
}
