package underpin.reach;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import underpin.cases.Finding;
import underpin.cases.Reach;
import underpin.program.Archive;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.ClassPathProblem;
import underpin.program.graph.CallGraph;
import underpin.program.graph.Replay;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.reach.functions.VulnerableFunction;

/**
 * Whether vulnerable functions are called. Reads the programs once, then answers for any number of
 * vulnerabilities. Doubt is Undecided, which counts as reached.
 */
public final class Reachability implements AutoCloseable {
  /** One program and what may run in it. */
  private static final class Searched implements AutoCloseable {
    private final Program program;
    private final CallGraph.Options options;
    private final CallGraph graph;
    private Optional<Replay> replay = Optional.empty();

    Searched(Program program, CallGraph.Options options) {
      this.program = program;
      this.options = options.withJdk(program.jdk());
      this.graph = CallGraph.build(program.classPath(), this.options);
    }

    Program program() {
      return program;
    }

    CallGraph graph() {
      return graph;
    }

    Replay replay() {
      if (replay.isEmpty()) {
        replay = Optional.of(graph.replay(program.classPath(), options));
      }
      return replay.get();
    }

    @Override
    public void close() {
      replay.ifPresent(Replay::close);
      replay = Optional.empty();
    }
  }

  /** Of a jar for several releases of Java, what any of them could load. */
  private static final int NEWEST_JAVA = 25;

  /** How unlikely it must be that the flaw is in what is called. */
  private static final double SURE_ENOUGH = 0.95;

  /** How much too low small chances are, see {@code benchmarks/functions/README.md}. */
  private static final double UNDERSTATED = 5;

  private static final int MOST_NAMED = 3;

  private final List<Searched> searched = new ArrayList<>();

  /** Classes of each graph with a method that may run, once they were asked for. */
  private final Map<CallGraph, Set<String>> running = new IdentityHashMap<>();

  /** Classes of each jar that was asked for. */
  private final Map<Path, Set<String>> classes = new HashMap<>();

  /** Classes that lie on the class paths, once that was asked for. */
  private final Set<String> there = new HashSet<>();

  /** Without any program: every answer is Undecided. */
  public Reachability() {}

  /**
   * Makes the call graph of each program.
   *
   * @param options its JDK is replaced by each program's
   * @throws underpin.program.graph.GraphException if there is no such JDK, or a model is wrong
   */
  public Reachability(List<Program> programs, CallGraph.Options options) {
    for (Program program : programs) {
      searched.add(new Searched(program, options));
    }
  }

  @Override
  public void close() {
    searched.forEach(Searched::close);
  }

  /**
   * What one program is, as it was read.
   *
   * @param started what was taken as running first, in words
   */
  public record Looked(String program, String started, int methods, int classes) {}

  /** {@return one for each program, in their order} */
  public List<Looked> looked() {
    return searched.stream()
        .map(each ->
            new Looked(
                each.program().name(),
                each.graph().started(),
                each.graph().methodCount(),
                each.graph().classCount()))
        .toList();
  }

  /** {@return the answer for one finding whose functions are not known} */
  public Reach judge(Finding finding) {
    return new Reach.Undecided(
        "call paths to the vulnerable code of "
            + finding.component().display()
            + " were not searched; treated as called");
  }

  /**
   * One vulnerability of one component.
   *
   * @param cwes its weaknesses, as {@code CWE-502}
   * @param file the component's jar; empty where it is not at hand
   */
  public record Flaw(FunctionList functions, List<String> cwes, Optional<Path> file) {
    public Flaw {
      cwes = List.copyOf(cwes);
    }
  }

  /**
   * {@return the answer for one vulnerability} Its functions decide, each by how likely the fix
   * truly changed it: Reached where the flaw is likelier in what is called than in the rest,
   * NotReached where it is unlikely in anything that may be called. Nothing of it is reached, known
   * functions or not, where nothing of the component's code may run; but a flaw that objects read
   * back can bring about needs no call, only a class that is there.
   */
  public Reach judge(Flaw flaw) {
    Reach reach =
        switch (flaw.functions()) {
          case FunctionList.Undecided undecided ->
              new Reach.Undecided("its vulnerable functions are not known: " + undecided.because());
          case FunctionList.Derived derived -> judge(derived, flaw.file());
        };
    if (reach instanceof Reach.Undecided) {
      reach = unused(flaw).orElse(reach);
    } else if (reach instanceof Reach.NotReached
        && flaw.functions() instanceof FunctionList.Derived derived) {
      reach =
          elsewhere(derived)
              .<Reach>map(function ->
                  new Reach.Undecided(
                      "its likely functions are not in this version by their names, such as "
                          + named(function)))
              .orElse(reach);
    }
    if (!(reach instanceof Reach.NotReached) || !Presence.isEnough(flaw)) {
      return reach;
    }
    return searched.stream()
        .flatMap(each -> Presence.reader(each.graph()).stream())
        .findFirst()
        .<Reach>map(reader -> new Reach.Undecided(Presence.BECAUSE.formatted(reader)))
        .orElse(reach);
  }

