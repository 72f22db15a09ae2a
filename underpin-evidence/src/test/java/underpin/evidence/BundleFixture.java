package underpin.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small bundles made in memory. */
final class BundleFixture {
  private BundleFixture() {}

  static Statement statement(int number) {
    return Statement.of(
        List.of(Statement.Subject.of("pom.xml", new byte[] {(byte) number})),
        "https://underpin.dev/step/v1",
        Map.of("step", "found", "number", number));
  }

  static byte[] bundle(Keys keys, int... numbers) {
    EvidenceWriter writer = EvidenceWriter.create(keys);
    for (int number : numbers) {
      writer.append(statement(number));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** {@return the lines: header, entries, tree head} */
  static List<String> lines(byte[] bundle) {
    return new ArrayList<>(new String(bundle, StandardCharsets.US_ASCII).lines().toList());
  }

  static byte[] join(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
