package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_ANNOTATION;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_TRANSIENT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import underpin.program.graph.Models.CallRule;
import underpin.program.graph.Models.FileRule;
import underpin.program.graph.Models.MarkRule;
import underpin.program.graph.Models.NameRule;
import underpin.program.graph.Models.OnlyRule;
import underpin.program.graph.Types.Method;
import underpin.program.graph.Types.Type;

/** Applies the models: what reflection, the JVM and frameworks make and call. */
final class Framework {
  private static final String SERVICES = "META-INF/services/";
  private static final Pattern CONFIGURATION =
      Pattern.compile("\\.(?:properties|xml|ya?ml|conf|cfg|ini)$");

  private final Solver solver;
  private final ClassSources sources;
  private final Models models;
  private final Map<String, Set<String>> annotationLineage = new HashMap<>();
  private final Map<Type, Integer> makers = new HashMap<>();
  private final Map<String, Integer> junctions = new HashMap<>();
  private int anyClass = -1;
  private final Set<String> every = new HashSet<>();
  private final Set<String> beans = new HashSet<>();
  private final Set<Integer> readFiles = new HashSet<>();
  private final Set<String> ownStrings = new HashSet<>();
  private final List<Type> ownInUse = new ArrayList<>();
  private final Settings settings;

  Framework(Solver solver, ClassSources sources, Models models) {
    this.solver = solver;
    this.sources = sources;
    this.models = models;
    this.settings = new Settings(sources);
  }

  // --- the start ------------------------------------------------------------------------------

  /** What runs before and beside the program, and what frameworks find at their start. */
  void start() {
    for (String name : models.vm()) {
      int dot = name.lastIndexOf('.');
      Type type = solver.types.of(name.substring(0, dot).replace('.', '/'));
      for (Method method : declared(type)) {
        if (method.name.equals(name.substring(dot + 1))) {
          solver.unknownCall(Solver.ROOT, method, 0);
        }
      }
    }
    for (FileRule rule : models.files()) {
      for (int source = 0; source < sources.size(); source++) {
        if (sources.files(source).contains(rule.file())) {
          String text = new String(sources.bytes(source, rule.file()), StandardCharsets.UTF_8);
          for (String name : names(text)) {
            named(name).ifPresent(type -> create(type, Solver.ROOT, 0));
          }
        }
      }
    }
  }

  /** {@return the class of that name, also if it is nested and written with a dot} */
  private Optional<Type> named(String name) {
    for (String at = name; ; ) {
      if (sources.onClassPath(at)) {
        return Optional.of(solver.types.of(at));
      }
      int slash = at.lastIndexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      at = at.substring(0, slash) + "$" + at.substring(slash + 1);
    }
  }

