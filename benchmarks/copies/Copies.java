import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.method.JarCode;
import underpin.reach.functions.CopySearch;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;

/**
 * Makes modified copies of affected and fixed releases, and searches them. One advisory per package,
 * the first by id whose list ships.
 */
class Copies {
  private static final int RELEASES = 40;
  private static final long LARGEST_JAR = 6L << 20;

  private static final Set<String> KINDS =
      new LinkedHashSet<>(List.of("as it is", "rewritten", "uber", "relocated", "minimised"));

  private final CopySearch search = CopySearch.ofShipped();
  private final Random random = new Random(20261126);
  private Map<String, byte[]> companion = new TreeMap<>();

  public static void main(String[] args) throws Exception {
    new Copies().run();
  }

  private void run() throws Exception {
    Map<String, FunctionList.Derived> chosen = new LinkedHashMap<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        chosen.putIfAbsent(derived.compared().getFirst().name(), derived);
      }
    });
    Map<String, int[]> counts = new LinkedHashMap<>();
    KINDS.forEach(kind -> counts.put(kind, new int[2]));
    int pairs = 0;
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      companion = classes(jar(maven, "org.slf4j:slf4j-api", "1.7.36").orElseThrow());
      for (FunctionList.Derived list : chosen.values()) {
        ReleasePair pair = list.compared().getFirst();
        Optional<Path> affected = jar(maven, pair.name(), pair.affected());
        Optional<Path> fixed = jar(maven, pair.name(), pair.fixed());
        if (affected.isEmpty() || fixed.isEmpty() || pairs == RELEASES) {
          continue;
        }
        pairs++;
        for (String kind : KINDS) {
          boolean found = isFound(modified(kind, classes(affected.get()), list), list);
          boolean wrong = isFound(modified(kind, classes(fixed.get()), list), list);
          counts.get(kind)[0] += found ? 1 : 0;
          counts.get(kind)[1] += wrong ? 1 : 0;
          if (!found || wrong) {
            System.out.println(
                (found ? "" : "not found: ") + (wrong ? "wrongly reported: " : "") + kind + " "
                    + list.id() + " " + pair.text());
          }
        }
      }
    }
    System.out.printf("%n%d affected and %d fixed releases%n", pairs, pairs);
    for (Map.Entry<String, int[]> count : counts.entrySet()) {
      System.out.printf(
          "%-10s  affected found %3d (%.1f %%)   fixed reported %d%n",
          count.getKey(), count.getValue()[0], 100.0 * count.getValue()[0] / pairs,
          count.getValue()[1]);
    }
  }

  private static Optional<Path> jar(MavenSession maven, String name, String version)
      throws IOException {
    String[] parts = name.split(":");
    Optional<Path> file = maven.fetch(new Gav(parts[0], parts[1], version));
    return file.isPresent() && Files.size(file.get()) <= LARGEST_JAR ? file : Optional.empty();
  }

  private boolean isFound(Map<String, byte[]> classes, FunctionList.Derived list)
      throws IOException {
    Path jar = Files.createTempFile("copy", ".jar");
    try {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
        for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(entry.getValue());
        }
      }
      return search.search(JarCode.read(jar, ArchiveLimits.DEFAULT)).stream()
          .anyMatch(copy -> copy.vulnerable().contains(list.id()));
    } finally {
      Files.delete(jar);
    }
  }

  private static Map<String, byte[]> classes(Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith("META-INF") && !name.endsWith("-info.class")) {
          classes.put(name, zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    return classes;
  }

  private Map<String, byte[]> modified(
      String kind, Map<String, byte[]> classes, FunctionList.Derived list) throws IOException {
    return switch (kind) {
      case "rewritten" -> rewritten(classes);
      case "uber" -> merged(classes);
      case "relocated" -> relocated(classes);
      case "minimised" -> relocated(merged(minimised(classes, list)));
      default -> classes;
    };
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

  private Map<String, byte[]> merged(Map<String, byte[]> classes) {
    Map<String, byte[]> merged = new TreeMap<>(companion);
    merged.putAll(classes);
    return merged;
  }

  /** The classes of the functions, and a third of the others. */
  private Map<String, byte[]> minimised(Map<String, byte[]> classes, FunctionList.Derived list) {
    Set<String> needed = new TreeSet<>();
    list.cut().forEach(f -> needed.add(f.className().replace('.', '/') + ".class"));
    Map<String, byte[]> kept = new TreeMap<>();
    classes.forEach((name, bytes) -> {
      if (needed.contains(name) || random.nextInt(3) == 0) {
        kept.put(name, bytes);
      }
    });
    return kept;
  }

  /** Every package of the jar gets a prefix, as shading does it: in names, descriptors and texts. */
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
