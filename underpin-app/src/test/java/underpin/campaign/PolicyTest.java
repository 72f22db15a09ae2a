package underpin.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import underpin.campaign.Policy.AcceptedRisk;
import underpin.cases.Component;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.fix.upgrade.Upgrader;
import underpin.version.Ecosystem;

class PolicyTest {
  private static final LocalDate LAST_DAY = LocalDate.of(2027, 3, 31);
  private static final Component SNAKEYAML = Component.maven("org.yaml", "snakeyaml", "1.33");

  @TempDir Path folder;

  private Path file(String toml) throws Exception {
    return Files.writeString(folder.resolve("underpin.toml"), toml);
  }

  private Policy read(String toml) throws Exception {
    return Policy.read(file(toml));
  }

  private List<String> problems(String toml) throws Exception {
    Path file = file(toml);
    PolicyException refused = catchThrowableOfType(PolicyException.class, () -> Policy.read(file));
    return refused.problems().stream().map(p -> p.line() + ": " + p.text()).toList();
  }

  private static Vulnerability vulnerability(String id, String... aliases) {
    return new Vulnerability(
        id,
        new TreeSet<>(Set.of(aliases)),
        "",
        Severity.HIGH,
        Optional.empty(),
        OptionalDouble.empty(),
        false,
        List.of(),
        List.of());
  }

  private static String accept(String vulnerability, String component, String expires) {
    return """
    [[accept]]
    vulnerability = "%s"
    component = "%s"
    reason = "only our own files are read"
    author = "ada"
    expires = %s
    """
        .formatted(vulnerability, component, expires);
  }

  @Test
  void an_empty_file_is_the_policy_of_a_project_without_one() throws Exception {
    assertThat(read("")).isEqualTo(Policy.none());
  }

  @Test
  void every_setting_is_read() throws Exception {
    Policy policy =
        read(
            """
            fail-on = "high"
            largest-upgrade = "minor"
            leave-out-scopes = ["test", "provided"]
            never-touch = ["com.acme:*", "pkg:maven/org.yaml/snakeyaml"]

            """
                + accept("CVE-2022-1471", "org.yaml:snakeyaml", "2027-03-31"));
    assertThat(policy.failOn()).contains(Severity.HIGH);
    assertThat(policy.leftOutScopes()).containsExactly("provided", "test");
    assertThat(policy.upgradeRules())
        .isEqualTo(
            new Upgrader.Rules(Upgrader.Size.MINOR, Set.of("com.acme:*", "org.yaml:snakeyaml")));
    assertThat(policy.accepted())
        .containsExactly(
            new AcceptedRisk(
                "CVE-2022-1471",
                new ComponentPattern("org.yaml:snakeyaml"),
                "only our own files are read",
                "ada",
                LAST_DAY,
                6));
  }

  @Test
  void an_accepted_risk_counts_on_its_last_day_and_the_case_counts_again_on_the_next()
      throws Exception {
    Policy policy = read(accept("CVE-2022-1471", "org.yaml:snakeyaml", "2027-03-31"));
    Vulnerability flaw = vulnerability("CVE-2022-1471");
    assertThat(policy.acceptance(SNAKEYAML, flaw, LAST_DAY)).isPresent();
    assertThat(policy.expired(LAST_DAY)).isEmpty();
    assertThat(policy.acceptance(SNAKEYAML, flaw, LAST_DAY.plusDays(1))).isEmpty();
    assertThat(policy.expired(LAST_DAY.plusDays(1))).isEqualTo(policy.accepted());
  }

  @Test
  void an_accepted_risk_is_known_by_any_alias_whatever_its_case() throws Exception {
    Policy policy = read(accept("ghsa-mjmj-j48q-9wg2", "org.yaml:snakeyaml", "2027-03-31"));
    Vulnerability flaw = vulnerability("CVE-2022-1471", "GHSA-mjmj-j48q-9wg2");
    assertThat(policy.acceptance(SNAKEYAML, flaw, LAST_DAY)).isPresent();
    assertThat(policy.acceptance(SNAKEYAML, vulnerability("CVE-2022-0001"), LAST_DAY)).isEmpty();
  }

