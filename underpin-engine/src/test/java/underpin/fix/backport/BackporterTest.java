package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.BackportRequest.Release;
import underpin.program.ArchiveLimits;

class BackporterTest {
  private static final String BEFORE =
      """
      package a;
      public class Store {
        public String open(String name) {
          String path = "root/" + name;
          log(path);
          return path;
        }
        void log(String text) {}
      }
      """;
  private static final String AFTER =
      """
      package a;
      public class Store {
        private static final String UP = "..";
        public String open(String name) {
          String path = "root/" + name;
          if (isOutside(path)) {
            throw new IllegalArgumentException("outside");
          }
          log(path);
          return path;
        }
        private static boolean isOutside(String path) {
          return path.contains(UP);
        }
        public int unrelated() {
          return 7;
        }
        void log(String text) {}
      }
      """;
  private static final String OURS =
      """
      package a;
      public class Store {
        public String open(String name) {
          String path = "base/" + name;
          log(path);
          return path;
        }
        void log(String text) {}
      }
      """;

  @TempDir Path folder;

  private Release release(String name, String text) throws IOException {
    SortedMap<String, byte[]> classes =
        new Compiler(List.of()).compile(Map.of("a/Store.java", text), 8).classes();
    SortedMap<String, byte[]> entries = new TreeMap<>();
    classes.forEach((type, bytes) -> entries.put(type + ".class", bytes));
    entries.put("LICENSE", "text".getBytes(StandardCharsets.UTF_8));
    return new Release(
        name,
        zip(name + ".jar", entries),
        Optional.of(
            zip(
                name + "-sources.jar",
                Map.of("a/Store.java", text.getBytes(StandardCharsets.UTF_8)))));
  }

  private Path zip(String name, Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private Backport port(String ours) throws IOException {
    FixFunction open =
        new FixFunction(
            "a.Store", "open", "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), 0.9);
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", ours),
                List.of(),
                List.of(new Fix(release("before", BEFORE), release("after", AFTER))),
                List.of(open),
                folder));
  }

  @Test
  void the_fix_comes_with_what_it_needs_and_nothing_else() throws IOException {
    Backport made = port(OURS);
    assertThat(made).isInstanceOf(Backport.Made.class);
    Backport.Made good = (Backport.Made) made;
    String text = new String(good.sources().get("a/Store.java"), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\"base/\"", "if (isOutside(path))", "boolean isOutside", "String UP")
        .doesNotContain("unrelated");
    assertThat(good.classes()).containsExactly("a/Store.class");
    assertThat(good.losses()).isEmpty();
  }

  @Test
  void the_same_wish_gives_the_same_bytes() throws IOException {
    assertThat(((Backport.Made) port(OURS)).jar()).isEqualTo(((Backport.Made) port(OURS)).jar());
  }

  @Test
  void a_version_with_the_fix_needs_none() throws IOException {
    assertThat(port(AFTER)).isInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void a_version_without_the_code_has_nothing_to_fix() throws IOException {
    Backport none = port("package a; public class Store { void log(String text) {} }");
    assertThat(none).isInstanceOf(Backport.NotApplicable.class);
  }
}
