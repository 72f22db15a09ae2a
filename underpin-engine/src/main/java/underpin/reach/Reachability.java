package underpin.reach;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import underpin.cases.Finding;
import underpin.cases.Reach;
import underpin.program.ClassPath;
import underpin.program.ClassPathProblem;
import underpin.program.graph.CallGraph;

/**
 * Whether vulnerable functions are called. Reads the programs once, then answers for any number of
 * vulnerabilities. Doubt is Undecided, which counts as reached.
 */
public final class Reachability {
  /** One program and what may run in it. */
  private record Searched(Program program, CallGraph graph) {}

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
      searched.add(
          new Searched(
              program, CallGraph.build(program.classPath(), options.withJdk(program.jdk()))));
    }
  }

  /** {@return the answer for one finding whose functions are not known} */
  public Reach judge(Finding finding) {
    return new Reach.Undecided(
        "call paths to the vulnerable code of "
            + finding.component().display()
            + " were not searched; treated as called");
  }

  /**
   * {@return Reached with the shortest path of all programs; NotReached only if every program was
   * read as a whole}
   *
   * @param functions of one vulnerability: any of them is enough
   * @throws IllegalArgumentException if there are none
   */
  public Reach judge(Collection<VulnerableFunction> functions) {
    if (functions.isEmpty()) {
      throw new IllegalArgumentException("No functions: nothing can be said about reach");
    }
    Optional<List<CallGraph.Step>> shortest = Optional.empty();
    for (Searched each : searched) {
      Optional<List<CallGraph.Step>> path = path(each.graph(), functions);
      if (path.isPresent() && (shortest.isEmpty() || path.get().size() < shortest.get().size())) {
        shortest = path;
      }
    }
    if (shortest.isPresent()) {
      return new Reach.Reached(CallPath.words(shortest.get()));
    }
    return unread()
        .<Reach>map(Reach.Undecided::new)
        .orElseGet(() -> new Reach.NotReached(howFar()));
  }

  private static Optional<List<CallGraph.Step>> path(
      CallGraph graph, Collection<VulnerableFunction> functions) {
    return graph.pathTo(method ->
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
        + "; assuming that reflection makes only classes that the code or a model names";
  }
}
