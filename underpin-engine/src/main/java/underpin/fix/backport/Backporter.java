package underpin.fix.backport;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.Backport.PatchedMethod.State;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.SignatureFiles;
import underpin.program.Surface;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/**
 * Makes backports from sources: cuts the fix out, merges it, compiles it, and looks at the result.
 */
public final class Backporter {
  /** Why nothing was made where more time could help. */
  public static final String OVERDUE = "The time for it was used up";

  private static final int MOST_ROUNDS = 24;

  private static final int JAVA_OF_MAJOR = 44;

  /** Releases that differ in no more members than these differ in the fix. */
  private static final int MOST_OF_SMALL = 12;

  /** More than these, and three for each function of the fix, are no cut any more. */
  private static final int MOST_CHANGES = 60;

  private final ArchiveLimits limits;
  private final BooleanSupplier isSpent;

  public Backporter(ArchiveLimits limits) {
    this(limits, () -> false);
  }

  /**
   * @param isSpent whether the time is used up; asked before each try, which may take seconds
   */
  public Backporter(ArchiveLimits limits, BooleanSupplier isSpent) {
    this.limits = limits;
    this.isSpent = isSpent;
  }

  /**
   * Makes the backport. The pairs of releases are tried in their order, and of each several choices
   * of what belongs to the fix, the largest first; the first that holds is taken. The code that the
   * fix changes is not there only if no pair finds it.
   *
   * @throws IOException if a file cannot be read or written
   */
  public Backport port(BackportRequest request) throws IOException {
    Sources base = sources(request.version());
    List<Backport> answers = new ArrayList<>();
    List<Backport> absent = new ArrayList<>();
    boolean isHere = false;
    for (Fix fix : request.fixes()) {
      if (isSpent.getAsBoolean()) {
        return new Backport.Declined(OVERDUE, List.of(), List.of());
      }
      Attempts attempts = new Attempts(request, base, fix);
      Backport one = attempts.run();
      isHere |= attempts.isHere;
      if (attempts.isAbsent) {
        absent.add(one);
      } else if (one instanceof Backport.Declined) {
        answers.add(one);
      } else {
        return one;
      }
    }
    // What one branch changes may be in no form here, and what another changes is.
    if (!absent.isEmpty() && !isHere) {
      return absent.getFirst();
    }
    return answers.isEmpty()
        ? new Backport.Declined("no two releases lie around a fix of it", List.of(), List.of())
        : answers.getFirst();
  }

  private Sources sources(BackportRequest.Release release) throws IOException {
    return release.sources().isPresent()
        ? Sources.read(release.sources().get(), limits)
        : Sources.none();
  }

  /**
   * What comes of one choice.
   *
   * @param kept what was chosen
   * @param culprits which of it stood in the way
   * @param unset fields that nothing sets, by owner and name
   */
  private record Tried(
      Backport made, Map<Change, Cut.Reason> kept, Set<Change> culprits, Set<String> unset) {
    Tried(Backport made, Map<Change, Cut.Reason> kept, Set<Change> culprits) {
      this(made, kept, culprits, Set.of());
    }

    static Tried of(Backport made) {
      return new Tried(made, Map.of(), Set.of());
    }

    boolean isDeclined() {
      return made instanceof Backport.Declined;
    }
  }

  /** All that is tried with one pair of releases. */
  private final class Attempts {
    private final BackportRequest request;
    private final Sources base;
    private final Fix fix;
    private final Sources affected;
    private final Sources fixed;
    private final List<Change> changes;
    private final Cut cut;
    private final JarCode baseCode;
    private final Map<String, MethodCode> baseMethods;
    private final Map<String, MethodCode> affectedMethods;
    private final Map<String, MethodCode> fixedMethods;
    private final FixCheck check;
    private final Map<Change, Transplant.Merged> carefully = new HashMap<>();
    private final Map<Change, Transplant.Merged> boldly = new HashMap<>();
    private final Map<String, byte[]> baseClasses = new TreeMap<>();
    private final Set<String> baseEntries = new TreeSet<>();
    private final Map<String, Set<String>> supers = new TreeMap<>();
    private @Nullable Set<String> inherited;
    private final Applicability applicability;
    private @Nullable Absent absent;

    /** Whether code that the fix changes, or what may be it, is in the version. */
    private boolean isHere;

    /** Whether it is not applicable because of that. */
    private boolean isAbsent;

    Attempts(BackportRequest request, Sources base, Fix fix) throws IOException {
      this.request = request;
      this.fix = fix;
      this.affected = sources(fix.affected());
      this.base = base.beside(affected);
      this.fixed = sources(fix.fixed());
      this.changes =
          Change.between(affected, fixed).stream()
              .filter(c -> !isVersionAlone(c, version(fix.affected()), version(fix.fixed())))
              .toList();
      this.cut = new Cut(changes);
      this.baseCode = JarCode.read(request.version().jar(), limits);
      JarCode affectedCode = JarCode.read(fix.affected().jar(), limits);
      this.baseMethods = FixCheck.byKey(baseCode);
      this.affectedMethods = FixCheck.byKey(affectedCode);
      JarCode fixedCode = JarCode.read(fix.fixed().jar(), limits);
      this.fixedMethods = FixCheck.byKey(fixedCode);
      this.check =
          new FixCheck(affectedMethods, fixedMethods, baseMethods, Kin.of(baseCode, fixedCode));
      this.applicability =
          new Applicability(
              request.version().name(),
              fix.affected().name(),
              here(),
              check,
              baseCode,
              affectedCode,
              baseMethods,
              affectedMethods,
              new OtherFeature(base, affected, fixed),
              cut);
      try (ZipFile zip = new ZipFile(request.version().jar().toFile())) {
        for (ZipEntry entry :
            (Iterable<ZipEntry>) () -> (java.util.Iterator<ZipEntry>) zip.entries().asIterator()) {
          baseEntries.add(entry.getName());
          if (entry.getName().endsWith(".class")) {
            try (var in = zip.getInputStream(entry)) {
              baseClasses.put(entry.getName(), in.readNBytes((int) limits.entryBytes()));
            }
          }
        }
      }
    }

