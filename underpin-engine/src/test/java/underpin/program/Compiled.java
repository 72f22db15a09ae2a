package underpin.program;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Class folders made from source text, so that a test shows both sides of a change. */
public final class Compiled {
  private final Path root;
  private int count;

  public Compiled(Path root) {
    this.root = root;
  }

  /** Each source is one compilation unit; its name is found in the text. */
  public Path classes(int release, List<Path> classPath, String... sources) throws IOException {
    Path folder = Files.createDirectories(root.resolve("classes" + count++));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<JavaFileObject> units = new ArrayList<>();
    for (String source : sources) {
      String unit = unitName(source);
      units.add(
          new SimpleJavaFileObject(
              URI.create("string:///" + unit + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return source;
            }
          });
    }
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "--release",
                    "" + release,
                    "-proc:none",
                    "-Xlint:-options",
                    "-d",
                    folder.toString(),
                    "-cp",
                    classPath.stream().map(Path::toString).collect(Collectors.joining(":"))),
                null,
                units)
            .call();
    if (!compiled) {
      throw new IllegalArgumentException(messages.toString());
    }
    return folder;
  }

  private static String unitName(String source) {
    String packageName =
        source.startsWith("package ") ? source.substring(8, source.indexOf(';')).strip() + "." : "";
    String[] words = source.split("[\\s{<(]+");
    for (int i = 0; i < words.length; i++) {
      if (List.of("class", "interface", "enum", "record", "@interface").contains(words[i])) {
        return packageName.replace('.', '/') + words[i + 1];
      }
    }
    throw new IllegalArgumentException("No type in " + Arrays.toString(words));
  }
}
