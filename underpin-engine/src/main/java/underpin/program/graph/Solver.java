package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_NATIVE;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import underpin.program.graph.Models.CallRule;
import underpin.program.graph.Types.Chain;
import underpin.program.graph.Types.LambdaPart;
import underpin.program.graph.Types.Member;
import underpin.program.graph.Types.Method;
import underpin.program.graph.Types.Type;

/**
 * Finds the methods that may run, by turns: what may run is read and linked, classes flow through
 * what is linked, and where they arrive at calls more methods may run. Every step only adds, so the
 * order does not matter to the result.
 */
final class Solver {
  private final ClassSources sources;
  private final Models models;
  final Types types;
  final Flows flows;
  final Edges edges = new Edges();
  private final ReadAhead ahead;
  private final List<Method> fresh = new ArrayList<>();
  private final List<Linking> inPlace = new ArrayList<>();

  /** With regions that are to run from now on. */
  private final List<Linking> opened = new ArrayList<>();

  private final List<Method> reached = new ArrayList<>();
  private final Map<Long, Hub> hubs = new HashMap<>();
  private int hubCount;
  private final int clinit;
  private final Framework framework;
  private final boolean guesses;

  /** Nodes: what runs. Methods have even numbers, hubs odd ones, the start is ROOT. */
  static final int ROOT = -1;

  Solver(ClassSources sources, Models models, int most, boolean guesses) {
    this.sources = sources;
    this.models = models;
    this.ahead = new ReadAhead(sources);
    this.types = new Types(sources);
    this.flows = new Flows(types, most);
    this.clinit = types.selector("<clinit>", "()V");
    this.guesses = guesses;
    this.framework = new Framework(this, sources, models);
    instantiate(types.string);
    instantiate(types.classType);
  }

  static int node(Method method) {
    return method.id * 2;
  }

  static int node(Hub hub) {
    return hub.number * 2 + 1;
  }

  int hubCount() {
    return hubCount;
  }

  List<Method> reached() {
    return reached;
  }

  Framework framework() {
    return framework;
  }

  /** {@return what reads for it from now on, until it is closed or the search has ended} */
  ReadAhead readAhead() {
    ahead.start();
    return ahead;
  }

  // --- the loop -------------------------------------------------------------------------------

  void run() {
    try (ReadAhead reading = ahead) {
      reading.start();
      boolean more = true;
      while (more) {
        flows.settle();
        if (!fresh.isEmpty() || !inPlace.isEmpty() || !opened.isEmpty()) {
          List<Method> batch = List.copyOf(fresh);
          fresh.clear();
          List<Linking> copies = List.copyOf(inPlace);
          inPlace.clear();
          List<Linking> further = List.copyOf(opened);
          opened.clear();
          batch.forEach(this::link);
          copies.forEach(Linking::run);
          further.forEach(Linking::runOpened);
          continue;
        }
        more = framework.findWritten() || guesses && guessWhatIsEmpty();
      }
    }
  }

  /**
   * A receiver into which nothing flows was made where we do not look, such as by a framework or by
   * native code: it may be of any class that is created and fits.
   */
  private boolean guessWhatIsEmpty() {
    boolean any = false;
    int count = flows.count();
    for (int flow = 0; flow < count; flow++) {
      if (flows.isUsed(flow) && flows.isEmpty(flow)) {
        flows.saturate(flow);
        any = true;
      }
    }
    return any;
  }

  // --- what may run ---------------------------------------------------------------------------

  void reach(Method method) {
    if (!method.queued) {
      method.queued = true;
      fresh.add(method);
      ahead.add(method);
    }
    runs(method);
  }

  private void runs(Method method) {
    if (!method.reached) {
      method.reached = true;
      reached.add(method);
      framework.inUse(method.owner);
    }
  }

  /** It is called from outside of all code: by who starts the program, or by a framework's rule. */
  void enter(Method method) {
    method.entry = true;
    unknownCall(ROOT, method, 0);
  }

  /** A call of which is not known what numbers it gives. */
  void edge(int from, Method to, int line) {
    open(to);
    given(from, to, line);
  }

  /** A call whose arguments flow. */
  private void given(int from, Method to, int line) {
    if (framework.isBarred(from, to, line)) {
      return;
    }
    edges.add(from, node(to), line);
    reach(to);
  }

  private void open(Method method) {
    if (!method.open) {
      method.open = true;
      int references = method.signature.types().size();
      for (int i = method.signature.followed() - 1; i >= references; i--) {
        openNumber(method, i);
      }
    }
  }

