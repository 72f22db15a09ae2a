import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Prints "class method firstLine lastLine" for every method of the jars that are given. */
class ListMethods {
  public static void main(String[] jars) throws Exception {
    for (String jar : jars) {
      try (ZipFile zip = new ZipFile(jar)) {
        for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
          if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
            try (InputStream in = zip.getInputStream(entry)) {
              print(in.readAllBytes());
            }
          }
        }
      }
    }
  }

  private static void print(byte[] bytes) {
    var model = ClassFile.of().parse(bytes);
    String name = model.thisClass().asInternalName().replace('/', '.');
    for (var method : model.methods()) {
      int[] lines = {Integer.MAX_VALUE, 0};
      method.code().ifPresent(code -> code.forEach(element -> {
        if (element instanceof java.lang.classfile.instruction.LineNumber line) {
          lines[0] = Math.min(lines[0], line.line());
          lines[1] = Math.max(lines[1], line.line());
        }
      }));
      System.out.println(
          name + " " + method.methodName().stringValue() + " " + lines[0] + " " + lines[1]);
    }
  }
}
