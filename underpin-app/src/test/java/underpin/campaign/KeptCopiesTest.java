package underpin.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Embedding;
import underpin.reach.functions.CopySearch.Copy;

final class KeptCopiesTest {
  private static final Copy COPY =
      new Copy(
          "org.example:inner",
          Optional.of("1.2"),
          Optional.empty(),
          "1.9",
          List.of("CVE-0-1"),
          List.of("CVE-0-2", "CVE-0-3"),
          List.of(),
          Map.of("CVE-0-1", List.of(new Embedding.Function("a.B.c()V", "00ff"))));

  @TempDir private Path root;

  private KeptCopies open(Path jar, AdvisoryStore store) {
    return KeptCopies.of(jar, store, root.resolve("kept"));
  }

  @Test
  void whatWasRecognisedIsKnownTheNextTimeAndAnotherJarIsNot() throws IOException {
    Path jar = Files.writeString(root.resolve("a.jar"), "a jar");
    try (AdvisoryStore store = AdvisoryStore.openDefault()) {
      KeptCopies first = open(jar, store);
      assertThat(first.get("a.jar")).isEmpty();
      first.put("a.jar", List.of());
      first.put("a.jar!/inner.jar", List.of(COPY));
      first.keep();

      KeptCopies second = open(jar, store);
      assertThat(second.get("a.jar")).contains(List.of());
      assertThat(second.get("a.jar!/inner.jar")).contains(List.of(COPY));

      Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
      assertThat(open(jar, store).get("a.jar")).as("another file").isEmpty();
    }
  }

  @Test
  void aDamagedFileCountsAsNone() throws IOException {
    Path jar = Files.writeString(root.resolve("a.jar"), "a jar");
    try (AdvisoryStore store = AdvisoryStore.openDefault()) {
      KeptCopies first = open(jar, store);
      first.put("a.jar", List.of(COPY));
      first.keep();
      try (Stream<Path> files = Files.list(root.resolve("kept"))) {
        Files.writeString(files.findFirst().orElseThrow(), "{\"a.jar\": [");
      }
      assertThat(open(jar, store).get("a.jar")).isEmpty();
    }
  }
}
