package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_NATIVE;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_STATIC;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import underpin.program.Bytecode;
import underpin.program.ClassPath;
import underpin.program.graph.Types.Member;
import underpin.program.graph.Types.Method;
import underpin.program.graph.Types.Type;
import underpin.program.graph.Value.Reference;
import underpin.program.graph.Value.Thing;

/**
 * Confirms call paths, step by step: what a graph says may run is too much, so that a way in it is
 * no proof. A path is followed from where a run begins, each method with what is known of its
 * receiver and arguments (the Cartesian product of Agesen, ECOOP 1995, on demand). A call is
 * followed only to what it calls for sure: the class of the receiver is known, or the graph has no
 * other method that the call may mean. Which of the ways is tried first is told by the graph.
 *
 * <p>What stays open: branches that depend on input, settings or other data are taken both ways.
 *
 * <p>Not for several threads.
 */
public final class Replay implements AutoCloseable {
  /**
   * A confirmed path.
   *
   * @param caught numbers of the steps that happen only after an exception, ascending
   */
  public record Confirmed(
      CallGraph.Method target, List<CallGraph.Step> steps, List<Integer> caught) {
    public Confirmed {
      steps = List.copyOf(steps);
      caught = List.copyOf(caught);
    }
  }

  /**
   * What came of a search.
   *
   * @param confirmed one path each, in the order in which the targets were given
   * @param ended whether a bound ended the search before all was tried
   */
  public record Result(List<Confirmed> confirmed, boolean ended) {
    public Result {
      confirmed = List.copyOf(confirmed);
    }
  }

  /** Calls within each other that are looked into for what they return. */
  private static final int MOST_LEVEL = 4;

  /** Code, in bytes, that is looked into for what it returns; makers of objects and classes. */
  private static final int LONGEST_RETURNING = 300;

  private static final int LONGEST_MAKING = 3000;

  /** What is told apart of the arguments of one method: all; classes only; nothing more. */
  private static final int MOST_CONTEXTS = 6;

  private static final int MOST_COARSE_CONTEXTS = 6;

  /** Instructions followed for one search; and for all, where there are hundreds. */
  private static final long MOST_STEPS_A_SEARCH = 200_000;

  private static final long MOST_STEPS = 60_000_000;

  /** A call after an exception is as bad as so many steps more. */
  private static final int COST_OF_CATCHING = 4;

  /** The search goes to what is near the target rather than to what is near the start. */
  private static final int GREED = 2;

  static final String ORDINAL = "java/lang/Enum.ordinalI";

  private final GraphData data;
  private final Callees callees;
  private final Jdk jdk;
  private final ClassSources sources;
  private final Models models;
  final Types types;
  final int initialiser;

  /** Whether an outcome would say more if calls within each other were looked into further. */
  private boolean cut;

  /** Instructions followed so far. */
  long steps;

  /** By number of a method: its node + 2, if that was asked for. */
  private int[] nodes = new int[1 << 16];

  private @Nullable Optional<Code>[] codes = newCodes(1 << 16);
  private final Map<String, Value> unknowns = new HashMap<>();
  private final Map<Site, List<Integer>> sites = new HashMap<>();
  private final Map<Member, List<Method>> run = new HashMap<>();
  private final Map<Integer, @Nullable Method> methods = new HashMap<>();
  private final Map<Context, Known> outcomes = new HashMap<>();
  private final Set<Context> running = new HashSet<>();
  private final Map<Method, Map<Context, Context>> contexts = new HashMap<>();
  private final Map<Member, String> settled = new HashMap<>();
  private final Map<Type, Set<String>> written = new HashMap<>();
  private final Map<String, Type> lambdas = new HashMap<>();
  private final Map<Type, Map<String, Value>> statics = new HashMap<>();
  private final Set<Type> initialising = new HashSet<>();
  private final Map<Method, Map<Context, Interpretation.Outcome>> seen = new HashMap<>();
  private @Nullable List<Integer> entries;
  private final Map<List<CallGraph.Method>, Result> results = new HashMap<>();

  /** Calls of one name on a line. */
  private record Site(int caller, int line, Member member) {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Optional<Code>[] newCodes(int length) {
    return new Optional[length];
  }

  /** A method with what is known of its receiver and arguments. */
  private static final class Context {
    private final Method method;
    private final List<Value> arguments;
    private final int hash;

