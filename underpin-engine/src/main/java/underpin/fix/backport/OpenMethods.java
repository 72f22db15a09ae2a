package underpin.fix.backport;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;
import underpin.fix.backport.Source.Type;

/**
 * Methods without a body that the fix adds to types which others may extend. Classes of others lack
 * them; such a method gets a body that leaves those classes as they are in the version, where the
 * fix itself shows what that is.
 */
final class OpenMethods {
  private final Collection<Change> kept;

  /**
   * @param kept what is put into the version
   */
  OpenMethods(Collection<Change> kept) {
    this.kept = kept;
  }

  /** {@return whether a change adds such a method} */
  static boolean isOpen(Change change, Sources base) {
    return !change.isFile()
        && change.after().filter(OpenMethods::hasNoBody).isPresent()
        && (change.isAdded() || change.changesKey())
        && base.type(change.path(), change.type()).filter(Type::isVisible).isPresent();
  }

  private static boolean hasNoBody(Member member) {
    return member.kind() == Kind.METHOD
        && member.tree().filter(t -> t instanceof MethodTree m && m.getBody() == null).isPresent()
        && member
            .tree()
            .filter(t ->
                t instanceof MethodTree m && !m.getModifiers().getFlags().contains(Modifier.NATIVE))
            .isPresent();
  }

  /**
   * {@return the method with a body by which a class of others does what it does in the version}
   * Empty where the fix does not show that.
   *
   * @param ours the type that gets it
   */
  Optional<String> withBody(Member method, Type ours) {
    MethodTree tree = (MethodTree) method.tree().orElseThrow();
    return body(method, tree, ours)
        .map(body -> {
          String text = method.text().stripTrailing();
          String head = text.substring(0, text.length() - 1);
          if (ours.tree().getKind() == Tree.Kind.INTERFACE) {
            int at = tree.getModifiers().getAnnotations().isEmpty() ? 0 : head.indexOf("abstract ");
            head =
                at > 0 || head.startsWith("abstract ") || head.contains(" abstract ")
                    ? head.replaceFirst("\\babstract\\b", "default")
                    : beforeType(head, tree);
          } else {
            head = head.replaceFirst("\\babstract\\s+", "");
          }
          String indent = Merge.indent(method.owner().source(), method.start());
          String inner = body.isBlank() ? "" : indent + "    " + body.strip() + "\n";
          return head + " {\n" + inner + indent + "}";
        });
  }

  private static String beforeType(String head, MethodTree tree) {
    String type = String.valueOf(tree.getReturnType());
    String first = type.replaceAll("\\W.*", "");
    java.util.regex.Matcher at =
        java.util.regex.Pattern.compile("(?:<|\\b" + java.util.regex.Pattern.quote(first) + "\\b)")
            .matcher(head);
    return at.find()
        ? head.substring(0, at.start()) + "default " + head.substring(at.start())
        : head;
  }

  private Optional<String> body(Member method, MethodTree tree, Type ours) {
    Optional<String> overload = overload(method, tree, ours);
    if (overload.isPresent()) {
      return overload;
    }
    Set<String> bodies = new HashSet<>();
    for (Change change : kept) {
      if (change.after().isPresent() && change.after().get() != method && !change.isFile()) {
        uses(change, method, tree, ours, bodies);
      }
    }
    return bodies.size() == 1 && !bodies.contains("")
        ? Optional.of(bodies.iterator().next())
        : exception(tree);
  }

  /**
   * A method that only makes an exception, of an interface whose classes are generated: with the
   * text that it is annotated with.
   */
  private static Optional<String> exception(MethodTree tree) {
    String type = String.valueOf(tree.getReturnType());
    Optional<String> text =
        tree.getModifiers().getAnnotations().stream()
            .flatMap(a -> a.getArguments().stream())
            .map(a -> a instanceof AssignmentTree named ? named : null)
            .filter(a -> a != null && String.valueOf(a.getVariable()).equals("value"))
            .map(a -> String.valueOf(a.getExpression()))
            .filter(a -> a.startsWith("\""))
            .findFirst();
    if (text.isEmpty() || !type.endsWith("Exception") && !type.endsWith("Error")) {
      return Optional.empty();
    }
    List<String> causes = new ArrayList<>();
    List<String> passed = new ArrayList<>();
    for (VariableTree one : tree.getParameters()) {
      boolean isCause =
          one.getModifiers().getAnnotations().stream()
              .anyMatch(a -> String.valueOf(a.getAnnotationType()).endsWith("Cause"));
      (isCause ? causes : passed).add(one.getName().toString());
    }
    String message =
        passed.isEmpty()
            ? text.get()
            : "String.format(%s, %s)".formatted(text.get(), String.join(", ", passed));
    return Optional.of(
        causes.isEmpty()
            ? "return new %s(%s);\n".formatted(type, message)
            : "return (%s) new %s(%s).initCause(%s);\n"
                .formatted(type, type, message, causes.getFirst()));
  }

