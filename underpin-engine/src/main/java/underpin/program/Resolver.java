package underpin.program;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PROTECTED;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_VARARGS;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import underpin.program.LinkageBreak.Kind;

/**
 * Resolution as a JVM does it (JVMS 5.4.3, 5.4.4, 5.4.6) in one {@link Universe}. Modules are left
 * out: everything is on the class path.
 *
 * <p>Where a supertype cannot be found the answer is "resolves": the class that lost its supertype
 * is a finding of its own, and what hangs on it would only repeat it.
 */
final class Resolver {
  /** Why a reference does not resolve. */
  record Failure(Kind kind, String because) {}

  /** A member and the class that declares it. */
  private record Member(ClassShape declaring, int flags) {}

  private sealed interface Lookup {
    record Found(Member member) implements Lookup {}

    record NotFound() implements Lookup {}

    /** A supertype is not on the class path. */
    record Unknown() implements Lookup {}
  }

  private static final Lookup NOT_FOUND = new Lookup.NotFound();
  private static final Lookup UNKNOWN = new Lookup.Unknown();

  /** No real class has so many superclasses; a hostile cycle ends here. */
  private static final int MAX_DEPTH = 1000;

  private static final Optional<Failure> RESOLVES = Optional.empty();

  private final Universe universe;
  private final Symbols symbols;
  private final int constructor;
  private final int object;
  private final int methodHandle;
  private final int varHandle;

  Resolver(Universe universe, Symbols symbols) {
    this.universe = universe;
    this.symbols = symbols;
    this.constructor = symbols.of("<init>");
    this.object = symbols.of("java/lang/Object");
    this.methodHandle = symbols.of("java/lang/invoke/MethodHandle");
    this.varHandle = symbols.of("java/lang/invoke/VarHandle");
  }

  Universe universe() {
    return universe;
  }

  /** {@return why the reference that {@code from} holds does not resolve; empty when it does} */
  Optional<Failure> check(
      ClassShape from, ReferenceKind kind, int owner, int memberName, int descriptor) {
    ClassShape target = universe.find(owner);
    if (target == ClassShape.ABSENT) {
      return failure(Kind.MISSING_CLASS, "%s is not on the class path", name(owner));
    }
    if (universe.tooNew(target)) {
      return failure(
          Kind.CLASS_FILE_VERSION,
          "%s in %s is compiled for Java %d; the project runs on Java %d",
          name(owner),
          universe.origin(target),
          target.major - 44,
          universe.javaRelease());
    }
    if (!target.is(ACC_PUBLIC) && target.packageName != from.packageName) {
      return failure(Kind.ACCESS, "%s in %s is not public", name(owner), universe.origin(target));
    }
    return switch (kind) {
      case CLASS -> RESOLVES;
      case NEW ->
          target.isInterface() || target.is(ACC_ABSTRACT)
              ? failure(
                  Kind.CLASS_KIND,
                  "%s in %s is %s and cannot be created",
                  name(owner),
                  universe.origin(target),
                  target.isInterface() ? "an interface" : "abstract")
              : RESOLVES;
      case SUPERCLASS -> superclass(from, target);
      case INTERFACE ->
          target.isInterface()
              ? permitted(from, target)
              : failure(
                  Kind.CLASS_KIND,
                  "%s in %s is a class, no interface",
                  name(owner),
                  universe.origin(target));
      case GETFIELD, PUTFIELD, GETSTATIC, PUTSTATIC ->
          field(from, target, kind, memberName, descriptor);
      case INVOKEVIRTUAL,
          INVOKESPECIAL,
          INVOKESTATIC,
          INVOKEINTERFACE,
          INVOKESPECIAL_INTERFACE,
          INVOKESTATIC_INTERFACE ->
          method(from, target, kind, memberName, descriptor);
      case LAMBDA -> lambda(target, memberName, descriptor);
    };
  }

  private Optional<Failure> superclass(ClassShape from, ClassShape target) {
    if (target.isInterface()) {
      return failure(
          Kind.CLASS_KIND,
          "%s in %s is an interface, no class",
          name(target.name),
          universe.origin(target));
    }
    if (target.is(ACC_FINAL)) {
      return failure(Kind.FINAL, "%s in %s is final", name(target.name), universe.origin(target));
    }
    return permitted(from, target);
  }

