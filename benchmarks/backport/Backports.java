import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.campaign.BackportOutcome;
import underpin.campaign.BackportRequest;
import underpin.campaign.BackportRun;
import underpin.campaign.CallSearch;
import underpin.campaign.CampaignException;
import underpin.campaign.Policy;
import underpin.campaign.Setup;
import underpin.cases.Rung;
import underpin.fix.backport.Hunk;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.prove.ProofLibrary;
import underpin.reach.functions.CopySearch;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.sandbox.Sandbox;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Backports onto pairs (advisory, version) that a rule chooses before anything is tried. README.md
 * has the rule, the arguments and what is counted.
 */
public final class Backports {
  private static final int MOST_OF_LIBRARY = 2;
  private static final int MOST_OF_GROUP = 4;
  private static final Duration LONGEST = Duration.ofMinutes(4);

  /** None: upstream's published tests would take longer than all else; rung 5 is not run then. */
  private static final Duration TESTS = Duration.ZERO;

  /** Making and proving; what is not back by then is given up. */
  private static final Duration WHOLE = Duration.ofMinutes(10);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final AdvisoryStore store;
  private final MavenSession maven;
  private final Setup setup;
  private final Path folder;

  private Backports(AdvisoryStore store, MavenSession maven, MavenOptions options, Path folder) {
    this.store = store;
    this.maven = maven;
    this.folder = folder;
    this.setup =
        new Setup(
            "benchmark",
            store,
            options,
            Policy.none(),
            Set.of(),
            false,
            CallSearch.NONE,
            false,
            Clock.systemUTC(),
            m -> {});
  }

