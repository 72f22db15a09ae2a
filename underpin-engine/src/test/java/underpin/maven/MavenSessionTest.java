package underpin.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import underpin.cases.Declaration;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.inventory.Inventories;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;

class MavenSessionTest {
  private static final Path FIXTURES = Path.of("src/test/resources/maven");

  @TempDir Path temp;
  private Path jdk17;

  @BeforeEach
  void a_jdk_is_known_by_its_release_file() throws IOException {
    jdk17 = Files.createDirectories(temp.resolve("jdk-17"));
    Files.writeString(jdk17.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"17.0.9\"\n");
  }

  private MavenOptions options(List<String> profiles, Map<String, String> properties) {
    return new MavenOptions(
        false,
        Optional.empty(),
        Optional.empty(),
        profiles,
        new TreeMap<>(properties),
        Optional.of(jdk17));
  }

  /** A local repository with nothing in it. */
  private MavenOptions coldWith(Path settings) {
    return new MavenOptions(
        false,
        Optional.of(temp.resolve("repository")),
        Optional.of(settings),
        List.of(),
        new TreeMap<>(),
        Optional.empty());
  }

  private Path features() throws IOException {
    Path copy = temp.resolve("features");
    Path from = FIXTURES.resolve("features");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return copy;
  }

  private static Dependency find(Resolution resolution, String module, String key) {
    return resolution.modules().stream()
        .filter(m -> m.module().path().equals(module))
        .flatMap(m -> m.dependencies().stream())
        .filter(d -> d.gav().key().equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError(key + " is not in " + module));
  }

  private static Map<String, TreeSet<String>> expected(String name) throws IOException {
    Map<String, TreeSet<String>> modules = new TreeMap<>();
    String module = "";
    for (String line : Files.readAllLines(FIXTURES.resolve(name))) {
      if (line.startsWith("## ")) {
        module = line.substring(3);
        modules.computeIfAbsent(module, m -> new TreeSet<>());
      } else {
        modules.computeIfAbsent(module, m -> new TreeSet<>()).add(line);
      }
    }
    return modules;
  }

  @ParameterizedTest
  @CsvSource({"default,,", "profile,by-name,", "property,,feature=on"})
  void every_module_has_what_dependency_list_prints(String variant, String profile, String define)
      throws Exception {
    Map<String, String> properties =
        define == null ? Map.of() : Map.of(define.split("=")[0], define.split("=")[1]);
    Map<String, TreeSet<String>> ours = new TreeMap<>();
    try (MavenSession session =
        MavenSession.open(options(profile == null ? List.of() : List.of(profile), properties))) {
      Reactor reactor = session.read(features(), PomOverlay.NONE);
      Resolution resolution = session.resolve(reactor, false, Progress.SILENT);
      assertThat(resolution.problems()).isEmpty();
      for (ModuleResolution module : resolution.modules()) {
        if (!module.module().path().equals(".")) {
          ours.put(module.module().path(), DependencyList.lines(module));
        }
      }
    }
    assertThat(ours).isEqualTo(expected("features-" + variant + ".txt"));
  }

