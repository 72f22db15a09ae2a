package underpin.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.campaign.UnnamedLibraries.Completion;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;

/** A local repository of a few releases, no network, and a component that uses one of them. */
class UnnamedLibrariesTest {
  private static final Gav COMPONENT = new Gav("org.example", "component", "1.0");
  private static final String X = "public static int x() { return 1; }";
  private static final String Y = "public static int y() { return 2; }";
  private static final String USER = "package user; public class User { %s }";
  private static final String USES_BOTH =
      USER.formatted("int a() { return lib.A.x() + lib.A.y(); }");
  private static final LibraryTable TABLE =
      new LibraryTable(
          new TreeMap<>(
              java.util.Map.of("lib", List.of("org.lib:lib"), "base", List.of("org.base:base"))));

  @TempDir Path folder;
  private Path repository;
  private MavenSession maven;
  private final Set<String> released = new HashSet<>();

  @BeforeEach
  void open() throws IOException {
    repository = Files.createDirectories(folder.resolve("repository"));
    maven =
        MavenSession.open(
            new MavenOptions(
                true,
                Optional.of(repository),
                Optional.empty(),
                List.of(),
                new TreeMap<>(),
                Optional.empty()));
  }

  @AfterEach
  void close() {
    maven.close();
  }

  private static String a(String... members) {
    return "package lib; public class A { " + String.join(" ", members) + " }";
  }

