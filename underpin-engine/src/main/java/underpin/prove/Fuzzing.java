package underpin.prove;

import com.code_intelligence.jazzer.Jazzer;
import com.code_intelligence.jazzer.sanitizers.Constants;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import underpin.cases.Proof;
import underpin.cases.Proof.Fuzzed;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.sandbox.JvmArguments;
import underpin.sandbox.Sandbox;

/**
 * Compares two artifacts by the ordinary uses of a proof, whose inputs Jazzer makes guided by the
 * coverage of both. The numbers that a use asks for are cut from the fuzzer's bytes, so every input
 * is one that the proof could have made itself (as in Padhye et al., Semantic Fuzzing with Zest,
 * ISSTA 2019).
 */
final class Fuzzing {
  /** Ends it on a machine of any speed within the time, mostly. */
  private static final int INPUTS = 20_000;

  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Jazzer's own limit overruns on a busy machine; its start takes some seconds, too. */
  private static final Duration HARD = Duration.ofSeconds(90);

  /** Short ones are soon led somewhere, long ones feed uses that ask for many numbers. */
  private static final int[] SEED_BYTES = {9, 33, 129};

  private static final int LONGEST_INPUT = 512;
  private static final int MOST_USES = 8;
  private static final int MOST_PACKAGES = 300;

  private final Sandbox sandbox;
  private final Path jdkHome;
  private final int jdkRelease;

  Fuzzing(Sandbox sandbox, Path jdkHome, int jdkRelease) {
    this.sandbox = sandbox;
    this.jdkHome = jdkHome;
    this.jdkRelease = jdkRelease;
  }

  /**
   * @param before the artifact first, then what it needs
   * @param work an empty folder
   */
  Fuzzed compare(Proof proof, List<Path> before, List<Path> after, Path work)
      throws IOException, InterruptedException {
    Path classesBefore = Files.createDirectories(work.resolve("before"));
    Path classesAfter = Files.createDirectories(work.resolve("after"));
    Optional<String> refused = ProofCompiler.compile(proof, before, classesBefore);
    if (refused.isEmpty()) {
      refused = ProofCompiler.compile(proof, after, classesAfter);
    }
    if (refused.isPresent()) {
      return new Fuzzed.CouldNotRun(refused.get());
    }
    Path folder = Files.createDirectories(work.resolve("run"));
    seeds(Files.createDirectories(folder.resolve("corpus")));
    Path output = work.resolve("output");
    List<Path> readable = new ArrayList<>(List.of(classesBefore, classesAfter, jdkHome));
    readable.addAll(before);
    readable.addAll(after);
    readable.addAll(jazzer());
    Sandbox.Result result =
        sandbox.run(
            new Sandbox.Job(
                command(proof, classesBefore, before, classesAfter, after, folder),
                folder,
                Map.of(),
                readable.stream().map(Path::toAbsolutePath).distinct().toList(),
                List.of(folder),
                false,
                new Sandbox.Limits(HARD, 3L << 30, 300, 256L << 20, 8 << 20),
                output));
    String ended =
        switch (result) {
          case Sandbox.Result.Exited(int code, _) -> "the fuzzer ended with " + code;
          case Sandbox.Result.Stopped(String limit, _) -> "stopped by " + limit;
        };
    return read(folder.resolve("differences"), ended + reason(output));
  }

