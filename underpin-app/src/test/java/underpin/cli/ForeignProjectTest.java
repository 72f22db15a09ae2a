package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that is not the user's own, whose POM names a repository of somebody else. */
class ForeignProjectTest {
  private static final String LOGIN =
      "<server><id>company</id><username>u</username><password>p</password></server>";

  @TempDir Path temp;
  private LoopbackRepository users;
  private LoopbackRepository foreign;
  private Program program;
  private Path project;
  private Path settings;

  @BeforeEach
  void two_repositories() throws Exception {
    users = LoopbackRepository.start().with("commons-io", "commons-io", "2.6");
    foreign = LoopbackRepository.start().with("commons-io", "commons-io", "2.6");
    program = new Program(temp);
    project = Files.createDirectories(temp.resolve("project"));
    settings = temp.resolve("settings.xml");
    settings(LOGIN, "central", "");
  }

  @AfterEach
  void close() {
    users.close();
    foreign.close();
  }

  private void settings(String servers, String mirrored, String profiles) throws Exception {
    Files.writeString(
        settings,
        """
        <settings>
          <servers>%s</servers>
          <mirrors><mirror><id>users</id><mirrorOf>%s</mirrorOf><url>%s</url></mirror></mirrors>
          <profiles>%s</profiles>
        </settings>
        """
            .formatted(servers, mirrored, users.url(), profiles));
  }

