package underpin.verify;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.program.method.MethodId;

/**
 * A check that a patch added: a conditional jump that the base lacks, one of whose ways soon leaves
 * the method. Without it the other way is always taken.
 *
 * @param method {@code a.b.C$D.name(descriptor)}
 * @param at which instruction of the method it is
 * @param jumps whether the way that stays is the one that jumps
 * @param line of the source; 0 if that is not known
 */
record Guard(String method, int at, boolean jumps, int line) {
  /** A way that goes on for longer is not the refusal of an input. */
  private static final int MOST_STEPS = 40;

  private enum Way {
    STAYS,
    RETURNS,
    THROWS
  }

  /** {@return the checks of a method of the patched jar that the base does not have} */
  static List<Guard> added(Path base, Path patched, String method) throws IOException {
    MethodId id = MethodId.of(method);
    Optional<MethodModel> now = find(patched, id);
    if (now.isEmpty()) {
      return List.of();
    }
    List<CodeElement> code = elements(now.get());
    List<Instruction> instructions = instructions(code);
    Set<Integer> fresh = new HashSet<>();
    List<String> before = find(base, id).map(was -> tokens(elements(was))).orElse(List.of());
    for (AbstractDelta<String> delta : DiffUtils.diff(before, tokens(code)).getDeltas()) {
      for (int i = 0; i < delta.getTarget().size(); i++) {
        fresh.add(delta.getTarget().getPosition() + i);
      }
    }
    Map<Label, Integer> labels = new HashMap<>();
    Map<Integer, Integer> lines = new HashMap<>();
    int at = 0;
    int line = 0;
    for (CodeElement element : code) {
      switch (element) {
        case LabelTarget target -> labels.put(target.label(), at);
        case LineNumber number -> line = number.line();
        case Instruction _ -> lines.put(at++, line);
        default -> {}
      }
    }
    List<Guard> guards = new ArrayList<>();
    for (int i = 0; i < instructions.size(); i++) {
      if (fresh.contains(i)
          && instructions.get(i) instanceof BranchInstruction branch
          && isConditional(branch.opcode())) {
        Way falls = way(instructions, labels, i + 1);
        Way jumped = way(instructions, labels, labels.getOrDefault(branch.target(), -1));
        if (falls != Way.STAYS || jumped != Way.STAYS) {
          // Of two ways that leave, the one that refuses; javac puts what an if does next to it.
          guards.add(new Guard(method, i, falls.compareTo(jumped) >= 0, lines.getOrDefault(i, 0)));
        }
      }
    }
    return guards;
  }

  private static Way way(List<Instruction> code, Map<Label, Integer> labels, int from) {
    int at = from;
    for (int steps = 0; steps < MOST_STEPS && at >= 0 && at < code.size(); steps++) {
      switch (code.get(at)) {
        case ThrowInstruction _ -> {
          return Way.THROWS;
        }
        case ReturnInstruction _ -> {
          return Way.RETURNS;
        }
        case BranchInstruction branch -> {
          int target = labels.getOrDefault(branch.target(), -1);
          if (isConditional(branch.opcode()) || target <= at) {
            return Way.STAYS;
          }
          at = target;
        }
        case TableSwitchInstruction _, LookupSwitchInstruction _ -> {
          return Way.STAYS;
        }
        default -> at++;
      }
    }
    return Way.STAYS;
  }

  private static boolean isConditional(Opcode opcode) {
    return opcode != Opcode.GOTO && opcode != Opcode.GOTO_W;
  }

  private static List<CodeElement> elements(MethodModel method) {
    return method.code().map(code -> code.elementList()).orElse(List.of());
  }

  private static List<Instruction> instructions(List<CodeElement> code) {
    return code.stream()
        .filter(Instruction.class::isInstance)
        .map(Instruction.class::cast)
        .toList();
  }

  /** What an instruction does; where it jumps and which variables it uses are left out. */
  private static List<String> tokens(List<CodeElement> code) {
    return instructions(code).stream().map(Guard::token).toList();
  }

  private static String token(Instruction instruction) {
    return switch (instruction) {
      case InvokeInstruction call ->
          "call %s.%s%s"
              .formatted(
                  call.owner().asInternalName(),
                  call.name().stringValue(),
                  call.type().stringValue());
      case FieldInstruction field ->
          "%s %s.%s"
              .formatted(
                  field.opcode(), field.owner().asInternalName(), field.name().stringValue());
      case ConstantInstruction constant -> "constant " + constant.constantValue();
      case TypeCheckInstruction check -> check.opcode() + " " + check.type().asInternalName();
      // Else a check is taken for the next one, where both refuse by an exception.
      case BranchInstruction branch -> branch.opcode().toString();
      default -> instruction.opcode().kind().toString();
    };
  }

  /** Writes a copy of the patched jar without the check. */
  void remove(Path patched, Path mutant) throws IOException {
    MethodId id = MethodId.of(method);
    JarEdit.write(
        patched,
        mutant,
        (name, bytes) -> name.equals(id.type()) ? without(id.key(), bytes) : bytes);
  }

  private byte[] without(String key, byte[] bytes) throws IOException {
    try {
      return JarEdit.CLASSES.transformClass(
          JarEdit.CLASSES.parse(bytes),
          ClassTransform.transformingMethodBodies(
              each -> MethodId.key(each).equals(key), CodeTransform.ofStateful(Removal::new)));
    } catch (IllegalArgumentException e) {
      throw new IOException("a check of the patch cannot be removed: " + e.getMessage(), e);
    }
  }

  private final class Removal implements CodeTransform {
    private int next;

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (!(element instanceof Instruction) || next++ != at) {
        builder.with(element);
        return;
      }
      BranchInstruction branch = (BranchInstruction) element;
      if (branch.opcode().name().startsWith("IF_")) {
        builder.pop2();
      } else {
        builder.pop();
      }
      if (jumps) {
        builder.goto_(branch.target());
      }
    }
  }

  private static Optional<MethodModel> find(Path jar, MethodId method) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(method.type() + ".class");
      if (entry == null) {
        return Optional.empty();
      }
      try (InputStream in = zip.getInputStream(entry)) {
        ClassModel model = JarEdit.CLASSES.parse(in.readAllBytes());
        return model.methods().stream()
            .filter(each -> MethodId.key(each).equals(method.key()))
            .findFirst();
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(jar + ": " + method.type() + ": " + e.getMessage(), e);
    }
  }

  /** {@return which check it is, in words} */
  String text() {
    return "the check %s of %s"
        .formatted(line > 0 ? "in line " + line : "at instruction " + at, method);
  }
}
