package underpin.fix.upgrade;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Finding;
import underpin.cases.Patch;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.PatchSet.Part;
import underpin.cases.PatchSet.Release;
import underpin.cases.Progress;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.fix.upgrade.Upgrader.Proposal;
import underpin.fix.upgrade.Upgrader.Rules;
import underpin.fix.upgrade.Upgrader.Size;
import underpin.inventory.Inventories;
import underpin.match.Matcher;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.program.Linkage;
import underpin.version.Ecosystem;

/** Whole proposals for small projects whose dependencies come from Maven Central. */
class UpgraderTest {
  private static final Rules ANYTHING = new Rules(Size.MAJOR, Set.of());

  @TempDir private Path project;
  private AdvisoryStore store;
  private MavenSession maven;
  private List<Release> backports = List.of();
  private List<Case> embedded = List.of();
  private Inside inside = (_, _) -> new TreeSet<>();

  @BeforeEach
  void open() throws IOException {
    store = AdvisoryStore.openDefault();
    maven =
        MavenSession.open(
            new MavenOptions(
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                new TreeMap<>(),
                Optional.empty()));
  }

  @AfterEach
  void close() {
    maven.close();
    store.close();
  }

  private static String dependency(String coordinates) {
    String[] parts = coordinates.split(":");
    return """
        <dependency>
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
        </dependency>
    """
        .formatted(parts[0], parts[1], parts[2]);
  }