  /**
   * {@return the most likely function of a class that is not there, if the flaw is more likely in
   * such classes than in those that are} What is not there by name may be there by another: that
   * says nothing of calls.
   */
  private Optional<VulnerableFunction> elsewhere(FunctionList.Derived derived) {
    if (there.isEmpty()) {
      for (Searched each : searched) {
        for (ClassPath.Entry entry : each.program().classPath().entries()) {
          there.addAll(classes(entry.path()));
        }
      }
    }
    Map<Boolean, List<VulnerableFunction>> isThere =
        derived.cut().stream()
            .collect(Collectors.partitioningBy(f -> there.contains(f.className())));
    List<VulnerableFunction> absent = isThere.getOrDefault(false, List.of());
    return derived.chance(absent) > derived.chance(isThere.getOrDefault(true, List.of()))
        ? absent.stream().findFirst()
        : Optional.empty();
  }

  private Optional<Reach> unused(Flaw flaw) {
    if (flaw.file().isEmpty() || unread().isPresent()) {
      return Optional.empty();
    }
    Set<String> classes = classes(flaw.file().get());
    if (classes.isEmpty()
        || searched.stream().anyMatch(each -> !Collections.disjoint(classes, running(each)))) {
      return Optional.empty();
    }
    return Optional.of(
        new Reach.NotReached(
            "%s; none of the %,d classes of %s runs"
                .formatted(howFar(), classes.size(), flaw.file().get().getFileName())));
  }

  /** {@return binary names of the classes of a jar; empty if it cannot be read as a whole} */
  private Set<String> classes(Path jar) {
    return classes.computeIfAbsent(jar, Reachability::read);
  }

  private static Set<String> read(Path jar) {
    try (Archive archive = Archive.open(jar, NEWEST_JAVA, ArchiveLimits.DEFAULT)) {
      Set<String> classes = new HashSet<>();
      for (String name : archive.names()) {
        if (Archive.isClass(name)) {
          classes.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
        }
      }
      return archive.problems().stream().anyMatch(Reachability::hidesCalls) ? Set.of() : classes;
    }
  }

  private Set<String> running(Searched one) {
    return running.computeIfAbsent(one.graph(), CallGraph::classes);
  }

  /**
   * Reached only where the functions with a confirmed path are the flaw at least as likely as the
   * rest of the cut; NotReached only where that is unlikely of all that may run.
   */
  private Reach judge(FunctionList.Derived derived, Optional<Path> file) {
    Found found = search(derived.cut().stream().map(Reachability::plain).toList());
    double chance =
        derived.chance(
            derived.cut().stream().filter(f -> found.confirmed.containsKey(method(f))).toList());
    Reach reach = verdict(found);
    if (chance >= derived.confidence() / 2) {
      return reach;
    }
    List<VulnerableFunction> called = derived.functions().stream().filter(this::mayRun).toList();
    double sure = sure(derived, called, file.map(this::share).orElse(1.0));
    if (sure >= SURE_ENOUGH) {
      return unread()
          .<Reach>map(Reach.Undecided::new)
          .orElseGet(() -> new Reach.NotReached(searched(derived, called, sure)));
    }
    return reach instanceof Reach.Reached(List<String> path, List<String> functions)
        ? new Reach.Undecided(
            "%s is called, which the fixed release changed, but the flaw is more likely elsewhere (%d %% there)"
                .formatted(functions.getFirst(), (int) (100 * chance)),
            path)
        : found.doubt.orElseGet(() -> doubt(derived, called, sure));
  }

