package underpin.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process with all that descends from it, looked at from outside. On Linux read from {@code
 * /proc} (see proc(5)), elsewhere from what the JDK tells, which knows neither memory nor threads.
 *
 * <p>Children of a process that has ended are found again by their session or their mark: a run
 * without pid namespace hands them to the system's first process. One that also empties its own
 * environment in a session of its own is lost there; only a pid namespace holds such a one.
 *
 * <p>Who was once seen is a member until it is gone: when the head of a pid namespace's parent
 * dies, the first process inside is nobody's child for us, and it ends last, after all others
 * inside (pid_namespaces(7)). For several threads.
 */
final class ProcessTree {
  private static final Path PROC = Path.of("/proc");

  /** The variable that holds the mark. */
  static final String MARK = "UNDERPIN_RUN";

  private final ProcessHandle root;
  private final String mark;
  private final Set<Long> sessions = new HashSet<>();

  /** By process id: when it started, in clock ticks since boot; ids are given again. */
  private final Map<Long, Long> seen = new HashMap<>();

  /**
   * @param mark text in the environment of each process of the tree, which children inherit: finds
   *     those that left both parent and session; empty where a pid namespace holds them all
   */
  ProcessTree(ProcessHandle root, String mark) {
    this.root = root;
    this.mark = mark;
  }

  /**
   * @param tasks processes and their threads
   * @param memory bytes held by no file, in all
   */
  record Size(long tasks, long memory) {}

  private record Stat(long pid, long parent, long session, long threads, long started) {}

  /**
   * @param enough tasks beyond which nobody asks for the memory: a bomb must not slow its watcher
   */
  Size measure(long enough) {
    List<Stat> members = members();
    long tasks = members.stream().mapToLong(Stat::threads).sum();
    long memory = tasks > enough ? 0 : members.stream().mapToLong(s -> memory(s.pid())).sum();
    return new Size(tasks, memory);
  }

  /** Kills until nothing is left. @return whether nothing is left */
  boolean kill() {
    // All are looked up once before: who loses its parent below is still known then.
    members();
    // The head first: with a pid namespace the kernel then does the rest, but not at once.
    root.destroyForcibly();
    boolean interrupted = false;
    try {
      for (int round = 0; round < 200; round++) {
        List<Stat> members = members();
        members.forEach(m -> ProcessHandle.of(m.pid()).ifPresent(ProcessHandle::destroyForcibly));
        if (members.isEmpty() && !root.isAlive()) {
          return true;
        }
        try {
          Thread.sleep(round < 20 ? 5 : 50);
        } catch (InterruptedException e) {
          // Killing goes on: what was asked for is that nothing stays.
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized List<Stat> members() {
    return Files.isReadable(PROC.resolve("self/stat")) ? linux() : portable();
  }

  private List<Stat> portable() {
    return Stream.concat(Stream.of(root), root.descendants())
        .filter(ProcessHandle::isAlive)
        .map(h -> new Stat(h.pid(), 0, 0, 1, 0))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<Stat> linux() {
    Map<Long, List<Stat>> byParent = new HashMap<>();
    Map<Long, Stat> all = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path entry : entries) {
        stat(entry)
            .ifPresent(s -> {
              all.put(s.pid(), s);
              byParent.computeIfAbsent(s.parent(), _ -> new ArrayList<>()).add(s);
            });
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return portable();
    }
    long own = ProcessHandle.current().pid();
    long ownSession = all.containsKey(own) ? all.get(own).session() : -1;
    Set<Long> found = new HashSet<>();
    ArrayDeque<Stat> queue = new ArrayDeque<>();
    all.values().stream()
        .filter(s ->
            s.pid() == root.pid()
                || Objects.equals(seen.get(s.pid()), s.started())
                || sessions.contains(s.session())
                || marked(s.pid()))
        .forEach(queue::add);
    List<Stat> members = new ArrayList<>();
    while (!queue.isEmpty()) {
      Stat next = queue.poll();
      if (next.pid() != own && found.add(next.pid())) {
        members.add(next);
        seen.put(next.pid(), next.started());
        // A session is ours when it was started below us: its leader is one of the tree.
        if (next.session() != ownSession && found.contains(next.session())) {
          sessions.add(next.session());
        }
        queue.addAll(byParent.getOrDefault(next.pid(), List.of()));
      }
    }
    return members;
  }

  /** See proc(5), "/proc/pid/stat": the name stands in parentheses and may hold anything. */
  private static Optional<Stat> stat(Path entry) {
    try {
      String text =
          Files.readString(entry.resolve("stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 21);
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return Optional.empty();
      }
      return Optional.of(
          new Stat(
              Long.parseLong(entry.getFileName().toString()),
              Long.parseLong(fields[1]),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[17]),
              Long.parseLong(fields[19])));
    } catch (IOException | RuntimeException e) {
      // It ended while we looked.
      return Optional.empty();
    }
  }

  private boolean marked(long pid) {
    if (mark.isEmpty()) {
      return false;
    }
    try {
      return Files.readString(
              PROC.resolve(pid + "/environ"), java.nio.charset.StandardCharsets.ISO_8859_1)
          .contains(MARK + "=" + mark);
    } catch (IOException e) {
      // Another user's, or ended while we looked.
      return false;
    }
  }

  private static long memory(long pid) {
    long kilobytes = 0;
    try {
      for (String line :
          Files.readString(
                  PROC.resolve(pid + "/status"), java.nio.charset.StandardCharsets.ISO_8859_1)
              .split("\n")) {
        if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
          kilobytes += Long.parseLong(line.substring(9).replace("kB", "").strip());
        }
      }
    } catch (IOException | RuntimeException e) {
      return 0;
    }
    return kilobytes * 1024;
  }
}