    Context(Method method, List<Value> arguments) {
      this.method = method;
      this.arguments = arguments;
      this.hash = 31 * method.id + arguments.hashCode();
    }

    Method method() {
      return method;
    }

    List<Value> arguments() {
      return arguments;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this
          || other instanceof Context context
              && context.hash == hash
              && context.method == method
              && context.arguments.equals(arguments);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /**
   * @param level of calls within each other that are looked into for their results; 0 is a path
   * @param cut whether it would say more at a lower level
   */
  private record Known(Interpretation.Outcome outcome, int level, boolean cut) {}

  Replay(GraphData data, ClassPath classPath, CallGraph.Options options) {
    this.data = data;
    this.callees = new Callees(data);
    this.jdk = Jdk.open(options.jdk());
    this.sources = new ClassSources(classPath, jdk, options.limits());
    this.models = options.models().activeFor(name -> sources.find(name).isPresent());
    this.types = new Types(sources);
    this.initialiser = types.selector("<clinit>", "()V");
  }

  @Override
  public void close() {
    sources.close();
    jdk.close();
  }

  // --- the search -----------------------------------------------------------------------------

  /** Where a path got to. */
  private record State(
      Context context, @Nullable State before, int line, int cost, boolean caught) {
    Method method() {
      return context.method();
    }

    List<Value> arguments() {
      return context.arguments();
    }
  }

  private record Queued(State state, int priority, long number) {}

  /**
   * Looks for a confirmed path to each of some methods.
   *
   * @param targets those that may not run by the graph are left out
   */
  public Result search(Collection<CallGraph.Method> targets) {
    return results.computeIfAbsent(List.copyOf(targets), all -> search(all, MOST_STEPS_A_SEARCH));
  }

  /**
   * As above.
   *
   * @param most instructions to be followed
   */
  Result search(Collection<CallGraph.Method> targets, long most) {
    // What is told apart must not depend on what was asked before.
    contexts.clear();
    outcomes.clear();
    seen.clear();
    Map<Integer, CallGraph.Method> wanted = new LinkedHashMap<>();
    for (CallGraph.Method target : targets) {
      int number = data.find(target);
      if (number >= 0) {
        wanted.put(number, target);
      }
    }
    Map<Integer, State> found = new HashMap<>();
    Set<Integer> left = new LinkedHashSet<>(wanted.keySet());
    Set<Context> done = new HashSet<>();
    List<State> kept = new ArrayList<>();
    begin().forEach(kept::add);
    long from = steps;
    boolean ended = false;
    while (!left.isEmpty()) {
      int[] distances = callees.distances(List.copyOf(left));
      PriorityQueue<Queued> open =
          new PriorityQueue<>(
              Comparator.comparingInt(Queued::priority).thenComparingLong(Queued::number));
      long number = 0;
      for (State state : kept) {
        number = queue(open, state, distances, number);
      }
      kept.clear();
      boolean again = false;
      while (!open.isEmpty() && !again) {
        if (steps - from >= most || steps >= MOST_STEPS) {
          ended = true;
          break;
        }
        State state = open.poll().state();
        int node = node(state.method());
        if (node >= 0 && left.remove(node)) {
          found.put(node, state);
          again = true;
        }
        if (!done.add(state.context())) {
          continue;
        }
        for (State next : expanded(state)) {
          if (!done.contains(next.context())) {
            number = queue(open, next, distances, number);
          }
        }
      }
      if (ended || !again) {
        break;
      }
      open.forEach(each -> kept.add(each.state()));
    }
    List<Confirmed> confirmed = new ArrayList<>();
    wanted.forEach((node, target) -> {
      State state = found.get(node);
      if (state != null) {
        confirmed.add(new Confirmed(target, path(state), caught(state)));
      }
    });
    return new Result(confirmed, ended);
  }

  private long queue(PriorityQueue<Queued> open, State state, int[] distances, long number) {
    int distance = distance(state, distances);
    if (distance < Callees.NEVER) {
      open.add(new Queued(state, state.cost() + GREED * distance, number));
    }
    return number + 1;
  }

  /** What a method gets to call may call further on, even if the graph knows nothing of that. */
  private int distance(State state, int[] distances) {
    int best = distance(state.method(), distances);
    for (Value argument : state.arguments()) {
      if (argument instanceof Reference reference) {
        for (Thing thing : reference.things()) {
          int further = distance(thing, distances, 2);
          best = further < Callees.NEVER ? Math.min(best, further + 1) : best;
        }
      }
    }
    return best;
  }

  private int distance(Thing thing, int[] distances, int deep) {
    int best = Callees.NEVER;
    if (thing.type().facts == null && !thing.type().methods.isEmpty()) {
      Types.LambdaPart part = thing.type().methods.getFirst().lambda;
      if (part != null) {
        Method target = resolved(types.member(part.lambda().member()));
        best = target == null ? best : distance(target, distances);
      }
    } else if (thing.type().source != ClassSources.JDK) {
      for (Method method : thing.type().methods) {
        best = Math.min(best, distance(method, distances));
      }
    }
    if (deep > 0) {
      for (Value value : thing.fields().values()) {
        if (value instanceof Reference reference) {
          for (Thing each : reference.things()) {
            best = Math.min(best, distance(each, distances, deep - 1));
          }
        }
      }
    }
    return best < Callees.NEVER ? best + 1 : best;
  }

  private int distance(Method method, int[] distances) {
    int node = node(method);
    return node < 0 ? Callees.NEVER : distances[node];
  }

  private List<State> begin() {
    if (entries == null) {
      entries = new ArrayList<>();
      for (int method = 0; method < data.methodCount(); method++) {
        if (data.isEntry(method) && data.isOwn(method) && !data.isHidden(method)) {
          entries.add(method);
        }
      }
    }
    List<State> states = new ArrayList<>();
    for (int entry : entries) {
      Method method = method(entry);
      if (method != null && method.hasCode()) {
        states.add(new State(new Context(method, unknownArguments(method)), null, 0, 0, false));
      }
    }
    return states;
  }

  /**
   * {@return arguments of which only their types are known; the receiver is of the class itself}
   */
  private List<Value> unknownArguments(Method method) {
    List<Value> arguments = new ArrayList<>();
    if (!method.isStatic()) {
      boolean constructs = method.name.equals("<init>");
      arguments.add(
          constructs
              ? Value.exact(new Thing(method.owner, null, Map.of(), Thing.SELF))
              : method.owner.isAbstract()
                  ? Value.any(method.owner, false)
                  : Value.exact(Thing.of(method.owner)));
    }
    int reference = 0;
    for (int i = 0; i < method.signature.shape().length(); i++) {
      char kind = method.signature.shape().charAt(i);
      boolean isReference = kind == 'L' || kind == '[';
      arguments.add(
          isReference
              ? Value.any(types.of(method.signature.types().get(reference++)), true)
              : Value.NUMBER);
    }
    return arguments;
  }

  private List<State> expanded(State state) {
    Optional<Interpretation.Outcome> outcome = outcome(state.context(), 0);
    if (outcome.isEmpty()) {
      return List.of();
    }
    seen.computeIfAbsent(state.method(), _ -> new LinkedHashMap<>())
        .put(state.context(), outcome.get());
    List<State> next = new ArrayList<>();
    for (Interpretation.Call call : outcome.get().calls()) {
      if (call.initialises() && isInitialised(state, call.target())) {
        continue;
      }
      next.add(
          new State(
              settled(call.target(), call.arguments()),
              state,
              call.line(),
              state.cost() + 1 + (call.caught() ? COST_OF_CATCHING : 0),
              call.caught()));
    }
    return next;
  }

  /** {@return whether the path shows that the class was initialised before} */
  private static boolean isInitialised(State state, Method initialiser) {
    for (State at = state; at != null; at = at.before()) {
      if (at.method().owner.is(initialiser.owner)) {
        return true;
      }
      for (Value value : at.arguments()) {
        if (value instanceof Reference reference
            && !reference.nullable()
            && !reference.isOpen()
            && reference.things().stream().allMatch(t -> t.type().is(initialiser.owner))) {
          return true;
        }
      }
    }
    return false;
  }

  /** So many contexts of a method are told apart, others only by classes. */
  private Context settled(Method method, List<Value> arguments) {
    Context cut = new Context(method, each(arguments, value -> Value.cut(value, Value.DEEPEST)));
    Map<Context, Context> known = contexts.computeIfAbsent(method, _ -> new HashMap<>());
    Context same = known.get(cut);
    if (same != null) {
      return same;
    }
    if (known.size() < MOST_CONTEXTS) {
      known.put(cut, cut);
      return cut;
    }
    Context classes = new Context(method, each(cut.arguments(), Value::classes));
    same = known.get(classes);
    if (same != null) {
      return same;
    }
    if (known.size() < MOST_CONTEXTS + MOST_COARSE_CONTEXTS) {
      known.put(classes, classes);
      return classes;
    }
    return new Context(method, unknownOf(method, classes.arguments()));
  }

  private static List<Value> each(List<Value> values, UnaryOperator<Value> change) {
    Value[] changed = new Value[values.size()];
    boolean same = true;
    for (int i = 0; i < changed.length; i++) {
      changed[i] = change.apply(values.get(i));
      same &= changed[i] == values.get(i);
    }
    return same ? values : List.of(changed);
  }

  /** {@return arguments of any objects of their classes} */
  private List<Value> unknownOf(Method method, List<Value> arguments) {
    List<Value> all = new ArrayList<>();
    for (Value value : arguments) {
      boolean self =
          value instanceof Reference reference
              && reference.things().size() == 1
              && reference.things().getFirst().fresh() == Thing.SELF;
      all.add(
          value instanceof Reference reference && !self && !reference.isNull()
              ? Value.any(Value.bound(reference), reference.nullable())
              : value);
    }
    if (!method.isStatic() && all.getFirst() instanceof Reference receiver && receiver.isOpen()) {
      all.set(0, new Reference(false, List.of(), receiver.bound()));
    }
    return all;
  }

  private List<CallGraph.Step> path(State end) {
    List<CallGraph.Step> steps = new ArrayList<>();
    for (State at = end; at.before() != null; at = at.before()) {
      Method caller = at.before().method();
      steps.add(
          new CallGraph.Step(
              Optional.of(named(caller)),
              file(caller.owner),
              at.line(),
              caller.owner.own,
              named(at.method())));
    }
    if (steps.isEmpty()) {
      steps.add(new CallGraph.Step(Optional.empty(), "", 0, false, named(end.method())));
    }
    return steps.reversed();
  }

  private static List<Integer> caught(State end) {
    List<Boolean> all = new ArrayList<>();
    for (State at = end; at.before() != null; at = at.before()) {
      all.add(at.caught());
    }
    List<Integer> caught = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(all.size() - 1 - i)) {
        caught.add(i);
      }
    }
    return caught;
  }

