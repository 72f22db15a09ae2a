package underpin.verify;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import underpin.cases.Component;
import underpin.cases.Progress;
import underpin.maven.MavenOptions;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;
import underpin.verify.Baseline.TestOutcome;

/**
 * Runs a project's own Maven build in the sandbox. Tests run without network; what the build lacks
 * is fetched before, with network but without tests. Nothing that the build writes reaches the
 * user's local repository.
 */
final class ProjectBuild {
  private static final List<String> WRAPPER = List.of("/bin/sh", "./mvnw");
  private static final int TASKS = 8192;
  private static final long DISK_BYTES = 16L << 30;
  private static final long LOG_BYTES = 256L << 20;
  private static final Pattern MODULE = Pattern.compile("Building (.+?) +\\[(\\d+)/(\\d+)]");
  private static final Pattern TEST = Pattern.compile("Running (\\S+)");

  private final Sandbox sandbox;
  private final Path work;
  private final BuildOptions options;
  private final MavenOptions maven;
  private final UserMaven user;
  private final Jdks jdks;
  private final Progress progress;
  private final boolean overlay;
  private final Set<String> notes = new TreeSet<>();

  /**
   * How a build went.
   *
   * @param failure the log's telling lines; empty when it was built
   * @param blamesJdk whether another JDK may help
   */
  record Outcome(
      Optional<String> failure,
      boolean blamesJdk,
      boolean compiled,
      SortedMap<String, TestOutcome> tests) {}

  ProjectBuild(
      Sandbox sandbox,
      Path work,
      BuildOptions options,
      MavenOptions maven,
      Jdks jdks,
      Progress progress)
      throws IOException, InterruptedException {
    this.sandbox = sandbox;
    this.work = work;
    this.options = options;
    this.maven = maven;
    this.user = UserMaven.of(maven);
    this.jdks = jdks;
    this.progress = progress;
    Files.createDirectories(user.localRepository());
    Files.createDirectories(work.resolve("maven"));
    Files.createDirectories(work.resolve("repository"));
    notes.add(sandbox.describe());
    overlay =
        sandbox.kind() != Sandbox.Kind.NONE
            && sandbox.canOverlay(user.localRepository(), work.resolve("repository"));
    if (!overlay && sandbox.kind() != Sandbox.Kind.NONE) {
      notes.add(
          "This kernel overlays no folders for users: builds use a local repository of their own,"
              + " which is filled once.");
    }
    if (sandbox.kind() == Sandbox.Kind.NONE) {
      notes.add("Without sandbox, builds write to your own local repository.");
    }
  }

  /** {@return sentences for the report on how builds were run} */
  Set<String> notes() {
    return notes;
  }

  /** {@return the command that starts Maven: the project's own wrapper where it works} */
  List<String> launcher(Path copy, Jdk jdk) throws IOException, InterruptedException {
    if (Files.isRegularFile(copy.resolve("mvnw"))
        && Files.isRegularFile(copy.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
      Path log = work.resolve("wrapper.log");
      if (startsWrapper(copy, jdk, log)) {
        return WRAPPER;
      }
      notes.add(
          "The project's Maven wrapper does not start ("
              + String.join(" | ", BuildLog.read(log, copy).telling())
              + "): the installed Maven was used.");
    }
    return List.of(
        installed()
            .orElseThrow(() ->
                new IOException(
                    "Maven is not installed (no mvn in PATH), and the project's wrapper does not"
                        + " start here: install Maven 3.8 or newer"))
            .toString());
  }

  /** A wrapper may first fetch itself, into the copy, and then its Maven. */
  private boolean startsWrapper(Path copy, Jdk jdk, Path log)
      throws IOException, InterruptedException {
    List<String> version = new ArrayList<>(WRAPPER);
    version.add("--version");
    return run(version, copy, jdk, !options.offline(), log)
            instanceof Sandbox.Result.Exited(int code, _)
        && code == 0;
  }

  private static Optional<Path> installed() throws IOException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    List<Path> places = new ArrayList<>();
    for (String folder : path.split(Pattern.quote(java.io.File.pathSeparator))) {
      if (!folder.isEmpty()) {
        places.add(Path.of(folder, "mvn"));
      }
    }
    places.add(Path.of("/usr/bin/mvn"));
    places.add(Path.of("/opt/maven/bin/mvn"));
    places.add(
        Path.of(System.getProperty("user.home", "/"), ".sdkman/candidates/maven/current/bin/mvn"));
    for (Path place : places) {
      if (Files.isExecutable(place)) {
        return Optional.of(place.toRealPath());
      }
    }
    return Optional.empty();
  }

