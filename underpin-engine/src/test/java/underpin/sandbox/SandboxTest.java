package underpin.sandbox;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import underpin.sandbox.Sandbox.Kind;
import underpin.sandbox.Sandbox.Limits;
import underpin.sandbox.Sandbox.Result;

/** Each fact for each kind that works on this machine; a kind that does not is skipped visibly. */
class SandboxTest {
  private static final Limits WIDE =
      new Limits(Duration.ofSeconds(60), 2L << 30, 2000, 512L << 20, 1 << 20);

  @TempDir Path folder;
  private Path work;
  private Path outside;

  @BeforeEach
  void folders() throws IOException {
    work = Files.createDirectory(folder.resolve("work copy"));
    outside = Files.createDirectory(folder.resolve("outside"));
  }

  /** What this machine forbids does not change between two tests. */
  private static final Map<Kind, Optional<String>> PROBED = new ConcurrentHashMap<>();

  private static Sandbox sandbox(Kind kind) {
    SupervisedSandbox sandbox =
        new SupervisedSandbox(
            switch (kind) {
              case BUBBLEWRAP -> first(Bubblewrap.find());
              case NAMESPACES -> first(Namespaces.find());
              case NONE -> new NoIsolation("the test wants none");
            });
    assumeTrue(sandbox.kind() == kind, kind + " is not installed");
    // None shuts nothing off, so its probe finds it open; its facts hold all the same.
    Optional<String> problem =
        kind == Kind.NONE ? Optional.empty() : PROBED.computeIfAbsent(kind, _ -> sandbox.probe());
    assumeTrue(problem.isEmpty(), () -> kind + " does not work here: " + problem);
    return sandbox;
  }

  private static Isolation first(List<Isolation> ways) {
    return ways.isEmpty() ? new NoIsolation("it is not installed") : ways.getFirst();
  }

  private Result run(Kind kind, boolean network, Limits limits, String... command)
      throws IOException, InterruptedException {
    return sandbox(kind)
        .run(
            new Sandbox.Job(
                List.of(command),
                work,
                Map.of("GIVEN", "yes"),
                List.of(),
                List.of(work),
                network,
                limits,
                folder.resolve("output")));
  }

