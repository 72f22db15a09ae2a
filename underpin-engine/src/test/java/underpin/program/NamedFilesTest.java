package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.program.NamedFiles.Change;
import underpin.program.NamedFiles.Mention;
import underpin.program.NamedFiles.Renamed;

class NamedFilesTest {
  private static final String WEBJAR = "META-INF/resources/webjars/boot/";

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve("project").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private Path jar(String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.closeEntry();
      }
    }
    return file;
  }

  private Change change(Path before, String version, Path after, String newVersion)
      throws IOException {
    return NamedFiles.in(folder.resolve("project")).between(before, version, after, newVersion);
  }

  @Test
  void a_path_with_the_version_is_renamed_where_the_other_jar_has_it() throws IOException {
    write("src/wro.xml", "<!-- ü -->\n  <css>classpath:" + WEBJAR + "3.3.7/less/boot.less</css>\n");
    Change change =
        change(
            jar("old.jar", WEBJAR + "3.3.7/less/boot.less"),
            "3.3.7",
            jar("new.jar", WEBJAR + "3.4.1/less/boot.less"),
            "3.4.1");
    assertThat(change.gone()).isEmpty();
    assertThat(change.renamed()).hasSize(1);
    Renamed renamed = change.renamed().getFirst();
    assertThat(renamed.to()).isEqualTo(WEBJAR + "3.4.1/less/boot.less");
    Mention mention = renamed.mention();
    assertThat(mention.file()).isEqualTo("src/wro.xml");
    assertThat(mention.line()).isEqualTo(2);
    assertThat(mention.text()).isEqualTo("<css>classpath:" + WEBJAR + "3.3.7/less/boot.less</css>");
    byte[] bytes = Files.readAllBytes(folder.resolve("project/src/wro.xml"));
    assertThat(
            new String(bytes, mention.offset(), mention.path().length(), StandardCharsets.US_ASCII))
        .isEqualTo(mention.path());
  }

  @Test
  void what_the_other_jar_lacks_is_gone() throws IOException {
    write("src/wro.xml", "classpath:" + WEBJAR + "3.3.7/less/boot.less");
    Change change =
        change(
            jar("old.jar", WEBJAR + "3.3.7/less/boot.less"),
            "3.3.7",
            jar("new.jar", WEBJAR + "5.0.0/scss/boot.scss"),
            "5.0.0");
    assertThat(change.renamed()).isEmpty();
    assertThat(change.gone())
        .extracting(Mention::path)
        .containsExactly(WEBJAR + "3.3.7/less/boot.less");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script src=\"/webjars/boot/3.3.7-1/js/boot.js\"></script>",
        "<script th:src=\"@{/webjars/boot/3.3.7-1/js/boot.js}\"></script>",
        "@import '../../../META-INF/resources/webjars/boot/3.3.7-1/js/boot.js';",
        "x=webjars/boot/3.3.7-1/js/boot.js"
      })
  void pages_and_style_sheets_name_it_in_their_ways(String text) throws IOException {
    write("page.html", text);
    Change change =
        change(
            jar("old.jar", WEBJAR + "3.3.7-1/js/boot.js"),
            "3.3.7-1",
            jar("new.jar", WEBJAR + "3.4.1/js/boot.js"),
            "3.4.1-2");
    assertThat(change.renamed())
        .extracting(Renamed::to)
        .allMatch(to -> to.endsWith("webjars/boot/3.4.1/js/boot.js"))
        .hasSize(1);
  }

  @Test
  void a_path_without_a_version_stays_when_the_file_does() throws IOException {
    write("application.properties", "logging.config=classpath:defaults/log/base.xml");
    Path old = jar("old.jar", "defaults/log/base.xml");
    assertThat(change(old, "1", jar("same.jar", "defaults/log/base.xml"), "2"))
        .isEqualTo(new Change(List.of(), List.of()));
    assertThat(change(old, "1", jar("without.jar", "other.xml"), "2").gone()).hasSize(1);
  }

  @Test
  void what_the_jar_of_today_does_not_have_is_no_reference_to_it() throws IOException {
    write("page.html", "/webjars/other/1.0/x.js and /webjars/boot/js/found-by-a-locator.js");
    assertThat(change(jar("old.jar", WEBJAR + "1.0/x.js"), "1.0", jar("new.jar", "a/b"), "2.0"))
        .isEqualTo(new Change(List.of(), List.of()));
  }

  @Test
  void build_output_binary_files_and_links_are_not_read() throws IOException {
    write("target/page.html", "/webjars/boot/1.0/x.js");
    write("node_modules/page.html", "/webjars/boot/1.0/x.js");
    write("image.bin", "\0/webjars/boot/1.0/x.js");
    Path outside = Files.writeString(folder.resolve("outside"), "/webjars/boot/1.0/x.js");
    Files.createSymbolicLink(folder.resolve("project/link.html"), outside);
    assertThat(NamedFiles.in(folder.resolve("project")).isEmpty()).isTrue();
  }

  @Test
  void a_new_jar_that_cannot_be_read_is_an_error_and_an_old_one_names_nothing() throws IOException {
    write("page.html", "/webjars/boot/1.0/x.js");
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no archive");
    Path old = jar("old.jar", WEBJAR + "1.0/x.js");
    assertThatThrownBy(() -> change(old, "1.0", broken, "2.0")).isInstanceOf(IOException.class);
    assertThat(change(broken, "1.0", old, "2.0")).isEqualTo(new Change(List.of(), List.of()));
  }
}