  private void pom(String properties, String id, String url, String version) throws Exception {
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>foreign</artifactId>
          <version>1</version>
          <properties>%s</properties>
          <dependencies>
            <dependency>
              <groupId>commons-io</groupId>
              <artifactId>commons-io</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <repositories>
            <repository><id>%s</id><url>%s</url></repository>
          </repositories>
        </project>
        """
            .formatted(properties, version, id, url));
  }

  private Program.Run scan(String... more) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                "scan",
                project.toString(),
                "--settings=" + settings,
                "--maven-repo-local=" + temp.resolve("m2")));
    line.addAll(List.of(more));
    return program.run(line.toArray(String[]::new)).isPlain();
  }

  @Test
  void a_variable_of_the_environment_is_in_no_address_that_is_asked() throws Exception {
    pom("<where>" + foreign.url() + "/${env.PATH}</where>", "foreign", "${where}", "2.6");
    Program.Run run = scan();
    assertThat(foreign.asked()).isEmpty();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "CVE-2021-29425", "pom.xml", "the repository foreign puts an environment variable");
  }

  @Test
  void a_variable_of_the_environment_is_in_no_coordinates_that_are_asked_for() throws Exception {
    Map.Entry<String, String> variable =
        System.getenv().entrySet().stream()
            .filter(e -> e.getKey().matches("\\w+") && e.getValue().matches("[\\w.-]+"))
            .findFirst()
            .orElseThrow();
    pom("<v>2.6-${env." + variable.getKey() + "}</v>", "foreign", foreign.url(), "${v}");
    Program.Run run = scan();
    assertThat(foreign.asked()).noneMatch(path -> path.contains("/2.6-"));
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("commons-io has an environment variable in its coordinates");
    scan("-D", "env." + variable.getKey() + "=said");
    assertThat(foreign.asked()).anyMatch(path -> path.contains("/2.6-said/"));
  }

  @Test
  void a_login_goes_to_no_server_that_only_the_pom_names() throws Exception {
    foreign.asking("u", "p", false);
    pom("", "company", foreign.url(), "2.6");
    Files.writeString(
        project.resolve("pom.xml"),
        Files.readString(project.resolve("pom.xml"))
            .replace("<groupId>commons-io", "<groupId>only.foreign"));
    foreign.with("only.foreign", "commons-io", "2.6");
    Program.Run run = scan();
    assertThat(foreign.asked()).isNotEmpty();
    assertThat(foreign.logins()).isEmpty();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "the login \"company\" of your settings was not sent to http://127.0.0.1:"
                + foreign.port()
                + ", because only the project's POM names that server",
            "--trust-project-repositories");
  }

  @Test
  void a_login_goes_to_a_server_that_the_settings_name_or_when_the_user_says_so() throws Exception {
    foreign.asking("u", "p", false);
    pom("", "company", foreign.url() + "/", "2.6");
    scan("--trust-project-repositories");
    assertThat(foreign.logins()).isNotEmpty();
    assertThat(foreign.served()).isNotEmpty();

    int before = foreign.served().size();
    settings(
        LOGIN,
        "central",
        """
        <profile><id>named</id><properties><host>127.0.0.1:%d</host></properties><repositories>\
        <repository><id>other</id><url>http://${host}/elsewhere</url></repository>\
        </repositories></profile>
        """
            .formatted(foreign.port()));
    try (Stream<Path> files = Files.walk(temp.resolve("m2"))) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
    scan();
    assertThat(foreign.served()).hasSizeGreaterThan(before);
  }

  @Test
  void what_a_repository_serves_under_the_id_of_central_is_not_noted_as_centrals()
      throws Exception {
    settings("", "another", "");
    pom("", "central", foreign.url(), "2.6");
    scan();
    assertThat(foreign.served()).anyMatch(path -> path.endsWith("/commons-io-2.6.pom"));
    Path folder = temp.resolve("m2/commons-io/commons-io/2.6");
    assertThat(Files.readString(folder.resolve("_remote.repositories")))
        .containsPattern("commons-io-2\\.6\\.pom>central-[0-9a-f]{8}=")
        .doesNotContain(">central=");
  }

  @Test
  void what_came_from_central_is_used_and_not_overwritten() throws Exception {
    settings("", "another", "");
    Path folder = Files.createDirectories(temp.resolve("m2/commons-io/commons-io/2.6"));
    Path cached = folder.resolve("commons-io-2.6.pom");
    String text =
        """
        <project><modelVersion>4.0.0</modelVersion><groupId>commons-io</groupId>\
        <artifactId>commons-io</artifactId><version>2.6</version><!-- Central's --></project>
        """;
    Files.writeString(cached, text);
    Files.writeString(folder.resolve("_remote.repositories"), "commons-io-2.6.pom>central=\n");
    pom("", "central", foreign.url(), "2.6");
    scan();
    assertThat(foreign.asked()).noneMatch(path -> path.endsWith("/commons-io-2.6.pom"));
    assertThat(cached).hasContent(text.strip());
  }

  @Test
  void a_mirror_of_central_stands_also_for_what_the_pom_calls_central() throws Exception {
    pom("", "central", foreign.url(), "2.6");
    scan();
    assertThat(foreign.asked()).isEmpty();
    assertThat(users.served()).anyMatch(path -> path.endsWith("/commons-io-2.6.pom"));
  }

  @Test
  void the_project_does_not_say_how_it_is_looked_at() throws Exception {
    pom("", "foreign", "file:/nowhere", "${the.version}");
    Path mvn = Files.createDirectories(project.resolve(".mvn"));
    Path theirs = project.resolve("theirs.xml");
    foreign.settings(theirs);
    Files.createDirectories(project.resolve("conf"));
    Files.copy(theirs, project.resolve("conf/settings.xml"));
    Files.writeString(
        mvn.resolve("maven.config"),
        """
        -gs theirs.xml -f elsewhere.xml -Dthe.version=2.6 -Daether.offline.hosts=127.0.0.1
        -Dmaven.repo.local=%s
        """
            .formatted(temp.resolve("their-m2")));
    Files.writeString(mvn.resolve("jvm.config"), "-Dmaven.home=" + project);
    Program.Run run = scan();
    assertThat(foreign.asked()).isEmpty();
    assertThat(users.served()).anyMatch(path -> path.endsWith("/commons-io-2.6.pom"));
    assertThat(temp.resolve("their-m2")).doesNotExist();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("'-gs theirs.xml' was not taken", "'-f elsewhere.xml' was not taken");
  }
}