  private void openNumber(Method method, int number) {
    int known = parameters(method)[number];
    if (known == -2) {
      parameters(method)[number] = -1;
    } else {
      flows.saturate(known);
    }
  }

  /** An argument flows into a method; one that is left out may be any number. */
  private void give(int argument, Method to, int number) {
    boolean isNumber = number >= to.signature.types().size();
    if (isNumber && argument < 0 && !Flows.isConstant(argument)) {
      openNumber(to, number);
    } else if (argument >= 0 || isNumber) {
      flows.connect(argument, parameter(to, number));
    }
  }

  /** Objects of a class are made. */
  void instantiate(Type type) {
    if (!type.instantiated && !type.isInterface()) {
      flows.instantiate(type);
      framework.inUse(type);
      if (type.facts != null) {
        finalizer(type);
      }
    }
  }

  private void finalizer(Type type) {
    Method method = types.dispatch(type, types.selector("finalize", "()V"));
    if (method != null && method.owner != types.object) {
      flows.add(receiver(method), type);
      edge(ROOT, method, 0);
    }
  }

  /** A class and its superclasses are initialised (JVMS 5.5). */
  void initialise(Type type, int from, int line) {
    for (Type at = type; at != null; at = at.superType) {
      Method method = at.declared.get(clinit);
      if (method != null) {
        edge(from, method, line);
      }
      if (!at.initialised) {
        at.initialised = true;
        framework.inUse(at);
        for (Type each : at.interfaces) {
          initialiseInterface(each, from, line);
        }
      }
    }
  }

  private void initialiseInterface(Type type, int from, int line) {
    Method method = type.declared.get(clinit);
    if (method != null) {
      edge(from, method, line);
    }
    for (Type each : type.interfaces) {
      initialiseInterface(each, from, line);
    }
  }

  // --- flows of methods and fields ------------------------------------------------------------

  int receiver(Method method) {
    if (method.receiver < 0 && !method.isStatic()) {
      method.receiver = flows.create(method.owner);
    }
    return method.receiver;
  }

  private static int[] parameters(Method method) {
    int[] all = method.parameters;
    if (all == null) {
      all = new int[method.signature.followed()];
      Arrays.fill(all, -2);
      method.parameters = all;
    }
    return all;
  }

  /** {@return whether it is followed what numbers go into the method and come out of it} */
  private static boolean areFollowed(Method method) {
    return method.lambda == null
        && method.owner.source != ClassSources.JDK
        && !method.owner.hasNative();
  }

  /**
   * {@return the flow of a parameter, references counted first, then numbers; -1 for arrays and
   * numbers that may be any}
   */
  int parameter(Method method, int number) {
    int[] all = parameters(method);
    if (all[number] == -2 && number >= method.signature.types().size()) {
      all[number] = areFollowed(method) ? flows.create(types.number) : -1;
    }
    if (all[number] == -2) {
      String type =
          method.lambda == null
              ? method.signature.types().get(number)
              : dynamicType(method, number);
      all[number] = type.startsWith("[") ? -1 : flows.create(types.of(type));
    }
    return all[number];
  }

  /** A lambda's parameters are cast to what it was made for. */
  private static String dynamicType(Method method, int number) {
    LambdaPart part = method.lambda;
    if (part != null) {
      Signature dynamic = Signature.of(part.lambda().dynamic());
      if (dynamic.shape().equals(method.signature.shape())) {
        return dynamic.types().get(number);
      }
    }
    return method.signature.types().get(number);
  }

  int result(Method method) {
    if (method.result == -1) {
      String type = method.signature.resultType();
      if (method.signature.isNumber()) {
        method.result = areFollowed(method) ? flows.create(types.number) : -2;
      } else {
        method.result = type.isEmpty() || type.startsWith("[") ? -2 : flows.create(types.of(type));
      }
    }
    return method.result;
  }

  private int field(Type type, Member member) {
    if (member.field == -2) {
      member.fieldOwner = fieldOwner(type, member);
      member.field = field(member.fieldOwner, member.name, member.descriptor);
    }
    return member.field;
  }

  /** {@return the flow of a field; -1 for arrays and numbers that may be any} */
  int field(Type owner, String name, String descriptor) {
    String key = name + descriptor;
    Integer known = owner.fields.get(key);
    if (known == null && Signature.isNumber(descriptor.charAt(0))) {
      known = framework.numberField(owner, name, descriptor);
      owner.fields.put(key, known);
    }
    if (known == null) {
      String type = Signature.ofField(descriptor);
      known = type.isEmpty() || type.startsWith("[") ? -1 : flows.create(types.of(type));
      owner.fields.put(key, known);
      if (known >= 0 && framework.isSetFromOutside(owner, name, descriptor)) {
        flows.saturate(known);
      }
    }
    return known;
  }

