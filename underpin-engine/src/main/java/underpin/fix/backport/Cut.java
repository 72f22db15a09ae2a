package underpin.fix.backport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;

/** Which changes between two releases belong to the fix. */
final class Cut {
  /** A new member that more files than this use is a general one, and its users are no fix. */
  private static final int MOST_USERS = 6;

  private final List<Change> changes;
  private final Map<Change, Set<String>> newWords = new LinkedHashMap<>();
  private final Map<Change, Set<String>> calls = new HashMap<>();
  private final Map<Change, Set<String>> reads = new HashMap<>();

  Cut(List<Change> changes) {
    this.changes = changes;
    changes.forEach(change -> newWords.put(change, change.newWords()));
  }

  /** {@return the changes that a function of the fix stands for} */
  List<Change> of(FixFunction function) {
    String dotted = function.className();
    int dollar = dotted.indexOf('$', dotted.lastIndexOf('.') + 2);
    String outer = dollar < 0 ? dotted : dotted.substring(0, dollar);
    String path = outer.replace('.', '/') + ".java";
    String simple = dotted.substring(dotted.lastIndexOf('.') + 1);
    String method = function.methodName();
    java.util.regex.Matcher local = java.util.regex.Pattern.compile("\\$\\d").matcher(simple);
    boolean anonymous = local.find();
    if (anonymous) {
      simple = simple.substring(0, local.start());
      method = function.enclosing().map(e -> e.substring(e.lastIndexOf('.') + 1)).orElse("");
    }
    String type = simple;
    String name = method;
    List<Change> inType =
        changes.stream()
            .filter(c -> !c.isFile() && !c.isHeader())
            .filter(c -> c.path().equals(path) && c.type().equals(type))
            .toList();
    if (name.equals("<clinit>") || name.equals("<init>") || name.isEmpty()) {
      return inType.stream().filter(c -> initialises(c, name)).toList();
    }
    List<Change> named =
        inType.stream()
            .filter(c -> !c.isAdded() || anonymous)
            .filter(c -> c.names().contains(name))
            .toList();
    if (anonymous) {
      return named;
    }
    List<Change> exact =
        named.stream()
            .filter(c ->
                c.before().filter(m -> alikeParameters(m.key(), function.descriptor())).isPresent())
            .toList();
    return exact.isEmpty() ? named : exact;
  }

  private static boolean initialises(Change change, String name) {
    Member member = change.after().or(change::before).orElseThrow();
    boolean isStatic = Token.texts(member.tokens()).contains("static");
    return switch (member.kind()) {
      case METHOD -> name.equals("<init>") && member.name().equals("<init>");
      case FIELD, INITIALISER ->
          !change.isAdded() && (name.isEmpty() || isStatic == name.equals("<clinit>"));
      case CONSTANTS -> name.equals("<clinit>");
      case TYPE -> false;
    };
  }

  /** By number and simple names; type variables and varargs make names differ. */
  private static boolean alikeParameters(String key, String descriptor) {
    List<String> erased = parameters(descriptor);
    String inner = key.substring(key.indexOf('(') + 1, key.length() - 1);
    List<String> written = inner.isEmpty() ? List.of() : List.of(inner.split(","));
    if (erased.size() != written.size()) {
      return false;
    }
    int same = 0;
    for (int i = 0; i < erased.size(); i++) {
      String w = written.get(i);
      boolean variable = w.replace("[]", "").length() <= 2;
      same += variable || w.equals(erased.get(i)) ? 1 : 0;
    }
    return same == erased.size();
  }

  /** {@return simple names of the parameters of a descriptor} */
  static List<String> parameters(String descriptor) {
    return java.lang.constant.MethodTypeDesc.ofDescriptor(descriptor).parameterList().stream()
        .map(p -> {
          String shown = p.displayName();
          return shown.substring(shown.lastIndexOf('$') + 1);
        })
        .toList();
  }

  /**
   * Why a change belongs to the fix.
   *
   * @param by the change that it belongs to; empty for a function of the fix
   * @param isNeeded whether {@code by} says nothing without it; else it only says the same
   */
  record Reason(String why, Optional<Change> by, boolean isNeeded) {
    static final Reason SEED = new Reason(Transplant.SEED, Optional.empty(), true);

    static Reason needs(Change by) {
      return new Reason(by.id() + " needs it", Optional.of(by), true);
    }
  }

  /**
   * {@return the changes with what they need and what belongs to them, each with the reason} What
   * uses the same as the fix comes along; what uses the same as that does not, or a fix would grow
   * into all of a release.
   *
   * @param without changes that stood in the way and are not needed
   */
  Map<Change, Reason> close(Set<Change> seeds, Set<Change> without) {
    Map<Change, Reason> kept = new LinkedHashMap<>();
    seeds.forEach(seed -> kept.put(seed, Reason.SEED));
    Deque<Change> open = new ArrayDeque<>(seeds);
    while (!open.isEmpty()) {
      Change one = open.poll();
      boolean ofSeed = isOfSeed(one, kept);
      Set<String> uses = newWords.getOrDefault(one, one.newWords());
      for (Change other : changes) {
        if (!kept.containsKey(other) && !without.contains(other)) {
          Optional<Reason> reason = needed(one, uses, other);
          if (reason.isEmpty() && ofSeed) {
            reason = together(one, uses, other);
          }
          reason.ifPresent(r -> {
            kept.put(other, r);
            open.add(other);
          });
        }
      }
    }
    return kept;
  }

