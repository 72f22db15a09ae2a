package example.shop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoStoreTest {
  @TempDir Path folder;

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes());
  }

  private static InputStream zip(String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
      for (String name : names) {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(name.getBytes());
        zip.closeArchiveEntry();
      }
    }
    return new ByteArrayInputStream(out.toByteArray());
  }

  @Test
  void a_photo_is_kept_under_its_product() throws IOException {
    PhotoStore store = new PhotoStore(folder);
    assertThat(store.add("T-1", "tea.JPG", bytes("leaf"))).contains("tea.JPG");
    assertThat(folder.resolve("T-1/tea.JPG")).hasContent("leaf");
    assertThat(store.list("T-1")).containsExactly("tea.JPG");
    assertThat(store.list("T-2")).isEmpty();
  }

  @Test
  void what_is_no_photo_is_left_out() throws IOException {
    assertThat(new PhotoStore(folder).add("T-1", "tea.exe", bytes("x"))).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_zip_brings_many_and_cannot_leave_the_folder() throws IOException {
    PhotoStore store = new PhotoStore(folder.resolve("photos"));
    assertThat(store.addAll("T-1", zip("a/", "a/one.png", "../../two.png", "readme.txt")))
        .containsExactly("one.png", "two.png");
    assertThat(FileUtils.listFiles(folder.toFile(), null, true)).hasSize(2);
  }

  @Test
  void a_product_name_cannot_leave_the_folder_either() {
    assertThatThrownBy(() -> new PhotoStore(folder).add("../x", "a.png", bytes("")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