  private Path jar(String java, List<Path> classPath, Manifest manifest, String... sources)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "compiled");
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", work.resolve("out").toString(), "--release", java, "-proc:none"));
    arguments.add("-cp");
    arguments.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
    for (String source : sources) {
      String name = source.replaceFirst("(?s).*?(?:class|interface|enum) (\\w+).*", "$1");
      arguments.add(Files.writeString(work.resolve(name + ".java"), source).toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, OutputStream.nullOutputStream(), arguments.toArray(new String[0])))
        .as("javac of %s", List.of(sources))
        .isZero();
    Path jar = work.resolve("classes.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.walk(work.resolve("out"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(work.resolve("out").relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private Path jar(List<Path> classPath, String... sources) throws IOException {
    return jar("17", classPath, new Manifest(), sources);
  }

  /**
   * Puts a release into the repository.
   *
   * @param dependencies group:artifact:version
   */
  private Path release(Gav gav, Path jar, String... dependencies) throws IOException {
    Path artifact = repository.resolve(gav.groupId().replace('.', '/')).resolve(gav.artifactId());
    Path home = Files.createDirectories(artifact.resolve(gav.version()));
    StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion>");
    pom.append(name(gav)).append("<dependencies>");
    for (String one : dependencies) {
      String[] part = one.split(":");
      pom.append("<dependency>")
          .append(name(new Gav(part[0], part[1], part[2])))
          .append("</dependency>");
    }
    pom.append("</dependencies></project>");
    String file = gav.artifactId() + "-" + gav.version();
    Files.writeString(home.resolve(file + ".pom"), pom);
    Files.copy(jar, home.resolve(file + ".jar"));
    released.add(gav.toString());
    String versions =
        released.stream()
            .filter(one -> one.startsWith(gav.key() + ":"))
            .map(one -> "<version>" + one.substring(gav.key().length() + 1) + "</version>")
            .sorted()
            .collect(Collectors.joining());
    Files.writeString(
        artifact.resolve("maven-metadata-local.xml"),
        "<metadata><groupId>%s</groupId><artifactId>%s</artifactId><versioning><versions>%s</versions></versioning></metadata>"
            .formatted(gav.groupId(), gav.artifactId(), versions));
    return home.resolve(file + ".jar");
  }

  private static String name(Gav gav) {
    return "<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
        .formatted(gav.groupId(), gav.artifactId(), gav.version());
  }

  private Path lib(String version, String... members) throws IOException {
    return release(new Gav("org.lib", "lib", version), jar(List.of(), a(members)));
  }

  private Completion complete(Path component, Gav... around) throws IOException {
    return new UnnamedLibraries(TABLE, maven)
        .of(
            new UnnamedLibraries.Subject(
                COMPONENT, component, new TreeMap<>(), List.of(around), Set.of()),
            () -> false);
  }

  private static List<String> releases(Completion found) {
    return found.libraries().stream().map(one -> one.gav().toString()).toList();
  }

  @Test
  void the_newest_release_that_has_all_that_class_files_refer_to_is_taken() throws IOException {
    lib("1.0", X);
    Path both = lib("1.1", X, Y);
    lib("1.2", X, Y);
    lib("2.0", Y);
    Completion found = complete(jar(List.of(both), USES_BOTH));
    assertThat(releases(found)).containsExactly("org.lib:lib:1.2");
    assertThat(found.missing()).isEmpty();
    assertThat(found.files()).containsOnlyKeys("org.lib:lib");
    assertThat(found.notes()).singleElement().asString().startsWith("Compiled with lib 1.2");
  }

  @Test
  void where_no_release_links_none_is_taken_and_it_is_said_why() throws IOException {
    Path both = jar(List.of(), a(X, Y));
    lib("1.0", X);
    lib("2.0", Y);
    Completion found = complete(jar(List.of(both), USES_BOTH));
    assertThat(found.libraries()).isEmpty();
    assertThat(found.missing()).containsExactly("lib/A");
    assertThat(found.notes())
        .singleElement()
        .asString()
        .startsWith("Not compiled with lib 1.0: user.User.a() refers to lib.A.y()");
  }

  @Test
  void a_release_that_a_POM_names_goes_before_the_newest() throws IOException {
    Path both = lib("1.1", X, Y);
    lib("1.2", X, Y);
    Gav next = COMPONENT.withVersion("1.1");
    release(next, jar(List.of(), "package user; public class Next {}"), "org.lib:lib:1.1");
    Completion found = complete(jar(List.of(both), USES_BOTH), next);
    assertThat(releases(found)).containsExactly("org.lib:lib:1.1");
    assertThat(found.libraries().getFirst().because()).contains("the POM of component 1.1");
    assertThat(found.libraries().getFirst().isNamed()).isFalse();
  }

  @Test
  void a_named_release_that_lacks_something_is_refused_by_the_class_files() throws IOException {
    lib("1.0", X);
    Path both = lib("1.1", X, Y);
    Gav next = COMPONENT.withVersion("1.1");
    release(next, jar(List.of(), "package user; public class Next {}"), "org.lib:lib:1.0");
    assertThat(releases(complete(jar(List.of(both), USES_BOTH), next)))
        .containsExactly("org.lib:lib:1.1");
  }

  @Test
  void what_a_type_extends_comes_with_it_so_that_a_lost_method_is_seen() throws IOException {
    Path base = jar(List.of(), "package base; public class B { public void b() {} }");
    release(new Gav("org.base", "base", "1.0"), base);
    String below = "package lib; public class A extends base.B { %s }";
    Path old = jar(List.of(base), below.formatted("public void lost() {}"));
    release(new Gav("org.lib", "lib", "1.0"), old, "org.base:base:1.0");
    release(
        new Gav("org.lib", "lib", "2.0"),
        jar(List.of(base), below.formatted("")),
        "org.base:base:1.0");
    Completion found =
        complete(jar(List.of(old, base), USER.formatted("void a(lib.A a) { a.lost(); }")));
    assertThat(releases(found)).containsExactly("org.lib:lib:1.0", "org.base:base:1.0");
  }

  @Test
  void a_class_of_the_version_that_misses_an_abstract_method_refuses_the_release()
      throws IOException {
    String type = "package lib; public interface A { void one(); %s }";
    Path old = jar(List.of(), type.formatted(""));
    release(new Gav("org.lib", "lib", "1.0"), old);
    release(new Gav("org.lib", "lib", "2.0"), jar(List.of(), type.formatted("void two();")));
    String user = "package user; public class User implements lib.A { public void one() {} }";
    assertThat(releases(complete(jar(List.of(old), user)))).containsExactly("org.lib:lib:1.0");
  }

  @Test
  void a_release_for_a_newer_Java_is_not_taken() throws IOException {
    Path old =
        release(new Gav("org.lib", "lib", "1.0"), jar("11", List.of(), new Manifest(), a(X, Y)));
    release(new Gav("org.lib", "lib", "2.0"), jar("21", List.of(), new Manifest(), a(X, Y)));
    Path user = jar("11", List.of(old), new Manifest(), USES_BOTH);
    assertThat(releases(complete(user))).containsExactly("org.lib:lib:1.0");
  }

  @Test
  void the_line_that_an_OSGi_manifest_imports_from_goes_before_newer_ones() throws IOException {
    Path both = lib("1.1.0", X, Y);
    lib("1.1.4", X, Y);
    lib("1.2.0", X, Y);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .putValue("Import-Package", "other;resolution:=optional,lib;version=\"[1.1,2)\"");
    Path user = jar("17", List.of(both), manifest, USES_BOTH);
    assertThat(releases(complete(user))).containsExactly("org.lib:lib:1.1.4");
  }

  @Test
  void what_the_local_repository_lacks_is_not_used_offline() throws IOException {
    Path both = jar(List.of(), a(X, Y));
    Completion found = complete(jar(List.of(both), USES_BOTH));
    assertThat(found.libraries()).isEmpty();
    assertThat(found.missing()).containsExactly("lib/A");
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void nothing_is_looked_for_where_nothing_is_missing() throws IOException {
    lib("1.0", X);
    assertThat(complete(jar(List.of(), USER.formatted("")))).isEqualTo(Completion.NONE);
  }

  @Test
  void a_change_may_use_only_what_older_releases_that_link_have_too() throws IOException {
    String late = "public static int late() { return 3; }";
    lib("1.0", X);
    lib("1.1", X, Y);
    Path newest = lib("1.2", X, Y, late);
    String usesX = "int a() { return lib.A.x(); }";
    Path user = jar(List.of(newest), USER.formatted(usesX));
    UnnamedLibraries.Subject subject =
        new UnnamedLibraries.Subject(COMPONENT, user, new TreeMap<>(), List.of(), Set.of());
    UnnamedLibraries libraries = new UnnamedLibraries(TABLE, maven);
    Completion found = libraries.of(subject, () -> false);
    assertThat(releases(found)).containsExactly("org.lib:lib:1.2");

    Path same = jar(List.of(newest), USER.formatted(usesX + " int b() { return lib.A.x(); }"));
    assertThat(libraries.newUse(subject, same, found))
        .isEqualTo(new UnnamedLibraries.NewUse(Optional.empty(), List.of()));

    Path other = jar(List.of(newest), USER.formatted(usesX + " int b() { return lib.A.late(); }"));
    assertThat(libraries.newUse(subject, other, found).broken())
        .get()
        .asString()
        .contains("refers to lib.A.late(), which lib 1.");
  }

  @Test
  void few_releases_are_tried_and_the_newest_of_a_stretch_is_found() {
    List<String> versions = new ArrayList<>();
    for (int line = 0; line < 40; line++) {
      versions.add("1." + line + ".0-rc1");
      versions.add("1." + line + ".0");
      versions.add("1." + line + ".1");
    }
    List<String> tried = new ArrayList<>();
    Optional<String> found =
        NewestRelease.of(
            versions,
            8,
            version -> {
              tried.add(version);
              int line = Integer.parseInt(version.split("\\.")[1]);
              return line > 10 && line < 25 ? Optional.of(version) : Optional.empty();
            });
    assertThat(found).contains("1.24.1");
    assertThat(tried).hasSizeLessThanOrEqualTo(8).allMatch(version -> version.endsWith(".1"));
    assertThat(NewestRelease.of(versions, 3, _ -> Optional.<String>empty())).isEmpty();
  }

  @Test
  void the_table_that_ships_knows_packages_and_what_they_begin_with() {
    LibraryTable table = LibraryTable.shipped();
    assertThat(table.of("reactor.core.publisher"))
        .containsExactly("io.projectreactor:reactor-core");
    assertThat(table.of("javax.annotation"))
        .contains("javax.annotation:javax.annotation-api", "com.google.code.findbugs:jsr305");
    assertThat(table.of("scala")).containsExactly("org.scala-lang:scala-library");
    assertThat(table.of("no.such.library")).isEmpty();
    assertThat(table.ofGroup("org.springframework.security"))
        .contains("org.springframework.security:spring-security-web");
  }

  @Test
  void names_are_alike_by_the_group_and_a_host_of_many_counts_less() {
    assertThat(UnnamedLibraries.likeness("org.infinispan:infinispan-core", "org.infinispan.core"))
        .isGreaterThan(UnnamedLibraries.likeness("org.infinispan:other", "org.infinispan.core"));
    assertThat(UnnamedLibraries.likeness("org.apache.camel:camel-core", "org.apache.cxf")).isZero();
  }
}