  private String searched(
      FunctionList.Derived derived, List<VulnerableFunction> called, double sure) {
    String lookedFor =
        derived.cut().stream()
            .filter(function -> !called.contains(function))
            .limit(MOST_NAMED)
            .map(Reachability::named)
            .distinct()
            .collect(Collectors.joining(", "));
    return "%s; looked for %s; %s%d %% sure that nothing with the flaw runs"
        .formatted(
            howFar(),
            lookedFor,
            called.isEmpty()
                ? ""
                : "%s may run, which the fixed release changed too, but is likely not the flaw; "
                    .formatted(named(called.getFirst())),
            (int) (100 * sure));
  }

  /**
   * {@return how sure it is that the flaw is in nothing that may run, 0 to 1} Where the fix commit
   * is known, nothing of the files that it changed may run. Else the flaw may be in what runs of
   * the cut, or in functions beyond it. The list may be wrong altogether: then the flaw runs as
   * likely as the component's classes do.
   *
   * @param called functions of the list that may run
   * @param share of the component's classes with a method that may run, 0 to 1
   */
  static double sure(FunctionList.Derived derived, List<VulnerableFunction> called, double share) {
    double beyond = Math.max(0, derived.complete() - derived.confidence());
    if (called.stream().allMatch(VulnerableFunction::inCut)) {
      beyond = ShippedFunctions.isComplete(derived) ? 0 : beyond * share;
    }
    double elsewhere = beyond + (1 - derived.complete()) * share;
    if (isCommitKnown(derived)) {
      return called.stream().anyMatch(VulnerableFunction::isInFileOfCommit) ? 0 : 1 - elsewhere;
    }
    return (1 - elsewhere) * (1 - Math.min(1, UNDERSTATED * derived.chance(called)));
  }

  /** {@return whether the list has all that the fix commit changed} */
  private static boolean isCommitKnown(FunctionList.Derived derived) {
    return derived.functions().stream().anyMatch(VulnerableFunction::isInCommit)
        && (ShippedFunctions.isComplete(derived)
            || !derived.functions().getLast().isInFileOfCommit());
  }

  /** {@return the part of a jar's classes that may run, of the program where that is most} */
  private double share(Path jar) {
    Set<String> classes = classes(jar);
    if (classes.isEmpty()) {
      return 1;
    }
    return searched.stream()
        .mapToDouble(each ->
            (double) classes.stream().filter(running(each)::contains).count() / classes.size())
        .max()
        .orElse(1);
  }

  private Reach.Undecided doubt(
      FunctionList.Derived derived, List<VulnerableFunction> called, double sure) {
    if (unread().isPresent()) {
      return new Reach.Undecided(unread().get());
    }
    int likely = derived.cut().size();
    return new Reach.Undecided(
        called.isEmpty()
            ? "none of its %d likely functions is called, but it is only %d %% sure that nothing else with the flaw is"
                .formatted(likely, (int) (100 * sure))
            : "none of its %d likely functions is called, but %s is, which the fixed release changed too"
                .formatted(likely, named(called.getFirst())));
  }

  private static String named(VulnerableFunction function) {
    return function.className() + "." + function.methodName();
  }

  private boolean mayRun(VulnerableFunction function) {
    return searched.stream().anyMatch(each -> each.graph().mayRun(method(function)));
  }

  private static CallGraph.Method method(VulnerableFunction function) {
    return new CallGraph.Method(function.className(), function.methodName(), function.descriptor());
  }

  private static FunctionName plain(VulnerableFunction function) {
    return new FunctionName(function.className(), function.methodName(), function.descriptor());
  }

  /**
   * {@return Reached with a confirmed path to the first of the functions that has one; Undecided
   * where only the call graph has a way; NotReached only if every program was read as a whole}
   *
   * @param functions of one vulnerability, the most likely first: any of them is enough
   * @throws IllegalArgumentException if there are none
   */
  public Reach judge(Collection<FunctionName> functions) {
    return verdict(search(functions));
  }

  private Found search(Collection<FunctionName> functions) {
    if (functions.isEmpty()) {
      throw new IllegalArgumentException("No functions: nothing can be said about reach");
    }
    Map<CallGraph.Method, Replay.Confirmed> confirmed = new HashMap<>();
    List<Reach.Undecided> doubts = new ArrayList<>();
    List<CallGraph.Method> all = new ArrayList<>();
    for (Searched each : searched) {
      List<CallGraph.Method> targets = methods(each.graph(), functions);
      if (targets.isEmpty()) {
        continue;
      }
      Replay.Result result = each.replay().search(targets);
      result.confirmed().forEach(path -> confirmed.putIfAbsent(path.target(), path));
      all.addAll(targets);
      if (result.confirmed().isEmpty()) {
        each.graph()
            .bestPath(targets)
            .map(way -> undecided(each.replay(), way.steps(), result.ended()))
            .ifPresent(doubts::add);
      }
    }
    return new Found(
        all.stream().filter(confirmed::containsKey).distinct().toList(),
        confirmed,
        doubts.stream().findFirst());
  }

