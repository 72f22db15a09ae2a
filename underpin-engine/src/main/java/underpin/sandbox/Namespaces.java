package underpin.sandbox;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Linux namespaces through {@code unshare} of util-linux, which every distribution installs. */
record Namespaces(Path unshare) implements Isolation {
  static List<Isolation> find() {
    return Isolation.program("setpriv").isPresent() && Isolation.program("pivot_root").isPresent()
        ? Isolation.program("unshare").<Isolation>map(Namespaces::new).stream().toList()
        : List.of();
  }

  @Override
  public Sandbox.Kind kind() {
    return Sandbox.Kind.NAMESPACES;
  }

  @Override
  public String describe() {
    return "Linux namespaces (unshare): foreign code sees a read-only system, its own working copy and"
        + " empty /tmp and HOME; no other process, no environment, no capability; the network only in"
        + " stages that fetch, and there in full, with this machine's loopback; time, memory, tasks,"
        + " disk and output are bounded; the kernel itself is shared.";
  }

  @Override
  public boolean overlays() {
    return true;
  }

  @Override
  public List<String> commandLine(Sandbox.Job job, String marker) throws IOException {
    List<String> line = new ArrayList<>(Isolation.dyingWithParent());
    line.addAll(
        List.of(
            unshare.toString(), "--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts"));
    if (!job.network()) {
      line.add("--net");
    }
    line.addAll(List.of("--fork", "--kill-child=KILL", "--", "/bin/sh", "-c"));
    line.add(Isolation.script("enter.sh"));
    line.addAll(
        List.of(
            "sandbox",
            marker,
            Isolation.taskBound(job.limits()),
            Long.toString(Isolation.temporaryBytes(job.limits())),
            job.network()
                ? "-"
                : Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            ownClasses(),
            id("uid"),
            id("gid"),
            job.workDirectory().toAbsolutePath().normalize().toString()));
    for (Entry entry : Isolation.system()) {
      add(line, entry);
    }
    for (String device : List.of("null", "zero", "full", "random", "urandom")) {
      add(line, new Entry("dev", Path.of("/dev", device), List.of("-")));
    }
    add(line, new Entry("link", Path.of("/dev/fd"), List.of("/proc/self/fd")));
    add(line, new Entry("link", Path.of("/dev/stdin"), List.of("/proc/self/fd/0")));
    add(line, new Entry("link", Path.of("/dev/stdout"), List.of("/proc/self/fd/1")));
    add(line, new Entry("link", Path.of("/dev/stderr"), List.of("/proc/self/fd/2")));
    for (Entry entry : Isolation.folders(job)) {
      add(line, entry);
    }
    line.add("--");
    line.addAll(Isolation.processBounds(job.limits()));
    line.addAll(job.command());
    return line;
  }

  private static void add(List<String> line, Entry entry) {
    line.add(entry.kind());
    line.add(entry.path().toString());
    line.addAll(entry.more());
  }

  /** See proc(5): the first number is the real id. */
  static String id(String which) throws IOException {
    Path self = Path.of("/proc/self");
    return Files.getAttribute(self, "unix:" + which).toString();
  }

  private static String ownClasses() {
    try {
      return Path.of(Namespaces.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("underpin does not know where its own classes are", e);
    }
  }
}
