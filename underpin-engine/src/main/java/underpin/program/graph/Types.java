package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_INTERFACE;
import static java.lang.classfile.ClassFile.ACC_NATIVE;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_STATIC;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Classes and methods as numbers, and how a JVM finds one from another (JVMS 5.4.3, 5.4.6). */
final class Types {
  /** A class, an interface, what a lambda makes, or a constant that names a class. */
  final class Type {
    final int id;
    final String name;
    final @Nullable ClassFacts facts;
    final int source;
    final boolean own;
    @Nullable Type superType;
    Type[] interfaces = {};

    /** Ids of itself and all supertypes, ascending. */
    int[] ancestors = {};

    /** Its own methods by selector. */
    final IntMap<Method> declared = new IntMap<>();

    /** The same, in the order of the class file. */
    final List<Method> methods = new ArrayList<>();

    private final IntMap<Method> dispatched = new IntMap<>();
    final Map<String, Integer> fields = new HashMap<>();

    boolean instantiated;
    boolean inUse;
    boolean initialised;
    boolean named;

    /** What a constant stands for. */
    @Nullable Type constantOf;

    /** What a number is. */
    int number;

    private Type(String name, @Nullable ClassFacts facts, int source, boolean own) {
      this.id = types.size();
      this.name = name;
      this.facts = facts;
      this.source = source;
      this.own = own;
      types.add(this);
    }

    boolean isInterface() {
      return facts != null && facts.is(ACC_INTERFACE);
    }

    boolean isAbstract() {
      return facts != null && facts.is(ACC_ABSTRACT);
    }

    /** {@return whether native code may know its fields and methods} */
    boolean hasNative() {
      for (Method method : methods) {
        if (method.is(ACC_NATIVE)) {
          return true;
        }
      }
      return false;
    }

    boolean isFinal() {
      return facts != null && facts.is(ACC_FINAL);
    }

    boolean is(Type other) {
      return is(other.id);
    }

