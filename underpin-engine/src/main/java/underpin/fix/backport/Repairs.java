package underpin.fix.backport;

import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;

/** What a merge lacks to compile: looked up in the fixed release, by what the compiler says. */
final class Repairs {
  private static final Pattern SYMBOL = Pattern.compile("symbol:\\s+(\\w+) (.+?)\\s*(?:\\R|$)");
  private static final Pattern LOCATION = Pattern.compile("location:\\s+(.+?)\\s*(?:\\R|$)");
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");
  private static final Pattern VARIABLE =
      Pattern.compile("(?:location:\\s+|final )variable (\\w+)(?: of type|\\s*$)");
  private static final Pattern UNSET =
      Pattern.compile("variable (\\w+) (?:might not have been|not) initialized");
  private static final Pattern IMPORT = Pattern.compile("import ([\\w.]+);");
  private static final Pattern CLOSED =
      Pattern.compile(
          "(\\w+)(?:\\(.*\\))? (?:has (?:private|protected) access|is not public) in ([\\w.$]+)");

  private final Sources base;
  private final Sources fixed;
  private final List<Change> changes;
  private final Set<String> entries;
  private final Map<Change, Cut.Reason> kept;
  private final Map<String, Set<String>> imports = new HashMap<>();
  private final Map<String, Map<String, String>> rewrites = new TreeMap<>();
  private final Set<String> withBody = new TreeSet<>();
  private final Set<Change> asked = new HashSet<>();
  private final Map<String, Source> parsed = new HashMap<>();
  private final Set<Change> stays = new LinkedHashSet<>();
  private final Map<String, Set<String>> marks = new TreeMap<>();

  /**
   * @param changes all between the releases
   * @param entries class files of the version
   * @param kept what is tried; grows
   */
  Repairs(
      Sources base,
      Sources fixed,
      List<Change> changes,
      Set<String> entries,
      Map<Change, Cut.Reason> kept) {
    this.base = base;
    this.fixed = fixed;
    this.changes = changes;
    this.entries = entries;
    this.kept = kept;
  }

  Map<Change, Cut.Reason> kept() {
    return kept;
  }

  /** {@return lines to add to files} */
  Map<String, Set<String>> imports() {
    return imports;
  }

  /** {@return the files with what was found for single places} */
  SortedMap<String, String> rewritten(Map<String, String> files) {
    SortedMap<String, String> texts = new TreeMap<>(files);
    rewrites.forEach((path, some) -> {
      String text = texts.getOrDefault(path, base.has(path) ? base.text(path) : "");
      for (Map.Entry<String, String> one : some.entrySet()) {
        text = text.replace(one.getKey(), one.getValue());
      }
      if (!text.isEmpty()) {
        texts.put(path, text);
      }
    });
    marks.forEach((path, names) -> texts.computeIfPresent(path, (_, text) -> without(text, names)));
    return texts;
  }

  /**
   * {@return the changes in which the errors lie; where one lies outside of all, those of its file}
   */
  Set<Change> culprits(List<Compiler.Problem> problems, Map<String, String> texts) {
    Set<Change> culprits = new LinkedHashSet<>();
    for (Compiler.Problem problem : problems) {
      Optional<Change> at = at(problem, texts);
      if (at.isPresent()) {
        culprits.add(at.get());
      } else {
        kept.keySet().stream().filter(c -> c.path().equals(problem.file())).forEach(culprits::add);
      }
    }
    return culprits;
  }

  /** {@return the function of the fix that most of all comes along with} */
  Set<Change> largest() {
    Map<Change, Integer> sizes = new LinkedHashMap<>();
    for (Change one : kept.keySet()) {
      Change at = one;
      Cut.Reason reason = kept.get(at);
      while (reason != null && reason.isNeeded() && reason.by().isPresent()) {
        at = reason.by().get();
        reason = kept.get(at);
      }
      sizes.merge(at, 1, Integer::sum);
    }
    return sizes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(e -> Set.of(e.getKey()))
        .orElse(Set.of());
  }

  /** A file as it was merged: all its problems are looked at in the same text. */
  private Source parsed(String path, String text) {
    Source known = parsed.get(path);
    if (known == null || !known.text().equals(text)) {
      known = Source.parse(path, text);
      parsed.put(path, known);
    }
    return known;
  }

  private Optional<Change> at(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.get(problem.file());
    if (text == null) {
      return Optional.empty();
    }
    Optional<Change> file =
        kept.keySet().stream()
            .filter(c -> c.isFile() && c.path().equals(problem.file()))
            .findFirst();
    if (file.isPresent()) {
      return file;
    }
    List<Member> around =
        parsed(problem.file(), text).members().stream()
            .filter(m -> m.start() <= problem.position() && problem.position() < m.end())
            .toList();
    if (around.isEmpty()) {
      return Optional.empty();
    }
    Member inner = around.getLast();
    return kept.keySet().stream()
        .filter(c -> c.path().equals(problem.file()) && c.type().equals(inner.owner().name()))
        .filter(c -> c.after().filter(m -> m.key().equals(inner.key())).isPresent())
        .findFirst();
  }

  /** {@return whether something was found that may help against the error} */
  boolean repair(Compiler.Problem problem, Map<String, String> texts) {
    return stays(problem)
        || unmarked(problem, texts)
        || renamed(problem, texts)
        || hidden(problem, texts)
        || directly(problem, texts)
        || otherwise(problem, texts)
        || returning(problem, texts);
  }

  /** What the fix takes away and the version's own code still uses stays. */
  private boolean stays(Compiler.Problem problem) {
    Matcher symbol = SYMBOL.matcher(problem.message());
    if (!symbol.find()) {
      return false;
    }
    String name = symbol.group(2).replaceAll("[(<].*", "").strip();
    List<Change> gone =
        kept.keySet().stream()
            .filter(c -> c.isRemoved() && c.path().equals(problem.file()))
            .filter(c -> c.names().contains(name))
            .toList();
    gone.forEach(kept::remove);
    stays.addAll(gone);
    return !gone.isEmpty();
  }