  private Optional<Failure> permitted(ClassShape from, ClassShape target) {
    if (target.sealed) {
      for (int permitted : target.permitted) {
        if (permitted == from.name) {
          return RESOLVES;
        }
      }
      return failure(
          Kind.FINAL,
          "%s in %s is sealed and does not permit it",
          name(target.name),
          universe.origin(target));
    }
    return RESOLVES;
  }

  private Optional<Failure> field(
      ClassShape from, ClassShape target, ReferenceKind kind, int fieldName, int descriptor) {
    return switch (findField(target, ClassShape.key(fieldName, descriptor))) {
      case Lookup.Unknown _ -> RESOLVES;
      case Lookup.NotFound _ ->
          failure(
              Kind.MISSING_FIELD,
              "%s in %s has no such field%s",
              name(target.name),
              universe.origin(target),
              otherFields(target, fieldName));
      case Lookup.Found(Member member) -> {
        Optional<Failure> access = access(from, target, member, "field");
        if (access.isPresent()) {
          yield access;
        }
        boolean isStatic = (member.flags & ACC_STATIC) != 0;
        if (isStatic != kind.staticField()) {
          yield failure(
              Kind.STATIC_INSTANCE,
              "the field in %s is %s",
              universe.origin(member.declaring),
              isStatic ? "static" : "not static");
        }
        if (kind.put() && (member.flags & ACC_FINAL) != 0 && member.declaring.name != from.name) {
          yield failure(Kind.FINAL, "the field in %s is final", universe.origin(member.declaring));
        }
        yield RESOLVES;
      }
    };
  }

  private Optional<Failure> method(
      ClassShape from, ClassShape target, ReferenceKind kind, int methodName, int descriptor) {
    if (target.isInterface() != kind.interfaceMethod()) {
      return failure(
          Kind.CLASS_KIND,
          "%s in %s is %s",
          name(target.name),
          universe.origin(target),
          target.isInterface() ? "an interface, no class" : "a class, no interface");
    }
    long key = ClassShape.key(methodName, descriptor);
    Lookup lookup;
    if (methodName == constructor) {
      int flags = target.method(key);
      lookup = flags < 0 ? NOT_FOUND : new Lookup.Found(new Member(target, flags));
    } else {
      lookup = findMethod(target, key);
    }
    return switch (lookup) {
      case Lookup.Unknown _ -> RESOLVES;
      case Lookup.NotFound _ ->
          signaturePolymorphic(target, methodName)
              ? RESOLVES
              : failure(
                  Kind.MISSING_METHOD,
                  "%s in %s has no such %s%s",
                  name(target.name),
                  universe.origin(target),
                  methodName == constructor ? "constructor" : "method",
                  otherMethods(target, methodName, descriptor));
      case Lookup.Found(Member member) -> {
        Optional<Failure> access =
            access(from, target, member, methodName == constructor ? "constructor" : "method");
        if (access.isPresent()) {
          yield access;
        }
        boolean isStatic = (member.flags & ACC_STATIC) != 0;
        if (isStatic != kind.staticMethod()) {
          yield failure(
              Kind.STATIC_INSTANCE,
              "the method in %s is %s",
              universe.origin(member.declaring),
              isStatic ? "static" : "not static");
        }
        if ((kind == ReferenceKind.INVOKESPECIAL || kind == ReferenceKind.INVOKESPECIAL_INTERFACE)
            && (member.flags & ACC_ABSTRACT) != 0) {
          yield failure(
              Kind.ABSTRACT_METHOD,
              "the method in %s is abstract and is called as super",
              universe.origin(member.declaring));
        }
        yield RESOLVES;
      }
    };
  }

  private boolean signaturePolymorphic(ClassShape target, int methodName) {
    if (target.name != methodHandle && target.name != varHandle) {
      return false;
    }
    for (int i = 0; i < target.methods.length; i++) {
      if (ClassShape.nameOf(target.methods[i]) == methodName
          && (target.methodFlags[i] & ACC_VARARGS) != 0) {
        return true;
      }
    }
    return false;
  }

