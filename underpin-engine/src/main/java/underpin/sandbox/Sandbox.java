package underpin.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The only door to foreign code. */
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

  static Sandbox choose(Wanted wanted) {
    throw new IllegalStateException("skeleton " + wanted);
  }

  Kind kind();

  /** {@return one sentence for the report: what is shut off, and what is not} */
  String describe();

  /** Runs a command to its end, or until a limit stops it; leaves no process behind either way. */
  Result run(Job job) throws IOException, InterruptedException;

  /**
   * What to run.
   *
   * @param readable folders seen read-only, beside the system's own
   * @param writable folders it may write
   * @param network whether anything beyond loopback is reachable
   * @param output where stdout and stderr go, together
   */
  record Job(
      List<String> command,
      Path workDirectory,
      Map<String, String> environment,
      List<Path> readable,
      List<Path> writable,
      boolean network,
      Limits limits,
      Path output) {
    public Job {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      readable = List.copyOf(readable);
      writable = List.copyOf(writable);
    }
  }

  /** Bounds; memory, disk and output in bytes. */
  record Limits(Duration time, long memory, int processes, long disk, long outputBytes) {}

  /** How it ended. */
  sealed interface Result {
    record Exited(int code, Duration took) implements Result {}

    /** A limit stopped it. */
    record Stopped(String limit, Duration took) implements Result {}
  }
}
