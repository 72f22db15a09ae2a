package underpin.reach.functions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import underpin.maven.Gav;
import underpin.maven.MavenSession;

/** The modifications known to fool scanners. */
final class Modified {
  private final Recompiler recompiler;
  private final Map<String, byte[]> companion = new TreeMap<>();
  private int ecj;
  private int javac;
  private int rewritten;

  Modified(MavenSession maven) throws IOException {
    recompiler = new Recompiler(maven);
    for (Gav gav :
        List.of(
            new Gav("org.slf4j", "slf4j-api", "1.7.36"),
            new Gav("commons-codec", "commons-codec", "1.15"))) {
      companion.putAll(classes(maven.fetch(gav).orElseThrow()));
    }
  }

  static Map<String, byte[]> classes(Path jar) throws IOException {
    return Copies.read(jar);
  }

  /** {@return class files by the kind of modification} */
  Map<String, Map<String, byte[]>> all(
      String name, String version, Path jar, Set<String> functions) throws IOException {
    Map<String, byte[]> classes = classes(jar);
    Map<String, Map<String, byte[]>> all = new LinkedHashMap<>();
    all.put("as it is", classes);
    Map<String, byte[]> byEcj =
        merged(classes, recompiler.compile(name, version, jar, functions, true));
    Map<String, byte[]> byJavac =
        merged(classes, recompiler.compile(name, version, jar, functions, false));
    if (byEcj != classes) {
      ecj++;
      all.put("recompiled by ECJ", byEcj);
    }
    if (byJavac != classes) {
      javac++;
      all.put("recompiled by javac", byJavac);
    }
    if (byEcj == classes && byJavac == classes) {
      rewritten++;
      all.put("rewritten (no recompilation)", rewritten(classes));
    }
    all.put("uber-jar", merged(companion, classes));
    all.put("relocated", relocated(classes));
    Map<String, byte[]> base = byEcj != classes ? byEcj : byJavac != classes ? byJavac : classes;
    all.put("minimised, merged", minimised(name, classes, functions));
    all.put("recompiled, minimised, merged", minimised(name, base, functions));
    return all;
  }

  /** Only the classes of the functions and a third of the others, relocated, beside other code. */
  Map<String, byte[]> minimised(String name, Map<String, byte[]> classes, Set<String> functions)
      throws IOException {
    Random random = new Random(name.hashCode());
    Map<String, byte[]> kept = new TreeMap<>();
    classes.forEach((entry, bytes) -> {
      boolean needed = functions.contains(entry.replace(".class", "").replace('/', '.'));
      if (random.nextInt(3) == 0 || needed) {
        kept.put(entry, bytes);
      }
    });
    return merged(companion, relocated(kept));
  }

  void report() {
    System.out.printf(
        "%nReleases whose functions were compiled again from their sources: by ECJ %d, by javac %d; %d by neither, so rewritten.%n",
        ecj, javac, rewritten);
  }

  private static Map<String, byte[]> merged(
      Map<String, byte[]> classes, Map<String, byte[]> others) {
    if (others.isEmpty()) {
      return classes;
    }
    Map<String, byte[]> merged = new TreeMap<>(classes);
    merged.putAll(others);
    return merged;
  }

  /**
   * Without debug information and with a new constant pool: what repackaging tools leave. Stack maps
   * are made anew, which needs superclasses of other jars now and then; such a class stays as it is.
   */
  private static Map<String, byte[]> rewritten(Map<String, byte[]> classes) {
    ClassFile tool =
        ClassFile.of(
            ClassFile.DebugElementsOption.DROP_DEBUG,
            ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
            ClassFile.ConstantPoolSharingOption.NEW_POOL);
    Map<String, byte[]> rewritten = new TreeMap<>();
    classes.forEach((name, bytes) -> {
      try {
        rewritten.put(name, tool.transformClass(tool.parse(bytes), ClassTransform.ACCEPT_ALL));
      } catch (IllegalArgumentException needsOthers) {
        rewritten.put(name, bytes);
      }
    });
    return rewritten;
  }

  /**
   * Every package of the jar gets a prefix, as shading does it: in names, descriptors and texts.
   */
  private static Map<String, byte[]> relocated(Map<String, byte[]> classes) throws IOException {
    List<String> roots = new ArrayList<>();
    for (String name : classes.keySet()) {
      String[] parts = name.split("/");
      String root = parts.length > 2 ? parts[0] + "/" + parts[1] + "/" : "";
      if (!root.isEmpty() && !roots.contains(root) && !root.startsWith("java")) {
        roots.add(root);
      }
    }
    Map<String, byte[]> relocated = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
      relocated.put(renamed(entry.getKey(), roots), renamed(entry.getValue(), roots));
    }
    return relocated;
  }

  private static String renamed(String text, List<String> roots) {
    String renamed = text;
    for (String root : roots) {
      renamed = renamed.replaceAll("(?<![A-Za-z0-9_$/])((?:\\[*L)?)" + root, "$1hidden/copy/" + root)
          .replaceAll("(?<=[;()<\\[L])L" + root, "Lhidden/copy/" + root)
          .replace("hidden/copy/hidden/copy/", "hidden/copy/");
    }
    return renamed;
  }

  private static byte[] renamed(byte[] classFile, List<String> roots) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(in.readLong());
    int constants = in.readUnsignedShort();
    out.writeShort(constants);
    for (int i = 1; i < constants; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      switch (tag) {
        case 1 -> out.writeUTF(renamed(in.readUTF(), roots));
        case 5, 6 -> {
          out.writeLong(in.readLong());
          i++;
        }
        case 3, 4, 9, 10, 11, 12, 17, 18 -> out.writeInt(in.readInt());
        case 7, 8, 16, 19, 20 -> out.writeShort(in.readShort());
        case 15 -> {
          out.writeByte(in.readByte());
          out.writeShort(in.readShort());
        }
        default -> throw new IOException("constant of kind " + tag);
      }
    }
    in.transferTo(out);
    return bytes.toByteArray();
  }
}
