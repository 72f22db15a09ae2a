package underpin.verify;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.program.method.MethodId;

/**
 * A patched jar in which some methods are again what they were in the base: a mutant of the patch.
 * Members of the base that the patch removed come back into the classes that are touched, since the
 * old code may need them. It is for one run: without stack maps where it was changed.
 */
final class RevertedJar {
  private RevertedJar() {}

  /**
   * @param ids {@code a.b.C$D.name(descriptor)}; one that the base lacks is taken out
   */
  static void write(Path base, Path patched, Set<String> ids, Path mutant) throws IOException {
    Map<String, Set<String>> byClass = new TreeMap<>();
    for (String each : ids) {
      MethodId id = MethodId.of(each);
      byClass.computeIfAbsent(id.type(), _ -> new HashSet<>()).add(id.key());
    }
    try (ZipFile before = new ZipFile(base.toFile())) {
      JarEdit.write(
          patched,
          mutant,
          (name, bytes) -> {
            Set<String> methods = byClass.get(name);
            ZipEntry old = methods == null ? null : before.getEntry(name + ".class");
            if (methods == null || old == null) {
              return bytes;
            }
            try (InputStream was = before.getInputStream(old)) {
              return reverted(bytes, was.readAllBytes(), methods);
            }
          });
    }
  }

  private static byte[] reverted(byte[] patched, byte[] base, Set<String> methods)
      throws IOException {
    try {
      ClassModel now = JarEdit.CLASSES.parse(patched);
      ClassModel was = JarEdit.CLASSES.parse(base);
      Map<String, MethodModel> old = new TreeMap<>();
      was.methods().forEach(method -> old.put(MethodId.key(method), method));
      Set<String> present = new HashSet<>();
      now.methods().forEach(method -> present.add(MethodId.key(method)));
      Set<String> fields = new HashSet<>();
      now.fields().forEach(field -> fields.add(key(field)));
      return JarEdit.CLASSES.transformClass(
          now,
          (builder, element) -> {
            if (element instanceof MethodModel method && methods.contains(MethodId.key(method))) {
              MethodModel before = old.get(MethodId.key(method));
              if (before != null) {
                builder.with(before);
              }
            } else {
              builder.with(element);
            }
            if (element == now.methods().getFirst()) {
              was.methods().stream()
                  .filter(method -> !present.contains(MethodId.key(method)))
                  .forEach(builder::with);
              was.fields().stream()
                  .filter(field -> !fields.contains(key(field)))
                  .forEach(builder::with);
            }
          });
    } catch (IllegalArgumentException e) {
      throw new IOException("a class of the patch cannot be taken back: " + e.getMessage(), e);
    }
  }

  private static String key(FieldModel field) {
    return field.fieldName().stringValue() + " " + field.fieldType().stringValue();
  }
}
