package underpin.campaign;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import underpin.cases.Inventory;
import underpin.evidence.Sha256;
import underpin.maven.Gav;
import underpin.program.Archive;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;
import underpin.reach.Program;
import underpin.verify.Baseline;
import underpin.verify.ProjectJdk;

/**
 * The programs of a jar, war or ear. What is packed in archives in it is written to the user's
 * cache, by the archive's path, size and time, since a call graph is made of files. An archive's
 * names are a stranger's: files get names of their own.
 */
final class ArchivePrograms {
  private static final int FIRST_JAVA = 8;

  private static final int MOST_UNPACKED = 8;

  /** One build compiles all its classes alike. */
  private static final int CLASSES_ASKED = 50;

  private final Path archive;
  private final Optional<Path> wantedJdk;
  private final Path folder;

  private ArchivePrograms(Path archive, Optional<Path> wantedJdk, Path folder) {
    this.archive = archive;
    this.wantedJdk = wantedJdk;
    this.folder = folder;
  }

  /**
   * {@return its launches, or why there are none}
   *
   * @param inventory of the archive
   */
  static Code of(Path archive, Inventory inventory, Optional<Path> wantedJdk, Path repository)
      throws IOException {
    Path all = WorkFolder.cache("unpacked");
    Path real = archive.toRealPath();
    String state = real + " " + Files.size(real) + " " + Files.getLastModifiedTime(real);
    Path folder = all.resolve(Sha256.hex(state.getBytes(StandardCharsets.UTF_8)).substring(0, 32));
    Code code = new ArchivePrograms(real, wantedJdk, folder).code(inventory, repository);
    forgetOldest(all);
    return code;
  }

  /** {@return a release with what it needs, as what uses it sees it: by its public API} */
  static Launch ofRelease(Gav target, Map<Gav, Optional<Path>> files, Optional<Path> wantedJdk) {
    List<ClassPath.Entry> entries = new ArrayList<>();
    List<Path> own = new ArrayList<>();
    files.forEach((gav, file) ->
        file.ifPresent(path -> {
          entries.add(
              new ClassPath.Entry(
                  gav.toString(), gav.withVersion("").toString(), path, gav.equals(target)));
          if (gav.equals(target)) {
            own.add(path);
          }
        }));
    return launch(target.toString(), entries, own, CallGraph.Start.LIBRARY, wantedJdk);
  }

  private Code code(Inventory inventory, Path repository) throws IOException {
    List<Launch> launches = new ArrayList<>();
    try (Archive outer = Archive.open(archive, FIRST_JAVA, ArchiveLimits.DEFAULT)) {
      if (outer.names().stream().anyMatch(name -> name.startsWith("BOOT-INF/classes/"))) {
        launches.add(packed(outer, "BOOT-INF/classes/", "BOOT-INF/lib/", List.of()));
      } else if (outer.names().stream().anyMatch(name -> name.startsWith("WEB-INF/"))) {
        launches.add(packed(outer, "WEB-INF/classes/", "WEB-INF/lib/", List.of()));
      } else if (outer.names().stream().anyMatch(name -> name.endsWith(".war"))) {
        launches.addAll(wars(outer));
      } else if (outer.names().stream().noneMatch(Archive::isClass)) {
        return new Code.None("the archive holds no code of its own");
      } else {
        boolean starts = manifest(outer).getValue(Attributes.Name.MAIN_CLASS) != null;
        if (!starts && merged(inventory)) {
          return new Code.None(
              "in this archive its own code lies merged with that of its libraries, and nothing"
                  + " tells them apart");
        }
        launches.add(plain(outer, starts));
      }
    }
    return new Code.Compiled(launches, repository);
  }

  /** Whether several components lie in the archive itself, not in archives in it. */
  private static boolean merged(Inventory inventory) {
    return inventory.entries().stream()
            .map(entry -> entry.location().orElse(""))
            .filter(at -> !at.contains("!/") || at.contains("!/META-INF/maven/"))
            .filter(at -> at.indexOf("!/") == at.lastIndexOf("!/"))
            .count()
        > 1;
  }

  private Launch plain(Archive outer, boolean starts) throws IOException {
    List<ClassPath.Entry> entries = new ArrayList<>();
    entries.add(new ClassPath.Entry(fileName(), fileName(), archive, true));
    for (String name : outer.names()) {
      if (name.endsWith(".jar")) {
        entries.add(library(outer, name, folder));
      }
    }
    return launch(
        fileName(),
        entries,
        List.of(archive),
        starts ? CallGraph.Start.AUTOMATIC : CallGraph.Start.LIBRARY,
        wantedJdk);
  }

  private Launch packed(
      Archive outer, String classes, String libraries, List<ClassPath.Entry> shared)
      throws IOException {
    return packed(outer, fileName(), folder, classes, libraries, shared);
  }

  /** Own classes below a folder, libraries below another, and what else a container reads. */
  private Launch packed(
      Archive outer,
      String name,
      Path to,
      String classes,
      String libraries,
      List<ClassPath.Entry> shared)
      throws IOException {
    List<ClassPath.Entry> entries = new ArrayList<>();
    Path own = to.resolve("classes");
    for (String file : outer.names()) {
      if (file.startsWith(classes)) {
        write(outer, file, own, file.substring(classes.length()));
      } else if (file.startsWith("WEB-INF/") && !file.startsWith(libraries)) {
        write(outer, file, own, file);
      }
    }
    entries.add(new ClassPath.Entry(name, name, own, true));
    for (String file : outer.names()) {
      if (file.startsWith(libraries) && file.endsWith(".jar")) {
        entries.add(library(outer, file, to));
      }
    }
    entries.addAll(shared);
    return launch(name, entries, List.of(own), CallGraph.Start.AUTOMATIC, wantedJdk);
  }

