package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class JarPatchTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] jar(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(bytes(namesAndTexts[i + 1]));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> read(byte[] jar) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return entries;
  }

  @Test
  void entries_are_replaced_in_their_place_and_new_ones_come_last() throws IOException {
    byte[] jar = jar("a", "1", "b", "2", "META-INF/X.SF", "s", "c", "3");
    byte[] patched =
        JarPatch.apply(jar, Map.of("b", bytes("two"), "d", bytes("four")), n -> n.endsWith(".SF"));
    assertThat(read(patched))
        .containsExactly(
            Map.entry("a", "1"),
            Map.entry("b", "two"),
            Map.entry("c", "3"),
            Map.entry("d", "four"));
  }

  @Test
  void without_a_change_every_byte_stays() throws IOException {
    byte[] jar = jar("a", "1", "b", "2");
    assertThat(JarPatch.apply(jar, Map.of(), _ -> false)).isEqualTo(jar);
  }

  @Test
  void what_is_cut_off_is_refused() throws IOException {
    byte[] jar = jar("a", "1", "b", "2");
    byte[] cut = java.util.Arrays.copyOf(jar, jar.length - 10);
    assertThatThrownBy(() -> JarPatch.apply(cut, Map.of(), _ -> false))
        .isInstanceOf(IOException.class);
  }
}
