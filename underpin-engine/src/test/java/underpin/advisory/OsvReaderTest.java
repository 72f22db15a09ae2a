package underpin.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.IndexContent.Extras;
import underpin.advisory.IndexContent.Flaw;
import underpin.cases.Severity;

/** What records mean: their ranges, and which of them are one vulnerability. */
class OsvReaderTest {
  @Test
  void introduced_and_fixed_make_one_interval() throws IOException {
    assertThat(ranges("{\"introduced\":\"1.0\"},{\"fixed\":\"2.0\"}"))
        .containsExactly(">= 1.0, < 2.0");
  }

  @Test
  void several_events_are_paired_in_version_order_whatever_their_order_in_the_file()
      throws IOException {
    assertThat(
            ranges(
                "{\"fixed\":\"1.10\"},{\"introduced\":\"2.0\"},{\"introduced\":\"0\"},{\"fixed\":\"2.5\"}"))
        .containsExactly("< 1.10", ">= 2.0, < 2.5");
  }

  @Test
  void last_affected_is_inclusive_and_an_open_end_stays_open() throws IOException {
    assertThat(
            ranges("{\"introduced\":\"1.0\"},{\"last_affected\":\"1.9\"},{\"introduced\":\"3\"}"))
        .containsExactly(">= 1.0, <= 1.9", ">= 3");
    assertThat(ranges("{\"introduced\":\"0\"}")).containsExactly("every version");
  }

  @Test
  void a_branch_fixed_where_the_next_begins_leaves_no_hole() throws IOException {
    assertThat(
            ranges(
                "{\"introduced\":\"0\"},{\"fixed\":\"1.0\"},{\"introduced\":\"1.0\"},{\"fixed\":\"2.0\"}"))
        .containsExactly("< 1.0", ">= 1.0, < 2.0");
  }

  @Test
  void introduced_and_fixed_in_one_version_affects_nothing() throws IOException {
    assertThat(read(affected("{\"introduced\":\"1.0\"},{\"fixed\":\"1.0\"}", "")).affected())
        .isEmpty();
  }

  @Test
  void an_end_without_a_beginning_counts_from_the_first_version() throws IOException {
    assertThat(ranges("{\"fixed\":\"2.0\"}")).containsExactly("< 2.0");
  }

  @Test
  void a_limit_ends_a_range_and_is_no_fix() throws IOException {
    List<AffectedRange> ranges =
        read(affected("{\"introduced\":\"1.0\"},{\"limit\":\"2.0\"}", ""))
            .affected()
            .getFirst()
            .ranges();
    assertThat(ranges).extracting(AffectedRange::text).containsExactly(">= 1.0, < 2.0");
    assertThat(ranges.getFirst().fixed()).isEmpty();
    assertThat(ranges("{\"introduced\":\"1.0\"},{\"limit\":\"*\"}")).containsExactly(">= 1.0");
  }

  @Test
  void githubs_hint_ends_a_range_that_has_no_fix_and_names_no_fix() throws IOException {
    String hint = ",\"database_specific\":{\"last_known_affected_version_range\":\"%s\"}";
    List<AffectedRange> below =
        read(affected("{\"introduced\":\"3.0\"}", hint.formatted("< 4.0")))
            .affected()
            .getFirst()
            .ranges();
    assertThat(below).extracting(AffectedRange::text).containsExactly(">= 3.0, < 4.0");
    assertThat(below.getFirst().fixed()).isEmpty();
    assertThat(ranges("{\"introduced\":\"3.0\"}", hint.formatted("<= 3.1")))
        .containsExactly(">= 3.0, <= 3.1");
    assertThat(ranges("{\"introduced\":\"3.0\"},{\"fixed\":\"5\"}", hint.formatted("<= 3.1")))
        .as("a fix that is known wins")
        .containsExactly(">= 3.0, < 5");
  }

  @Test
  void no_range_and_no_versions_means_every_version() throws IOException {
    OsvRecord record =
        read(
            "{\"id\":\"X\",\"affected\":[{\"package\":{\"ecosystem\":\"Maven\",\"name\":\"a:b\"}}]}");
    assertThat(record.affected().getFirst().ranges())
        .extracting(AffectedRange::text)
        .containsExactly("every version");
  }

  @Test
  void commits_are_no_versions_and_listed_versions_in_a_range_are_not_kept_twice()
      throws IOException {
    OsvRecord record =
        read(
            """
            {"id":"X","affected":[{"package":{"ecosystem":"Maven","name":"a:b"},
             "ranges":[{"type":"GIT","repo":"r","events":[{"introduced":"0"},{"fixed":"abc"}]},
                       {"type":"ECOSYSTEM","events":[{"introduced":"1"},{"fixed":"2"}]}],
             "versions":["1.5","2.7.RELEASE"]}]}\
            """);
    assertThat(record.affected().getFirst().ranges())
        .extracting(AffectedRange::text)
        .containsExactly(">= 1, < 2");
    assertThat(record.affected().getFirst().versions()).containsExactly("2.7.RELEASE");
  }

  @Test
  void records_that_share_a_cve_are_one_vulnerability_and_their_ranges_are_united()
      throws IOException {
    List<Flaw> flaws =
        merge(
            record("GHSA-1", "\"CVE-1\"", "1.0", "1.5", "LOW"),
            record("PYSEC-1", "\"CVE-1\",\"GHSA-1\"", "1.2", "1.9", "HIGH"));
    assertThat(flaws).hasSize(1);
    Flaw flaw = flaws.getFirst();
    assertThat(flaw.id()).isEqualTo("CVE-1");
    assertThat(flaw.aliases()).containsExactly("GHSA-1", "PYSEC-1");
    assertThat(flaw.severity()).as("doubt counts against").isEqualTo(Severity.HIGH);
    assertThat(java.util.Objects.requireNonNull(flaw.affected().get("maven\0a:b")).ranges())
        .extracting(AffectedRange::text)
        .containsExactly(">= 1.0, < 1.5", ">= 1.2, < 1.9");
  }

