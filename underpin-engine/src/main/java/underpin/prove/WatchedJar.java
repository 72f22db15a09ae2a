package underpin.prove;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.program.SignatureFiles;
import underpin.program.method.MethodId;

/**
 * A copy of a jar in which watched methods say that they run. The copy is for one run and no more:
 * it has no stack maps where it was changed, and no signatures.
 */
final class WatchedJar {
  private static final ClassDesc REACHED = ClassDesc.of("underpin.canary.Reached");
  private static final MethodTypeDesc AT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  private static final ClassFile CLASSES = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
  private static final long MOST_BYTES = 1L << 30;

  /** More than this the canary does not count. */
  static final int MOST_METHODS = 1 << 16;

  private WatchedJar() {}

  /**
   * @param ids what to watch; its index is what the method reports
   */
  static void write(Path jar, List<String> ids, Path copy) throws IOException {
    Map<String, Map<String, Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < Math.min(ids.size(), MOST_METHODS); i++) {
      int at = i;
      MethodId.parse(ids.get(i))
          .ifPresent(
              id -> byClass.computeIfAbsent(id.type(), _ -> new TreeMap<>()).put(id.key(), at));
    }
    long left = MOST_BYTES;
    Set<String> written = new HashSet<>();
    try (ZipFile in = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(copy);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(1);
      for (Enumeration<? extends ZipEntry> entries = in.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (SignatureFiles.isOne(name) || !written.add(name)) {
          continue;
        }
        byte[] bytes;
        try (InputStream content = in.getInputStream(entry)) {
          bytes = read(content, left, jar);
        }
        left -= bytes.length;
        out.putNextEntry(new ZipEntry(name));
        out.write(name.endsWith(".class") ? watched(bytes, byClass) : bytes);
        out.closeEntry();
      }
    }
  }

  private static byte[] read(InputStream in, long most, Path jar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 << 10];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes.write(buffer, 0, n);
      if (bytes.size() > most) {
        throw new IOException(
            jar + " unpacks to more than " + MOST_BYTES + " bytes, more than a proof is run on");
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] watched(byte[] bytes, Map<String, Map<String, Integer>> byClass) {
    if (byClass.isEmpty()) {
      return bytes;
    }
    try {
      ClassModel model = CLASSES.parse(bytes);
      Map<String, Integer> methods = byClass.get(model.thisClass().asInternalName());
      if (methods == null) {
        return bytes;
      }
      return CLASSES.transformClass(
          model,
          (builder, element) -> {
            Integer at =
                element instanceof MethodModel method ? methods.get(MethodId.key(method)) : null;
            if (at == null) {
              builder.with(element);
            } else {
              builder.transformMethod(
                  (MethodModel) element,
                  java.lang.classfile.MethodTransform.transformingCode(saying(at)));
            }
          });
    } catch (IllegalArgumentException e) {
      // A class that no JVM would load is not watched.
      return bytes;
    }
  }

  private static CodeTransform saying(int at) {
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder builder) {
        builder.loadConstant(at).invokestatic(REACHED, "at", AT);
      }

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        builder.with(element);
      }
    };
  }
}