  public static void main(String[] args) throws Exception {
    Path pairs = Path.of(args[1]);
    Path folder = Files.createDirectories(Path.of(args[2]));
    MavenOptions options =
        new MavenOptions(
            false, Optional.empty(), Optional.empty(), List.of(), new TreeMap<>(), Optional.empty());
    try (AdvisoryStore store = AdvisoryStore.openDefault();
        MavenSession maven = MavenSession.open(options)) {
      Backports all = new Backports(store, maven, options, folder);
      switch (args[0]) {
        case "choose" -> all.choose(pairs, number(args, 3, 60), others(pairs));
        case "run" -> all.run(Pair.read(pairs), number(args, 3, 60), number(args, 4, 0));
        case "summary" -> all.summary(Pair.read(pairs));
        default -> throw new IllegalArgumentException("choose, run or summary, not " + args[0]);
      }
    }
    System.exit(0); // what was given up may still run
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  /** What the other lists of pairs beside this one hold. */
  private static List<Pair> others(Path pairs) throws IOException {
    List<Pair> others = new ArrayList<>();
    try (Stream<Path> files = Files.list(pairs.toAbsolutePath().getParent())) {
      for (Path one : files.filter(f -> f.getFileName().toString().matches("pairs.*\\.tsv")).toList()) {
        if (!one.getFileName().equals(pairs.getFileName())) {
          others.addAll(Pair.read(one));
        }
      }
    }
    return others;
  }

  /** @param others which are passed over, and count for how many of a library and a group may be */
  private void choose(Path pairs, int wanted, List<Pair> others) throws IOException {
    List<FunctionList.Derived> lists = new ArrayList<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        lists.add(derived);
      }
    });
    lists.sort(Comparator.comparing(l -> digest(l.id())));
    Map<String, Integer> ofLibrary = new HashMap<>();
    Map<String, Integer> ofGroup = new HashMap<>();
    Set<String> known = new TreeSet<>();
    for (Pair one : others) {
      known.add(one.id());
      ofLibrary.merge(one.around().name(), 1, Integer::sum);
      ofGroup.merge(one.version().groupId(), 1, Integer::sum);
    }
    List<String> lines = new ArrayList<>();
    lines.add("# Chosen by the rule in README.md: id, artifact, version, last affected, first fixed");
    for (FunctionList.Derived list : lists) {
      if (lines.size() > wanted) {
        break;
      }
      if (!known.contains(list.id())) {
        pair(list, ofLibrary, ofGroup).map(Pair::line).ifPresent(lines::add);
      }
    }
    Files.write(pairs, lines);
  }

  private void run(List<Pair> pairs, int most, int skip) throws Exception {
    for (Pair pair : pairs.stream().skip(skip).limit(most).toList()) {
      Path kept = folder.resolve(pair.name() + ".json");
      if (Files.exists(kept)) {
        continue;
      }
      ObjectNode node = result(pair);
      Files.writeString(kept, JSON.writeValueAsString(node));
      print.println(line(node));
    }
    summary(pairs.stream().skip(skip).limit(most).toList());
  }

  private ObjectNode result(Pair pair) throws Exception {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", pair.id()).put("version", pair.version().toString());
    node.put("affected", pair.around().affected()).put("fixed", pair.around().fixed());
    Path out = folder.resolve(pair.name());
    delete(out);
    List<Advisory> advisories = store.byId(pair.id());
    Set<String> ids = new TreeSet<>(Set.of(pair.id()));
    advisories.forEach(a -> ids.addAll(a.vulnerability().aliases()));
    node.put("proof", ProofLibrary.shipped().of(ids, pair.version().key()).isPresent());
    long start = System.nanoTime();
    FutureTask<BackportOutcome> task =
        new FutureTask<>(() ->
            new BackportRun(setup)
                .run(
                    new BackportRequest(
                        pair.version(),
                        pair.id(),
                        Optional.empty(),
                        pair.own().map(_ -> pair.around()),
                        LONGEST,
                        out,
                        Sandbox.Wanted.BEST,
                        Duration.ZERO,
                        TESTS)));
    Thread worker = new Thread(task, pair.name());
    worker.setDaemon(true);
    worker.start();
    try {
      outcome(node, task.get(WHOLE.toSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      worker.interrupt();
      failed(node, "The time for it was used up, with its proofs");
    } catch (ExecutionException e) {
      failed(
          node,
          e.getCause() instanceof CampaignException said ? said.getMessage() : trace(e.getCause()));
    }
    node.put("seconds", (System.nanoTime() - start) / 100_000_000 / 10.0);
    Path jar = jar(out);
    if (jar != null) {
      CopySearch search = CopySearch.ofShipped(store);
      node.put("copies", told(search, jar, pair.id()));
      node.put("copiesBefore", told(search, maven.fetch(pair.version()).orElseThrow(), pair.id()));
    }
    if (jar != null && pair.own().isPresent()) {
      Known.compare(node, pair, jar, maven, store);
    }
    boolean shown =
        node.path("compiled").asBoolean()
            && node.path("compatible").asBoolean()
            && node.path("fingerprint").asBoolean()
            && !node.path("result").asText().equals("incomplete");
    node.put("right", shown || node.path("result").asText().equals("not-applicable"));
    node.put("cause", shown ? "" : cause(node));
    return node;
  }

  /** With the place, for it is a defect of ours. */
  private static String trace(Throwable defect) {
    String places =
        Stream.of(defect.getStackTrace())
            .filter(f -> f.getClassName().startsWith("underpin."))
            .limit(4)
            .map(f -> f.getFileName() + ":" + f.getLineNumber())
            .collect(java.util.stream.Collectors.joining(", "));
    return defect + " (" + places + ")";
  }

  private static void failed(ObjectNode node, String because) {
    node.put("result", "incomplete").put("because", because);
  }

  private static void outcome(ObjectNode node, BackportOutcome outcome) {
    node.put("result", outcome.result().word()).put("because", outcome.because());
    ObjectNode rungs = node.putObject("rungs");
    outcome
        .rungs()
        .forEach((rung, result) ->
            rungs.put(
                String.valueOf(rung.number()), result.word() + ": " + result.because()));
    node.put("compiled", passed(outcome, Rung.BUILDS));
    node.put("compatible", passed(outcome, Rung.BINARY_COMPATIBLE));
    node.put("fingerprint", passed(outcome, Rung.VULNERABLE_CODE_GONE));
    node.put(
        "proven",
        Stream.of(
                Rung.PROOF_STOPPED,
                Rung.BENIGN_CONTROL,
                Rung.PROOF_VARIANTS,
                Rung.SAME_BEHAVIOUR)
            .allMatch(r -> passed(outcome, r)));
    for (Hunk.Fate fate : Hunk.Fate.values()) {
      node.put(
          "hunks" + fate.name().charAt(0) + fate.name().substring(1).toLowerCase(Locale.ROOT),
          outcome.hunks().stream().filter(h -> h.fate() == fate).count());
    }
    var hunks = node.putArray("hunks");
    outcome.hunks().stream()
        .filter(h -> h.fate() != Hunk.Fate.LEFT)
        .forEach(h ->
            hunks.add(
                h.fate().name().toLowerCase(Locale.ROOT)
                    + " " + h.change() + " " + h.file() + " " + h.member() + ": " + h.because()));
    var evidence = node.putArray("evidence");
    outcome.evidence().forEach(evidence::add);
    var notes = node.putArray("notes");
    outcome.notes().forEach(notes::add);
  }

  private static boolean passed(BackportOutcome outcome, Rung rung) {
    return outcome.rungs().get(rung) instanceof Rung.Result.Passed;
  }

  /** By what the answer says first. */
  private static String cause(JsonNode node) {
    String because = node.path("because").asText();
    if (node.path("result").asText().equals("not-applicable")) {
      return "not applicable";
    }
    Map<String, String> starts = new java.util.LinkedHashMap<>();
    starts.put("The change does not fit", "a statement has no place");
    starts.put("It does not compile", "does not compile");
    starts.put("It needs too much else", "needs too much of the fixed release");
    starts.put("An earlier change must come first", "an earlier fix is missing");
    starts.put("What the fix changes in", "not isolated");
    starts.put("What the fix changes is not known", "not isolated");
    starts.put("The result is not what the fix makes", "another result than the fix's");
    starts.put("A part of the fix is not in it", "a part is left out");
    starts.put("Only a part of the fix has a place", "a part is left out");
    starts.put("It would break who uses it", "binary incompatible");
    starts.put("none of the functions of the fix differs", "not isolated");
    starts.put("The time for it", "time");
    starts.put("The sources of", "sources missing");
    starts.put("rung ", "refused by the ladder");
    starts.put("No release of", "not isolated");
    for (Map.Entry<String, String> one : starts.entrySet()) {
      if (because.startsWith(one.getKey())) {
        return one.getValue();
      }
    }
    if (because.contains("has no sources")) {
      return "sources missing";
    }
    if (because.contains("compiled with cannot be resolved")) {
      return "class path";
    }
    return node.path("fingerprint").asBoolean() || !node.has("rungs")
        ? "other"
        : "made, but a function could not be told";
  }

  static String told(CopySearch search, Path jar, String id) {
    boolean vulnerable = false;
    boolean fixed = false;
    for (CopySearch.Copy copy : search.search(jar)) {
      vulnerable |= copy.vulnerable().contains(id);
      fixed |= copy.fixed().contains(id);
    }
    return vulnerable ? "vulnerable" : fixed ? "fixed" : "silent";
  }

  private static Path jar(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".jar") && !f.toString().endsWith("-sources.jar"))
          .findFirst()
          .orElse(null);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  private static String line(JsonNode node) {
    StringBuilder rungs = new StringBuilder();
    for (int i = 1; i <= 11; i++) {
      String word = node.path("rungs").path(String.valueOf(i)).asText("-");
      rungs.append(word.startsWith("passed") ? 'P' : word.startsWith("failed") ? 'F' : '-');
    }
    return String.join(
            "\t",
            node.path("id").asText(),
            node.path("version").asText(),
            node.path("result").asText(),
            rungs,
            node.path("right").asBoolean() ? "right" : "wrong",
            node.path("copies").asText("-"),
            node.path("seconds").asText(),
            node.path("cause").asText(),
            node.path("because").asText(),
            node.path("own").toString())
        .replaceAll("[\\r\\n]+\\s*", " ");
  }

  private void summary(List<Pair> pairs) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    Set<String> libraries = new TreeSet<>();
    for (Pair pair : pairs) {
      Path kept = folder.resolve(pair.name() + ".json");
      if (Files.exists(kept)) {
        nodes.add(JSON.readTree(kept.toFile()));
        libraries.add(pair.around().name());
      }
    }
    Map<String, Integer> results = new TreeMap<>();
    Map<String, Integer> causes = new TreeMap<>();
    List<Double> seconds = new ArrayList<>();
    int none = 0;
    int shown = 0;
    int proofs = 0;
    int proven = 0;
    Map<String, Integer> copies = new TreeMap<>();
    for (JsonNode node : nodes) {
      String result = node.path("result").asText();
      results.merge(result, 1, Integer::sum);
      seconds.add(node.path("seconds").asDouble());
      boolean applies = !result.equals("not-applicable");
      none += applies ? 0 : 1;
      boolean right = node.path("right").asBoolean();
      shown += applies && right ? 1 : 0;
      if (!right) {
        causes.merge(cause(node), 1, Integer::sum);
      }
      if (applies && node.path("proof").asBoolean()) {
        proofs++;
        proven += result.equals("fixed") ? 1 : 0;
      }
      if (node.has("copies")) {
        copies.merge(node.path("copies").asText(), 1, Integer::sum);
      }
    }
    seconds.sort(null);
    int valid = nodes.size() - none;
    print.println("# pairs " + nodes.size() + ", libraries " + libraries.size() + ", " + results);
    print.println(
        "# compiled, compatible and shown fixed by fingerprints: " + share(shown, valid)
            + " of the pairs with something to fix; not applicable: " + none);
    print.println("# fixed by rungs 6 to 9, where a proof exists: " + share(proven, proofs));
    print.println("# the copy search says of the jars made: " + copies);
    print.println("# causes: " + causes);
    if (!seconds.isEmpty()) {
      print.printf(
          Locale.ROOT,
          "# seconds: median %.1f, worst %.1f; peak memory of this JVM %d MiB%n",
          seconds.get(seconds.size() / 2),
          seconds.getLast(),
          peak());
    }
  }

  private static String share(int some, int all) {
    return all == 0
        ? "0 of 0"
        : String.format(Locale.ROOT, "%d of %d (%.0f %%)", some, all, 100.0 * some / all);
  }

  private static long peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }

  /** The newest affected stable release at least one minor older than the first fixed one, where its sources can be had. */
  private Optional<Pair> pair(
      FunctionList.Derived list, Map<String, Integer> ofLibrary, Map<String, Integer> ofGroup) {
    VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);
    for (ReleasePair around : list.compared()) {
      String name = around.name();
      String group = name.substring(0, name.indexOf(':'));
      if (ofLibrary.getOrDefault(name, 0) >= MOST_OF_LIBRARY
          || ofGroup.getOrDefault(group, 0) >= MOST_OF_GROUP) {
        continue;
      }
      List<Advisory> advisories =
          store.byId(list.id()).stream().filter(a -> a.packageName().equals(name)).toList();
      String artifact = name.substring(name.indexOf(':') + 1);
      String lowest =
          list.compared().stream()
              .filter(p -> p.name().equals(name))
              .map(ReleasePair::fixed)
              .min(order)
              .orElseThrow();
      List<String> older =
          maven.versions(group, artifact).stream()
              .filter(v -> order.compare(v, lowest) < 0 && !minor(v).equals(minor(lowest)))
              .filter(v -> !v.matches("(?i).*(alpha|beta|rc|cr|-m|milestone|snapshot|pre|dev).*"))
              .filter(v -> advisories.stream().anyMatch(a -> store.affects(a, v).isPresent()))
              .toList();
      if (older.isEmpty()) {
        continue;
      }
      Gav version = new Gav(group, artifact, older.getLast());
      if (maven.fetch(new Gav(group, artifact, older.getLast(), "sources", "jar")).isEmpty()
          || maven.fetch(new Gav(group, artifact, around.affected(), "sources", "jar")).isEmpty()
          || maven.fetch(new Gav(group, artifact, around.fixed(), "sources", "jar")).isEmpty()) {
        continue;
      }
      ofLibrary.merge(name, 1, Integer::sum);
      ofGroup.merge(group, 1, Integer::sum);
      return Optional.of(new Pair(list.id(), version, around, Optional.empty()));
    }
    return Optional.empty();
  }

  private static String minor(String version) {
    String[] parts = version.split("[.-]");
    return parts[0] + "." + (parts.length > 1 ? parts[1] : "0");
  }

  private static String digest(String id) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