  @Test
  void each_version_is_traced_to_the_place_that_an_edit_changes() throws Exception {
    Path project = features();
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Reactor reactor = session.read(project, PomOverlay.NONE);
      Resolution resolution = session.resolve(reactor, false, Progress.SILENT);

      assertPlace(
          project,
          resolution,
          "core",
          "commons-io:commons-io",
          Declaration.Kind.LITERAL,
          "core/pom.xml",
          ">2.6<");
      assertPlace(
          project, resolution, "web", "commons-io:commons-io", Declaration.Kind.TRANSITIVE, "", "");
      // gson.version is nothing but ${gson.release}: the literal stands there
      assertPlace(
          project,
          resolution,
          "core",
          "com.google.code.gson:gson",
          Declaration.Kind.PROPERTY,
          "pom.xml",
          "<gson.release>");
      assertPlace(
          project,
          resolution,
          "core",
          "org.slf4j:slf4j-api",
          Declaration.Kind.MANAGED,
          "pom.xml",
          ">1.7.25<");
      assertPlace(
          project,
          resolution,
          "core",
          "org.apache.httpcomponents:httpcore",
          Declaration.Kind.MANAGED,
          "pom.xml",
          ">4.4.9<");
      assertPlace(
          project,
          resolution,
          "core",
          "com.fasterxml.jackson.core:jackson-databind",
          Declaration.Kind.PROPERTY,
          "pom.xml",
          "<jackson-bom.version>");
      assertPlace(
          project,
          resolution,
          "core",
          "org.apache.commons:commons-collections4",
          Declaration.Kind.PROPERTY,
          "bom/pom.xml",
          "<collections.version>");
      assertPlace(
          project,
          resolution,
          "web",
          "commons-fileupload:commons-fileupload",
          Declaration.Kind.MANAGED,
          "bom/pom.xml",
          ">1.3.2<");
      assertPlace(
          project,
          resolution,
          "tools",
          "ch.qos.cal10n:cal10n-api",
          Declaration.Kind.PARENT,
          "tools/pom.xml",
          ">1.7.36<");
      assertPlace(
          project,
          resolution,
          "core",
          "com.mysql:mysql-connector-j",
          Declaration.Kind.LITERAL,
          "core/pom.xml",
          ">8.0.33<");

      assertThat(
              find(resolution, "core", "com.fasterxml.jackson.core:jackson-core")
                  .origin()
                  .managedBy())
          .contains(new Gav("com.fasterxml.jackson", "jackson-bom", "2.9.10", "", "pom"));
      assertThat(
              find(resolution, "tools", "ch.qos.cal10n:cal10n-api").origin().overridableProperty())
          .contains("cal10n.version");
      assertThat(
              find(resolution, "core", "org.apache.httpcomponents:httpcore").origin().requested())
          .contains("4.4.10");
    }
  }

  private static void assertPlace(
      Path project,
      Resolution resolution,
      String module,
      String key,
      Declaration.Kind kind,
      String file,
      String text)
      throws IOException {
    Declaration at = find(resolution, module, key).declaredAt();
    assertThat(at.kind()).as("%s in %s: %s", key, module, at).isEqualTo(kind);
    if (kind == Declaration.Kind.TRANSITIVE) {
      assertThat(at.editable()).isFalse();
      return;
    }
    assertThat(at.file()).isEqualTo(file);
    assertThat(at.editable()).isTrue();
    assertThat(Files.readAllLines(project.resolve(file)).get(at.line() - 1)).contains(text);
  }

  @Test
  void a_component_has_every_way_that_leads_to_it_the_shortest_first() throws Exception {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Resolution resolution =
          session.resolve(session.read(features(), PomOverlay.NONE), false, Progress.SILENT);
      Dependency io = find(resolution, "web", "commons-io:commons-io");
      assertThat(io.paths().stream().map(p -> p.stream().map(Gav::toString).toList()))
          .containsExactly(
              List.of("com.example:features-core:1.0", "commons-io:commons-io:2.6"),
              List.of("com.example:features-core:1.0:tests", "commons-io:commons-io:2.6"),
              List.of("commons-fileupload:commons-fileupload:1.3.2", "commons-io:commons-io:2.6"));
      assertThat(io.pathCount()).isEqualTo(3);
      assertThat(io.direct()).isFalse();
    }
  }

  @Test
  void an_overlay_stands_in_for_root_parent_and_bom_without_a_file_changing() throws Exception {
    Path project = features();
    Path root = project.resolve("pom.xml");
    Path bom = project.resolve("bom/pom.xml");
    String rootText = Files.readString(root);
    String bomText = Files.readString(bom);
    PomOverlay overlay =
        new PomOverlay(
            Map.of(
                root.toAbsolutePath().normalize(),
                rootText.replace(">2.8.5<", ">2.8.9<").getBytes(StandardCharsets.UTF_8),
                bom.toAbsolutePath().normalize(),
                bomText.replace(">4.1<", ">4.4<").getBytes(StandardCharsets.UTF_8)));
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Resolution before =
          session.resolve(session.read(project, PomOverlay.NONE), false, Progress.SILENT);
      Resolution after = session.resolve(session.read(project, overlay), false, Progress.SILENT);
      Resolution again =
          session.resolve(session.read(project, PomOverlay.NONE), false, Progress.SILENT);
      for (String module : List.of("core", "web")) {
        String gson = "com.google.code.gson:gson";
        String collections = "org.apache.commons:commons-collections4";
        assertThat(find(before, module, gson).gav().version()).isEqualTo("2.8.5");
        assertThat(find(after, module, gson).gav().version()).isEqualTo("2.8.9");
        assertThat(find(again, module, gson).gav().version()).isEqualTo("2.8.5");
        assertThat(find(before, module, collections).gav().version()).isEqualTo("4.1");
        assertThat(find(after, module, collections).gav().version()).isEqualTo("4.4");
        assertThat(find(again, module, collections).gav().version()).isEqualTo("4.1");
      }
    }
    assertThat(Files.readString(root)).isEqualTo(rootText);
  }

  @Test
  void the_jdk_of_the_project_decides_not_the_one_that_runs() throws Exception {
    Files.writeString(jdk17.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Resolution resolution =
          session.resolve(session.read(features(), PomOverlay.NONE), false, Progress.SILENT);
      assertThat(
              resolution.modules().stream()
                  .flatMap(m -> m.dependencies().stream())
                  .map(d -> d.gav().key()))
          .doesNotContain("org.jspecify:jspecify")
          .contains("commons-io:commons-io");
    }
  }

  @Test
  void maven_config_of_the_project_counts_and_the_user_comes_after_it() throws Exception {
    Path project = features();
    Files.createDirectories(project.resolve(".mvn"));
    Files.writeString(
        project.resolve(".mvn/maven.config"), "-Pby-name\n-Dgson.release=2.8.7 -Dfeature=on\n");
    try (MavenSession session =
        MavenSession.open(options(List.of(), Map.of("gson.release", "2.8.8")))) {
      Reactor reactor = session.read(project, PomOverlay.NONE);
      assertThat(reactor.modules()).extracting(ReactorModule::path).contains("extra");
      Resolution resolution = session.resolve(reactor, false, Progress.SILENT);
      Dependency gson = find(resolution, "core", "com.google.code.gson:gson");
      assertThat(gson.gav().version()).isEqualTo("2.8.8");
      assertThat(gson.declaredAt().editable()).isFalse();
    }
  }

  @Test
  void modules_come_in_build_order() throws Exception {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      assertThat(session.read(features(), PomOverlay.NONE).modules())
          .extracting(ReactorModule::path)
          .containsExactly("bom", ".", "core", "web", "dist", "tools");
    }
  }

  @Test
  void versions_are_all_releases_ascending_with_pre_releases() {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      assertThat(session.versions("org.slf4j", "slf4j-api"))
          .contains("1.7.25", "2.0.0-alpha1")
          .containsSubsequence("1.7.25", "1.7.36", "2.0.0-alpha1", "2.0.0")
          .noneMatch(v -> v.endsWith("-SNAPSHOT"));
      assertThat(session.versions("com.example", "never-released")).isEmpty();
    }
  }

  @Test
  void a_bom_tells_what_it_manages_and_an_artifact_is_fetched() {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      assertThat(session.managedVersions(new Gav("com.fasterxml.jackson", "jackson-bom", "2.9.10")))
          .hasValueSatisfying(managed ->
              assertThat(managed)
                  .containsEntry("com.fasterxml.jackson.core:jackson-databind", "2.9.10"));
      assertThat(session.managedVersions(new Gav("com.example", "none", "1"))).isEmpty();
      assertThat(session.fetch(new Gav("commons-io", "commons-io", "2.6")))
          .hasValueSatisfying(file -> assertThat(file).isRegularFile());
    }
  }

  @Test
  void the_inventory_merges_modules_and_leaves_the_projects_own_out() throws Exception {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Reactor reactor = session.read(features(), PomOverlay.NONE);
      Inventory inventory =
          Inventories.ofMaven(
              session.resolve(reactor, false, Progress.SILENT),
              new Resolution(reactor, List.of(), List.of()));
      assertThat(inventory.target().name()).isEqualTo("com.example:features");
      assertThat(inventory.entries()).noneMatch(e -> e.component().name().contains("com.example"));
      Inventory.Entry codec =
          inventory.entries().stream()
              .filter(
                  e -> e.component().purl().equals("pkg:maven/commons-codec/commons-codec@1.11"))
              .findFirst()
              .orElseThrow();
      assertThat(codec.scopes()).containsExactly("test");
      assertThat(codec.direct()).isTrue();
      assertThat(codec.modules()).containsExactly("core");
    }
  }

  @Test
  void an_artifact_that_no_repository_has_is_a_problem_and_the_rest_is_there() throws Exception {
    Path pom =
        write(
            "p",
            dependency("com.example", "nowhere", "1")
                + dependency("commons-io", "commons-io", "2.6"));
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      for (boolean withFiles : new boolean[] {true, false}) {
        Resolution resolution =
            session.resolve(session.read(pom, PomOverlay.NONE), withFiles, Progress.SILENT);
        assertThat(resolution.problems())
            .singleElement()
            .satisfies(p -> assertThat(p.place()).isEqualTo("com.example:nowhere:1"));
        assertThat(find(resolution, ".", "commons-io:commons-io").file().isPresent())
            .isEqualTo(withFiles);
      }
    }
  }

  @Test
  void latest_and_release_are_the_versions_they_stand_for_today() throws Exception {
    Path remote = Files.createDirectories(temp.resolve("remote/org/example/thing"));
    Files.writeString(
        remote.resolve("maven-metadata.xml"),
        """
        <metadata><groupId>org.example</groupId><artifactId>thing</artifactId>
          <versioning><latest>2.0-beta</latest><release>1.1</release>
            <versions><version>1.1</version><version>2.0-beta</version></versions>
          </versioning></metadata>
        """);
    for (String version : List.of("1.1", "2.0-beta")) {
      Path folder = Files.createDirectories(remote.resolve(version));
      Files.writeString(
          folder.resolve("thing-" + version + ".pom"),
          "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>"
              + "<artifactId>thing</artifactId><version>"
              + version
              + "</version></project>");
    }
    Path settings = temp.resolve("settings.xml");
    Files.writeString(
        settings,
        "<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>"
            + temp.resolve("remote").toUri()
            + "</url></mirror></mirrors></settings>");
    MavenOptions options = coldWith(settings);
    for (String[] pair : new String[][] {{"LATEST", "2.0-beta"}, {"RELEASE", "1.1"}}) {
      Path pom = write(pair[0], dependency("org.example", "thing", pair[0]));
      try (MavenSession session = MavenSession.open(options)) {
        Resolution resolution =
            session.resolve(session.read(pom, PomOverlay.NONE), false, Progress.SILENT);
        assertThat(resolution.problems()).isEmpty();
        assertThat(find(resolution, ".", "org.example:thing").gav().version()).isEqualTo(pair[1]);
      }
    }
  }

  @Test
  void a_cold_repository_without_network_is_told_at_once() throws Exception {
    Path pom = write("p", dependency("commons-io", "commons-io", "2.6"));
    Path settings = temp.resolve("settings.xml");
    Files.writeString(
        settings,
        "<settings><mirrors><mirror><id>dead</id><mirrorOf>*</mirrorOf>"
            + "<url>http://127.0.0.1:1/</url></mirror></mirrors></settings>");
    MavenOptions cold = coldWith(settings);
    try (MavenSession session = MavenSession.open(cold)) {
      Resolution resolution =
          session.resolve(session.read(pom, PomOverlay.NONE), true, Progress.SILENT);
      assertThat(resolution.problems()).isNotEmpty();
      assertThat(resolution.problems().toString()).contains("commons-io").contains("127.0.0.1");
    }
  }

  @Test
  void a_project_brings_releases_of_ours_and_no_others() throws Exception {
    Path settings = temp.resolve("settings.xml");
    Files.writeString(
        settings,
        "<settings><mirrors><mirror><id>dead</id><mirrorOf>*</mirrorOf>"
            + "<url>http://127.0.0.1:1/</url></mirror></mirrors></settings>");
    Path pom =
        write(
            "p",
            dependency("org.example", "ours", "1-underpin.1")
                + dependency("org.example", "other", "1"));
    for (String release : List.of("ours/1-underpin.1", "other/1")) {
      Path folder =
          Files.createDirectories(pom.resolveSibling("underpin-repository/org/example/" + release));
      String file = release.replace('/', '-');
      Files.write(folder.resolve(file + ".jar"), new byte[] {1});
      Files.writeString(
          folder.resolve(file + ".pom"),
          "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>%s</artifactId><version>%s</version></project>"
              .formatted((Object[]) release.split("/")));
    }
    try (MavenSession session = MavenSession.open(coldWith(settings))) {
      Resolution resolution =
          session.resolve(session.read(pom, PomOverlay.NONE), true, Progress.SILENT);
      assertThat(find(resolution, ".", "org.example:ours").file())
          .hasValueSatisfying(file -> assertThat(file).startsWith(pom.resolveSibling("")));
      assertThat(find(resolution, ".", "org.example:other").file()).isEmpty();
      assertThat(session.copiesAtHand(new Gav("org.example", "ours", "1-underpin.1"))).hasSize(1);
      assertThat(session.copiesAtHand(new Gav("org.example", "other", "1"))).isEmpty();
    }
    assertThat(temp.resolve("repository/org/example/ours")).doesNotExist();
  }

  @Test
  void a_missing_parent_names_file_line_and_next_move() throws Exception {
    Path pom =
        Files.writeString(
            temp.resolve("pom.xml"),
            """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <parent>
                <groupId>com.example</groupId>
                <artifactId>gone</artifactId>
                <version>1</version>
              </parent>
              <artifactId>x</artifactId>
            </project>
            """);
    assertRefused(
        pom,
        MavenProjectException.Kind.MISSING_PARENT,
        "pom.xml:3",
        "com.example:gone:1",
        "<relativePath>");
  }

  @Test
  void malformed_missing_and_cyclic_projects_are_told_by_kind() throws Exception {
    assertRefused(temp.resolve("none"), MavenProjectException.Kind.NO_POM, "", "there is no POM");
    Path broken =
        Files.writeString(temp.resolve("broken.xml"), "<project>\n<modelVersion>4.0.0</model>");
    assertRefused(broken, MavenProjectException.Kind.UNREADABLE, "broken.xml:2", "Correct the XML");
    Path cycle = write("cycle", "");
    Files.writeString(
        cycle,
        Files.readString(cycle)
            .replace(
                "<dependencies>",
                "<packaging>pom</packaging><modules><module>../cycle</module></modules><dependencies>"));
    assertRefused(cycle, MavenProjectException.Kind.CYCLE, "pom.xml", "modules form a cycle");
  }

  @Test
  void external_entities_are_not_read() throws Exception {
    Path secret = Files.writeString(temp.resolve("secret.txt"), "9.9.9");
    Path pom = write("xxe", dependency("commons-io", "commons-io", "&secret;"));
    Files.writeString(
        pom,
        "<!DOCTYPE project [<!ENTITY secret SYSTEM \""
            + secret.toUri()
            + "\">]>\n"
            + Files.readString(pom));
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      assertThatThrownBy(() -> session.read(pom, PomOverlay.NONE))
          .isInstanceOf(MavenProjectException.class)
          .hasMessageNotContaining("9.9.9");
    }
  }

  @Test
  void a_module_that_cannot_be_read_is_a_problem_and_the_others_go_on() throws Exception {
    Path project = features();
    Files.writeString(project.resolve("tools/pom.xml"), "<project>");
    Files.delete(project.resolve("dist/pom.xml"));
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      Reactor reactor = session.read(project, PomOverlay.NONE);
      assertThat(reactor.modules())
          .extracting(ReactorModule::path)
          .containsExactly("bom", ".", "core", "web");
      assertThat(reactor.problems())
          .extracting(Inventory.Problem::place)
          .anyMatch(p -> p.startsWith("tools/pom.xml"))
          .anyMatch(p -> p.startsWith("pom.xml:"));
    }
  }

  @Test
  void unreadable_settings_are_told_with_their_line() throws Exception {
    Path settings =
        Files.writeString(temp.resolve("settings.xml"), "<settings>\n<mirrors></settings>");
    Path pom = write("p", "");
    MavenOptions bad =
        new MavenOptions(
            false,
            Optional.empty(),
            Optional.of(settings),
            List.of(),
            new TreeMap<>(),
            Optional.empty());
    try (MavenSession session = MavenSession.open(bad)) {
      assertThatThrownBy(() -> session.read(pom, PomOverlay.NONE))
          .isInstanceOfSatisfying(
              MavenProjectException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(MavenProjectException.Kind.SETTINGS);
                assertThat(e.place()).contains("settings.xml:2");
              });
    }
  }

  private void assertRefused(
      Path project, MavenProjectException.Kind kind, String place, String... texts) {
    try (MavenSession session = MavenSession.open(options(List.of(), Map.of()))) {
      assertThatThrownBy(() -> session.read(project, PomOverlay.NONE))
          .isInstanceOfSatisfying(
              MavenProjectException.class,
              e -> {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
                assertThat(e.place()).contains(place);
                assertThat(e.getMessage()).contains(texts);
              });
    }
  }

  private static String dependency(String groupId, String artifactId, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n"
        .formatted(groupId, artifactId, version);
  }

  private Path write(String folder, String dependencies) throws IOException {
    Path pom = Files.createDirectories(temp.resolve(folder)).resolve("pom.xml");
    return Files.writeString(
        pom,
        "<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId>"
            + "<artifactId>p</artifactId><version>1</version>\n<dependencies>"
            + dependencies
            + "</dependencies></project>\n");
  }
}