  /** Whether it is a function of the fix, or what those need. */
  private static boolean isOfSeed(Change one, Map<Change, Reason> kept) {
    Reason reason = kept.get(one);
    while (reason != null && reason.isNeeded() && reason.by().isPresent()) {
      reason = kept.get(reason.by().get());
    }
    return reason == null || reason.isNeeded();
  }

  private Optional<Reason> needed(Change one, Set<String> uses, Change other) {
    if (names(one, uses, other)) {
      if (other.isFile()
          && isSeenAtRunTime(other.fixed().orElseThrow().text())
          && (samePackage(one, other) || imports(one, other))) {
        return Optional.of(Reason.needs(one));
      }
      boolean isNew = other.isAdded() || other.changesKey();
      if (one.sameFile(other) && !other.isFile() && isNew) {
        return Optional.of(Reason.needs(one));
      }
      if (other.isAdded() && !other.isFile() && uses.contains(simple(other.type()))) {
        return Optional.of(Reason.needs(one));
      }
    }
    if (one.isSplitFrom(other)) {
      return Optional.of(Reason.needs(one));
    }
    if (one.isAdded() && fills(other, one)) {
      return Optional.of(new Reason("it fills " + one.id(), Optional.of(one), true));
    }
    if (sets(other, one)) {
      return Optional.of(
          new Reason("%s counts on what it sets".formatted(one.id()), Optional.of(one), true));
    }
    // A header that needs what is new.
    if (one.isAdded()
        && other.isHeader()
        && one.sameFile(other)
        && one.type().equals(other.type())) {
      boolean method = one.after().filter(m -> m.kind() == Kind.METHOD).isPresent();
      boolean overrides = one.after().filter(m -> m.text().startsWith("@Override")).isPresent();
      return method && overrides ? Optional.of(Reason.needs(one)) : Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * Whether a constructor, a field's own value or an initialiser sets a field otherwise with the
   * fix, which a method of the type reads otherwise: one that is never null any more is not asked
   * for null.
   */
  private static boolean sets(Change setter, Change reader) {
    boolean near =
        !setter.isFile()
            && !setter.isHeader()
            && !reader.isFile()
            && !reader.isHeader()
            && setter.path().equals(reader.path())
            && setter.type().equals(reader.type())
            && setter.before().isPresent()
            && setter.after().isPresent()
            && reader.before().isPresent()
            && reader.after().isPresent();
    if (!near || reader.after().get().kind() != Kind.METHOD) {
      return false;
    }
    Member was = setter.before().get();
    Member is = setter.after().get();
    boolean fills =
        is.kind() == Kind.INITIALISER || is.kind() == Kind.FIELD || is.name().equals("<init>");
    List<String> old = Token.texts(reader.before().get().tokens());
    List<String> now = Token.texts(reader.after().get().tokens());
    return fills
        && is.owner().members().stream()
            .filter(m -> m.kind() == Kind.FIELD)
            .flatMap(m -> java.util.stream.Stream.of(m.name().split(",")))
            .filter(f -> count(old, f) != count(now, f))
            .anyMatch(f -> !values(was, f).equals(values(is, f)));
  }

  private static long count(List<String> words, String word) {
    return words.stream().filter(word::equals).count();
  }

  /** What a member gives a field, as it is written. */
  private static List<String> values(Member member, String field) {
    List<String> words = Token.texts(member.tokens());
    List<String> values = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equals(field) && words.get(i + 1).equals("=")) {
        int end = i;
        while (end < words.size() && !words.get(end).equals(";")) {
          end++;
        }
        values.add(String.join(" ", words.subList(i + 2, end)));
      }
    }
    return values;
  }

  /** Whether words of one change name the other: a method where it is called, a field elsewhere. */
  private boolean names(Change one, Set<String> words, Change other) {
    List<String> named = other.names().stream().filter(words::contains).toList();
    Optional<Member> member = other.after().or(other::before);
    if (named.isEmpty() || member.isEmpty() || isOfAnnotation(member.get())) {
      return !named.isEmpty();
    }
    if (!one.type().equals(other.type()) && named.stream().allMatch(n -> addsItself(one, n))) {
      return false;
    }
    return switch (member.get().kind()) {
      case METHOD ->
          calls.computeIfAbsent(one, c -> words(c, true)).stream().anyMatch(named::contains);
      case FIELD ->
          reads.computeIfAbsent(one, c -> words(c, false)).stream().anyMatch(named::contains);
      case INITIALISER, CONSTANTS, TYPE -> true;
    };
  }

  /** Whether the type of a change gets a member called so as well, which is meant as likely. */
  private boolean addsItself(Change one, String name) {
    return changes.stream()
        .anyMatch(c ->
            c.isAdded()
                && c.sameFile(one)
                && c.type().equals(one.type())
                && !c.isFile()
                && c.names().contains(name));
  }