  /** Builds and tests the copy. Offline first; what that lacks is then fetched, once. */
  Outcome build(List<String> launcher, String goal, Path copy, Jdk jdk, String stage)
      throws IOException, InterruptedException {
    Path log = work.resolve(stage + ".log");
    if (launcher.equals(WRAPPER) && !startsWrapper(copy, jdk, log)) {
      return new Outcome(
          Optional.of(
              "the Maven wrapper does not start:\n"
                  + String.join("\n", BuildLog.read(log, copy).telling())),
          false,
          true,
          new TreeMap<>());
    }
    Optional<String> failure = Optional.empty();
    boolean blamesJdk = false;
    boolean compiled = true;
    for (int round = 0; round < 2; round++) {
      TestReports.clear(copy);
      Sandbox.Result result = maven(launcher, List.of(goal), copy, jdk, false, stage, log);
      failure = failure(result, log, copy);
      BuildLog printed = BuildLog.read(log, copy);
      blamesJdk = printed.blamesJdk();
      compiled = !printed.failedToCompile();
      if (failure.isEmpty() || options.offline() || !printed.lacksArtifacts() || round > 0) {
        break;
      }
      Optional<String> unfetched = fetch(launcher, goal, copy, jdk, stage);
      if (unfetched.isPresent()) {
        return new Outcome(unfetched, fetchBlamesJdk(copy), true, new TreeMap<>());
      }
    }
    return new Outcome(failure, blamesJdk, compiled, TestReports.read(copy));
  }

  /** {@return why the build fails even with network; empty where it got as far as its tests} */
  private Optional<String> fetch(
      List<String> launcher, String goal, Path copy, Jdk jdk, String stage)
      throws IOException, InterruptedException {
    // Surefire fetches the provider for the tests' framework only when it is about to start their
    // JVM.
    // So it gets one that ends at once: all is fetched, no test has run. Surefire insists on the
    // name.
    Path java = work.resolve("no-tests/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nexit 1\n");
    if (!java.toFile().setExecutable(true)) {
      throw new IOException(java + " cannot be made executable: use a work folder that allows it");
    }
    Path log = work.resolve("fetch.log");
    Sandbox.Result result =
        maven(launcher, List.of("-Djvm=" + java, goal), copy, jdk, true, stage + ": fetch", log);
    Optional<String> failure = failure(result, log, copy);
    BuildLog printed = BuildLog.read(log, copy);
    if (failure.isPresent() && printed.failedAtTests()) {
      return Optional.empty();
    }
    return failure.isPresent() && printed.wantsLogin()
        ? Optional.of(
            failure.get()
                + "\nA repository or proxy asks for a login. Builds never get the logins of your"
                + " settings: build the project once by hand, which fetches what it needs, and run"
                + " fix again.")
        : failure;
  }

  private boolean fetchBlamesJdk(Path copy) throws IOException {
    return BuildLog.read(work.resolve("fetch.log"), copy).blamesJdk();
  }

  /** Runs some test classes again in a copy that is built. */
  SortedMap<String, TestOutcome> repeat(
      List<String> launcher, String goal, Path copy, Jdk jdk, Set<String> tests, String stage)
      throws IOException, InterruptedException {
    String classes =
        tests.stream()
            .map(t -> t.split("#", 3)[1])
            .map(c -> c.substring(c.lastIndexOf('.') + 1).replaceAll("[$(].*", ""))
            .filter(c -> !c.isBlank())
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    TestReports.clear(copy);
    maven(
        launcher,
        List.of(
            "-Dtest=" + classes,
            "-Dit.test=" + classes,
            "-DfailIfNoTests=false",
            "-DfailIfNoSpecifiedTests=false",
            "-Dsurefire.failIfNoSpecifiedTests=false",
            "-Dfailsafe.failIfNoSpecifiedTests=false",
            goal),
        copy,
        jdk,
        false,
        stage,
        work.resolve("repeat.log"));
    return TestReports.read(copy);
  }