  /** One called alike that takes less: what others have instead. */
  private static Optional<String> overload(Member method, MethodTree tree, Type ours) {
    Member best = null;
    List<String> passed = List.of();
    for (Member other : ours.members()) {
      if (other.kind() == Kind.METHOD
          && other.name().equals(method.name())
          && other.tree().orElseThrow() instanceof MethodTree known
          && String.valueOf(known.getReturnType()).equals(String.valueOf(tree.getReturnType()))
          && known.getParameters().size() < tree.getParameters().size()) {
        List<String> names = new ArrayList<>();
        int at = 0;
        for (var parameter : tree.getParameters()) {
          if (at < known.getParameters().size()
              && String.valueOf(known.getParameters().get(at).getType())
                  .equals(String.valueOf(parameter.getType()))) {
            names.add(parameter.getName().toString());
            at++;
          }
        }
        boolean all = at == known.getParameters().size();
        if (all && (best == null || names.size() > passed.size())) {
          best = other;
          passed = names;
        }
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    String call = method.name() + "(" + String.join(", ", passed) + ");\n";
    return Optional.of(isVoid(tree) ? call : "return " + call);
  }

  private static boolean isVoid(MethodTree tree) {
    return "void".equals(String.valueOf(tree.getReturnType()));
  }

  /** What each call stands for, in a member that the fix changes; an empty text: not known. */
  private static void uses(
      Change change, Member method, MethodTree tree, Type ours, Set<String> bodies) {
    List<String> now = Token.texts(change.after().orElseThrow().tokens());
    List<String> old = change.before().map(m -> Token.texts(m.tokens())).orElse(List.of());
    int[] partners = Alignment.equal(old, now);
    int[] before = new int[now.size()];
    java.util.Arrays.fill(before, -1);
    for (int i = 0; i < partners.length; i++) {
      if (partners[i] >= 0) {
        before[partners[i]] = i;
      }
    }
    boolean declared = !change.names().contains(method.name());
    for (int i = 1; i + 1 < now.size(); i++) {
      if (now.get(i).equals(method.name()) && now.get(i + 1).equals("(")) {
        if (!declared) {
          declared = true; // its own name
          continue;
        }
        bodies.add(use(now, old, before, i, method, tree, ours));
      }
    }
  }

  private static String use(
      List<String> now,
      List<String> old,
      int[] before,
      int at,
      Member method,
      MethodTree tree,
      Type ours) {
    // In place of another method of the type, with the same arguments.
    if (before[at - 1] >= 0 && before[at + 1] == before[at - 1] + 2) {
      String other = old.get(before[at - 1] + 1);
      boolean known =
          ours.members().stream()
              .anyMatch(m ->
                  m.kind() == Kind.METHOD
                      && m.key().equals(other + method.key().substring(method.name().length()))
                      && m.tree().orElseThrow() instanceof MethodTree t
                      && String.valueOf(t.getReturnType())
                          .equals(String.valueOf(tree.getReturnType())));
      if (!known) {
        return "";
      }
      List<String> names = tree.getParameters().stream().map(p -> p.getName().toString()).toList();
      String call = other + "(" + String.join(", ", names) + ");\n";
      return isVoid(tree) ? call : "return " + call;
    }
    int start = at;
    while (start > 1 && now.get(start - 1).equals(".") && isName(now.get(start - 2))) {
      start -= 2;
    }
    int end = at + 1;
    int depth = 0;
    for (; end < now.size(); end++) {
      depth += now.get(end).equals("(") ? 1 : now.get(end).equals(")") ? -1 : 0;
      if (depth == 0) {
        break;
      }
    }
    boolean isNew = before[at] < 0;
    // A statement, or the condition of one, that was not there.
    if (isNew
        && isVoid(tree)
        && end + 1 < now.size()
        && now.get(end + 1).equals(";")
        && Set.of(";", "{", "}").contains(now.get(start - 1))) {
      return " ";
    }
    if (isNew
        && "boolean".equals(String.valueOf(tree.getReturnType()))
        && start > 2
        && now.get(start - 1).equals("(")
        && now.get(start - 2).equals("if")
        && before[start - 2] < 0
        && end + 1 < now.size()
        && now.get(end + 1).equals(")")) {
      return "return false;\n";
    }
    return "";
  }

  private static boolean isName(String word) {
    return Character.isJavaIdentifierStart(word.charAt(0));
  }
}