  private static CallGraph.Method named(Method method) {
    return new CallGraph.Method(
        method.owner.name.replace('/', '.'), method.name, method.descriptor);
  }

  private static String file(Type type) {
    return type.facts == null || type.facts.source.isEmpty()
        ? ""
        : type.name.substring(0, type.name.lastIndexOf('/') + 1) + type.facts.source;
  }

  // --- what was not confirmed -----------------------------------------------------------------

  /**
   * {@return why a step of a way in the graph is not confirmed; empty if all of them are} To be
   * asked after the search for its end.
   */
  public Optional<Doubt> doubt(List<CallGraph.Step> way) {
    for (CallGraph.Step step : way) {
      Method callee = method(data.find(step.callee()));
      if (callee == null || !seen.containsKey(callee)) {
        return Optional.of(new Doubt(step, reason(step)));
      }
    }
    return Optional.empty();
  }

  /** A step that is not confirmed. */
  public record Doubt(CallGraph.Step step, String because) {}

  private String reason(CallGraph.Step step) {
    if (step.caller().isEmpty()) {
      return "only the JVM or a framework would call it";
    }
    Method caller = method(data.find(step.caller().get()));
    Collection<Interpretation.Outcome> outcomes =
        caller == null ? List.of() : seen.getOrDefault(caller, Map.of()).values();
    if (outcomes.isEmpty()) {
      return "no way to the caller is confirmed either";
    }
    for (Interpretation.Outcome outcome : outcomes) {
      for (Interpretation.Vague vague : outcome.vague()) {
        if (vague.line() == step.line() && vague.name().equals(step.callee().name())) {
          return vague.meanings() > 0
              ? "the call may mean more than one method"
              : "nothing is known of what it is called on";
        }
      }
    }
    if (outcomes.stream().anyMatch(outcome -> !outcome.whole())) {
      return "the code of the caller is too long to be followed";
    }
    boolean onLine =
        outcomes.stream()
            .flatMap(outcome -> outcome.vague().stream())
            .anyMatch(vague -> vague.line() == step.line());
    return onLine
        ? "a call on that line may mean more than one method"
        : "what is known of the values there does not lead to that call";
  }

