package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import underpin.advisory.Advisory;
import underpin.advisory.Advisory.AffectedRange;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;

class ReleasesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # ranges                  | released, ascending                        | pairs
          0 < 1.10.0                | 1.8 1.9 1.10.0 1.11.0                      | 1.9>1.10.0
          2.0-beta9 < 2.3.1, 2.4 < 2.12.2, 2.13.0 < 2.15.0 | 2.0-beta9 2.3 2.3.1 2.4 2.12.1 2.12.2 2.14.0 2.14.1 2.15.0 | 2.14.1>2.15.0 2.12.1>2.12.2 2.3>2.3.1
          # a pre-release of the fixed version may hold the fix already
          0 < 3.0                   | 2.9 3.0-rc1 3.0                            | 2.9>3.0
          # only pre-releases are affected
          4.0-alpha1 < 4.0-alpha3   | 3.9 4.0-alpha1 4.0-alpha2 4.0-alpha3 4.0   | 4.0-alpha2>4.0-alpha3
          # the named fix was never released
          0 < 2.1                   | 1.9 2.0 2.1.1                              | 2.0>2.1.1
          # the advisory leaves out the suffix of the release
          2.1.0 < 2.1.9             | 2.1.8.RELEASE 2.1.9.RELEASE                | 2.1.8.RELEASE>2.1.9.RELEASE
          0 <= 1.4                  | 1.3 1.4 1.5-beta 1.5                       | 1.4>1.5
          # no fix
          0                         | 1.0 1.1                                    |
          # flavours are not mixed
          0 < 32.0.0-android        | 31.1-android 31.1-jre 32.0.0-android 32.0.0-jre | 31.1-android>32.0.0-android
          0 < 1.4.14-jdk7           | 1.4.12 1.4.13 1.4.14 1.4.14-jdk7          | 1.4.13>1.4.14
          """)
  void the_releases_around_each_fix_are_found(String ranges, String released, String pairs) {
    List<AffectedRange> read = new ArrayList<>();
    for (String range : ranges.split(",")) {
      String[] words = range.strip().split(" ");
      read.add(
          new AffectedRange(
              words[0],
              words.length > 1 && words[1].equals("<") ? Optional.of(words[2]) : Optional.empty(),
              words.length > 1 && words[1].equals("<=")
                  ? Optional.of(words[2])
                  : Optional.empty()));
    }
    Advisory advisory =
        new Advisory(
            new Vulnerability(
                "CVE-1-1",
                new TreeSet<>(),
                "",
                Severity.HIGH,
                Optional.empty(),
                OptionalDouble.empty(),
                false,
                List.of(),
                List.of()),
            Ecosystem.MAVEN,
            "g:a",
            read,
            List.of(),
            List.of("GHSA-x"));
    List<String> found =
        new Releases(advisory, List.of(released.split(" ")))
            .pairs().stream().map(p -> p.affected() + ">" + p.fixed()).toList();
    assertThat(String.join(" ", found)).isEqualTo(pairs == null ? "" : pairs);
  }
}