    private static String version(BackportRequest.Release release) {
      return release.name().substring(release.name().lastIndexOf(' ') + 1);
    }

    /** Whether a member differs in nothing but what it says the release is called. */
    private static boolean isVersionAlone(Change change, String before, String after) {
      return change.before().isPresent()
          && change.after().isPresent()
          && Token.texts(change.before().get().tokens()).stream()
              .map(t -> t.startsWith("\"") ? t.replace(before, after) : t)
              .toList()
              .equals(Token.texts(change.after().get().tokens()));
    }

    /** From sources; where that cannot be, as the class files have it. */
    Backport run() throws IOException {
      Optional<BackportRequest.Release> bare =
          java.util.stream.Stream.of(request.version(), fix.affected(), fix.fixed())
              .filter(r -> r.sources().isEmpty())
              .findFirst();
      Backport made;
      if (bare.isPresent()) {
        made =
            notApplicable(Set.copyOf(here()))
                .orElse(
                    new Backport.Declined(
                        bare.get().name() + " has no sources in the repositories at hand",
                        List.of(),
                        List.of()));
      } else {
        made = inSources();
      }
      return made instanceof Backport.Declined && !isSpent.getAsBoolean()
          ? inCode().orElse(made)
          : made;
    }

    /** Functions of another branch, as with other package names, are not in this one. */
    private List<FixFunction> here() {
      List<FixFunction> here =
          request.functions().stream().filter(f -> affectedMethods.containsKey(f.id())).toList();
      return here.isEmpty() ? request.functions() : here;
    }

    /** By class files alone; empty where that does not go for sure. */
    private Optional<Backport> inCode() throws IOException {
      List<FixFunction> changed = here().stream().filter(f -> check.isChanged(f.id())).toList();
      double total = here().stream().mapToDouble(FixFunction::score).sum();
      double most = here().stream().mapToDouble(FixFunction::score).max().orElse(0);
      Map<String, byte[]> theirs = classes(fix.fixed().jar());
      Map<String, byte[]> mine = new TreeMap<>();
      baseClasses.forEach((entry, bytes) -> mine.put(entry.replace(".class", ""), bytes));
      SortedMap<String, byte[]> all = new TreeMap<>(theirs);
      all.putAll(mine);
      try (java.net.URLClassLoader loader = loader()) {
        CodePort code =
            new CodePort(
                mine, theirs, baseMethods, affectedMethods, fixedMethods, resolver(all, loader));
        List<FixFunction> dropped =
            changed.stream()
                .filter(f -> baseMethods.containsKey(f.id()) && !code.fits(f.id()))
                .toList();
        double open = dropped.stream().mapToDouble(FixFunction::score).sum();
        boolean tooMuch =
            open > Choice.MOST_DROPPED * total
                || dropped.stream().anyMatch(f -> f.score() >= Choice.LIKELY * most);
        List<FixFunction> taken = changed.stream().filter(f -> code.fits(f.id())).toList();
        if (tooMuch || taken.isEmpty() || changed.size() < here().size()) {
          return Optional.empty();
        }
        Set<String> types = new TreeSet<>();
        taken.forEach(f -> types.add(f.className().replace('.', '/')));
        Map<String, byte[]> entries = code.changed(types);
        return entries.isEmpty() ? Optional.empty() : ofCode(entries, changed, dropped, total);
      } catch (Splice.Refused refused) {
        return Optional.empty();
      }
    }

    private Optional<Backport> ofCode(
        Map<String, byte[]> entries,
        List<FixFunction> changed,
        List<FixFunction> dropped,
        double total)
        throws IOException {
      List<String> notes = new ArrayList<>();
      notes.add(
          "Made from the class files of the releases: the sources of %s stay as they are."
              .formatted(request.version().name()));
      byte[] jar = patched(entries, notes);
      Map<String, MethodCode> after = withPatched(entries);
      List<PatchedMethod> methods = new ArrayList<>();
      for (FixFunction function : changed) {
        if (!dropped.contains(function)) {
          check
              .check(function.id(), after)
              .map(m -> applicability.absent(m, function, after))
              .ifPresent(methods::add);
        }
      }
      long right =
          methods.stream()
              .filter(m -> m.state() == State.AS_UPSTREAM || m.state() == State.FIXED)
              .count();
      boolean wrong = methods.stream().anyMatch(m -> m.state() == State.DIFFERENT);
      if (right == 0 || wrong || !check.unset(after).isEmpty() || !losses(entries).isEmpty()) {
        return Optional.empty();
      }
      Choice choice = new Choice(new LinkedHashMap<>());
      choice.leaveOut(dropped);
      double open = dropped.stream().mapToDouble(FixFunction::score).sum();
      for (FixFunction function : changed) {
        boolean isAbsent =
            methods.stream()
                .anyMatch(m -> m.state() == State.ABSENT && m.id().equals(function.id()));
        open += isAbsent ? function.score() : 0;
      }
      notes.addAll(choice.notes());
      int major =
          entries.keySet().stream()
              .map(baseClasses::get)
              .filter(java.util.Objects::nonNull)
              .mapToInt(Attempts::major)
              .max()
              .orElse(0);
      return Optional.of(
          new Backport.Made(
              "The fix of %s is in %d of %d functions; %s"
                  .formatted(fix.fixed().name(), right, methods.size(), classes(entries)),
              jar,
              new TreeMap<>(),
              List.copyOf(entries.keySet()),
              methods,
              choice.notes(),
              total == 0 ? 0 : Math.min(1, open / total),
              List.of(),
              Math.max(Compiler.OLDEST, major - JAVA_OF_MAJOR),
              List.of(),
              notes));
    }

