package underpin.fix.backport;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.program.ClassFiles;
import underpin.program.method.MethodCode;

/**
 * The fix as the class files of the fixed release have it, for what has no sources, or has sources
 * that do not compile by themselves. A class is changed only where all that the fix changes in it
 * is in the version as it was before the fix; then all of that is taken, with the members and
 * classes that it needs.
 */
final class CodePort {
  private static final int NEST_MATES = 55;

  private final Map<String, byte[]> ours;
  private final Map<String, byte[]> theirs;
  private final Map<String, MethodCode> base;
  private final Map<String, MethodCode> affected;
  private final Map<String, MethodCode> fixed;
  private final ClassHierarchyResolver resolver;
  private final Set<String> touched = new TreeSet<>();
  private final Set<String> added = new TreeSet<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> wanted = new HashSet<>();
  private boolean isMore;

  /**
   * @param ours class files of the version, by internal name
   * @param theirs class files of the fixed release
   * @param base methods of the version by id, and so on
   * @param resolver knows all types
   */
  CodePort(
      Map<String, byte[]> ours,
      Map<String, byte[]> theirs,
      Map<String, MethodCode> base,
      Map<String, MethodCode> affected,
      Map<String, MethodCode> fixed,
      ClassHierarchyResolver resolver) {
    this.ours = ours;
    this.theirs = theirs;
    this.base = base;
    this.affected = affected;
    this.fixed = fixed;
    this.resolver = resolver;
  }

  /** {@return whether a method of the version is as the fix found it, or as it left it} */
  boolean fits(String id) {
    MethodCode here = base.get(id);
    MethodCode before = affected.get(id);
    MethodCode after = fixed.get(id);
    return here != null
        && (before != null && here.exact().equals(before.exact())
            || after != null && here.exact().equals(after.exact()));
  }

  /**
   * {@return the class files that change, by entry}
   *
   * @param classes of the functions of the fix, by internal name
   * @throws Splice.Refused if the fix does not go in for sure
   */
  Map<String, byte[]> changed(Set<String> classes) throws Splice.Refused {
    do {
      // What is wanted of a class that was looked at before needs something itself.
      isMore = false;
      touched.clear();
      added.clear();
      reach(classes);
    } while (isMore);
    for (String type : ours.keySet()) {
      byte[] now = added.isEmpty() ? null : theirs.get(type);
      Set<String> becomes = now == null ? new TreeSet<>() : above(now);
      becomes.retainAll(added);
      if (!becomes.isEmpty()) {
        throw new Splice.Refused(
            "%s would have to be a %s".formatted(type, becomes.iterator().next()));
      }
    }
    Map<String, byte[]> changed = new TreeMap<>();
    for (String type : touched) {
      byte[] was = bytes(ours, type);
      byte[] now = new Splice(was, bytes(theirs, type), staying(type), false, resolver).spliced();
      if (!java.util.Arrays.equals(was, now)) {
        changed.put(type + ".class", now);
      }
    }
    for (String type : added) {
      changed.put(type + ".class", bytes(theirs, type));
    }
    return changed;
  }

  private void reach(Set<String> classes) throws Splice.Refused {
    Deque<String> open = new ArrayDeque<>(classes);
    while (!open.isEmpty()) {
      String type = open.poll();
      if (theirs.containsKey(type)) {
        if (ours.containsKey(type) ? touched.add(type) : added.add(type)) {
          if (ours.containsKey(type)) {
            check(type);
          }
          open.addAll(needs(type));
        }
      }
    }
  }

  private static Set<String> above(byte[] classFile) {
    return new TreeSet<>(ClassFiles.above(ClassFile.of().parse(classFile)));
  }

  private static byte[] bytes(Map<String, byte[]> classes, String type) {
    return java.util.Objects.requireNonNull(classes.get(type), type);
  }

  private boolean isChanged(String id) {
    MethodCode before = affected.get(id);
    MethodCode after = fixed.get(id);
    return before != null && after != null && !before.exact().equals(after.exact());
  }

  /** All that the fix changes in a class must be here as it was. */
  private void check(String type) throws Splice.Refused {
    String start = type.replace('/', '.') + ".";
    for (String id : affected.keySet()) {
      boolean ofType =
          id.startsWith(start) && id.indexOf('(') > id.lastIndexOf('.', id.indexOf('('));
      boolean direct = ofType && id.substring(start.length(), id.indexOf('(')).indexOf('.') < 0;
      if (direct && isChanged(id) && !fits(id)) {
        throw new Splice.Refused(id + " is not as it was before the fix");
      }
    }
    ClassModel now = ClassFile.of().parse(bytes(theirs, type));
    ClassModel was = ClassFile.of().parse(bytes(ours, type));
    if (now.majorVersion() > was.majorVersion()) {
      older(now, was.majorVersion());
    }
  }