    /** {@return whether it is the type of that number, or a subtype of it} */
    boolean is(int other) {
      if (other == id) {
        return true;
      }
      // There are few, and the first is Object.
      for (int ancestor : ancestors) {
        if (ancestor >= other) {
          return ancestor == other;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A method of a class, or one that a lambda has. */
  static final class Method {
    final int id;
    final Type owner;
    final int index;
    final String name;
    final String descriptor;
    final int flags;
    final Signature signature;
    final int selector;
    @Nullable LambdaPart lambda;
    boolean reached;

    /** A run may begin with it. */
    boolean entry;

    /** Its body will be linked by itself, not only where it is called. */
    boolean queued;

    /** Whether it hands parameters on, once that was asked. */
    @Nullable Boolean handsOn;

    /** Or being linked; who reads ahead may see it late. */
    boolean linked;

    /** Its parameters that are numbers may be any. */
    boolean open;

    int receiver = -1;
    int @Nullable [] parameters;
    int result = -1;

    private Method(
        int id,
        Type owner,
        int index,
        String name,
        String descriptor,
        int flags,
        int selector,
        Signature signature) {
      this.id = id;
      this.owner = owner;
      this.index = index;
      this.name = name;
      this.descriptor = descriptor;
      this.flags = flags;
      this.selector = selector;
      this.signature = signature;
    }

    boolean is(int flag) {
      return (flags & flag) != 0;
    }

    boolean isStatic() {
      return is(ACC_STATIC);
    }

    boolean hasCode() {
      return !is(ACC_ABSTRACT) && !is(ACC_NATIVE);
    }

    @Override
    public String toString() {
      return owner + "." + name + descriptor;
    }
  }

  /**
   * What is behind the method of a lambda.
   *
   * @param chain in what it is made
   */
  record LambdaPart(ClassFacts.Lambda lambda, Type creator, int[] captured, Chain chain) {}

  /** Methods that are linked where they are called, the innermost first. */
  record Chain(@Nullable Chain outer, @Nullable Method method, int length) {
    static final Chain NONE = new Chain(null, null, 0);

    /** Deeper ones are linked once for all that call them. */
    private static final int LONGEST = 3;

    boolean allows(Method another) {
      for (Chain at = this; at != null; at = at.outer) {
        if (at.method == another) {
          return false;
        }
      }
      return length < LONGEST;
    }

    Chain with(Method another) {
      return new Chain(this, another, length + 1);
    }
  }

  /** What a class refers to: a field or a method, resolved when first needed. */
  static final class Member {
    final Type owner;
    final String name;
    final String descriptor;
    final int selector;
    boolean looked;
    @Nullable Method method;
    int field = -2;
    @Nullable Type fieldOwner;
    List<Models.CallRule> rules = List.of();

    Signature signature() {
      return Signature.of(descriptor);
    }

    Member(Type owner, String name, String descriptor, int selector) {
      this.owner = owner;
      this.name = name;
      this.descriptor = descriptor;
      this.selector = selector;
    }
  }

  private final ClassSources sources;
  private final List<Type> types = new ArrayList<>();
  private final Map<String, Type> byName = new HashMap<>();
  final Names names;

  /** By number of a name. */
  private @Nullable Type[] named = new Type[1 << 14];

  /** By number of a member. */
  private @Nullable Member[] members = new Member[1 << 14];

  private final List<Method> methods = new ArrayList<>();
  final Type object;
  final Type string;
  final Type classType;

  /** A string constant that names no class there is, and what a search for such a class finds. */
  final Type otherString;

  final Type noClass;

  /** Any number; each that is followed is a subtype. */
  final Type number;

  private final IntMap<Type> numbers = new IntMap<>();

  Types(ClassSources sources) {
    this.sources = sources;
    this.names = sources.names();
    this.object = of("java/lang/Object");
    this.string = of("java/lang/String");
    this.classType = of("java/lang/Class");
    this.otherString = new Type("a string", null, ClassSources.JDK, false);
    inherit(otherString, string, List.of());
    this.noClass = new Type("no class", null, ClassSources.JDK, false);
    inherit(noClass, classType, List.of());
    this.number = new Type("a number", null, ClassSources.JDK, false);
    inherit(number, null, List.of());
  }

  /** {@return the class; without facts if there is none of that name} Arrays are Object here. */
  Type of(String name) {
    Type known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (name.startsWith("[")) {
      byName.put(name, object);
      return object;
    }
    ClassSources.Found found = sources.find(name).orElse(null);
    Type type =
        found == null
            ? new Type(name, null, ClassSources.JDK, false)
            : new Type(
                name,
                found.facts(),
                found.source(),
                found.source() != ClassSources.JDK && sources.entry(found.source()).own());
    byName.put(name, type);
    if (found == null) {
      inherit(type, object, List.of());
      return type;
    }
    ClassFacts facts = found.facts();
    Type superType = facts.superName == null ? null : of(facts.superName);
    inherit(type, superType, facts.interfaces.stream().map(this::of).toList());
    for (int i = 0; i < facts.methods.length; i++) {
      ClassFacts.Method method = facts.methods[i];
      declare(type, i, method.name(), method.descriptor(), method.selector(), method.flags());
    }
    return type;
  }

  private Method declare(
      Type type, int index, String name, String descriptor, int selector, int flags) {
    Method method =
        new Method(
            methods.size(),
            type,
            index,
            name,
            descriptor,
            flags,
            selector,
            names.shape(names.selectorDescriptor(selector)).signature());
    methods.add(method);
    if (type.declared.putIfAbsent(method.selector, method)) {
      type.methods.add(method);
    }
    return method;
  }

  private void inherit(Type type, @Nullable Type superType, List<Type> interfaces) {
    type.superType = superType == type ? null : superType;
    type.interfaces = interfaces.toArray(Type[]::new);
    int[] all = {type.id};
    if (type.superType != null) {
      all = union(all, type.superType.ancestors);
    }
    for (Type each : type.interfaces) {
      all = union(all, each.ancestors);
    }
    type.ancestors = all;
  }

  private static int[] union(int[] a, int[] b) {
    int[] all = new int[a.length + b.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      if (j == b.length || i < a.length && a[i] < b[j]) {
        all[count++] = a[i++];
      } else if (i == a.length || b[j] < a[i]) {
        all[count++] = b[j++];
      } else {
        all[count++] = a[i++];
        j++;
      }
    }
    return Arrays.copyOf(all, count);
  }

  /**
   * {@return a class that has one method for each descriptor of a lambda}
   *
   * @param creator the method in which it is made
   * @param number the lambda's among those of that method
   */
  Type lambda(Method creator, ClassFacts.Lambda lambda, int number, int[] captured, Chain chain) {
    Type owner = creator.owner;
    Type type =
        new Type(
            owner.name + "$$Lambda/" + creator.index + "." + number, null, owner.source, owner.own);
    inherit(type, object, List.of(of(lambda.type())));
    for (String descriptor : lambda.descriptors()) {
      declare(type, number, lambda.name(), descriptor, selector(lambda.name(), descriptor), 0)
              .lambda =
          new LambdaPart(lambda, owner, captured, chain);
    }
    return type;
  }

  /** {@return the constant that a class literal is} */
  Type classConstant(Type type) {
    return constant("class " + type.name, classType, type);
  }

  /** {@return the constant that a string with the name of a class is} */
  Type nameConstant(Type type) {
    return constant("name " + type.name, string, type);
  }

  /** {@return the number as a type} */
  Type number(int number) {
    int key = number + 1;
    Type known = numbers.get(key);
    if (known == null) {
      known = new Type("number " + number, null, ClassSources.JDK, false);
      known.number = number;
      inherit(known, this.number, List.of());
      numbers.put(key, known);
    }
    return known;
  }

  private Type constant(String name, Type of, Type named) {
    Type known = byName.get(name);
    if (known == null) {
      known = new Type(name, null, ClassSources.JDK, false);
      byName.put(name, known);
      known.constantOf = named;
      inherit(known, of, List.of());
    }
    return known;
  }

  Type get(int id) {
    return types.get(id);
  }

  int count() {
    return types.size();
  }

  List<Method> methods() {
    return methods;
  }

  int selector(String name, String descriptor) {
    return names.selector(names.of(name), names.of(descriptor));
  }

  /** {@return the type of that name, a number of {@link Names}} */
  Type named(int name) {
    if (name >= named.length) {
      named = Arrays.copyOf(named, Math.max(name + 1, named.length * 2));
    }
    Type known = named[name];
    if (known == null) {
      known = of(names.text(name));
      named[name] = known;
    }
    return known;
  }

  /** {@return the member, by its number of {@link Names}} */
  Member member(int number) {
    if (number >= members.length) {
      members = Arrays.copyOf(members, Math.max(number + 1, members.length * 2));
    }
    Member known = members[number];
    if (known == null) {
      int selector = names.memberSelector(number);
      known =
          new Member(
              named(names.memberOwner(number)),
              names.text(names.selectorName(selector)),
              names.text(names.selectorDescriptor(selector)),
              selector);
      members[number] = known;
    }
    return known;
  }

  /** {@return the narrower of two types; the second when neither is a subtype of the other} */
  Type narrower(Type a, Type b) {
    return a.is(b) ? a : b;
  }

  /** {@return the declared method that a symbolic reference resolves to (JVMS 5.4.3.3)} */
  @Nullable Method resolve(Type type, int selector) {
    for (Type at = type; at != null; at = at.superType) {
      Method found = at.declared.get(selector);
      if (found != null) {
        return found;
      }
    }
    Method best = null;
    for (int id : type.ancestors) {
      Type at = types.get(id);
      if (at.isInterface()) {
        Method found = at.declared.get(selector);
        if (found != null
            && (best == null
                || !best.hasCode() && found.hasCode()
                || best.hasCode() == found.hasCode() && found.owner.is(best.owner))) {
          best = found;
        }
      }
    }
    return best;
  }

  /** {@return what invokespecial calls: the superclass's method, looked for anew (JVMS 6.5)} */
  Method superMethod(Type caller, Member member, Method target) {
    if (target.is(ACC_PRIVATE) || caller.superType == null || member.owner.isInterface()) {
      return target;
    }
    if (member.owner != caller && caller.is(member.owner)) {
      Method found = resolve(caller.superType, member.selector);
      return found == null ? target : found;
    }
    return target;
  }

  /** {@return whether it stands for a constant, not for a class} */
  boolean isConstant(Type type) {
    return type.constantOf != null || type == otherString || type == noClass;
  }

  /** {@return the method that runs for an object of exactly that class (JVMS 5.4.6), if any} */
  @Nullable Method dispatch(Type type, int selector) {
    Type real = isConstant(type) && type.superType != null ? type.superType : type;
    if (real.dispatched.contains(selector)) {
      return real.dispatched.get(selector);
    }
    Method found = select(real, selector);
    real.dispatched.put(selector, found);
    return found;
  }

  private @Nullable Method select(Type type, int selector) {
    for (Type at = type; at != null; at = at.superType) {
      Method found = at.declared.get(selector);
      if (found != null && !found.isStatic() && (!found.is(ACC_PRIVATE) || at == type)) {
        return found;
      }
    }
    Method found = resolve(type, selector);
    return found == null || found.isStatic() ? null : found;
  }
}
