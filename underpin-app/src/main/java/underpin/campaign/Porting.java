package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import underpin.advisory.Advisory;
import underpin.advisory.VersionOrders;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.evidence.Sha256;
import underpin.fix.backport.Backport;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.BackportRequest.Release;
import underpin.fix.backport.Backporter;
import underpin.fix.backport.FixFunction;
import underpin.fix.backport.Hunk;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.Linkage;
import underpin.program.LinkageBreak;
import underpin.program.method.JarCode;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionJson;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.verify.Baseline.Jdk;
import underpin.verify.ProofJudge;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/** Makes backports, and judges each as far as that can be done without a project. */
final class Porting {
  private static final int MOST_FIXES = 3;

  /** Releases looked at for one with sources. */
  private static final int MOST_NEIGHBOURS = 5;

  /**
   * How likely what is left of the fix may be part of it, of all that may be, where the
   * fingerprints say that the flaw is gone.
   */
  private static final double SMALL = 0.1;

  private final Setup setup;
  private final MavenSession maven;
  private final ReleaseClassPath releases;
  private final ProofJudge proofs;
  private final ProofJudge.Depth depth;
  private final Optional<PublishedTests> tests;
  private final Optional<PortingCache> cache;
  private final Progress progress;
  private final VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);
  private final UnnamedLibraries libraries;

  /**
   * @param depth of rung 10
   * @param tests upstream's, for rung 5; empty: a project's own tests are run later
   * @param cache keeps what was made by the digest of all that it was made from
   */
  Porting(
      Setup setup,
      MavenSession maven,
      ProofJudge proofs,
      ProofJudge.Depth depth,
      Optional<PublishedTests> tests,
      Optional<PortingCache> cache,
      Progress progress) {
    this.setup = setup;
    this.maven = maven;
    this.releases = new ReleaseClassPath(maven, progress);
    this.tests = tests;
    this.proofs = proofs;
    this.depth = depth;
    this.cache = cache;
    this.progress = progress;
    this.libraries = new UnnamedLibraries(LibraryTable.shipped(), maven);
  }

  /**
   * What the fix is put on.
   *
   * @param component as it is released; the files may hold other fixes already
   */
  record Subject(Gav component, Path jar, Optional<Path> sources) {}

  /**
   * What was made.
   *
   * @param sources changed and new files by path
   */
  record Code(byte[] jar, SortedMap<String, byte[]> sources) {}

  /**
   * What came of it.
   *
   * @param outcome names no files: none are written
   * @param code there where the outcome is fixed or mitigated
   */
  record Ported(BackportOutcome outcome, Optional<Code> code) {
    /** {@return the same with notes after its own} */
    Ported with(List<String> notes) {
      List<String> all = new ArrayList<>(outcome.notes());
      all.addAll(notes);
      return new Ported(outcome.with(outcome.files(), all), code);
    }
  }

  /**
   * What the component is compiled with.
   *
   * @param named by its POM; proofs run with these
   * @param unnamed of which nobody knows what the users have
   */
  private record Compiled(
      UnnamedLibraries.Subject subject,
      SortedMap<String, Path> named,
      UnnamedLibraries.Completion unnamed) {
    SortedMap<String, Path> all() {
      SortedMap<String, Path> all = new TreeMap<>(unnamed.files());
      all.putAll(named);
      return all;
    }
  }

  /** {@return what is known of the advisory's functions, by what ships, is kept, or is derived} */
  FunctionList functions(List<Advisory> advisories, Optional<Path> patch) throws IOException {
    if (patch.isEmpty()) {
      Optional<FunctionList> shipped = ShippedFunctions.of(advisories);
      if (shipped.isPresent()) {
        return shipped.get();
      }
    }
    return derived(advisories, patch);
  }

  private FunctionList derived(List<Advisory> advisories, Optional<Path> patch) throws IOException {
    return new FunctionFinder(
            maven,
            name -> setup.store().forPackage(Ecosystem.MAVEN, name).size(),
            Optional.of(WorkFolder.cache("functions")),
            progress)
        .find(
            advisories.getFirst().vulnerability().id(),
            advisories,
            patch.isPresent() ? Files.readString(patch.get()) : "");
  }

  /**
   * {@return the functions by what is known of the component's own group, where other projects
   * share the vulnerability and theirs alone were found} A flaw of a protocol is fixed in each of
   * its implementations.
   */
  private FunctionList functions(List<Advisory> advisories, Gav component, Optional<Path> patch)
      throws IOException {
    FunctionList all = functions(advisories, patch);
    List<Advisory> own =
        advisories.stream()
            .filter(a -> a.packageName().startsWith(component.groupId() + ":"))
            .toList();
    boolean isOthers =
        all instanceof FunctionList.Derived derived
            && derived.cut().stream()
                .flatMap(f -> f.artifacts().stream())
                .noneMatch(a -> a.startsWith(component.groupId() + ":"));
    return isOthers && !own.isEmpty() && own.size() < advisories.size() ? derived(own, patch) : all;
  }

  /**
   * Puts the fix of the advisories, which are of one vulnerability, on the subject.
   *
   * @param patch the fix as a unified diff, where the user has it
   * @param around the releases to take the fix from; empty: the nearest that are known
   * @param scratch an empty folder
   * @param isSpent whether the time is used up
   */
  Ported port(
      Subject subject,
      List<Advisory> advisories,
      Optional<Path> patch,
      Optional<ReleasePair> around,
      Path scratch,
      BooleanSupplier isSpent)
      throws IOException, InterruptedException {
    Gav component = subject.component();
    FunctionList list = functions(advisories, component, patch);
    List<ReleasePair> pairs = around.map(List::of).orElseGet(() -> pairs(list, component));
    if (!(list instanceof FunctionList.Derived derived)) {
      return incomplete(
          "What the fix changes is not known: " + ((FunctionList.Undecided) list).because());
    }
    List<FixFunction> wanted =
        derived.cut().stream()
            .filter(f -> f.artifacts().contains(component.key()))
            .map(f ->
                new FixFunction(
                    f.className(), f.methodName(), f.descriptor(), f.enclosing(), f.score()))
            .toList();
    if (pairs.isEmpty() || wanted.isEmpty()) {
      return otherArtifact(derived, component, pairs);
    }
    List<Fix> fixes = new ArrayList<>();
    for (ReleasePair pair : pairs) {
      fix(pair, component).ifPresent(fixes::add);
    }
    Release version =
        new Release(
            component.artifactId() + " " + component.version(), subject.jar(), subject.sources());
    SortedMap<Gav, Path> named = named(component);
    progress.at("class path", 0, 0, component.toString());
    UnnamedLibraries.Subject lacking =
        new UnnamedLibraries.Subject(
            component, subject.jar(), named, around(pairs, component), outermost(wanted));
    Compiled compiled =
        new Compiled(lacking, ReleaseClassPath.byArtifact(named), libraries.of(lacking, isSpent));
    SortedMap<String, Path> classPath = compiled.all();
    Optional<String> key =
        cache.isPresent()
            ? Optional.of(key(derived, component, version, fixes, classPath, advisories))
            : Optional.empty();
    Optional<Ported> known = key.flatMap(k -> cache.orElseThrow().get(k));
    if (known.isPresent()) {
      return known.get();
    }
    progress.at("backport", 0, 0, component + " " + derived.id());
    Backporter backporter = new Backporter(ArchiveLimits.DEFAULT, isSpent);
    Backport made =
        backporter.port(
            new underpin.fix.backport.BackportRequest(
                version, List.copyOf(classPath.values()), fixes, wanted, scratch));
    if (made instanceof Backport.Declined declined && !compiled.unnamed().missing().isEmpty()) {
      // What came along with the fix may name more libraries than the classes of the fix.
      Set<String> more = touched(declined);
      more.addAll(lacking.classes());
      UnnamedLibraries.Subject wider = lacking.with(more);
      UnnamedLibraries.Completion unnamed = libraries.of(wider, isSpent);
      if (!unnamed.files().equals(compiled.unnamed().files())) {
        compiled = new Compiled(wider, compiled.named(), unnamed);
        made =
            backporter.port(
                new underpin.fix.backport.BackportRequest(
                    version, List.copyOf(compiled.all().values()), fixes, wanted, scratch));
      }
    }
    Ported ported =
        switch (made) {
          case Backport.NotApplicable none ->
              without(
                  BackportOutcome.Result.NOT_APPLICABLE,
                  none.because(),
                  none.hunks(),
                  none.evidence());
          case Backport.Declined declined ->
              without(
                  BackportOutcome.Result.INCOMPLETE,
                  declined.because(),
                  declined.hunks(),
                  declined.conflicts());
          case Backport.Made good ->
              judged(good, subject, compiled, pairs.getFirst(), scratch, advisories, derived);
        };
    ported = ported.with(compiled.unnamed().notes());
    if (key.isPresent() && !isSpent.getAsBoolean()) {
      cache.orElseThrow().put(key.get(), ported);
    }
    return ported;
  }

  /** The classes that the fix changes, by internal name. */
  private static Set<String> outermost(List<FixFunction> functions) {
    Set<String> classes = new TreeSet<>();
    functions.forEach(f -> classes.add(f.className().replaceAll("\\$.*", "").replace('.', '/')));
    return classes;
  }

  /** The classes of files that were changed in vain, by internal name. */
  private static Set<String> touched(Backport.Declined declined) {
    Set<String> classes = new TreeSet<>();
    declined.hunks().stream()
        .filter(h -> h.fate() == Hunk.Fate.KEPT)
        .forEach(h -> classes.add(h.file().replace(".java", "")));
    return classes;
  }

  /** The releases that the fix is taken from. */
  private static List<Gav> around(List<ReleasePair> pairs, Gav component) {
    return pairs.stream()
        .flatMap(pair -> Stream.of(pair.affected(), pair.fixed()))
        .distinct()
        .map(component::withVersion)
        .toList();
  }

  /** All that the answer follows from. */
  private String key(
      FunctionList.Derived functions,
      Gav component,
      Release version,
      List<Fix> fixes,
      SortedMap<String, Path> classPath,
      List<Advisory> advisories)
      throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    all.append(depth)
        .append(' ')
        .append(setup.toolVersion())
        .append(' ')
        .append(Runtime.version())
        .append(' ')
        .append(setup.maven().offline()) // decides which libraries are found
        .append('\n');
    all.append(FunctionJson.write(functions)).append('\n');
    all.append(proofs.proof(ids(advisories), component.key())).append('\n');
    List<Release> releases = new ArrayList<>(List.of(version));
    fixes.forEach(f -> releases.addAll(List.of(f.affected(), f.fixed())));
    for (Release one : releases) {
      all.append(one.name()).append(' ').append(digest(one.jar())).append(' ');
      all.append(one.sources().isPresent() ? digest(one.sources().get()) : "-").append('\n');
    }
    for (Path file : classPath.values()) {
      all.append(digest(file)).append('\n');
    }
    return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(Path file) throws IOException {
    return Sha256.hex(Files.readAllBytes(file));
  }

  private static Ported without(
      BackportOutcome.Result result, String because, List<Hunk> hunks, List<String> evidence) {
    return new Ported(
        new BackportOutcome(
            result, because, new TreeMap<>(), hunks, evidence, List.of(), List.of()),
        Optional.empty());
  }

  static Ported incomplete(String because) {
    return without(BackportOutcome.Result.INCOMPLETE, because, List.of(), List.of());
  }

  private Ported otherArtifact(FunctionList.Derived derived, Gav component, List<ReleasePair> pairs)
      throws IOException {
    List<String> names = derived.compared().stream().map(ReleasePair::name).distinct().toList();
    if (!names.isEmpty() && !names.contains(component.key())) {
      return without(
          BackportOutcome.Result.NOT_APPLICABLE,
          "The fix lies in another artifact: " + String.join(", ", names) + ".",
          List.of(),
          derived.compared().stream().map(ReleasePair::text).toList());
    }
    if (pairs.isEmpty()) {
      return incomplete("No release of " + component.key() + " around the fix could be compared.");
    }
    List<String> others =
        derived.cut().stream().flatMap(f -> f.artifacts().stream()).distinct().sorted().toList();
    for (ReleasePair pair : pairs) {
      if (!isSameCode(pair, component)) {
        return incomplete(
            "What the fix changes in %s is not known; the likely functions lie in %s."
                .formatted(component.key(), String.join(", ", others)));
      }
    }
    return without(
        BackportOutcome.Result.NOT_APPLICABLE,
        "The fix lies in another artifact, %s: no method of this one changes with it."
            .formatted(String.join(", ", others)),
        List.of(),
        pairs.stream().map(ReleasePair::text).toList());
  }

  /** Whether both releases have the same methods with the same code. */
  private boolean isSameCode(ReleasePair pair, Gav component) throws IOException {
    Optional<Path> before = maven.fetch(component.withVersion(pair.affected()));
    Optional<Path> after = maven.fetch(component.withVersion(pair.fixed()));
    return before.isPresent() && after.isPresent() && code(before.get()).equals(code(after.get()));
  }

  private static Set<String> code(Path jar) throws IOException {
    Set<String> code = new TreeSet<>();
    JarCode.read(jar, ArchiveLimits.DEFAULT)
        .classes()
        .forEach(c -> c.methods().forEach(m -> code.add(m.id() + " " + m.exact())));
    return code;
  }

  /** Those of the component, the nearest fixed release above it first. */
  List<ReleasePair> pairs(FunctionList list, Gav component) {
    if (!(list instanceof FunctionList.Derived derived)) {
      return List.of();
    }
    List<ReleasePair> own =
        new ArrayList<>(
            derived.compared().stream().filter(p -> p.name().equals(component.key())).toList());
    own.sort(
        Comparator.<ReleasePair>comparingInt(
                p -> order.compare(p.fixed(), component.version()) > 0 ? 0 : 1)
            .thenComparing(ReleasePair::fixed, order));
    return own.stream().limit(MOST_FIXES).toList();
  }

  private Optional<Fix> fix(ReleasePair pair, Gav component) {
    Optional<Release> before = release(component.withVersion(pair.affected()), true);
    Optional<Release> after = release(component.withVersion(pair.fixed()), false);
    return before.isEmpty() || after.isEmpty()
        ? Optional.empty()
        : Optional.of(new Fix(before.get(), after.get()));
  }

  /**
   * The release, or where it has no sources the nearest of its line that has, further from the fix.
   */
  private Optional<Release> release(Gav gav, boolean older) {
    Optional<Release> first = release(gav);
    if (first.isEmpty() || first.get().sources().isPresent()) {
      return first;
    }
    List<String> versions =
        maven.versions(gav.groupId(), gav.artifactId()).stream()
            .filter(v ->
                older ? order.compare(v, gav.version()) < 0 : order.compare(v, gav.version()) > 0)
            .filter(v -> line(v).equals(line(gav.version())))
            .toList();
    return (older ? versions.reversed() : versions)
        .stream()
            .limit(MOST_NEIGHBOURS)
            .flatMap(v -> release(gav.withVersion(v)).stream())
            .filter(r -> r.sources().isPresent())
            .findFirst()
            .or(() -> first);
  }

  /** {@return the first two numbers of a version} */
  private static String line(String version) {
    String[] parts = version.split("[.-]", 3);
    return parts[0] + "." + (parts.length > 1 ? parts[1] : "0");
  }

  private Optional<Release> release(Gav gav) {
    return maven
        .fetch(gav)
        .map(jar -> new Release(gav.artifactId() + " " + gav.version(), jar, sources(gav)));
  }

  Optional<Path> sources(Gav gav) {
    return maven.fetch(new Gav(gav.groupId(), gav.artifactId(), gav.version(), "sources", "jar"));
  }

  /** What the version was compiled with: its own dependencies, also those that users do not get. */
  SortedMap<String, Path> classPath(Gav component) throws IOException {
    return ReleaseClassPath.byArtifact(named(component));
  }

  /** {@return the same, and which releases they are} */
  SortedMap<Gav, Path> named(Gav component) throws IOException {
    SortedMap<Gav, Path> files = new TreeMap<>(releases.compiledWith(component).files());
    Optional<Path> sources = sources(component);
    if (sources.isPresent()) {
      Set<String> names = new TreeSet<>(ReleaseClassPath.byArtifact(files).keySet());
      new Siblings(setup.store(), maven)
          .of(component, sources.get(), List.copyOf(files.values()))
          .forEach((name, file) -> {
            if (names.add(name)) {
              files.put(VersionHints.gav(name, component.version()), file);
            }
          });
    }
    return files;
  }

  private Ported judged(
      Backport.Made made,
      Subject subject,
      Compiled compiled,
      ReleasePair around,
      Path scratch,
      List<Advisory> advisories,
      FunctionList.Derived functions)
      throws IOException, InterruptedException {
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>();
    Path patched = scratch.resolve("judged.jar");
    Files.write(patched, made.jar());
    rungs.put(
        Rung.APPLIES,
        new Rung.Result.Passed(
            "made from and for %s by SHA-256 %s"
                .formatted(subject.component(), digest(subject.jar()))));
    rungs.put(Rung.VULNERABLE_CODE_GONE, gone(made, patched, functions));
    UnnamedLibraries.NewUse newUse =
        libraries.newUse(compiled.subject(), patched, compiled.unnamed());
    rungs.put(
        Rung.LINKS,
        newUse
            .broken()
            .<Rung.Result>map(Rung.Result.Failed::new)
            .orElseGet(() ->
                links(
                    subject.jar(), patched, List.copyOf(compiled.all().values()), made.release())));
    List<String> notes = new ArrayList<>(made.notes());
    notes.addAll(newUse.notes());
    rungs.put(
        Rung.BUILDS,
        new Rung.Result.Passed(
            "compiles for Java %d; %d of its classes are replaced"
                .formatted(made.release(), made.classes().size())));
    rungs.put(Rung.TESTS, new Rung.Result.NotRun("no project was given whose tests could run"));
    progress.at("proofs", 0, 0, subject.component() + "");
    rungs.putAll(
        proofs.judge(
            ids(advisories),
            subject.component().key(),
            new ProofJudge.Artifact(subject.jar(), compiled.named()),
            new ProofJudge.Artifact(patched, compiled.named()),
            new Jdk(
                Path.of(System.getProperty("java.home")),
                Runtime.version().feature(),
                "underpin runs on it"),
            depth));
    rungs.put(
        Rung.BINARY_COMPATIBLE,
        new Rung.Result.Passed("no visible member of the changed classes is gone or narrower"));
    if (tests.isPresent() && failed(rungs).isEmpty()) {
      PublishedTests.Judged judged =
          tests
              .get()
              .judge(subject, patched, compiled.named(), around, scratch.resolve("tests"), rungs);
      rungs.putAll(judged.rungs());
      notes.addAll(judged.notes());
    }
    List<String> failed = failed(rungs);
    boolean proven = BackportOutcome.isProven(rungs);
    BackportOutcome outcome =
        new BackportOutcome(
            !failed.isEmpty()
                ? BackportOutcome.Result.INCOMPLETE
                : proven ? BackportOutcome.Result.FIXED : BackportOutcome.Result.MITIGATED,
            failed.isEmpty()
                ? made.because() + (proven ? "; the proof of the flaw stops" : unproven(rungs))
                : failed.getFirst(),
            rungs,
            made.hunks(),
            made.methods().stream().map(m -> m.id() + ": " + m.detail()).toList(),
            notes,
            List.of());
    // What a rung refuses is not handed out: somebody would take it.
    return new Ported(
        outcome,
        failed.isEmpty() ? Optional.of(new Code(made.jar(), made.sources())) : Optional.empty());
  }

  private static List<String> failed(SortedMap<Rung, Rung.Result> rungs) {
    return rungs.entrySet().stream()
        .filter(e -> e.getValue() instanceof Rung.Result.Failed)
        .map(e -> "rung " + e.getKey().number() + ": " + e.getValue().because())
        .toList();
  }

  private static String unproven(SortedMap<Rung, Rung.Result> rungs) {
    return BackportOutcome.PROVES.stream()
        .filter(rung -> !(rungs.get(rung) instanceof Rung.Result.Passed))
        .findFirst()
        .map(rung ->
            "; not proven by running, rung %d: %s"
                .formatted(
                    rung.number(), Optional.ofNullable(rungs.get(rung)).orElseThrow().because()))
        .orElse("");
  }

  /**
   * By code: every function of the fix is as it makes it. Where little is left of it, the
   * fingerprints are asked, by which {@code scan} goes; where more is, they cannot tell either.
   */
  private Rung.Result gone(Backport.Made made, Path patched, FunctionList.Derived functions) {
    String there =
        "%d functions are the same code as upstream's fixed release, %d hold all that the fix adds and nothing that it removes"
            .formatted(
                count(made, PatchedMethod.State.AS_UPSTREAM),
                count(made, PatchedMethod.State.FIXED));
    List<String> open = new ArrayList<>(made.without());
    made.methods().stream()
        .filter(m -> m.state() == PatchedMethod.State.ABSENT)
        .forEach(m -> open.add(m.id() + ": " + m.detail()));
    if (open.isEmpty()) {
      return new Rung.Result.Passed(there);
    }
    if (made.share() <= SMALL) {
      KnownCode code = new KnownCode(true, setup.store());
      code.learn(functions, maven);
      if (code.fixed(patched).containsKey(functions.id())
          && !code.vulnerable(patched).containsKey(functions.id())) {
        return new Rung.Result.Passed(
            "%s; the fingerprints say that the flaw is gone, and %d functions that are as they were make up %.0f %% of what may belong to the fix: %s"
                .formatted(there, open.size(), made.share() * 100, open.getFirst()));
      }
    }
    return new Rung.Result.NotRun(
        "%s; but of what may belong to the fix %d functions could not be told: %s"
            .formatted(there, open.size(), open.getFirst()));
  }

  /** {@return all ids of the vulnerability, its own first} */
  static List<String> ids(List<Advisory> advisories) {
    Set<String> ids = new TreeSet<>();
    advisories.forEach(a -> ids.addAll(a.vulnerability().aliases()));
    String own = advisories.getFirst().vulnerability().id();
    ids.remove(own);
    List<String> all = new ArrayList<>(List.of(own));
    all.addAll(ids);
    return all;
  }

  private static long count(Backport.Made made, PatchedMethod.State state) {
    return made.methods().stream().filter(m -> m.state() == state).count();
  }

  private static Rung.Result links(Path before, Path after, List<Path> classPath, int release) {
    List<ClassPath.Entry> old = new ArrayList<>();
    List<ClassPath.Entry> now = new ArrayList<>();
    old.add(new ClassPath.Entry("the version", "component", before, true));
    now.add(new ClassPath.Entry("the backport", "component", after, true));
    for (Path file : classPath) {
      ClassPath.Entry entry =
          new ClassPath.Entry(String.valueOf(file.getFileName()), file.toString(), file, false);
      old.add(entry);
      now.add(entry);
    }
    List<LinkageBreak> breaks =
        new Linkage().compare(new ClassPath(old, release), new ClassPath(now, release));
    return breaks.isEmpty()
        ? new Rung.Result.Passed(
            "every reference that resolves in the version resolves in the backport, with "
                + classPath.size()
                + " dependencies")
        : new Rung.Result.Failed(
            breaks.getFirst().place()
                + " refers to "
                + breaks.getFirst().reference()
                + ", "
                + breaks.getFirst().because());
  }
}