  /** {@return what the fix takes away, and the version's own code still uses} */
  Set<Change> stays() {
    return stays;
  }

  /**
   * An annotation of the fix whose type nobody has when the version runs: that is as good as none.
   * What the version itself is marked with stays.
   */
  private boolean unmarked(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    Set<String> names = new LinkedHashSet<>();
    Matcher symbol = SYMBOL.matcher(problem.message());
    if (symbol.find() && symbol.group(1).equals("class")) {
      names.add(symbol.group(2));
    }
    Token.Span at = line(problem, text);
    Matcher line = IMPORT.matcher(text.substring(at.start(), at.end()));
    if (line.find()) {
      names.add(line.group(1).substring(line.group(1).lastIndexOf('.') + 1));
    }
    boolean more = false;
    for (String name : names) {
      boolean ours =
          base.has(problem.file()) && isMark(name, base.text(problem.file()), false)
              || base.files(name).stream().anyMatch(base::has);
      boolean carried =
          fixed.files(name).stream().anyMatch(f -> Cut.isSeenAtRunTime(fixed.text(f)));
      if (!ours && !carried && isMark(name, text, true)) {
        more |= marks.computeIfAbsent(problem.file(), _ -> new TreeSet<>()).add(name);
      }
    }
    return more;
  }

  private static Token.Span line(Compiler.Problem problem, String text) {
    int at = (int) Math.min(Math.max(0, problem.position()), text.length());
    int end = text.indexOf('\n', at);
    return new Token.Span(
        text.lastIndexOf('\n', Math.max(0, at - 1)) + 1, end < 0 ? text.length() : end);
  }

