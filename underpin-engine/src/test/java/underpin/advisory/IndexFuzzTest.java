package underpin.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.advisory.IndexContent.Extras;
import underpin.advisory.IndexFormat.Section;
import underpin.version.Ecosystem;

/** A damaged or forged index ends in an {@link IndexCorruptedException}, and in nothing else. */
class IndexFuzzTest {
  @TempDir Path folder;

  private static byte[] small() throws IOException {
    String records =
        """
        {"id":"GHSA-1111-1111-1111","aliases":["CVE-2020-0001"],"summary":"One","affected":[
          {"package":{"ecosystem":"Maven","name":"a:b"},"versions":["9"],
           "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1"}]},
                     {"type":"ECOSYSTEM","events":[{"introduced":"2"},{"last_affected":"2.3"}]}]}],
         "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
         "references":[{"type":"WEB","url":"https://example.org/commit/1"}],
         "database_specific":{"severity":"CRITICAL","cwe_ids":["CWE-22"]}}
        {"id":"PYSEC-2020-1","affected":[{"package":{"ecosystem":"PyPI","name":"C_d"}}]}
        """;
    List<OsvRecord> read = new ArrayList<>();
    OsvReader.read(new ByteArrayInputStream(records.getBytes(StandardCharsets.UTF_8)), read::add);
    return IndexWriter.write(
        new IndexContent(
            AliasMerge.merge(read, Extras.NONE),
            List.of(new Coverage(Ecosystem.MAVEN, "2020-01-01", "2020-01-02")),
            "2020-01-01",
            List.of("someone")));
  }

  @Test
  void every_single_flipped_byte_is_noticed_or_without_effect() throws IOException {
    byte[] sound = small();
    String expected = everything(sound);
    for (int i = 0; i < sound.length; i++) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 0x41;
      try {
        assertThat(everything(flipped)).as("byte %d", i).isEqualTo(expected);
      } catch (IndexCorruptedException e) {
        assertThat(e).hasMessageContaining("underpin advisories update");
      }
    }
  }

  @Test
  void every_cut_is_noticed_when_the_index_is_opened() throws IOException {
    byte[] sound = small();
    for (int length = 0; length < sound.length; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThatThrownBy(() -> open(cut)).isInstanceOf(IndexCorruptedException.class);
    }
  }

  @Test
  void forged_sections_with_right_checksums_end_in_the_typed_exception_too() throws IOException {
    byte[] sound = small();
    Random random = new Random(20261124);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] forged = sound.clone();
      int changes = 1 + random.nextInt(3);
      int start = IndexFormat.HEADER + Section.values().length * IndexFormat.DIRECTORY_ENTRY + 4;
      for (int i = 0; i < changes; i++) {
        forged[start + random.nextInt(forged.length - start)] = (byte) random.nextInt(256);
      }
      repairChecksums(forged);
      try {
        everything(forged);
      } catch (IndexCorruptedException _) {
        refused++;
      }
    }
    assertThat(refused).as("forgeries that broke a rule").isGreaterThan(300);
  }

  @Test
  void something_else_is_no_index(@TempDir Path other) throws IOException {
    Path file = Files.writeString(other.resolve("x"), "PK\3\4".repeat(100));
    assertThatThrownBy(() -> AdvisoryStore.open(file))
        .isInstanceOf(IndexCorruptedException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no advisory index");
  }

  private AdvisoryStore open(byte[] bytes) throws IOException {
    return AdvisoryStore.open(Files.write(folder.resolve("index"), bytes));
  }

  /** Reads all that the store can say. */
  private String everything(byte[] bytes) throws IOException {
    try (AdvisoryStore store = open(bytes)) {
      List<Object> said = new ArrayList<>();
      said.add(store.forPackage(Ecosystem.MAVEN, "a:b"));
      said.add(store.forPackage(Ecosystem.PYPI, "c-D"));
      said.add(store.byId("CVE-2020-0001"));
      said.add(store.byId("GHSA-1111-1111-1111"));
      said.add(store.byId("PYSEC-2020-1"));
      said.add(store.fixCommits("CVE-2020-0001"));
      said.add(store.coverage());
      said.add(store.snapshot().attributions());
      said.add(store.snapshot().records());
      return said.toString();
    }
  }

  private static void repairChecksums(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = IndexFormat.HEADER + Section.values().length * IndexFormat.DIRECTORY_ENTRY;
    for (int at = IndexFormat.HEADER; at < end; at += IndexFormat.DIRECTORY_ENTRY) {
      CRC32 crc = new CRC32();
      crc.update(bytes, (int) buffer.getLong(at + 8), (int) buffer.getLong(at + 16));
      buffer.putInt(at + 4, (int) crc.getValue());
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, end);
    buffer.putInt(end, (int) crc.getValue());
  }
}