  static Type fieldOwner(Type type, Member member) {
    for (Type at = type; at != null; at = at.superType) {
      if (declares(at, member)) {
        return at;
      }
      for (Type each : at.interfaces) {
        if (declares(each, member)) {
          return each;
        }
        Type above = fieldOwner(each, member);
        if (declares(above, member)) {
          return above;
        }
      }
    }
    return type;
  }

  private static boolean declares(Type type, Member member) {
    if (type.facts != null) {
      for (ClassFacts.Field field : type.facts.fields) {
        if (field.name().equals(member.name) && field.descriptor().equals(member.descriptor)) {
          return true;
        }
      }
    }
    return false;
  }

  // --- linking --------------------------------------------------------------------------------

  private void link(Method method) {
    method.linked = true;
    if (method.lambda != null) {
      linkLambda(method, method.lambda);
      return;
    }
    if (method.is(ACC_NATIVE)) {
      int result = result(method);
      if (result >= 0) {
        flows.saturate(result);
      }
      return;
    }
    if (method.owner.facts != null && method.hasCode()) {
      ClassFacts facts = method.owner.facts;
      boolean again = handsOn(method);
      Body body = again ? facts.body(method.index) : facts.lastBody(method.index);
      if (body.code().length == 0 && method.signature.isNumber()) {
        flows.saturate(result(method));
      }
      new Linking(method, body).run();
    }
  }

  /** Interfaces whose objects are there to be called: a parameter of such a type is handed on. */
  private static final Set<String> CALLBACKS =
      Set.of(
          "java/lang/Runnable",
          "java/util/concurrent/Callable",
          "java/util/Comparator",
          "java/security/PrivilegedAction",
          "java/security/PrivilegedExceptionAction");

  private static final String FUNCTIONS = "java/util/function/";

  /** Longer code is linked once for all that call it: what it does with a callback is its own. */
  private static final int LONGEST_IN_PLACE = 400;

  /**
   * {@return whether a method is to be linked where it is called} What takes a callback and calls
   * it, as {@code Optional.ifPresent} does, would otherwise hand the callbacks of all its callers
   * to each of them.
   */
  static boolean handsOn(Method method) {
    Boolean known = method.handsOn;
    if (known == null) {
      ClassFacts facts = method.owner.facts;
      known =
          facts != null
              && method.lambda == null
              && method.owner.source == ClassSources.JDK
              && method.hasCode()
              && takesCallback(method.signature)
              && facts.body(method.index).code().length <= LONGEST_IN_PLACE;
      method.handsOn = known;
    }
    return known;
  }

  private static boolean takesCallback(Signature signature) {
    for (String type : signature.types()) {
      if (CALLBACKS.contains(type) || type.startsWith(FUNCTIONS)) {
        return true;
      }
    }
    return false;
  }

  /** One body, operation by operation. */
  private final class Linking {
    private final Method method;
    private final Type owner;
    private final Body body;
    private final int[] code;
    private final int[] values;
    private final int node;
    private final Chain chain;
    private final int result;
    private final boolean isInPlace;
    private int line;

    /** By region: whether it runs. */
    private final boolean[] running;

    /** Regions that are to run, and how many there are. */
    private int[] open = new int[4];

    private int openCount;

    Linking(Method method, Body body) {
      this.method = method;
      this.owner = method.owner;
      this.body = body;
      this.code = body.code();
      this.node = node(method);
      this.values = new int[body.types().length];
      this.chain = Chain.NONE;
      this.result = result(method);
      this.isInPlace = false;
      this.running = new boolean[body.regions().length + 1];
      Arrays.fill(values, -2);
    }

    /**
     * A body as a part of what calls it.
     *
     * @param given flows of the receiver and of the parameters; -1 for arrays
     */
    Linking(Method method, Body body, int node, int line, int[] given, int result, Chain chain) {
      this.method = method;
      this.owner = method.owner;
      this.body = body;
      this.code = body.code();
      this.node = node;
      this.line = line;
      this.values = new int[body.types().length];
      this.chain = chain;
      this.result = result;
      this.isInPlace = true;
      this.running = new boolean[body.regions().length + 1];
      Arrays.fill(values, -2);
      System.arraycopy(given, 0, values, 0, Math.min(given.length, values.length));
    }

