package underpin.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts what an {@link Isolation} says, and watches the limits from outside. */
final class SupervisedSandbox implements Sandbox {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int MARKER_BYTES = 64 * 1024;
  private static final Limits PROBE =
      new Limits(Duration.ofSeconds(20), 1L << 30, 500, 64L << 20, 64 << 10);

  private final Isolation isolation;

  SupervisedSandbox(Isolation isolation) {
    this.isolation = isolation;
  }

  static Sandbox best() {
    List<String> refused = new ArrayList<>();
    for (Isolation candidate :
        Stream.of(Bubblewrap.find(), Namespaces.find()).flatMap(List::stream).toList()) {
      SupervisedSandbox sandbox = new SupervisedSandbox(candidate);
      Optional<String> problem = sandbox.probe();
      if (problem.isEmpty()) {
        return sandbox;
      }
      refused.add(candidate.kind() + ": " + problem.get());
    }
    return new SupervisedSandbox(
        new NoIsolation(
            refused.isEmpty()
                ? "this system has neither bubblewrap nor Linux namespaces"
                : "nothing else works here: " + String.join("; ", refused)));
  }

  @Override
  public Kind kind() {
    return isolation.kind();
  }

  @Override
  public String describe() {
    return isolation.describe();
  }

  /** {@return why this kind does not work here; empty when it does} */
  Optional<String> probe() {
    try {
      Path folder = Files.createTempDirectory("underpin-probe");
      try {
        Result result =
            run(probeJob(folder, List.of("/bin/sh", "-c", "test ! -w /usr"), List.of()));
        return result instanceof Result.Exited(int code, _) && code == 0
            ? Optional.empty()
            : Optional.of("a probe ended with " + result);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private static Job probeJob(Path folder, List<String> command, List<Overlay> overlays) {
    return new Job(
        command,
        Path.of("/"),
        Map.of(),
        List.of(),
        List.of(),
        overlays,
        false,
        PROBE,
        folder.resolve("output"));
  }

  @Override
  public boolean canOverlay(Path lower, Path upper) throws InterruptedException {
    if (!isolation.overlays()) {
      return false;
    }
    try {
      Path folder = Files.createTempDirectory("underpin-probe");
      try {
        String name = ".underpin-probe-" + UUID.randomUUID();
        Result result =
            run(
                probeJob(
                    folder,
                    List.of(
                        "/bin/sh",
                        "-c",
                        ": > \"$1\" && rm \"$1\"",
                        "probe",
                        lower.resolve(name).toString()),
                    List.of(new Overlay(lower, upper))));
        return result instanceof Result.Exited(int code, _) && code == 0;
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Result run(Job job) throws IOException, InterruptedException {
    for (Overlay overlay : job.overlays()) {
      Files.createDirectories(overlay.upper().resolve("changes"));
      Files.createDirectories(overlay.upper().resolve("work"));
    }
    // The kernel's "end when the parent ends" is bound to the thread that started the process, so
    // that thread must stay until the end: it is one of our own, never a carrier of virtual
    // threads.
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread supervisor =
        Thread.ofPlatform()
            .name("underpin-sandbox")
            .daemon(true)
            .start(() -> {
              try {
                result.complete(supervise(job));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.get();
    } catch (InterruptedException e) {
      supervisor.interrupt();
      // Not before all is dead: the caller may remove the folders next.
      boolean again = true;
      while (again) {
        try {
          supervisor.join();
          again = false;
        } catch (InterruptedException more) {
          // Already on the way out.
        }
      }
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException problem -> throw problem;
        case InterruptedException stopped -> throw stopped;
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        case null, default -> throw new IOException(e.getCause());
      }
    }
  }

  private Result supervise(Job job) throws IOException, InterruptedException {
    String marker = "underpin-" + UUID.randomUUID();
    ProcessBuilder builder = new ProcessBuilder(isolation.commandLine(job, marker));
    builder.redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Isolation.environment(job));
    if (isolation.kind() == Kind.NONE) {
      builder.directory(job.workDirectory().toFile());
      builder.environment().put(ProcessTree.MARK, marker);
    }
    long start = System.nanoTime();
    Growth growth = Growth.of(job);
    SessionKeyring.leave();
    Process process = builder.start();
    ProcessTree tree = new ProcessTree(process.toHandle(), kind() == Kind.NONE ? marker : "");
    Output output = new Output(process.getInputStream(), job, marker);
    Thread hook = new Thread(tree::kill, "underpin-sandbox-end");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      output.start();
      Optional<String> stopped = watch(process, tree, output, growth, job, start);
      if (!tree.kill()) {
        throw new IOException(
            "Processes of the sandbox could not be ended: " + job.command().getFirst());
      }
      output.finish();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (!output.started() && stopped.isEmpty()) {
        throw new IOException(
            "The sandbox (" + kind() + ") did not start: " + output.beforeStart());
      }
      return stopped.isPresent()
          ? new Result.Stopped(stopped.get(), took)
          : new Result.Exited(process.exitValue(), took);
    } finally {
      tree.kill();
      output.close();
      removeHook(hook);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, and the hook runs.
    }
  }

  /** {@return the limit that was passed; empty when the command ended by itself} */
  private static Optional<String> watch(
      Process process, ProcessTree tree, Output output, Growth growth, Job job, long start)
      throws InterruptedException {
    Limits limits = job.limits();
    while (!process.waitFor(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (output.overflowed()) {
        break;
      }
      if (System.nanoTime() - start > limits.time().toNanos()) {
        return Optional.of("the time limit of " + limits.time().toSeconds() + " s");
      }
      ProcessTree.Size size = tree.measure(limits.processes());
      if (size.tasks() > limits.processes()) {
        return Optional.of("the limit of " + limits.processes() + " processes and threads");
      }
      if (size.memory() > limits.memory()) {
        return Optional.of("the memory limit of " + (limits.memory() >> 20) + " MiB");
      }
      if (growth.exceeds(limits.disk())) {
        return Optional.of("the disk limit of " + (limits.disk() >> 20) + " MiB");
      }
    }
    if (output.overflowed()) {
      return Optional.of("the output limit of " + (limits.outputBytes() >> 10) + " KiB");
    }
    return output.problem().isPresent()
        ? Optional.of("its output could not be kept: " + output.problem().get())
        : Optional.empty();
  }

  /** Copies what the command prints, without the line that says it started, up to its limit. */
  private static final class Output implements AutoCloseable {
    private final InputStream in;
    private final Job job;
    private final byte[] marker;
    private final OutputStream file;
    private final Thread thread = new Thread(this::pump, "underpin-sandbox-output");
    private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private volatile boolean started;
    private volatile boolean overflowed;

    Output(InputStream in, Job job, String marker) throws IOException {
      this.in = new BufferedInputStream(in, 1 << 16);
      this.job = job;
      this.marker = (marker + "\n").getBytes(StandardCharsets.UTF_8);
      if (Files.isSymbolicLink(job.output())) {
        Files.delete(job.output()); // never what a link names
      }
      this.file = Files.newOutputStream(job.output());
    }

    void start() {
      thread.setDaemon(true);
      thread.start();
    }

    private void pump() {
      try {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        if (!readHead()) {
          return;
        }
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          long room = job.limits().outputBytes() - total;
          file.write(buffer, 0, (int) Math.min(count, Math.max(room, 0)));
          total += count;
          if (count > room) {
            overflowed = true;
            return;
          }
        }
      } catch (IOException e) {
        if (!overflowed && job.output().toFile().getUsableSpace() < (1 << 16)) {
          problem.set("the disk of " + job.output() + " is full");
        }
        // Else the stream was closed under us, because all processes were ended.
      }
    }

    private boolean readHead() throws IOException {
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.write(next);
        if (next == '\n' && endsWithMarker(head.toByteArray())) {
          started = true;
          return true;
        }
        if (head.size() > MARKER_BYTES) {
          return false;
        }
      }
      return false;
    }

    private boolean endsWithMarker(byte[] read) {
      int from = read.length - marker.length;
      return from >= 0
          && java.util.Arrays.equals(read, from, read.length, marker, 0, marker.length);
    }

    boolean started() {
      return started;
    }

    boolean overflowed() {
      return overflowed;
    }

    Optional<String> problem() {
      return Optional.ofNullable(problem.get());
    }

    String beforeStart() {
      return head.toString(StandardCharsets.UTF_8).strip().replace('\n', ' ');
    }

    /** All writers are dead: what is left in the pipe is read, then the stream ends. */
    void finish() throws InterruptedException {
      thread.join(10_000);
    }

    @Override
    public void close() throws IOException {
      try (in;
          file) {
        thread.interrupt();
      }
    }
  }

  /** How much the writable folders have grown. Looks seldom when looking is slow. */
  private static final class Growth {
    private final List<Path> folders;
    private final long before;
    private long next;

    private Growth(List<Path> folders, long before, long next) {
      this.folders = folders;
      this.before = before;
      this.next = next;
    }

    static Growth of(Job job) {
      List<Path> folders = new ArrayList<>(job.writable());
      job.overlays().forEach(o -> folders.add(o.upper()));
      long start = System.nanoTime();
      long before = folders.stream().mapToLong(Growth::bytes).sum();
      return new Growth(folders, before, pause(start));
    }

    boolean exceeds(long limit) {
      long now = System.nanoTime();
      if (now < next) {
        return false;
      }
      long bytes = folders.stream().mapToLong(Growth::bytes).sum();
      next = pause(now);
      return bytes - before > limit;
    }

    private static long pause(long start) {
      long end = System.nanoTime();
      return end + Math.max(TimeUnit.MILLISECONDS.toNanos(250), 20 * (end - start));
    }

    private static long bytes(Path folder) {
      long[] sum = {0};
      try {
        Files.walkFileTree(
            folder,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) {
                // It went away while we looked.
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path at, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException e) {
        return sum[0];
      }
      return sum[0];
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