  // --- methods and the graph ------------------------------------------------------------------

  private int node(Method method) {
    if (method.id >= nodes.length) {
      nodes = Arrays.copyOf(nodes, method.id * 2);
    }
    if (nodes[method.id] == 0) {
      nodes[method.id] = 2 + (method.lambda != null ? -1 : data.find(named(method)));
    }
    return nodes[method.id] - 2;
  }

  private @Nullable Method method(int node) {
    if (node < 0) {
      return null;
    }
    if (methods.containsKey(node)) {
      return methods.get(node);
    }
    String name = data.name(node);
    int end = name.indexOf('(');
    Type type = types.of(data.className(node).replace('.', '/'));
    Method found = type.declared.get(types.selector(name.substring(0, end), name.substring(end)));
    methods.put(node, found);
    return found;
  }

  /**
   * What a call means.
   *
   * @param method empty if it may mean several, or is not known
   * @param count of methods that it may mean, as far as they were counted
   */
  record Meant(Optional<Method> method, int count) {
    private static final Meant NOTHING = new Meant(Optional.empty(), 0);
  }

  /** {@return what the graph says of a call whose receiver's class is not known} */
  Meant meant(Method caller, int line, Member member, Reference receiver) {
    int node = node(caller);
    // What is linked where it is called has no calls of its own in the graph.
    if (node < 0 || handsOn(caller)) {
      return Meant.NOTHING;
    }
    List<Integer> all =
        sites.computeIfAbsent(
            new Site(node, line, member),
            _ -> callees.of(node, line, member.name + member.descriptor, CallGraph.MOST_MEANINGS));
    if (all.isEmpty() || all.size() > CallGraph.MOST_MEANINGS) {
      return new Meant(Optional.empty(), all.size());
    }
    Set<Method> found = new LinkedHashSet<>();
    for (int each : all) {
      if (data.isHidden(each)) {
        return new Meant(Optional.empty(), all.size());
      }
      Method method = method(each);
      if (method == null) {
        return Meant.NOTHING;
      }
      if (mayBe(method, Value.bound(receiver), member)) {
        found.add(method);
      }
    }
    return new Meant(
        found.size() == 1 ? found.stream().findFirst() : Optional.empty(), found.size());
  }

