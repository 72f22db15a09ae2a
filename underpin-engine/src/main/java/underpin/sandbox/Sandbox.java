package underpin.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The only door to foreign code. Safe for use from several threads. */
public interface Sandbox {
  /** The kinds behind the door. */
  enum Kind {
    BUBBLEWRAP,
    NAMESPACES,
    NONE
  }

  /** What was asked for: the best there is, or none at all (said out loud and recorded). */
  enum Wanted {
    BEST,
    NONE
  }

  /**
   * {@return the best kind that really works here: each is tried with a probe, since a kernel may
   * forbid what is installed} {@link Kind#NONE} only where it was asked for or nothing else works;
   * {@link #describe()} says which of the two.
   */
  static Sandbox choose(Wanted wanted) {
    return switch (wanted) {
      case NONE -> new SupervisedSandbox(new NoIsolation("it was asked for"));
      case BEST -> SupervisedSandbox.best();
    };
  }

  Kind kind();

  /** {@return one sentence for the report: what is shut off, and what is not} */
  String describe();

  /**
   * Runs a command to its end, or until a limit stops it; leaves no process behind either way, nor
   * when the thread is interrupted or underpin itself is killed.
   *
   * <p>The command gets no standard input, and no environment beyond {@code PATH}, {@code HOME},
   * {@code USER}, {@code TMPDIR}, a locale and what the job names. {@code HOME} and {@code /tmp}
   * are empty, writable and gone afterwards. Its arguments reach it byte for byte; no shell reads
   * them.
   *
   * @throws IOException if the sandbox did not start, or the output could not be kept; in the first
   *     case the command has not been run
   */
  Result run(Job job) throws IOException, InterruptedException;

  /**
   * {@return whether {@link Job#overlays()} work between these folders} It depends on the kernel
   * and on the file system of {@code upper}; tried, not guessed.
   */
  boolean canOverlay(Path lower, Path upper) throws InterruptedException;

  /**
   * What to run.
   *
   * @param command the program and its arguments; none holds a NUL
   * @param workDirectory where it starts; one of the folders it sees
   * @param readable folders or files seen read-only, beside the system's own
   * @param writable folders it may write
   * @param overlays folders it sees at their own place and may write, without changing them
   * @param network whether anything beyond loopback is reachable
   * @param output where stdout and stderr go, together; replaced
   */
  record Job(
      List<String> command,
      Path workDirectory,
      Map<String, String> environment,
      List<Path> readable,
      List<Path> writable,
      List<Overlay> overlays,
      boolean network,
      Limits limits,
      Path output) {
    public Job {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      readable = List.copyOf(readable);
      writable = List.copyOf(writable);
      overlays = List.copyOf(overlays);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("A sandbox job has no command");
      }
    }

    public Job(
        List<String> command,
        Path workDirectory,
        Map<String, String> environment,
        List<Path> readable,
        List<Path> writable,
        boolean network,
        Limits limits,
        Path output) {
      this(
          command,
          workDirectory,
          environment,
          readable,
          writable,
          List.of(),
          network,
          limits,
          output);
    }
  }

  /**
   * A folder whose changes go elsewhere.
   *
   * @param lower seen at its own place; never changed
   * @param upper keeps the changes from run to run, in two folders of the sandbox's naming; not
   *     inside {@code lower}
   */
  record Overlay(Path lower, Path upper) {}

  /**
   * Bounds; memory, disk and output in bytes. Memory and tasks are counted ten times a second, disk
   * somewhat slower, so a fast job may overshoot before it is stopped.
   *
   * @param time wall clock
   * @param memory what the processes hold together, files not counted
   * @param processes processes and threads together
   * @param disk growth of the writable folders together; also the size of any one file, and of
   *     {@code /tmp} and {@code HOME} each
   * @param outputBytes of stdout and stderr together
   */
  record Limits(Duration time, long memory, int processes, long disk, long outputBytes) {
    public Limits {
      if (time.isNegative()
          || time.isZero()
          || memory <= 0
          || processes <= 0
          || disk <= 0
          || outputBytes <= 0) {
        throw new IllegalArgumentException("A limit of the sandbox is not positive");
      }
    }
  }

  /** How it ended. */
  sealed interface Result {
    /**
     * @param code the command's exit status, or 128 + the signal that ended it
     */
    record Exited(int code, Duration took) implements Result {}

    /**
     * A limit stopped it.
     *
     * @param limit which, with its figure, in words: "the time limit of 600 s"
     */
    record Stopped(String limit, Duration took) implements Result {}

    Duration took();
  }
}