    /** {@return the flow of a value, or -1} */
    private int flow(int value) {
      if (value < 0) {
        return -1;
      }
      int known = values[value];
      if (known == -2) {
        int first = method.isStatic() ? 0 : 1;
        int parameters = first + method.signature.followed();
        int type = body.types()[value];
        if (value < first) {
          known = receiver(method);
        } else if (value < parameters) {
          known = parameter(method, value - first);
        } else if (Body.isConstant(type)) {
          known = Flows.constant(Body.number(type));
        } else if (type < 0) {
          known = type == Body.NUMBER ? flows.create(types.number) : -1;
        } else {
          known = flows.create(types.named(type));
        }
        values[value] = known;
      }
      return known;
    }

    void run() {
      enter(0);
      runOpened();
    }

    /** A region runs from now on; it is linked by {@link #runOpened}. */
    private boolean enter(int region) {
      if (running[region]) {
        return false;
      }
      running[region] = true;
      if (openCount == open.length) {
        open = Arrays.copyOf(open, openCount * 2);
      }
      open[openCount++] = region;
      return true;
    }

    void runOpened() {
      while (openCount > 0) {
        int region = open[--openCount];
        runRegion(body.begin(region), body.end(region));
        int[] gates = body.gates();
        for (int at = 0; at < gates.length; at += Body.gateLength(gates, at)) {
          if (gates[at] == region && !running[gates[at + 1]]) {
            gate(gates, at);
          }
        }
      }
    }

    private void gate(int[] gates, int at) {
      int to = gates[at + 1];
      int flow = flow(gates[at + 3]);
      if (Flows.isConstant(flow)) {
        if (Body.isOpen(gates, at, Flows.number(flow))) {
          enter(to);
        }
      } else if (flow < 0 || flows.isSaturated(flow)) {
        enter(to);
      } else {
        flows.use(flow, new Gate(this, at));
      }
    }

    private void runRegion(int from, int to) {
      for (int at = from; at < to; at += Body.length(code, at)) {
        switch (code[at]) {
          case Body.LINE -> line = isInPlace ? line : code[at + 1];
          case Body.NEW -> {
            Type type = types.named(code[at + 2]);
            initialise(type, node, line);
            instantiate(type);
            flows.add(flow(code[at + 1]), type);
          }
          case Body.MOVE -> flows.connect(flow(code[at + 1]), flow(code[at + 2]));
          case Body.GET -> {
            Member member = types.member(code[at + 1]);
            get(member, code[at + 2]);
            initialiseFor(member, code[at + 3]);
          }
          case Body.PUT -> {
            Member member = types.member(code[at + 1]);
            flows.connect(flow(code[at + 2]), field(member.owner, member));
            initialiseFor(member, code[at + 3]);
          }
          case Body.RETURN -> flows.connect(flow(code[at + 1]), result);
          case Body.UNKNOWN -> flows.saturate(flow(code[at + 1]));
          case Body.CLASS -> {
            String name = types.names.text(code[at + 2]);
            if (!name.startsWith("[")) {
              literal(flow(code[at + 1]), types.classConstant(types.of(name)));
            }
          }
          case Body.STRING -> text(code[at + 1], types.names.text(code[at + 2]));
          case Body.CALL -> call(at);
          case Body.LAMBDA -> lambda(at);
          case Body.HANDLE -> handle(code[at + 1], types.member(code[at + 2]));
          case Body.IMPLICIT -> implicit(flow(code[at + 1]), types.names.text(code[at + 2]));
          default -> throw new IllegalStateException("operation " + code[at]);
        }
      }
    }

    private void get(Member member, int value) {
      if (value >= 0 && body.types()[value] == Body.NUMBER && values[value] == -2) {
        values[value] = field(member.owner, member);
      } else {
        flows.connect(field(member.owner, member), flow(value));
      }
    }

    private void initialiseFor(Member member, int isStatic) {
      if (isStatic == 1) {
        field(member.owner, member);
        Type declaring = member.fieldOwner == null ? member.owner : member.fieldOwner;
        if (declaring != owner) {
          initialise(declaring, node, line);
        }
      }
    }

    private void literal(int flow, Type constant) {
      // What the JDK's own code names is followed, but is not what an unknown name stands for.
      if (owner.source != ClassSources.JDK) {
        flows.instantiate(constant);
        if (constant.constantOf != null && constant.superType == types.classType) {
          framework.inUse(constant.constantOf);
        }
      }
      if (flow >= 0) {
        flows.add(flow, constant);
      }
    }

