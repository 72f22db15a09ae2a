package underpin.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bubblewrap ({@code bwrap}), 0.4 or newer.
 *
 * @param unshare goes around it for what bwrap does not do itself: a bound on tasks, overlays
 */
record Bubblewrap(Path bwrap, Optional<Path> unshare) implements Isolation {
  /** {@return the ways to use it, the better first} A setuid bwrap works where unshare may not. */
  static List<Isolation> find() {
    List<Isolation> ways = new ArrayList<>();
    Isolation.program("bwrap")
        .ifPresent(b -> {
          Isolation.program("unshare").ifPresent(u -> ways.add(new Bubblewrap(b, Optional.of(u))));
          ways.add(new Bubblewrap(b, Optional.empty()));
        });
    return ways;
  }

  @Override
  public Sandbox.Kind kind() {
    return Sandbox.Kind.BUBBLEWRAP;
  }

  @Override
  public String describe() {
    return "bubblewrap: foreign code sees a read-only system, its own working copy and empty /tmp and"
        + " HOME; no other process, no environment, no capability; the network only in stages that"
        + " fetch, and there in full, with this machine's loopback; time, memory, tasks, disk and"
        + " output are bounded; the kernel itself is shared.";
  }

  @Override
  public boolean overlays() {
    // bwrap mounts overlays itself only from 0.10 on; unshare can do it around every version.
    return unshare.isPresent();
  }

  @Override
  public List<String> commandLine(Sandbox.Job job, String marker) throws IOException {
    List<Entry> folders = Isolation.folders(job);
    List<String> line = new ArrayList<>(Isolation.dyingWithParent());
    if (unshare.isPresent()) {
      line.addAll(
          List.of(
              unshare.get().toString(),
              "--user",
              "--map-root-user",
              "--mount",
              "--pid",
              "--fork",
              "--kill-child=KILL",
              "--",
              "/bin/sh",
              "-c",
              Isolation.script("around.sh"),
              "around",
              Isolation.taskBound(job.limits())));
      for (Entry entry : folders) {
        if (entry.kind().equals("overlay")) {
          line.addAll(entry.more());
          line.add(entry.path().toString());
        }
      }
      line.add("--");
    }
    line.addAll(
        List.of(
            bwrap.toString(),
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--die-with-parent",
            "--new-session",
            "--cap-drop",
            "ALL"));
    // The user's own number, whatever goes around: programs such as databases refuse to run as
    // root.
    line.addAll(List.of("--uid", Namespaces.id("uid"), "--gid", Namespaces.id("gid")));
    if (!job.network()) {
      line.add("--unshare-net");
    }
    for (Entry entry : Isolation.system()) {
      add(line, entry, job);
    }
    line.addAll(List.of("--dev", "/dev", "--proc", "/proc"));
    // Where underpin runs as root these stay writable by the owner's right, without any capability,
    // and core_pattern is a way out. bwrap covers them only for those who could not write them
    // anyway.
    for (String part : List.of("sys", "sysrq-trigger", "irq", "bus")) {
      line.addAll(List.of("--ro-bind-try", "/proc/" + part, "/proc/" + part));
    }
    for (Entry entry : folders) {
      add(line, entry, job);
    }
    line.addAll(List.of("--remount-ro", "/"));
    line.addAll(List.of("--chdir", job.workDirectory().toAbsolutePath().normalize().toString()));
    line.addAll(List.of("--", "/bin/sh", "-c", Isolation.script("start.sh"), "sandbox", marker));
    line.addAll(Isolation.processBounds(job.limits()));
    line.addAll(job.command());
    return line;
  }

  private static void add(List<String> line, Entry entry, Sandbox.Job job) {
    String path = entry.path().toString();
    switch (entry.kind()) {
      case "tmp" ->
          line.addAll(
              List.of(
                  "--size",
                  Long.toString(Isolation.temporaryBytes(job.limits())),
                  "--tmpfs",
                  path));
      case "ro" -> line.addAll(List.of("--ro-bind", path, path));
      // An overlay is mounted at its own place before bwrap starts, and then is a writable folder.
      case "rw", "overlay" -> line.addAll(List.of("--bind", path, path));
      case "link" -> line.addAll(List.of("--symlink", entry.more().getFirst(), path));
      default -> throw new IllegalStateException("unknown entry " + entry.kind());
    }
  }
}