  private static boolean handsOn(Method method) {
    if (method.owner.facts != null && method.hasCode()) {
      method.owner.facts.code(method.index);
    }
    return Solver.handsOn(method);
  }

  /** {@return whether an object of the type, or of a subtype, may answer with that method} */
  private boolean mayBe(Method method, Type bound, Member member) {
    if (bound.isInterface() || method.owner.isInterface() || method.owner.is(bound)) {
      return true;
    }
    return bound.is(method.owner) && types.dispatch(bound, member.selector) == method;
  }

  @Nullable Method resolved(Member member) {
    if (!member.looked) {
      member.looked = true;
      member.method = types.resolve(member.owner, member.selector);
    }
    return member.method;
  }

  /** {@return methods of the receiver that the JVM runs for a call} */
  List<Method> runs(Member member) {
    return run.computeIfAbsent(member, this::findRuns);
  }

  private List<Method> findRuns(Member member) {
    List<Method> found = new ArrayList<>();
    for (Models.CallRule rule : models.calls(member.owner.name + "/" + member.name)) {
      Method called = resolved(member);
      // Other code than native is followed itself.
      if (rule.kind() == Models.CallRule.Kind.RUNS
          && rule.value() == 0
          && called != null
          && called.is(ACC_NATIVE)) {
        String target = rule.target();
        int open = target.indexOf('(');
        int dot = target.lastIndexOf('.', open);
        Method method =
            types.resolve(
                types.of(target.substring(0, dot).replace('.', '/')),
                types.selector(target.substring(dot + 1, open), target.substring(open)));
        if (method != null) {
          found.add(method);
        }
      }
    }
    return found;
  }

  // --- lambdas --------------------------------------------------------------------------------