    private void text(int value, String text) {
      int flow = flow(value);
      if (owner.own) {
        framework.ownString(text);
      }
      if (owner.source != ClassSources.JDK) {
        framework.codeString(text);
      }
      if (flow >= 0) {
        if (text.length() > 2 && sources.names(text) && !isOnlyLookedFor(value)) {
          literal(flow, types.nameConstant(types.of(text.replace('.', '/'))));
        } else {
          flows.add(flow, types.otherString);
        }
      }
    }

    /**
     * {@return whether a name is used for nothing but to ask whether there is such a class} Then
     * nothing is made of it.
     */
    private boolean isOnlyLookedFor(int value) {
      boolean is = false;
      for (int at = 0; at < code.length; at += Body.length(code, at)) {
        for (int i = 1; i < Body.length(code, at); i++) {
          if (code[at + i] == value && Body.isValue(code, at, i) && code[at] != Body.STRING) {
            if (!asks(at, i)) {
              return false;
            }
            is = true;
          }
        }
      }
      return is;
    }

    private boolean asks(int at, int operand) {
      if (code[at] != Body.CALL || operand < 5) {
        return false;
      }
      Member member = types.member(code[at + 2]);
      resolved(member);
      for (CallRule rule : member.rules) {
        if (rule.kind() == CallRule.Kind.PRESENT && rule.value() == operand - 5) {
          return true;
        }
      }
      return false;
    }

    private void implicit(int flow, String name) {
      if (flow >= 0) {
        String descriptor =
            switch (name) {
              case "equals" -> "(Ljava/lang/Object;)Z";
              case "hashCode" -> "()I";
              default -> "()Ljava/lang/String;";
            };
        flows.use(
            flow,
            new Site(
                node,
                types.selector(name, descriptor),
                types.object,
                line,
                new int[] {flow, -1},
                -1,
                chain));
      }
    }

    private void call(int at) {
      Member member = types.member(code[at + 2]);
      int count = code[at + 4];
      int[] arguments = new int[count];
      for (int i = 0; i < count; i++) {
        arguments[i] = flow(code[at + 5 + i]);
      }
      int result = flow(code[at + 3]);
      Method target = resolved(member);
      if (!member.rules.isEmpty() && !models.startsProgram(owner.name, method.name)) {
        rules(member, target, arguments, result, at);
        for (CallRule rule : member.rules) {
          // What native code makes of it is told by the rule.
          boolean told =
              rule.kind() == CallRule.Kind.CLASSOF
                  || rule.kind() == CallRule.Kind.NAMES
                  || rule.kind() == CallRule.Kind.PRESENT && present(rule, at, result);
          result = told ? -1 : result;
        }
      }
      int kind = code[at + 1];
      if (kind == Body.STATIC) {
        if (target != null) {
          initialise(target.owner, node, line);
          bind(node, target, arguments, 0, result, line, chain);
        } else if (flows.isNumber(result)) {
          flows.saturate(result);
        }
        return;
      }
      if (target == null) {
        if (result >= 0) {
          flows.saturate(result);
        }
        return;
      }
      if (flows.isNumber(result) && (target.owner.isInterface() || models.mocks())) {
        // A proxy may answer, or a class that is made at run time.
        flows.saturate(result);
        result = -1;
      }
      if (kind == Body.SPECIAL || isExact(target)) {
        Method direct =
            kind == Body.SPECIAL && !member.name.equals("<init>")
                ? types.superMethod(owner, member, target)
                : target;
        flows.connect(arguments[0], bind(node, direct, arguments, 1, result, line, chain));
        if (isPolymorphic(direct) && result >= 0) {
          flows.saturate(result);
        }
        return;
      }
      if (arguments[0] < 0) {
        // An array, or null.
        edge(node, target, line);
        if (result >= 0) {
          flows.saturate(result);
        }
        return;
      }
      flows.use(
          arguments[0],
          new Site(node, member.selector, member.owner, line, arguments, result, chain));
    }

    private boolean isExact(Method target) {
      return target.is(ACC_PRIVATE)
          || target.is(ACC_FINAL)
          || target.isStatic()
          || target.owner.isFinal() && !target.is(ACC_ABSTRACT)
          || isPolymorphic(target);
    }

    private boolean isPolymorphic(Method target) {
      return target.owner.name.equals("java/lang/invoke/MethodHandle")
          || target.owner.name.equals("java/lang/invoke/VarHandle");
    }