  private String otherMethods(ClassShape target, int methodName, int descriptor) {
    String wanted = symbols.text(descriptor);
    String parameters = wanted.substring(0, wanted.indexOf(')') + 1);
    for (long method : target.methods) {
      if (ClassShape.nameOf(method) == methodName
          && symbols.text(ClassShape.descriptorOf(method)).startsWith(parameters)) {
        return " that returns "
            + Descriptors.type(wanted.substring(parameters.length()))
            + " (it returns "
            + Descriptors.type(
                symbols.text(ClassShape.descriptorOf(method)).substring(parameters.length()))
            + ")";
      }
    }
    return "";
  }

  private String otherFields(ClassShape target, int fieldName) {
    for (long field : target.fields) {
      if (ClassShape.nameOf(field) == fieldName) {
        return " of that type (its type is "
            + Descriptors.type(symbols.text(ClassShape.descriptorOf(field)))
            + ")";
      }
    }
    return "";
  }

  /** JVMS 5.4.3.2. */
  private Lookup findField(ClassShape target, long key) {
    boolean unknown = false;
    Set<Integer> interfaces = new LinkedHashSet<>();
    ClassShape at = target;
    for (int steps = 0; ; steps++) {
      int flags = at.field(key);
      if (flags >= 0) {
        return new Lookup.Found(new Member(at, flags));
      }
      unknown |= collectInterfaces(at, interfaces);
      for (int implemented : interfaces) {
        ClassShape type = universe.find(implemented);
        flags = type.field(key);
        if (flags >= 0) {
          return new Lookup.Found(new Member(type, flags));
        }
      }
      if (at.superName < 0 || at.isInterface()) {
        return unknown ? UNKNOWN : NOT_FOUND;
      }
      at = universe.find(at.superName);
      if (at == ClassShape.ABSENT || steps > MAX_DEPTH) {
        return UNKNOWN;
      }
    }
  }

  /** JVMS 5.4.3.3 and 5.4.3.4; which of several interface methods is chosen does not matter. */
  private Lookup findMethod(ClassShape target, long key) {
    boolean unknown = false;
    Set<Integer> interfaces = new LinkedHashSet<>();
    ClassShape at = target;
    for (int steps = 0; ; steps++) {
      int flags = at.method(key);
      if (flags >= 0) {
        return new Lookup.Found(new Member(at, flags));
      }
      unknown |= collectInterfaces(at, interfaces);
      if (at.superName < 0 || at.isInterface()) {
        break;
      }
      at = universe.find(at.superName);
      if (at == ClassShape.ABSENT || steps > MAX_DEPTH) {
        return UNKNOWN;
      }
    }
    for (int implemented : interfaces) {
      ClassShape type = universe.find(implemented);
      int flags = type.method(key);
      if (flags >= 0 && (flags & (ACC_PRIVATE | ACC_STATIC)) == 0) {
        return new Lookup.Found(new Member(type, flags));
      }
    }
    if (target.isInterface()) {
      ClassShape root = universe.find(object);
      int flags = root.method(key);
      if (flags >= 0 && (flags & ACC_PUBLIC) != 0 && (flags & ACC_STATIC) == 0) {
        return new Lookup.Found(new Member(root, flags));
      }
    }
    return unknown ? UNKNOWN : NOT_FOUND;
  }

  /**
   * Adds all superinterfaces that {@code of} itself declares, and theirs.
   *
   * @return whether one of them is not on the class path
   */
  private boolean collectInterfaces(ClassShape of, Set<Integer> into) {
    boolean missing = false;
    for (int implemented : of.interfaces) {
      if (into.contains(implemented)) {
        continue;
      }
      ClassShape type = universe.find(implemented);
      if (type == ClassShape.ABSENT) {
        // The model of an older Java leaves out what its modules do not export.
        missing |= !of.platform;
      } else {
        into.add(implemented);
        missing |= collectInterfaces(type, into);
      }
    }
    return missing;
  }

