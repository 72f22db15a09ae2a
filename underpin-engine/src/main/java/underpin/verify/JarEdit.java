package underpin.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.program.SignatureFiles;

/** A copy of a jar for one run, some of whose classes are others; it has no signatures. */
final class JarEdit {
  /**
   * With stack maps: without them the next reader of the class finds no targets of jumps. The types
   * in them are guessed; no JVM that runs the result verifies it.
   */
  static final ClassFile CLASSES =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(type ->
              type.equals(ConstantDescs.CD_Object)
                  ? ClassHierarchyResolver.ClassHierarchyInfo.ofClass(null)
                  : ClassHierarchyResolver.ClassHierarchyInfo.ofClass(ConstantDescs.CD_Object)));

  private JarEdit() {}

  /** Makes of a class what it is in the copy. */
  interface Edit {
    /**
     * @param name internal name of the class
     */
    byte[] apply(String name, byte[] bytes) throws IOException;
  }

  static void write(Path jar, Path copy, Edit edit) throws IOException {
    try (ZipFile in = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(copy);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(1);
      Set<String> written = new HashSet<>();
      for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (SignatureFiles.isOne(name) || !written.add(name)) {
          continue;
        }
        out.putNextEntry(new ZipEntry(name));
        try (InputStream content = in.getInputStream(entry)) {
          if (name.endsWith(".class")) {
            String type = name.substring(0, name.length() - ".class".length());
            out.write(edit.apply(type, content.readAllBytes()));
          } else {
            content.transferTo(out);
          }
        }
        out.closeEntry();
      }
    }
  }
}