  private Result shell(Kind kind, String script, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.addAll(Arrays.asList(args));
    return run(kind, false, WIDE, command.toArray(String[]::new));
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private static int code(Result result) {
    assertThat(result).isInstanceOf(Result.Exited.class);
    return ((Result.Exited) result).code();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void exit_code_output_and_writes_to_the_copy_arrive(Kind kind) throws Exception {
    assertThat(code(shell(kind, "echo out; echo err >&2; pwd > here; exit 7"))).isEqualTo(7);
    assertThat(output()).isEqualTo("out\nerr\n");
    assertThat(Files.readString(work.resolve("here"))).isEqualTo(work + "\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void a_secret_outside_cannot_be_read(Kind kind) throws Exception {
    Path secret = Files.writeString(outside.resolve("secret"), "hidden");
    assertThat(code(shell(kind, "cat \"$1\"", secret.toString()))).isNotZero();
    assertThat(output()).doesNotContain("hidden");
    shell(
        kind,
        "ls -A \"$HOME\" /tmp /home /root /var/lib /run /sys /mnt 2>/dev/null; cat /etc/shadow");
    assertThat(output()).doesNotContain("root:*", "root:$", "root:!");
  }

  /** A key of the session, as a login to a file server leaves it. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_key_of_the_session_cannot_be_read(Kind kind) throws Exception {
    sandbox(kind);
    assumeTrue(Files.exists(Path.of("/proc/keys")), "this kernel keeps no keys");
    long key = SessionKey.add("underpin-test-" + System.nanoTime());
    assertThat(key).as("add_key(2)").isPositive();
    Path source = work.resolve("ReadKey.java");
    Files.writeString(
        source,
        """
        import java.lang.foreign.*;
        class ReadKey {
          public static void main(String[] a) throws Throwable {
            var syscall = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
            long number = System.getProperty("os.arch").equals("amd64") ? 250 : 219;
            long keyctlRead = 11;
            var buffer = Arena.global().allocate(16);
            long read = (long) syscall.invokeExact(number, keyctlRead, Long.parseLong(a[0]), buffer, 16L);
            System.out.println(read < 0 ? "not readable" : "read " + buffer.getString(0));
          }
        }
        """);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            source.toString(),
            Long.toString(key));
    // What this thread starts by other ways has the key: the kernel lets it through, we do not.
    Process open = new ProcessBuilder(command).start();
    assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("read hidden\n");
    assertThat(code(run(kind, false, WIDE, command.toArray(String[]::new)))).isZero();
    assertThat(output()).isEqualTo("not readable\n");
  }

  /** add_key(2), which the JDK has no method for. */
  private static final class SessionKey {
    private static final int KEY_SPEC_SESSION_KEYRING = -3;

    static long add(String name) throws Exception {
      Linker linker = Linker.nativeLinker();
      long number = System.getProperty("os.arch").equals("amd64") ? 248 : 217;
      MethodHandle syscall =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      try (Arena arena = Arena.ofConfined()) {
        return (long)
            syscall.invokeExact(
                number,
                arena.allocateFrom("user"),
                arena.allocateFrom(name),
                arena.allocateFrom("hidden"),
                6L,
                (long) KEY_SPEC_SESSION_KEYRING);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void nothing_outside_can_be_written(Kind kind) throws Exception {
    String name = "underpin-" + UUID.randomUUID();
    shell(
        kind,
        "for d in / /usr /usr/bin /etc /bin /lib /dev /proc/sys/kernel \"$1\"; do : > \"$d/$2\"; done;"
            + " : > \"$HOME/$2\"; : > \"/tmp/$2\"; exit 0",
        outside.toString(),
        name);
    for (String place : List.of("/", "/usr", "/usr/bin", "/etc", "/bin", "/lib", "/dev", "/tmp")) {
      assertThat(Path.of(place, name)).doesNotExist();
    }
    assertThat(outside.resolve(name)).doesNotExist();
    assertThat(Isolation.home().resolve(name)).doesNotExist();
    assertThat(code(shell(kind, "p=/proc/sys/kernel/core_pattern; v=$(cat $p); echo \"$v\" > $p")))
        .isNotZero();
    assertThat(code(shell(kind, "mount -t tmpfs tmpfs /usr"))).isNotZero();
    assertThat(code(shell(kind, "mount -o remount,rw,bind /usr"))).isNotZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void readable_folders_are_read_only(Kind kind) throws Exception {
    Files.writeString(outside.resolve("given"), "content");
    Result result =
        sandbox(kind)
            .run(
                new Sandbox.Job(
                    List.of("/bin/sh", "-c", "cat given; echo more >> given || exit 9"),
                    outside,
                    Map.of(),
                    List.of(outside),
                    List.of(),
                    false,
                    WIDE,
                    folder.resolve("output")));
    assertThat(code(result)).isEqualTo(9);
    assertThat(Files.readString(outside.resolve("given"))).isEqualTo("content");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void loopback_is_its_own(Kind kind) throws Exception {
    try (ServerSocket host = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      Path source = work.resolve("Net.java");
      Files.writeString(
          source,
          """
          import java.net.*;
          class Net {
            public static void main(String[] a) throws Exception {
              try (Socket s = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(a[0]))) {
                System.out.println("host reached");
              } catch (ConnectException e) {
                System.out.println("host refused");
              }
              try (ServerSocket own = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                  Socket s = new Socket(InetAddress.getLoopbackAddress(), own.getLocalPort())) {
                System.out.println("own reached");
              }
            }
          }
          """);
      run(kind, false, WIDE, java, source.toString(), Integer.toString(host.getLocalPort()));
      assertThat(output()).contains("host refused", "own reached");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void the_command_runs_as_the_same_user(Kind kind) throws Exception {
    assertThat(code(shell(kind, "id -u"))).isZero();
    assertThat(output().strip())
        .isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void the_environment_holds_nothing_that_was_not_given(Kind kind) throws Exception {
    run(kind, false, WIDE, "/usr/bin/env");
    assertThat(output().lines().map(l -> l.substring(0, l.indexOf('='))))
        .contains("GIVEN", "HOME", "PATH")
        .isSubsetOf(
            "GIVEN",
            "HOME",
            "PATH",
            "USER",
            "LANG",
            "TMPDIR",
            "PWD",
            "OLDPWD",
            "_",
            "SHLVL",
            "UNDERPIN_RUN");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void arguments_arrive_byte_for_byte(Kind kind) throws Exception {
    String[] hostile = {
      "$(touch owned)",
      "`touch owned`",
      "; touch owned",
      "a b  c",
      "*",
      "--",
      "-x",
      "",
      "\"'\\",
      "ü\n2"
    };
    assertThat(code(shell(kind, "printf '<%s>' \"$@\"", hostile))).isZero();
    assertThat(output()).isEqualTo("<" + String.join("><", hostile) + ">");
    assertThat(work.resolve("owned")).doesNotExist();
    Path program = work.resolve("$(touch owned); x");
    Files.writeString(program, "#!/bin/sh\necho ran");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(code(run(kind, false, WIDE, program.toString()))).isZero();
    assertThat(output()).isEqualTo("ran\n");
    assertThat(work.resolve("owned")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_sleeper_is_ended_at_the_time_limit_with_all_its_children(Kind kind) throws Exception {
    String tag = marked(kind);
    Result result =
        run(
            kind,
            false,
            new Limits(Duration.ofSeconds(1), 1L << 30, 500, 64L << 20, 1 << 16),
            "/bin/sh",
            "-c",
            "sleep $1 & (setsid sleep $1 &) ; trap '' TERM INT HUP; sleep $1; sleep $1",
            "sh",
            tag);
    assertThat(result)
        .isInstanceOfSatisfying(Result.Stopped.class, s -> assertThat(s.limit()).contains("time"));
    assertThat(processes(tag)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void what_a_command_leaves_running_ends_with_it(Kind kind) throws Exception {
    String tag = marked(kind);
    assertThat(code(shell(kind, "sleep $1 & sleep 0.3; exit 0", tag))).isZero();
    assertThat(processes(tag)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void a_fork_bomb_is_bounded(Kind kind) throws Exception {
    String tag = marked(kind);
    Result result =
        run(
            kind,
            false,
            new Limits(Duration.ofSeconds(20), 1L << 30, 100, 64L << 20, 1 << 20),
            "/bin/sh",
            "-c",
            "bomb() { sleep $1 & bomb $1 & bomb $1; }; bomb $1",
            "sh",
            tag);
    // Either the kernel refused the next fork and the bomb fell apart, or the count was seen from
    // outside.
    switch (result) {
      case Result.Stopped(String limit, _) -> assertThat(limit).contains("processes");
      case Result.Exited(int code, _) -> {
        assertThat(code).isNotZero();
        assertThat(output()).contains("Cannot fork");
      }
    }
    assertThat(processes(tag)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_memory_hog_is_stopped(Kind kind) throws Exception {
    Path source = work.resolve("Hog.java");
    Files.writeString(
        source,
        """
        class Hog {
          public static void main(String[] a) throws Exception {
            var all = new java.util.ArrayList<byte[]>();
            for (;;) { byte[] b = new byte[8 << 20]; java.util.Arrays.fill(b, (byte) 1); all.add(b); Thread.sleep(10); }
          }
        }
        """);
    Result result =
        run(
            kind,
            false,
            new Limits(Duration.ofSeconds(50), 300L << 20, 500, 64L << 20, 1 << 16),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx3g",
            source.toString());
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Stopped.class, s -> assertThat(s.limit()).contains("memory"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_disk_hog_is_stopped(Kind kind) throws Exception {
    Result result =
        run(
            kind,
            false,
            new Limits(Duration.ofSeconds(50), 1L << 30, 500, 8L << 20, 1 << 16),
            "/bin/sh",
            "-c",
            "i=0; while :; do i=$((i+1)); head -c 1000000 /dev/zero > f$i; done");
    assertThat(result)
        .isInstanceOfSatisfying(Result.Stopped.class, s -> assertThat(s.limit()).contains("disk"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void an_output_flood_is_stopped_and_cut_at_its_limit(Kind kind) throws Exception {
    Result result =
        run(
            kind,
            false,
            new Limits(Duration.ofSeconds(50), 1L << 30, 500, 8L << 20, 1 << 16),
            "/usr/bin/yes");
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Stopped.class, s -> assertThat(s.limit()).contains("output"));
    assertThat(Files.size(folder.resolve("output"))).isEqualTo(1 << 16);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void an_interrupted_run_leaves_no_process(Kind kind) throws Exception {
    String tag = marked(kind);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread runner =
        Thread.ofVirtual()
            .start(() -> {
              try {
                shell(kind, "echo > started; sleep $1", tag);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    while (runner.isAlive() && !Files.exists(work.resolve("started"))) {
      Thread.sleep(20);
    }
    runner.interrupt();
    runner.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(processes(tag)).isEmpty();
  }

  @Test
  void a_process_that_was_seen_is_ended_also_when_it_has_lost_its_parent() throws Exception {
    String tag = "3600." + Math.abs(UUID.randomUUID().getMostSignificantBits());
    Process parent =
        new ProcessBuilder("/bin/sh", "-c", "sleep $1 & wait", "sh", tag)
            .redirectErrorStream(true)
            .start();
    ProcessTree tree = new ProcessTree(parent.toHandle(), "");
    while (parent.isAlive() && processes(tag).isEmpty()) {
      Thread.sleep(20);
    }
    assertThat(tree.measure(500).tasks()).isEqualTo(2);
    parent.destroyForcibly().waitFor();
    assertThat(processes(tag)).hasSize(1);
    assertThat(tree.kill()).isTrue();
    assertThat(processes(tag)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void killing_underpin_itself_leaves_no_process(Kind kind) throws Exception {
    String tag = marked(kind);
    Process underpin =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sleeper.class.getName(),
                kind.name(),
                work.toString(),
                tag)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sleeper").toFile())
            .start();
    while (underpin.isAlive() && processes(tag).isEmpty()) {
      Thread.sleep(20);
    }
    assertThat(underpin.isAlive()).as(Files.readString(folder.resolve("sleeper"))).isTrue();
    underpin.destroyForcibly().waitFor();
    for (int i = 0; i < 500 && !processes(tag).isEmpty(); i++) {
      Thread.sleep(20);
    }
    assertThat(processes(tag)).isEmpty();
  }

  /** Stands in for underpin: runs one long job. */
  static final class Sleeper {
    public static void main(String[] args) throws Exception {
      Path work = Path.of(args[1]);
      sandbox(Kind.valueOf(args[0]))
          .run(
              new Sandbox.Job(
                  List.of("/bin/sh", "-c", "sleep $1; :", "sh", args[2]),
                  work,
                  Map.of(),
                  List.of(),
                  List.of(work),
                  false,
                  WIDE,
                  work.resolve("output")));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void an_overlay_keeps_changes_apart_from_run_to_run(Kind kind) throws Exception {
    Sandbox sandbox = sandbox(kind);
    Path lower = Files.createDirectory(folder.resolve("lower"));
    Path upper = Files.createDirectory(folder.resolve("upper"));
    Files.writeString(lower.resolve("kept"), "as it was");
    assumeTrue(sandbox.canOverlay(lower, upper), "this kernel overlays nothing for users");
    for (String script : List.of("echo changed > kept; echo new > added", "cat kept added")) {
      Result result =
          sandbox.run(
              new Sandbox.Job(
                  List.of("/bin/sh", "-c", script),
                  lower,
                  Map.of(),
                  List.of(),
                  List.of(),
                  List.of(new Sandbox.Overlay(lower, upper)),
                  false,
                  WIDE,
                  folder.resolve("output")));
      assertThat(code(result)).as(output()).isZero();
    }
    assertThat(output()).isEqualTo("changed\nnew\n");
    assertThat(Files.readString(lower.resolve("kept"))).isEqualTo("as it was");
    assertThat(lower.resolve("added")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BUBBLEWRAP", "NAMESPACES"})
  void a_sandbox_that_cannot_be_built_runs_nothing_and_says_why(Kind kind) {
    Sandbox sandbox = sandbox(kind);
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() ->
            sandbox.run(
                new Sandbox.Job(
                    List.of("/bin/true"),
                    work,
                    Map.of(),
                    List.of(absent),
                    List.of(work),
                    false,
                    WIDE,
                    folder.resolve("output"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(absent.toString());
  }

  @Test
  void none_is_said_out_loud() {
    assertThat(Sandbox.choose(Sandbox.Wanted.NONE).describe())
        .startsWith("No sandbox (it was asked for): foreign code runs with your rights");
  }

  @Test
  void the_loopback_program_brings_loopback_up_where_no_tool_is_installed() throws Exception {
    sandbox(Kind.NAMESPACES);
    Process process =
        new ProcessBuilder(
                "unshare",
                "--user",
                "--map-root-user",
                "--net",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoopbackThenConnect.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("down, then up");
  }

  /** Runs inside a fresh network namespace. */
  static final class LoopbackThenConnect {
    public static void main(String[] args) throws Throwable {
      try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
        try {
          connect(server);
          System.out.print("up, then ");
        } catch (IOException e) {
          System.out.print("down, then ");
        }
        Loopback.main(args);
        connect(server);
        System.out.print("up");
      }
    }

    private static void connect(ServerSocket server) throws IOException {
      try (var socket = new java.net.Socket(server.getInetAddress(), server.getLocalPort())) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  /** A number of seconds to sleep that no other process has. */
  private static String marked(Kind kind) {
    sandbox(kind);
    return "3600." + Math.abs(UUID.randomUUID().getMostSignificantBits());
  }

  private static List<String> processes(String tag) {
    return ProcessHandle.allProcesses()
        .filter(h -> h.pid() != ProcessHandle.current().pid())
        .filter(h ->
            h.info().command().filter(c -> c.endsWith("sleep")).isPresent()
                && h.info().commandLine().filter(c -> c.contains(tag)).isPresent())
        .map(h -> h.pid() + " " + h.info().commandLine().orElse(""))
        .toList();
  }
}