  /** JVMS 5.4.4. */
  private Optional<Failure> access(ClassShape from, ClassShape target, Member member, String what) {
    int flags = member.flags;
    ClassShape declaring = member.declaring;
    if ((flags & ACC_PUBLIC) != 0 || from.name == declaring.name) {
      return RESOLVES;
    }
    boolean samePackage = from.packageName == declaring.packageName;
    String is;
    if ((flags & ACC_PRIVATE) != 0) {
      if (nest(from) == nest(declaring)) {
        return RESOLVES;
      }
      is = "private";
    } else if ((flags & ACC_PROTECTED) != 0) {
      if (samePackage || isSubclass(from, declaring.name)) {
        return RESOLVES;
      }
      is = "protected";
    } else {
      if (samePackage) {
        return RESOLVES;
      }
      is = "package-private";
    }
    return failure(
        Kind.ACCESS,
        "the %s in %s is %s%s",
        what,
        universe.origin(declaring),
        is,
        declaring.name == target.name ? "" : " (declared by " + name(declaring.name) + ")");
  }

  private static int nest(ClassShape shape) {
    return shape.nestHost < 0 ? shape.name : shape.nestHost;
  }

  /**
   * {@return whether {@code ancestor} is it or a superclass of it; true when it cannot be known}
   */
  private boolean isSubclass(ClassShape shape, int ancestor) {
    ClassShape at = shape;
    for (int steps = 0; steps < MAX_DEPTH; steps++) {
      if (at.name == ancestor || at == ClassShape.ABSENT) {
        return true;
      }
      if (at.superName < 0) {
        return false;
      }
      at = universe.find(at.superName);
    }
    return true;
  }

  /** {@return whether it is or has this supertype; true when a supertype cannot be found} */
  boolean isSubtype(ClassShape shape, int supertype) {
    Hierarchy all = hierarchy(shape);
    if (!all.complete) {
      return true;
    }
    return all.interfaces.contains(supertype)
        || all.chain.stream().anyMatch(type -> type.name == supertype);
  }

  /** Superclasses from the class itself upwards, and every superinterface. */
  private record Hierarchy(List<ClassShape> chain, Set<Integer> interfaces, boolean complete) {}

  private Hierarchy hierarchy(ClassShape shape) {
    List<ClassShape> chain = new ArrayList<>();
    Set<Integer> interfaces = new LinkedHashSet<>();
    boolean complete = true;
    ClassShape at = shape;
    while (true) {
      chain.add(at);
      complete &= !collectInterfaces(at, interfaces);
      if (at.superName < 0) {
        break;
      }
      at = universe.find(at.superName);
      if (at == ClassShape.ABSENT || chain.size() > MAX_DEPTH) {
        return new Hierarchy(chain, interfaces, false);
      }
    }
    return new Hierarchy(chain, interfaces, complete);
  }

  /** {@return it and everything it inherits from, as far as it can be found} */
  List<ClassShape> lineage(ClassShape shape) {
    Hierarchy all = hierarchy(shape);
    List<ClassShape> types = new ArrayList<>(all.chain);
    all.interfaces.forEach(each -> types.add(universe.find(each)));
    return types;
  }

  /** {@return whether all its supertypes are on the class path, so that a JVM can define it} */
  boolean loadable(ClassShape shape) {
    return hierarchy(shape).complete;
  }

  private Optional<Failure> lambda(ClassShape type, int methodName, int descriptors) {
    if (!type.isInterface()) {
      return failure(
          Kind.CLASS_KIND, "%s in %s is no interface", name(type.name), universe.origin(type));
    }
    Set<String> answers = Set.of(symbols.text(descriptors).split(" "));
    for (Abstract left : unimplemented(type)) {
      // Another descriptor of the same name may be the same method before erasure; a JVM answers
      // it by a bridge that the interface declares. Only a new name is surely unanswered.
      if (ClassShape.nameOf(left.method) != methodName) {
        return failure(
            Kind.ABSTRACT_METHOD,
            "%s in %s has the abstract method %s too; a lambda implements one",
            name(left.declaring.name),
            universe.origin(left.declaring),
            member(left.method));
      }
    }
    for (Abstract left : unimplemented(type)) {
      if (answers.contains(symbols.text(ClassShape.descriptorOf(left.method)))) {
        return RESOLVES;
      }
    }
    Hierarchy all = hierarchy(type);
    if (!all.complete) {
      return RESOLVES;
    }
    return failure(
        Kind.ABSTRACT_METHOD,
        "%s in %s has no abstract method %s%s that a lambda could implement",
        name(type.name),
        universe.origin(type),
        symbols.text(methodName),
        "(" + Descriptors.parameters(symbols.text(descriptors)) + ")");
  }