  @Test
  void a_record_that_names_two_cves_does_not_make_them_one() throws IOException {
    List<Flaw> flaws =
        merge(
            record("GHSA-1", "\"CVE-1\"", "1.0", "1.5", "LOW"),
            record("GHSA-2", "\"CVE-2\"", "1.0", "1.6", "LOW"),
            record("RUSTSEC-1", "\"CVE-1\",\"CVE-2\",\"GHSA-1\",\"GHSA-2\"", "1.0", "1.7", "LOW"));
    assertThat(flaws).extracting(Flaw::id).containsExactly("CVE-1", "CVE-2");
    assertThat(flaws.getFirst().aliases()).containsExactly("GHSA-1", "RUSTSEC-1");
    assertThat(flaws.getLast().aliases()).containsExactly("GHSA-2", "RUSTSEC-1");
  }

  @Test
  void records_without_a_cve_are_joined_by_their_ids_and_shown_by_their_ghsa() throws IOException {
    assertThat(
            merge(
                record("GO-1", "\"GHSA-9\"", "1.0", "1.5", "LOW"),
                record("GHSA-9", "", "1.0", "1.5", "LOW"),
                record("PYSEC-7", "", "1.0", "1.5", "LOW")))
        .extracting(Flaw::id)
        .containsExactly("GHSA-9", "PYSEC-7");
  }

  @Test
  void a_record_without_a_cve_belongs_to_the_cve_that_another_record_gives_its_id()
      throws IOException {
    assertThat(
            merge(
                record("GHSA-9", "", "1.0", "1.5", "LOW"),
                record("GO-1", "\"GHSA-9\",\"CVE-5\"", "1.0", "1.5", "LOW")))
        .extracting(Flaw::id)
        .containsExactly("CVE-5");
  }

  @Test
  void the_same_id_twice_counts_as_last_modified_and_withdrawn_ones_not_at_all()
      throws IOException {
    String old =
        record("GHSA-1", "", "1.0", "1.5", "LOW")
            .replace("{\"id\"", "{\"modified\":\"2024\",\"id\"");
    String withdrawn =
        record("GHSA-1", "", "1.0", "1.5", "LOW")
            .replace("{\"id\"", "{\"modified\":\"2025\",\"withdrawn\":\"2025\",\"id\"");
    assertThat(merge(withdrawn, old)).isEmpty();
    assertThat(merge(old)).hasSize(1);
  }

  @Test
  void scores_are_computed_from_the_newest_vector() throws IOException {
    OsvRecord record =
        read(
            """
            {"id":"X","severity":[
             {"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
             {"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"},
             {"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:P/I:P/A:P"},
             {"type":"CVSS_V3","score":"CVSS:3.1/nonsense"}]}\
            """);
    assertThat(record.cvss().orElseThrow().version()).isEqualTo("4.0");
    assertThat(record.cvss().orElseThrow().score()).isEqualTo(9.3);
    assertThat(Vectors.read("AV:N/AC:L/Au:N/C:P/I:P/A:P").orElseThrow().score()).isEqualTo(7.5);
    assertThat(Vectors.read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").orElseThrow().score())
        .isEqualTo(9.8);
  }

  @Test
  void what_is_no_record_is_refused_with_its_place() {
    assertThatThrownBy(() -> read("[1,2]")).hasMessageContaining("line 1, column");
    assertThatThrownBy(() -> read("{\"id\":\"\"}")).hasMessageContaining("no id");
    assertThatThrownBy(() -> read("{\"id\":\"X\",")).isInstanceOf(IOException.class);
  }

  @Test
  void fields_of_the_wrong_kind_are_passed_over() throws IOException {
    OsvRecord record =
        read(
            """
            {"id":"X","aliases":"CVE-1","summary":{"a":1},"severity":{"b":[2]},"references":7,
             "database_specific":[1],"affected":[3,{"package":"p","ranges":{},"versions":[4]}]}\
            """);
    assertThat(record.ids()).containsExactly("X");
    assertThat(record.affected()).isEmpty();
  }

  private static List<String> ranges(String events) throws IOException {
    return ranges(events, "");
  }

  private static List<String> ranges(String events, String more) throws IOException {
    return read(affected(events, more)).affected().getFirst().ranges().stream()
        .map(AffectedRange::text)
        .toList();
  }

  private static String affected(String events, String more) {
    return """
    {"id":"X","affected":[{"package":{"ecosystem":"Maven","name":"a:b"},
     "ranges":[{"type":"ECOSYSTEM","events":[%s]}]%s}]}\
    """
        .formatted(events, more);
  }

  private static String record(
      String id, String aliases, String introduced, String fixed, String severity) {
    return """
    {"id":"%s","aliases":[%s],"database_specific":{"severity":"%s"},
     "affected":[{"package":{"ecosystem":"Maven","name":"a:b"},
     "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"%s"},{"fixed":"%s"}]}]}]}\
    """
        .formatted(id, aliases, severity, introduced, fixed);
  }

  private static OsvRecord read(String json) throws IOException {
    List<OsvRecord> records = new ArrayList<>();
    OsvReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), records::add);
    return records.getFirst();
  }

  private static List<Flaw> merge(String... json) throws IOException {
    List<OsvRecord> records = new ArrayList<>();
    for (String one : json) {
      records.add(read(one));
    }
    return AliasMerge.merge(AliasMerge.latest(records), Extras.NONE);
  }
}