  /** Whether a name is used as an annotation, and perhaps as nothing else. */
  private static boolean isMark(String name, String text, boolean only) {
    List<Token> tokens = Token.of(text);
    boolean is = false;
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i).text().equals(name)) {
        boolean mark = tokens.get(i - 1).text().equals("@");
        boolean imported =
            tokens.get(i - 1).text().equals(".")
                && i + 1 < tokens.size()
                && tokens.get(i + 1).text().equals(";");
        if (only && !mark && !imported) {
          return false;
        }
        is |= mark;
      }
    }
    return is;
  }

  private static String without(String text, Set<String> marks) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (Token.Span one : Token.annotations(text, marks)) {
      out.append(text, at, one.start());
      at = one.end();
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return out.append(text.substring(at)).toString();
  }

  /**
   * A type of a library that the version uses from another package, as {@code javax} for {@code
   * jakarta} or {@code lang} for {@code lang3}.
   */
  private boolean renamed(Compiler.Problem problem, Map<String, String> texts) {
    if (!PACKAGE.matcher(problem.message()).find()) {
      return false;
    }
    String text = texts.getOrDefault(problem.file(), "");
    boolean more = false;
    Matcher line = IMPORT.matcher(text);
    while (line.find()) {
      String name = line.group(1);
      if (problem.message().contains("package " + name.substring(0, name.lastIndexOf('.')) + " ")) {
        Set<String> ours = new TreeSet<>();
        for (String path : base.paths()) {
          if (base.text(path).contains("." + name.substring(name.lastIndexOf('.') + 1))) {
            base.source(path).imports().stream()
                .filter(i -> !i.isStatic() && !i.name().equals(name))
                .filter(i -> plain(i.name()).equals(plain(name)))
                .forEach(i -> ours.add(i.name()));
          }
        }
        more |=
            ours.size() == 1
                && rewrite(problem.file(), line.group(), "import " + ours.iterator().next() + ";");
      }
    }
    return more;
  }

  private static String plain(String name) {
    return name.replaceFirst("^jakarta\\.", "javax.").replaceAll("\\d+(?=\\.)", "");
  }

  /** A field of a nested type that the version lacks, where a type around it has one called so. */
  private boolean hidden(Compiler.Problem problem, Map<String, String> texts) {
    Matcher named =
        Pattern.compile("non-static (?:variable|method) (\\w+)").matcher(problem.message());
    Optional<Member> here = around(problem, texts);
    return problem.code().contains("non-static.cant.be.ref")
        && named.find()
        && here.isPresent()
        && member(named.group(1), "class " + here.get().owner().name(), problem, texts);
  }

  /** A method on that line which returns something else in the fixed release. */
  private boolean returning(Compiler.Problem problem, Map<String, String> texts) {
    if (!problem.code().contains("prob.found.req")
        && !problem.code().contains("void.not.allowed")
        && !problem.code().contains("illegal.initializer.for.type")) {
      return false;
    }
    String text = texts.getOrDefault(problem.file(), "");
    Token.Span at = line(problem, text);
    List<Token> line = Token.of(text, at.start(), at.end());
    boolean more = false;
    for (int i = 0; i + 1 < line.size(); i++) {
      if (!line.get(i).isWord() || !line.get(i + 1).text().equals("(")) {
        continue;
      }
      String type = i > 1 && line.get(i - 1).text().equals(".") ? line.get(i - 2).text() : "";
      String owner = !type.isEmpty() && Character.isUpperCase(type.charAt(0)) ? type : "";
      for (Member ours : base.members(owner, line.get(i).text())) {
        boolean near = !owner.isEmpty() || ours.file().equals(problem.file());
        Optional<Member> theirs =
            fixed.type(ours.file(), ours.owner().name()).flatMap(t -> t.member(ours.key()));
        if (near
            && ours.kind() == Kind.METHOD
            && theirs.isPresent()
            && !returned(ours).equals(returned(theirs.get()))
            && !isKept(theirs.get())) {
          more |= keep(from(ours, theirs), problem, texts);
        }
      }
    }
    return more;
  }

  private static String returned(Member method) {
    return method
        .tree()
        .filter(com.sun.source.tree.MethodTree.class::isInstance)
        .map(t -> String.valueOf(((com.sun.source.tree.MethodTree) t).getReturnType()))
        .orElse("");
  }

  private boolean directly(Compiler.Problem problem, Map<String, String> texts) {
    String message = problem.message();
    String code = problem.code();
    if (code.contains("method.does.not.override")) {
      return overridden(problem, texts);
    }
    if (code.contains("ref.ambiguous")) {
      return ambiguous(problem, texts);
    }
    boolean missingType =
        PACKAGE.matcher(message).find() || message.matches("(?s).*symbol:\\s+class .*");
    if (!missingType && dragged(problem, texts)) {
      return true;
    }
    Matcher variable = VARIABLE.matcher(message);
    if (variable.find()) {
      String name = variable.group(1);
      if (code.contains("cant.assign") && settable(name, problem, texts)
          || declaredOtherwise(Set.of(name), problem)) {
        return true;
      }
    }
    Matcher unset = UNSET.matcher(message);
    if (unset.find()) {
      return fillers(unset.group(1), problem, texts) || filled(unset.group(1), problem, texts);
    }
    Matcher closed = CLOSED.matcher(message);
    if (closed.find()) {
      return opened(closed.group(1), closed.group(2));
    }
    Matcher missingPackage = PACKAGE.matcher(message);
    if (missingPackage.find()) {
      return file(missingPackage.group(1), problem, texts);
    }
    if (code.contains("does.not.override.abstract")) {
      return implementing(message, problem, texts);
    }
    if (!code.startsWith("compiler.err.cant.resolve")
        && !code.startsWith("compiler.err.cant.apply")
        && !code.startsWith("compiler.err.cant.ref")) {
      return false;
    }
    Matcher symbol = SYMBOL.matcher(message);
    Matcher location = LOCATION.matcher(message);
    String place = location.find() ? location.group(1) : "";
    if (!symbol.find()) {
      return cantApply(problem, texts);
    }
    String kind = symbol.group(1);
    String name = symbol.group(2).replaceAll("[(<].*", "").strip();
    name = name.substring(name.lastIndexOf(' ') + 1);
    boolean more = false;
    if (place.startsWith("package ")
        && newFile(
            place.substring("package ".length()).replace('.', '/') + "/" + name + ".java",
            problem,
            texts)) {
      return true;
    }
    if (kind.equals("class") || kind.equals("variable") && Character.isUpperCase(name.charAt(0))) {
      more = type(name, problem, texts);
    }
    return more || member(name, place, problem, texts);
  }

  /** Types that do not fit: a field on that line may be of another type in the fixed release. */
  private boolean otherwise(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    Token.Span line = line(problem, text);
    Set<String> words = new HashSet<>(Token.texts(Token.of(text, line.start(), line.end())));
    return problem.code().contains("prob.found.req") && declaredOtherwise(words, problem);
  }

  /** Fields of the file that the fixed release declares otherwise. */
  private boolean declaredOtherwise(Set<String> names, Compiler.Problem problem) {
    boolean more = false;
    if (!base.has(problem.file()) || !fixed.has(problem.file())) {
      return false;
    }
    for (Member ours : base.source(problem.file()).members()) {
      Optional<Member> theirs =
          fixed.source(problem.file()).member(ours.owner().name(), ours.key());
      if (ours.kind() == Kind.FIELD
          && names.contains(ours.name())
          && theirs.isPresent()
          && !declaration(ours).equals(declaration(theirs.get()))
          && !isKept(theirs.get())) {
        more |= keep(from(ours, theirs), problem);
      }
    }
    return more;
  }

  private static String declaration(Member field) {
    return field
        .tree()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .map(v -> {
          String type = String.valueOf(v.getType());
          String simple = type.replaceAll("\\W.*", "");
          String whole =
              field.owner().source().imports().stream()
                  .filter(i -> i.simpleName().equals(simple))
                  .map(Source.Import::name)
                  .findFirst()
                  .orElse("");
          return whole + " " + type + " " + isFinal(v);
        })
        .orElse("");
  }

  private static boolean isFinal(VariableTree field) {
    return field.getModifiers().getFlags().contains(Modifier.FINAL);
  }

  /** A field that is final in the fixed release only, and that the version's own code sets. */
  private boolean settable(String name, Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.get(problem.file());
    if (text == null || !base.has(problem.file())) {
      return false;
    }
    boolean open =
        base.source(problem.file()).members().stream()
            .anyMatch(m ->
                m.kind() == Kind.FIELD
                    && m.name().equals(name)
                    && m.tree()
                        .filter(t -> t instanceof VariableTree v && !isFinal(v))
                        .isPresent());
    Optional<Member> now =
        parsed(problem.file(), text).members().stream()
            .filter(m -> m.kind() == Kind.FIELD && m.name().equals(name))
            .findFirst();
    return open
        && now.isPresent()
        && rewrite(
            problem.file(), now.get().text(), now.get().text().replaceFirst("\\bfinal\\s+", ""));
  }

  /**
   * {@return the change of the fix that makes one of the other, or that of all releases between}
   */
  private Change from(Member ours, Optional<Member> theirs) {
    return changes.stream()
        .filter(c -> c.path().equals(ours.file()) && c.type().equals(ours.owner().name()))
        .filter(c ->
            c.before().filter(m -> m.key().equals(ours.key())).isPresent()
                && c.after().map(Member::key).equals(theirs.map(Member::key)))
        .findFirst()
        .orElseGet(() ->
            new Change(
                ours.file(),
                ours.owner().name(),
                Optional.of(ours),
                theirs,
                Optional.of(theirs.map(m -> m.owner().source()).orElse(fixed.source(ours.file()))),
                false,
                false));
  }

  /**
   * A member of the version which no longer compiles, though nothing of the fix stands in it: the
   * fixed release has it as it must be, or has it no more.
   */
  private boolean dragged(Compiler.Problem problem, Map<String, String> texts) {
    Optional<Member> here = around(problem, texts);
    if (here.isEmpty() || !base.has(problem.file()) || !fixed.has(problem.file())) {
      return false;
    }
    String type = here.get().owner().name();
    Optional<Member> ours = base.source(problem.file()).member(type, here.get().key());
    if (ours.isEmpty() || !fixed.source(problem.file()).types().containsKey(type)) {
      return false;
    }
    boolean kept =
        this.kept.keySet().stream()
            .filter(c -> c.path().equals(problem.file()) && c.type().equals(type))
            .anyMatch(c ->
                c.before().filter(m -> m.key().equals(ours.get().key())).isPresent()
                    || c.after().filter(m -> m.key().equals(ours.get().key())).isPresent());
    if (kept) {
      return false;
    }
    Optional<Member> theirs = fixed.source(problem.file()).member(type, ours.get().key());
    boolean differs = theirs.filter(m -> !m.normal().equals(ours.get().normal())).isPresent();
    boolean gone = theirs.isEmpty() && ours.get().kind() == Kind.METHOD && !ours.get().isVisible();
    return (differs || gone) && keep(from(ours.get(), theirs), problem);
  }

  private Optional<Member> around(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.get(problem.file());
    return text == null
        ? Optional.empty()
        : parsed(problem.file(), text).members().stream()
            .filter(m -> m.start() <= problem.position() && problem.position() < m.end())
            .reduce((_, inner) -> inner);
  }

  /** A call that passes nothing where two methods could be meant: the version's own is. */
  private boolean ambiguous(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    List<Token> tokens = Token.of(text, (int) Math.max(0, problem.position()), text.length());
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).text().equals("(")) {
      open++;
    }
    if (open == 0 || open >= tokens.size()) {
      return false;
    }
    List<Token> arguments = new ArrayList<>();
    int depth = 0;
    int end = open;
    List<List<Token>> parts = new ArrayList<>(List.of(arguments));
    for (; end < tokens.size(); end++) {
      String one = tokens.get(end).text();
      depth += one.equals("(") ? 1 : one.equals(")") ? -1 : 0;
      if (depth == 0) {
        break;
      }
      if (depth == 1 && one.equals(",")) {
        parts.add(new ArrayList<>());
      } else if (depth > 1 || !one.equals("(")) {
        parts.getLast().add(tokens.get(end));
      }
    }
    String name = tokens.get(open - 1).text();
    List<List<String>> own = new ArrayList<>();
    for (Member m : base.members("", name)) {
      boolean meant = problem.message().contains(m.owner().name().replace('$', '.'));
      List<String> types = m.parameters();
      if (meant && types.size() == parts.size() && !own.contains(types)) {
        own.add(types);
      }
    }
    if (own.size() != 1 || end >= tokens.size()) {
      return false;
    }
    StringBuilder call = new StringBuilder();
    int at = tokens.get(open - 1).start();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).size() == 1 && parts.get(i).getFirst().text().equals("null")) {
        Token none = parts.get(i).getFirst();
        call.append(text, at, none.start()).append('(').append(own.getFirst().get(i)).append(") ");
        at = none.start();
      }
    }
    String before = text.substring(tokens.get(open - 1).start(), tokens.get(end).end());
    return rewrite(problem.file(), before, call.append(text, at, tokens.get(end).end()).toString());
  }

  /**
   * A constructor that stays beside those of the fix: what another constructor of the fixed release
   * fills the field with, where that is a constant.
   */
  private boolean filled(String name, Compiler.Problem problem, Map<String, String> texts) {
    Optional<Member> here = around(problem, texts);
    if (here.isEmpty() || !here.get().name().equals("<init>") || !fixed.has(problem.file())) {
      return false;
    }
    Set<String> constants = new LinkedHashSet<>();
    for (Member one : fixed.source(problem.file()).members()) {
      if (one.owner().name().equals(here.get().owner().name()) && one.name().equals("<init>")) {
        List<Token> tokens = one.tokens();
        for (int i = 0; i + 3 < tokens.size(); i++) {
          boolean fills =
              tokens.get(i).text().equals(name)
                  && tokens.get(i + 1).text().equals("=")
                  && tokens.get(i + 3).text().equals(";");
          Token value = tokens.get(i + 2);
          if (fills
              && (value.kind() == Token.Kind.LITERAL
                  || Set.of("null", "true", "false").contains(value.text()))) {
            constants.add(value.text());
          }
        }
      }
    }
    if (constants.size() != 1) {
      return false;
    }
    String text = here.get().text();
    int brace = text.lastIndexOf('}');
    String indent = Merge.indent(here.get().owner().source(), here.get().start());
    return rewrite(
        problem.file(),
        text,
        "%s    this.%s = %s;\n%s}"
            .formatted(text.substring(0, brace), name, constants.iterator().next(), indent));
  }

  private boolean keep(Change change, Compiler.Problem problem) {
    return keep(change, problem, Map.of());
  }

  private boolean keep(Change change, Compiler.Problem problem, Map<String, String> texts) {
    if (kept.containsKey(change) || stays.contains(change)) {
      return false;
    }
    Optional<Change> by =
        at(problem, texts)
            .or(() ->
                kept.keySet().stream().filter(c -> c.path().equals(problem.file())).findFirst());
    // What becomes another member does not go.
    kept.keySet()
        .removeIf(c ->
            c.isRemoved()
                && change.changesKey()
                && c.path().equals(change.path())
                && c.type().equals(change.type())
                && c.before().map(Member::key).equals(change.before().map(Member::key)));
    kept.put(change, new Cut.Reason("what was kept needs it", by, true));
    changes.stream()
        .filter(change::isSplitFrom)
        .forEach(c -> kept.putIfAbsent(c, Cut.Reason.needs(change)));
    return true;
  }

  /** A method that exists, but not with these parameters. */
  private boolean cantApply(Compiler.Problem problem, Map<String, String> texts) {
    String message = problem.message();
    Matcher named =
        Pattern.compile("(?:method|constructor) (\\w+) in (?:class|interface|enum|record) (\\S+)")
            .matcher(message);
    Matcher none =
        Pattern.compile("no suitable (method|constructor) found for (\\w+)").matcher(message);
    Matcher of =
        Pattern.compile("(?:method|constructor) ([\\w.$<>,]+)\\.(\\w+)\\(").matcher(message);
    Matcher inferred =
        Pattern.compile("cannot infer type arguments for ([\\w.$]+)<>").matcher(message);
    if (inferred.find()) {
      return member("<init>", "class " + inferred.group(1), problem, texts);
    }
    if (named.find()) {
      String type = named.group(2).replaceAll("<.*", "");
      String simple = type.substring(type.lastIndexOf('.') + 1);
      String name = named.group(1).equals(simple) ? "<init>" : named.group(1);
      return member(name, "class " + type, problem, texts);
    }
    if (none.find() && of.find()) {
      String type = of.group(1).replaceAll("<.*", "");
      String simple = type.substring(type.lastIndexOf('.') + 1);
      String name = none.group(2).equals(simple) ? "<init>" : none.group(2);
      return member(name, "class " + type, problem, texts);
    }
    return false;
  }

  /** A file of the fixed release in a package that the version lacks. */
  private boolean file(String missing, Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    boolean more = false;
    Matcher uses = Pattern.compile(Pattern.quote(missing) + "\\.(\\w+)").matcher(text);
    while (uses.find()) {
      String path = missing.replace('.', '/') + "/" + uses.group(1) + ".java";
      more |= newFile(path, problem, texts);
    }
    return more;
  }

  private boolean newFile(String path, Compiler.Problem problem, Map<String, String> texts) {
    if (!fixed.has(path) || base.has(path)) {
      return false;
    }
    Change file =
        changes.stream()
            .filter(c -> c.isFile() && c.path().equals(path))
            .findFirst()
            .orElseGet(() -> Change.file(path, fixed.source(path)));
    return keep(file, problem, texts);
  }

  private boolean type(String name, Compiler.Problem problem, Map<String, String> texts) {
    String file = problem.file();
    List<String> known = new ArrayList<>();
    for (String entry : entries) {
      if (entry.endsWith("/" + name + ".class")) {
        known.add(entry.replace(".class", "").replace('/', '.'));
      }
    }
    Set<String> lines = imports.computeIfAbsent(file, _ -> new LinkedHashSet<>());
    if (base.has(file.substring(0, file.lastIndexOf('/') + 1) + name + ".java")) {
      return false; // another import would hide it
    }
    if (fixed.has(file)) {
      Source from = fixed.source(file);
      for (Source.Import one : from.imports()) {
        if (one.simpleName().equals(name) && lines.add(one.text())) {
          return true;
        }
      }
      String folder = file.substring(0, file.lastIndexOf('/') + 1);
      if (newFile(folder + name + ".java", problem, texts)) {
        return true;
      }
      for (Source.Import one : from.imports()) {
        if (one.name().endsWith(".*")) {
          String path = one.name().replace(".*", "").replace('.', '/') + "/" + name + ".java";
          if (newFile(path, problem, texts)) {
            lines.add(one.text());
            return true;
          }
        }
      }
    }
    if (known.size() == 1 && lines.add("import " + known.getFirst() + ";")) {
      return true;
    }
    if (fixed.has(file)) {
      boolean more = false;
      for (Source.Import one : fixed.source(file).imports()) {
        more |= one.name().endsWith(".*") && lines.add(one.text());
      }
      if (more) {
        return true;
      }
    }
    for (String path : fixed.files(name)) {
      boolean comes = kept.keySet().stream().anyMatch(c -> c.isFile() && c.path().equals(path));
      boolean helps =
          lines.add("import " + path.replace(".java", "").replace('/', '.') + ";")
              && (comes || newFile(path, problem, texts));
      if (helps) {
        return true;
      }
    }
    return false;
  }

  /** A member that the fixed release has, in the type that the compiler names or one above it. */
  private boolean member(
      String name, String place, Compiler.Problem problem, Map<String, String> texts) {
    String file = problem.file();
    String simple = simpleType(place);
    if (constant(name, simple) || constantOfImport(name, file)) {
      return true;
    }
    List<Member> candidates = new ArrayList<>(fixed.members(simple, name));
    if (candidates.isEmpty() && fixed.has(file)) {
      fixed.source(file).members().stream()
          .filter(m -> List.of(m.name().split(",")).contains(name))
          .forEach(candidates::add);
    }
    if (candidates.isEmpty() && !simple.isEmpty()) {
      for (String above : supers(fixed, simple, new HashSet<>())) {
        candidates.addAll(fixed.members(above, name));
      }
      if (candidates.isEmpty()) {
        // The version may have the type, and the fixed release only what is above it.
        for (String above : supers(base, simple, new HashSet<>())) {
          candidates.addAll(fixed.members(above, name));
        }
      }
    }
    boolean more = false;
    for (Member member : candidates) {
      boolean there =
          base.type(member.file(), member.owner().name())
              .flatMap(t -> t.member(member.key()))
              .isPresent();
      Optional<Change> placeless = there ? Optional.empty() : placeless(member);
      if (placeless.isPresent()) {
        Cut.Reason why = kept.remove(placeless.get());
        more |= kept.putIfAbsent(Change.added(member), why) == null;
      } else if (!there && !isKept(member)) {
        Change added =
            changes.stream()
                .filter(c -> c.after().filter(m -> m == member).isPresent())
                .findFirst()
                .orElseGet(() -> Change.added(member));
        if (base.type(member.file(), member.owner().name()).isEmpty() && !base.has(member.file())) {
          more |= newFile(member.file(), problem, texts);
          continue;
        }
        more |= keep(added, problem, texts);
        for (Change filler : changes) {
          if (Cut.fills(filler, added)) {
            kept.putIfAbsent(
                filler, new Cut.Reason("it fills " + member.id(), Optional.of(added), true));
          }
        }
      }
    }
    // It may come from a type that the fixed release extends, and the version does not.
    return more || header(simple, problem, texts);
  }

  /**
   * {@return what changes a member of the fixed release that the version does not have in any form,
   * and that is missed}
   */
  private Optional<Change> placeless(Member member) {
    return kept.keySet().stream()
        .filter(c -> c.before().isPresent() && !c.changesKey())
        .filter(c -> c.path().equals(member.file()) && c.type().equals(member.owner().name()))
        .filter(c -> c.after().filter(m -> m.key().equals(member.key())).isPresent())
        .findFirst();
  }

  /** A constant of an enum, which comes after those of the version. */
  private boolean constant(String name, String simple) {
    for (Member ours : base.members(simple, "<constants>")) {
      Optional<String> fresh =
          fixed
              .type(ours.file(), ours.owner().name())
              .flatMap(t -> t.member(ours.key()))
              .flatMap(m -> EnumConstants.text(m, name));
      Map<String, String> some = rewrites.computeIfAbsent(ours.file(), _ -> new LinkedHashMap<>());
      String now = some.getOrDefault(ours.text(), ours.text());
      if (fresh.isPresent() && !Token.texts(Token.of(now)).contains(name)) {
        String indent = "\n" + Merge.indent(ours.owner().source(), ours.start());
        some.put(ours.text(), now + "," + indent + fresh.get());
        return true;
      }
    }
    return false;
  }

  /** A constant of an enum whose constants the file imports all, as with texts for people. */
  private boolean constantOfImport(String name, String file) {
    return fixed.has(file)
        && fixed.source(file).imports().stream()
            .filter(i -> i.isStatic() && i.name().endsWith(".*"))
            .map(i -> i.name().substring(0, i.name().length() - ".*".length()))
            .anyMatch(type -> constant(name, type.substring(type.lastIndexOf('.') + 1)));
  }

  private static String simpleType(String place) {
    String type =
        place
            .replaceAll("<.*", "")
            .replaceAll(".* of type ", "")
            .replaceAll("^(class|interface|enum|record|@interface) ", "")
            .strip();
    return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
  }

  /** What a type extends and implements in the fixed release. */
  private boolean header(String simple, Compiler.Problem problem, Map<String, String> texts) {
    boolean more = false;
    for (Change change : changes) {
      if (change.isHeader()
          && change.type().substring(change.type().lastIndexOf('$') + 1).equals(simple)
          && isAnother(change)) {
        more |= keep(change, problem, texts);
      }
    }
    if (!more) {
      // An earlier release changed it, and the version is older still.
      for (String path : fixed.files(simple)) {
        Optional<Source.Type> ours =
            base.has(path)
                ? Optional.ofNullable(base.source(path).types().get(simple))
                : Optional.empty();
        Source.Type theirs = fixed.source(path).types().get(simple);
        if (ours.isPresent() && theirs != null && isAnother(ours.get(), theirs)) {
          more |= keep(Change.header(theirs), problem, texts);
        }
      }
    }
    return more;
  }

  private boolean isAnother(Change header) {
    Optional<Source.Type> ours = base.type(header.path(), header.type());
    Optional<Source.Type> theirs = fixed.type(header.path(), header.type());
    return ours.isEmpty() || theirs.isEmpty() || isAnother(ours.get(), theirs.get());
  }

  /** Whether a type is made of others; what it is marked with makes it no other. */
  private static boolean isAnother(Source.Type ours, Source.Type theirs) {
    return !madeOf(ours).equals(madeOf(theirs));
  }

  private static List<String> madeOf(Source.Type type) {
    List<String> words = Token.texts(Token.of(type.header()));
    String simple = type.name().substring(type.name().lastIndexOf('$') + 1);
    for (int i = 1; i < words.size(); i++) {
      boolean kind = Set.of("class", "interface", "enum", "record").contains(words.get(i - 1));
      if (kind && words.get(i).equals(simple)) {
        return words.subList(i + 1, words.size());
      }
    }
    return words;
  }

  private boolean isKept(Member member) {
    return kept.keySet().stream()
        .anyMatch(c ->
            c.path().equals(member.file())
                && c.type().equals(member.owner().name())
                && c.after().filter(m -> m.key().equals(member.key())).isPresent());
  }

  /** Names in the headers of a type and of those above it. */
  private static Set<String> supers(Sources in, String simple, Set<String> seen) {
    Set<String> above = new LinkedHashSet<>();
    for (String path : in.files(simple)) {
      in.source(path).types().values().stream()
          .findFirst()
          .ifPresent(t -> {
            for (Token token : Token.of(t.header())) {
              if (token.isWord()
                  && !token.text().equals(simple)
                  && !in.files(token.text()).isEmpty()
                  && seen.add(token.text())) {
                above.add(token.text());
                above.addAll(supers(in, token.text(), seen));
              }
            }
          });
    }
    return above;
  }

  /**
   * What sets fields in the fixed release that the change brought, and that nothing sets here.
   *
   * @param fields by owner, as an internal name, and name
   * @return whether something more comes along
   */
  boolean setting(Set<String> fields) {
    boolean more = false;
    for (String field : fields) {
      int dot = field.lastIndexOf('.');
      String owner = field.substring(0, dot);
      String path = owner.replaceAll("\\$.*", "") + ".java";
      String type = owner.substring(owner.lastIndexOf('/') + 1);
      Optional<Source.Type> theirs = fixed.type(path, type);
      Optional<Source.Type> ours = base.type(path, type);
      if (theirs.isEmpty() || ours.isEmpty()) {
        continue;
      }
      for (Member member : theirs.get().members()) {
        boolean isCode = member.kind() == Kind.METHOD || member.kind() == Kind.INITIALISER;
        if (isCode && assigns(member, field.substring(dot + 1)) && !isKept(member)) {
          Optional<Member> here = ours.get().member(member.key());
          Change change =
              here.map(m -> from(m, Optional.of(member))).orElseGet(() -> Change.added(member));
          Cut.Reason why = new Cut.Reason("it sets " + field, Optional.empty(), true);
          more |= kept.putIfAbsent(change, why) == null;
        }
      }
    }
    return more;
  }

  private static boolean assigns(Member member, String field) {
    List<String> words = Token.texts(member.tokens());
    for (int i = 1; i + 1 < words.size(); i++) {
      String before = words.get(i - 1);
      boolean declares = Character.isJavaIdentifierPart(before.charAt(before.length() - 1));
      boolean isOwn = before.equals(".") ? i > 1 && words.get(i - 2).equals("this") : !declares;
      if (words.get(i).equals(field) && words.get(i + 1).equals("=") && isOwn) {
        return true;
      }
    }
    return false;
  }

  /** What gives a final field its value. */
  private boolean fillers(String name, Compiler.Problem problem, Map<String, String> texts) {
    boolean more = false;
    for (Change change : changes) {
      boolean here = change.path().equals(problem.file());
      if (here && change.isRemoved() && change.names().contains(name)) {
        more |= keep(change, problem, texts);
      }
      boolean fills =
          here
              && change
                  .after()
                  .filter(m -> m.kind() == Kind.INITIALISER || m.name().equals("<init>"))
                  .isPresent()
              && change.newWords().contains(name);
      more |= fills && keep(change, problem, texts);
    }
    return more || initialisers(name, problem, texts);
  }

  /** Initialisers of the fixed release that set a field, and are older than the fix. */
  private boolean initialisers(String name, Compiler.Problem problem, Map<String, String> texts) {
    boolean more = false;
    if (base.has(problem.file()) && fixed.has(problem.file())) {
      for (Member member : fixed.source(problem.file()).members()) {
        boolean isHere =
            base.type(problem.file(), member.owner().name()).stream()
                .flatMap(t -> t.members().stream())
                .anyMatch(m -> m.normal().equals(member.normal()));
        if (member.kind() == Kind.INITIALISER && assigns(member, name) && !isHere) {
          more |= keep(Change.added(member), problem, texts);
        }
      }
    }
    return more;
  }

  /**
   * What a method of the fix overrides: the type above gets it, or is one that the version does not
   * extend; else it overrides nothing here.
   */
  private boolean overridden(Compiler.Problem problem, Map<String, String> texts) {
    String text = texts.getOrDefault(problem.file(), "");
    List<Member> around =
        parsed(problem.file(), text).members().stream()
            .filter(m -> m.start() <= problem.position() && problem.position() < m.end())
            .toList();
    if (around.isEmpty()) {
      return false;
    }
    Member method = around.getLast();
    String simple = method.owner().name();
    simple = simple.substring(simple.lastIndexOf('$') + 1);
    if (header(simple, problem, texts)) {
      return true;
    }
    boolean more = false;
    for (String above : supers(fixed, simple, new HashSet<>())) {
      for (Member member : fixed.members(above, method.name())) {
        boolean there =
            base.type(member.file(), member.owner().name())
                .flatMap(t -> t.member(member.key()))
                .isPresent();
        boolean has = base.type(member.file(), member.owner().name()).isPresent();
        if (has && !there && !isKept(member)) {
          more |= keep(Change.added(member), problem, texts);
        }
      }
    }
    if (more) {
      return true;
    }
    int at = (int) problem.position();
    int name = text.indexOf(method.name() + "(", at);
    int end = name < 0 ? -1 : text.indexOf('(', name);
    String marked = end < 0 ? "" : text.substring(at, end + 1);
    return marked.startsWith("@Override")
        && rewrite(problem.file(), marked, marked.substring("@Override".length()).stripLeading());
  }

  /** A type must have methods that what it extends declares now. */
  private boolean implementing(
      String message, Compiler.Problem problem, Map<String, String> texts) {
    Matcher method =
        Pattern.compile(
                "(\\S+) is not abstract and does not override abstract method (\\w+)\\(.*\\) in")
            .matcher(message);
    return method.find() && member(method.group(2), "class " + method.group(1), problem, texts);
  }

  /** What the fixed release lets others use, and the version does not. */
  private boolean opened(String name, String type) {
    String simple = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    String called = name.equals(simple) ? "<init>" : name;
    boolean more = false;
    for (Member ours : base.members(simple, called)) {
      Optional<Member> theirs =
          fixed.type(ours.file(), ours.owner().name()).flatMap(t -> t.member(ours.key()));
      if (theirs.isPresent() && access(theirs.get()) > access(ours)) {
        String text = ours.text();
        String head = text.substring(0, text.indexOf(name) + name.length());
        String wider =
            switch (access(theirs.get())) {
              case 3 -> "public ";
              case 2 -> "protected ";
              default -> "";
            };
        String without = head.replaceFirst("\\b(?:private|protected)\\s+", "");
        int modifiers = 0;
        for (Token token : Token.of(without)) {
          if (token.text().equals("@")) {
            modifiers = without.indexOf('\n', token.end()) + 1;
          }
        }
        while (modifiers < without.length() && Character.isWhitespace(without.charAt(modifiers))) {
          modifiers++;
        }
        more |=
            rewrite(
                ours.file(),
                head,
                without.substring(0, modifiers) + wider + without.substring(modifiers));
      }
    }
    return more;
  }

  private static int access(Member member) {
    boolean ofInterface =
        member.owner().tree().getKind() == com.sun.source.tree.Tree.Kind.INTERFACE;
    var flags =
        member
            .tree()
            .map(t ->
                t instanceof com.sun.source.tree.MethodTree m
                    ? m.getModifiers().getFlags()
                    : t instanceof VariableTree v
                        ? v.getModifiers().getFlags()
                        : t instanceof com.sun.source.tree.ClassTree c
                            ? c.getModifiers().getFlags()
                            : Set.<Modifier>of())
            .orElse(Set.of());
    return ofInterface || flags.contains(Modifier.PUBLIC)
        ? 3
        : flags.contains(Modifier.PROTECTED) ? 2 : flags.contains(Modifier.PRIVATE) ? 0 : 1;
  }

  /**
   * A type that the fix brings means nothing where nothing is one: what the fixed release makes one
   * of becomes one here.
   */
  void becoming() {
    for (Change change : List.copyOf(kept.keySet())) {
      if (change.isFile() && asked.add(change)) {
        String name = change.names().getFirst();
        for (String path : fixed.paths()) {
          if (base.has(path) && fixed.text(path).contains(name)) {
            for (Source.Type theirs : fixed.source(path).types().values()) {
              becoming(change, name, theirs);
            }
          }
        }
      }
    }
    for (Change header : List.copyOf(kept.keySet())) {
      if (header.isHeader()) {
        for (Change file : List.copyOf(kept.keySet())) {
          if (file.isFile() && fixed.has(file.path())) {
            using(header, file);
          }
        }
      }
    }
  }

  /** What a type does with what it has from one that the fix brings, and does not do here. */
  private void using(Change header, Change file) {
    Optional<Source.Type> ours = base.type(header.path(), header.type());
    Optional<Source.Type> theirs = fixed.type(header.path(), header.type());
    String above = file.names().getFirst();
    boolean becomes =
        ours.isPresent()
            && theirs.isPresent()
            && Token.texts(Token.of(theirs.get().header())).contains(above)
            && !Token.texts(Token.of(ours.get().header())).contains(above);
    if (!becomes) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (Member member : fixed.source(file.path()).members()) {
      if (member.kind() == Kind.METHOD && !member.name().equals("<init>")) {
        names.add(member.name());
      }
    }
    boolean more = true;
    while (more) {
      more = false;
      for (Member member : theirs.get().members()) {
        Optional<Member> here = ours.get().member(member.key());
        Set<String> used = new HashSet<>(Token.texts(member.tokens()));
        used.retainAll(names);
        here.ifPresent(m -> used.removeAll(Token.texts(m.tokens())));
        boolean comes =
            (member.kind() == Kind.METHOD || member.kind() == Kind.INITIALISER)
                && !used.isEmpty()
                && !isKept(member);
        if (comes) {
          Change change =
              here.map(m -> from(m, Optional.of(member))).orElseGet(() -> Change.added(member));
          kept.put(
              change,
              new Cut.Reason("it uses what it has from " + above, Optional.of(header), true));
          more = true;
          if (here.isEmpty()) {
            names.add(member.name());
          }
        }
      }
    }
  }

  private void becoming(Change change, String name, Source.Type theirs) {
    Optional<Source.Type> ours = base.type(theirs.source().path(), theirs.name());
    boolean becomes =
        ours.isPresent()
            && Token.texts(Token.of(theirs.header())).contains(name)
            && !Token.texts(Token.of(ours.get().header())).contains(name);
    boolean isKept =
        kept.keySet().stream()
            .anyMatch(c ->
                c.isHeader()
                    && c.path().equals(theirs.source().path())
                    && c.type().equals(theirs.name()));
    if (becomes && !isKept) {
      kept.put(
          Change.header(theirs),
          new Cut.Reason("it is a " + name + " there", Optional.of(change), true));
    }
  }

  /**
   * Closes what the fix opens: classes of the version get what the fixed release has in them for a
   * method that has no body above them, and then that method gets one for the classes of others.
   *
   * @param supers what each class of the version extends and implements, by internal name
   * @return whether something changed that has to be compiled
   */
  boolean closed(Map<String, Set<String>> supers) {
    boolean more = false;
    for (Change change : List.copyOf(kept.keySet())) {
      if (!OpenMethods.isOpen(change, base)) {
        continue;
      }
      Member method = change.after().orElseThrow();
      Source.Type ours = base.type(change.path(), change.type()).orElseThrow();
      if (ours.member(method.key()).isPresent()) {
        continue;
      }
      boolean below = false;
      String top = ours.source().path().replaceAll("[^/]+$", "") + ours.name();
      for (String type : below(top, supers)) {
        String outer = type.replaceAll("(?<=[^/])\\$.*", "");
        String name = type.substring(type.lastIndexOf('/') + 1);
        Optional<Member> theirs =
            fixed.type(outer + ".java", name).flatMap(t -> t.member(method.key()));
        boolean here =
            base.type(outer + ".java", name).flatMap(t -> t.member(method.key())).isPresent();
        if (theirs.isPresent() && !here && !isKept(theirs.get())) {
          kept.put(
              Change.added(theirs.get()),
              new Cut.Reason(
                  "it has " + method.id() + " without a body", Optional.of(change), true));
          below = true;
        }
      }
      more |= below;
      if (!below) {
        Optional<String> text = new OpenMethods(kept.keySet()).withBody(method, ours);
        more |= text.isPresent() && rewrite(ours.source().path(), method.text(), text.get());
        if (text.isPresent()) {
          withBody.add(method.id());
        }
      }
    }
    return more;
  }

  /** {@return the methods that got a body for the classes of others} */
  Set<String> withBody() {
    return withBody;
  }

  private static Set<String> below(String top, Map<String, Set<String>> supers) {
    Set<String> found = new TreeSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<String, Set<String>> one : supers.entrySet()) {
        boolean extended =
            one.getValue().contains(top) || one.getValue().stream().anyMatch(found::contains);
        more |= extended && found.add(one.getKey());
      }
    }
    return found;
  }

  private boolean rewrite(String path, String from, String to) {
    return !from.equals(to)
        && rewrites.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(from, to) == null;
  }
}
