package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected output as files beside the tests. {@code -Dunderpin.golden.update=true} writes them
 * anew; the change is then reviewed as a diff.
 */
final class Golden {
  private static final Path FOLDER =
      Path.of(System.getProperty("underpin.root", ".."))
          .resolve("underpin-app/src/test/resources/underpin/report/golden");

  private Golden() {}

  static String render(Format format, Report report, RenderOptions options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.render(report, out, options);
    return out.toString(StandardCharsets.UTF_8);
  }

  static void check(String name, String actual) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("underpin.golden.update")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, actual);
      return;
    }
    assertThat(file)
        .as("missing; run once with -Dunderpin.golden.update=true and review the file")
        .exists();
    assertThat(actual)
        .as("differs from " + file + "; if it should, run with -Dunderpin.golden.update=true")
        .isEqualTo(Files.readString(file));
  }
}