  Type lambda(Method creator, int at, ClassFacts.Lambda lambda) {
    return lambdas.computeIfAbsent(
        creator.id + " " + at,
        _ -> types.lambda(creator, lambda, at, new int[0], Types.Chain.NONE));
  }

  /**
   * What a call really calls: the code of a lambda, if it is one.
   *
   * @param target empty if that is not known
   */
  record Direct(Optional<Method> target, List<Value> arguments, boolean makes) {}

  Direct direct(Method target, List<Value> arguments) {
    Types.LambdaPart part = target.lambda;
    if (part == null) {
      return new Direct(Optional.of(target), arguments, false);
    }
    Direct unknown = new Direct(Optional.empty(), List.of(), false);
    ClassFacts.Lambda lambda = part.lambda();
    Member member = types.member(lambda.member());
    Method behind = resolved(member);
    if (behind == null || !(arguments.getFirst() instanceof Reference made)) {
      return unknown;
    }
    List<Value> given = new ArrayList<>();
    Thing thing = made.things().getFirst();
    int captured = Signature.of(lambda.captured()).shape().length();
    for (int i = 0; i < captured; i++) {
      given.add(thing.fields().getOrDefault(String.valueOf(i), Value.NULL));
      if (!thing.fields().containsKey(String.valueOf(i))) {
        given.set(i, unknown(parameter(lambda.captured(), i)));
      }
    }
    given.addAll(arguments.subList(1, arguments.size()));
    int kind = lambda.handle();
    boolean virtual = kind == 5 || kind == 7 || kind == 9;
    List<Value> passed = new ArrayList<>();
    if (virtual) {
      Value receiver = given.removeFirst();
      if (!(receiver instanceof Reference object)) {
        return unknown;
      }
      Reference narrowed = narrowed(object, member.owner);
      passed.add(new Reference(false, narrowed.things(), narrowed.bound()));
      if (kind != 7 && !behind.is(ACC_PRIVATE) && !behind.is(ACC_FINAL)) {
        if (narrowed.isOpen() || narrowed.things().size() != 1) {
          return unknown;
        }
        Method found = types.dispatch(narrowed.things().getFirst().type(), member.selector);
        if (found == null || found.lambda != null) {
          return unknown;
        }
        behind = found;
      }
    } else if (kind == 8) {
      passed.add(Value.exact(new Thing(behind.owner, null, Map.of(), Thing.SELF)));
    }
    for (int i = 0; i < behind.signature.shape().length(); i++) {
      String type = parameter(behind.descriptor, i);
      Value value = i < given.size() ? given.get(i) : unknown(type);
      boolean isReference = type.startsWith("L") || type.startsWith("[");
      if (isReference != value instanceof Reference) {
        value = unknown(type);
      } else if (value instanceof Reference reference && type.startsWith("L")) {
        value = narrowed(reference, types.of(type.substring(1, type.length() - 1)));
      }
      passed.add(value);
    }
    return new Direct(Optional.of(behind), passed, kind == 8);
  }

  /** {@return the descriptor of a parameter} */
  private static String parameter(String descriptor, int number) {
    int at = 1;
    for (int i = 0; ; i++) {
      int end = at;
      while (descriptor.charAt(end) == '[') {
        end++;
      }
      end = descriptor.charAt(end) == 'L' ? descriptor.indexOf(';', end) + 1 : end + 1;
      if (i == number) {
        return descriptor.substring(at, end);
      }
      at = end;
    }
  }

  // --- values ---------------------------------------------------------------------------------

  Value unknown(String descriptor) {
    Value known = unknowns.get(descriptor);
    if (known == null) {
      known = findUnknown(descriptor);
      unknowns.put(descriptor, known);
    }
    return known;
  }

  private Value findUnknown(String descriptor) {
    return switch (descriptor.charAt(0)) {
      case 'L' -> Value.any(types.of(descriptor.substring(1, descriptor.length() - 1)), true);
      case '[' -> Value.any(types.object, true);
      default -> Value.NUMBER;
    };
  }

  Value unknownResult(Method method) {
    String type = method.descriptor.substring(method.descriptor.indexOf(')') + 1);
    return type.equals("V") ? Value.NUMBER : unknown(type);
  }

