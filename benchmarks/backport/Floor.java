import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.advisory.VersionOrders;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * The floor: the source diff of the same two releases, put on the version by {@code git apply
 * --3way} and by GNU patch. Whole, and only the files that hold functions of the cut. Text only, in
 * a temporary folder. Whether the result compiles, or is the fix, is not looked at.
 */
public final class Floor {
  private static final long LONGEST_SECONDS = 120;

  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  public static void main(String[] args) throws Exception {
    PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    MavenOptions options =
        new MavenOptions(
            false, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());
    int[] sums = new int[5];
    try (MavenSession maven = MavenSession.open(options)) {
      for (Pair pair : Pair.read(Path.of(args[0]))) {
        Path work = Files.createTempDirectory("underpin-floor-");
        try {
          boolean[] clean = of(pair, maven, work);
          sums[0]++;
          StringBuilder line = new StringBuilder(pair.name());
          for (int i = 0; i < clean.length; i++) {
            sums[i + 1] += clean[i] ? 1 : 0;
            line.append('\t').append(clean[i] ? "clean" : "-");
          }
          print.println(line);
        } catch (IOException e) {
          print.println(pair.name() + "\tnot tried: " + e.getMessage());
        } finally {
          delete(work);
        }
      }
    }
    print.printf(
        "# of %d: whole diff by git apply -3 %d, by patch %d; files of the cut by git apply -3 %d, by patch %d%n",
        sums[0], sums[1], sums[2], sums[3], sums[4]);
    System.exit(0);
  }

  /** Whether it goes on: whole by git, by patch; the files of the cut by git, by patch. */
  private static boolean[] of(Pair pair, MavenSession maven, Path work)
      throws IOException, InterruptedException {
    Gav version = pair.version();
    Optional<FunctionList.Derived> list = functions(pair.id());
    ReleasePair around =
        list.stream()
            .flatMap(l -> l.compared().stream())
            .filter(p -> p.name().equals(version.key()))
            .min(
                Comparator.<ReleasePair>comparingInt(
                        p -> ORDER.compare(p.fixed(), version.version()) > 0 ? 0 : 1)
                    .thenComparing(ReleasePair::fixed, ORDER))
            .orElse(pair.around());
    Path repository = Files.createDirectories(work.resolve("repository"));
    git(repository, "init", "-q");
    commit(repository, sources(version.withVersion(around.affected()), maven));
    String before = commitId(repository);
    commit(repository, sources(version.withVersion(around.fixed()), maven));
    String after = commitId(repository);
    commit(repository, sources(version, maven));
    Set<String> files = new TreeSet<>();
    for (var function : list.map(FunctionList.Derived::cut).orElse(List.of())) {
      String outer = function.className().replaceAll("(?<=.)\\$.*", "");
      files.add(outer.replace('.', '/') + ".java");
    }
    Path whole = work.resolve("whole.diff");
    Path cut = work.resolve("cut.diff");
    diff(repository, before, after, whole, List.of());
    diff(repository, before, after, cut, new ArrayList<>(files));
    return new boolean[] {
      applies(repository, whole, true),
      applies(repository, whole, false),
      applies(repository, cut, true),
      applies(repository, cut, false)
    };
  }

  private static boolean applies(Path repository, Path diff, boolean byGit)
      throws IOException, InterruptedException {
    git(repository, "reset", "-q", "--hard");
    git(repository, "clean", "-q", "-f", "-d", "-x");
    if (Files.size(diff) == 0) {
      return false;
    }
    return byGit
        ? run(repository, null, "git", "apply", "-3", diff.toString()) == 0
        : run(repository, null, "patch", "-p1", "-f", "-s", "--dry-run", "-i", diff.toString()) == 0;
  }

  private static void diff(
      Path repository, String before, String after, Path to, List<String> files)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "diff", "--full-index", before, after, "--"));
    command.addAll(files);
    if (run(repository, to, command.toArray(String[]::new)) != 0) {
      throw new IOException("git diff failed");
    }
  }

  private static Path sources(Gav gav, MavenSession maven) throws IOException {
    return maven
        .fetch(new Gav(gav.groupId(), gav.artifactId(), gav.version(), "sources", "jar"))
        .orElseThrow(() -> new IOException("no sources of " + gav));
  }

  private static void commit(Path repository, Path sources)
      throws IOException, InterruptedException {
    git(repository, "rm", "-r", "-q", "-f", "--ignore-unmatch", ".");
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path to = repository.resolve(entry.getName()).normalize();
        if (entry.getName().endsWith(".java") && to.startsWith(repository)) {
          Files.createDirectories(to.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.write(to, in.readAllBytes());
          }
        }
      }
    }
    git(repository, "add", "-A");
    git(
        repository,
        "-c",
        "user.name=benchmark",
        "-c",
        "user.email=benchmark@example.org",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        sources.getFileName().toString());
  }

  private static String commitId(Path repository) throws IOException, InterruptedException {
    Path out = repository.resolveSibling("id");
    run(repository, out, "git", "rev-parse", "HEAD");
    return Files.readString(out).strip();
  }

  private static void git(Path repository, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "core.autocrlf=false"));
    command.addAll(List.of(arguments));
    if (run(repository, null, command.toArray(String[]::new)) != 0) {
      throw new IOException("git " + arguments[0] + " failed");
    }
  }

  private static int run(Path folder, Path out, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.redirectOutput(
        out == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(out.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return -1;
    }
    return process.exitValue();
  }

  private static Optional<FunctionList.Derived> functions(String id) {
    List<FunctionList.Derived> found = new ArrayList<>();
    ShippedFunctions.forEach(list -> {
      if (list.id().equals(id) && list instanceof FunctionList.Derived derived) {
        found.add(derived);
      }
    });
    return found.stream().findFirst();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
