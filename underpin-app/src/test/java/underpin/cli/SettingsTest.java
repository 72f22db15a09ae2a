package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;

/** The user's settings.xml, against a repository on loopback that asks for a login. */
class SettingsTest {
  private static final String USER = "build-user";
  private static final String PASSWORD = "s3cret-of-the-mirror";

  @TempDir Path temp;
  private LoopbackRepository repository;
  private Program program;
  private Path project;
  private Path settings;

  @BeforeEach
  void a_project_with_one_dependency() throws Exception {
    repository = LoopbackRepository.start().with("commons-io", "commons-io", "2.6", "2.14.0");
    program = new Program(temp);
    project = Files.createDirectories(temp.resolve("project"));
    settings = temp.resolve("settings.xml");
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>settled</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>commons-io</groupId>
              <artifactId>commons-io</artifactId>
              <version>2.6</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <groupId>example</groupId>
                <artifactId>some-plugin</artifactId>
                <version>1</version>
                <dependencies>
                  <dependency>
                    <groupId>commons-io</groupId>
                    <artifactId>commons-io</artifactId>
                    <version>2.14.0</version>
                  </dependency>
                </dependencies>
              </plugin>
            </plugins>
          </build>
          <profiles>
            <profile>
              <id>old</id>
              <dependencies>
                <dependency>
                  <groupId>commons-fileupload</groupId>
                  <artifactId>commons-fileupload</artifactId>
                  <version>1.3</version>
                </dependency>
              </dependencies>
            </profile>
          </profiles>
        </project>
        """);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private Program.Run run(String command, String... more) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                command,
                project.toString(),
                "--settings=" + settings,
                "--maven-repo-local=" + temp.resolve("m2")));
    line.addAll(List.of(more));
    return program.run(line.toArray(String[]::new)).isPlain();
  }

  private static String server(String user, String password) {
    return "<server><id>loop</id><username>%s</username><password>%s</password></server>"
        .formatted(user, password);
  }

  private void assertEverythingWasRead(Program.Run run) {
    assertThat(run.out()).contains("CVE-2021-29425").doesNotContain("Not read");
    assertThat(repository.served()).anyMatch(path -> path.endsWith("/commons-io-2.6.pom"));
  }

  @Test
  void a_mirror_that_asks_for_a_login_gets_the_one_of_the_settings() throws Exception {
    repository
        .asking(USER, PASSWORD, false)
        .settings(settings, repository.url(), server(USER, PASSWORD), "");
    assertEverythingWasRead(run("scan"));
  }

  @Test
  void a_password_may_be_encrypted() throws Exception {
    DefaultPlexusCipher cipher = new DefaultPlexusCipher();
    String master = "master-of-this-machine";
    Path security = Files.createDirectories(program.home().resolve(".m2"));
    Files.writeString(
        security.resolve("settings-security.xml"),
        "<settingsSecurity><master>%s</master></settingsSecurity>"
            .formatted(cipher.encryptAndDecorate(master, "settings.security")));
    repository
        .asking(USER, PASSWORD, false)
        .settings(
            settings,
            repository.url(),
            server(USER, cipher.encryptAndDecorate(PASSWORD, master)),
            "");
    Program.Run run = run("scan", "--format=json");
    assertEverythingWasRead(run);
    assertNoSecret(run, master);
  }

  @Test
  void a_proxy_that_asks_for_a_login_gets_the_one_of_the_settings() throws Exception {
    repository
        .asking(USER, PASSWORD, true)
        .settings(
            settings,
            "http://repository.invalid/maven",
            "",
            """
            <proxy><id>p</id><active>true</active><protocol>http</protocol><host>127.0.0.1</host>\
            <port>%d</port><username>%s</username><password>%s</password></proxy>
            """
                .formatted(repository.port(), USER, PASSWORD));
    Program.Run run = run("scan");
    assertEverythingWasRead(run);
    assertNoSecret(run);
  }

  @Test
  void a_wrong_password_is_said_without_saying_it() throws Exception {
    repository
        .asking(USER, "another", false)
        .settings(settings, repository.url(), server(USER, PASSWORD), "");
    Program.Run run = run("scan", "--verbose");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("Not read", "401");
    assertNoSecret(run);
  }

  @Test
  void settings_that_are_no_xml_or_not_there_are_named() throws Exception {
    Files.writeString(settings, "<settings>\n<servers>\n</settings>");
    Program.Run broken = run("scan");
    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.err()).contains("settings.xml:3", "Correct");
    Files.delete(settings);
    Program.Run missing = run("scan");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("settings.xml", "--settings");
  }

  @Test
  void no_secret_of_the_settings_is_in_what_a_fix_leaves_behind() throws Exception {
    repository
        .asking(USER, PASSWORD, false)
        .settings(settings, repository.url(), server(USER, PASSWORD), "");
    Files.createDirectories(project.resolve(".mvn/wrapper"));
    Files.writeString(project.resolve(".mvn/wrapper/maven-wrapper.properties"), "");
    // A build that prints all that it was given: its log and the telling lines are outputs too.
    Files.writeString(
        project.resolve("mvnw"),
        """
        #!/bin/sh
        [ "$1" = --version ] && exit 0
        env
        for word; do echo "[ERROR] $word"; [ -f "$word" ] && cat "$word"; done
        exit 1
        """);
    Program.Run run = run("fix");
    assertThat(run.out()).contains("cannot verify");
    assertThat(project.resolve(".underpin/report.json")).exists();
    assertNoSecret(run);
  }

  private void assertNoSecret(Program.Run run, String... more) throws IOException {
    List<String> secrets = new ArrayList<>(List.of(more));
    secrets.add(PASSWORD);
    secrets.add(
        Base64.getEncoder()
            .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
    assertThat(run.out() + run.err()).doesNotContain(secrets);
    for (Path folder : List.of(project, program.home(), program.temporary())) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String content = Files.readString(file, StandardCharsets.ISO_8859_1);
          assertThat(content).as(file.toString()).doesNotContain(secrets);
        }
      }
    }
  }

  @Test
  void offline_asks_no_repository_and_uses_what_is_there() throws Exception {
    repository.settings(settings);
    assertEverythingWasRead(run("scan"));
    int before = repository.served().size();
    Program.Run run = run("scan", "--offline");
    assertThat(run.out()).contains("CVE-2021-29425").doesNotContain("Not read");
    assertThat(repository.served()).hasSize(before);
  }

  @Test
  void a_profile_brings_its_dependencies_only_when_switched_on() throws Exception {
    repository.with("commons-fileupload", "commons-fileupload", "1.3").settings(settings);
    assertThat(run("scan").out()).doesNotContain("commons-fileupload");
    assertThat(run("scan", "-P", "old").out()).contains("commons-fileupload:1.3", "CVE-2014-0050");
    assertThat(run("scan", "-P", "!old").out()).doesNotContain("commons-fileupload");
  }

  @Test
  void plugins_are_looked_at_only_when_asked_for() throws Exception {
    repository.with("example", "some-plugin", "1").settings(settings);
    assertThat(run("scan", "--format=json").out()).doesNotContain("example/some-plugin");
    Program.Run with = run("scan", "--format=json", "--plugins");
    assertThat(with.out())
        .contains("pkg:maven/example/some-plugin@1", "pkg:maven/commons-io/commons-io@2.14.0");
  }
}
