package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledForTest {
  @TempDir private Path folder;

  @Test
  void a_jar_for_a_newer_java_says_for_which() throws IOException {
    Path jar = jar(Map.of("a/A.class", 17, "a/B.class", 17, "a/Old.class", 8));
    assertThat(CompiledFor.newerThan(jar, 11, ArchiveLimits.DEFAULT)).hasValue(17);
    assertThat(CompiledFor.newerThan(jar, 17, ArchiveLimits.DEFAULT)).isEmpty();
  }

  @Test
  void what_only_a_newer_jvm_loads_does_not_count() throws IOException {
    Path jar =
        jar(
            Map.of(
                "a/A.class", 8,
                "META-INF/versions/17/a/A.class", 17,
                "META-INF/versions/17/a/B.class", 17,
                "module-info.class", 9));
    assertThat(CompiledFor.newerThan(jar, 8, ArchiveLimits.DEFAULT)).isEmpty();
  }

  @Test
  void a_few_newer_classes_beside_others_do_not_count() throws IOException {
    Path jar = jar(Map.of("a/A.class", 8, "a/B.class", 8, "a/Newer.class", 11));
    assertThat(CompiledFor.newerThan(jar, 8, ArchiveLimits.DEFAULT)).isEmpty();
  }

  @Test
  void what_is_no_jar_says_nothing() throws IOException {
    Path file = Files.writeString(folder.resolve("b.jar"), "no archive");
    assertThat(CompiledFor.newerThan(file, 8, ArchiveLimits.DEFAULT)).isEmpty();
    assertThat(CompiledFor.newerThan(jar(Map.of()), 8, ArchiveLimits.DEFAULT)).isEmpty();
  }

  private Path jar(Map<String, Integer> releases) throws IOException {
    Path jar = folder.resolve("a.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, Integer> entry : new TreeMap<>(releases).entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(
            ClassFile.of()
                .build(
                    ClassDesc.of("a.Any"),
                    builder -> builder.withVersion(44 + entry.getValue(), 0)));
        out.closeEntry();
      }
    }
    return jar;
  }
}
