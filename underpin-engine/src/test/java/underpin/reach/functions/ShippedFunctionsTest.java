package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import underpin.advisory.Advisory;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.AdvisoryStore;

class ShippedFunctionsTest {
  @Test
  void every_list_that_ships_is_whole() {
    Set<String> ids = new HashSet<>();
    ShippedFunctions.forEach(list -> {
      assertThat(ids.add(list.id())).as(list.id()).isTrue();
      assertThat(list)
          .isInstanceOfSatisfying(
              FunctionList.Derived.class,
              derived -> {
                assertThat(derived.cut()).as(list.id()).isNotEmpty();
                assertThat(derived.compared()).as(list.id()).isNotEmpty();
                assertThat(derived.functions())
                    .extracting(VulnerableFunction::rank)
                    .isSorted()
                    .startsWith(1);
              });
    });
    assertThat(ids).hasSizeGreaterThanOrEqualTo(300);
  }

  @Test
  void a_list_counts_only_for_the_ranges_it_was_derived_from() throws Exception {
    try (AdvisoryStore store = AdvisoryStore.openDefault()) {
      List<Advisory> xstream = store.byId("CVE-2013-7285");
      assertThat(ShippedFunctions.of(xstream)).isPresent();
      List<Advisory> changed =
          xstream.stream()
              .map(a ->
                  new Advisory(
                      a.vulnerability(),
                      a.ecosystem(),
                      a.packageName(),
                      List.of(new AffectedRange("0", Optional.of("2.0"), Optional.empty())),
                      a.affectedVersions(),
                      a.sourceIds()))
              .toList();
      assertThat(ShippedFunctions.of(changed)).isEmpty();
    }
  }
}
