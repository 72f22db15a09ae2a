package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  @TempDir Path folder;

  private static String rights(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void first_use_creates_keys_that_only_the_owner_can_read_and_later_use_finds_them()
      throws Exception {
    Path keyFolder = folder.resolve("config/underpin");
    Path file = keyFolder.resolve("signing-key.pem");
    Keys created = Keys.readOrCreate(file);
    assertThat(Keys.readOrCreate(file).id()).isEqualTo(created.id());
    assertThat(Keys.read(file).id()).isEqualTo(created.id());
    assertThat(rights(file)).isEqualTo("rw-------");
    assertThat(rights(keyFolder)).isEqualTo("rwx------");
    try (var left = Files.list(keyFolder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void two_first_uses_at_once_end_with_the_same_keys() {
    Path file = folder.resolve("new/signing-key.pem");
    List<KeyId> ids =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(_ -> {
              try {
                return Keys.readOrCreate(file).id();
              } catch (java.io.IOException e) {
                throw new AssertionError(e);
              }
            })
            .distinct()
            .toList();
    assertThat(ids).hasSize(1);
  }

  @Test
  void a_key_that_others_can_read_is_refused() throws Exception {
    Path keyFolder = folder.resolve("keys");
    Path file = keyFolder.resolve("signing-key.pem");
    Keys.readOrCreate(file);
    for (String rights : List.of("rw-r-----", "rw----r--", "rw--w----", "rw------x")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
      assertThatThrownBy(() -> Keys.read(file))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("chmod 600");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(keyFolder, PosixFilePermissions.fromString("rwxrwx---"));
    assertThatThrownBy(() -> Keys.readOrCreate(file)).hasMessageContaining("chmod 700");
  }

  @Test
  void a_file_that_holds_no_keys_is_refused_and_left_alone() throws Exception {
    Path good = folder.resolve("good.pem");
    Keys.generate().writeTo(good);
    String text = Files.readString(good);
    Path other = folder.resolve("other.pem");
    Keys.generate().writeTo(other);
    String theirs = Files.readString(other);
    int publicPart = text.indexOf("-----BEGIN PUBLIC");
    for (String bad :
        List.of(
            "",
            "no key",
            text.substring(0, text.length() / 2),
            text.replace("M", "!"),
            // Somebody else's public keys beside our private ones.
            text.substring(0, publicPart) + theirs.substring(theirs.indexOf("-----BEGIN PUBLIC")),
            "x".repeat(70_000))) {
      Path file = folder.resolve("bad.pem");
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, bad);
      assertThatThrownBy(() -> Keys.readOrCreate(file)).isInstanceOf(KeyFileException.class);
      assertThat(Files.readString(file)).isEqualTo(bad);
    }
  }

  @Test
  void keys_never_replace_a_file_and_a_missing_file_is_said() throws Exception {
    Path file = folder.resolve("k.pem");
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> Keys.generate().writeTo(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThatThrownBy(() -> Keys.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void no_secret_is_printed() throws Exception {
    Path file = folder.resolve("k.pem");
    Keys keys = Keys.generate();
    keys.writeTo(file);
    String secret =
        Files.readString(file).lines().filter(l -> l.startsWith("M")).findFirst().orElseThrow();
    assertThat(keys.toString()).contains(keys.id().hex()).doesNotContain(secret);
    assertThat(keys.publicPem()).contains("PUBLIC KEY").doesNotContain("PRIVATE", secret);
  }

  @Test
  void the_default_file_follows_the_xdg_specification() {
    Path home = Path.of("/home/me");
    assertThat(Keys.defaultFile(Map.of(), home))
        .isEqualTo(home.resolve(".config/underpin/signing-key.pem"));
    assertThat(Keys.defaultFile(Map.of("XDG_CONFIG_HOME", "/etc/me"), home))
        .isEqualTo(Path.of("/etc/me/underpin/signing-key.pem"));
    assertThat(Keys.defaultFile(Map.of("XDG_CONFIG_HOME", "relative"), home))
        .isEqualTo(home.resolve(".config/underpin/signing-key.pem"));
  }

  @Test
  void a_key_file_holds_plain_pem() throws Exception {
    Path file = folder.resolve("k.pem");
    Keys.generate().writeTo(file);
    assertThat(Files.readString(file, StandardCharsets.US_ASCII))
        .contains("-----BEGIN PRIVATE KEY-----", "-----END PUBLIC KEY-----");
  }

  @Test
  void a_key_id_is_read_from_what_people_paste() {
    KeyId id = Keys.generate().id();
    assertThat(KeyId.parse("  " + id.hex().toUpperCase(java.util.Locale.ROOT) + "\n"))
        .isEqualTo(id);
    assertThatThrownBy(() -> KeyId.parse("abc")).hasMessageContaining("64");
  }
}
