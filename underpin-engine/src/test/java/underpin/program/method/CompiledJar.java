package underpin.program.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Jars compiled from source text, as a test needs them. */
public final class CompiledJar {
  private CompiledJar() {}

  /**
   * Compiles one source file, and reads the jar.
   *
   * @param source its first word after {@code class} is the file's name
   */
  public static JarCode read(Path folder, String source, String... options) throws IOException {
    return JarCode.read(
        write(folder, List.of(source), options), underpin.program.ArchiveLimits.DEFAULT);
  }

  /** {@return a jar with the classes of the sources} */
  public static Path write(Path folder, List<String> sources, String... options)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "compiled");
    List<String> arguments = new ArrayList<>(List.of("-d", work.resolve("out").toString()));
    arguments.addAll(List.of(options));
    for (String source : sources) {
      String name = source.replaceFirst("(?s).*?(?:class|interface|enum)\\s+(\\w+).*", "$1");
      arguments.add(Files.writeString(work.resolve(name + ".java"), source).toString());
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    assertThat(
            javac.run(
                null, null, OutputStream.nullOutputStream(), arguments.toArray(new String[0])))
        .as("javac of %s", sources)
        .isZero();
    Path jar = work.resolve("classes.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(work.resolve("out"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        zip.putNextEntry(new ZipEntry(work.resolve("out").relativize(file).toString()));
        zip.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  /** {@return the one method of this name} */
  public static MethodCode method(JarCode jar, String name) {
    List<MethodCode> found =
        jar.classes().stream()
            .flatMap(c -> c.methods().stream())
            .filter(m -> m.name().equals(name))
            .toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }
}