  /** {@return those fields of which more is known than their types say} */
  Map<String, Value> telling(Map<String, Value> fields) {
    Map<String, Value> telling = new TreeMap<>();
    fields.forEach((field, value) -> {
      boolean tells =
          switch (value) {
            case Value.Number(boolean known, int _) -> known;
            case Reference reference -> !reference.isOpen() && !isPlain(reference);
          };
      if (tells) {
        telling.put(field, value);
      }
    });
    return telling.isEmpty() ? Map.of() : telling;
  }

  /** A final class says no more than the type of the field, as a rule. */
  private static boolean isPlain(Reference reference) {
    return reference.nullable()
        && reference.things().size() == 1
        && reference.things().getFirst().equals(Thing.of(reference.things().getFirst().type()))
        && reference.things().getFirst().type().isFinal();
  }

  /** {@return what is left of a value where it is of that type} */
  Reference narrowed(Reference value, Type type) {
    if (value.isNull() || type.facts == null) {
      return value;
    }
    if (!value.isOpen()) {
      List<Thing> fitting = value.things().stream().filter(t -> t.type().is(type)).toList();
      return fitting.size() == value.things().size()
          ? value
          : new Reference(value.nullable(), fitting, null);
    }
    Type bound = Value.bound(value);
    if (bound.is(type)) {
      return value;
    }
    if (type.is(bound) || bound.isInterface() && !type.isFinal()) {
      return Value.any(type, value.nullable());
    }
    if (type.isInterface() && !bound.isFinal()) {
      return value;
    }
    return type.isFinal() && bound.isInterface()
        ? new Reference(value.nullable(), List.of(), null)
        : bound.facts == null ? value : new Reference(value.nullable(), List.of(), null);
  }

  /** {@return the name of a field that nobody writes after its object was made; or empty} */
  String settledField(Member member) {
    return settled.computeIfAbsent(member, this::findSettled);
  }

  private String findSettled(Member member) {
    Type declaring = Solver.fieldOwner(member.owner, member);
    if (declaring.facts == null) {
      return "";
    }
    for (ClassFacts.Field field : declaring.facts.fields) {
      if (field.name().equals(member.name) && field.descriptor().equals(member.descriptor)) {
        int flags = field.flags();
        boolean settled =
            (flags & ACC_STATIC) == 0
                && ((flags & ACC_FINAL) != 0
                    || (flags & ACC_PRIVATE) != 0
                        && !written(declaring)
                            .contains(declaring.name + "." + member.name + member.descriptor));
        return settled ? declaring.name + "." + member.name + member.descriptor : "";
      }
    }
    return "";
  }

  /** {@return the classes that may write a private field of the type} */
  private List<Type> nest(Type type) {
    List<Type> all = new ArrayList<>(List.of(type));
    if (type.facts != null) {
      for (String name : type.facts.nest) {
        Type other = types.of(name);
        all.add(other);
        if (other.facts != null && other.facts.nest.contains(type.name)) {
          other.facts.nest.stream().map(types::of).forEach(all::add);
        }
      }
    }
    return all.stream().distinct().toList();
  }

  /** {@return fields that methods other than constructors write, of those that may run} */
  private Set<String> written(Type type) {
    return written.computeIfAbsent(
        type,
        _ -> {
          Set<String> found = new HashSet<>();
          for (Type each : nest(type)) {
            for (Method method : each.methods) {
              if ((each != type || !method.name.equals("<init>")) && node(method) >= 0) {
                code(method).ifPresent(code -> writes(code, found));
              }
            }
          }
          return found;
        });
  }

  private void writes(Code code, Set<String> into) {
    for (int at = 0; at < code.bytes.length; at += Bytecode.length(code.bytes, at)) {
      if ((code.bytes[at] & 0xff) == Bytecode.PUTFIELD) {
        Member member = types.member(code.constants.member(Bytecode.unsigned(code.bytes, at + 1)));
        into.add(
            Solver.fieldOwner(member.owner, member).name + "." + member.name + member.descriptor);
      }
    }
  }

  /** {@return what a final static field holds once its class is initialised} */
  Value staticField(Type declaring, Member member, int level) {
    if (declaring.facts == null) {
      return unknown(member.descriptor);
    }
    for (ClassFacts.Field field : declaring.facts.fields) {
      if (field.name().equals(member.name)
          && field.descriptor().equals(member.descriptor)
          && (field.flags() & ACC_FINAL) != 0) {
        Value known = statics(declaring, level).get(member.name + member.descriptor);
        return known == null ? unknown(member.descriptor) : known;
      }
    }
    return unknown(member.descriptor);
  }