  /** An ear: each war is a program, with the ear's libraries and EJB jars beside it. */
  private List<Launch> wars(Archive ear) throws IOException {
    List<ClassPath.Entry> shared = new ArrayList<>();
    for (String file : ear.names()) {
      if (file.endsWith(".jar")) {
        ClassPath.Entry jar = library(ear, file, folder);
        // Those at the top are the application's own modules.
        boolean own = file.indexOf('/') < 0;
        shared.add(new ClassPath.Entry(jar.name(), jar.identity(), jar.path(), own));
      }
    }
    List<Launch> launches = new ArrayList<>();
    for (String file : ear.names()) {
      if (file.endsWith(".war")) {
        Path war = nested(ear, file, folder);
        try (Archive inner = Archive.open(war, FIRST_JAVA, ArchiveLimits.DEFAULT)) {
          launches.add(
              packed(
                  inner,
                  fileName() + "!/" + file,
                  folder.resolve("war" + launches.size()),
                  "WEB-INF/classes/",
                  "WEB-INF/lib/",
                  shared));
        }
      }
    }
    return launches;
  }

  private static Launch launch(
      String name,
      List<ClassPath.Entry> entries,
      List<Path> own,
      CallGraph.Start start,
      Optional<Path> wantedJdk) {
    int release = own.stream().mapToInt(ArchivePrograms::release).max().orElse(FIRST_JAVA);
    Optional<Baseline.Jdk> jdk = ProjectJdk.of(Math.max(release, FIRST_JAVA), wantedJdk);
    return new Launch(
        new Program(
            name,
            new ClassPath(
                entries, jdk.map(Baseline.Jdk::release).orElse(Runtime.version().feature())),
            jdk.map(Baseline.Jdk::home).orElse(Path.of(System.getProperty("java.home"))),
            List.of()),
        start,
        new TreeSet<>(),
        false);
  }

  /** {@return the Java that the code was built with, as its manifest or its class files say} */
  private static int release(Path code) {
    try (Archive own = Archive.open(code, FIRST_JAVA, ArchiveLimits.DEFAULT)) {
      String spec = manifest(own).getValue("Build-Jdk-Spec");
      if (spec != null && spec.matches("[0-9]{1,2}")) {
        return Integer.parseInt(spec);
      }
      return own.names().stream()
          .filter(Archive::isClass)
          .limit(CLASSES_ASKED)
          .mapToInt(name -> release(own.bytes(name)))
          .max()
          .orElse(FIRST_JAVA);
    } catch (IOException unreadable) {
      return FIRST_JAVA;
    }
  }

  /** A class file of Java N has major version 44 + N (JVMS 4.1, table 4.1-A). */
  private static int release(byte[] classFile) {
    return classFile.length < 8 ? 0 : ((classFile[6] & 0xFF) << 8 | classFile[7] & 0xFF) - 44;
  }

  private ClassPath.Entry library(Archive in, String name, Path to) throws IOException {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return new ClassPath.Entry(last, last, nested(in, name, to), false);
  }

  /** {@return the file with the content of an entry, written when it is not there yet} */
  private static Path nested(Archive in, String name, Path to) throws IOException {
    String suffix = name.substring(name.lastIndexOf('.'));
    String last = name.substring(name.lastIndexOf('/') + 1, name.length() - suffix.length());
    Path file =
        to.resolve("lib")
            .resolve(
                Sha256.hex(name.getBytes(StandardCharsets.UTF_8)).substring(0, 8)
                    + "-"
                    + last.replaceAll("[^A-Za-z0-9._-]", "_")
                    + suffix);
    put(in, name, file);
    return file;
  }

  private static void write(Archive in, String name, Path folder, String below) throws IOException {
    Path file = folder.resolve(below).normalize();
    if (below.isEmpty() || !file.startsWith(folder)) {
      return; // leads out of the folder; the inventory says so
    }
    put(in, name, file);
  }

  private static void put(Archive in, String name, Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    byte[] content = in.bytes(name);
    Path parent = Optional.ofNullable(file.getParent()).orElseThrow();
    Files.createDirectories(parent);
    Path fresh = Files.createTempFile(parent, "unpacked", ".part");
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Attributes manifest(Archive archive) throws IOException {
    String name = "META-INF/MANIFEST.MF";
    return archive.names().contains(name)
        ? new Manifest(new ByteArrayInputStream(archive.bytes(name))).getMainAttributes()
        : new Attributes();
  }

  private String fileName() {
    return String.valueOf(archive.getFileName());
  }

  private static void forgetOldest(Path all) throws IOException {
    if (!Files.isDirectory(all)) {
      return;
    }
    try (Stream<Path> folders = Files.list(all)) {
      List<Path> kept = folders.sorted(Comparator.comparing(ArchivePrograms::time)).toList();
      for (int i = 0; i < kept.size() - MOST_UNPACKED; i++) {
        remove(kept.get(i));
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static long time(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException gone) {
      return 0;
    }
  }
}