    private @Nullable Method resolved(Member member) {
      if (!member.looked) {
        member.looked = true;
        Method found = types.resolve(member.owner, member.selector);
        if (found == null
            && member.owner.name.startsWith("java/lang/invoke/")
            && member.owner.facts != null) {
          found =
              member.owner.methods.stream()
                  .filter(method -> method.name.equals(member.name) && method.is(ACC_NATIVE))
                  .findFirst()
                  .orElse(null);
        }
        member.method = found;
        List<CallRule> rules = new ArrayList<>(models.calls(member.owner.name, member.name));
        if (found != null && found.owner != member.owner) {
          rules.addAll(models.calls(found.owner.name, member.name));
        }
        member.rules = rules;
      }
      return member.method;
    }

    private void rules(
        Member member, @Nullable Method target, int[] arguments, int result, int at) {
      for (CallRule rule : member.rules) {
        if (rule.kind() == CallRule.Kind.LISTS && owner.source == ClassSources.JDK) {
          continue; // The JDK looks through methods for one by its name.
        }
        String name = "";
        if (rule.kind() == CallRule.Kind.MEMBERS
            && rule.second() >= 0
            && rule.second() < arguments.length) {
          name = constant(code[at + 5 + rule.second()]);
        }
        int references = member.signature().types().size() + (code[at + 1] == Body.STATIC ? 0 : 1);
        boolean given = rule.value() >= 0 && rule.value() < Math.min(references, arguments.length);
        if (rule.kind() == CallRule.Kind.PRESENT) {
          continue;
        }
        framework.called(node, line, rule, given ? arguments[rule.value()] : -1, result, name);
      }
    }

    /** {@return whether it is known which class is asked for} Then its result is known as well. */
    private boolean present(CallRule rule, int at, int result) {
      String name = constant(code[at + 5 + rule.value()]);
      Optional<Boolean> is = name.isEmpty() ? Optional.empty() : framework.isPresent(name);
      is.ifPresent(known -> flows.add(result, types.number(known ? 1 : 0)));
      return is.isPresent();
    }

    /** {@return the string that a value is, or empty} */
    private String constant(int value) {
      for (int at = 0; at < code.length; at += Body.length(code, at)) {
        if (code[at] == Body.STRING && code[at + 1] == value) {
          return types.names.text(code[at + 2]);
        }
      }
      return "";
    }

    private void lambda(int at) {
      int count = code[at + 3];
      int[] captured = new int[count];
      for (int i = 0; i < count; i++) {
        captured[i] = flow(code[at + 4 + i]);
      }
      int number = code[at + 2];
      Type type = types.lambda(method, body.lambdas().get(number), number, captured, chain);
      flows.instantiate(type);
      initialiseInterface(type.interfaces[0], node, line);
      int result = flow(code[at + 1]);
      if (result >= 0) {
        flows.add(result, type);
      }
      handedOut(type, body.lambdas().get(number));
    }

    /** What a method that a framework calls makes and returns is there for it to be called. */
    private void handedOut(Type made, ClassFacts.Lambda lambda) {
      Type face = made.interfaces[0];
      if (owner.own
          && method.entry
          && !face.own
          && method.signature.resultType().equals(face.name)) {
        List.copyOf(made.methods).forEach(framework::handOver);
        Member member = types.member(lambda.member());
        Method behind = types.resolve(member.owner, member.selector);
        if (behind != null && behind.owner.own) {
          behind.entry = true;
        }
      }
    }

    private void handle(int kind, Member member) {
      if (kind < 5) {
        if (kind == 2 || kind == 4) {
          initialise(member.owner, node, line);
        }
        return;
      }
      Method target = resolved(member);
      if (target != null) {
        unknownCall(node, target, line);
      }
    }
  }

  /**
   * Arguments flow into a method, its result back.
   *
   * @param first of the arguments that is no receiver
   * @return the flow that takes the receiver; -1 for none
   */
  private int bind(
      int from, Method to, int[] arguments, int first, int result, int line, Chain chain) {
    if (handsOn(to) && chain.allows(to)) {
      return bindInPlace(from, to, arguments, first, result, line, chain);
    }
    given(from, to, line);
    for (int i = 0; i < to.signature.followed(); i++) {
      give(first + i < arguments.length ? arguments[first + i] : -1, to, i);
    }
    if (result >= 0) {
      flows.connect(result(to), result);
    }
    return receiver(to);
  }

