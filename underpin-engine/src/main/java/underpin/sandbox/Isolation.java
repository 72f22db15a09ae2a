package underpin.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How one kind shuts a command in: it only writes the command line that does so. */
sealed interface Isolation permits Bubblewrap, Namespaces, NoIsolation {
  Sandbox.Kind kind();

  String describe();

  boolean overlays();

  /** {@return the command line that prints {@code marker} on a line and then runs the job} */
  List<String> commandLine(Sandbox.Job job, String marker) throws IOException;

  /** {@return the program of that name in the system's own folders} Never from the user's PATH. */
  static Optional<Path> program(String name) {
    return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static String script(String name) {
    try (var in = Isolation.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The script " + name + " is missing from this build of underpin; install it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("The script " + name + " cannot be read: " + e.getMessage());
    }
  }

  /** Ends the command when the thread that started it ends, as it does when underpin is killed. */
  static List<String> dyingWithParent() {
    return program("setpriv")
        .map(p -> List.of(p.toString(), "--pdeathsig", "KILL"))
        .orElse(List.of());
  }

  /** Bounds that the kernel keeps per process, as far as prlimit is installed. */
  static List<String> processBounds(Sandbox.Limits limits) {
    // The count of tasks is per user before Linux 5.14, so what this user runs anyway needs room.
    return program("prlimit")
        .map(p ->
            List.of(
                p.toString(),
                "--core=0",
                "--fsize=" + limits.disk(),
                "--nproc=" + (limits.processes() + 4096L),
                "--"))
        .orElse(List.of());
  }

  /**
   * {@return what to write to {@code kernel.pid_max} inside; 0: nothing} From Linux 6.14 on that
   * bounds one pid namespace; before, root would change the whole machine's.
   */
  static String taskBound(Sandbox.Limits limits) {
    String[] version = System.getProperty("os.version", "0.0").split("[^0-9]+", 3);
    try {
      int major = Integer.parseInt(version[0]);
      int minor = Integer.parseInt(version[1]);
      // The kernel keeps the lowest 300 numbers back once it has gone round.
      return major > 6 || (major == 6 && minor >= 14)
          ? Integer.toString(limits.processes() + 300)
          : "0";
    } catch (RuntimeException e) {
      return "0";
    }
  }

  /** {@return bytes that a private {@code /tmp} may hold: it lies in memory} */
  static long temporaryBytes(Sandbox.Limits limits) {
    return Math.min(limits.disk(), Math.max(64L << 20, limits.memory() / 2));
  }

  /** {@return the home that the account's database names, which is where a JVM looks} */
  static Path home() {
    return Path.of(System.getProperty("user.home", "/nonexistent"));
  }

  /** One entry of the new root. */
  record Entry(String kind, Path path, List<String> more) {}

  /**
   * {@return what of the system a build needs to see, and nothing that tells of the machine's users
   * or secrets} From {@code /etc} only names, certificates' public side, fonts and tool settings.
   */
  static List<Entry> system() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String top :
        List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")) {
      add(entries, Path.of(top));
    }
    for (String name :
        List.of(
            "alternatives",
            "ca-certificates",
            "ca-certificates.conf",
            "crypto-policies",
            "debian_version",
            "fonts",
            "gai.conf",
            "group",
            "host.conf",
            "hosts",
            "inputrc",
            "java",
            "java-17-openjdk",
            "java-11-openjdk",
            "java-21-openjdk",
            "java-25-openjdk",
            "java-8-openjdk",
            "jvm",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "locale.alias",
            "locale.conf",
            "localtime",
            "magic",
            "maven",
            "mime.types",
            "nsswitch.conf",
            "os-release",
            "passwd",
            "pki/ca-trust",
            "pki/java",
            "pki/tls/certs",
            "profile",
            "protocols",
            "redhat-release",
            "resolv.conf",
            "rpc",
            "services",
            "ssl/certs",
            "ssl/java",
            "ssl/openssl.cnf",
            "timezone",
            "xml")) {
      add(entries, Path.of("/etc", name));
    }
    return entries;
  }

  private static void add(List<Entry> entries, Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      entries.add(new Entry("link", path, List.of(Files.readSymbolicLink(path).toString())));
      if (Files.exists(path)) {
        Path real = path.toRealPath();
        // Such as /run/systemd/resolve/stub-resolv.conf behind /etc/resolv.conf.
        if (!real.startsWith("/usr") && !real.startsWith("/etc")) {
          entries.add(new Entry("ro", real, List.of("-")));
        }
      }
    } else if (Files.exists(path) && Files.isReadable(path)) {
      entries.add(new Entry("ro", path, List.of("-")));
    }
  }

  /**
   * {@return the private folders and the job's own, outer before inner, so that none hides another}
   */
  static List<Entry> folders(Sandbox.Job job) throws IOException {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry("tmp", Path.of("/tmp"), List.of("-")));
    entries.add(new Entry("tmp", Path.of("/var/tmp"), List.of("-")));
    entries.add(new Entry("tmp", Path.of("/dev/shm"), List.of("-")));
    if (!home().equals(Path.of("/nonexistent")) && home().getNameCount() > 0) {
      entries.add(new Entry("tmp", home(), List.of("-")));
    }
    for (Path path : job.readable()) {
      entries.add(new Entry("ro", existing(path), List.of("-")));
    }
    for (Path path : job.writable()) {
      entries.add(new Entry("rw", existing(path), List.of("-")));
    }
    for (Sandbox.Overlay overlay : job.overlays()) {
      entries.add(
          new Entry(
              "overlay",
              existing(overlay.lower()),
              List.of(
                  overlay.lower().toRealPath().toString(),
                  existing(overlay.upper().resolve("changes")).toString(),
                  existing(overlay.upper().resolve("work")).toString())));
    }
    entries.sort(java.util.Comparator.comparingInt(e -> e.path().getNameCount()));
    return entries;
  }

  private static Path existing(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException(path + " was to be seen in the sandbox, but does not exist");
    }
    return path.toAbsolutePath().normalize();
  }

  /** {@return what the command may know of the environment it was started from: a locale} */
  static Map<String, String> environment(Sandbox.Job job) {
    Map<String, String> environment = new java.util.TreeMap<>();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    environment.put("HOME", home().toString());
    environment.put("USER", System.getProperty("user.name", "nobody"));
    environment.put("LANG", "C.UTF-8");
    environment.put("TMPDIR", "/tmp");
    environment.putAll(job.environment());
    return environment;
  }
}