  private static Optional<String> failure(Sandbox.Result result, Path log, Path copy)
      throws IOException {
    return switch (result) {
      case Sandbox.Result.Exited(int code, _) when code == 0 -> Optional.empty();
      case Sandbox.Result.Exited _ ->
          Optional.of(String.join("\n", BuildLog.read(log, copy).telling()));
      case Sandbox.Result.Stopped(String limit, _) ->
          Optional.of("the build passed " + limit + " and was stopped");
    };
  }

  private Sandbox.Result maven(
      List<String> launcher,
      List<String> what,
      Path copy,
      Jdk jdk,
      boolean network,
      String stage,
      Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launcher);
    command.add("-B");
    command.add("-Dstyle.color=never");
    // Not -ntp, which Maven before 3.6.1 refuses.
    command.add(
        "-Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.transfer.Slf4jMavenTransferListener=warn");
    // Tests that fail already must not hide the others; they are read one by one.
    command.add("-Dmaven.test.failure.ignore=true");
    if (!network) {
      command.add("-o");
      // A repository that lies in the project itself is no network.
      command.add("-Daether.offline.protocols=file");
    }
    if (user.settings().isPresent()) {
      Path plain = work.resolve("settings-without-credentials.xml");
      user.writeWithoutSecrets(plain);
      command.add("-s");
      command.add(plain.toString());
    }
    command.addAll(repository());
    if (options.mavenArgs().stream().noneMatch(a -> a.startsWith("-t") || a.startsWith("--tool"))) {
      command.add("-t");
      command.add(toolchains().toString());
    }
    if (options.mavenArgs().stream().noneMatch(a -> a.startsWith("-P"))
        && !maven.profiles().isEmpty()) {
      command.add("-P" + String.join(",", maven.profiles()));
    }
    maven
        .userProperties()
        .forEach((name, value) -> {
          if (options.mavenArgs().stream()
              .noneMatch(a -> a.equals("-D" + name) || a.startsWith("-D" + name + "="))) {
            command.add("-D" + name + "=" + value);
          }
        });
    command.addAll(options.mavenArgs());
    command.addAll(what);
    try (Follower _ = new Follower(log, stage, progress)) {
      return run(command, copy, jdk, network, log);
    }
  }

  /**
   * Forgets a release that an earlier build has kept: one of that name with other content may have
   * come with another patch.
   */
  void forget(Component component) throws IOException {
    int colon = component.name().indexOf(':');
    Path place =
        Path.of(component.name().substring(0, colon).replace('.', '/'))
            .resolve(component.name().substring(colon + 1))
            .resolve(component.version());
    Path kept = work.resolve("repository");
    List<Path> layers = new ArrayList<>(List.of(kept));
    if (Files.isDirectory(kept)) {
      // An overlay keeps its changes one folder deeper.
      try (Stream<Path> deeper = Files.list(kept)) {
        deeper.filter(f -> Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS)).forEach(layers::add);
      }
    }
    for (Path layer : layers) {
      Path release = layer.resolve(place).normalize();
      if (release.startsWith(kept) && Files.isDirectory(release, LinkOption.NOFOLLOW_LINKS)) {
        WorkingCopy.delete(release);
      }
    }
  }

  private Path toolchains() throws IOException {
    Optional<Path> own = Toolchains.ofUser(user);
    if (own.isPresent()) {
      return own.get();
    }
    Path made = work.resolve("toolchains.xml");
    Toolchains.write(made, jdks.installed());
    return made;
  }

  private List<String> repository() {
    if (options.mavenArgs().stream().anyMatch(a -> a.startsWith("-Dmaven.repo.local="))) {
      return List.of();
    }
    return overlay || sandbox.kind() == Sandbox.Kind.NONE
        ? List.of("-Dmaven.repo.local=" + user.localRepository())
        : List.of(
            "-Dmaven.repo.local=" + work.resolve("repository"),
            "-Dmaven.repo.local.tail=" + user.localRepository());
  }

  private Sandbox.Result run(List<String> command, Path copy, Jdk jdk, boolean network, Path log)
      throws IOException, InterruptedException {
    List<Path> readable = new ArrayList<>();
    for (Jdks.Installed other : jdks.installed()) {
      add(readable, other.home());
    }
    add(readable, jdk.home());
    add(readable, user.folder().resolve("toolchains.xml"));
    add(readable, work.resolve("toolchains.xml"));
    add(readable, work.resolve("no-tests"));
    add(readable, work.resolve("settings-without-credentials.xml"));
    Path program = Path.of(command.getFirst());
    if (program.isAbsolute() && program.getNameCount() > 2) {
      // Its installation: bin/mvn and what lies beside bin.
      add(readable, Path.of("/").resolve(program.subpath(0, program.getNameCount() - 2)));
    }
    List<Path> writable = new ArrayList<>(List.of(copy, work.resolve("maven")));
    List<Sandbox.Overlay> overlays = new ArrayList<>();
    if (overlay) {
      overlays.add(new Sandbox.Overlay(user.localRepository(), work.resolve("repository")));
    } else {
      add(readable, user.localRepository());
      writable.add(work.resolve("repository"));
    }
    Map<String, String> environment = new TreeMap<>();
    environment.put("JAVA_HOME", jdk.home().toString());
    environment.put("MAVEN_USER_HOME", work.resolve("maven").toString());
    environment.put("MAVEN_SKIP_RC", "true");
    environment.put("PATH", jdk.home() + "/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    return sandbox.run(
        new Sandbox.Job(
            command, copy, environment, readable, writable, overlays, network, limits(), log));
  }

  /** The system's own folders are seen anyway. */
  private static void add(List<Path> readable, Path path) {
    if (Files.exists(path) && !path.startsWith("/usr") && !readable.contains(path)) {
      readable.add(path);
    }
  }

  private Sandbox.Limits limits() {
    long physical =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 4L << 30;
    return new Sandbox.Limits(
        options.timeout(), Math.max(2L << 30, physical / 4 * 3), TASKS, DISK_BYTES, LOG_BYTES);
  }

  /** Reads along in the log, and tells which module and test it is at. */
  private static final class Follower implements AutoCloseable {
    private final Path log;
    private final String stage;
    private final Progress progress;
    private final Thread thread;
    private long read;
    private long done;
    private long total;

    Follower(Path log, String stage, Progress progress) throws IOException {
      this.log = log;
      this.stage = stage;
      this.progress = progress;
      Files.deleteIfExists(log);
      progress.at(stage, 0, 0, "start");
      thread = Thread.ofPlatform().daemon(true).name("underpin-build-log").start(this::follow);
    }

    private void follow() {
      try {
        while (true) {
          Thread.sleep(300);
          more();
        }
      } catch (InterruptedException e) {
        // The build has ended.
      }
    }

    private void more() {
      if (!Files.exists(log)) {
        return;
      }
      try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
        long length = file.length();
        // A flood is not worth reading for its progress.
        read = Math.max(read, length - (1 << 20));
        file.seek(read);
        byte[] bytes = new byte[(int) (length - read)];
        file.readFully(bytes);
        read = length;
        String item = "";
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
          Matcher module = MODULE.matcher(line);
          Matcher test = TEST.matcher(line);
          if (module.find()) {
            done = Long.parseLong(module.group(2));
            total = Long.parseLong(module.group(3));
            item = module.group(1);
          } else if (line.startsWith("[INFO] Running ") && test.find()) {
            item = test.group(1);
          }
        }
        if (!item.isEmpty()) {
          progress.at(stage, done, total, item);
        }
      } catch (IOException | NumberFormatException e) {
        // Progress only.
        read = 0;
      }
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }
  }
}
