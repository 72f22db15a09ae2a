package underpin.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;

/** Over the index that ships. */
class AdvisoryStoreTest {
  private static final String LOG4J = "org.apache.logging.log4j:log4j-core";

  private static AdvisoryStore shipped() throws IOException {
    return AdvisoryStore.open(shippedFile());
  }

  static Path shippedFile() {
    return IndexPlaces.ofThisProcess().shipped().stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void log4j_core_2_14_1_is_affected_by_CVE_2021_44228_and_2_15_0_is_not() throws IOException {
    try (AdvisoryStore store = shipped()) {
      Advisory log4shell =
          store.forPackage(Ecosystem.MAVEN, LOG4J).stream()
              .filter(a -> a.vulnerability().id().equals("CVE-2021-44228"))
              .findFirst()
              .orElseThrow();
      assertThat(store.affects(log4shell, "2.14.1"))
          .hasValue(">= 2.13.0, < 2.15.0 (GHSA-jfh8-c2jp-5v3q)");
      assertThat(store.affects(log4shell, "2.15.0")).isEmpty();
      assertThat(store.affects(log4shell, "2.12.2")).isEmpty();
      assertThat(store.affects(log4shell, "")).isPresent();
      assertThat(AdvisoryStore.fixedVersions(log4shell)).contains("2.3.1", "2.12.2", "2.15.0");
      Vulnerability flaw = log4shell.vulnerability();
      assertThat(flaw.aliases()).contains("GHSA-jfh8-c2jp-5v3q");
      assertThat(flaw.severity()).isEqualTo(Severity.CRITICAL);
      assertThat(flaw.cvss().orElseThrow().score()).isEqualTo(10.0);
      assertThat(flaw.kev()).isTrue();
      assertThat(flaw.epss().orElseThrow()).isBetween(0.9, 1.0);
      assertThat(flaw.cwes()).contains("CWE-502");
      assertThat(flaw.references())
          .contains("https://nvd.nist.gov/vuln/detail/CVE-2021-44228")
          .allMatch(url -> url.startsWith("https://") || url.startsWith("http://"));
    }
  }

  @Test
  void any_id_finds_the_vulnerability_whatever_its_case() throws IOException {
    try (AdvisoryStore store = shipped()) {
      List<Advisory> byCve = store.byId("CVE-2021-44228");
      assertThat(byCve).isNotEmpty().isEqualTo(store.byId(" ghsa-JFH8-c2jp-5v3q"));
      assertThat(store.byId("CVE-1999-0000")).isEmpty();
      assertThat(store.epssPercentile("CVE-2021-44228").orElseThrow()).isBetween(0.9, 1.0);
    }
  }

  @Test
  void names_are_compared_as_each_ecosystem_does() throws IOException {
    try (AdvisoryStore store = shipped()) {
      assertThat(store.forPackage(Ecosystem.PYPI, "Django")).isNotEmpty();
      assertThat(store.forPackage(Ecosystem.PYPI, "django"))
          .isEqualTo(store.forPackage(Ecosystem.PYPI, "Django"));
      assertThat(store.forPackage(Ecosystem.PYPI, "apache_airflow"))
          .isEqualTo(store.forPackage(Ecosystem.PYPI, "Apache.Airflow"))
          .isNotEmpty();
      assertThat(store.forPackage(Ecosystem.NUGET, "newtonsoft.json")).isNotEmpty();
      assertThat(store.forPackage(Ecosystem.PACKAGIST, "Symfony/Symfony")).isNotEmpty();
      assertThat(store.forPackage(Ecosystem.MAVEN, "org.apache.logging.log4j:log4j-CORE"))
          .isEmpty();
      for (Ecosystem ecosystem : Ecosystem.KNOWN) {
        assertThat(store.coverage()).anyMatch(c -> c.ecosystem().equals(ecosystem));
      }
    }
  }

  @Test
  void the_snapshot_is_honest_about_its_dates() throws IOException {
    try (AdvisoryStore store = shipped()) {
      AdvisoryStore.Snapshot snapshot = store.snapshot();
      assertThat(snapshot.complete()).isEqualTo("2025-02-14");
      assertThat(snapshot.newest()).startsWith("2026-08");
      assertThat(snapshot.records()).isGreaterThan(20_000);
      assertThat(snapshot.digest()).matches("[0-9a-f]{64}");
      assertThat(snapshot.attributions())
          .anyMatch(a -> a.contains("GitHub Advisory Database") && a.contains("CC-BY-4.0"))
          .anyMatch(a -> a.contains("FIRST.org"));
    }
  }

  @Test
  void the_shipped_index_is_sound_from_the_first_to_the_last_record() throws IOException {
    try (AdvisoryStore store = shipped()) {
      store.verify();
    }
  }

  @Test
  void a_damaged_index_of_the_users_gives_a_warning_and_the_shipped_one(@TempDir Path folder)
      throws IOException {
    Path user = folder.resolve(IndexPlaces.FILE);
    byte[] bytes = Files.readAllBytes(shippedFile());
    bytes[bytes.length / 2] ^= 1;
    Files.write(user, bytes);
    IndexPlaces places = new IndexPlaces(List.of(shippedFile()), user);
    try (AdvisoryStore store = AdvisoryStore.openDefault(places)) {
      assertThat(store.file()).isEqualTo(shippedFile());
      assertThat(store.warnings()).singleElement().asString().contains(user.toString(), "update");
    }
    try (AdvisoryStore store =
        AdvisoryStore.openDefault(new IndexPlaces(List.of(user), folder.resolve("none")))) {
      assertThatThrownBy(store::verify)
          .as("a shipped one that is damaged says so where it is read")
          .isInstanceOf(IndexCorruptedException.class)
          .hasMessageContaining(user.toString())
          .hasMessageContaining("install underpin again");
    }
  }

  @Test
  void the_users_own_index_wins_when_it_is_not_older(@TempDir Path folder) throws IOException {
    Path user = Files.copy(shippedFile(), folder.resolve(IndexPlaces.FILE));
    try (AdvisoryStore store =
        AdvisoryStore.openDefault(new IndexPlaces(List.of(shippedFile()), user))) {
      assertThat(store.file()).isEqualTo(user);
      assertThat(store.warnings()).isEmpty();
    }
  }

  @Test
  void no_index_anywhere_names_the_places_and_the_next_move(@TempDir Path folder) {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> AdvisoryStore.openDefault(new IndexPlaces(List.of(none), none)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(none.toString())
        .hasMessageContaining("install");
  }
}
