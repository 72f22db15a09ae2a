package underpin.program.method;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks one method in the order of its control flow, so that the layout of jumps does not matter,
 * and writes down steps (all of the meaning) and events (what a reader of a change would name).
 */
final class CodeWalk {
  /** Lambdas within lambdas: deeper ones, which only a hostile class file has, are left out. */
  private static final int MOST_DEPTH = 64;

  private static final String CONCAT = "java/lang/invoke/StringConcatFactory";
  private static final Set<String> BUILDERS =
      Set.of("java/lang/StringBuilder", "java/lang/StringBuffer");

  private final ClassReading owner;
  private final Accessors accessors;
  private final List<String> steps = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Set<MethodModel> inlined = new HashSet<>();
  private int depth;

  CodeWalk(ClassReading owner, Accessors accessors) {
    this.owner = owner;
    this.accessors = accessors;
  }

  String exact() {
    return Events.digestOf(steps);
  }

  List<String> events() {
    return events;
  }

  void method(MethodModel method) {
    int flags = method.flags().flagsMask();
    if ((flags & ClassFile.ACC_SYNCHRONIZED) != 0) {
      both("synchronized");
    }
    if (method.code().isEmpty()) {
      steps.add((flags & ClassFile.ACC_NATIVE) != 0 ? "native" : "abstract");
    }
    method
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(found -> found.annotations().forEach(this::annotation));
    method.code().ifPresent(this::code);
  }

  private void annotation(Annotation annotation) {
    steps.add("annotation " + unnumbered(annotation.toString()));
    events.add("annotation " + annotation.className().stringValue());
  }

  private void code(CodeModel code) {
    new Flow(code).walk();
  }

  private void both(String event) {
    steps.add(event);
    events.add(event);
  }

