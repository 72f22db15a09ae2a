package underpin.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.cases.Inventory.Entry;
import underpin.cases.Inventory.Role;
import underpin.version.Ecosystem;

class MatcherTest {
  private static AdvisoryStore store;

  @BeforeAll
  static void open() throws IOException {
    store = AdvisoryStore.openDefault();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void a_vulnerable_log4j_has_one_finding_per_vulnerability_with_its_reason() {
    List<Finding> findings =
        match(Component.maven("org.apache.logging.log4j", "log4j-core", "2.14.1"));
    assertThat(findings).extracting(f -> f.vulnerability().id()).doesNotHaveDuplicates().isSorted();
    Finding log4shell =
        findings.stream()
            .filter(f -> f.vulnerability().id().equals("CVE-2021-44228"))
            .findFirst()
            .orElseThrow();
    assertThat(log4shell.because()).isEqualTo(">= 2.13.0, < 2.15.0 (GHSA-jfh8-c2jp-5v3q)");
    assertThat(log4shell.fixedVersions())
        .as("older release lines have fixes too (2.3.1, 2.12.2), which are none for this one")
        .containsExactly("2.15.0");
    assertThat(log4shell.source()).isEqualTo("advisory");
  }

  @Test
  void what_an_advisory_says_of_the_carrier_is_no_case_of_a_copy_in_it() {
    Component coyote = Component.maven("org.apache.tomcat", "tomcat-coyote", "10.1.34");
    String both = "CVE-2025-48989"; // names tomcat-coyote and tomcat-embed-core

    assertThat(copied(coyote, "lib/server.jar")).contains(both);
    assertThat(copied(coyote, "org.apache.tomcat.embed:tomcat-embed-core:10.1.34"))
        .doesNotContain(both)
        .as("advisories that do not name the carrier stay")
        .isNotEmpty();
  }

  /** Of a copy of a release below 10.1.99, of which no function tells anything. */
  private static List<String> copied(Component component, String carrier) {
    Embedding copy =
        new Embedding(
            carrier,
            new TreeMap<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            Optional.of("10.1.0"),
            Optional.of("10.1.99"));
    return new CopyMatch(store, copy.in(component), copy)
        .findings().stream().map(finding -> finding.vulnerability().id()).toList();
  }

  @Test
  void a_name_that_only_resembles_a_vulnerable_one_has_no_finding() {
    assertThat(match(Component.maven("org.example", "log4j-core", "2.14.1"))).isEmpty();
    assertThat(match(Component.maven("org.apache.logging.log4j", "log4j-core2", "2.14.1")))
        .isEmpty();
    assertThat(match(new Component(Ecosystem.NPM, "log4j-core", "2.14.1"))).isEmpty();
  }

  @Test
  void a_component_without_a_version_has_every_range_against_it() {
    Component unknown = Component.maven("org.apache.logging.log4j", "log4j-core", "");
    assertThat(match(unknown))
        .hasSameSizeAs(store.forPackage(unknown.ecosystem(), unknown.name()))
        .allMatch(f -> f.because().startsWith("no version is known"));
  }

  @Test
  void a_version_that_is_none_in_its_ecosystem_has_every_range_against_it() {
    Component strange = new Component(Ecosystem.NPM, "lodash", "latest");
    assertThat(match(strange))
        .hasSameSizeAs(store.forPackage(strange.ecosystem(), strange.name()))
        .isNotEmpty();
  }

  @Test
  void build_plugins_are_matched_too_and_a_component_in_two_roles_once() {
    Component log4j = Component.maven("org.apache.logging.log4j", "log4j-core", "2.14.1");
    List<Finding> once = match(log4j);
    assertThat(
            new Matcher(store)
                .match(
                    inventory(
                        List.of(entry(log4j, Role.BUILD_PLUGIN), entry(log4j, Role.DEPENDENCY)))))
        .isEqualTo(once);
    assertThat(new Matcher(store).match(inventory(List.of(entry(log4j, Role.BUILD_PLUGIN)))))
        .isEqualTo(once);
  }

  @Test
  void findings_come_sorted_by_component_whatever_the_order_of_the_entries() {
    List<Entry> entries = new ArrayList<>();
    for (String version : List.of("2.9.8", "2.9.10", "2.9.9")) {
      entries.add(
          entry(
              Component.maven("com.fasterxml.jackson.core", "jackson-databind", version),
              Role.DEPENDENCY));
    }
    List<Finding> findings = new Matcher(store).match(inventory(entries));
    assertThat(findings).isNotEmpty().extracting(Finding::component).isSorted();
    assertThat(new Matcher(store).match(inventory(entries.reversed()))).isEqualTo(findings);
  }

  private static List<Finding> match(Component component) {
    return new Matcher(store).match(inventory(List.of(entry(component, Role.DEPENDENCY))));
  }

  private static Inventory inventory(List<Entry> entries) {
    return new Inventory(
        new Inventory.Target(Inventory.Target.Kind.COORDINATES, "test", Path.of(".")),
        entries,
        List.of());
  }

  private static Entry entry(Component component, Role role) {
    return new Entry(
        component,
        role,
        new TreeSet<>(),
        new TreeSet<>(),
        true,
        false,
        Optional.empty(),
        List.of(),
        0,
        Optional.empty(),
        Optional.empty());
  }
}
