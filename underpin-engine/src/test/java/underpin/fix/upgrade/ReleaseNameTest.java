package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseNameTest {
  @ParameterizedTest
  @CsvSource({
    "2.14.1, 2.17.1, true",
    "2.14.1, 2.15.0-rc1, false",
    "2.0-beta9, 2.0-rc1, true",
    "5.4.25.Final, 5.4.26.Final, true",
    "5.4.25.Final, 5.4.26, true",
    "5.4.25.Final, 6.0.0.CR1, false",
    "4.3.0.RELEASE, 5.3.39, true",
    "5.3.2, 6.0.0-M1, false",
    "30.0-jre, 32.0.0-jre, true",
    "30.0-jre, 32.0.0-android, false",
    "19.0, 32.0.0-jre, true",
    "19.0, 32.0.0-android, false",
    "42.2.18, 42.2.26, true",
    "42.2.18, 42.2.26.jre7, false",
    "9.4.1.jre8, 9.4.2.jre8, true",
    "9.4.1.jre8, 9.4.2.jre11, false",
    "2.6, 20040616, false",
    "9.4.35.v20201120, 9.4.57.v20241219, true",
    "1.0, 1.1-SNAPSHOT, false",
    "2.3.1, 2.3.1-b05, false",
    "1.2.3, 1.2.4.redhat-00001, false",
  })
  void a_release_may_be_followed_by_a_release_of_its_kind(String from, String to, boolean may) {
    assertThat(ReleaseName.of(from).mayBecome(ReleaseName.of(to), 17)).isEqualTo(may);
  }

  @ParameterizedTest
  @CsvSource({
    "16.0.1, 24.1.1-jre, 8, true",
    "16.0.1, 24.1.1-android, 8, false",
    "16.0.1, 24.1.1-jre, 7, false",
    "16.0.1, 24.1.1-android, 7, true",
    "24.1-jre, 24.1.1-android, 7, false",
    "16.0.1, 23.0, 7, true",
  })
  void what_names_no_flavour_goes_on_as_that_for_its_java(
      String from, String to, int java, boolean may) {
    assertThat(ReleaseName.of(from).mayBecome(ReleaseName.of(to), java)).isEqualTo(may);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3, 1.2.4, PATCH",
    "1.2, 1.2.0.1, PATCH",
    "1.2.3, 1.3, MINOR",
    "1.2.3, 2.0, MAJOR",
    "2020.0.3, 2021.0.1, MAJOR",
    "31.1-jre, 32.0.0-jre, MAJOR",
    "1.0.1.RELEASE, 1.0.2.RELEASE, PATCH",
  })
  void the_size_is_the_first_number_that_differs(String from, String to, Upgrader.Size size) {
    assertThat(ReleaseName.of(from).sizeTo(ReleaseName.of(to))).isEqualTo(size);
  }
}