  @Test
  void of_two_that_fit_the_one_that_holds_longest_counts() throws Exception {
    Policy policy =
        read(
            accept("CVE-1", "org.yaml:snakeyaml:1.33", "2027-01-01")
                + accept("CVE-1", "org.yaml:*", "2027-02-01"));
    assertThat(policy.acceptance(SNAKEYAML, vulnerability("CVE-1"), LocalDate.of(2026, 12, 1)))
        .map(AcceptedRisk::expires)
        .contains(LocalDate.of(2027, 2, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "org.yaml:snakeyaml, true",
    "org.yaml:snakeyaml:1.33, true",
    "org.yaml:snakeyaml:1.32, false",
    "org.yaml:*, true",
    "org:*, false",
    "org.yaml:snake, false",
    "pkg:maven/org.yaml/snakeyaml, true",
    "pkg:maven/org.yaml/snakeyaml@1.33, true",
    "pkg:maven/org.yaml/snakeyaml@1.3, false",
    "pkg:maven/org.yaml/snake, false",
    "pkg:npm/snakeyaml, false",
  })
  void a_pattern_names_snakeyaml_1_33_or_not(String pattern, boolean named) {
    assertThat(new ComponentPattern(pattern).matches(SNAKEYAML)).isEqualTo(named);
  }

  @Test
  void a_package_url_names_components_of_other_ecosystems() {
    Component lodash = new Component(Ecosystem.NPM, "lodash", "4.17.20");
    assertThat(new ComponentPattern("pkg:npm/lodash").matches(lodash)).isTrue();
    assertThat(new ComponentPattern("lodash:lodash").matches(lodash)).isFalse();
  }

  @Test
  void what_may_not_be_touched_is_asked_by_component() throws Exception {
    Policy policy = read("never-touch = [\"org.yaml:snakeyaml\"]");
    assertThat(policy.mayTouch(SNAKEYAML)).isFalse();
    assertThat(policy.mayTouch(Component.maven("org.yaml", "other", "1"))).isTrue();
  }

  @Test
  void every_bad_entry_is_listed_with_its_line_and_the_near_word() throws Exception {
    assertThat(
            problems(
                """
                fail-om = "high"
                largest-upgrade = "miner"
                leave-out-scopes = [
                  "test", # one more below

                  "tset",
                  3,
                ]
                never-touch = "org.yaml:snakeyaml"
                colour = true

                [[accept]]
                vulnerability = "CVE-2022-1471"
                component = "snakeyaml"
                reasn = "x"
                author = " "
                expires = "2027-03-31"
                """))
        .containsExactly(
            "1: 'fail-om' is no setting; did you mean 'fail-on'?",
            "2: 'largest-upgrade' is the text \"miner\"; did you mean 'minor'?",
            "6: 'tset' is no Maven scope; did you mean 'test'?",
            "7: an entry of 'leave-out-scopes' is 3; write a text in quotes",
            "9: 'never-touch' is the text \"org.yaml:snakeyaml\"; write a list, as [\"...\"]",
            "10: 'colour' is no setting; there are fail-on, largest-upgrade, leave-out-scopes,"
                + " never-touch, accept",
            "12: this accepted risk needs 'reason', in a sentence",
            "14: 'snakeyaml' names no component; write group:artifact, group:*,"
                + " group:artifact:version, or a package-url",
            "15: 'reasn' is no setting of an accepted risk; did you mean 'reason'?",
            "16: 'author' is blank; say it, who answers for it",
            "17: 'expires' is the text \"2027-03-31\"; write a date without quotes, as 2027-03-31");
  }

  @Test
  void a_risk_accepted_without_an_end_is_refused() throws Exception {
    assertThat(
            problems("[[accept]]\nvulnerability='a'\ncomponent='g:a'\nreason='r'\nauthor='me'\n"))
        .containsExactly("1: this accepted risk needs 'expires', a date as 2027-03-31");
  }

  @Test
  void the_same_risk_accepted_twice_is_refused_because_one_of_the_two_is_forgotten()
      throws Exception {
    assertThat(
            problems(accept("CVE-1", "g:a", "2027-01-01") + accept("cve-1", "g:a", "2028-01-01")))
        .containsExactly("7: cve-1 in g:a is accepted already in line 1; keep one of the two");
  }

  @Test
  void a_single_table_instead_of_a_list_is_explained() throws Exception {
    assertThat(problems("\n[accept]\nreason = 'x'\n"))
        .containsExactly("2: 'accept' is a list of tables; write [[accept]] above each");
  }

  @Test
  void a_file_that_is_no_toml_is_refused_with_its_line() throws Exception {
    assertThat(problems("fail-on = \"high\"\nleave-out-scopes = [\n\"test\"\n"))
        .allMatch(p -> p.matches("(?s)[3-4]: .+"))
        .isNotEmpty();
  }

  @Test
  void the_message_names_the_file_and_each_line() throws Exception {
    Path file = file("fail-om = 1\n");
    assertThatThrownBy(() -> Policy.read(file)).hasMessageStartingWith(file + ":1: 'fail-om'");
  }

  @Test
  void a_file_that_is_missing_or_not_utf_8_is_refused() throws Exception {
    assertThatThrownBy(() -> Policy.read(folder.resolve("none.toml")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("there is no such file");
    Path latin = folder.resolve("latin.toml");
    Files.write(latin, "never-touch = ['\u00e4:b']".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Policy.read(latin)).hasMessageContaining("UTF-8");
  }

  @Test
  void the_published_schema_has_the_same_settings_and_words() throws Exception {
    Path root = Path.of(System.getProperty("underpin.root", ".."));
    JsonNode schema =
        new ObjectMapper()
            .readTree(root.resolve("docs/formats/underpin-toml.schema.json").toFile());
    JsonNode settings = schema.get("properties");
    assertThat(names(settings)).containsExactlyElementsOf(PolicyReader.KEYS);
    assertThat(texts(settings.at("/fail-on/enum")))
        .containsExactlyElementsOf(PolicyReader.SEVERITIES);
    assertThat(texts(settings.at("/largest-upgrade/enum")))
        .containsExactlyElementsOf(PolicyReader.SIZES);
    assertThat(texts(settings.at("/leave-out-scopes/items/enum")))
        .containsExactlyElementsOf(PolicyReader.SCOPES);
    assertThat(names(settings.at("/accept/items/properties")))
        .containsExactlyElementsOf(PolicyReader.ACCEPT_KEYS);
  }

  @Test
  void the_example_of_the_documentation_is_valid() throws Exception {
    Path root = Path.of(System.getProperty("underpin.root", ".."));
    String page = Files.readString(root.resolve("docs/formats/underpin-toml.md"));
    int from = page.indexOf("```toml\n") + "```toml\n".length();
    Policy policy = read(page.substring(from, page.indexOf("```", from)));
    assertThat(policy.accepted()).hasSize(1);
    assertThat(policy.failOn()).isPresent();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}
