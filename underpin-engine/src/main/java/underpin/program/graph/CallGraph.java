package underpin.program.graph;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.ClassPathProblem;

/**
 * Which methods of a project, its dependencies and its JDK may run, and how they come to be called.
 * Never changes; may be asked by several threads.
 */
public final class CallGraph {
  /**
   * A method by its names, as a class file has them.
   *
   * @param className binary name, such as {@code org.example.Outer$Inner}
   * @param descriptor such as {@code (Ljava/lang/String;)V}
   */
  public record Method(String className, String name, String descriptor) {}

  /**
   * One call.
   *
   * @param caller who calls; empty for what the JVM or a framework calls
   * @param file the source file's name with its package as folders, empty if it is not known
   * @param line in that file; 0 if it is not known
   * @param own whether the caller is the project's own code
   */
  public record Step(Optional<Method> caller, String file, int line, boolean own, Method callee) {}

  /** What runs first. */
  public enum Start {
    /** Main methods, and what frameworks find in the project's own classes. */
    APPLICATION,
    /** Every public and protected method of the project's own public classes. */
    LIBRARY,
    /** An application if anything starts it; otherwise a library. */
    AUTOMATIC
  }

  /**
   * How to look.
   *
   * @param jdk the folder of the JDK whose classes run
   * @param most classes that are told apart in one variable; 0 for rapid type analysis
   * @param guesses whether a receiver that nothing seems to flow into may be anything that fits
   * @param cache a folder of the user's own, where finished graphs are kept
   */
  public record Options(
      Start start,
      Path jdk,
      Models models,
      int most,
      boolean guesses,
      ArchiveLimits limits,
      Optional<Path> cache) {
    /** Measured in docs/decisions/0011-call-graph.md. */
    public static final int DEFAULT_MOST = 20;

    public static Options of(Path jdk) {
      return new Options(
          Start.AUTOMATIC,
          jdk,
          Models.load(List.of()),
          DEFAULT_MOST,
          true,
          ArchiveLimits.DEFAULT,
          Optional.empty());
    }

    public Options withJdk(Path jdk) {
      return new Options(start, jdk, models, most, guesses, limits, cache);
    }

    public Options withMost(int most) {
      return new Options(start, jdk, models, most, guesses, limits, cache);
    }

    public Options withStart(Start start) {
      return new Options(start, jdk, models, most, guesses, limits, cache);
    }

    public Options withGuesses(boolean guesses) {
      return new Options(start, jdk, models, most, guesses, limits, cache);
    }

    public Options withModels(Models models) {
      return new Options(start, jdk, models, most, guesses, limits, cache);
    }

    /** Finished graphs are kept in that folder, and taken from it while nothing changes. */
    public Options withCache(Path folder) {
      return new Options(start, jdk, models, most, guesses, limits, Optional.of(folder));
    }
  }

  private final GraphData data;

  CallGraph(GraphData data) {
    this.data = data;
  }

  /**
   * Finds what may run. Reads class files; runs nothing.
   *
   * @throws GraphException if there is no such JDK, or a model is wrong
   */
  public static CallGraph build(ClassPath classPath, Options options) {
    try (Jdk jdk = Jdk.open(options.jdk())) {
      if (options.cache().isEmpty()) {
        return new CallGraph(solve(classPath, options, jdk));
      }
      GraphCache cache = new GraphCache(options.cache().get());
      String key = key(classPath, options);
      Optional<GraphData> known = cache.find(key);
      if (known.isPresent()) {
        return new CallGraph(known.get());
      }
      GraphData made = solve(classPath, options, jdk);
      cache.keep(key, made);
      return new CallGraph(made);
    }
  }

  /**
   * {@return a digest of all that the graph follows from: path, size and time of every file, the
   * JDK's build, the models and the options} Reads no class.
   *
   * @throws GraphException if there is no such JDK
   */
  public static String key(ClassPath classPath, Options options) {
    return GraphCache.key(classPath, options, Jdk.identity(options.jdk()));
  }

  private static GraphData solve(ClassPath classPath, Options options, Jdk jdk) {
    Optional<FactsCache> facts = options.cache().map(FactsCache::new);
    try (ClassSources sources = new ClassSources(classPath, jdk, options.limits(), facts)) {
      Models models = options.models().activeFor(name -> sources.find(name).isPresent());
      Solver solver = new Solver(sources, models, options.most(), options.guesses());
      String started;
      try (ReadAhead _ = solver.readAhead()) {
        started = new Entries(solver, sources, models).start(options.start());
        solver.run();
      }
      CompletableFuture<Void> keeping =
          CompletableFuture.runAsync(
              sources::keep, task -> Thread.ofPlatform().name("keep facts").start(task));
      GraphData data = GraphData.of(solver, sources, models, started);
      keeping.join();
      return data;
    }
  }