  /**
   * {@return what looks like the full name of a class, with '/'} Identifiers of Latin letters,
   * digits, '_' and, in the last one, '$', with a '.' between.
   */
  static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    int length = text.length();
    for (int at = 0; at < length; ) {
      if (!isStart(text.charAt(at))) {
        at++;
        continue;
      }
      int last = at;
      int end = identifier(text, at);
      while (end + 1 < length && text.charAt(end) == '.' && isStart(text.charAt(end + 1))) {
        last = end + 1;
        end = identifier(text, last);
      }
      if (last > at) {
        while (end < length && (text.charAt(end) == '$' || isPart(text.charAt(end)))) {
          end++;
        }
        names.add(text.substring(at, end).replace('.', '/'));
      }
      at = end;
    }
    return names;
  }

  private static int identifier(String text, int from) {
    int at = from;
    while (at < text.length() && isPart(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isPart(char c) {
    return isStart(c) || c >= '0' && c <= '9';
  }

  /**
   * What is conditional on other classes or on settings counts only where those are there; as soon
   * as they are.
   *
   * @param on -1 for the class, or the index of a method
   */
  private void ifConditionsHold(Type type, int on, Runnable then) {
    if (type.facts == null) {
      then.run();
      return;
    }
    for (ClassFacts.Note note : type.facts.notes) {
      if (note.on() == on) {
        List<Models.Condition> conditions = models.conditions(note.type());
        if (!conditions.isEmpty() && sources.onClassPath(note.type())) {
          inUse(solver.types.of(note.type())); // What decides the condition runs either way.
        }
        for (Models.Condition condition : conditions) {
          Optional<String> unset =
              switch (condition.kind()) {
                case REQUIRES -> named(note).allMatch(this::exists) ? SET : NEVER;
                case ABSENT -> named(note).noneMatch(this::exists) ? SET : NEVER;
                case NEEDS ->
                    note.values(condition.element()).contains(condition.value())
                            && !exists(condition.needed())
                        ? NEVER
                        : SET;
                case PROPERTY -> unset(note);
              };
          if (unset.isPresent()) {
            if (!unset.get().isEmpty()) {
              settings.await(unset.get(), () -> ifConditionsHold(type, on, then));
            }
            return;
          }
        }
      }
    }
    then.run();
  }

  /** Nothing that must be set is unset; nothing that is set would help. */
  private static final Optional<String> SET = Optional.empty();

  private static final Optional<String> NEVER = Optional.of("");

  private boolean exists(String name) {
    return sources.find(name).isPresent();
  }

  /** {@return internal names of the classes that an annotation names, also as strings} */
  private static Stream<String> named(ClassFacts.Note note) {
    return Stream.concat(
        note.classes().stream(),
        note.strings().stream()
            .filter(name -> name.indexOf('.') > 0)
            .map(name -> name.replace('.', '/')));
  }

  /** {@return the property that must be set and is not, if there is one} */
  private Optional<String> unset(ClassFacts.Note note) {
    if (note.values("matchIfMissing").contains("true")) {
      return SET;
    }
    String prefix = String.join("", note.values("prefix")).strip();
    if (!prefix.isEmpty() && !prefix.endsWith(".")) {
      prefix += ".";
    }
    for (String name :
        Stream.concat(note.values("name").stream(), note.values("value").stream()).toList()) {
      if (!settings.maySet(prefix + name)) {
        return Optional.of(prefix + name);
      }
    }
    return SET;
  }

  /** {@return how many of the project's own classes a framework finds by itself} */
  int findOwn(List<String> classes) {
    int found = 0;
    for (String name : classes) {
      Type type = solver.types.of(name);
      for (MarkRule rule : models.marks()) {
        if (rule.on() == MarkRule.On.CLASS && isMarked(type, rule)) {
          found++;
          create(type, Solver.ROOT, 0);
          byPrefix(type, rule.prefixes());
        } else if (rule.on() == MarkRule.On.METHOD && hasMarkedMethod(type, rule)) {
          found++;
          create(type, Solver.ROOT, 0);
        }
      }
    }
    return found;
  }

  /** Who finds a class by its annotation looks through its member classes too. */
  private void nested(Type type) {
    if (type.facts == null || type.facts.nested.isEmpty() || !isMarkedByAny(type)) {
      return;
    }
    for (String name : type.facts.nested) {
      if (sources.onClassPath(name)) {
        Type inner = solver.types.of(name);
        if (isMarkedByAny(inner)) {
          create(inner, Solver.ROOT, 0);
        }
      }
    }
  }

  private boolean isMarkedByAny(Type type) {
    for (MarkRule rule : models.marks()) {
      if (rule.on() == MarkRule.On.CLASS && rule.annotation() && isMarked(type, rule)) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether it, or a class around it, is marked} */
  private boolean isMarkedOrWithin(Type type, MarkRule rule) {
    if (isMarked(type, rule)) {
      return true;
    }
    int dollar = type.name.lastIndexOf('$');
    if (dollar < 0) {
      return false;
    }
    String outer = type.name.substring(0, dollar);
    return rule.annotation()
        && sources.onClassPath(outer)
        && isMarkedOrWithin(solver.types.of(outer), rule);
  }

  private void byPrefix(Type type, List<String> prefixes) {
    if (prefixes.isEmpty()) {
      return;
    }
    for (Type at = type; at != null && at.source != ClassSources.JDK; at = at.superType) {
      for (Method method : declared(at)) {
        if (prefixes.stream().anyMatch(method.name::startsWith)) {
          method.entry = true;
          handOver(method);
        }
      }
    }
  }

  private boolean isMarked(Type type, MarkRule rule) {
    if (type.facts == null) {
      return false;
    }
    if (!rule.annotation()) {
      Type mark = solver.types.of(rule.mark());
      return type != mark && mark.facts != null && type.is(mark);
    }
    for (ClassFacts.Note note : type.facts.notes) {
      if (note.on() == -1 && lineage(note.type()).contains(rule.mark())) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether it has such a method, its own or inherited} */
  private boolean hasMarkedMethod(Type type, MarkRule rule) {
    if (type.facts == null || type.isInterface()) {
      return false;
    }
    for (int id : type.ancestors) {
      Type at = solver.types.get(id);
      if (at.facts != null && at.source != ClassSources.JDK && declaresMarked(at.facts, rule)) {
        return true;
      }
    }
    return false;
  }

  private boolean declaresMarked(ClassFacts facts, MarkRule rule) {
    for (ClassFacts.Note note : facts.notes) {
      if (note.on() >= 0
          && note.on() < facts.methods.length
          && lineage(note.type()).contains(rule.mark())) {
        return true;
      }
    }
    return false;
  }

  /** {@return an annotation and those on it, and so on} */
  private Set<String> lineage(String annotation) {
    Set<String> known = annotationLineage.get(annotation);
    if (known == null) {
      known = new HashSet<>();
      annotationLineage.put(annotation, known);
      known.add(annotation);
      if (!annotation.startsWith("java/lang/annotation/")) {
        var found = sources.find(annotation);
        if (found.isPresent()) {
          for (ClassFacts.Note note : found.get().facts().notes) {
            if (note.on() == -1 && !note.type().startsWith("java/lang/")) {
              known.addAll(lineage(note.type()));
            }
          }
        }
      }
    }
    return known;
  }

  // --- classes in use -------------------------------------------------------------------------

  /** A class is loaded: its annotations count from now on. */
  void inUse(Type type) {
    if (type.inUse) {
      return;
    }
    type.inUse = true;
    if (type.facts == null || type.source == ClassSources.JDK) {
      return;
    }
    if (readFiles.add(type.source)) {
      namesInFiles(type.source);
    }
    ifConditionsHold(type, -1, () -> annotated(type));
    if (!type.isInterface()) {
      for (MarkRule rule : models.marks()) {
        if (rule.on() == MarkRule.On.USED && isMarkedOrWithin(type, rule)) {
          byPrefix(type, rule.prefixes());
        }
      }
    }
    for (String suffix : models.companions()) {
      if (sources.onClassPath(type.name + suffix)) {
        create(solver.types.of(type.name + suffix), Solver.ROOT, 0);
      }
    }
    if (beans.contains(type.name)) {
      byPrefix(type, List.of("set", "add"));
    }
    bindMarked(type);
    if (type.facts.is(ACC_ANNOTATION)) {
      // An annotation's elements may be put into settings.
      for (ClassFacts.Note note : type.facts.notes) {
        if (!models.isCondition(note.type())) {
          note.strings().forEach(settings::seen);
        }
      }
    }
    if (type.own) {
      ownInUse.add(type);
      for (ClassFacts.Note note : type.facts.notes) {
        note.strings().forEach(this::configuring);
      }
      for (Method method : declared(type)) {
        if (ownStrings.contains(method.name)) {
          handOver(method);
        }
        if (method.is(ACC_PUBLIC) && !method.isStatic()) {
          for (NameRule rule : models.names()) {
            if (method.name.startsWith(rule.prefix())) {
              method.entry = true;
              handOver(method);
              break;
            }
          }
        }
      }
    }
  }

  /** What its annotations make and call. */
  private void annotated(Type type) {
    ClassFacts facts = java.util.Objects.requireNonNull(type.facts);
    for (ClassFacts.Note note : facts.notes) {
      if (models.ignores(note.type()) || models.isCondition(note.type())) {
        continue;
      }
      if (sources.onClassPath(note.type())) {
        inUse(solver.types.of(note.type()));
      }
      for (String name : note.classes()) {
        if (sources.onClassPath(name)) {
          create(solver.types.of(name), Solver.ROOT, 0);
        }
      }
      namesakes(type, note.strings());
      if (note.on() >= 0 && note.on() < facts.methods.length) {
        for (MarkRule rule : models.marks()) {
          if (rule.on() == MarkRule.On.METHOD && lineage(note.type()).contains(rule.mark())) {
            ClassFacts.Method declared = facts.methods[note.on()];
            Method method = type.declared.get(declared.selector());
            if (method != null) {
              ifConditionsHold(
                  type,
                  note.on(),
                  () -> {
                    method.entry = true;
                    handOver(method);
                    namesakes(type, List.of(method.name));
                  });
            }
          }
        }
      }
    }
    nested(type);
  }

  /**
   * A library loads classes by what its own configuration files name: as if its code named them.
   */
  private void namesInFiles(int source) {
    for (String file : sources.files(source)) {
      if (CONFIGURATION.matcher(file).find() && !file.startsWith("META-INF/maven/")) {
        String text = new String(sources.bytes(source, file), StandardCharsets.UTF_8);
        for (String name : names(text)) {
          if (sources.onClassPath(name)) {
            // A bean in such a file is filled by its setters.
            beans.add(name);
            solver.flows.instantiate(solver.types.nameConstant(solver.types.of(name)));
          }
        }
      }
    }
  }

  /** Annotations name methods of their class by strings, or mean one of the same name. */
  private void namesakes(Type type, List<String> names) {
    for (String name : names) {
      for (Method method : declared(type)) {
        if (method.name.equals(name)) {
          handOver(method);
        }
      }
    }
  }

  /** A string of code outside the JDK: it may be a property's name. */
  void codeString(String text) {
    settings.seen(text);
  }

  /**
   * A string of the project's own code. Where reflection looks for a method of unknown name, it may
   * be an own method of that name.
   */
  void ownString(String text) {
    mayConfigure(text);
    if (!text.isEmpty()
        && Character.isJavaIdentifierStart(text.charAt(0))
        && text.chars().allMatch(Character::isJavaIdentifierPart)
        && ownStrings.add(text)) {
      for (Type type : List.copyOf(ownInUse)) {
        namesakes(type, List.of(text));
      }
    }
  }

  /** A framework calls it: what it hands over, it must have made. */
  void handOver(Method method) {
    parameterTypes(method);
    solver.unknownCall(Solver.ROOT, method, 0);
  }

  private void parameterTypes(Method method) {
    for (String type : method.signature.types()) {
      if (!type.startsWith("[") && sources.onClassPath(type)) {
        create(solver.types.of(type), Solver.ROOT, 0);
      }
    }
  }

  /** Whoever makes an object calls what it overrides of their own classes. */
  private void overrides(Type type) {
    for (Type at = type; at != null && at.source != ClassSources.JDK; at = at.superType) {
      for (Method method : declared(at)) {
        if (!method.isStatic()
            && !method.is(ACC_PRIVATE)
            && !method.name.startsWith("<")
            && at.superType != null
            && overridesForeign(at, method)) {
          method.entry |= at.own;
          handOver(method);
        }
      }
    }
  }

  private boolean overridesForeign(Type type, Method method) {
    for (int id : type.ancestors) {
      Type above = solver.types.get(id);
      if (above != type
          && above.source != type.source
          && !(above.own && type.own)
          && above != solver.types.object
          && above.declared.contains(method.selector)) {
        return true;
      }
    }
    return false;
  }

  // --- numbers in fields ----------------------------------------------------------------------

  /** A number that a field holds. */
  private record NumberField(Type owner, String name, String descriptor, int flow) {}

  private final List<NumberField> numberFields = new ArrayList<>();

  /** How many names there were when fields were last compared with them. */
  private int comparedWords = -1;

  private int comparedFields;

  private static Optional<ClassFacts.Field> declared(Type owner, String name, String descriptor) {
    if (owner.facts != null) {
      for (ClassFacts.Field field : owner.facts.fields) {
        if (field.name().equals(name) && field.descriptor().equals(descriptor)) {
          return Optional.of(field);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isConstant(ClassFacts.Field field) {
    int both = ACC_FINAL | ACC_STATIC;
    return (field.flags() & both) == both;
  }

  /**
   * {@return the flow of a field that holds a number; -1 where something else than code that is
   * followed may write it}
   */
  int numberField(Type owner, String name, String descriptor) {
    Optional<ClassFacts.Field> found = declared(owner, name, descriptor);
    if (found.isEmpty() || mayBeAny(owner, found.get())) {
      return -1;
    }
    int flow = solver.flows.create(solver.types.number);
    if (!isConstant(found.get())) {
      // It is 0 before it is written. What is static and final is not asked for before.
      solver.flows.add(flow, solver.types.number(0));
      numberFields.add(new NumberField(owner, name, descriptor, flow));
    }
    return flow;
  }

  private boolean mayBeAny(Type owner, ClassFacts.Field field) {
    if ((field.flags() & ClassFacts.Field.HAS_VALUE) != 0) {
      return true;
    }
    if (owner.source == ClassSources.JDK) {
      return true;
    }
    if (isConstant(field)) {
      return false;
    }
    // Persistence, injection and data binding write own fields.
    if (owner.own) {
      return true;
    }
    boolean isStatic = (field.flags() & ACC_STATIC) != 0;
    if (!isStatic
        && (field.flags() & ACC_TRANSIENT) == 0
        && owner.is(solver.types.of("java/io/Serializable"))) {
      return true;
    }
    if (owner.hasNative()) {
      return true;
    }
    ClassFacts facts = java.util.Objects.requireNonNull(owner.facts);
    int on = facts.methods.length + java.util.Arrays.asList(facts.fields).indexOf(field);
    for (ClassFacts.Note note : facts.notes) {
      if (note.on() == on
          || !isStatic
              && !note.type().startsWith("java/lang/")
              && !models.bound().contains(note.type())
              && !models.isPlain(note.type())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Fields are written by reflection where code or a file has their name, and properties by setters
   * that no code calls, such as by who reads a document into objects: such a field may hold any
   * number. What is bound by settings is known better.
   *
   * @return whether there is such a field that was not known
   */
  boolean findWritten() {
    boolean again = comparedWords < settings.wordCount();
    int from = again ? 0 : comparedFields;
    comparedWords = settings.wordCount();
    comparedFields = numberFields.size();
    boolean any = false;
    for (int i = from; i < comparedFields; i++) {
      NumberField field = numberFields.get(i);
      if (!solver.flows.isSaturated(field.flow())
          && !isBound.contains(field.owner())
          && (settings.isNamed(field.name()) || hasFreeSetter(field))) {
        solver.flows.saturate(field.flow());
        any = true;
      }
    }
    return any;
  }

  private boolean hasFreeSetter(NumberField field) {
    for (Method method : field.owner().methods) {
      if (!method.reached
          && !method.is(ACC_PRIVATE)
          && (property(method, "set").isPresent() || method.signature.shape().length() == 1)
          && writes(method, field)) {
        return true;
      }
    }
    return false;
  }

  private boolean writes(Method method, NumberField field) {
    ClassFacts facts = method.owner.facts;
    if (facts == null || !method.hasCode()) {
      return false;
    }
    Body body = facts.body(method.index);
    int[] code = body.code();
    for (int at = 0; at < code.length; at += Body.length(code, at)) {
      if (code[at] == Body.PUT) {
        Types.Member member = solver.types.member(code[at + 1]);
        if (member.name.equals(field.name()) && member.descriptor.equals(field.descriptor())) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@return the property that a method is for by its name, if that begins so} */
  private static Optional<String> property(Method method, String prefix) {
    return method.name.startsWith(prefix) && method.name.length() > prefix.length()
        ? Optional.of(method.name.substring(prefix.length()))
        : Optional.empty();
  }

  // --- settings -------------------------------------------------------------------------------

  /** Classes whose objects' properties are set by settings, and under which names. */
  private final Set<Type> isBound = new HashSet<>();

  private final Set<String> boundBy = new HashSet<>();

  /** Settings are written into an object, and into those that its properties hold. */
  private void bind(Type type, String prefix) {
    if (type.facts == null
        || type.source == ClassSources.JDK
        || !boundBy.add(type.name + " " + prefix)) {
      return;
    }
    for (Type at = type; at != null && at.source != ClassSources.JDK; at = at.superType) {
      isBound.add(at);
      for (Method method : declared(at)) {
        if (method.isStatic()) {
          continue;
        }
        List<String> types = method.signature.types();
        Optional<String> property = property(method, "set");
        if (property.isPresent() && method.signature.shape().length() == 1) {
          settings.whenBound(
              prefix,
              property.get(),
              () -> {
                method.entry = true;
                handOver(method);
              });
          types.forEach(each -> bindNamed(each, prefix));
        } else if (method.signature.shape().isEmpty() && property(method, "get").isPresent()) {
          bindNamed(method.signature.resultType(), prefix);
        }
      }
      bindConstructors(at, prefix);
      ClassFacts facts = java.util.Objects.requireNonNull(at.facts);
      facts.nested.forEach(each -> bindNamed(each, prefix));
    }
  }

  /** An object without setters is made of its settings. */
  private void bindConstructors(Type type, String prefix) {
    List<Method> all =
        declared(type).stream().filter(method -> method.name.equals("<init>")).toList();
    boolean isMade =
        all.stream().noneMatch(method -> method.signature.shape().isEmpty())
            || all.size() > 1
                && java.util.Objects.requireNonNull(type.facts).notes.stream()
                    .anyMatch(
                        note -> note.on() >= 0 && all.stream().anyMatch(m -> m.index == note.on()));
    if (isMade && !type.isAbstract()) {
      for (Method method : all) {
        handOver(method);
        method.signature.types().forEach(each -> bindNamed(each, prefix));
      }
    }
  }

  private void bindNamed(String type, String prefix) {
    if (!type.isEmpty() && !type.startsWith("[") && sources.onClassPath(type)) {
      bind(solver.types.of(type), prefix);
    }
  }

  private void bindMarked(Type type) {
    ClassFacts facts = java.util.Objects.requireNonNull(type.facts);
    for (ClassFacts.Note note : facts.notes) {
      if (models.bound().contains(note.type())) {
        String prefix =
            String.join(
                "",
                Stream.concat(note.values("prefix").stream(), note.values("value").stream())
                    .limit(1)
                    .toList());
        if (note.on() == -1) {
          bind(type, prefix);
        } else if (note.on() < facts.methods.length) {
          bindNamed(Signature.of(facts.methods[note.on()].descriptor()).resultType(), prefix);
        }
      }
    }
  }

  /** Calls of methods that nothing configures. */
  private record Barred(Method method, int from, int line) {}

  private final Map<OnlyRule, List<Barred>> barred = new HashMap<>();

  /** Rules whose methods are called. */
  private final Set<OnlyRule> configured = new HashSet<>();

  /**
   * {@return whether the method is not called, as nothing is there that it would be called for} If
   * that changes, it will be. Own code that calls it knows why.
   */
  boolean isBarred(int from, Method method, int line) {
    Optional<OnlyRule> rule = models.only(method.owner.name, method.name);
    if (rule.isEmpty() || configured.contains(rule.get()) || isConfigured(rule.get())) {
      return false;
    }
    if (from >= 0 && from % 2 == 0 && solver.types.methods().get(from / 2).owner.own) {
      configure(rule.get());
      return false;
    }
    barred.computeIfAbsent(rule.get(), _ -> new ArrayList<>()).add(new Barred(method, from, line));
    return true;
  }

  private boolean isConfigured(OnlyRule rule) {
    boolean is =
        rule.keys().stream().anyMatch(settings::isOwn)
            || ownTexts.stream().anyMatch(text -> configures(rule, text));
    for (int source = 0; source < sources.size() && !is; source++) {
      for (String file : sources.files(source)) {
        is |= !file.startsWith("META-INF/") && isFor(rule, file);
      }
    }
    if (is) {
      configured.add(rule);
    }
    return is;
  }

  private static boolean isFor(OnlyRule rule, String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return rule.files().stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  private static boolean configures(OnlyRule rule, String text) {
    return isFor(rule, text) || rule.keys().stream().anyMatch(text::contains);
  }

  private void configure(OnlyRule rule) {
    configured.add(rule);
    List<Barred> all = barred.remove(rule);
    if (all != null) {
      all.forEach(each -> solver.edge(each.from(), each.method(), each.line()));
    }
  }

  /** A string of an own annotation: it may set properties. */
  private void configuring(String text) {
    if (text.indexOf('=') > 0) {
      settings.seen(text);
    }
    mayConfigure(text);
  }

  private final Set<String> ownTexts = new HashSet<>();

  /** A string of the project's own code or of its annotations. */
  private void mayConfigure(String text) {
    for (OnlyRule rule : List.copyOf(barred.keySet())) {
      if (configures(rule, text)) {
        configure(rule);
      }
    }
    ownTexts.add(text);
  }

  // --- fields ---------------------------------------------------------------------------------

  /** {@return whether something else than code we follow writes the field} */
  boolean isSetFromOutside(Type owner, String name, String descriptor) {
    if (owner.facts == null) {
      return true;
    }
    ClassFacts facts = owner.facts;
    for (int i = 0; i < facts.fields.length; i++) {
      ClassFacts.Field field = facts.fields[i];
      if (field.name().equals(name) && field.descriptor().equals(descriptor)) {
        int on = facts.methods.length + i;
        return (field.flags() & (ACC_FINAL | ACC_STATIC)) == 0
            && facts.notes.stream().anyMatch(note -> note.on() == on);
      }
    }
    return false;
  }

  /** {@return whether there is a class of that name that can be loaded; empty if it is in doubt} */
  Optional<Boolean> isPresent(String name) {
    String found = name.replace('.', '/');
    while (sources.find(found).isEmpty()) {
      int slash = found.lastIndexOf('/');
      if (slash < 0) {
        return Optional.of(false);
      }
      found = found.substring(0, slash) + "$" + found.substring(slash + 1);
    }
    for (int id : solver.types.of(found).ancestors) {
      if (solver.types.get(id).facts == null) {
        return Optional.empty();
      }
    }
    return Optional.of(true);
  }

  // --- making objects -------------------------------------------------------------------------

  /**
   * Reflection makes an object of the class; one with unmet conditions is left out by who would.
   */
  void create(Type type, int from, int line) {
    ifConditionsHold(type, -1, () -> made(type, from, line));
  }

  private void made(Type type, int from, int line) {
    Integer known = makers.get(type);
    if (known != null) {
      solver.edges.add(from, known, line);
      return;
    }
    int maker = solver.junction();
    makers.put(type, maker);
    solver.edges.add(from, maker, line);
    solver.initialise(type, maker, 0);
    make(type, maker);
    // Whoever makes an object calls what it overrides of their own classes.
    if (from == Solver.ROOT || type.own) {
      overrides(type);
    }
  }

  private void make(Type type, int from) {
    if (type.facts == null || type.isInterface() || type.isAbstract()) {
      inUse(type);
      return;
    }
    for (Method method : declared(type)) {
      if (method.name.equals("<init>")) {
        parameterTypes(method);
        method.entry |= type.own;
        solver.unknownCall(from, method, 0);
      }
    }
    solver.instantiate(type);
  }

  private static List<Method> declared(Type type) {
    return type.methods;
  }

  // --- calls that have a meaning --------------------------------------------------------------

  /** A call to a method that has a rule. */
  void called(int from, int line, CallRule rule, int value, int result, String name) {
    switch (rule.kind()) {
      case NAMES -> use(rule, "", value, from, line, result);
      case CREATES, PROVIDES -> use(rule, "", value, from, line, -1);
      case CLASSOF -> {
        if (value >= 0 && result >= 0) {
          solver.flows.use(value, new ClassOf(result));
        }
      }
      case RUNS -> {
        if (value >= 0) {
          String target = rule.target();
          int open = target.indexOf('(');
          int dot = target.lastIndexOf('.', open);
          Type owner = solver.types.of(target.substring(0, dot).replace('.', '/'));
          String descriptor = target.substring(open);
          int[] arguments = new int[Signature.of(descriptor).types().size() + 1];
          java.util.Arrays.fill(arguments, -1);
          arguments[0] = value;
          solver.flows.use(
              value,
              solver
              .new Site(
                  from,
                  solver.types.selector(target.substring(dot + 1, open), descriptor),
                  owner,
                  line,
                  arguments,
                  -1));
        }
      }
      case LISTS -> {
        if (value >= 0) {
          solver.flows.use(value, new Listed(from, line));
        }
      }
      case MEMBERS -> {
        if (!name.isEmpty()) {
          use(rule, name, value, from, line, -1);
        }
      }
      case PRESENT -> {}
      case EVERY -> {
        if (every.add(rule.target() + rule.names())) {
          solver.flows.all(
              solver.types.of(rule.target()),
              new Seen(type -> {
                for (Type at = type; at != null; at = at.superType) {
                  for (Method method : declared(at)) {
                    if (rule.names().contains(method.name)) {
                      solver.edge(from, method, line);
                      if (!method.isStatic()) {
                        solver.flows.add(solver.receiver(method), type);
                      }
                      saturateParameters(method);
                    }
                  }
                }
              }));
        }
      }
    }
  }

  /** The class constants of what flows somewhere. */
  private final class ClassOf implements Flows.Use {
    private final int result;

    ClassOf(int result) {
      this.result = result;
    }

    @Override
    public void arrived(Type type) {
      if (!solver.types.isConstant(type)) {
        solver.flows.add(result, solver.types.classConstant(type));
      }
    }

    @Override
    public void saturated(Type all) {
      if (all == solver.types.object) {
        solver.flows.saturate(result);
      } else {
        solver.flows.all(all, new Seen(this::arrived));
      }
    }
  }

  /** All methods of a class are asked for: those of classes that are known here may be called. */
  private final class Listed implements Flows.Use {
    private final int from;
    private final int line;

    Listed(int from, int line) {
      this.from = from;
      this.line = line;
    }

    @Override
    public void arrived(Type type) {
      for (Type at = type.constantOf;
          at != null && at.source != ClassSources.JDK;
          at = at.superType) {
        for (Method method : declared(at)) {
          if (!method.name.startsWith("<")) {
            solver.unknownCall(from, method, line);
          }
        }
      }
    }

    @Override
    public void saturated(Type all) {
      // Classes of which only models know what is called by name.
    }
  }

  private void saturateParameters(Method method) {
    for (int i = 0; i < method.signature.followed(); i++) {
      int flow = solver.parameter(method, i);
      if (flow >= 0) {
        solver.flows.saturate(flow);
      }
    }
  }

  private void members(Type type, String name, int from, int line) {
    Names names = solver.types.names;
    int wanted = names.of(name);
    for (Type at = type; at != null; at = at.superType) {
      for (Method method : declared(at)) {
        if (names.selectorName(method.selector) == wanted) {
          solver.unknownCall(from, method, line);
        }
      }
    }
  }

  private void providers(Type service, int from, int line) {
    String file = SERVICES + service.name.replace('/', '.');
    for (int source = 0; source < sources.size(); source++) {
      if (sources.files(source).contains(file)) {
        String text = new String(sources.bytes(source, file), StandardCharsets.UTF_8);
        for (String raw : text.lines().toList()) {
          int comment = raw.indexOf('#');
          String provider = (comment < 0 ? raw : raw.substring(0, comment)).strip();
          if (!provider.isEmpty()) {
            create(solver.types.of(provider.replace('.', '/')), from, line);
          }
        }
      }
    }
    for (String provider : sources.platformProviders(service.name)) {
      create(solver.types.of(provider), from, line);
    }
  }

  /** Applies a rule to each constant of a flow; to all there are, where the flow is saturated. */
  private void use(CallRule rule, String name, int flow, int from, int line, int result) {
    if (flow >= 0) {
      solver.flows.use(flow, new Constants(rule, name, from, line, result));
    }
  }

  /** One call's constants. */
  private final class Constants implements Flows.Use {
    private final CallRule rule;
    private final String name;
    private final int from;
    private final int line;
    private final int result;

    Constants(CallRule rule, String name, int from, int line, int result) {
      this.rule = rule;
      this.name = name;
      this.from = from;
      this.line = line;
      this.result = result;
    }

    @Override
    public void arrived(Type constant) {
      if (constant == solver.types.string) {
        // A string that is made at run time.
        saturated(constant);
      } else {
        apply(rule, name, constant, from, line, result);
      }
    }

    @Override
    public void saturated(Type all) {
      // Calls with an unknown argument share one node, and one result.
      boolean names = rule.kind() == CallRule.Kind.NAMES;
      String key = rule.kind() + name;
      Integer known = junctions.get(key);
      if (known == null) {
        int junction = solver.junction();
        junctions.put(key, junction);
        known = junction;
        if (names) {
          anyClass = solver.flows.create(solver.types.classType);
        }
        solver.flows.all(
            names ? solver.types.string : solver.types.classType,
            new Seen(constant -> apply(rule, name, constant, junction, 0, names ? anyClass : -1)));
      }
      solver.edges.add(from, known, line);
      if (names && result >= 0) {
        solver.flows.connect(anyClass, result);
      }
    }
  }

  private void apply(CallRule rule, String name, Type constant, int from, int line, int result) {
    Type type = constant.constantOf;
    if (type == null) {
      if (rule.kind() == CallRule.Kind.NAMES && result >= 0) {
        solver.flows.add(result, solver.types.noClass);
      }
      return;
    }
    switch (rule.kind()) {
      case NAMES -> {
        Type literal = solver.types.classConstant(type);
        // Libraries ask by name whether the JDK has a class; what its start does is its own affair.
        if (type.source != ClassSources.JDK || line > 0) {
          solver.initialise(type, from, line);
        }
        if (constant.instantiated) {
          solver.flows.instantiate(literal);
        }
        if (result >= 0) {
          solver.flows.add(result, literal);
        }
      }
      case CREATES -> create(type, from, line);
      case PROVIDES -> providers(type, from, line);
      case MEMBERS -> members(type, name, from, line);
      default -> throw new IllegalArgumentException("no rule for constants: " + rule);
    }
  }

  /** Each once. */
  private static final class Seen implements Flows.Use {
    private final BitSet known = new BitSet();
    private final java.util.function.Consumer<Type> heard;

    Seen(java.util.function.Consumer<Type> heard) {
      this.heard = heard;
    }

    @Override
    public void arrived(Type type) {
      if (!known.get(type.id)) {
        known.set(type.id);
        heard.accept(type);
      }
    }

    @Override
    public void saturated(Type type) {
      throw new IllegalStateException("hears of all classes already");
    }
  }
}
