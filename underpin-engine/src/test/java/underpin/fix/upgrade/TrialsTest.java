package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Progress;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.program.Linkage;

class TrialsTest {
  @TempDir private Path project;

  /**
   * Guava no longer brings jsr305; the tests have its classes from elsewhere, main code has not.
   */
  @Test
  void what_only_the_tests_still_have_is_missed_by_main_code() throws Exception {
    assertThat(breaksOfOwnCodeIn("classes")).isTrue();
    assertThat(breaksOfOwnCodeIn("test-classes")).isFalse();
  }

  private boolean breaksOfOwnCodeIn(String folder) throws Exception {
    String pom =
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>fixture</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>com.google.guava</groupId>
              <artifactId>guava</artifactId>
              <version>33.4.0-jre</version>
            </dependency>
            <dependency>
              <groupId>com.google.code.findbugs</groupId>
              <artifactId>annotations</artifactId>
              <version>2.0.1</version>
              <scope>test</scope>
            </dependency>
          </dependencies>
        </project>
        """;
    Files.writeString(project.resolve("pom.xml"), pom, StandardCharsets.UTF_8);
    Path classes = project.resolve("target").resolve(folder);
    Files.createDirectories(classes.resolve("example"));
    Files.write(
        classes.resolve("example/User.class"),
        ClassFile.of()
            .build(
                ClassDesc.of("example.User"),
                builder ->
                    builder
                        .withVersion(52, 0)
                        .withMethodBody(
                            "used",
                            MethodTypeDesc.of(ConstantDescs.CD_Class),
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            code ->
                                code.loadConstant(ClassDesc.of("javax.annotation.Nullable"))
                                    .areturn())));
    MavenOptions options =
        new MavenOptions(
            false,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            new TreeMap<>(),
            Optional.empty());
    try (MavenSession maven = MavenSession.open(options)) {
      Reactor reactor = maven.read(project, PomOverlay.NONE);
      Resolution before = maven.resolve(reactor, true, Progress.SILENT);
      Sites sites = new Sites(reactor);
      Trials trials =
          new Trials(
              maven,
              new Linkage(),
              before,
              sites,
              Map.of(".", List.of(classes)),
              17,
              Progress.SILENT);
      Sites.Site guava =
          sites.sites().stream()
              .filter(site -> site.key().equals("com.google.guava:guava"))
              .findFirst()
              .orElseThrow();
      Trials.Links links =
          trials.links(List.of(new PomEdit.Replace("pom.xml", guava.versionAt(), "33.4.8-jre")));
      assertThat(links.failures()).isEmpty();
      return links.breaks().stream()
          .anyMatch(found -> found.reference().contains("javax.annotation.Nullable"));
    }
  }
}