  private Proposal propose(Rules rules, int javaRelease, String... coordinates)
      throws IOException, MavenProjectException {
    StringBuilder dependencies = new StringBuilder();
    for (String each : coordinates) {
      dependencies.append(dependency(each));
    }
    return proposeFor(
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>fixture</artifactId>
          <version>1</version>
          <dependencies>
        %s  </dependencies>
        </project>
        """
            .formatted(dependencies),
        rules,
        javaRelease);
  }

  private Proposal proposeFor(String pom, Rules rules, int javaRelease)
      throws IOException, MavenProjectException {
    Files.writeString(project.resolve("pom.xml"), pom, StandardCharsets.UTF_8);
    Reactor reactor = maven.read(project, PomOverlay.NONE);
    Resolution before = maven.resolve(reactor, true, Progress.SILENT);
    List<Case> cases = new ArrayList<>();
    for (Finding finding :
        new Matcher(store)
            .match(Inventories.ofMaven(before, new Resolution(reactor, List.of(), List.of())))) {
      cases.add(Case.open(finding));
    }
    cases.addAll(embedded);
    assertThat(cases).as("the fixture is vulnerable").isNotEmpty();
    Proposal proposal =
        new Upgrader(maven, store, new Linkage())
            .propose(
                before, cases, Map.of(), javaRelease, rules, backports, inside, Progress.SILENT);
    Set<String> told = new TreeSet<>(proposal.declined().keySet());
    for (Part part : proposal.patch().parts()) {
      part.removes()
          .forEach(pair -> told.add(pair.vulnerabilityId() + "@" + pair.component().purl()));
    }
    assertThat(cases).allSatisfy(each -> assertThat(told).contains(each.id()));
    assertThat(proposal.declined().values())
        .allSatisfy(why -> {
          assertThat(why.because()).isNotBlank().hasSizeLessThanOrEqualTo(Sentence.MAX);
          assertThat(why.considered())
              .extracting(Patch.Considered::because)
              .doesNotHaveDuplicates()
              .doesNotContain(why.because());
        });
    return proposal;
  }

  private static String patched(PatchSet patch) {
    Set<String> all = new TreeSet<>();
    patch.parts().forEach(part -> all.add(part.id()));
    List<PatchSet.FileChange> changes = patch.composer().compose(all);
    assertThat(changes).hasSize(1);
    return new String(changes.getFirst().after(), StandardCharsets.UTF_8);
  }

  private static String version(String pom, String artifactId) {
    String after = pom.substring(pom.indexOf("<artifactId>" + artifactId + "</artifactId>"));
    return after.substring(after.indexOf("<version>") + 9, after.indexOf("</version>"));
  }

  @Test
  void what_an_upgrade_needs_is_raised_with_it() throws Exception {
    Proposal proposal =
        propose(
            ANYTHING,
            17,
            "org.apache.commons:commons-compress:1.24.0",
            "commons-io:commons-io:2.11.0");
    String pom = patched(proposal.patch());
    assertThat(proposal.declined()).isEmpty();
    assertThat(ReleaseName.of(version(pom, "commons-compress")).number(1))
        .isGreaterThanOrEqualTo(26);
    assertThat(ReleaseName.of(version(pom, "commons-io")).number(1)).isGreaterThanOrEqualTo(15);
  }

  @Test
  void what_does_not_hang_together_is_apart() throws Exception {
    Proposal proposal =
        propose(
            ANYTHING,
            17,
            "commons-collections:commons-collections:3.2.1",
            "com.h2database:h2:1.4.200");
    assertThat(proposal.patch().parts()).hasSize(2);
    Part first = proposal.patch().parts().getFirst();
    String one =
        new String(
            proposal.patch().composer().compose(Set.of(first.id())).getFirst().after(),
            StandardCharsets.UTF_8);
    assertThat(patched(proposal.patch())).isNotEqualTo(one);
  }

  @Test
  void a_part_that_failed_is_proposed_again_lower_or_given_up_with_the_reason() throws Exception {
    Proposal first = propose(ANYTHING, 17, "com.h2database:h2:1.4.200");
    String taken = version(patched(first.patch()), "h2");
    Map<String, String> failed = new HashMap<>();
    first.patch().parts().forEach(part -> failed.put(part.id(), "verification failed: a test"));
    Proposal second = first.without(failed);
    if (second.patch().parts().isEmpty()) {
      assertThat(second.declined().values())
          .allSatisfy(why -> assertThat(why.because()).contains("a test"));
    } else {
      String lower = version(patched(second.patch()), "h2");
      assertThat(Upgrader.ORDER.compare(lower, taken)).isNegative();
    }
    assertThat(second.patch().parts().stream().mapToInt(p -> p.removes().size()).sum())
        .isLessThan(first.patch().parts().stream().mapToInt(p -> p.removes().size()).sum());
  }

  @Test
  void a_release_for_a_newer_java_is_passed_over_and_said() throws Exception {
    Proposal proposal = propose(ANYTHING, 8, "ch.qos.logback:logback-classic:1.2.3");
    assertThat(ReleaseName.of(version(patched(proposal.patch()), "logback-classic")).number(1))
        .as("1.4 and 1.5 are for Java 11")
        .isLessThan(4);
    assertThat(proposal.patch().parts())
        .flatExtracting(part -> ((Patch.Upgrade) part.patch()).considered())
        .anySatisfy(other -> assertThat(other.because()).contains("compiled for Java 11"));
  }

  /** A case whose code lies in the jar of commons-codec 1.10. */
  private static Case inCodec() {
    Vulnerability flaw =
        new Vulnerability(
            "CVE-1999-0001",
            new TreeSet<>(),
            "of a fixture",
            Severity.HIGH,
            Optional.empty(),
            OptionalDouble.empty(),
            false,
            List.of(),
            List.of());
    Component inner =
        Embedding.described("commons-codec:commons-codec:1.10")
            .in(Component.maven("example", "inner", "1.0"));
    return Case.open(new Finding(inner, flaw, "code", "its code is there", List.of()));
  }

  @Test
  void what_lies_in_another_s_jar_goes_with_a_release_of_that_which_is_without_it()
      throws Exception {
    embedded = List.of(inCodec());
    Set<String> searched = new TreeSet<>();
    inside =
        (name, version) -> {
          searched.add(name + ":" + version);
          return Upgrader.ORDER.compare(version, "1.15") < 0
              ? new TreeSet<>(Set.of("CVE-1999-0001"))
              : new TreeSet<>();
        };
    Proposal proposal = propose(ANYTHING, 8, "commons-codec:commons-codec:1.10");
    assertThat(ReleaseName.of(version(patched(proposal.patch()), "commons-codec")).number(1))
        .isGreaterThanOrEqualTo(15);
    assertThat(proposal.patch().parts().getFirst().removes())
        .containsExactly(new PatchSet.Pair(embedded.getFirst().component(), "CVE-1999-0001"));
    assertThat(searched).hasSizeBetween(2, 12);
  }

  @Test
  void what_every_searched_release_holds_is_declined_with_their_names() throws Exception {
    embedded = List.of(inCodec());
    inside = (_, _) -> new TreeSet<>(Set.of("CVE-1999-0001"));
    Proposal proposal = propose(ANYTHING, 8, "commons-codec:commons-codec:1.10");
    assertThat(proposal.patch().parts()).isEmpty();
    assertThat(requireNonNull(proposal.declined().get(embedded.getFirst().id())).because())
        .startsWith("It lies inside of commons-codec 1.10 as the code of example:inner; of its")
        .endsWith("were searched, and hold it too");
  }

  @Test
  void a_reason_names_the_nearest_release_and_what_decided() throws Exception {
    Proposal proposal = propose(ANYTHING, 8, "org.springframework:spring-core:5.3.39");
    assertThat(proposal.declined().values())
        .extracting(Upgrader.Declined::because)
        .isNotEmpty()
        .allSatisfy(because ->
            assertThat(because)
                .matches(
                    "spring-core 6[0-9.]+, the nearest release without it, is"
                        + "(, as 6[0-9.]+ before it,)? compiled for Java 17; "
                        + "the project runs on Java 8"));
  }

  @Test
  void a_reason_names_the_releases_there_are() throws Exception {
    Proposal proposal = propose(ANYTHING, 8, "org.bouncycastle:bcprov-jdk15on:1.69");
    assertThat(proposal.declined().values())
        .extracting(Upgrader.Declined::because)
        .anySatisfy(because ->
            assertThat(because).contains("The advisory names 1.78").contains("has 1.70"));
  }

  @Test
  void guava_goes_on_as_the_flavour_for_the_project_s_java() throws Exception {
    Proposal eight = propose(ANYTHING, 8, "com.google.guava:guava:16.0.1");
    assertThat(version(patched(eight.patch()), "guava")).endsWith("-jre");
    Proposal seven = propose(ANYTHING, 7, "com.google.guava:guava:16.0.1");
    assertThat(version(patched(seven.patch()), "guava")).endsWith("-android");
  }

  @Test
  void rules_are_kept_and_named() throws Exception {
    Proposal proposal =
        propose(
            new Rules(Size.MAJOR, Set.of("com.h2database:h2")), 17, "com.h2database:h2:1.4.200");
    assertThat(proposal.patch().parts()).isEmpty();
    assertThat(proposal.declined().values())
        .allSatisfy(why -> assertThat(why.because()).contains("rules"));
  }

  /** Every choice of versions of the two components, by Maven and the linkage check alone. */
  @Test
  void nothing_smaller_removes_as_much() throws Exception {
    Proposal proposal =
        propose(ANYTHING, 17, "com.google.code.gson:gson:2.8.5", "commons-io:commons-io:2.6");
    Flaws flaws = Flaws.of(store);
    Map<String, String> chosen = new TreeMap<>();
    String pom = patched(proposal.patch());
    chosen.put("com.google.code.gson:gson", version(pom, "gson"));
    chosen.put("commons-io:commons-io", version(pom, "commons-io"));
    Map<String, String> today =
        Map.of("com.google.code.gson:gson", "2.8.5", "commons-io:commons-io", "2.6");
    assertThat(proposal.declined()).isEmpty();
    chosen.forEach((key, version) -> {
      int colon = key.indexOf(':');
      ReleaseName from = ReleaseName.of(today.getOrDefault(key, ""));
      for (String other : maven.versions(key.substring(0, colon), key.substring(colon + 1))) {
        boolean smaller =
            Upgrader.ORDER.compare(other, today.getOrDefault(key, "")) > 0
                && from.mayBecome(ReleaseName.of(other), 17)
                && LeverFinder.weight(from.sizeTo(ReleaseName.of(other)))
                    < LeverFinder.weight(from.sizeTo(ReleaseName.of(version)));
        if (smaller) {
          assertThat(flaws.of(key, other)).as(key + " " + other).isNotEmpty();
        }
      }
    });
  }

  @Test
  void a_path_into_a_webjar_moves_with_its_version_and_a_file_that_is_gone_bounds_it()
      throws IOException, MavenProjectException {
    Path wro = Files.createDirectories(project.resolve("src/main/wro")).resolve("wro.xml");
    String path = "classpath:META-INF/resources/webjars/bootstrap/%s/less/bootstrap.less";
    Files.writeString(wro, "<css>\r\n" + path.formatted("3.3.6") + "\r\n</css>");
    Proposal proposal = propose(ANYTHING, 17, "org.webjars:bootstrap:3.3.6");
    Part part = proposal.patch().parts().getFirst();
    assertThat(((Patch.Upgrade) part.patch()).edits())
        .contains(
            new Patch.Edit(
                "src/main/wro/wro.xml", 2, path.formatted("3.3.6"), path.formatted("3.4.1")));
    PatchSet.FileChange changed =
        proposal.patch().composer().compose(Set.of(part.id())).stream()
            .filter(c -> c.file().equals("src/main/wro/wro.xml"))
            .findFirst()
            .orElseThrow();
    assertThat(new String(changed.after(), StandardCharsets.UTF_8))
        .isEqualTo("<css>\r\n" + path.formatted("3.4.1") + "\r\n</css>");
    // From 4 on Bootstrap is written in another language than Less.
    assertThat(proposal.declined().values())
        .isNotEmpty()
        .allSatisfy(why ->
            assertThat(why.because())
                .contains(
                    "the project (src/main/wro/wro.xml, line 2) needs ", " has no such file"));
  }

  /** Spring Boot 2.6.15 has MySQL's driver under another name, with a vulnerability of the old. */
  @Test
  void what_a_newer_parent_would_bring_with_a_vulnerability_stays_at_its_version()
      throws IOException, MavenProjectException {
    Proposal proposal =
        proposeFor(
            """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <parent>
                <groupId>org.springframework.boot</groupId>
                <artifactId>spring-boot-starter-parent</artifactId>
                <version>2.6.7</version>
              </parent>
              <artifactId>fixture</artifactId>
              <dependencies>
                <dependency>
                  <groupId>org.springframework.boot</groupId>
                  <artifactId>spring-boot-autoconfigure</artifactId>
                </dependency>
                <dependency>
                  <groupId>mysql</groupId>
                  <artifactId>mysql-connector-java</artifactId>
                </dependency>
              </dependencies>
            </project>
            """,
            new Rules(Size.PATCH, Set.of()),
            8);
    Patch.Upgrade upgrade = (Patch.Upgrade) proposal.patch().parts().getFirst().patch();
    assertThat(proposal.patch().parts())
        .extracting(part -> part.patch().summary())
        .anyMatch(summary ->
            summary.contains("property ${mysql.version} stays 8.0.28")
                && summary.contains("spring-boot-starter-parent 2.6.7 → 2.6.15"));
    assertThat(upgrade.changes()).noneMatch(change -> change.from().equals(change.to()));
    assertThat(proposal.declined().keySet()).noneMatch(id -> id.contains("autoconfigure"));
  }

  @Test
  void where_no_release_is_without_it_a_release_of_our_own_is_taken_and_comes_with_its_repository(
      @TempDir Path repository) throws Exception {
    String folder = "commons-httpclient/commons-httpclient/3.1-underpin.1/";
    Path jar = repository.resolve(folder + "commons-httpclient-3.1-underpin.1.jar");
    Path pom = repository.resolve(folder + "commons-httpclient-3.1-underpin.1.pom");
    Files.createDirectories(jar.getParent());
    Gav base = new Gav("commons-httpclient", "commons-httpclient", "3.1");
    Files.copy(maven.fetch(base).orElseThrow(), jar);
    Files.writeString(
        pom,
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>commons-httpclient</groupId>
          <artifactId>commons-httpclient</artifactId>
          <version>3.1-underpin.1</version>
          <dependencies>
            <dependency>
              <groupId>commons-logging</groupId>
              <artifactId>commons-logging</artifactId>
              <version>1.0.4</version>
            </dependency>
            <dependency>
              <groupId>commons-codec</groupId>
              <artifactId>commons-codec</artifactId>
              <version>1.2</version>
            </dependency>
          </dependencies>
        </project>
        """);
    maven.offer(repository);
    List<FileChange> files = new ArrayList<>();
    for (Path file : List.of(jar, pom)) {
      files.add(
          new FileChange(
              PatchSet.REPOSITORY + "/" + repository.relativize(file),
              new byte[0],
              Files.readAllBytes(file)));
    }
    SortedSet<String> fixes =
        new TreeSet<>(
            store.forPackage(Ecosystem.MAVEN, base.key()).stream()
                .map(a -> a.vulnerability().id())
                .toList());
    backports =
        List.of(
            new Release(
                Component.maven("commons-httpclient", "commons-httpclient", "3.1-underpin.1"),
                "3.1",
                fixes,
                files));

    Proposal proposal = propose(ANYTHING, 8, "commons-httpclient:commons-httpclient:3.1");

    assertThat(proposal.declined()).isEmpty();
    Part part = proposal.patch().parts().getFirst();
    assertThat(part.patch()).isInstanceOf(Patch.Backport.class);
    assertThat(part.removes()).hasSameSizeAs(fixes);
    assertThat(proposal.patch().releases()).isEqualTo(backports);
    List<FileChange> changes = proposal.patch().composer().compose(Set.of(part.id()));
    assertThat(changes).containsAll(files);
    assertThat(new String(changes.getFirst().after(), StandardCharsets.UTF_8))
        .contains("<version>3.1-underpin.1</version>")
        .contains("<url>file://${maven.multiModuleProjectDirectory}/underpin-repository</url>");
  }