  private Map<String, Value> statics(Type type, int level) {
    Map<String, Value> known = statics.get(type);
    if (known != null) {
      return known;
    }
    Method method = type.declared.get(initialiser);
    cut |= level >= MOST_LEVEL;
    if (method == null || level >= MOST_LEVEL || !initialising.add(type)) {
      return Map.of();
    }
    Map<String, Value> found =
        code(method).filter(code -> code.bytes.length <= LONGEST_MAKING).isEmpty()
            ? Map.of()
            : outcome(new Context(method, List.of()), Math.max(1, level + 1))
                .map(Interpretation.Outcome::statics)
                .orElse(Map.of());
    initialising.remove(type);
    statics.put(type, found);
    return found;
  }

  // --- results --------------------------------------------------------------------------------

  private Optional<Code> code(Method method) {
    if (method.id >= codes.length) {
      codes = Arrays.copyOf(codes, method.id * 2);
    }
    Optional<Code> known = codes[method.id];
    if (known == null) {
      known =
          method.owner.facts == null || !method.hasCode() || method.lambda != null
              ? Optional.empty()
              : method.owner.facts.code(method.index);
      codes[method.id] = known;
    }
    return known;
  }

  private Optional<Interpretation.Outcome> outcome(Context context, int level) {
    Method method = context.method();
    Known known = outcomes.get(context);
    if (known != null && (known.level() <= level || !known.cut())) {
      cut |= known.cut();
      return Optional.of(known.outcome());
    }
    Optional<Code> code = code(method);
    if (code.isEmpty()) {
      return Optional.empty();
    }
    if (!running.add(context)) {
      return Optional.empty();
    }
    boolean before = cut;
    cut = false;
    Interpretation.Outcome outcome =
        Interpretation.of(this, method, code.get(), context.arguments(), level);
    running.remove(context);
    outcomes.put(context, new Known(outcome, level, cut));
    cut |= before;
    return Optional.of(outcome);
  }

  private boolean isLookedInto(Method method, int level, int longest) {
    if (code(method).filter(code -> code.bytes.length <= longest).isEmpty()) {
      return false;
    }
    cut |= level >= MOST_LEVEL;
    return level < MOST_LEVEL;
  }

  /**
   * {@return what a call returns; empty if it does not return}
   *
   * @param declared what is called, before lambdas are looked through
   */
  Optional<Value> result(Direct direct, Method declared, int level) {
    if (direct.target().isEmpty()) {
      return Optional.of(unknownResult(declared));
    }
    Method target = direct.target().get();
    if (direct.makes()) {
      return made(target, direct.arguments(), level)
          .map(fields ->
              Value.exact(new Thing(target.owner, null, telling(fields), Thing.NOT_FRESH)));
    }
    if (target.name.equals("getClass") && target.owner == types.object) {
      return Optional.of(classOf(direct.arguments().getFirst()));
    }
    if (!isLookedInto(target, level, LONGEST_RETURNING)) {
      return Optional.of(unknownResult(target));
    }
    return outcome(settled(target, direct.arguments()), level + 1)
        .map(Interpretation.Outcome::result)
        .orElse(Optional.of(unknownResult(target)));
  }

  private Value classOf(Value value) {
    if (value instanceof Reference reference
        && !reference.isOpen()
        && reference.things().size() == 1
        && reference.things().getFirst().type().facts != null) {
      return Value.exact(Thing.of(types.classType, reference.things().getFirst().type()));
    }
    return Value.any(types.classType, false);
  }

  /** {@return what is known of the fields of what a constructor made; empty if it always throws} */
  Optional<Map<String, Value>> made(Method constructor, List<Value> arguments, int level) {
    if (!isLookedInto(constructor, level, LONGEST_MAKING)) {
      return Optional.of(Map.of());
    }
    Optional<Interpretation.Outcome> outcome = outcome(settled(constructor, arguments), level + 1);
    if (outcome.isEmpty()) {
      return Optional.of(Map.of());
    }
    return outcome.get().result().isEmpty() ? Optional.empty() : Optional.of(outcome.get().made());
  }
}
