package underpin.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Inventory;

class ArchiveReaderTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip(Map<String, byte[]> entries, int method) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(one.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(one.getValue().length);
        zip.putNextEntry(entry);
        zip.write(one.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    return zip(entries, ZipEntry.DEFLATED);
  }

  private static Map<String, byte[]> library(String group, String artifact, String version) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/" + artifact + ".class", bytes("class"));
    entries.put(
        "META-INF/maven/%s/%s/pom.properties".formatted(group, artifact),
        bytes("version=%s\ngroupId=%s\nartifactId=%s\n".formatted(version, group, artifact)));
    return entries;
  }

  private static Map<String, byte[]> with(Map<String, byte[]> some, String name, byte[] content) {
    Map<String, byte[]> more = new LinkedHashMap<>(some);
    more.put(name, content);
    return more;
  }

  private Inventory read(byte[] archive) throws Exception {
    return read(archive, ArchiveLimits.DEFAULT, KnownArtifacts.NONE);
  }

  private Inventory read(byte[] archive, ArchiveLimits limits, KnownArtifacts known)
      throws Exception {
    Path file = Files.write(folder.resolve("app.war"), archive);
    Inventory inventory = ArchiveReader.read(file, limits, known);
    try (var left = Files.list(folder)) {
      assertThat(left).as("nothing is unpacked").hasSize(1);
    }
    return inventory;
  }

  private static List<String> shown(Inventory inventory) {
    return inventory.entries().stream()
        .map(e -> e.component().display() + " " + e.location().orElse(""))
        .toList();
  }

  @Test
  void jars_in_archives_at_any_depth_are_found_where_they_lie_stored_or_compressed()
      throws Exception {
    for (int method : List.of(ZipEntry.STORED, ZipEntry.DEFLATED)) {
      byte[] inner = zip(library("g", "inner", "3"), method);
      byte[] middle = zip(with(library("g", "middle", "2"), "lib/inner-3.jar", inner), method);
      byte[] war =
          zip(
              with(
                  Map.of("WEB-INF/classes/App.class", bytes("own")),
                  "WEB-INF/lib/middle-2.jar",
                  middle),
              method);
      byte[] ear = zip(Map.of("web.war", war), method);
      Inventory inventory = read(ear);
      assertThat(inventory.problems()).isEmpty();
      assertThat(shown(inventory))
          .containsExactly(
              "g:inner:3 app.war!/web.war!/WEB-INF/lib/middle-2.jar!/lib/inner-3.jar",
              "g:middle:2 app.war!/web.war!/WEB-INF/lib/middle-2.jar");
      assertThat(inventory.entries().getFirst().paths().getFirst().steps())
          .extracting(Component::display)
          .containsExactly("g:middle:2", "g:inner:3");
    }
  }

  @Test
  void an_uber_jar_is_all_that_describes_itself_in_it() throws Exception {
    Map<String, byte[]> uber = new LinkedHashMap<>(library("g", "a", "1"));
    uber.putAll(library("g", "b", "2"));
    assertThat(shown(read(zip(uber))))
        .containsExactly("g:a:1 app.war!/META-INF/maven/g/a", "g:b:2 app.war!/META-INF/maven/g/b");
  }

  @Test
  void a_launcher_script_before_the_archive_does_not_hide_it() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes("#!/bin/sh\nexec java -jar \"$0\"\n"));
    out.writeBytes(zip(library("g", "a", "1")));
    assertThat(shown(read(out.toByteArray()))).containsExactly("g:a:1 app.war");
  }

  @Test
  void a_manifest_counts_only_where_it_names_true_coordinates() throws Exception {
    String manifest =
        "Manifest-Version: 1.0\nImplementation-Vendor-Id: %s\nImplementation-Title: %s\n"
            + "Implementation-Version: 1.2\n";
    byte[] good =
        zip(
            Map.of(
                "META-INF/MANIFEST.MF",
                bytes(manifest.formatted("org.example", "lib")),
                "A.class",
                bytes("x")));
    byte[] title =
        zip(
            Map.of(
                "META-INF/MANIFEST.MF",
                bytes(manifest.formatted("org.example", "The Library")),
                "A.class",
                bytes("x")));
    Map<String, byte[]> jars = new LinkedHashMap<>();
    jars.put("lib/lib-1.2.jar", good);
    jars.put("lib/other-1.2.jar", title);
    jars.put("lib/bare-3.0.jar", zip(Map.of("B.class", bytes("x"))));
    Inventory inventory = read(zip(jars));
    assertThat(shown(inventory)).containsExactly("org.example:lib:1.2 app.war!/lib/lib-1.2.jar");
    assertThat(inventory.problems())
        .extracting(Inventory.Problem::place)
        .containsExactly("app.war!/lib/other-1.2.jar", "app.war!/lib/bare-3.0.jar");
    assertThat(inventory.problems().getFirst().message())
        .contains("Unknown", "(it calls itself 'The Library' '1.2')");
  }

  @Test
  void a_jar_that_says_nothing_is_known_by_its_content(@TempDir Path repository) throws Exception {
    byte[] bare = zip(Map.of("B.class", bytes("x")));
    Path artifact = repository.resolve("org/example/bare/3.0/bare-3.0.jar");
    Files.createDirectories(repository.resolve("org/example/bare/3.0"));
    Files.write(artifact, bare);
    Files.createDirectories(repository.resolve("org/example/same-size/1"));
    Files.write(
        repository.resolve("org/example/same-size/1/same-size-1.jar"), new byte[bare.length]);

    byte[] archive = zip(Map.of("lib/renamed.jar", bare));
    Inventory inventory = read(archive, ArchiveLimits.DEFAULT, new LocalRepository(repository));
    assertThat(shown(inventory)).containsExactly("org.example:bare:3.0 app.war!/lib/renamed.jar");
    assertThat(inventory.problems()).isEmpty();
    assertThat(
            read(archive, ArchiveLimits.DEFAULT, new LocalRepository(folder.resolve("none")))
                .entries())
        .isEmpty();
  }

  @Test
  void recognition_by_code_is_asked_and_says_what_lies_in_an_archive() throws Exception {
    Path file = Files.write(folder.resolve("a.jar"), zip(Map.of("B.class", bytes("code"))));
    Inventory inventory =
        ArchiveReader.read(
            file,
            ArchiveLimits.DEFAULT,
            KnownArtifacts.NONE,
            classes -> {
              assertThat(classes.location()).isEqualTo("a.jar");
              assertThat(classes.read(classes.names().getFirst())).isEqualTo(bytes("code"));
              assertThat(classes.described()).isEmpty();
              Embedding embedding = Embedding.described(classes.location());
              return List.of(
                  new CodeRecognition.Recognised(
                      embedding.in(Component.maven("g", "recognised", "1")), embedding));
            });
    assertThat(inventory.entries().getFirst().component().display())
        .isEqualTo("g:recognised:1 in a.jar");
    assertThat(inventory.entries().getFirst().embedding()).isPresent();
    assertThat(shown(inventory)).containsExactly("g:recognised:1 in a.jar a.jar");
    assertThat(inventory.problems()).isEmpty();
  }

  @Test
  void an_archive_cut_off_anywhere_is_an_error() throws Exception {
    byte[] whole = zip(library("g", "a", "1"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .as("length %d", length)
          .isInstanceOf(UnreadableTargetException.class)
          .hasMessageContaining("app.war");
    }
    assertThatThrownBy(() ->
            ArchiveReader.read(folder.resolve("none"), ArchiveLimits.DEFAULT, KnownArtifacts.NONE))
        .isInstanceOf(UnreadableTargetException.class);
  }

  @Test
  void a_damaged_jar_within_is_a_problem_and_the_rest_is_reported() throws Exception {
    byte[] good = zip(library("g", "good", "1"));
    Map<String, byte[]> jars = new LinkedHashMap<>();
    jars.put("bad.jar", Arrays.copyOf(good, good.length / 2));
    jars.put("good.jar", good);
    Inventory inventory = read(zip(jars));
    assertThat(shown(inventory)).containsExactly("g:good:1 app.war!/good.jar");
    assertThat(inventory.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.place()).isEqualTo("app.war!/bad.jar"))
        .satisfies(p -> assertThat(p.message()).contains("cut off"));
  }

  @Test
  void a_bomb_within_is_not_unpacked() throws Exception {
    byte[] bomb = zip(Map.of("bomb.jar", new byte[64 << 20]));
    Inventory inventory = read(bomb);
    assertThat(inventory.problems().toString()).contains("bomb", "200 to 1");
  }

  @Test
  void entries_that_share_bytes_are_refused() throws Exception {
    byte[] archive = zip(library("g", "a", "1"));
    ByteBuffer buffer = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(archive.length - 22 + 16);
    int second = directory + 46 + buffer.getShort(directory + 28) + buffer.getShort(directory + 30);
    buffer.putInt(second + 42, buffer.getInt(directory + 42));
    assertThatThrownBy(() -> read(archive)).hasMessageContaining("overlap");
  }

  @Test
  void every_limit_is_told_by_its_name() throws Exception {
    byte[] inner = zip(library("g", "a", "1"));
    byte[] archive = zip(Map.of("x.jar", zip(Map.of("y.jar", inner))));
    ArchiveLimits plenty = ArchiveLimits.DEFAULT;
    assertThatThrownBy(() ->
            read(archive, new ArchiveLimits(2, 8, 200, 1 << 20, 1 << 20), KnownArtifacts.NONE))
        .isInstanceOf(UnreadableTargetException.class)
        .hasMessageContaining("more than 2 entries");
    assertThatThrownBy(
            () -> read(archive, new ArchiveLimits(99, 8, 200, 1 << 20, 100), KnownArtifacts.NONE))
        .isInstanceOf(UnreadableTargetException.class)
        .hasMessageContaining("more than 100 bytes");
    assertThat(
            read(archive, new ArchiveLimits(99, 1, 200, 1 << 20, 1 << 20), KnownArtifacts.NONE)
                .problems()
                .toString())
        .contains("deeper than 1");
    assertThat(
            read(archive, new ArchiveLimits(99, 8, 200, 10, 1 << 20), KnownArtifacts.NONE)
                .problems()
                .toString())
        .contains("limit of 10");
    assertThat(read(archive, plenty, KnownArtifacts.NONE).entries()).hasSize(1);
  }

  @Test
  void names_that_lead_out_of_the_archive_are_told_and_not_read() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>(library("g", "a", "1"));
    byte[] evil = zip(library("g", "evil", "6"));
    for (String name :
        List.of("../evil.jar", "/evil.jar", "a/../../evil.jar", "C:/evil.jar", "..\\evil.jar")) {
      entries.put(name, evil);
    }
    Inventory inventory = read(zip(entries));
    assertThat(shown(inventory)).containsExactly("g:a:1 app.war");
    assertThat(inventory.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("lead out", "'../evil.jar'"));
  }

  @Test
  void doubled_encrypted_and_strangely_compressed_entries_are_told() throws Exception {
    byte[] inner = zip(library("g", "a", "1"));
    Map<String, byte[]> two = new LinkedHashMap<>();
    two.put("lib/a.jar", inner);
    two.put("lib/b.jar", zip(library("g", "b", "1")));
    byte[] doubled =
        new String(zip(two), StandardCharsets.ISO_8859_1)
            .replace("lib/b.jar", "lib/a.jar")
            .getBytes(StandardCharsets.ISO_8859_1);
    Inventory inventory = read(doubled);
    assertThat(inventory.entries()).hasSize(2);
    assertThat(inventory.problems().toString()).contains("several entries of the same name");

    byte[] encrypted = zip(Map.of("lib/a.jar", inner));
    ByteBuffer buffer = ByteBuffer.wrap(encrypted).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(encrypted.length - 22 + 16);
    buffer.putShort(directory + 8, (short) 1);
    assertThat(read(encrypted).problems().toString()).contains("encrypted", "lib/a.jar");

    buffer.putShort(directory + 8, (short) 0);
    buffer.putShort(directory + 10, (short) 14);
    assertThat(read(encrypted).problems().toString()).contains("method 14", "lib/a.jar");
  }

  @Test
  void mutated_archives_end_in_an_inventory_or_the_one_exception() throws Exception {
    Random random = new Random(20261124);
    byte[] inner = zip(library("g", "inner", "3"));
    byte[] whole = zip(with(library("g", "a", "1"), "lib/inner.jar", inner), ZipEntry.STORED);
    for (int round = 0; round < 4000; round++) {
      byte[] changed = whole.clone();
      for (int i = random.nextInt(5); i >= 0; i--) {
        int from = random.nextBoolean() ? 0 : changed.length * 3 / 4;
        changed[from + random.nextInt(changed.length - from)] =
            random.nextBoolean() ? (byte) 0xff : (byte) random.nextInt(256);
      }
      try {
        assertThat(read(changed).entries()).isNotNull();
      } catch (UnreadableTargetException expected) {
        assertThat(expected).hasMessageContaining("app.war");
      }
    }
  }

  @Test
  void a_target_is_told_by_its_content() throws Exception {
    Path jar = Files.write(folder.resolve("a"), zip(library("g", "a", "1")));
    assertThat(TargetKind.detect(jar)).isEqualTo(Inventory.Target.Kind.ARCHIVE);
    Path sbom = Files.writeString(folder.resolve("b"), " {\"bomFormat\":\"CycloneDX\"}");
    assertThat(TargetKind.detect(sbom)).isEqualTo(Inventory.Target.Kind.SBOM);
    Path xml =
        Files.writeString(
            folder.resolve("c"), "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>");
    assertThat(TargetKind.detect(xml)).isEqualTo(Inventory.Target.Kind.SBOM);
    Path pom = Files.writeString(folder.resolve("pom.xml"), "<?xml version=\"1.0\"?><project/>");
    assertThat(TargetKind.detect(pom)).isEqualTo(Inventory.Target.Kind.MAVEN_PROJECT);
    assertThat(TargetKind.detect(folder)).isEqualTo(Inventory.Target.Kind.MAVEN_PROJECT);
    Path text = Files.writeString(folder.resolve("d"), "hello");
    assertThatThrownBy(() -> TargetKind.detect(text)).hasMessageContaining("Give");
    assertThatThrownBy(() -> TargetKind.detect(folder.resolve("none")))
        .hasMessageContaining("no such");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> TargetKind.detect(empty)).hasMessageContaining("no pom.xml");
  }
}