  @Test
  void a_release_of_our_own_comes_before_an_upgrade_only_where_that_is_wanted(
      @TempDir Path repository) throws Exception {
    Gav base = new Gav("commons-io", "commons-io", "2.11.0");
    Path release =
        Files.createDirectories(repository.resolve("commons-io/commons-io/2.11.0-underpin.1"));
    Files.copy(
        maven.fetch(base).orElseThrow(), release.resolve("commons-io-2.11.0-underpin.1.jar"));
    Files.writeString(
        release.resolve("commons-io-2.11.0-underpin.1.pom"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>commons-io</groupId>
          <artifactId>commons-io</artifactId>
          <version>2.11.0-underpin.1</version>
        </project>
        """);
    maven.offer(repository);
    backports =
        List.of(
            new Release(
                Component.maven("commons-io", "commons-io", "2.11.0-underpin.1"),
                "2.11.0",
                new TreeSet<>(
                    store.forPackage(Ecosystem.MAVEN, base.key()).stream()
                        .map(a -> a.vulnerability().id())
                        .toList()),
                List.of()));

    assertThat(propose(ANYTHING, 17, base.toString()).patch().parts().getFirst().patch())
        .isInstanceOf(Patch.Upgrade.class);
    assertThat(
            propose(ANYTHING.withBackportsFirst(), 17, base.toString())
                .patch()
                .parts()
                .getFirst()
                .patch())
        .isInstanceOf(Patch.Backport.class);
  }
}
