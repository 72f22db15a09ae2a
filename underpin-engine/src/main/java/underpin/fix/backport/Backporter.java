package underpin.fix.backport;

import java.io.IOException;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.Backport.PatchedMethod.State;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.Source.Member;
import underpin.program.ArchiveLimits;
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

  /**
   * How likely it may be that what was left out is part of the fix, of all that may be: a part of a
   * fix is none.
   */
  private static final double MOST_DROPPED = 0.3;

  private static final int JAVA_OF_MAJOR = 44;
  private static final Pattern SYMBOL = Pattern.compile("symbol:\\s+(\\w+) (.+?)\\s*(?:\\R|$)");
  private static final Pattern LOCATION = Pattern.compile("location:\\s+(.+?)\\s*(?:\\R|$)");
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");

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
   * of what belongs to the fix, the largest first; the first that holds is taken.
   *
   * @throws IOException if a file cannot be read or written
   */
  public Backport port(BackportRequest request) throws IOException {
    if (request.version().sources().isEmpty()) {
      return new Backport.Declined(
          request.version().name() + " has no sources in the repositories at hand",
          List.of(),
          List.of());
    }
    Sources base = Sources.read(request.version().sources().get(), limits);
    List<Backport> answers = new ArrayList<>();
    for (Fix fix : request.fixes()) {
      if (fix.affected().sources().isEmpty() || fix.fixed().sources().isEmpty()) {
        answers.add(
            new Backport.Declined(
                "The sources of "
                    + (fix.affected().sources().isEmpty() ? fix.affected() : fix.fixed()).name()
                    + " are in no repository at hand",
                List.of(),
                List.of()));
        continue;
      }
      if (isSpent.getAsBoolean()) {
        return new Backport.Declined(OVERDUE, List.of(), List.of());
      }
      Backport one = new Attempts(request, base, fix).run();
      if (!(one instanceof Backport.Declined)) {
        return one;
      }
      answers.add(one);
    }
    return answers.isEmpty()
        ? new Backport.Declined("no two releases lie around a fix of it", List.of(), List.of())
        : answers.getFirst();
  }

  /** What comes of one choice, and which changes stood in the way. */
  private record Tried(Backport made, Set<String> culprits) {}

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
    private final JarCode affectedCode;
    private final JarCode fixedCode;
    private final FixCheck check;
    private final Map<String, byte[]> baseClasses = new TreeMap<>();
    private final Set<String> baseEntries = new TreeSet<>();

    Attempts(BackportRequest request, Sources base, Fix fix) throws IOException {
      this.request = request;
      this.base = base;
      this.fix = fix;
      this.affected = Sources.read(fix.affected().sources().orElseThrow(), limits);
      this.fixed = Sources.read(fix.fixed().sources().orElseThrow(), limits);
      this.changes = Change.between(affected, fixed);
      this.cut = new Cut(changes);
      this.baseCode = JarCode.read(request.version().jar(), limits);
      this.affectedCode = JarCode.read(fix.affected().jar(), limits);
      this.fixedCode = JarCode.read(fix.fixed().jar(), limits);
      this.check = new FixCheck(affectedCode, fixedCode);
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

    Backport run() throws IOException {
      Map<FixFunction, List<Change>> found = new LinkedHashMap<>();
      for (FixFunction function : request.functions()) {
        List<Change> of = cut.of(function);
        if (!of.isEmpty()) {
          found.put(function, of);
        }
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
      double total = found.keySet().stream().mapToDouble(FixFunction::score).sum();
      double dropped = 0;
      List<String> leftOut = new ArrayList<>();
      List<FixFunction> needed = new ArrayList<>(found.keySet());
      Optional<Backport> first = Optional.empty();
      while (true) {
        Map<Change, String> seeds = new LinkedHashMap<>();
        needed.forEach(f ->
            found.getOrDefault(f, List.of()).forEach(c -> seeds.putIfAbsent(c, Transplant.SEED)));
        Set<String> culprits = new HashSet<>();
        for (boolean bold : List.of(false, true)) {
          Tried tried = attempt(seeds, needed, bold, leftOut);
          if (!(tried.made instanceof Backport.Declined) || isSpent.getAsBoolean()) {
            return tried.made;
          }
          first = first.or(() -> Optional.of(tried.made));
          culprits = tried.culprits;
        }
        Optional<FixFunction> worst = leastLikely(needed, found, culprits);
        if (worst.isEmpty()
            || needed.size() == 1
            || dropped + worst.get().score() > MOST_DROPPED * total) {
          return first.orElseThrow();
        }
        dropped += worst.get().score();
        needed.remove(worst.get());
        leftOut.add(
            "%s was left out: it does not fit, and is %.0f %% likely to be part of the fix"
                .formatted(worst.get().id(), worst.get().score() * 100));
      }
    }

    /** The function that is least likely part of the fix, of those that stood in the way. */
    private Optional<FixFunction> leastLikely(
        List<FixFunction> needed, Map<FixFunction, List<Change>> found, Set<String> culprits) {
      return needed.stream()
          .filter(f -> {
            Map<Change, String> own = new LinkedHashMap<>();
            found.getOrDefault(f, List.of()).forEach(c -> own.put(c, ""));
            return culprits.contains(f.id())
                || cut.close(own).keySet().stream()
                    .anyMatch(c -> culprits.contains(c.id()) || culprits.contains(c.path()));
          })
          .min(Comparator.comparingDouble(FixFunction::score));
    }

    /** By bytecode: the fix is there already, or nothing of what it changes is. */
    private Optional<Backport> notApplicable(Set<FixFunction> functions) {
      Map<String, MethodCode> ours = FixCheck.byKey(baseCode);
      Map<String, MethodCode> old = FixCheck.byKey(affectedCode);
      List<String> evidence = new ArrayList<>();
      int there = 0;
      int fixedAlready = 0;
      int seen = 0;
      for (FixFunction function : functions) {
        MethodCode before = old.get(function.id());
        if (before == null || !check.isChanged(function.id())) {
          continue;
        }
        seen++;
        Optional<PatchedMethod> state = check.check(function.id(), ours);
        if (state.isPresent() && state.get().state() != State.ABSENT) {
          there++;
          if (state.get().state() == State.AS_UPSTREAM || state.get().state() == State.FIXED) {
            fixedAlready++;
            evidence.add(function.id() + ": " + state.get().detail());
          }
        } else if (isMoved(function)) {
          there++;
        } else {
          evidence.add(function.id() + ": not in " + request.version().name());
        }
      }
      if (seen > 0 && there == 0) {
        return Optional.of(
            new Backport.NotApplicable(
                "The code that the fix changes is not in " + request.version().name() + " yet.",
                evidence,
                List.of()));
      }
      if (seen > 0 && fixedAlready == there) {
        return Optional.of(
            new Backport.NotApplicable(
                request.version().name() + " has the fix already.", evidence, List.of()));
      }
      return Optional.empty();
    }

    /** Whether the version has a method of that name in a class called so, or much alike. */
    private boolean isMoved(FixFunction function) {
      String type = function.className();
      String simple = type.substring(type.lastIndexOf('.') + 1);
      return baseCode.classes().stream()
          .flatMap(c -> c.methods().stream())
          .anyMatch(m ->
              m.name().equals(function.methodName())
                  && m.className().substring(m.className().lastIndexOf('.') + 1).equals(simple));
    }

    private Tried attempt(
        Map<Change, String> seeds, List<FixFunction> needed, boolean bold, List<String> without)
        throws IOException {
      Map<Change, String> kept = new LinkedHashMap<>(cut.close(seeds));
      Map<String, Set<String>> imports = new HashMap<>();
      Map<String, Map<String, String>> rewrites = new HashMap<>();
      List<Path> classPath = new ArrayList<>();
      classPath.add(request.version().jar());
      classPath.addAll(request.classPath());
      Compiler compiler = new Compiler(classPath);
      int release = Compiler.OLDEST;
      Transplant.Result merged = null;
      Compiler.Result compiled = null;
      List<String> lowered = new ArrayList<>(without);
      for (int round = 0; round < MOST_ROUNDS; round++) {
        if (isSpent.getAsBoolean()) {
          return new Tried(new Backport.Declined(OVERDUE, List.of(), List.of()), Set.of());
        }
        merged = new Transplant(base, affected, bold).apply(kept, imports);
        if (!merged.conflicts().isEmpty()) {
          return new Tried(
              declined("The change does not fit", merged, merged.conflicts()), merged.culprits());
        }
        if (merged.files().isEmpty()) {
          Backport none =
              merged.absent() > 0 && merged.present() == 0
                  ? new Backport.NotApplicable(
                      "The code that the fix changes is not in "
                          + request.version().name()
                          + " yet.",
                      merged.hunks().stream().map(h -> h.member() + ": " + h.because()).toList(),
                      merged.hunks())
                  : merged.absent() > 0
                      ? declined("Only a part of the fix has a place", merged, List.of())
                      : new Backport.NotApplicable(
                          request.version().name() + " has the fix already.",
                          merged.hunks().stream()
                              .map(h -> h.member() + ": " + h.because())
                              .toList(),
                          merged.hunks());
          return new Tried(none, Set.of());
        }
        Map<String, String> texts = new TreeMap<>(merged.files());
        rewrites.forEach(
            (path, some) -> texts.computeIfPresent(path, (_, text) -> rewritten(text, some)));
        release = release(texts.keySet());
        compiled = compiler.compile(texts, release);
        if (compiled.problems().isEmpty()) {
          Transplant.Result done =
              new Transplant.Result(
                  new TreeMap<>(texts),
                  merged.hunks(),
                  merged.conflicts(),
                  merged.guesses(),
                  merged.leftOut(),
                  merged.touched(),
                  merged.present(),
                  merged.absent(),
                  merged.culprits());
          return finish(done, compiled, needed, release, kept, lowered, without);
        }
        boolean more = false;
        for (Compiler.Problem problem : compiled.problems()) {
          more |= repair(problem, texts, kept, imports, rewrites, lowered);
        }
        if (!more) {
          break;
        }
      }
      Set<String> culprits = new HashSet<>();
      java.util.Objects.requireNonNull(compiled).problems().forEach(p -> culprits.add(p.file()));
      return new Tried(
          declined(
              "It does not compile",
              java.util.Objects.requireNonNull(merged),
              java.util.Objects.requireNonNull(compiled).problems().stream()
                  .map(Compiler.Problem::text)
                  .limit(8)
                  .toList()),
          culprits);
    }

    private static String rewritten(String text, Map<String, String> some) {
      String out = text;
      for (Map.Entry<String, String> one : some.entrySet()) {
        out = out.replace(one.getKey(), one.getValue());
      }
      return out;
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
          if (one.getValue().length > 8
              && !one.getKey().startsWith("META-INF/")
              && !one.getKey().equals("module-info.class")) {
            newest = Math.max(newest, major(one.getValue()) - JAVA_OF_MAJOR);
          }
        }
      }
      return Math.max(Compiler.OLDEST, Math.min(newest, Runtime.version().feature()));
    }

    private static int major(byte[] classFile) {
      return (classFile[6] & 0xFF) << 8 | (classFile[7] & 0xFF);
    }

    /** {@return whether something was found that may help against the error} */
    private boolean repair(
        Compiler.Problem problem,
        Map<String, String> texts,
        Map<Change, String> kept,
        Map<String, Set<String>> imports,
        Map<String, Map<String, String>> rewrites,
        List<String> lowered) {
      String message = problem.message();
      if (problem.code().contains("method.does.not.override")) {
        return false;
      }
      Matcher missingPackage = PACKAGE.matcher(message);
      if (missingPackage.find()) {
        return file(missingPackage.group(1), problem, texts, kept);
      }
      if (!problem.code().startsWith("compiler.err.cant.resolve")
          && !problem.code().startsWith("compiler.err.cant.apply")
          && !problem.code().startsWith("compiler.err.cant.ref")) {
        return false;
      }
      Matcher symbol = SYMBOL.matcher(message);
      Matcher location = LOCATION.matcher(message);
      String place = location.find() ? location.group(1) : "";
      if (!symbol.find()) {
        return cantApply(message, kept);
      }
      String kind = symbol.group(1);
      String name = symbol.group(2).replaceAll("[(<].*", "").strip();
      name = name.substring(name.lastIndexOf(' ') + 1);
      boolean more = false;
      if (kind.equals("class")
          || kind.equals("variable") && Character.isUpperCase(name.charAt(0))) {
        more = type(name, problem.file(), kept, imports);
      }
      return more || member(name, place, problem.file(), kept);
    }

    /** A method that exists, but not with these parameters. */
    private boolean cantApply(String message, Map<Change, String> kept) {
      Matcher named =
          Pattern.compile("(?:method|constructor) (\\w+) in (?:class|interface|enum|record) (\\S+)")
              .matcher(message);
      Matcher none =
          Pattern.compile("no suitable (method|constructor) found for (\\w+)").matcher(message);
      Matcher of =
          Pattern.compile("(?:method|constructor) ([\\w.$<>,]+)\\.(\\w+)\\(").matcher(message);
      if (named.find()) {
        String type = named.group(2).replaceAll("<.*", "");
        String simple = type.substring(type.lastIndexOf('.') + 1);
        String name = named.group(1).equals(simple) ? "<init>" : named.group(1);
        return member(name, "class " + type, "", kept);
      }
      if (none.find() && of.find()) {
        String type = of.group(1).replaceAll("<.*", "");
        String simple = type.substring(type.lastIndexOf('.') + 1);
        String name = none.group(2).equals(simple) ? "<init>" : none.group(2);
        return member(name, "class " + type, "", kept);
      }
      return false;
    }

    /** A file of the fixed release in a package that the version lacks. */
    private boolean file(
        String missing,
        Compiler.Problem problem,
        Map<String, String> texts,
        Map<Change, String> kept) {
      String text = texts.getOrDefault(problem.file(), "");
      boolean more = false;
      Matcher uses = Pattern.compile(Pattern.quote(missing) + "\\.(\\w+)").matcher(text);
      while (uses.find()) {
        String path = missing.replace('.', '/') + "/" + uses.group(1) + ".java";
        more |= newFile(path, kept);
      }
      return more;
    }

    private boolean newFile(String path, Map<Change, String> kept) {
      if (!fixed.has(path) || base.has(path)) {
        return false;
      }
      Change file =
          changes.stream()
              .filter(c -> c.isFile() && c.path().equals(path))
              .findFirst()
              .orElseGet(() -> Change.file(path, fixed.source(path)));
      return kept.putIfAbsent(file, "what was kept needs it") == null;
    }

    private boolean type(
        String name, String file, Map<Change, String> kept, Map<String, Set<String>> imports) {
      List<String> known = new ArrayList<>();
      for (String entry : baseClasses.keySet()) {
        if (entry.endsWith("/" + name + ".class")) {
          known.add(entry.replace(".class", "").replace('/', '.'));
        }
      }
      Set<String> lines = imports.computeIfAbsent(file, _ -> new LinkedHashSet<>());
      if (fixed.has(file)) {
        Source from = fixed.source(file);
        for (Source.Import one : from.imports()) {
          if (one.simpleName().equals(name) && lines.add(one.text())) {
            return true;
          }
        }
        String folder = file.substring(0, file.lastIndexOf('/') + 1);
        if (newFile(folder + name + ".java", kept)) {
          return true;
        }
        for (Source.Import one : from.imports()) {
          if (one.name().endsWith(".*")) {
            String path = one.name().replace(".*", "").replace('.', '/') + "/" + name + ".java";
            if (newFile(path, kept)) {
              lines.add(one.text());
              return true;
            }
          }
        }
      }
      if (known.size() == 1 && lines.add("import " + known.getFirst() + ";")) {
        return true;
      }
      if (fixed.has(file)) {
        boolean more = false;
        for (Source.Import one : fixed.source(file).imports()) {
          more |= one.name().endsWith(".*") && lines.add(one.text());
        }
        if (more) {
          return true;
        }
      }
      for (String path : fixed.files(name)) {
        if (newFile(path, kept)) {
          lines.add("import " + path.replace(".java", "").replace('/', '.') + ";");
          return true;
        }
      }
      return false;
    }

    /** A member that the fixed release has, in the type that the compiler names or one above it. */
    private boolean member(String name, String place, String file, Map<Change, String> kept) {
      String type =
          place
              .replaceAll("<.*", "")
              .replaceAll(".* of type ", "")
              .replaceAll("^(class|interface|enum|record|@interface) ", "")
              .strip();
      String simple = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
      List<Member> candidates = new ArrayList<>(fixed.members(simple, name));
      if (candidates.isEmpty() && !file.isEmpty() && fixed.has(file)) {
        fixed.source(file).members().stream()
            .filter(m -> List.of(m.name().split(",")).contains(name))
            .forEach(candidates::add);
      }
      if (candidates.isEmpty() && !simple.isEmpty()) {
        for (String above : supers(simple, new HashSet<>())) {
          candidates.addAll(fixed.members(above, name));
        }
      }
      boolean more = false;
      for (Member member : candidates) {
        boolean there =
            base.type(member.file(), member.owner().name())
                .flatMap(t -> t.member(member.key()))
                .isPresent();
        if (!there && !isKept(member, kept)) {
          kept.put(Change.added(member), "what was kept needs it");
          fillers(member).forEach(c -> kept.putIfAbsent(c, "it fills " + member.id()));
          more = true;
        }
      }
      return more;
    }

    /** Constructors and initialisers that the fix makes to fill a field that it adds. */
    private List<Change> fillers(Member field) {
      if (field.kind() != Source.Kind.FIELD) {
        return List.of();
      }
      return changes.stream()
          .filter(c -> c.path().equals(field.file()) && c.type().equals(field.owner().name()))
          .filter(c ->
              c.after()
                  .filter(m -> m.kind() == Source.Kind.INITIALISER || m.name().equals("<init>"))
                  .isPresent())
          .filter(c -> List.of(field.name().split(",")).stream().anyMatch(c.newWords()::contains))
          .toList();
    }

    private static boolean isKept(Member member, Map<Change, String> kept) {
      return kept.keySet().stream()
          .anyMatch(c ->
              c.path().equals(member.file())
                  && c.type().equals(member.owner().name())
                  && c.after().filter(m -> m.key().equals(member.key())).isPresent());
    }

    /** Names in the headers of a type and of those above it. */
    private Set<String> supers(String simple, Set<String> seen) {
      Set<String> above = new LinkedHashSet<>();
      for (String path : fixed.files(simple)) {
        fixed.source(path).types().values().stream()
            .findFirst()
            .ifPresent(t -> {
              for (Token token : Token.of(t.header())) {
                if (token.isWord()
                    && !token.text().equals(simple)
                    && !fixed.files(token.text()).isEmpty()
                    && seen.add(token.text())) {
                  above.add(token.text());
                  above.addAll(supers(token.text(), seen));
                }
              }
            });
      }
      return above;
    }

    private Tried finish(
        Transplant.Result merged,
        Compiler.Result compiled,
        List<FixFunction> needed,
        int release,
        Map<Change, String> kept,
        List<String> lowered,
        List<String> without)
        throws IOException {
      List<String> notes = new ArrayList<>(lowered);
      Map<String, byte[]> entries = changed(compiled.classes(), notes);
      byte[] original = Files.readAllBytes(request.version().jar());
      boolean signed = baseEntries.stream().anyMatch(Backporter::isSignature);
      if (signed) {
        notes.add("The jar was signed; the signature no longer holds and was left out.");
      }
      byte[] jar = JarPatch.apply(original, entries, Backporter::isSignature);
      Path file = request.scratch().resolve("patched.jar");
      Files.write(file, jar);
      // Only what changed is read again: the rest of a large jar takes seconds.
      Path fresh = request.scratch().resolve("changed.jar");
      Files.write(fresh, JarPatch.apply(emptyJar(), entries, _ -> false));
      Map<String, MethodCode> ours = FixCheck.byKey(baseCode);
      ours.putAll(FixCheck.byKey(JarCode.read(fresh, limits)));
      List<PatchedMethod> methods = new ArrayList<>();
      for (FixFunction function : needed) {
        check.check(function.id(), ours).ifPresent(methods::add);
      }
      List<String> losses = new ArrayList<>();
      entries.forEach((name, bytes) -> {
        byte[] before = baseClasses.get(name);
        if (before != null) {
          losses.addAll(Surface.losses(before, bytes));
        }
      });
      for (String name : entries.keySet()) {
        baseClasses.keySet().stream()
            .filter(other -> other.startsWith("META-INF/versions/") && other.endsWith("/" + name))
            .forEach(other ->
                losses.add(other + " holds another form of the class, which was not patched"));
      }
      if (merged.absent() > 0) {
        notes.add(merged.absent() + " changes of the fix have no place in the version.");
      }
      notes.addAll(merged.guesses());
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
            Set.of());
      }
      if (!wrong.isEmpty() || right == 0 && !methods.isEmpty()) {
        List<String> why = wrong.stream().map(m -> m.id() + " " + m.detail()).toList();
        return new Tried(
            new Backport.Declined(
                "The result is not what the fix makes of it: "
                    + (why.isEmpty() ? "no function of the fix is in it" : why.getFirst()),
                why,
                hunks(merged, kept)),
            new HashSet<>(wrong.stream().map(PatchedMethod::id).toList()));
      }
      Map<String, String> parts = leftOut(merged, ours);
      if (!parts.isEmpty()) {
        Map.Entry<String, String> first = parts.entrySet().iterator().next();
        return new Tried(
            new Backport.Declined(
                "A part of the fix is not in it, of %s: %s"
                    .formatted(first.getKey(), first.getValue()),
                parts.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList(),
                hunks(merged, kept)),
            parts.keySet());
      }
      SortedMap<String, byte[]> sources = new TreeMap<>();
      merged.files().forEach((path, text) -> sources.put(path, base.bytes(path, text)));
      return new Tried(
          new Backport.Made(
              "The fix of %s is in %d of %d functions; %s"
                  .formatted(
                      fix.fixed().name(),
                      right,
                      methods.size(),
                      entries.size() == 1
                          ? "1 class changed"
                          : entries.size() + " classes changed"),
              jar,
              sources,
              List.copyOf(entries.keySet()),
              methods,
              without,
              losses,
              release,
              hunks(merged, kept),
              notes),
          Set.of());
    }

    /**
     * {@return what of which change is in no method, by the compiled code} A statement whose place
     * the version lacks may stand in another form in the same method: then nothing is missing.
     */
    private Map<String, String> leftOut(Transplant.Result merged, Map<String, MethodCode> patched) {
      Map<String, String> parts = new LinkedHashMap<>();
      merged
          .leftOut()
          .forEach((change, statements) -> {
            List<PatchedMethod> methods = check.of(change, patched);
            boolean whole =
                !methods.isEmpty()
                    && methods.stream()
                        .allMatch(m -> m.state() == State.AS_UPSTREAM || m.state() == State.FIXED);
            if (!whole) {
              parts.put(change.id(), String.join("; ", statements));
            }
          });
      return parts;
    }

    private List<Hunk> hunks(Transplant.Result merged, Map<Change, String> kept) {
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
        throws IOException {
      Map<String, byte[]> lowered = new TreeMap<>();
      compiled.forEach((name, bytes) -> lowered.put(name + ".class", lower(name, bytes, notes)));
      Path file = request.scratch().resolve("compiled.jar");
      Files.write(file, JarPatch.apply(emptyJar(), lowered, _ -> false));
      Map<String, List<String>> before = shapes(baseCode);
      Map<String, List<String>> after = shapes(JarCode.read(file, limits));
      Set<String> families = new HashSet<>();
      for (String entry : lowered.keySet()) {
        String name = entry.replace(".class", "").replace('/', '.');
        if (!baseClasses.containsKey(entry)
            || !before
                .getOrDefault(name, List.of())
                .equals(after.getOrDefault(name, List.of("?")))) {
          families.add(family(entry));
        }
      }
      Map<String, byte[]> changed = new TreeMap<>();
      lowered.forEach((entry, bytes) -> {
        if (families.contains(family(entry))) {
          changed.put(entry, bytes);
        }
      });
      return changed;
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

  /** A zip file without entries: its end record alone. */
  private static byte[] emptyJar() {
    byte[] end = new byte[22];
    end[0] = 'P';
    end[1] = 'K';
    end[2] = 5;
    end[3] = 6;
    return end;
  }

  private static boolean isSignature(String entry) {
    return entry.matches("META-INF/[^/]+\\.(?i:SF|RSA|DSA|EC)")
        || entry.matches("META-INF/(?i:SIG)-[^/]*");
  }
}