    private static String classes(Map<String, byte[]> entries) {
      return entries.size() == 1 ? "1 class changed" : entries.size() + " classes changed";
    }

    /** The class files of a jar by internal name, but for other forms of them. */
    private Map<String, byte[]> classes(Path jar) throws IOException {
      Map<String, byte[]> classes = new TreeMap<>();
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : zip.stream().toList()) {
          String name = entry.getName();
          if (name.endsWith(".class") && isPlain(name)) {
            try (var in = zip.getInputStream(entry)) {
              classes.put(name.replace(".class", ""), in.readNBytes((int) limits.entryBytes()));
            }
          }
        }
      }
      return classes;
    }

    private byte[] patched(Map<String, byte[]> entries, List<String> notes) throws IOException {
      byte[] original = Files.readAllBytes(request.version().jar());
      if (baseEntries.stream().anyMatch(SignatureFiles::isOne)) {
        notes.add("The jar was signed; the signature no longer holds and was left out.");
      }
      byte[] jar = JarPatch.apply(original, entries, SignatureFiles::isOne);
      Files.write(request.scratch().resolve("patched.jar"), jar);
      return jar;
    }

    /** The methods of the version by id, as they are with these class files. */
    private Map<String, MethodCode> withPatched(Map<String, byte[]> entries) throws IOException {
      // Only what changed is read again: the rest of a large jar takes seconds.
      Path fresh = request.scratch().resolve("changed.jar");
      Files.write(fresh, JarPatch.apply(JarPatch.empty(), entries, _ -> false));
      Map<String, MethodCode> ours = new HashMap<>(baseMethods);
      ours.putAll(FixCheck.byKey(JarCode.read(fresh, limits)));
      return ours;
    }

    private Set<String> inherited() {
      Set<String> known = inherited;
      if (known == null) {
        known = Surface.inherited(plain(baseClasses));
        inherited = known;
      }
      return known;
    }

    /** What code compiled against the version would miss. */
    private List<String> losses(Map<String, byte[]> entries) {
      List<String> losses = new ArrayList<>();
      Set<String> inherited = inherited();
      entries.forEach((name, bytes) -> {
        byte[] before = baseClasses.get(name);
        if (before != null) {
          losses.addAll(
              Surface.losses(
                  before,
                  bytes,
                  type ->
                      Optional.ofNullable(
                          entries.getOrDefault(type + ".class", baseClasses.get(type + ".class"))),
                  inherited.contains(name.replace(".class", ""))));
        }
      });
      for (String name : entries.keySet()) {
        baseClasses.keySet().stream()
            .filter(other -> other.startsWith("META-INF/versions/") && other.endsWith("/" + name))
            .forEach(other ->
                losses.add(other + " holds another form of the class, which was not patched"));
      }
      return losses;
    }

    private Backport inSources() throws IOException {
      Map<FixFunction, List<Change>> found = new LinkedHashMap<>();
      for (FixFunction function : here()) {
        List<Change> of = cut.of(function);
        if (!of.isEmpty()) {
          found.put(function, of);
        }
      }
      if (changes.isEmpty()
          && check.isNothingChanged()
          && new SameSources(fix, affected, limits).isShown()) {
        isAbsent = true;
        return new Backport.NotApplicable(
            "The fix lies in another artifact: %s and %s have the same sources."
                .formatted(fix.affected().name(), fix.fixed().name()),
            List.of(),
            List.of());
      }
      if (found.isEmpty()) {
        found.putAll(all());
      }
      if (found.isEmpty()) {
        return new Backport.Declined(
            "none of the functions of the fix differs in the sources of "
                + fix.affected().name()
                + " and "
                + fix.fixed().name(),
            List.of(),
            List.of());
      }
      Optional<Backport> without = notApplicable(found.keySet());
      if (without.isPresent()) {
        return without.get();
      }
      return search(new Choice(found));
    }

    /**
     * All methods that differ, where the releases around the fix differ in little: then it is all
     * the fix, though nothing of it is among the functions that are known. A fix may only add, as a
     * method that overrides one.
     */
    private Map<FixFunction, List<Change>> all() {
      Map<FixFunction, List<Change>> all = new LinkedHashMap<>();
      if (changes.size() > MOST_OF_SMALL
          || here().stream().anyMatch(f -> check.isChanged(f.id()))) {
        return all;
      }
      for (Change change : changes) {
        String folder = change.path().replaceAll("[^/]+$", "").replace('/', '.');
        fixedMethods.values().stream()
            .filter(m -> m.className().startsWith(folder) && key(m).equals(change.id()))
            .findFirst()
            .ifPresent(m ->
                all.put(
                    new FixFunction(m.className(), m.name(), m.descriptor(), Optional.empty(), 1),
                    List.of(change)));
      }
      return all;
    }

    /**
     * The change merged carefully, then boldly, then with members as the fixed release has them
     * where it cannot be merged into ours; and then less of it, until something holds.
     */
    private Backport search(Choice choice) throws IOException {
      Set<Change> asFixed = new LinkedHashSet<>();
      Set<Change> unfit = new HashSet<>();
      Optional<Backport> first = Optional.empty();
      while (true) {
        Tried tried = attempt(choice, false, Set.of());
        if (!tried.isDeclined() || isSpent.getAsBoolean()) {
          return tried.made;
        }
        tried = attempt(choice, true, asFixed);
        first = first.isPresent() ? first : Optional.of(tried.made);
        Set<Change> whole = replaceable(tried.culprits, unfit);
        whole.removeAll(asFixed);
        while (tried.isDeclined() && !isSpent.getAsBoolean() && !whole.isEmpty()) {
          asFixed.addAll(whole);
          Tried more = attempt(choice, true, asFixed);
          Set<Change> bad = new HashSet<>(whole);
          bad.retainAll(more.culprits);
          if (more.isDeclined() && !bad.isEmpty()) {
            asFixed.removeAll(bad);
            unfit.addAll(bad);
            whole.removeAll(bad);
          } else {
            tried = more; // where it failed, something else stands in the way now
            whole = replaceable(tried.culprits, unfit);
            whole.removeAll(asFixed);
          }
        }
        if (!tried.isDeclined() || isSpent.getAsBoolean()) {
          return tried.made;
        }
        if (!choice.without(tried.culprits, tried.kept)) {
          return first.get();
        }
        choice.settle(f ->
            check
                    .check(f.id(), baseMethods)
                    .map(m -> applicability.absent(m, f, baseMethods))
                    .filter(m -> m.state() == State.NOWHERE)
                    .isPresent()
                || !choice.isLikely(f) && applicability.about(f).isPresent());
      }
    }

    private Set<Change> replaceable(Set<Change> changes, Set<Change> unfit) {
      Transplant places = new Transplant(base, affected, fixed, true, Map.of());
      return changes.stream()
          .filter(c -> !unfit.contains(c) && places.replaceable(c).isPresent())
          .collect(java.util.stream.Collectors.toCollection(LinkedHashSet::new));
    }

    private Optional<Backport> notApplicable(Set<FixFunction> functions) {
      Applicability.Answer answer = applicability.of(functions);
      isHere = answer.isHere();
      isAbsent = answer.isAbsent();
      return answer.made();
    }

    /**
     * @param asFixed changes whose members come as the fixed release has them
     */
    private Tried attempt(Choice choice, boolean bold, Set<Change> asFixed) throws IOException {

      Repairs repairs =
          new Repairs(
              base,
              fixed,
              changes,
              baseClasses.keySet(),
              cut.close(choice.seeds(), choice.without()));
      Map<Change, Cut.Reason> kept = repairs.kept();
      List<Path> classPath = new ArrayList<>();
      classPath.add(request.version().jar());
      classPath.addAll(request.classPath());
      Absent absent = absentTypes();
      SortedSet<String> older = new TreeSet<>();
      for (int round = 0; ; round++) {
        if (isSpent.getAsBoolean()) {
          return Tried.of(new Backport.Declined(OVERDUE, List.of(), List.of()));
        }
        repairs.becoming();
        Transplant.Result merged =
            new Transplant(base, affected, fixed, bold, bold ? boldly : carefully, asFixed)
                .apply(kept, repairs.imports());
        if (!merged.conflicts().isEmpty()) {
          return new Tried(
              declined("The change does not fit", merged, merged.conflicts()),
              kept,
              merged.culprits());
        }
        if (merged.files().isEmpty()) {
          return Tried.of(nothing(merged, choice));
        }
        if (kept.size() > MOST_CHANGES + 3 * choice.seeds().size()) {
          return new Tried(
              declined(
                  "It needs too much else of the fixed release, %d changes".formatted(kept.size()),
                  merged,
                  List.of()),
              kept,
              repairs.largest());
        }
        SortedMap<String, String> texts = repairs.rewritten(merged.files());
        int release = release(texts.keySet());
        absent.prepare(texts.keySet(), classPath, release);
        Compiler.Result compiled =
            new Compiler(absent.with(classPath)).compile(absent.without(texts), release);
        if (isNewer(compiled.problems(), release)) {
          OlderJava.Result said = OlderJava.rewritten(texts, absent.with(classPath), release);
          if (!said.said().isEmpty()) {
            texts = said.texts();
            older.addAll(said.said());
            compiled = new Compiler(absent.with(classPath)).compile(absent.without(texts), release);
          }
        }
        if (compiled.problems().isEmpty()) {
          if (round < MOST_ROUNDS && repairs.closed(supers())) {
            continue;
          }
          Tried tried =
              finish(merged.with(texts), compiled, choice, bold, asFixed, release, repairs, older);
          if (round < MOST_ROUNDS && repairs.setting(tried.unset)) {
            continue;
          }
          return tried;
        }
        if (absent.learn(compiled.problems(), texts)) {
          continue;
        }
        boolean more = false;
        for (Compiler.Problem problem : compiled.problems()) {
          more |= repairs.repair(problem, texts);
        }
        if (!more || round >= MOST_ROUNDS) {
          return new Tried(
              declined(
                  "It does not compile",
                  merged,
                  compiled.problems().stream().map(Compiler.Problem::text).limit(8).toList()),
              kept,
              repairs.culprits(compiled.problems(), texts));
        }
      }
    }

    /** Whether the sources may be for a newer Java than the version is. */
    private static boolean isNewer(List<Compiler.Problem> problems, int release) {
      return release < Runtime.version().feature()
          && problems.stream()
              .anyMatch(p ->
                  p.code().startsWith("compiler.err.feature.not.supported")
                      || p.code().startsWith("compiler.err.cant.resolve")
                      || p.code().startsWith("compiler.err.cant.apply")
                      || p.code().startsWith("compiler.err.restricted.type.not.allowed")
                      || p.code().startsWith("compiler.err.expected")
                      || p.code().startsWith("compiler.err.illegal.start"));
    }

    private Absent absentTypes() {
      if (absent == null) {
        absent =
            new Absent(
                base, baseClasses, request.classPath(), request.scratch().resolve("absent.jar"));
      }
      return absent;
    }

    /** What each class of the version extends and implements. */
    private Map<String, Set<String>> supers() {
      if (supers.isEmpty()) {
        for (byte[] bytes : plain(baseClasses)) {
          ClassModel model = ClassFile.of().parse(bytes);
          supers.put(model.thisClass().asInternalName(), new TreeSet<>(ClassFiles.above(model)));
        }
      }
      return supers;
    }

    /** Where merging changes no file. */
    private Backport nothing(Transplant.Result merged, Choice choice) {
      List<String> evidence =
          merged.hunks().stream().map(h -> h.member() + ": " + h.because()).toList();
      boolean isThere = merged.hunks().stream().allMatch(h -> h.fate() == Hunk.Fate.PRESENT);
      if (isThere && choice.isWhole()) {
        return new Backport.NotApplicable(
            request.version().name() + " has the fix already.", evidence, merged.hunks());
      }
      return declined("Only a part of the fix has a place", merged, evidence);
    }

    private Backport declined(String because, Transplant.Result merged, List<String> conflicts) {
      return new Backport.Declined(
          because + (conflicts.isEmpty() ? "" : ": " + conflicts.getFirst()),
          conflicts,
          merged.hunks());
    }

    /** The Java that the classes of these files are compiled for. */
    private int release(Set<String> paths) {
      int newest = 0;
      for (String path : paths) {
        byte[] bytes = baseClasses.get(path.replace(".java", ".class"));
        if (bytes != null && bytes.length > 8) {
          newest = Math.max(newest, major(bytes) - JAVA_OF_MAJOR);
        }
      }
      if (newest == 0) {
        for (Map.Entry<String, byte[]> one : baseClasses.entrySet()) {
          if (one.getValue().length > 8 && isPlain(one.getKey())) {
            newest = Math.max(newest, major(one.getValue()) - JAVA_OF_MAJOR);
          }
        }
      }
      return Math.max(Compiler.OLDEST, Math.min(newest, Runtime.version().feature()));
    }

    private static int major(byte[] classFile) {
      return (classFile[6] & 0xFF) << 8 | (classFile[7] & 0xFF);
    }

    private Tried finish(
        Transplant.Result merged,
        Compiler.Result compiled,
        Choice choice,
        boolean bold,
        Set<Change> asFixed,
        int release,
        Repairs repairs,
        Set<String> older)
        throws IOException {
      Map<Change, Cut.Reason> kept = repairs.kept();
      List<String> notes = new ArrayList<>();
      if (!older.isEmpty()) {
        notes.add(
            "what Java %d lacks is said in its words: %s"
                .formatted(release, String.join(", ", older)));
      }
      repairs
          .withBody()
          .forEach(m ->
              notes.add(
                  "%s is new and without a body upstream; classes of others that lack it do as before"
                      .formatted(m)));
      choice
          .without()
          .forEach(c ->
              notes.add(
                  "%s stays as it is: the change does not fit, and the fix does not need it"
                      .formatted(c.id())));
      Map<String, byte[]> entries;
      try {
        entries = changed(compiled.classes(), notes);
      } catch (Splice.Refused refused) {
        return new Tried(
            declined(
                "It does not compile with what is at hand: " + refused.getMessage(),
                merged,
                List.of()),
            kept,
            Set.of());
      }
      byte[] jar = patched(entries, notes);
      Map<String, MethodCode> ours = withPatched(entries);
      List<PatchedMethod> methods = new ArrayList<>();
      Map<Change, Transplant.Merged> merges = bold ? boldly : carefully;
      FixCheck check = this.check.saying(older);
      Set<String> whole = new HashSet<>();
      kept.keySet().stream()
          .filter(c -> c.isFile() && !base.has(c.path()))
          .forEach(c -> whole.add(c.path()));
      for (FixFunction function : choice.needed()) {
        check
            .check(function.id(), ours)
            .map(m -> choice.isUpstreams(function, merges, asFixed, whole) ? bySource(m) : m)
            .map(m -> applicability.absent(m, function, ours))
            .ifPresent(methods::add);
      }
      // What was left out may have come along all the same.
      choice.settle(f ->
          check
              .check(f.id(), ours)
              .map(m -> choice.isUpstreams(f, Map.of(), Set.of(), whole) ? bySource(m) : m)
              .filter(m -> m.state() == State.AS_UPSTREAM)
              .stream()
              .peek(methods::add)
              .findFirst()
              .isPresent());
      notes.addAll(0, choice.notes());
      List<String> losses = losses(entries);
      if (merged.absent() > 0) {
        notes.add(merged.absent() + " changes of the fix have no place in the version.");
      }
      notes.addAll(merged.guesses());
      notes.addAll(absentTypes().notes());
      List<PatchedMethod> wrong =
          methods.stream().filter(m -> m.state() == State.DIFFERENT).toList();
      long right =
          methods.stream()
              .filter(m -> m.state() == State.AS_UPSTREAM || m.state() == State.FIXED)
              .count();
      if (!losses.isEmpty()) {
        return new Tried(
            new Backport.Declined(
                "It would break who uses it: " + losses.getFirst(), losses, hunks(merged, kept)),
            kept,
            named(losses, kept));
      }
      if (!wrong.isEmpty() || right == 0 && !methods.isEmpty()) {
        List<String> differ = wrong.stream().map(m -> m.id() + " " + m.detail()).toList();
        return new Tried(
            new Backport.Declined(
                "The result is not what the fix makes of it: "
                    + (differ.isEmpty() ? "no function of the fix is in it" : differ.getFirst()),
                differ,
                hunks(merged, kept)),
            kept,
            choice.changes(wrong.stream().map(PatchedMethod::id).toList()));
      }
      Map<String, String> altered = check.altered(asFixed, ours);
      List<String> otherwise =
          new ArrayList<>(
              altered.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
      Set<Change> unfit = named(List.copyOf(altered.keySet()), kept);
      for (Change change : asFixed) {
        Optional<String> needs = dragged(change, kept);
        needs.ifPresent(d -> otherwise.add("%s would need %s".formatted(change.id(), d)));
        if (needs.isPresent()) {
          unfit.add(change);
        }
      }
      if (!otherwise.isEmpty()) {
        return new Tried(
            new Backport.Declined(
                "As the fixed release has it, " + otherwise.getFirst(),
                otherwise,
                hunks(merged, kept)),
            kept,
            unfit);
      }
      asFixed.forEach(c ->
          notes.add(
              "%s comes as %s has it: the change could not be merged into what %s has"
                  .formatted(c.id(), fix.fixed().name(), request.version().name())));
      Map<Change, String> parts = leftOut(merged, ours, check);
      List<FixFunction> staying = choice.staying(repairs.stays());
      List<String> open = new ArrayList<>(choice.notes());
      for (FixFunction function : staying) {
        String stays = "it is gone in the fix, and code of the version calls it";
        if (choice.isLikely(function)) {
          choice.changes(List.of(function.id())).forEach(c -> parts.put(c, stays));
        }
        open.add(function.id() + " stays: " + stays);
      }
      if (!parts.isEmpty()) {
        List<String> why =
            parts.entrySet().stream().map(e -> e.getKey().id() + ": " + e.getValue()).toList();
        return new Tried(
            new Backport.Declined(
                "A part of the fix is not in it, of " + why.getFirst(), why, hunks(merged, kept)),
            kept,
            parts.keySet());
      }
      Map<String, String> unset = check.unset(ours);
      if (!unset.isEmpty()) {
        List<String> why = List.copyOf(unset.values());
        return new Tried(
            new Backport.Declined(
                "The result is not what the fix makes of it: " + why.getFirst(),
                why,
                hunks(merged, kept)),
            kept,
            filling(unset.keySet(), kept),
            unset.keySet());
      }
      Map<Change, String> old = stillCalled(kept, ours, repairs.withBody());
      if (!old.isEmpty()) {
        List<String> why = List.copyOf(old.values());
        return new Tried(
            new Backport.Declined(
                "A part of the fix is not in it: " + why.getFirst(), why, hunks(merged, kept)),
            kept,
            old.keySet());
      }
      SortedMap<String, byte[]> sources = new TreeMap<>();
      merged.files().forEach((path, text) -> sources.put(path, base.bytes(path, text)));
      return Tried.of(
          new Backport.Made(
              "The fix of %s is in %d of %d functions; %s"
                  .formatted(fix.fixed().name(), right, methods.size(), classes(entries)),
              jar,
              sources,
              List.copyOf(entries.keySet()),
              methods,
              open,
              choice.share(methods, staying),
              losses,
              release,
              hunks(merged, kept),
              notes));
    }

    /**
     * {@return methods that the fix gives other parameters, where something of the version, which
     * the fix does not know, still calls them as before}
     */
    private Map<Change, String> stillCalled(
        Map<Change, Cut.Reason> kept, Map<String, MethodCode> patched, Set<String> withBody) {
      Map<Change, String> called = new LinkedHashMap<>();
      for (Map.Entry<Change, Cut.Reason> entry : kept.entrySet()) {
        Change change = entry.getKey();
        if (!change.changesKey() || entry.getValue().by().isPresent()) {
          continue;
        }
        String type = change.path().replace(".java", "").replace('/', '.');
        type = type.substring(0, type.lastIndexOf('.') + 1) + change.type();
        String start = type + "." + change.before().orElseThrow().name() + "(";
        for (MethodCode old : patched.values()) {
          if (old.id().startsWith(start)
              && affectedMethods.containsKey(old.id())
              && !fixedMethods.containsKey(old.id())) {
            String call =
                " %s.%s%s".formatted(type.replace('.', '/'), old.name(), old.descriptor());
            patched.values().stream()
                .filter(m -> !m.id().equals(old.id()))
                .filter(m -> m.events().stream().anyMatch(e -> e.endsWith(call)))
                .filter(m -> !isKeptForOthers(m, patched, withBody))
                .map(MethodCode::id)
                .sorted()
                .findFirst()
                .ifPresent(m -> called.put(change, m + " still calls " + old.id()));
          }
        }
      }
      return called;
    }

    /** A method that the fix takes away, and that only such methods call any more. */
    private boolean isKeptForOthers(
        MethodCode method, Map<String, MethodCode> patched, Set<String> withBody) {
      Set<String> seen = new HashSet<>();
      List<MethodCode> open = new ArrayList<>(List.of(method));
      while (!open.isEmpty()) {
        MethodCode one = open.removeLast();
        if (!affectedMethods.containsKey(one.id()) || fixedMethods.containsKey(one.id())) {
          return false;
        }
        String call =
            (one.name().equals("<init>") ? " " + one.className().replace('.', '/') : "")
                + "."
                + one.name()
                + one.descriptor();
        patched.values().stream()
            .filter(m -> !withBody.contains(key(m)))
            .filter(m -> m.events().stream().anyMatch(e -> e.endsWith(call)))
            .filter(m -> seen.add(m.id()))
            .forEach(open::add);
      }
      return true;
    }

    /**
     * {@return a method or type that a member brings along, where the fix did not add it: then the
     * member does more than the version's own does with the fix}
     */
    private Optional<String> dragged(Change member, Map<Change, Cut.Reason> kept) {
      return kept.keySet().stream()
          .filter(c -> c.isAdded() && comesBy(c, member, kept))
          .filter(c ->
              c.isFile()
                  ? affected.has(c.path())
                  : c.after()
                      .filter(m -> m.kind() != Source.Kind.FIELD)
                      .flatMap(
                          m -> affected.type(c.path(), c.type()).flatMap(t -> t.member(m.key())))
                      .isPresent())
          .map(Change::id)
          .findFirst();
    }

    private static boolean comesBy(Change one, Change origin, Map<Change, Cut.Reason> kept) {
      Set<Change> seen = new HashSet<>();
      Optional<Change> at = Optional.of(one);
      while (at.isPresent() && seen.add(at.get())) {
        if (at.get().equals(origin)) {
          return true;
        }
        at = Optional.ofNullable(kept.get(at.get())).flatMap(Cut.Reason::by);
      }
      return false;
    }

    /** {@return what a member of the sources is called that is compiled to a method} */
    private static String key(MethodCode method) {
      return Applicability.simple(method.className())
          + "."
          + method.name()
          + "("
          + String.join(",", Cut.parameters(method.descriptor()))
          + ")";
    }

    /**
     * Compilers write some statements in quite different ways: the same source is the same code.
     */
    private static PatchedMethod bySource(PatchedMethod method) {
      return method.state() == State.DIFFERENT
          ? new PatchedMethod(method.id(), State.AS_UPSTREAM, "the same source as upstream's")
          : method;
    }

    /**
     * {@return what of which change is in no method, by the compiled code} A statement whose place
     * the version lacks may stand in another form in the same method: then nothing is missing.
     */
    private static Map<Change, String> leftOut(
        Transplant.Result merged, Map<String, MethodCode> patched, FixCheck check) {
      Map<Change, String> parts = new LinkedHashMap<>();
      merged
          .leftOut()
          .forEach((change, statements) -> {
            List<PatchedMethod> methods = check.of(change, patched);
            boolean whole =
                !methods.isEmpty()
                    && methods.stream()
                        .allMatch(m -> m.state() == State.AS_UPSTREAM || m.state() == State.FIXED);
            if (!whole) {
              parts.put(change, String.join("; ", statements));
            }
          });
      return parts;
    }

    /** {@return the changes to what names one of the fields, in the version or in the fix} */
    private static Set<Change> filling(Set<String> fields, Map<Change, Cut.Reason> kept) {
      Set<Change> filling = new LinkedHashSet<>();
      for (Change change : kept.keySet()) {
        String type = change.path().replace(".java", ".");
        for (String field : fields) {
          String name = field.substring(field.lastIndexOf('.') + 1);
          String owner = field.substring(0, field.lastIndexOf('.')).replaceAll("\\$.*", "") + ".";
          boolean names =
              change.before().filter(m -> Token.texts(m.tokens()).contains(name)).isPresent();
          if (owner.equals(type) && (names || change.names().isEmpty())) {
            filling.add(change);
          }
        }
      }
      return filling;
    }

    /** {@return the changes that the texts name, by type and member} */
    private static Set<Change> named(List<String> texts, Map<Change, Cut.Reason> kept) {
      Set<Change> named = new LinkedHashSet<>();
      for (Change change : kept.keySet()) {
        String type = change.path().replace(".java", "").replace('/', '.');
        type = type.substring(0, type.lastIndexOf('.') + 1) + change.type();
        for (String name : change.names()) {
          String member = type + "." + name;
          if (texts.stream().anyMatch(t -> t.startsWith(member))) {
            named.add(change);
          }
        }
      }
      return named;
    }

    private List<Hunk> hunks(Transplant.Result merged, Map<Change, Cut.Reason> kept) {
      List<Hunk> all = new ArrayList<>(merged.hunks());
      for (Change change : changes) {
        if (!kept.containsKey(change)) {
          all.add(
              new Hunk(
                  change.path(),
                  change.id(),
                  change.word(),
                  Hunk.Fate.LEFT,
                  "nothing that the fix needs uses it"));
        }
      }
      all.sort(
          Comparator.comparing(Hunk::fate).thenComparing(Hunk::file).thenComparing(Hunk::member));
      return all;
    }

    /**
     * The compiled classes that differ from those of the version, by whole families of nested ones.
     */
    private Map<String, byte[]> changed(SortedMap<String, byte[]> compiled, List<String> notes)
        throws IOException, Splice.Refused {
      Map<String, byte[]> lowered = new TreeMap<>();
      compiled.forEach((name, bytes) -> lowered.put(name + ".class", lower(name, bytes, notes)));
      Path file = request.scratch().resolve("compiled.jar");
      Files.write(file, JarPatch.apply(JarPatch.empty(), lowered, _ -> false));
      Map<String, List<String>> before = shapes(baseCode);
      JarCode afterCode = JarCode.read(file, limits);
      Map<String, List<String>> after = shapes(afterCode);
      Set<String> families = new HashSet<>();
      Set<String> unread = new HashSet<>();
      for (Map.Entry<String, byte[]> one : lowered.entrySet()) {
        String entry = one.getKey();
        if (!isSame(entry, before, after)) {
          families.add(family(entry));
        }
        if (absentTypes().hasUnread() && Splice.hasUnread(one.getValue())) {
          unread.add(family(entry));
        }
      }
      Map<String, byte[]> changed = new TreeMap<>();
      for (Map.Entry<String, byte[]> one : lowered.entrySet()) {
        String entry = one.getKey();
        if (!families.contains(family(entry))) {
          continue;
        }
        byte[] ours = baseClasses.get(entry);
        if (!unread.contains(family(entry)) || ours == null) {
          changed.put(entry, one.getValue());
        } else if (!isSame(entry, before, after)) {
          Optional<byte[]> spliced = spliced(ours, one.getValue(), compiled, afterCode);
          spliced.ifPresent(bytes -> changed.put(entry, bytes));
        }
      }
      return changed;
    }

    private static boolean isSame(
        String entry, Map<String, List<String>> before, Map<String, List<String>> after) {
      String name = entry.replace(".class", "").replace('/', '.');
      return before.containsKey(name)
          && before.getOrDefault(name, List.of()).equals(after.getOrDefault(name, List.of("?")));
    }

    private java.net.URLClassLoader loader() throws IOException {
      List<java.net.URL> paths = new ArrayList<>();
      for (Path path : absentTypes().with(request.classPath())) {
        paths.add(path.toUri().toURL());
      }
      return new java.net.URLClassLoader(
          paths.toArray(new java.net.URL[0]), ClassLoader.getPlatformClassLoader());
    }

    /** Knows how types relate, of classes that are given first; none is loaded. */
    private ClassHierarchyResolver resolver(
        SortedMap<String, byte[]> all, java.net.URLClassLoader loader) {
      return ClassHierarchyResolver.ofResourceParsing(
              (java.util.function.Function<java.lang.constant.ClassDesc, java.io.InputStream>)
                  wanted -> {
                    String descriptor = wanted.descriptorString();
                    String name = descriptor.substring(1, descriptor.length() - 1);
                    byte[] bytes =
                        Optional.ofNullable(all.get(name)).orElse(baseClasses.get(name + ".class"));
                    return bytes != null
                        ? new java.io.ByteArrayInputStream(bytes)
                        : loader.getResourceAsStream(name + ".class");
                  })
          .orElse(ClassHierarchyResolver.defaultResolver());
    }

    /** The class of the version with the methods that differ; empty where none does. */
    private Optional<byte[]> spliced(
        byte[] ours, byte[] compiled, SortedMap<String, byte[]> all, JarCode afterCode)
        throws IOException, Splice.Refused {
      Map<String, MethodCode> is = FixCheck.byKey(afterCode);
      String type = ClassFile.of().parse(compiled).thisClass().asInternalName().replace('/', '.');
      Set<String> same = new HashSet<>();
      ClassFile.of()
          .parse(ours)
          .methods()
          .forEach(m -> {
            String id = Splice.id(m);
            MethodCode before = baseMethods.get(type + "." + id);
            MethodCode after = is.get(type + "." + id);
            if (before == null || after == null || before.exact().equals(after.exact())) {
              same.add(id);
            }
          });
      try (java.net.URLClassLoader loader = loader()) {
        ClassHierarchyResolver resolver = resolver(all, loader);
        byte[] spliced = new Splice(ours, compiled, same, true, resolver).spliced();
        return java.util.Arrays.equals(spliced, ours) ? Optional.empty() : Optional.of(spliced);
      }
    }

    /**
     * Java 8 is the oldest that is written; older class files differ in no more than their number.
     */
    private byte[] lower(String name, byte[] bytes, List<String> notes) {
      byte[] before = baseClasses.get(name + ".class");
      if (before == null) {
        String outer = name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
        before = baseClasses.get(outer + ".class");
      }
      if (before == null || before.length < 8 || major(before) >= major(bytes)) {
        return bytes;
      }
      if (usesJava8(bytes)) {
        String note =
            "%s needs Java 8 now: the fix is written with what older ones do not have."
                .formatted(name.replace('/', '.'));
        if (!notes.contains(note)) {
          notes.add(note);
        }
        return bytes;
      }
      byte[] lowered = bytes.clone();
      lowered[6] = before[6];
      lowered[7] = before[7];
      String note =
          "Compiled for Java 8, the oldest that this JDK writes, and marked as before (Java %d)."
              .formatted(major(before) - JAVA_OF_MAJOR);
      if (!notes.contains(note)) {
        notes.add(note);
      }
      return lowered;
    }

    /**
     * Whether there is what only the class files of Java 8 have: lambdas, methods of interfaces.
     */
    private static boolean usesJava8(byte[] classFile) {
      ClassModel model = ClassFile.of().parse(classFile);
      boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof InvokeDynamicEntry) {
          return true;
        }
      }
      return isInterface
          && model.methods().stream()
              .anyMatch(m -> m.code().isPresent() && !m.methodName().equalsString("<clinit>"));
    }

    private static Map<String, List<String>> shapes(JarCode code) {
      Map<String, List<String>> shapes = new HashMap<>();
      code.classes()
          .forEach(c -> {
            if (c.variant() == 0) {
              List<String> shape = new ArrayList<>();
              shape.add(c.flags() + c.superName() + c.interfaces() + new TreeMap<>(c.constants()));
              c.methods().forEach(m -> shape.add(m.id() + " " + m.flags() + " " + m.exact()));
              shape.sort(null);
              shapes.put(c.name(), shape);
            }
          });
      return shapes;
    }

    private static String family(String entry) {
      int dollar = entry.indexOf('$', entry.lastIndexOf('/') + 2);
      return dollar < 0 ? entry.replace(".class", "") : entry.substring(0, dollar);
    }
  }

  /** {@return whether a class file is no other form of one, and no module's declaration} */
  private static boolean isPlain(String entry) {
    return !entry.startsWith("META-INF/") && !entry.endsWith("module-info.class");
  }

  /** {@return such class files, to be added to} */
  static List<byte[]> plain(Map<String, byte[]> byEntry) {
    List<byte[]> plain = new ArrayList<>();
    byEntry.forEach((entry, bytes) -> {
      if (isPlain(entry)) {
        plain.add(bytes);
      }
    });
    return plain;
  }
}
