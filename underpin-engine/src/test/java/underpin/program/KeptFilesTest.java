package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptFilesTest {
  @TempDir private Path temporary;

  @Test
  void theOldestIsForgotten() throws IOException {
    KeptFiles files = new KeptFiles(temporary.resolve("new"), ".kept", 2);
    for (String key : new String[] {"a", "b", "c"}) {
      files.keep(key, bytes(key));
      Files.setLastModifiedTime(files.file(key), FileTime.fromMillis(key.charAt(0) * 1000L));
    }
    assertThat(files.file("a")).doesNotExist();
    assertThat(files.file("b")).hasContent("b");
    assertThat(files.file("c")).hasContent("c");
  }

  @Test
  void aNewResultReplacesTheOldOne() throws IOException {
    KeptFiles files = new KeptFiles(temporary, ".kept", 2);
    files.keep("a", bytes("long before"));
    files.keep("a", bytes("no"), bytes("w"));
    assertThat(files.file("a")).hasContent("now");
  }

  @Test
  void whatIsNotOursStays() throws IOException {
    Path other = Files.writeString(temporary.resolve("other.txt"), "other");
    KeptFiles files = new KeptFiles(temporary, ".kept", 0);
    files.keep("a", bytes("a"));
    assertThat(files.file("a")).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void nothingIsLeftOfWhatCannotBeKept() throws IOException {
    KeptFiles files = new KeptFiles(temporary, ".kept", 2);
    Files.createDirectories(files.file("a").resolve("in the way"));
    assertThatThrownBy(() -> files.keep("a", bytes("a"))).isInstanceOf(IOException.class);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(files.file("a"));
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