  /** Names of anonymous classes carry a number that any change above them shifts. */
  static String unnumbered(String name) {
    if (name.indexOf('$') < 0) {
      return name;
    }
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(c);
      if (c == '$' && i + 1 < name.length() && Character.isDigit(name.charAt(i + 1))) {
        while (i + 1 < name.length() && Character.isDigit(name.charAt(i + 1))) {
          i++;
        }
        out.append('#');
      }
    }
    return out.toString();
  }

  /** One body: the method's own, or a lambda's. */
  private final class Flow {
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Label, Integer> places = new HashMap<>();
    private final List<ExceptionCatch> handlers = new ArrayList<>();
    private final int[] order;
    private final Map<Integer, Integer> locals = new HashMap<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private int walked;

    Flow(CodeModel model) {
      for (CodeElement element : model) {
        switch (element) {
          case NopInstruction _ -> {}
          case Instruction instruction -> code.add(instruction);
          case LabelTarget target -> places.put(target.label(), code.size());
          case ExceptionCatch handler -> handlers.add(handler);
          default -> {}
        }
      }
      order = new int[code.size()];
    }

    void walk() {
      from(0);
      for (ExceptionCatch handler : handlers) {
        String caught =
            handler.catchType().map(type -> unnumbered(type.asInternalName())).orElse("any");
        steps.add("catch " + caught + " from " + orderOf(handler.tryStart()));
        handler.catchType().ifPresent(_ -> events.add("catch " + caught));
        from(place(handler.handler()));
      }
    }

    private int place(Label label) {
      Integer place = places.get(label);
      if (place == null) {
        throw new IllegalArgumentException("a jump leads out of the code");
      }
      return place;
    }

    private int orderOf(Label label) {
      int place = place(label);
      return place < order.length ? order[place] : -1;
    }

    private void from(int start) {
      open.push(start);
      while (!open.isEmpty()) {
        straight(open.pop());
      }
    }

    /** Follows the flow until it ends or meets what was walked before. */
    private void straight(int start) {
      int at = start;
      int from = -1;
      while (at < code.size()) {
        if (order[at] != 0) {
          steps.add("to " + order[at]);
          if (at <= from) {
            events.add("loop");
          }
          return;
        }
        order[at] = ++walked;
        from = at;
        at = step(at);
      }
    }

    /** {@return where it goes on; past the end where it does not} */
    private int step(int at) {
      int end = code.size();
      switch (code.get(at)) {
        case BranchInstruction branch -> {
          return branch(branch, at);
        }
        case LookupSwitchInstruction s -> choose(s.cases(), s.defaultTarget());
        case TableSwitchInstruction s -> choose(s.cases(), s.defaultTarget());
        case ReturnInstruction r -> steps.add("return " + r.typeKind());
        case ThrowInstruction _ -> both("throw");
        case DiscontinuedInstruction.JsrInstruction subroutine -> {
          open.push(at + 1);
          return place(subroutine.target());
        }
        case DiscontinuedInstruction.RetInstruction _ -> steps.add("return from subroutine");
        case InvokeInstruction call when isNullCheck(call, at) -> {
          return at + 2;
        }
        default -> {
          plain(code.get(at));
          return at + 1;
        }
      }
      return end;
    }

    /**
     * A dereference for its null check alone: javac 8 calls getClass, later ones requireNonNull.
     */
    private boolean isNullCheck(InvokeInstruction call, int at) {
      boolean checks =
          switch (call.name().stringValue()) {
            case "getClass" -> call.type().stringValue().startsWith("()");
            case "requireNonNull" ->
                call.owner().asInternalName().equals("java/util/Objects")
                    && call.type().stringValue().equals("(Ljava/lang/Object;)Ljava/lang/Object;");
            default -> false;
          };
      return checks && at + 1 < code.size() && code.get(at + 1).opcode() == Opcode.POP;
    }

    private int branch(BranchInstruction branch, int at) {
      int target = place(branch.target());
      Opcode opcode = branch.opcode();
      if (opcode == Opcode.GOTO || opcode == Opcode.GOTO_W) {
        return target;
      }
      Opcode positive =
          switch (opcode) {
            case IFNE -> Opcode.IFEQ;
            case IFGE -> Opcode.IFLT;
            case IFGT -> Opcode.IFLE;
            case IF_ICMPNE -> Opcode.IF_ICMPEQ;
            case IF_ICMPGE -> Opcode.IF_ICMPLT;
            case IF_ICMPGT -> Opcode.IF_ICMPLE;
            case IF_ACMPNE -> Opcode.IF_ACMPEQ;
            case IFNONNULL -> Opcode.IFNULL;
            default -> opcode;
          };
      both("if " + positive.name().replaceAll("^IF_?", "").toLowerCase(java.util.Locale.ROOT));
      boolean turned = positive != opcode;
      open.push(turned ? target : at + 1);
      return turned ? at + 1 : target;
    }

    private void choose(List<SwitchCase> cases, Label otherwise) {
      List<SwitchCase> byValue =
          cases.stream()
              .filter(c -> !c.target().equals(otherwise))
              .sorted(java.util.Comparator.comparingInt(SwitchCase::caseValue))
              .toList();
      steps.add("switch " + byValue.stream().map(SwitchCase::caseValue).toList());
      events.add("switch " + byValue.size());
      open.push(place(otherwise));
      byValue.reversed().forEach(c -> open.push(place(c.target())));
    }

    private void plain(Instruction instruction) {
      switch (instruction) {
        case LoadInstruction load -> steps.add("load " + local(load.slot()));
        case StoreInstruction store -> steps.add("store " + local(store.slot()));
        case IncrementInstruction i -> steps.add("add " + local(i.slot()) + " " + i.constant());
        case ConstantInstruction constant -> constant(constant);
        case FieldInstruction field -> field(field);
        case InvokeInstruction call -> invoke(call);
        case InvokeDynamicInstruction call -> dynamic(call);
        case NewObjectInstruction made ->
            steps.add("new " + unnumbered(made.className().asInternalName()));
        case TypeCheckInstruction check -> typeCheck(check);
        case NewReferenceArrayInstruction array ->
            both("array " + unnumbered(array.componentType().asInternalName()));
        case NewPrimitiveArrayInstruction array -> both("array " + array.typeKind());
        case NewMultiArrayInstruction array -> both("array " + array.arrayType().asInternalName());
        case OperatorInstruction o -> both("op " + o.opcode().name());
        case ConvertInstruction c -> both("op " + c.opcode().name());
        case ArrayLoadInstruction a -> steps.add("element " + a.typeKind());
        case ArrayStoreInstruction a -> steps.add("set element " + a.typeKind());
        case MonitorInstruction m -> both("monitor " + m.opcode().name());
        case StackInstruction s -> steps.add("stack " + s.opcode().name());
        default -> steps.add("other " + instruction.opcode().name());
      }
    }

    private int local(int slot) {
      return locals.computeIfAbsent(slot, _ -> locals.size());
    }

    private void typeCheck(TypeCheckInstruction check) {
      String type = unnumbered(check.type().asInternalName());
      if (check.opcode() == Opcode.INSTANCEOF) {
        both("instanceof " + type);
      } else {
        steps.add("cast " + type);
      }
    }
  }

  private void constant(ConstantInstruction constant) {
    String text =
        switch (constant) {
          case ConstantInstruction.LoadConstantInstruction load -> text(load.constantEntry());
          default -> "const " + constant.constantValue();
        };
    both(text);
  }

  private static String text(LoadableConstantEntry entry) {
    return switch (entry) {
      case StringEntry string -> "const \"" + string.stringValue() + "\"";
      case java.lang.classfile.constantpool.ClassEntry type ->
          "class " + unnumbered(type.asInternalName());
      case MethodHandleEntry handle -> "handle " + handle.reference().name().stringValue();
      case ConstantDynamicEntry dynamic -> "dynamic " + dynamic.name().stringValue();
      default -> "const " + entry.constantValue();
    };
  }

  private void field(FieldInstruction field) {
    String name = field.name().stringValue();
    String holder = field.owner().asInternalName();
    if (name.startsWith("$SwitchMap$")) {
      both("switch map " + name);
      return;
    }
    boolean get = field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC;
    both(
        (get ? "get " : "put ")
            + unnumbered(holder)
            + "."
            + name
            + ":"
            + unnumbered(field.type().stringValue()));
  }

  private void invoke(InvokeInstruction call) {
    String name = call.name().stringValue();
    if (Accessors.isAccessor(name)) {
      Optional<CodeElement> behind = accessors.behind(call);
      if (behind.isPresent()) {
        switch (behind.get()) {
          case FieldInstruction field -> field(field);
          case InvokeInstruction real -> invoke(real);
          default -> {}
        }
        return;
      }
    }
    String holder = call.owner().asInternalName();
    String text = unnumbered(holder) + "." + name + unnumbered(call.type().stringValue());
    if (BUILDERS.contains(holder)) {
      // A concatenation: what is put together counts, and that is among the other events.
      steps.add("call " + text);
      return;
    }
    boolean viaSuper =
        call.opcode() == Opcode.INVOKESPECIAL
            && !name.equals("<init>")
            && holder.equals(owner.superName());
    both((viaSuper ? "super " : "call ") + text);
  }

  private void dynamic(InvokeDynamicInstruction call) {
    DirectMethodHandleDesc bootstrap = call.bootstrapMethod();
    String factory = bootstrap.owner().descriptorString();
    List<LoadableConstantEntry> arguments = call.invokedynamic().bootstrap().arguments();
    if (factory.equals("L" + CONCAT + ";")) {
      steps.add("concat " + arguments.stream().map(CodeWalk::text).toList());
      arguments.stream().map(CodeWalk::text).forEach(this::pieces);
      return;
    }
    if (factory.equals("Ljava/lang/invoke/LambdaMetafactory;") && arguments.size() >= 2) {
      lambda(call, arguments);
      return;
    }
    both(
        "dynamic "
            + bootstrap.methodName()
            + " "
            + arguments.stream().map(CodeWalk::text).toList());
  }

  /** The constant pieces of a concatenation, which StringBuilder code has as constants. */
  private void pieces(String recipe) {
    if (!recipe.startsWith("const \"")) {
      return;
    }
    for (String piece : recipe.substring(7, recipe.length() - 1).split("[\u0001\u0002]")) {
      if (!piece.isEmpty()) {
        events.add("const \"" + piece + "\"");
      }
    }
  }

  private void lambda(InvokeDynamicInstruction call, List<LoadableConstantEntry> arguments) {
    String type = call.type().stringValue();
    steps.add("lambda " + call.name().stringValue() + " " + type);
    if (!(arguments.get(1) instanceof MethodHandleEntry handle)) {
      return;
    }
    var reference = handle.reference();
    Optional<MethodModel> body =
        owner.lambdaBody(
            reference.owner(), reference.name().stringValue(), reference.type().stringValue());
    if (body.isPresent() && depth < MOST_DEPTH && inlined.add(body.get())) {
      depth++;
      body.get().code().ifPresent(this::code);
      depth--;
      steps.add("end of lambda");
    } else if (body.isEmpty()) {
      both(
          "call "
              + unnumbered(reference.owner().asInternalName())
              + "."
              + reference.name().stringValue()
              + unnumbered(reference.type().stringValue()));
    }
  }
}