  /** An abstract method without a body in some class. */
  record Abstract(ClassShape declaring, long method) {}

  /**
   * {@return abstract methods that a call on an instance of {@code shape} would end in (JVMS
   * 5.4.6); none when a supertype is missing}
   */
  List<Abstract> unimplemented(ClassShape shape) {
    Hierarchy all = hierarchy(shape);
    if (!all.complete) {
      return List.of();
    }
    List<Abstract> left = new ArrayList<>();
    Set<Long> decided = new HashSet<>();
    for (ClassShape type : all.chain) {
      if (type.isInterface()) {
        continue;
      }
      for (int i = 0; i < type.methods.length; i++) {
        int flags = type.methodFlags[i];
        if ((flags & (ACC_STATIC | ACC_PRIVATE)) != 0) {
          continue;
        }
        boolean isAbstract = (flags & ACC_ABSTRACT) != 0;
        // A package-private method can be implemented in its own package only, and the selection
        // across packages is not decided by name.
        if (isAbstract && (flags & (ACC_PUBLIC | ACC_PROTECTED)) == 0) {
          continue;
        }
        if (decided.add(type.methods[i]) && isAbstract) {
          left.add(new Abstract(type, type.methods[i]));
        }
      }
    }
    List<ClassShape> interfaces = new ArrayList<>();
    if (shape.isInterface()) {
      interfaces.add(shape);
    }
    for (int each : all.interfaces) {
      interfaces.add(universe.find(each));
    }
    ClassShape root = universe.find(object);
    for (ClassShape type : interfaces) {
      for (int i = 0; i < type.methods.length; i++) {
        long method = type.methods[i];
        if ((type.methodFlags[i] & ACC_ABSTRACT) == 0
            || decided.contains(method)
            || (shape.isInterface() && root.method(method) >= 0)) {
          continue;
        }
        if (!hasDefault(interfaces, type, method)) {
          decided.add(method);
          left.add(new Abstract(type, method));
        }
      }
    }
    return left;
  }

  /** {@return whether some interface gives the method a body that {@code declaring} keeps} */
  private boolean hasDefault(List<ClassShape> interfaces, ClassShape declaring, long method) {
    for (ClassShape other : interfaces) {
      int flags = other == declaring ? -1 : other.method(method);
      if (flags >= 0 && (flags & (ACC_ABSTRACT | ACC_STATIC | ACC_PRIVATE)) == 0) {
        Set<Integer> above = new LinkedHashSet<>();
        collectInterfaces(declaring, above);
        if (!above.contains(other.name)) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@return the final methods of superclasses that {@code shape} overrides (JVMS 4.10, 5.4.5)} */
  List<Abstract> overriddenFinals(ClassShape shape) {
    List<Abstract> found = new ArrayList<>();
    List<ClassShape> chain = hierarchy(shape).chain;
    for (ClassShape above : chain.subList(1, chain.size())) {
      for (int i = 0; i < above.methods.length; i++) {
        int flags = above.methodFlags[i];
        if ((flags & ACC_FINAL) == 0 || (flags & (ACC_PRIVATE | ACC_STATIC)) != 0) {
          continue;
        }
        boolean visible =
            (flags & (ACC_PUBLIC | ACC_PROTECTED)) != 0 || above.packageName == shape.packageName;
        int own = shape.method(above.methods[i]);
        if (visible && own >= 0 && (own & (ACC_PRIVATE | ACC_STATIC)) == 0) {
          found.add(new Abstract(above, above.methods[i]));
        }
      }
    }
    return found;
  }

  private String name(int symbol) {
    return Descriptors.readable(symbols.text(symbol));
  }

  private String member(long key) {
    return symbols.text(ClassShape.nameOf(key))
        + "("
        + Descriptors.parameters(symbols.text(ClassShape.descriptorOf(key)))
        + ")";
  }

  private static Optional<Failure> failure(Kind kind, String format, Object... facts) {
    return Optional.of(new Failure(kind, format.formatted(facts)));
  }
}
