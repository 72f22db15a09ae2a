package underpin.advisory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

class VersionOrdersTest {
  /** A table and the ecosystem it is about. */
  record Table(Ecosystem ecosystem, String file) {}

  static Stream<Table> tables() {
    return Stream.of(
        new Table(Ecosystem.MAVEN, "maven.txt"),
        new Table(Ecosystem.NPM, "npm.txt"),
        new Table(Ecosystem.CRATES_IO, "crates.txt"),
        new Table(Ecosystem.GO, "go.txt"),
        new Table(Ecosystem.PYPI, "pypi.txt"),
        new Table(Ecosystem.NUGET, "nuget.txt"),
        new Table(Ecosystem.RUBYGEMS, "gem.txt"),
        new Table(Ecosystem.PACKAGIST, "packagist.txt"));
  }

  @TestFactory
  Stream<DynamicTest> every_line_of_the_tables_holds_both_ways() {
    return tables()
        .flatMap(table -> {
          VersionOrder order = VersionOrders.of(table.ecosystem());
          return lines(table.file())
              .map(line ->
                  DynamicTest.dynamicTest(
                      table.ecosystem().osvName() + ": " + line,
                      () -> {
                        String[] parts = line.split(" (?=[<=>] )|(?<= [<=>]) ", 3);
                        int expected =
                            switch (parts[1]) {
                              case "<" -> -1;
                              case "=" -> 0;
                              default -> 1;
                            };
                        assertThat(Integer.signum(order.compare(parts[0], parts[2])))
                            .isEqualTo(expected);
                        assertThat(Integer.signum(order.compare(parts[2], parts[0])))
                            .isEqualTo(-expected);
                      }));
        });
  }

  @ParameterizedTest
  @MethodSource("tables")
  void the_order_is_total_over_any_text(Table table) {
    VersionOrder order = VersionOrders.of(table.ecosystem());
    List<String> texts =
        new ArrayList<>(List.of("", " ", "\0", "1".repeat(10_000), "1-".repeat(5000)));
    lines(table.file()).forEach(line -> texts.addAll(List.of(line.split(" [<=>] ", 2))));
    Random random = new Random(42);
    String alphabet = "0123456789..--+abrcvxdevSNAPSHOT_!~ é";
    for (int i = 0; i < 60; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }
    for (String a : texts) {
      for (String b : texts) {
        int ab = Integer.signum(order.compare(a, b));
        assertThat(Integer.signum(order.compare(b, a))).as("%s against %s", a, b).isEqualTo(-ab);
      }
    }
  }

  @Test
  void a_text_that_is_no_version_is_called_unreadable() {
    assertThat(VersionOrders.readable(Ecosystem.NPM, "latest")).isFalse();
    assertThat(VersionOrders.readable(Ecosystem.NPM, "1.2.3")).isTrue();
    assertThat(VersionOrders.readable(Ecosystem.MAVEN, "anything-goes")).isTrue();
    assertThat(VersionOrders.readable(Ecosystem.MAVEN, "1.".repeat(500))).isFalse();
  }

  private static Stream<String> lines(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    VersionOrdersTest.class.getResourceAsStream("/versions/" + file)),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
