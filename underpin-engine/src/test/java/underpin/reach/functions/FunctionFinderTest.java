package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.Advisory;
import underpin.advisory.Advisory.AffectedRange;
import underpin.cases.Progress;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.version.Ecosystem;

/** Over real releases of Maven Central. */
class FunctionFinderTest {
  @TempDir Path cache;

  private static Advisory advisory(
      String id, String source, String cwe, String name, String introduced, String fixed) {
    return new Advisory(
        new Vulnerability(
            id,
            new TreeSet<>(),
            "Arbitrary code execution",
            Severity.HIGH,
            Optional.empty(),
            OptionalDouble.empty(),
            false,
            List.of(cwe),
            List.of()),
        Ecosystem.MAVEN,
        name,
        List.of(new AffectedRange(introduced, Optional.of(fixed), Optional.empty())),
        List.of(),
        List.of(source));
  }

  private static final Advisory TEXT =
      advisory(
          "CVE-2022-42889",
          "GHSA-599f-7c49-w659",
          "CWE-94",
          "org.apache.commons:commons-text",
          "1.5",
          "1.10.0");

  private FunctionList find(Advisory advisory, String patch, List<String> worked) {
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      Progress progress = (_, _, _, item) -> worked.add(item);
      return new FunctionFinder(maven, _ -> 0, Optional.of(cache), progress)
          .find(advisory.vulnerability().id(), List.of(advisory), patch);
    }
  }

  private static List<String> cut(FunctionList list) {
    assertThat(list).isInstanceOf(FunctionList.Derived.class);
    return ((FunctionList.Derived) list)
        .cut().stream().map(f -> f.className() + "." + f.methodName()).toList();
  }

  @Test
  void the_lookups_of_commons_text_are_found_and_kept_and_read_back() throws Exception {
    List<String> worked = new ArrayList<>();
    FunctionList first = find(TEXT, "", worked);
    assertThat(worked).containsExactly("org.apache.commons:commons-text 1.9 → 1.10.0");
    assertThat(cut(first))
        .contains("org.apache.commons.text.lookup.StringLookupFactory.addDefaultStringLookups");
    assertThat(((FunctionList.Derived) first).added())
        .anyMatch(added -> added.contains("DefaultStringLookupsHolder"));

    worked.clear();
    FunctionList second = find(TEXT, "", worked);
    assertThat(worked).as("taken from the cache").isEmpty();
    assertThat(FunctionJson.write(second)).isEqualTo(FunctionJson.write(first));

    try (var kept = Files.list(cache)) {
      for (Path file : kept.toList()) {
        Files.writeString(file, "{ damaged");
      }
    }
    assertThat(FunctionJson.write(find(TEXT, "", worked))).isEqualTo(FunctionJson.write(first));
    assertThat(worked).as("derived again").hasSize(1);
  }

  @Test
  void what_the_patch_touches_ranks_first() throws Exception {
    String patch =
        """
        --- a/src/main/java/org/apache/commons/text/StrBuilder.java
        +++ b/src/main/java/org/apache/commons/text/StrBuilder.java
        @@ -1,4 +1,5 @@
         a
        +b
         c
        """;
    assertThat(cut(find(TEXT, patch, new ArrayList<>())).getFirst())
        .startsWith("org.apache.commons.text.StrBuilder.");
    String test = patch.replace("src/main", "src/test");
    assertThat(cut(find(TEXT, test, new ArrayList<>())))
        .as("a patch of tests only says nothing")
        .isEqualTo(cut(find(TEXT, "", new ArrayList<>())));
  }

  @Test
  void what_cannot_be_had_or_has_no_code_is_undecided_and_says_why() {
    assertThat(
            find(
                advisory(
                    "CVE-0-1", "GHSA-0", "CWE-20", "org.apache.commons:no-such-artifact", "0", "1"),
                "",
                new ArrayList<>()))
        .isInstanceOfSatisfying(
            FunctionList.Undecided.class,
            undecided -> {
              assertThat(undecided.because()).contains("no two releases");
              assertThat(undecided.notes()).anyMatch(n -> n.contains("no-such-artifact"));
            });
  }
}