  private static boolean isOfAnnotation(Member member) {
    return member.owner().tree().getKind() == com.sun.source.tree.Tree.Kind.ANNOTATION_TYPE;
  }

  private static Set<String> words(Change change, boolean called) {
    List<Token> tokens = change.newTokens();
    Set<String> words = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isWord()) {
        boolean isCall = i + 1 < tokens.size() && tokens.get(i + 1).text().equals("(");
        boolean isReference = i > 0 && tokens.get(i - 1).text().equals("::");
        if (called == (isCall || isReference)) {
          words.add(tokens.get(i).text());
        }
      }
    }
    return words;
  }

  /** {@return whether a file holds more than an annotation that only compilers or tools see} */
  static boolean isSeenAtRunTime(String text) {
    return !text.contains("@interface ")
        || text.contains("RetentionPolicy.RUNTIME")
        || text.contains("(RUNTIME)");
  }

  /** Whether it is a constructor or an initialiser that uses a field newly, or what sets it. */
  static boolean fills(Change change, Change field) {
    boolean near =
        !change.isFile()
            && !change.isHeader()
            && change.path().equals(field.path())
            && change.type().equals(field.type())
            && field.after().filter(m -> m.kind() == Kind.FIELD).isPresent();
    return near
        && (change
                    .after()
                    .filter(m -> m.kind() == Kind.INITIALISER || m.name().equals("<init>"))
                    .isPresent()
                && field.names().stream().anyMatch(change.newWords()::contains)
            || field.names().stream()
                .anyMatch(n ->
                    change.after().filter(m -> sets(m, n)).isPresent()
                        && change.before().filter(m -> sets(m, n)).isEmpty()));
  }

  /** Whether a method gives the field of its object a value, as setters do. */
  private static boolean sets(Member method, String field) {
    List<String> words = Token.texts(method.tokens());
    for (int i = 0; i + 3 < words.size(); i++) {
      if (method.kind() == Kind.METHOD
          && words.get(i).equals("this")
          && words.get(i + 1).equals(".")
          && words.get(i + 2).equals(field)
          && words.get(i + 3).equals("=")) {
        return true;
      }
    }
    return false;
  }

  /** What changed for the same reason, as far as names tell. */
  private Optional<Reason> together(Change one, Set<String> uses, Change other) {
    return alongside(one, uses, other).map(why -> new Reason(why, Optional.of(one), false));
  }

  private Optional<String> alongside(Change one, Set<String> uses, Change other) {
    if (isMember(other) && one.sameFile(other) && names(one, uses, other)) {
      return Optional.of(one.id() + " uses it newly");
    }
    if (one.isAdded() && !one.isFile() && isMember(other) && !other.isAdded()) {
      boolean uses2 = names(other, newWords.getOrDefault(other, Set.of()), one);
      if (uses2 && one.sameFile(other)) {
        return Optional.of("it uses " + one.id());
      }
      boolean hidden = one.after().filter(Member::isPrivate).isPresent();
      if (uses2
          && !hidden
          && other.fixed().filter(s -> mentions(s, one)).isPresent()
          && users(one) <= MOST_USERS) {
        return Optional.of("it uses " + one.id());
      }
    }
    if (one.isFile() && isMember(other) && !other.isAdded()) {
      boolean uses2 =
          one.names().stream().anyMatch(newWords.getOrDefault(other, Set.of())::contains);
      if (uses2 && users(one) <= MOST_USERS) {
        return Optional.of("it uses " + one.id());
      }
    }
    if (one.changesKey()
        && !other.isFile()
        && !other.isHeader()
        && other.after().isPresent()
        && folder(one.path()).equals(folder(other.path()))) {
      // Who calls it passes other arguments now.
      String called = one.names().isEmpty() ? simple(one.type()) : one.names().getFirst();
      boolean calls =
          other.after().get().tokens().stream()
              .anyMatch(t -> t.isWord() && t.text().equals(called));
      if (calls && !one.names().equals(other.names())) {
        return Optional.of("it calls " + one.id());
      }
    }
    return Optional.empty();
  }

  /** A member that the fixed release has. */
  private static boolean isMember(Change change) {
    return !change.isFile() && !change.isHeader() && !change.isRemoved();
  }

  private long users(Change one) {
    Set<String> files = new HashSet<>();
    newWords.forEach((other, words) -> {
      if (one.names().stream().anyMatch(words::contains)) {
        files.add(other.path());
      }
    });
    return files.size();
  }

  private static boolean mentions(Source source, Change member) {
    return source.text().contains(simple(member.type()));
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('$') + 1);
  }

  private static boolean samePackage(Change one, Change other) {
    return folder(one.path()).equals(folder(other.path()));
  }

  private static boolean imports(Change one, Change other) {
    String name = other.path().replace(".java", "").replace('/', '.');
    return one.fixed()
        .filter(s ->
            s.imports().stream()
                .anyMatch(i -> i.name().startsWith(name) || i.name().endsWith(".*")))
        .isPresent();
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }
}
