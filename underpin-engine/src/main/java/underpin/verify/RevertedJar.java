package underpin.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A patched jar in which some methods are again what they were in the base: a mutant of the patch.
 * Members of the base that the patch removed come back into the classes that are touched, since the
 * old code may need them. It is for one run: without stack maps where it was changed.
 */
final class RevertedJar {
  /**
   * With stack maps: without them the next reader of the class finds no targets of jumps. The types
   * in them are guessed; no JVM that runs the result verifies it.
   */
  private static final ClassFile CLASSES =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(type ->
              type.equals(ConstantDescs.CD_Object)
                  ? ClassHierarchyResolver.ClassHierarchyInfo.ofClass(null)
                  : ClassHierarchyResolver.ClassHierarchyInfo.ofClass(ConstantDescs.CD_Object)));

  private RevertedJar() {}

  /**
   * @param ids {@code a.b.C$D.name(descriptor)}; one that the base lacks is taken out
   */
  static void write(Path base, Path patched, Set<String> ids, Path mutant) throws IOException {
    Map<String, Set<String>> byClass = new TreeMap<>();
    for (String id : ids) {
      int dot = id.lastIndexOf('.', id.indexOf('('));
      byClass
          .computeIfAbsent(id.substring(0, dot).replace('.', '/'), _ -> new HashSet<>())
          .add(id.substring(dot + 1));
    }
    try (ZipFile before = new ZipFile(base.toFile());
        ZipFile after = new ZipFile(patched.toFile());
        OutputStream file = Files.newOutputStream(mutant);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(1);
      Set<String> written = new HashSet<>();
      for (Enumeration<? extends ZipEntry> all = after.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (!written.add(name)) {
          continue;
        }
        out.putNextEntry(new ZipEntry(name));
        try (InputStream in = after.getInputStream(entry)) {
          Set<String> methods =
              name.endsWith(".class")
                  ? byClass.get(name.substring(0, name.length() - ".class".length()))
                  : null;
          ZipEntry old = methods == null ? null : before.getEntry(name);
          if (methods == null || old == null) {
            in.transferTo(out);
          } else {
            try (InputStream was = before.getInputStream(old)) {
              out.write(reverted(in.readAllBytes(), was.readAllBytes(), methods));
            }
          }
        }
        out.closeEntry();
      }
    }
  }

  private static byte[] reverted(byte[] patched, byte[] base, Set<String> methods)
      throws IOException {
    try {
      ClassModel now = CLASSES.parse(patched);
      ClassModel was = CLASSES.parse(base);
      Map<String, MethodModel> old = new TreeMap<>();
      was.methods().forEach(method -> old.put(key(method), method));
      Set<String> present = new HashSet<>();
      now.methods().forEach(method -> present.add(key(method)));
      Set<String> fields = new HashSet<>();
      now.fields().forEach(field -> fields.add(key(field)));
      return CLASSES.transformClass(
          now,
          (builder, element) -> {
            if (element instanceof MethodModel method && methods.contains(key(method))) {
              MethodModel before = old.get(key(method));
              if (before != null) {
                builder.with(before);
              }
            } else {
              builder.with(element);
            }
            if (element == now.methods().getFirst()) {
              was.methods().stream()
                  .filter(method -> !present.contains(key(method)))
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

  private static String key(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }

  private static String key(FieldModel field) {
    return field.fieldName().stringValue() + " " + field.fieldType().stringValue();
  }
}