  private int bindInPlace(
      int from, Method to, int[] arguments, int first, int result, int line, Chain chain) {
    edges.add(from, node(to), line);
    runs(to);
    int own = to.isStatic() ? 0 : 1;
    List<String> parameters = to.signature.types();
    int[] given = new int[own + to.signature.followed()];
    if (own == 1) {
      given[0] = flows.create(to.owner);
    }
    for (int i = 0; i < parameters.size(); i++) {
      String type = parameters.get(i);
      given[own + i] = type.startsWith("[") ? -1 : flows.create(types.of(type));
      if (first + i < arguments.length) {
        flows.connect(arguments[first + i], given[own + i]);
      }
    }
    // Numbers are not followed through the JDK.
    Arrays.fill(given, own + parameters.size(), given.length, -1);
    String type = to.signature.resultType();
    int made = type.isEmpty() || type.startsWith("[") ? -1 : flows.create(types.of(type));
    flows.connect(made, result);
    ClassFacts facts = java.util.Objects.requireNonNull(to.owner.facts, "what hands on has code");
    inPlace.add(new Linking(to, facts.body(to.index), from, line, given, made, chain.with(to)));
    return own == 1 ? given[0] : -1;
  }

  /** Someone whom we do not see calls it, with whatever there is. */
  void unknownCall(int from, Method method, int line) {
    if (method.name.equals("<init>") || method.isStatic()) {
      initialise(method.owner, from, line);
    }
    if (method.name.equals("<init>")) {
      instantiate(method.owner);
    }
    if (!method.isStatic() && !method.is(ACC_PRIVATE) && !method.name.equals("<init>")) {
      Hub hub = hub(method.owner, method.selector);
      edges.add(from, node(hub), line);
      for (int i = 0; i < hub.parameters.length; i++) {
        if (hub.parameters[i] >= 0) {
          flows.saturate(hub.parameters[i]);
        }
      }
      open(method);
    }
    if (method.hasCode()) {
      edge(from, method, line);
      if (!method.isStatic()) {
        flows.saturate(receiver(method));
      }
      for (int i = 0; i < method.signature.types().size(); i++) {
        int flow = parameter(method, i);
        if (flow >= 0) {
          flows.saturate(flow);
        }
      }
    }
  }

  private void linkLambda(Method method, LambdaPart part) {
    ClassFacts.Lambda lambda = part.lambda();
    Member member = types.member(lambda.member());
    Signature captured = Signature.of(lambda.captured());
    Signature dynamic = Signature.of(lambda.dynamic());
    List<Integer> given = new ArrayList<>();
    int reference = 0;
    for (int i = 0; i < captured.shape().length(); i++) {
      boolean is = isReference(captured.shape(), i);
      given.add(is ? part.captured()[reference++] : -1);
    }
    reference = 0;
    for (int i = 0; i < method.signature.shape().length(); i++) {
      boolean is = isReference(method.signature.shape(), i);
      given.add(is ? parameter(method, reference++) : -1);
    }
    Method target = types.resolve(member.owner, member.selector);
    if (target == null) {
      return;
    }
    int from = node(method);
    int kind = lambda.handle();
    boolean virtual = kind == 5 || kind == 7 || kind == 9;
    int result = result(method);
    if (result < 0) {
      result = -1;
    }
    int made = -1;
    if (kind == 8) {
      initialise(target.owner, from, 0);
      instantiate(target.owner);
      made = flows.create(target.owner);
      flows.add(made, target.owner);
      flows.connect(made, result);
      result = -1;
    } else if (kind == 6) {
      initialise(target.owner, from, 0);
    }
    int position = 0;
    int receiver = made;
    if (virtual && !given.isEmpty()) {
      receiver = given.get(position++);
    }
    String shape = target.signature.shape();
    List<Integer> arguments = new ArrayList<>();
    if (virtual || kind == 8) {
      arguments.add(receiver);
    }
    for (int i = 0; i < shape.length(); i++) {
      int flow = position < given.size() ? given.get(position++) : -1;
      if (isReference(shape, i)) {
        arguments.add(flow);
      }
    }
    int[] all = arguments.stream().mapToInt(Integer::intValue).toArray();
    if (kind == 5 && !target.is(ACC_PRIVATE) || kind == 9) {
      if (receiver >= 0) {
        int typed = flows.create(member.owner);
        flows.connect(receiver, typed);
        all[0] = typed;
        flows.use(
            typed, new Site(from, member.selector, member.owner, 0, all, result, part.chain()));
      } else {
        edge(from, target, 0);
      }
      return;
    }
    int taken = bind(from, target, all, virtual || kind == 8 ? 1 : 0, result, 0, part.chain());
    flows.connect(receiver, taken);
  }

  private static boolean isReference(String shape, int at) {
    return shape.charAt(at) == 'L' || shape.charAt(at) == '[';
  }

  // --- gates ----------------------------------------------------------------------------------