  /** What only newer class files can say. */
  private static void older(ClassModel now, int major) throws Splice.Refused {
    for (MethodModel method : now.methods()) {
      boolean newer =
          method
              .code()
              .map(code ->
                  code.elementStream()
                      .anyMatch(e ->
                          e instanceof InvokeDynamicInstruction dynamic
                              && (major < ClassFile.JAVA_8_VERSION
                                  || !dynamic
                                      .bootstrapMethod()
                                      .owner()
                                      .displayName()
                                      .equals("LambdaMetafactory"))))
              .orElse(false);
      if (newer || now.majorVersion() >= NEST_MATES && major < NEST_MATES) {
        throw new Splice.Refused(
            "the class files of the fixed release are for a newer Java (%d, here %d)"
                .formatted(now.majorVersion(), major));
      }
    }
  }

  /** Classes of the fixed release with members that a class newly uses and the version lacks. */
  private Set<String> needs(String type) throws Splice.Refused {
    Set<String> needs = new TreeSet<>();
    ClassModel model = ClassFile.of().parse(bytes(theirs, type));
    boolean isNew = !ours.containsKey(type);
    if (isNew) {
      int newest =
          ours.values().stream().mapToInt(b -> (b[6] & 0xFF) << 8 | (b[7] & 0xFF)).max().orElse(0);
      if (model.majorVersion() > newest) {
        throw new Splice.Refused(type + " is for a newer Java than the version");
      }
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof ClassEntry used && !ours.containsKey(used.asInternalName())) {
          needs.add(used.asInternalName());
        }
        if (entry instanceof MemberRefEntry used) {
          need(used.owner().asInternalName(), id(used), needs);
        }
      }
      return needs;
    }
    Set<String> stay = staying(type);
    Map<String, MethodModel> all = new TreeMap<>();
    model.methods().forEach(m -> all.put(Splice.id(m), m));
    Deque<MethodModel> open = new ArrayDeque<>();
    all.forEach((id, method) -> {
      if (!stay.contains(id) && !id.startsWith("lambda$")) {
        open.add(method);
      }
    });
    Set<MethodModel> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      MethodModel method = open.poll();
      if (method.code().isPresent()) {
        for (CodeElement element : method.code().get()) {
          switch (element) {
            case InvokeDynamicInstruction dynamic -> {
              for (ConstantDesc argument : dynamic.bootstrapArgs()) {
                if (argument instanceof DirectMethodHandleDesc handle) {
                  String owner = internal(handle.owner());
                  String id = handle.methodName() + handle.lookupDescriptor();
                  MethodModel lambda = owner.equals(type) ? all.get(id) : null;
                  if (lambda == null || !id.startsWith("lambda$")) {
                    unknown(owner, needs);
                    need(owner, id, needs);
                  } else if (seen.add(lambda)) {
                    open.add(lambda);
                  }
                }
              }
            }
            case ConstantInstruction.LoadConstantInstruction constant -> {
              if (constant.constantEntry() instanceof ClassEntry named) {
                unknown(named.asInternalName(), needs);
              }
            }
            case InvokeInstruction call ->
                need(
                    call.owner().asInternalName(),
                    call.name().stringValue() + call.type().stringValue(),
                    needs);
            case FieldInstruction field ->
                need(
                    field.owner().asInternalName(),
                    field.name().stringValue() + ":" + field.type().stringValue(),
                    needs);
            case NewObjectInstruction made -> unknown(made.className().asInternalName(), needs);
            case TypeCheckInstruction cast -> unknown(cast.type().asInternalName(), needs);
            default -> {}
          }
        }
      }
    }
    return needs;
  }

  /**
   * Methods that the version keeps, or does without: those that the fix leaves alone, and that
   * nothing which it brings uses.
   */
  private Set<String> staying(String type) {
    Set<String> stay = new HashSet<>();
    byte[] mine = bytes(ours, type);
    String name = type.replace('/', '.') + ".";
    for (MethodModel method : ClassFile.of().parse(mine).methods()) {
      if (!isChanged(name + Splice.id(method))) {
        stay.add(Splice.id(method));
      }
    }
    Set<String> comes = new HashSet<>();
    List<MethodModel> theirMethods = ClassFile.of().parse(bytes(theirs, type)).methods();
    for (MethodModel method : theirMethods) {
      String id = Splice.id(method);
      if (!has(mine, id) && !isSynthetic(method)) {
        boolean isNeeded =
            !isUnchanged(name + id) || id.startsWith("<init>") || wanted.contains(type + "." + id);
        if (isNeeded) {
          comes.add(nameAndCount(method));
        } else {
          stay.add(id);
        }
      }
    }
    for (MethodModel method : theirMethods) {
      String id = Splice.id(method);
      boolean bridges =
          method.flags().has(AccessFlag.BRIDGE) && comes.contains(nameAndCount(method));
      if (!has(mine, id)
          && isSynthetic(method)
          && !bridges
          && !id.startsWith("lambda$")
          && !wanted.contains(type + "." + id)) {
        stay.add(id);
      }
    }
    return stay;
  }

  private static boolean isSynthetic(MethodModel method) {
    return method.flags().has(AccessFlag.SYNTHETIC);
  }

  private static String nameAndCount(MethodModel method) {
    return method.methodName().stringValue() + method.methodTypeSymbol().parameterCount();
  }

  private boolean isUnchanged(String id) {
    return affected.containsKey(id) && fixed.containsKey(id) && !isChanged(id);
  }

  private static String internal(java.lang.constant.ClassDesc type) {
    String descriptor = type.descriptorString();
    return type.isClassOrInterface()
        ? descriptor.substring(1, descriptor.length() - 1)
        : descriptor;
  }

  private void unknown(String type, Set<String> needs) {
    if (!ours.containsKey(type) && theirs.containsKey(type)) {
      needs.add(type);
    }
  }

  private static String id(MemberRefEntry member) {
    boolean isField = !member.type().stringValue().startsWith("(");
    return member.name().stringValue() + (isField ? ":" : "") + member.type().stringValue();
  }

  private void need(String owner, String member, Set<String> needs) throws Splice.Refused {
    if (theirs.containsKey(owner)) {
      if (!resolves(owner, member, new HashSet<>())) {
        declaring(owner, member)
            .ifPresent(type -> {
              isMore |= wanted.add(type + "." + member);
              needs.add(type);
            });
      }
    } else if (!owner.startsWith("[")
        && !isAtHand(owner)
        && !used().contains(owner + "." + member)) {
      throw new Splice.Refused(
          "it uses %s.%s, which the version does not, and which is not at hand"
              .formatted(owner.replace('/', '.'), member));
    }
  }

  private boolean isAtHand(String type) {
    return ours.containsKey(type)
        || resolver.getClassInfo(java.lang.constant.ClassDesc.ofDescriptor("L" + type + ";"))
            != null;
  }

  /** What the class files of the version use. */
  private Set<String> used() {
    if (used.isEmpty()) {
      for (byte[] bytes : ours.values()) {
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
          if (entry instanceof MemberRefEntry member) {
            used.add(member.owner().asInternalName() + "." + id(member));
          }
        }
      }
    }
    return used;
  }

  /** Whether the version has the member, in the class or above it. */
  private boolean resolves(String owner, String member, Set<String> seen) {
    byte[] bytes = ours.get(owner);
    if (bytes == null || !seen.add(owner)) {
      return bytes == null && !theirs.containsKey(owner);
    }
    if (has(bytes, member)) {
      return true;
    }
    ClassModel model = ClassFile.of().parse(bytes);
    return model.superclass().map(s -> resolves(s.asInternalName(), member, seen)).orElse(false)
            && !touchesObject(model)
        || model.interfaces().stream().anyMatch(i -> resolves(i.asInternalName(), member, seen));
  }

  /** What is above all is no place where a member of the jar could be. */
  private static boolean touchesObject(ClassModel model) {
    return model
        .superclass()
        .filter(s -> s.asInternalName().equals("java/lang/Object"))
        .isPresent();
  }

  private Optional<String> declaring(String owner, String member) {
    String at = owner;
    while (at != null && theirs.containsKey(at)) {
      if (has(bytes(theirs, at), member)) {
        return Optional.of(at);
      }
      at =
          ClassFile.of()
              .parse(bytes(theirs, at))
              .superclass()
              .map(ClassEntry::asInternalName)
              .orElse(null);
    }
    return Optional.of(owner);
  }

  private static boolean has(byte[] classFile, String member) {
    ClassModel model = ClassFile.of().parse(classFile);
    for (MethodModel method : model.methods()) {
      if (member.equals(Splice.id(method))) {
        return true;
      }
    }
    for (FieldModel field : model.fields()) {
      if (member.equals(field.fieldName().stringValue() + ":" + field.fieldType().stringValue())) {
        return true;
      }
    }
    return false;
  }
}
