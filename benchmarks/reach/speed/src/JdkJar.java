import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The running JDK's classes as one jar, stored: WALA cannot read jrt:/ of a JDK without jmods. */
public final class JdkJar {
  public static void main(String[] arguments) throws Exception {
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    Set<String> seen = new HashSet<>();
    try (OutputStream file = Files.newOutputStream(Path.of(arguments[0]));
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> all = Files.walk(modules)) {
      jar.setLevel(1);
      for (Path path : (Iterable<Path>) all.filter(p -> p.toString().endsWith(".class"))::iterator) {
        String name = path.subpath(2, path.getNameCount()).toString();
        if (!name.equals("module-info.class") && seen.add(name)) {
          jar.putNextEntry(new ZipEntry(name));
          jar.write(Files.readAllBytes(path));
          jar.closeEntry();
        }
      }
    }
  }
}