  /** A gate into a part of a body. */
  private final class Gate implements Flows.Watch {
    private final Linking linking;
    private final int at;

    Gate(Linking linking, int at) {
      this.linking = linking;
      this.at = at;
    }

    @Override
    public void arrived(Type type) {
      if (Body.isOpen(linking.body.gates(), at, type.number)) {
        saturated(type);
      }
    }

    @Override
    public void saturated(Type all) {
      if (linking.enter(linking.body.gates()[at + 1])) {
        opened.add(linking);
      }
    }
  }

  // --- calls ----------------------------------------------------------------------------------

  /** A call whose target depends on the receiver. */
  final class Site implements Flows.Use {
    private final int from;
    private final int selector;
    private final Type owner;
    private final int line;
    private final int[] arguments;
    private final int result;
    private final Chain chain;
    private Method[] targets = {};
    private int[] receivers = {};

    Site(int from, int selector, Type owner, int line, int[] arguments, int result) {
      this(from, selector, owner, line, arguments, result, Chain.NONE);
    }

    private Site(
        int from, int selector, Type owner, int line, int[] arguments, int result, Chain chain) {
      this.from = from;
      this.selector = selector;
      this.owner = owner;
      this.line = line;
      this.arguments = arguments;
      this.result = result;
      this.chain = chain;
    }

    @Override
    public void arrived(Type type) {
      if (!type.is(owner) && owner.facts != null) {
        return;
      }
      Method target = types.dispatch(type, selector);
      if (target == null || target.is(ACC_ABSTRACT)) {
        return;
      }
      for (int i = 0; i < targets.length; i++) {
        if (targets[i] == target) {
          flows.add(receivers[i], type);
          return;
        }
      }
      targets = Arrays.copyOf(targets, targets.length + 1);
      targets[targets.length - 1] = target;
      receivers = Arrays.copyOf(receivers, targets.length);
      int receiver = bind(from, target, arguments, 1, result, line, chain);
      receivers[targets.length - 1] = receiver;
      flows.add(receiver, type);
    }

    @Override
    public void saturated(Type all) {
      Hub hub = hub(types.narrower(all, owner), selector);
      edges.add(from, node(hub), line);
      for (int i = 1; i <= hub.parameters.length; i++) {
        flows.connect(i < arguments.length ? arguments[i] : -1, hub.parameters[i - 1]);
      }
      if (result >= 0) {
        flows.connect(hub.result, result);
      }
    }
  }

  /** {@return a new node that is no step of a path} */
  int junction() {
    hubCount++;
    return hubCount * 2 - 1;
  }

  Hub hub(Type type, int selector) {
    long key = (long) type.id << 32 | selector;
    Hub known = hubs.get(key);
    if (known == null) {
      Method declared = types.resolve(type, selector);
      known = new Hub(hubCount++, type, selector, declared);
      hubs.put(key, known);
      flows.all(type, known);
    }
    return known;
  }

  /** All calls of one method whose receiver may be anything that fits. */
  final class Hub implements Flows.Use {
    final int number;
    final Type type;
    final int selector;
    final int[] parameters;
    final int result;
    private final Set<Method> targets = new HashSet<>();

    Hub(int number, Type type, int selector, @Nullable Method declared) {
      this.number = number;
      this.type = type;
      this.selector = selector;
      if (declared == null) {
        this.parameters = new int[0];
        this.result = -1;
      } else {
        List<String> all = declared.signature.types();
        this.parameters = new int[declared.signature.followed()];
        for (int i = all.size(); i < parameters.length; i++) {
          parameters[i] = flows.create(types.number);
        }
        for (int i = 0; i < all.size(); i++) {
          parameters[i] = all.get(i).startsWith("[") ? -1 : flows.create(types.of(all.get(i)));
        }
        String result = declared.signature.resultType();
        this.result =
            declared.signature.isNumber()
                ? flows.create(types.number)
                : result.isEmpty() || result.startsWith("[") ? -1 : flows.create(types.of(result));
      }
    }

    @Override
    public void arrived(Type created) {
      Method target = types.dispatch(created, selector);
      if (target == null || target.is(ACC_ABSTRACT)) {
        return;
      }
      flows.add(receiver(target), created);
      if (targets.add(target)) {
        given(node(this), target, 0);
        for (int i = 0; i < target.signature.followed(); i++) {
          give(i < parameters.length ? parameters[i] : -1, target, i);
        }
        if (result >= 0) {
          flows.connect(result(target), result);
        }
      }
    }

    @Override
    public void saturated(Type all) {
      throw new IllegalStateException("a hub is at all classes already");
    }
  }
}
