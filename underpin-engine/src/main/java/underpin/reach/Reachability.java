package underpin.reach;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import underpin.cases.Finding;
import underpin.cases.Reach;
import underpin.program.ClassPath;
import underpin.program.ClassPathProblem;
import underpin.program.graph.CallGraph;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.reach.functions.VulnerableFunction;

/**
 * Whether vulnerable functions are called. Reads the programs once, then answers for any number of
 * vulnerabilities. Doubt is Undecided, which counts as reached.
 */
public final class Reachability {
  /** One program and what may run in it. */
  private record Searched(Program program, CallGraph graph) {
    static Searched of(Program program, CallGraph.Options options) {
      return new Searched(
          program, CallGraph.build(program.classPath(), options.withJdk(program.jdk())));
    }
  }

  /** How unlikely it must be that the flaw is in what is called. */
  private static final double SURE_ENOUGH = 0.95;

  private static final int MOST_NAMED = 3;

  private static final Comparator<CallGraph.Way> BELIEVABLE =
      Comparator.<CallGraph.Way, Boolean>comparing(path -> !path.isBelievable())
          .thenComparing(path -> path.steps().size());

  private final List<Searched> searched = new ArrayList<>();

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
      searched.add(Searched.of(program, options));
    }
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
   * {@return the answer for the functions of one vulnerability} The published ones decide. That
   * none of them is called is not enough for NotReached where other methods that the fix changed
   * are called, or may be: then it must be unlikely that the flaw is in one of those.
   */
  public Reach judge(FunctionList functions) {
    return switch (functions) {
      case FunctionList.Undecided undecided ->
          new Reach.Undecided("its vulnerable functions are not known: " + undecided.because());
      case FunctionList.Derived derived -> judge(derived);
    };
  }

  private Reach judge(FunctionList.Derived derived) {
    Reach reach = judge(derived.cut().stream().map(Reachability::plain).toList());
    if (!(reach instanceof Reach.NotReached(String searched))) {
      return reach;
    }
    List<VulnerableFunction> called =
        derived.functions().stream().filter(f -> !f.inCut()).filter(this::mayRun).toList();
    double none = 1;
    for (var function : called) {
      none *= 1 - function.score();
    }
    boolean noneAtAll = called.isEmpty() && ShippedFunctions.isComplete(derived);
    double sure = noneAtAll ? derived.complete() : derived.confidence() * none;
    if (sure < SURE_ENOUGH) {
      return new Reach.Undecided(doubt(derived, called, sure));
    }
    return new Reach.NotReached(
        "%s; looked for %s"
            .formatted(
                searched,
                derived.cut().stream()
                    .limit(MOST_NAMED)
                    .map(f -> f.className() + "." + f.methodName())
                    .distinct()
                    .collect(Collectors.joining(", "))));
  }

  private static String doubt(
      FunctionList.Derived derived, List<VulnerableFunction> called, double sure) {
    int likely = derived.cut().size();
    return called.isEmpty()
        ? "none of its %d likely functions is called, but it is only %d %% sure that one of them has the flaw"
            .formatted(likely, Math.round(100 * sure))
        : "none of its %d likely functions is called, but %s is, which its fix changed too"
            .formatted(
                likely, called.getFirst().className() + "." + called.getFirst().methodName());
  }

  private boolean mayRun(VulnerableFunction function) {
    CallGraph.Method method =
        new CallGraph.Method(function.className(), function.methodName(), function.descriptor());
    return searched.stream().anyMatch(each -> each.graph().mayRun(method));
  }

  private static FunctionName plain(VulnerableFunction function) {
    return new FunctionName(function.className(), function.methodName(), function.descriptor());
  }

  /**
   * {@return Reached with the shortest path of all programs; NotReached only if every program was
   * read as a whole}
   *
   * @param functions of one vulnerability: any of them is enough
   * @throws IllegalArgumentException if there are none
   */
  public Reach judge(Collection<FunctionName> functions) {
    if (functions.isEmpty()) {
      throw new IllegalArgumentException("No functions: nothing can be said about reach");
    }
    Optional<CallGraph.Way> best = Optional.empty();
    for (Searched each : searched) {
      Optional<CallGraph.Way> path = path(each.graph(), functions);
      if (path.isPresent() && (best.isEmpty() || BELIEVABLE.compare(path.get(), best.get()) < 0)) {
        best = path;
      }
    }
    if (best.isPresent() && best.get().isBelievable()) {
      return new Reach.Reached(CallPath.words(best.get().steps()));
    }
    if (best.isPresent()) {
      return new Reach.Undecided(
          "it is called only if one of %,d methods is meant by a call of which no more is known: %s"
              .formatted(best.get().widest(), CallPath.words(best.get().steps()).getLast()));
    }
    return unread()
        .<Reach>map(Reach.Undecided::new)
        .orElseGet(() -> new Reach.NotReached(howFar()));
  }

  private static Optional<CallGraph.Way> path(CallGraph graph, Collection<FunctionName> functions) {
    if (functions.stream().noneMatch(f -> f.descriptor().isEmpty())) {
      return graph.bestPath(
          functions.stream()
              .map(f -> new CallGraph.Method(f.className(), f.methodName(), f.descriptor()))
              .toList());
    }
    return graph.bestPath(method ->
        functions.stream()
            .anyMatch(function ->
                function.className().equals(method.className())
                    && (function.methodName().isEmpty()
                        || function.methodName().equals(method.name())
                            && (function.descriptor().isEmpty()
                                || function.descriptor().equals(method.descriptor())))));
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
        + " and that settings which neither the project's files nor any code set have their defaults";
  }
}