  GraphData data() {
    return data;
  }

  /**
   * {@return what confirms paths of this graph} Reads class files again, those on the way only.
   *
   * @param classPath what the graph was made of
   * @param options with which it was made
   */
  public Replay replay(ClassPath classPath, Options options) {
    return new Replay(data, classPath, options);
  }

  /** {@return what was taken as running first, in words} */
  public String started() {
    return data.started();
  }

  /** {@return names of the models with rules for what is on the class path} */
  public List<String> models() {
    return data.models();
  }

  /** {@return what could not be read} */
  public List<ClassPathProblem> problems() {
    return data.problems();
  }

  /** {@return how many methods may run} */
  public int methodCount() {
    return data.methodCount();
  }

  /** {@return how many classes those methods are in} */
  public int classCount() {
    return data.classCount();
  }

  public int edgeCount() {
    return data.edgeCount();
  }

  /** {@return every method that may run, in no order that means anything} */
  public List<Method> methods() {
    List<Method> all = new ArrayList<>();
    for (int i = 0; i < data.methodCount(); i++) {
      all.add(data.method(i));
    }
    return all;
  }

  /** {@return the methods that may call this one; empty if it may not run} */
  public List<Method> callers(Method method) {
    int number = data.find(method);
    if (number < 0) {
      return List.of();
    }
    List<Method> callers = new ArrayList<>();
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(number));
    while (!open.isEmpty()) {
      int node = open.pop();
      for (int call = data.start(node); call < data.start(node + 1); call++) {
        int caller = data.caller(call);
        if (seen.get(caller)) {
          continue;
        }
        seen.set(caller);
        if (data.isHub(caller) || data.isHidden(caller)) {
          open.push(caller);
        } else if (caller != data.root()) {
          callers.add(data.method(caller));
        }
      }
    }
    return callers;
  }

  /** {@return binary names of the classes that those methods are in} */
  public Set<String> classes() {
    Set<String> classes = new HashSet<>();
    for (int i = 0; i < data.methodCount(); i++) {
      classes.add(data.method(i).className());
    }
    return classes;
  }

  /** Methods that one call on a path may mean at most, for the path to be believed. */
  static final int MOST_MEANINGS = 16;

  /** And all calls of it together, as a power of two. */
  private static final int MOST_DOUBLINGS = 6;

  /**
   * A call path.
   *
   * @param widest the most methods that one of its calls may mean: where nothing is known of a
   *     receiver, or reflection takes a name that is made at run time, a call means many
   * @param doublings of all its calls together: 2 to that power is how many paths its steps may
   *     mean
   */
  public record Way(List<Step> steps, int widest, int doublings) {
    public Way {
      steps = List.copyOf(steps);
    }

    /** {@return whether each of its calls is known closely enough, and all together} */
    public boolean isBelievable() {
      return !isTooWide() && doublings <= MOST_DOUBLINGS;
    }

    /** {@return whether one of its calls may mean too many methods} */
    public boolean isTooWide() {
      return widest > MOST_MEANINGS;
    }
  }

  /**
   * {@return the most believable call path to any method that is a target, of those the shortest;
   * empty when none may run} It begins in the project's own code where that calls at all, otherwise
   * where the JVM or a framework does.
   */
  public Optional<Way> bestPath(Predicate<Method> target) {
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < data.methodCount(); i++) {
      if (target.test(data.method(i))) {
        ends.add(i);
      }
    }
    return Ways.to(data, ends);
  }

  /** {@return as above, for these methods} */
  public Optional<Way> bestPath(Collection<Method> targets) {
    return Ways.to(
        data, targets.stream().map(data::find).filter(number -> number >= 0).distinct().toList());
  }

  /** {@return whether the method may run} */
  public boolean mayRun(Method method) {
    return data.find(method) >= 0;
  }

  /** {@return the steps of the best path} */
  public Optional<List<Step>> pathTo(Predicate<Method> target) {
    return bestPath(target).map(Way::steps);
  }

  /** {@return as above, for these methods} */
  public Optional<List<Step>> pathTo(Collection<Method> targets) {
    return bestPath(targets).map(Way::steps);
  }

  /** {@return the shortest path to any method of the class, its static initialiser included} */
  public Optional<List<Step>> pathToClass(String className) {
    return pathTo(method -> method.className().equals(className));
  }
}