  private List<String> command(
      Proof proof,
      Path classesBefore,
      List<Path> before,
      Path classesAfter,
      List<Path> after,
      Path folder) {
    List<String> command = new ArrayList<>();
    command.add(jdkHome.resolve("bin/java").toString());
    command.addAll(
        List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(JvmArguments.SAME_EVERYWHERE);
    if (jdkRelease >= 21) {
      command.add("-XX:+EnableDynamicAgentLoading");
    }
    if (jdkRelease >= 17) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dunderpin.fuzz.before=" + ProofRunner.joined(classesBefore, before));
    command.add("-Dunderpin.fuzz.after=" + ProofRunner.joined(classesAfter, after));
    command.add("-Dunderpin.fuzz.proof=" + proof.name());
    command.add("-Dunderpin.fuzz.folder=" + folder);
    command.add("-cp");
    // Of the first side only what the harness itself is; each side is loaded apart.
    command.add(ProofRunner.joined(classesBefore, jazzer()));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=underpin.canary.Fuzz");
    command.add("--instrumentation_includes=" + packages(before.getFirst()));
    // Jazzer's own detectors would change what the uses give.
    command.add("--disabled_hooks=" + String.join(":", Constants.SANITIZER_HOOK_NAMES));
    command.add("--reproducer_path=" + folder);
    command.add("-artifact_prefix=" + folder + "/");
    command.add("-seed=1");
    command.add("-runs=" + INPUTS);
    command.add("-max_total_time=" + LONGEST.toSeconds());
    command.add("-timeout=20");
    command.add("-rss_limit_mb=2500");
    command.add("-len_control=0");
    command.add("-max_len=" + LONGEST_INPUT);
    command.add(folder.resolve("corpus").toString());
    return command;
  }

  /** Where Jazzer and its API lie. */
  private static List<Path> jazzer() {
    return Stream.of(Jazzer.class, com.code_intelligence.jazzer.api.Jazzer.class)
        .map(type -> {
          try {
            URI at = type.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(at).toAbsolutePath();
          } catch (URISyntaxException e) {
            throw new IllegalStateException("Jazzer lies at a place that is no path", e);
          }
        })
        .distinct()
        .toList();
  }

  /** Random bytes for each use, always the same. */
  private static void seeds(Path corpus) throws IOException {
    Random random = new Random(1);
    for (int use = 0; use < MOST_USES; use++) {
      for (int length : SEED_BYTES) {
        byte[] seed = new byte[length];
        random.nextBytes(seed);
        seed[0] = (byte) use;
        Files.write(corpus.resolve(use + "-" + length), seed);
      }
    }
  }

  /** {@return patterns for the packages of a jar, those within another left out} */
  private static String packages(Path jar) {
    List<String> outer = new ArrayList<>();
    for (String each : ClassFiles.packages(jar, ArchiveLimits.DEFAULT)) {
      boolean isWithin = !outer.isEmpty() && each.startsWith(outer.getLast() + ".");
      if (!isWithin && each.matches("[\\w$.-]+")) {
        outer.add(each);
      }
    }
    return outer.stream()
        .limit(MOST_PACKAGES)
        .map(each -> each + ".**")
        .collect(Collectors.joining(":"));
  }

  private static Fuzzed read(Path differences, String ended) throws IOException {
    List<Fuzzed.Difference> found = new ArrayList<>();
    if (Files.exists(differences)) {
      for (String line : Files.readAllLines(differences, StandardCharsets.US_ASCII)) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 7) {
          throw new IOException("the fuzzer's results are not as they were written");
        }
        if (parts[0].equals("end")) {
          long inputs = number(parts[1]);
          return new Fuzzed.Ran(inputs, inputs >= INPUTS, number(parts[2]), found);
        }
        found.add(
            new Fuzzed.Difference(
                text(parts[1]),
                text(parts[6]),
                text(parts[2]),
                text(parts[3]),
                !text(parts[4]).isEmpty() && text(parts[5]).isEmpty()));
      }
    }
    return found.isEmpty()
        ? new Fuzzed.CouldNotRun(ended)
        : new Fuzzed.Ran(0, false, found.size(), found);
  }

  private static long number(String encoded) throws IOException {
    try {
      return Long.parseLong(text(encoded));
    } catch (NumberFormatException e) {
      throw new IOException("the fuzzer's results are not as they were written", e);
    }
  }

  private static String text(String encoded) throws IOException {
    try {
      return ProofRunner.decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new IOException("the fuzzer's results are not as they were written", e);
    }
  }

  /** The line in which the fuzzer says what went wrong. */
  private static String reason(Path output) throws IOException {
    if (!Files.exists(output)) {
      return "";
    }
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("ERROR") || line.contains("Exception"))
        .findFirst()
        .map(line -> ": " + line.substring(0, Math.min(300, line.length())))
        .orElse("");
  }
}
