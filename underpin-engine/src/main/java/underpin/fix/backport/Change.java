package underpin.fix.backport;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;
import underpin.fix.backport.Source.Type;

/**
 * One member, type or file that differs between the two releases around a fix.
 *
 * @param path the file
 * @param type the type that holds it, empty for a file
 * @param before empty where the fix adds it
 * @param after empty where the fix removes it
 * @param fixed the file of the fixed release, if it has one
 */
record Change(
    String path,
    String type,
    Optional<Member> before,
    Optional<Member> after,
    Optional<Source> fixed,
    boolean isFile,
    boolean isHeader) {
  /** What stands for each other has more than this part of its words in common. */
  static final double ALIKE = 0.5;

  /** {@return every difference that is more than form, in the order of files and members} */
  static List<Change> between(Sources l, Sources f) {
    List<Change> changes = new ArrayList<>();
    Set<String> paths = new TreeSet<>(l.paths());
    List<String> both =
        paths.stream().filter(p -> f.has(p) && !l.text(p).equals(f.text(p))).toList();
    l.parse(both);
    f.parse(both);
    f.parse(f.paths().stream().filter(p -> !l.has(p)).toList());
    paths.addAll(f.paths());
    for (String path : paths) {
      if (!f.has(path)) {
        continue; // a file that is gone takes nothing along that its users do not show
      }
      if (!l.has(path)) {
        changes.add(file(path, f.source(path)));
      } else if (!l.text(path).equals(f.text(path))) {
        between(l.source(path), f.source(path), changes);
      }
    }
    return changes;
  }

  static Change file(String path, Source fixed) {
    return new Change(
        path, "", Optional.empty(), Optional.empty(), Optional.of(fixed), true, false);
  }

  static Change header(Type fixed) {
    return new Change(
        fixed.source().path(),
        fixed.name(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(fixed.source()),
        false,
        true);
  }

  static Change added(Member member) {
    return new Change(
        member.file(),
        member.owner().name(),
        Optional.empty(),
        Optional.of(member),
        Optional.of(member.owner().source()),
        false,
        false);
  }

  private static boolean isSaidAgain(Member before, Member after) {
    return before.normal().equals(after.normal())
        || after.kind() == Kind.METHOD
            && LocalNames.differAlone(Token.texts(before.tokens()), Token.texts(after.tokens()));
  }

  private static void between(Source l, Source f, List<Change> changes) {
    for (Type now : f.types().values()) {
      Type old = l.types().get(now.name());
      if (old == null) {
        continue; // as a member of the type around it
      }
      if (!old.header().equals(now.header())) {
        changes.add(header(now));
      }
      List<Member> gone = new ArrayList<>();
      List<Member> initialisers = new ArrayList<>();
      for (Member member : old.members()) {
        if (member.kind() == Kind.INITIALISER) {
          // They have no names: a new one before an old one takes its number.
          if (now.members().stream().noneMatch(m -> isSame(m, member))) {
            initialisers.add(member);
          }
        } else if (now.member(member.key()).isEmpty()) {
          gone.add(member);
        }
      }
      for (Member member : now.members()) {
        if (member.kind() == Kind.INITIALISER) {
          if (old.members().stream().noneMatch(m -> isSame(m, member))) {
            Optional<Member> before = mostAlike(member, initialisers);
            before.ifPresent(initialisers::remove);
            changes.add(
                new Change(
                    f.path(),
                    now.name(),
                    before,
                    Optional.of(member),
                    Optional.of(f),
                    false,
                    false));
          }
          continue;
        }
        Optional<Member> before = old.member(member.key());
        if (before.isEmpty()) {
          before = renamed(member, gone);
          before.ifPresent(gone::remove);
          before = before.or(() -> split(member, old, now));
          changes.add(
              new Change(
                  f.path(), now.name(), before, Optional.of(member), Optional.of(f), false, false));
        } else if (member.kind() != Kind.TYPE && !isSaidAgain(before.get(), member)) {
          changes.add(
              new Change(
                  f.path(), now.name(), before, Optional.of(member), Optional.of(f), false, false));
        }
      }
      gone.addAll(initialisers);
      for (Member member : gone) {
        changes.add(
            new Change(
                f.path(),
                now.name(),
                Optional.of(member),
                Optional.empty(),
                Optional.of(f),
                false,
                false));
      }
    }
  }

  private static boolean isSame(Member one, Member initialiser) {
    return one.kind() == Kind.INITIALISER && one.normal().equals(initialiser.normal());
  }

  /** {@return the initialiser of the same kind that is more than half the same} */
  static Optional<Member> mostAlike(Member initialiser, List<Member> some) {
    return closest(
        initialiser,
        some.stream()
            .filter(m -> m.kind() == Kind.INITIALISER && m.name().equals(initialiser.name())));
  }

  /** A method with other parameters than before, or a field declared with others than before. */
  private static Optional<Member> renamed(Member member, List<Member> gone) {
    if (member.kind() != Kind.METHOD && member.kind() != Kind.FIELD) {
      return Optional.empty();
    }
    return closest(
        member,
        gone.stream().filter(m -> m.kind() == member.kind() && m.name().equals(member.name())));
  }

  /** {@return the one that is most alike, and more than half the same} */
  private static Optional<Member> closest(Member member, Stream<Member> some) {
    List<String> words = Token.texts(member.tokens());
    return some.max(Comparator.comparingDouble(m -> Alignment.dice(Token.texts(m.tokens()), words)))
        .filter(m -> Alignment.dice(Token.texts(m.tokens()), words) > ALIKE);
  }

  /**
   * The method that one of the fixed release was before, where it stays and only calls the new one:
   * a limit that callers can set now, for example.
   */
  private static Optional<Member> split(Member fresh, Type old, Type now) {
    if (fresh.kind() != Kind.METHOD || calls(fresh).isPresent()) {
      return Optional.empty();
    }
    String name = fresh.name().equals("<init>") ? "this" : fresh.name();
    return closest(
        fresh,
        old.members().stream()
            .filter(m -> m.kind() == Kind.METHOD && calls(m).isEmpty())
            .filter(
                m -> now.member(m.key()).flatMap(Change::calls).filter(name::equals).isPresent()));
  }

  /** {@return what a method calls that does nothing else; {@code this} for a constructor} */
  private static Optional<String> calls(Member method) {
    List<? extends StatementTree> body =
        method.body().map(BlockTree::getStatements).orElse(List.of());
    ExpressionTree only =
        body.size() != 1
            ? null
            : body.getFirst() instanceof ExpressionStatementTree one
                ? one.getExpression()
                : body.getFirst() instanceof ReturnTree one ? one.getExpression() : null;
    return only instanceof MethodInvocationTree call
            && call.getMethodSelect() instanceof IdentifierTree called
        ? Optional.of(called.getName().toString())
        : Optional.empty();
  }

  /**
   * {@return whether a method does nothing but call another one of its type} By name, and by taking
   * all that the method takes, in that order.
   */
  static boolean onlyCalls(Member method, Member other) {
    return calls(method).filter(c -> c.equals(other.name().replace("<init>", "this"))).isPresent()
        && takes(other, method);
  }

  private static boolean takes(Member more, Member less) {
    Iterator<String> all = more.parameters().iterator();
    for (String one : less.parameters()) {
      boolean found = false;
      while (!found && all.hasNext()) {
        found = all.next().equals(one);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether the fix moves what a method does into another, which it calls now} */
  boolean isSplit() {
    return changesKey()
        && after.orElseThrow().owner().member(before.orElseThrow().key()).isPresent();
  }

  /** {@return whether the method only calls another now, which does what it did} */
  boolean isSplitOff() {
    if (before.isEmpty() || after.isEmpty() || changesKey() || calls(after.get()).isEmpty()) {
      return false;
    }
    Type old = before.get().owner();
    Type now = after.get().owner();
    return now.members().stream()
        .filter(m -> old.member(m.key()).isEmpty())
        .anyMatch(m -> split(m, old, now).filter(before.get()::equals).isPresent());
  }

  /** {@return whether the other is what is left of the method that this one was split from} */
  boolean isSplitFrom(Change other) {
    return isSplit() && !other.changesKey() && before.equals(other.before);
  }

  boolean isAdded() {
    return isFile || after.isPresent() && before.isEmpty();
  }

  boolean isRemoved() {
    return before.isPresent() && after.isEmpty();
  }

  boolean changesKey() {
    return before.isPresent()
        && after.isPresent()
        && after.get().kind() != Kind.INITIALISER
        && !before.get().key().equals(after.get().key());
  }

  /** {@return the names that code uses it by} */
  List<String> names() {
    if (isFile) {
      String file = path.substring(path.lastIndexOf('/') + 1);
      return List.of(file.replace(".java", ""));
    }
    if (isHeader) {
      return List.of();
    }
    Member member = after.or(() -> before).orElseThrow();
    return member.name().startsWith("<") ? List.of() : List.of(member.name().split(","));
  }

  /** {@return words of the fixed text that the text before has not, or less often} */
  Set<String> newWords() {
    Set<String> words = new LinkedHashSet<>();
    List<Token> now = newTokens();
    List<String> old = new ArrayList<>(before.map(m -> Token.texts(m.tokens())).orElse(List.of()));
    Set<String> known = new HashSet<>(old);
    for (Token token : now) {
      if (token.isWord() && !known.contains(token.text())) {
        words.add(token.text());
      }
    }
    return words;
  }

  /** {@return the text of the fixed release; of a header and of what is gone there is none} */
  List<Token> newTokens() {
    return after
        .map(Member::tokens)
        .orElseGet(() -> isFile ? Token.of(fixed.orElseThrow().text()) : List.of());
  }

  String id() {
    if (isFile) {
      return path;
    }
    String simple = type.isEmpty() ? path : type;
    return isHeader ? simple : simple + "." + after.or(() -> before).orElseThrow().key();
  }

  String word() {
    return isAdded() ? "added" : isRemoved() ? "removed" : "changed";
  }

  boolean sameFile(Change other) {
    return path.equals(other.path);
  }
}
