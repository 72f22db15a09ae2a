package underpin.fix.backport;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Says in an older Java what a newer one brought: {@code var}, text blocks, patterns of {@code
 * instanceof}, arrows and expressions of {@code switch}, resources that are variables, and calls of
 * the JDK that have an equal in older words. What has no such equal stays, and does not compile.
 * The types are those that the compiler finds in the same sources as the newest Java.
 */
final class OlderJava {
  /** Each round says the innermost parts anew. */
  private static final int MOST_ROUNDS = 20;

  private static final Pattern NOT_WRITABLE =
      Pattern.compile("capture#|&|<?anonymous|<any>|<null>");

  /**
   * What came of it.
   *
   * @param texts all files
   * @param said in words, what was said anew, sorted; empty where nothing was
   */
  record Result(SortedMap<String, String> texts, SortedSet<String> said) {}

  /** Puts something in the place of a part of a file. */
  private record Edit(long start, long end, String text, String what) {}

  private final List<Path> classPath;
  private final int release;
  private final SortedSet<String> said = new TreeSet<>();

  private OlderJava(List<Path> classPath, int release) {
    this.classPath = classPath;
    this.release = release;
  }

  /**
   * {@return the sources as that release can be given them}
   *
   * @param texts by path
   */
  static Result rewritten(SortedMap<String, String> texts, List<Path> classPath, int release) {
    OlderJava older = new OlderJava(classPath, release);
    SortedMap<String, String> now = new TreeMap<>(texts);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Map<String, List<Edit>> edits = older.edits(now);
      boolean any = false;
      for (Map.Entry<String, List<Edit>> file : edits.entrySet()) {
        any |= !file.getValue().isEmpty();
        now.computeIfPresent(file.getKey(), (_, text) -> older.applied(text, file.getValue()));
      }
      if (!any) {
        break;
      }
    }
    return new Result(now, older.said);
  }

  /** Those that hold no other; what is around them has its turn in the next round. */
  private String applied(String text, List<Edit> edits) {
    List<Edit> inner =
        edits.stream()
            .filter(e -> edits.stream().noneMatch(o -> o != e && isWithin(o, e)))
            .sorted(Comparator.comparingLong(Edit::start).reversed())
            .toList();
    StringBuilder changed = new StringBuilder(text);
    for (Edit edit : inner) {
      changed.replace((int) edit.start(), (int) edit.end(), edit.text());
      said.add(edit.what());
    }
    return changed.toString();
  }

  private static boolean isWithin(Edit inner, Edit outer) {
    return inner.start() >= outer.start()
        && inner.end() <= outer.end()
        && inner.end() - inner.start() < outer.end() - outer.start();
  }

  private Map<String, List<Edit>> edits(SortedMap<String, String> texts) {
    Map<String, List<Edit>> edits = new TreeMap<>();
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(problems, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      List<Source.Text> inputs = new ArrayList<>();
      texts.forEach((path, text) -> inputs.add(new Source.Text(path, text)));
      JavacTask task =
          (JavacTask)
              javac.getTask(
                  new StringWriter(),
                  files,
                  problems,
                  List.of("-proc:none", "-nowarn", "-XDshould-stop.ifError=FLOW"),
                  null,
                  inputs);
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      task.analyze();
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : units) {
        String path = unit.getSourceFile().toUri().getPath().substring(1);
        String text = texts.get(path);
        if (text != null) {
          Reading reading = new Reading(unit, text, trees);
          reading.scan(new TreePath(unit), null);
          edits.put(path, reading.found);
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      // The compiler could not read them as the newest Java either: nothing is said anew.
      return Map.of();
    }
    return edits;
  }

  /** One file. */
  private final class Reading extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final String text;
    private final Trees trees;
    private final SourcePositions positions;
    private final List<Edit> found = new ArrayList<>();

    Reading(CompilationUnitTree unit, String text, Trees trees) {
      this.unit = unit;
      this.text = text;
      this.trees = trees;
      this.positions = trees.getSourcePositions();
    }

    private long start(Tree tree) {
      return positions.getStartPosition(unit, tree);
    }

    private long end(Tree tree) {
      return positions.getEndPosition(unit, tree);
    }

    private String text(Tree tree) {
      return text.substring((int) start(tree), (int) end(tree));
    }

    private void edit(Tree tree, String replacement, String what) {
      edit(start(tree), end(tree), replacement, what);
    }

    private void edit(long start, long end, String replacement, String what) {
      if (start >= 0 && end > start) {
        found.add(new Edit(start, end, replacement, what));
      }
    }

    /** {@return how a type is written, if it can be} */
    private Optional<String> written(@Nullable TypeMirror type) {
      if (type == null || type.getKind() == TypeKind.ERROR || type.getKind() == TypeKind.NULL) {
        return Optional.empty();
      }
      String name = type.toString();
      return name.isEmpty() || NOT_WRITABLE.matcher(name).find()
          ? Optional.empty()
          : Optional.of(name);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void none) {
      if (release < 10 && start(tree) >= 0) {
        Matcher var =
            Pattern.compile("\\bvar\\s+" + Pattern.quote(tree.getName().toString()) + "\\b")
                .matcher(text)
                .region((int) start(tree), (int) Math.max(start(tree), end(tree)));
        boolean isLocal =
            !(getCurrentPath().getParentPath().getLeaf() instanceof LambdaExpressionTree);
        if (var.find() && isLocal && isBefore(var.start(), tree.getInitializer())) {
          written(trees.getTypeMirror(getCurrentPath()))
              .ifPresent(type -> edit(var.start(), var.start() + "var".length(), type, "var"));
        }
      }
      if (release < 14 && tree.getInitializer() instanceof SwitchExpressionTree choice) {
        declaredBySwitch(tree, choice);
      }
      return super.visitVariable(tree, none);
    }

    private boolean isBefore(int place, @Nullable Tree tree) {
      return tree == null || start(tree) < 0 || place < start(tree);
    }

    @Override
    public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void none) {
      if (release < 15
          && tree.getValue() instanceof String value
          && start(tree) >= 0
          && text(tree).startsWith("\"\"\"")) {
        edit(tree, quoted(value), "text blocks");
      }
      return super.visitLiteral(tree, none);
    }

    private static String quoted(String value) {
      StringBuilder quoted = new StringBuilder("\"");
      for (char c : value.toCharArray()) {
        switch (c) {
          case '\n' -> quoted.append("\\n");
          case '\r' -> quoted.append("\\r");
          case '\t' -> quoted.append("\\t");
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          default -> {
            if (c < ' ') {
              quoted.append("\\%03o".formatted((int) c));
            } else {
              quoted.append(c);
            }
          }
        }
      }
      return quoted.append('"').toString();
    }

    @Override
    public @Nullable Void visitInstanceOf(InstanceOfTree tree, @Nullable Void none) {
      if (release < 16 && tree.getPattern() instanceof BindingPatternTree pattern) {
        bound(tree, pattern.getVariable());
      }
      return super.visitInstanceOf(tree, none);
    }

    /** Each use of what it binds is the value once more, cast: so it must be a settled variable. */
    private void bound(InstanceOfTree tree, VariableTree variable) {
      ExpressionTree value = tree.getExpression();
      Element bound = trees.getElement(new TreePath(getCurrentPath(), variable));
      TreePath pattern = new TreePath(getCurrentPath(), tree.getPattern());
      if (bound == null) {
        bound = trees.getElement(new TreePath(pattern, variable));
      }
      Element of = trees.getElement(new TreePath(getCurrentPath(), value));
      if (!(value instanceof IdentifierTree)
          || bound == null
          || of == null
          || of.getKind() != ElementKind.LOCAL_VARIABLE && of.getKind() != ElementKind.PARAMETER) {
        return;
      }
      Uses uses = new Uses(Set.of(bound, of));
      uses.scan(new TreePath(unit), null);
      if (uses.assigned.contains(bound) || uses.assigned.contains(of) && !isOnce(of)) {
        return;
      }
      String type = text(variable.getType());
      String name = text(value);
      String what = "patterns of instanceof";
      edit(tree, name + " instanceof " + type, what);
      for (Tree use : uses.of.getOrDefault(bound, List.of())) {
        edit(use, "((" + type + ") " + name + ")", what);
      }
    }

    private static boolean isOnce(Element variable) {
      return variable.getModifiers().contains(javax.lang.model.element.Modifier.FINAL);
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void none) {
      if (release < 9) {
        int number = 0;
        for (Tree resource : tree.getResources()) {
          if (resource instanceof ExpressionTree value) {
            String name = "resource" + start(value) + (number++ == 0 ? "" : "_" + number);
            written(trees.getTypeMirror(new TreePath(getCurrentPath(), value)))
                .ifPresent(type ->
                    edit(value, type + " " + name + " = " + text(value), "variables as resources"));
          }
        }
      }
      return super.visitTry(tree, none);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void none) {
      Element called = trees.getElement(getCurrentPath());
      if (called != null
          && called.getEnclosingElement() instanceof TypeElement owner
          && tree.getMethodSelect() instanceof MemberSelectTree select
          && tree.getTypeArguments().isEmpty()) {
        OlderWords.Word word = word(owner, called);
        if (word != null && word.since() > release) {
          List<String> arguments = tree.getArguments().stream().map(this::text).toList();
          String what = owner.getSimpleName() + "." + called.getSimpleName();
          word.older()
              .apply(text(select.getExpression()), arguments)
              .filter(_ -> word.helper().isEmpty() || helped(word.helper(), what))
              .ifPresent(older -> edit(tree, older, what));
        }
      }
      return super.visitMethodInvocation(tree, none);
    }

    /** That of the type of the JDK which has the method, or of one above it. */
    private OlderWords.@Nullable Word word(TypeElement owner, Element called) {
      TypeElement at = owner;
      while (at != null && at.getQualifiedName().toString().startsWith("java.")) {
        OlderWords.Word word = OlderWords.of(at.getQualifiedName() + "." + called.getSimpleName());
        word = word == null ? OlderWords.of(at.getQualifiedName() + "." + called) : word;
        if (word != null) {
          return word;
        }
        at =
            at.getSuperclass() instanceof DeclaredType above
                    && above.asElement() instanceof TypeElement type
                ? type
                : null;
      }
      return null;
    }

    /** Adds a method to the outermost class, once; an interface can have none. */
    private boolean helped(String method, String what) {
      ClassTree outermost = null;
      for (Tree at : getCurrentPath()) {
        outermost = at instanceof ClassTree type ? type : outermost;
      }
      if (outermost == null || outermost.getKind() == Tree.Kind.INTERFACE) {
        return false;
      }
      long brace = end(outermost) - 1;
      boolean isNew = !text.contains(method);
      if (isNew && found.stream().anyMatch(e -> e.start() == brace && !e.text().contains(method))) {
        return false; // another one stands there; this has its turn in the next round
      }
      if (isNew && found.stream().noneMatch(e -> e.start() == brace)) {
        edit(brace, brace + 1, "\n" + method + "}", what);
      }
      return true;
    }

    @Override
    public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void none) {
      boolean is = text(tree).matches("(?s)@(java\\.lang\\.)?Deprecated\\b.+");
      if (release < 9 && start(tree) >= 0 && is) {
        edit(tree, "@Deprecated", "what Deprecated says");
      }
      return super.visitAnnotation(tree, none);
    }

    // --- switch -----------------------------------------------------------------------------

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void none) {
      if (release < 14 && tree.getCases().stream().anyMatch(Reading::isNew)) {
        cases(tree.getExpression(), tree.getCases(), End.BREAK, "", false)
            .ifPresent(older -> edit(tree, older, "arrows and lists of cases"));
      }
      return super.visitSwitch(tree, none);
    }

    private static boolean isNew(CaseTree one) {
      return one.getCaseKind() == CaseTree.CaseKind.RULE || one.getExpressions().size() > 1;
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void none) {
      if (release < 14 && tree.getExpression() instanceof SwitchExpressionTree choice) {
        cases(choice.getExpression(), choice.getCases(), End.RETURN, "return ", true)
            .ifPresent(older -> edit(tree, older, "expressions of switch"));
      }
      return super.visitReturn(tree, none);
    }

    @Override
    public @Nullable Void visitExpressionStatement(
        ExpressionStatementTree tree, @Nullable Void none) {
      if (release < 14
          && tree.getExpression() instanceof AssignmentTree assignment
          && assignment.getExpression() instanceof SwitchExpressionTree choice) {
        cases(
                choice.getExpression(),
                choice.getCases(),
                End.BREAK,
                text(assignment.getVariable()) + " = ",
                true)
            .ifPresent(older -> edit(tree, older, "expressions of switch"));
      }
      return super.visitExpressionStatement(tree, none);
    }

    private void declaredBySwitch(VariableTree tree, SwitchExpressionTree choice) {
      if (!(getCurrentPath().getParentPath().getLeaf() instanceof BlockTree)) {
        return;
      }
      String declared = text.substring((int) start(tree), (int) start(choice)).strip();
      if (declared.endsWith("=") && !declared.matches("(?s)(final\\s+)?var\\b.*")) {
        cases(choice.getExpression(), choice.getCases(), End.BREAK, tree.getName() + " = ", true)
            .ifPresent(older ->
                edit(
                    tree,
                    declared.substring(0, declared.length() - 1).strip() + ";\n" + older,
                    "expressions of switch"));
      }
    }

    /** What ends a case. */
    private enum End {
      BREAK,
      RETURN
    }

    /**
     * {@return a switch of the old form}
     *
     * @param before what stands before the value of each case
     * @param whole whether it must have a value: then what no case has is an error
     */
    private Optional<String> cases(
        ExpressionTree on, List<? extends CaseTree> cases, End end, String before, boolean whole) {
      StringBuilder older = new StringBuilder("switch " + bracketed(on) + " {\n");
      boolean any = false;
      for (CaseTree one : cases) {
        if (one.getGuard() != null
            || one.getLabels().stream()
                .anyMatch(l -> l.getKind() == Tree.Kind.PATTERN_CASE_LABEL)) {
          return Optional.empty();
        }
        boolean isDefault = one.getExpressions().isEmpty();
        any |= isDefault;
        if (isDefault) {
          older.append("default:\n");
        }
        for (ExpressionTree label : one.getExpressions()) {
          older.append("case ").append(text(label)).append(":\n");
        }
        Optional<String> body =
            one.getCaseKind() == CaseTree.CaseKind.RULE
                ? ruled(Objects.requireNonNull(one.getBody()), end, before)
                : listed(one, end, before);
        if (body.isEmpty()) {
          return Optional.empty();
        }
        older.append(body.get());
      }
      if (whole && !any) {
        older.append("default:\nthrow new IncompatibleClassChangeError();\n");
      }
      return Optional.of(older.append("}").toString());
    }

    private String bracketed(ExpressionTree on) {
      return on instanceof ParenthesizedTree ? text(on) : "(" + text(on) + ")";
    }

    private Optional<String> ruled(Tree body, End end, String before) {
      return switch (body) {
        case BlockTree block ->
            yielded(block, end, before)
                .map(inner -> inner + (mayEnd(block) ? "\n" + after(end) : "\n"));
        case ExpressionStatementTree statement ->
            Optional.of(
                before
                    + text(statement.getExpression())
                    + ";\n"
                    + (end == End.RETURN && !before.isEmpty() ? "" : "break;\n"));
        case ExpressionTree value ->
            Optional.of(before + text(value) + ";\n" + (end == End.RETURN ? "" : "break;\n"));
        case StatementTree statement -> Optional.of(text(statement) + "\n");
        default -> Optional.empty();
      };
    }

    private static String after(End end) {
      return end == End.BREAK ? "break;\n" : "";
    }

    private Optional<String> listed(CaseTree one, End end, String before) {
      StringBuilder all = new StringBuilder();
      for (StatementTree statement : one.getStatements()) {
        Optional<String> said = yielded(statement, end, before);
        if (said.isEmpty()) {
          return Optional.empty();
        }
        all.append(said.get()).append('\n');
      }
      return Optional.of(all.toString());
    }

    /** A statement in which what gives the value gives it in the old way. */
    private Optional<String> yielded(StatementTree statement, End end, String before) {
      List<YieldTree> yields = new ArrayList<>();
      Set<Tree> inner = new HashSet<>();
      new TreePathScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitYield(YieldTree tree, @Nullable Void none) {
          yields.add(tree);
          return super.visitYield(tree, none);
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void none) {
          inner.add(tree);
          return super.visitSwitch(tree, none);
        }

        @Override
        public @Nullable Void visitSwitchExpression(
            SwitchExpressionTree tree, @Nullable Void none) {
          inner.add(tree);
          return super.visitSwitchExpression(tree, none);
        }
      }.scan(new TreePath(getCurrentPath(), statement), null);
      if (yields.isEmpty()) {
        return Optional.of(text(statement));
      }
      if (!inner.isEmpty()) {
        return Optional.empty(); // A break would end the inner one.
      }
      String said = text(statement);
      long from = start(statement);
      for (YieldTree one : yields.reversed()) {
        String given =
            "{ " + before + text(one.getValue()) + ";" + (end == End.BREAK ? " break;" : "") + " }";
        said =
            said.substring(0, (int) (start(one) - from))
                + given
                + said.substring((int) (end(one) - from));
      }
      return Optional.of(said);
    }

    private static boolean mayEnd(BlockTree block) {
      if (block.getStatements().isEmpty()) {
        return true;
      }
      return switch (block.getStatements().getLast().getKind()) {
        case RETURN, THROW, YIELD, BREAK, CONTINUE -> false;
        default -> true;
      };
    }

    /** Where some variables are used, and which of them are given a value. */
    private final class Uses extends TreePathScanner<@Nullable Void, @Nullable Void> {
      private final Set<Element> wanted;
      private final Map<Element, List<Tree>> of = new java.util.HashMap<>();
      private final Set<Element> assigned = new HashSet<>();

      Uses(Set<Element> wanted) {
        this.wanted = wanted;
      }

      @Override
      public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void none) {
        Element element = trees.getElement(getCurrentPath());
        if (element != null && wanted.contains(element)) {
          of.computeIfAbsent(element, _ -> new ArrayList<>()).add(tree);
        }
        return super.visitIdentifier(tree, none);
      }

      private void given(Tree variable) {
        Element element = trees.getElement(new TreePath(getCurrentPath(), variable));
        if (element != null && wanted.contains(element)) {
          assigned.add(element);
        }
      }

      @Override
      public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void none) {
        given(tree.getVariable());
        return super.visitAssignment(tree, none);
      }

      @Override
      public @Nullable Void visitCompoundAssignment(
          CompoundAssignmentTree tree, @Nullable Void none) {
        given(tree.getVariable());
        return super.visitCompoundAssignment(tree, none);
      }

      @Override
      public @Nullable Void visitUnary(UnaryTree tree, @Nullable Void none) {
        switch (tree.getKind()) {
          case PREFIX_INCREMENT, PREFIX_DECREMENT, POSTFIX_INCREMENT, POSTFIX_DECREMENT ->
              given(tree.getExpression());
          default -> {}
        }
        return super.visitUnary(tree, none);
      }
    }
  }
}
