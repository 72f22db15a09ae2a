package underpin.fix.backport;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** One Java file: its text, and its types and members by place in the text. */
final class Source {
  private final String path;
  private final String text;
  private final CompilationUnitTree tree;
  private final SourcePositions positions;
  private final boolean broken;
  private final Map<String, Type> types = new LinkedHashMap<>();
  private final List<Import> imports = new ArrayList<>();

  /** An import. @param name with dots, {@code .*} at the end for all */
  record Import(String name, boolean isStatic, int start, int end) {
    String simpleName() {
      return name.substring(name.lastIndexOf('.') + 1);
    }

    String text() {
      return "import " + (isStatic ? "static " : "") + name + ";";
    }
  }

  /**
   * A class, interface, enum or record.
   *
   * @param name without package, nested with dollars: {@code A$B}
   * @param body the character after its opening brace
   */
  record Type(
      String name,
      Source source,
      ClassTree tree,
      int start,
      int body,
      int end,
      List<Member> members) {
    Optional<Member> member(String key) {
      return members.stream().filter(m -> m.key.equals(key)).findFirst();
    }

    String header() {
      return Token.normal(source.text, start, body);
    }

    /** {@return whether code of another package may use it, as far as modifiers say} */
    boolean isVisible() {
      String at = name;
      while (true) {
        Type type = source.types.get(at);
        if (type != null
            && (type.tree.getKind() != Tree.Kind.INTERFACE || !at.contains("$"))
            && !Member.isOpen(type.tree.getModifiers())) {
          return false;
        }
        int dollar = at.lastIndexOf('$');
        if (dollar < 0) {
          return true;
        }
        at = at.substring(0, dollar);
      }
    }

    /** By place: a type and what holds it would compare each other for ever. */
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** What a member is. */
  enum Kind {
    METHOD,
    FIELD,
    INITIALISER,
    CONSTANTS,
    TYPE
  }

  /**
   * A member of a type.
   *
   * @param key tells it from the others: name, and the simple types of its parameters
   * @param lead where its comments begin
   * @param start where it begins, with its annotations
   */
  record Member(
      Kind kind,
      String name,
      String key,
      Type owner,
      Optional<Tree> tree,
      int lead,
      int start,
      int end) {
    String text() {
      return owner.source.text.substring(start, end);
    }

    /** {@return with its comments} */
    String whole() {
      return owner.source.text.substring(lead, end);
    }

    String normal() {
      return Token.normal(owner.source.text, start, end);
    }

    List<Token> tokens() {
      return Token.of(owner.source.text, start, end);
    }

    String id() {
      return owner.name + "." + key;
    }

    /** By place: a member and what holds it would compare each other for ever. */
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    String file() {
      return owner.source.path;
    }

    /** {@return how alike its words are to those of the other, 0 to 1} */
    double likeness(Member other) {
      return Alignment.dice(Token.texts(tokens()), Token.texts(other.tokens()));
    }

    /** {@return the simple types that a method takes} */
    List<String> parameters() {
      String inner = key.substring(key.indexOf('(') + 1, key.length() - 1);
      return inner.isEmpty() ? List.of() : List.of(inner.split(","));
    }

    Optional<BlockTree> body() {
      return tree.flatMap(t ->
          t instanceof MethodTree m
              ? Optional.ofNullable(m.getBody())
              : t instanceof BlockTree b ? Optional.of(b) : Optional.empty());
    }

    /** {@return whether code of another package may use it, as far as modifiers say} */
    boolean isVisible() {
      if (!owner.isVisible()) {
        return false;
      }
      boolean ofInterface = owner.tree.getKind() == Tree.Kind.INTERFACE;
      return ofInterface
          || tree.filter(t ->
                  t instanceof MethodTree m && isOpen(m.getModifiers())
                      || t instanceof VariableTree v && isOpen(v.getModifiers())
                      || t instanceof ClassTree c && isOpen(c.getModifiers()))
              .isPresent();
    }

    private static boolean isOpen(com.sun.source.tree.ModifiersTree modifiers) {
      return modifiers.getFlags().contains(javax.lang.model.element.Modifier.PUBLIC)
          || modifiers.getFlags().contains(javax.lang.model.element.Modifier.PROTECTED);
    }

    boolean isPrivate() {
      return tree.filter(t ->
              t instanceof MethodTree m && has(m.getModifiers())
                  || t instanceof VariableTree v && has(v.getModifiers())
                  || t instanceof ClassTree c && has(c.getModifiers()))
          .isPresent();
    }

    private static boolean has(com.sun.source.tree.ModifiersTree modifiers) {
      return modifiers.getFlags().contains(javax.lang.model.element.Modifier.PRIVATE);
    }
  }

  private Source(
      String path,
      String text,
      CompilationUnitTree tree,
      SourcePositions positions,
      boolean broken) {
    this.path = path;
    this.text = text;
    this.tree = tree;
    this.positions = positions;
    this.broken = broken;
  }

  /**
   * Parses a file. Old sources may use what are words of the language today, so what the newest
   * language refuses is read as Java 8.
   */
  static Source parse(String path, String text) {
    Source newest = parse(path, text, List.of());
    if (newest.broken) {
      Source old = parse(path, text, List.of("--release", "8"));
      return old.broken ? newest : old;
    }
    return newest;
  }

  private static Source parse(String path, String text, List<String> options) {
    return java.util.Objects.requireNonNull(parse(Map.of(path, text), options).get(path), path);
  }

  /** {@return many files by path} Quicker than one by one, for the parser is made once. */
  static Map<String, Source> parse(Map<String, String> texts) {
    Map<String, Source> sources = new HashMap<>(parse(texts, List.of()));
    sources.replaceAll((path, source) -> source.broken ? parse(path, source.text) : source);
    return sources;
  }

  private static Map<String, Source> parse(Map<String, String> texts, List<String> options) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    Map<URI, Text> inputs = new LinkedHashMap<>();
    texts.forEach((path, text) -> {
      Text input = new Text(path, text);
      inputs.put(input.toUri(), input);
    });
    Map<String, Source> sources = new HashMap<>();
    if (inputs.isEmpty()) {
      return sources;
    }
    List<String> all = new ArrayList<>(List.of("-proc:none", "-XDrawDiagnostics"));
    all.addAll(options);
    javax.tools.JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(problems, Locale.ROOT, StandardCharsets.UTF_8)) {
      // Else our own class path is read, for annotation processors that never run.
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
      JavacTask task =
          (JavacTask)
              javac.getTask(new StringWriter(), files, problems, all, null, inputs.values());
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree tree : task.parse()) {
        URI uri = tree.getSourceFile().toUri();
        Text input = java.util.Objects.requireNonNull(inputs.get(uri), uri::toString);
        boolean broken =
            problems.getDiagnostics().stream()
                .anyMatch(d ->
                    d.getKind() == javax.tools.Diagnostic.Kind.ERROR
                        && (d.getSource() == null || d.getSource().toUri().equals(uri)));
        Source source = new Source(input.path, input.text, tree, positions, broken);
        source.read();
        sources.put(input.path, source);
      }
      return sources;
    } catch (IOException e) {
      throw new IllegalStateException("A text in memory cannot fail to be read", e);
    }
  }

  /** A text in memory. */
  static final class Text extends SimpleJavaFileObject {
    private final String path;
    private final String text;

    Text(String path, String text) {
      super(URI.create("source:///" + path.replace(" ", "%20")), Kind.SOURCE);
      this.path = path;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private void read() {
    for (ImportTree one : tree.getImports()) {
      imports.add(
          new Import(
              one.getQualifiedIdentifier().toString(), one.isStatic(), start(one), end(one)));
    }
    for (Tree type : tree.getTypeDecls()) {
      if (type instanceof ClassTree found) {
        read(found, "");
      }
    }
  }

  private void read(ClassTree found, String outer) {
    String name = outer + found.getSimpleName();
    int start = start(found);
    int end = end(found);
    int body = braceAfter(found, start, end);
    if (start < 0 || end < 0 || body < 0) {
      return;
    }
    List<Member> members = new ArrayList<>();
    Type type = new Type(name, this, found, start, body, end, members);
    types.put(name, type);
    int at = body;
    List<Tree> trees = new ArrayList<>(found.getMembers());
    int i = 0;
    boolean constants = false;
    int firstConstant = -1;
    StringBuilder names = new StringBuilder();
    while (i < trees.size()) {
      Tree tree = trees.get(i);
      if (isConstant(found, tree)) {
        if (!constants) {
          constants = true;
          firstConstant = start(tree);
        }
        at = Math.max(at, end(tree));
        i++;
        continue;
      }
      if (constants) {
        constants = false;
        members.add(constants(type, firstConstant, at));
        int semicolon = text.indexOf(';', at);
        at = semicolon < 0 ? at : semicolon + 1;
      }
      int from = start(tree);
      int to = end(tree);
      if (from < 0 || to < 0 || from < at && !(tree instanceof VariableTree)) {
        i++;
        continue;
      }
      names.setLength(0);
      if (tree instanceof VariableTree field) {
        names.append(field.getName());
        while (i + 1 < trees.size()
            && trees.get(i + 1) instanceof VariableTree next
            && start(next) == from) {
          names.append(',').append(next.getName());
          to = Math.max(to, end(next));
          i++;
        }
        if (to < text.length() && text.charAt(to - 1) != ';') {
          int semicolon = text.indexOf(';', to);
          to = semicolon < 0 ? to : semicolon + 1;
        }
      }
      member(type, tree, names.toString(), lead(at, from), from, to).ifPresent(members::add);
      at = to;
      i++;
    }
    if (constants) {
      members.add(constants(type, firstConstant, at));
    }
    for (Tree tree : trees) {
      if (tree instanceof ClassTree nested) {
        read(nested, name + "$");
      }
    }
  }

  /** The constants of an enum, as one member without their semicolon. */
  private static Member constants(Type type, int start, int end) {
    return new Member(
        Kind.CONSTANTS, "<constants>", "<constants>", type, Optional.empty(), start, start, end);
  }

  private boolean isConstant(ClassTree owner, Tree tree) {
    if (owner.getKind() != Tree.Kind.ENUM || !(tree instanceof VariableTree field)) {
      return false;
    }
    int afterAnnotations = Math.max(start(field), end(field.getModifiers()));
    return Token.of(text, afterAnnotations, Math.max(afterAnnotations, end(field))).stream()
        .findFirst()
        .filter(t -> t.text().contentEquals(field.getName()))
        .isPresent();
  }

  /** Comments before a member are its own, but for one on the line where the last one ended. */
  private int lead(int from, int to) {
    int line = text.indexOf('\n', from);
    if (line >= 0 && line < to) {
      int comment = text.indexOf("/*", from);
      boolean opens = comment >= 0 && comment < line && text.indexOf("*/", comment) > line;
      if (!opens) {
        return line + 1;
      }
    }
    return from;
  }

  private Optional<Member> member(
      Type type, Tree tree, String names, int lead, int start, int end) {
    return switch (tree) {
      case MethodTree method -> {
        StringBuilder key = new StringBuilder(method.getName());
        key.append('(');
        for (VariableTree parameter : method.getParameters()) {
          key.append(key.charAt(key.length() - 1) == '(' ? "" : ",").append(simpleType(parameter));
        }
        key.append(')');
        yield Optional.of(
            new Member(
                Kind.METHOD,
                method.getName().toString(),
                key.toString(),
                type,
                Optional.of(tree),
                lead,
                start,
                end));
      }
      case VariableTree _ ->
          Optional.of(
              new Member(Kind.FIELD, names, names, type, Optional.of(tree), lead, start, end));
      case BlockTree block -> {
        String key = block.isStatic() ? "<static>" : "<instance>";
        long same = type.members.stream().filter(m -> m.key.startsWith(key)).count();
        yield Optional.of(
            new Member(
                Kind.INITIALISER,
                key,
                same == 0 ? key : key + same,
                type,
                Optional.of(tree),
                lead,
                start,
                end));
      }
      case ClassTree nested ->
          Optional.of(
              new Member(
                  Kind.TYPE,
                  nested.getSimpleName().toString(),
                  "class " + nested.getSimpleName(),
                  type,
                  Optional.of(tree),
                  lead,
                  start,
                  end));
      default -> Optional.empty();
    };
  }

  /** {@return the type without packages and arguments: {@code Map}, {@code byte[]}} */
  private static String simpleType(VariableTree parameter) {
    String type = String.valueOf(parameter.getType());
    type = type.replaceAll("@[\\w.]+(\\([^)]*\\))?\\s*", "");
    StringBuilder plain = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < type.length(); i++) {
      char c = type.charAt(i);
      depth += c == '<' ? 1 : 0;
      if (depth == 0 && !Character.isWhitespace(c)) {
        plain.append(c);
      }
      depth -= c == '>' ? 1 : 0;
    }
    String name = plain.toString().replace("...", "[]");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private int braceAfter(ClassTree type, int start, int end) {
    if (start < 0 || end < 0) {
      return -1;
    }
    int from = start;
    // Annotations may hold braces of their own.
    int modifiers = end(type.getModifiers());
    if (modifiers > from) {
      from = modifiers;
    }
    for (Token token : Token.of(text, from, end)) {
      if (token.text().equals("{")) {
        return token.end();
      }
    }
    return -1;
  }

  int start(Tree of) {
    return (int) positions.getStartPosition(tree, of);
  }

  int end(Tree of) {
    return (int) positions.getEndPosition(tree, of);
  }

  int line(int position) {
    return (int) tree.getLineMap().getLineNumber(position);
  }

  String path() {
    return path;
  }

  Span span(int from, int to) {
    return new Span(text, from, to);
  }

  String text() {
    return text;
  }

  /** {@return whether it could not be read as Java} */
  boolean isBroken() {
    return broken;
  }

  List<Import> imports() {
    return imports;
  }

  Map<String, Type> types() {
    return types;
  }

  String packageName() {
    return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
  }

  /** {@return where a new import can stand} */
  int importPlace() {
    if (!imports.isEmpty()) {
      return imports.getLast().end();
    }
    return tree.getPackage() == null ? 0 : end(tree.getPackage());
  }

  /** {@return every method, field and initialiser, those of nested types too, but not the types} */
  List<Member> members() {
    return types.values().stream()
        .flatMap(t -> t.members().stream())
        .filter(m -> m.kind() != Kind.TYPE)
        .toList();
  }

  Optional<Member> member(String type, String key) {
    return Optional.ofNullable(types.get(type)).flatMap(t -> t.member(key));
  }
}