  /**
   * What the searches of all programs found.
   *
   * @param reached functions with a confirmed path, in the order asked for
   * @param doubt of a way that only a call graph has; empty where there is none
   */
  private record Found(
      List<CallGraph.Method> reached,
      Map<CallGraph.Method, Replay.Confirmed> confirmed,
      Optional<Reach.Undecided> doubt) {}

  private Reach verdict(Found found) {
    if (!found.reached.isEmpty()) {
      return new Reach.Reached(
          CallPath.words(Objects.requireNonNull(found.confirmed.get(found.reached.getFirst()))),
          found.reached.stream().map(CallPath::readable).distinct().toList());
    }
    return found
        .doubt
        .<Reach>map(each -> each)
        .or(() -> unread().map(Reach.Undecided::new))
        .orElseGet(() -> new Reach.NotReached(howFar()));
  }

  private static Reach.Undecided undecided(Replay replay, List<CallGraph.Step> way, boolean ended) {
    String doubt =
        replay
            .doubt(way)
            .map(found ->
                "the first step not confirmed: %s (%s)"
                    .formatted(CallPath.words(found.step()), found.because()))
            .orElse("its steps were confirmed, but not one after the other");
    return new Reach.Undecided(
        "it may be called; of one way in the call graph, "
            + doubt
            + (ended ? "; the search was ended at its bound" : ""),
        CallPath.words(way));
  }

  /** {@return those that may run, in the order of the functions} */
  private static List<CallGraph.Method> methods(
      CallGraph graph, Collection<FunctionName> functions) {
    List<CallGraph.Method> found = new ArrayList<>();
    for (FunctionName function : functions) {
      if (!function.descriptor().isEmpty()) {
        CallGraph.Method method =
            new CallGraph.Method(
                function.className(), function.methodName(), function.descriptor());
        if (graph.mayRun(method)) {
          found.add(method);
        }
        continue;
      }
      graph.methods().stream()
          .filter(method ->
              function.className().equals(method.className())
                  && (function.methodName().isEmpty()
                      || function.methodName().equals(method.name())))
          .sorted(Comparator.comparing(CallGraph.Method::toString))
          .forEach(found::add);
    }
    return found.stream().distinct().toList();
  }

  /** {@return what was not read and could call anything} */
  private Optional<String> unread() {
    if (searched.isEmpty()) {
      return Optional.of("no class path was searched; treated as called");
    }
    for (Searched each : searched) {
      if (!each.program().notBuilt().isEmpty()) {
        return Optional.of(
            "%s has no class files, so its calls are not known; build the project first"
                .formatted(String.join(", ", each.program().notBuilt())));
      }
      for (ClassPathProblem problem : each.graph().problems()) {
        if (hidesCalls(problem)) {
          return Optional.of(
              "%s could not be read as a whole: %s".formatted(problem.place(), problem.message()));
        }
      }
      if (each.program().classPath().entries().stream().noneMatch(ClassPath.Entry::own)) {
        return Optional.of(each.program().name() + " has no code of its own to start from");
      }
    }
    return Optional.empty();
  }

  private static boolean hidesCalls(ClassPathProblem problem) {
    return switch (problem.kind()) {
      case MISSING, UNREADABLE_ARCHIVE, UNREADABLE_CLASS, LIMIT -> true;
      case MISNAMED_CLASS, DUPLICATE_ENTRY, UNREADABLE_RESOURCE, JAVA_RELEASE -> false;
    };
  }

  private String howFar() {
    List<String> parts = new ArrayList<>();
    for (Searched each : searched) {
      CallGraph graph = each.graph();
      parts.add(
          "%s as %s: %,d methods of %,d classes may run"
              .formatted(
                  each.program().name(), graph.started(), graph.methodCount(), graph.classCount()));
    }
    return String.join("; ", parts)
        + "; assuming that reflection makes only classes that the code or a model names,"
        + " that settings which neither the project's files nor any code set have their defaults,"
        + " and that configuration files that are not on the class path are not read";
  }
}
