package underpin.fix.backport;

import java.util.ArrayList;
import java.util.Comparator;
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
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;
import underpin.fix.backport.Source.Type;

/** Puts chosen changes into the sources of a version. */
final class Transplant {
  /** Why a change belongs to the fix that nothing else asked for. */
  static final String SEED = "a function of the fix";

  private static final double SAME_METHOD = 0.6;
  private static final double AS_IT_IS = 0.9;

  /** What was split and what it was split from share a body, but not their parameters. */
  private static final double UNSPLIT = 0.35;

  private static final String NO_ARGUMENTS = "<init>()";

  private final Sources base;
  private final Sources affected;
  private final Sources fixed;
  private final boolean bold;
  private final Set<Change> whole;
  private final Map<String, List<Edit>> edits = new TreeMap<>();
  private final Map<String, String> created = new TreeMap<>();
  private final Map<String, Set<String>> words = new TreeMap<>();
  private final Map<String, Set<Source>> origins = new TreeMap<>();
  private final List<Hunk> hunks = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final Set<Change> culprits = new HashSet<>();
  private final List<String> guesses = new ArrayList<>();
  private final Map<Change, List<String>> leftOut = new LinkedHashMap<>();

  private final Set<Type> implied = new HashSet<>();
  private final Set<Type> closed = new HashSet<>();
  private final Map<Change, Merged> known;

  /**
   * A replacement in a file of the version.
   *
   * @param from where it stands in the fixed release
   */
  private record Edit(int start, int end, String text, int from, int order) {
    boolean isInsertion() {
      return start == end;
    }
  }

  /** What is inserted at one place comes as in the fixed release, before what is replaced there. */
  private static final Comparator<Edit> ORDER =
      Comparator.comparingInt(Edit::start)
          .thenComparing(edit -> !edit.isInsertion())
          .thenComparingInt(Edit::from)
          .thenComparingInt(Edit::order);

  /** What came of merging one member, which does not depend on any other. */
  record Merged(Member into, String text, Merge merge) {
    boolean isUpstreams(Change change) {
      return merge.conflicts().isEmpty()
          && change.after().filter(f -> f.normal().equals(Token.normal(text))).isPresent();
    }
  }

  /**
   * The sources as they would be.
   *
   * @param files changed and new ones by path
   * @param leftOut what of which change is not in them
   * @param touched how many changes found their place and were not there already
   */
  record Result(
      SortedMap<String, String> files,
      List<Hunk> hunks,
      List<String> conflicts,
      List<String> guesses,
      Map<Change, List<String>> leftOut,
      int touched,
      int present,
      int absent,
      Set<Change> culprits) {
    /** {@return the same, with these files} */
    Result with(SortedMap<String, String> texts) {
      return new Result(
          texts, hunks, conflicts, guesses, leftOut, touched, present, absent, culprits);
    }
  }

  /**
   * @param known what was merged before for the same sources and boldness; grows
   */
  Transplant(
      Sources base, Sources affected, Sources fixed, boolean bold, Map<Change, Merged> known) {
    this(base, affected, fixed, bold, known, Set.of());
  }

  /**
   * @param whole changes whose members come as the fixed release has them, not merged
   */
  Transplant(
      Sources base,
      Sources affected,
      Sources fixed,
      boolean bold,
      Map<Change, Merged> known,
      Set<Change> whole) {
    this.whole = Set.copyOf(whole);
    this.known = known;
    this.base = base;
    this.affected = affected;
    this.fixed = fixed;
    this.bold = bold;
  }

  /**
   * @param imports lines to add to files, found missing before
   */
  Result apply(Map<Change, Cut.Reason> cut, Map<String, Set<String>> imports) {
    for (Map.Entry<Change, Cut.Reason> entry : cut.entrySet()) {
      Change change = entry.getKey();
      String why = entry.getValue().why();
      if (change.isFile()) {
        file(change, why);
      } else if (change.isHeader()) {
        header(change, why);
      } else if (change.isAdded()) {
        add(change, why);
      } else if (change.isRemoved()) {
        remove(change, why);
      } else {
        change(change, why);
      }
    }
    SortedMap<String, String> files = new TreeMap<>(created);
    edits.forEach((path, list) -> {
      String text = applied(base.text(path), list);
      files.put(path, text);
    });
    words.forEach((path, used) -> {
      String text = files.get(path);
      if (text != null) {
        files.put(path, withImports(path, text, used, imports.getOrDefault(path, Set.of())));
      }
    });
    files
        .entrySet()
        .removeIf(e -> base.has(e.getKey()) && base.text(e.getKey()).equals(e.getValue()));
    return new Result(
        files,
        hunks,
        conflicts,
        guesses,
        leftOut,
        count(Hunk.Fate.KEPT),
        count(Hunk.Fate.PRESENT),
        count(Hunk.Fate.ABSENT),
        culprits);
  }

  private int count(Hunk.Fate fate) {
    return (int) hunks.stream().filter(h -> h.fate() == fate).count();
  }

  private void hunk(Change change, Hunk.Fate fate, String because) {
    hunks.add(new Hunk(change.path(), change.id(), change.word(), fate, because));
  }

  private static String applied(String text, List<Edit> edits) {
    List<Edit> order = new ArrayList<>(edits);
    order.sort(ORDER);
    StringBuilder out = new StringBuilder();
    int at = 0;
    String eol = text.contains("\r\n") ? "\r\n" : "\n";
    for (Edit edit : order) {
      if (edit.start < at) {
        continue; // inside of what was replaced as a whole
      }
      out.append(text, at, edit.start);
      String fresh = edit.text.replace("\r\n", "\n");
      out.append(eol.equals("\n") ? fresh : fresh.replace("\n", eol));
      at = edit.end;
    }
    return out.append(text.substring(at)).toString();
  }

  private void edit(Source file, int start, int end, String text, Source from, int place) {
    List<Edit> list = edits.computeIfAbsent(file.path(), _ -> new ArrayList<>());
    list.add(new Edit(start, end, qualified(file, text, from), place, list.size()));
    uses(file.path(), text, from);
  }

  /**
   * {@return the text with whole names of the fixed release's own types, where the file imports
   * another type called so} Types that only moved to another package are none.
   */
  private String qualified(Source ours, String text, Source from) {
    Map<String, String> wholeNames = new HashMap<>();
    for (Source.Import theirs : from.imports()) {
      for (Source.Import mine : ours.imports()) {
        boolean another =
            !theirs.isStatic()
                && !mine.isStatic()
                && theirs.simpleName().equals(mine.simpleName())
                && !theirs.name().equals(mine.name())
                && fixed.has(path(theirs))
                && !base.has(path(mine));
        if (another) {
          wholeNames.put(theirs.simpleName(), theirs.name());
        }
      }
      String neighbour = folder(ours.path()) + theirs.simpleName() + ".java";
      boolean besides =
          !theirs.isStatic()
              && !path(theirs).equals(neighbour)
              && base.has(neighbour)
              && fixed.has(neighbour)
              && fixed.has(path(theirs));
      if (besides) {
        wholeNames.put(theirs.simpleName(), theirs.name());
      }
    }
    if (wholeNames.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    String before = "";
    for (Token token : Token.of(text)) {
      String whole = wholeNames.get(token.text());
      if (token.isWord() && whole != null && !before.equals(".")) {
        out.append(text, at, token.start()).append(whole);
        at = token.end();
      }
      before = token.text();
    }
    return out.append(text.substring(at)).toString();
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private static String path(Source.Import one) {
    return one.name().replace('.', '/') + ".java";
  }

  private void uses(String path, String text, Source from) {
    Set<String> used = words.computeIfAbsent(path, _ -> new LinkedHashSet<>());
    Token.of(text).stream().filter(Token::isWord).map(Token::text).forEach(used::add);
    origins.computeIfAbsent(path, _ -> new LinkedHashSet<>()).add(from);
  }

  private void file(Change change, String why) {
    Source fixed = change.fixed().orElseThrow();
    if (base.has(change.path())) {
      hunk(change, Hunk.Fate.PRESENT, "the version has the file");
      return;
    }
    created.put(change.path(), fixed.text());
    hunk(change, Hunk.Fate.KEPT, why);
  }

  private void header(Change change, String why) {
    Optional<Type> v = base.type(change.path(), change.type());
    Optional<Type> l = affected.type(change.path(), change.type());
    Type f = change.fixed().orElseThrow().types().get(change.type());
    if (v.isEmpty() || l.isEmpty() || f == null) {
      hunk(change, Hunk.Fate.ABSENT, "the version has no type " + change.type());
      return;
    }
    Merge merge = new Merge(bold);
    Type ours = v.get();
    // What the fix does not change here, an earlier one did: ours is then what comes before.
    Type old = l.get().header().equals(f.header()) ? ours : l.get();
    String text =
        merge.tokens(
            ours.source().span(ours.start(), ours.body()),
            old.source().span(old.start(), old.body()),
            f.source().span(f.start(), f.body()));
    take(change, merge);
    if (Token.normal(text).equals(ours.header())) {
      hunk(change, Hunk.Fate.PRESENT, "the version has it");
      return;
    }
    edit(ours.source(), ours.start(), ours.body(), text, f.source(), f.start());
    hunk(change, Hunk.Fate.KEPT, why);
  }

  private void take(Change change, Merge merge) {
    if (!merge.conflicts().isEmpty()) {
      culprits.add(change);
    }
    merge.conflicts().forEach(c -> conflicts.add(change.id() + ": " + c));
    merge.guesses().forEach(g -> guesses.add(change.id() + ": " + g));
    leftOut(change, merge);
  }

  private void leftOut(Change change, Merge merge) {
    if (!merge.leftOut().isEmpty()) {
      leftOut.put(change, List.copyOf(merge.leftOut()));
    }
  }

  private void remove(Change change, String why) {
    Member old = change.before().orElseThrow();
    Optional<Member> ours = locate(change.path(), old);
    if (ours.isEmpty()) {
      hunk(change, Hunk.Fate.PRESENT, "the version does not have it");
    } else if (ours.get().isVisible()) {
      hunk(change, Hunk.Fate.LEFT, "removing it would break who uses it");
      if (why.equals(SEED)) {
        leftOut.put(change, List.of("that it is gone"));
      }
    } else {
      Member member = ours.get();
      edit(
          member.owner().source(),
          member.lead(),
          member.end(),
          "",
          member.owner().source(),
          old.start());
      hunk(change, Hunk.Fate.KEPT, why);
    }
  }

  private void add(Change change, String why) {
    Member fresh = change.after().orElseThrow();
    if (created.containsKey(change.path())) {
      hunk(change, Hunk.Fate.KEPT, why);
      return;
    }
    Optional<Type> type = base.type(change.path(), change.type());
    if (type.isEmpty()) {
      hunk(change, Hunk.Fate.ABSENT, "the version has no type " + change.type());
      return;
    }
    Type ours = type.get();
    Optional<Member> there =
        (fresh.kind() == Kind.INITIALISER
                ? ours.members().stream()
                    .filter(m -> m.kind() == Kind.INITIALISER)
                    .filter(m -> m.normal().equals(fresh.normal()))
                    .findFirst()
                : ours.member(fresh.key()))
            .or(() ->
                fresh.kind() == Kind.FIELD
                    ? ours.members().stream()
                        .filter(m ->
                            m.kind() == Kind.FIELD
                                && List.of(m.name().split(",")).contains(fresh.name()))
                        .findFirst()
                    : Optional.empty());
    if (there.isPresent()) {
      boolean same = there.get().normal().equals(fresh.normal());
      hunk(change, Hunk.Fate.PRESENT, same ? "the version has it" : "the version has its own");
      return;
    }
    if (fresh.key().equals(NO_ARGUMENTS) && !implied.add(ours)) {
      hunk(change, Hunk.Fate.KEPT, why);
      return;
    }
    EnumConstants.openEnd(ours)
        .filter(_ -> closed.add(ours))
        .ifPresent(at -> edit(ours.source(), at, at, ";", fresh.owner().source(), 0));
    int place = place(ours, fresh);
    String text = fresh.whole().stripTrailing();
    String lead = text.startsWith("\n") ? "" : "\n";
    edit(ours.source(), place, place, "\n" + lead + text, fresh.owner().source(), fresh.start());
    if (fresh.name().equals("<init>") && !fresh.key().equals(NO_ARGUMENTS)) {
      implied(ours, fresh, place);
    }
    hunk(change, Hunk.Fate.KEPT, why);
  }

  /** The constructor that a class without any has, and lost with the first that is added. */
  private void implied(Type ours, Member fresh, int place) {
    boolean hasAny = ours.members().stream().anyMatch(m -> m.name().equals("<init>"));
    if (hasAny || !ours.isVisible() || !implied.add(ours)) {
      return;
    }
    Optional<Member> theirs = fresh.owner().member(NO_ARGUMENTS);
    String simple = ours.name().substring(ours.name().lastIndexOf('$') + 1);
    String indent = Merge.indent(fresh.owner().source(), fresh.start());
    edit(
        ours.source(),
        place,
        place,
        "\n\n"
            + indent
            + theirs.map(Member::text).orElse("public %s() {\n%s}".formatted(simple, indent)),
        fresh.owner().source(),
        fresh.start());
  }

  /** After the member that it follows in the fixed release, as far as the version has it. */
  private static int place(Type ours, Member fresh) {
    List<Member> order = fresh.owner().members();
    int at = order.indexOf(fresh);
    if (fresh.kind() == Kind.FIELD) {
      // Fields are filled in their order: one that others use stands before them.
      List<String> names = List.of(fresh.name().split(","));
      for (Member later : order.subList(at + 1, order.size())) {
        Optional<Member> user =
            later.kind() == Kind.FIELD ? ours.member(later.key()) : Optional.empty();
        if (user.isPresent() && Token.texts(later.tokens()).stream().anyMatch(names::contains)) {
          return user.get().lead();
        }
      }
    }
    for (int i = at - 1; i >= 0; i--) {
      Optional<Member> before = ours.member(order.get(i).key());
      if (before.isPresent()
          && before.get().kind() != Kind.CONSTANTS
          && before.get().kind() != Kind.INITIALISER) {
        return lineEnd(ours.source().text(), before.get().end());
      }
    }
    if (fresh.kind() == Kind.FIELD || fresh.kind() == Kind.INITIALISER) {
      Optional<Member> constants = ours.member("<constants>");
      if (constants.isEmpty()) {
        return ours.body();
      }
    }
    return ours.end() - 1;
  }

  /** After a comment on the same line. */
  private static int lineEnd(String text, int at) {
    int end = text.indexOf('\n', at);
    if (end < 0) {
      return at;
    }
    String rest = text.substring(at, end).strip();
    return rest.startsWith("//") ? end : at;
  }

  private void change(Change change, String why) {
    Member l = change.before().orElseThrow();
    Member f = change.after().orElseThrow();
    Merged merged = known.get(change);
    boolean isSplit = change.isSplit();
    if (isSplit
        && base.type(change.path(), change.type()).flatMap(t -> t.member(f.key())).isPresent()) {
      add(change, why);
      return;
    }
    Optional<Member> replaced = whole.contains(change) ? replaceable(change) : Optional.empty();
    if (replaced.isPresent()) {
      Member v = replaced.get();
      String text =
          Merge.fit(
              f.text(),
              Merge.indent(f.owner().source(), f.start()),
              Merge.indent(v.owner().source(), v.start()));
      edit(v.owner().source(), v.start(), v.end(), text, f.owner().source(), f.start());
      hunk(change, Hunk.Fate.KEPT, why + "; as the fixed release has it");
      return;
    }
    if (merged == null) {
      Optional<Member> found = locate(change.path(), l);
      if (found.isPresent()) {
        Merge merge = new Merge(bold);
        Renames renames = Renames.between(l, found.get());
        String text =
            change.isSplitOff() && hasBody(found.get()) && hasBody(l) && isAlike(found.get(), l)
                ? merge.head(found.get(), l, f)
                : merge.member(found.get(), renames.in(l), renames.in(f));
        if (bold && !isJava(found.get(), text)) {
          merge.conflicts().add("the fix and what is here cannot be joined into one text");
        }
        merged = new Merged(found.get(), text, merge);
        known.put(change, merged);
      }
    }
    if (isSplit && (merged == null || !merged.merge().conflicts().isEmpty())) {
      add(change, why);
      return;
    }
    if (merged == null) {
      Optional<Member> fixed = locate(change.path(), f);
      if (fixed.isPresent() && fixed.get().normal().equals(f.normal())) {
        hunk(change, Hunk.Fate.PRESENT, "the version has it");
      } else {
        hunk(change, Hunk.Fate.ABSENT, "the version has no " + l.id());
      }
      return;
    }
    Member v = merged.into();
    String text = merged.text();
    Merge merge = merged.merge();
    if (isSplit) {
      take(change, merge);
      beside(v, text, f);
      hunk(change, Hunk.Fate.KEPT, why + "; it does what %s did".formatted(v.key()));
      return;
    }
    if (Token.normal(text).equals(v.normal()) && merge.conflicts().isEmpty()) {
      if (merge.leftOut().isEmpty()) {
        hunk(change, Hunk.Fate.PRESENT, "the version has it");
      } else {
        hunk(change, Hunk.Fate.ABSENT, "what it changes is not in " + v.id());
      }
      take(change, merge);
      return;
    }
    take(change, merge);
    if (change.changesKey() && v.isVisible() && v.key().equals(l.key())) {
      // What others call stays, beside the new one.
      if (v.owner().member(f.key()).isEmpty()) {
        beside(v, text, f);
      }
      hunk(change, Hunk.Fate.KEPT, why + "; the signature before the fix stays too");
      return;
    }
    edit(v.owner().source(), v.start(), v.end(), text, f.owner().source(), f.start());
    hunk(change, Hunk.Fate.KEPT, why);
  }

  /**
   * {@return the member of the version that a change could replace with what the fixed release has,
   * since both are called and used alike}
   */
  Optional<Member> replaceable(Change change) {
    return change.before().isEmpty() || change.after().isEmpty() || change.isSplit()
        ? Optional.empty()
        : locate(change.path(), change.before().get())
            .filter(v -> v.key().equals(change.after().get().key()))
            .filter(v -> v.kind() != Kind.CONSTANTS && v.kind() != Kind.TYPE);
  }

  /**
   * {@return the words of each statement that the change is about, as it was before, where the
   * version has none of them in the place; empty if the change has a place, or the method is
   * missing}
   */
  List<List<String>> unplaced(Change change) {
    if (change.before().isEmpty() || change.after().isEmpty()) {
      return List.of();
    }
    Member l = change.before().get();
    Optional<Member> found = locate(change.path(), l);
    if (found.isEmpty()) {
      return List.of();
    }
    Merge merge = new Merge(false);
    Renames renames = Renames.between(l, found.get());
    String text = merge.member(found.get(), renames.in(l), renames.in(change.after().get()));
    boolean none =
        merge.conflicts().size() == merge.unplaced().size()
            && Token.normal(text).equals(found.get().normal());
    return none ? merge.unplaced() : List.of();
  }

  private void beside(Member v, String text, Member f) {
    Source source = v.owner().source();
    String indent = Merge.indent(source, v.start());
    edit(source, v.end(), v.end(), "\n\n" + indent + text, f.owner().source(), f.start());
  }

  private static boolean hasBody(Member method) {
    return method.body().isPresent();
  }

  private static boolean isAlike(Member ours, Member theirs) {
    return ours.likeness(theirs) > Change.ALIKE;
  }

  /** Whether a method as it was merged can still be read. */
  private static boolean isJava(Member ours, String text) {
    if (ours.kind() != Kind.METHOD || ours.owner().source().isBroken()) {
      return true;
    }
    String file = ours.owner().source().text();
    return !Source.parse(
            ours.file(), file.substring(0, ours.start()) + text + file.substring(ours.end()))
        .isBroken();
  }

  /** The member of the version that stands for one of the affected release. */
  private Optional<Member> locate(String path, Member wanted) {
    Optional<Type> type = base.type(path, wanted.owner().name());
    if (type.isPresent() && wanted.kind() == Kind.INITIALISER) {
      return Change.mostAlike(wanted, type.get().members());
    }
    if (type.isPresent()) {
      Optional<Member> same = type.get().member(wanted.key());
      if (same.isPresent()) {
        return same;
      }
      Optional<Member> whole = unsplit(type.get(), wanted);
      if (whole.isPresent()) {
        return whole;
      }
      List<Member> named =
          type.get().members().stream()
              .filter(m -> m.kind() == wanted.kind() && shares(m, wanted))
              .toList();
      Optional<Member> best = mostAlike(named, wanted, named.size() == 1 ? 0.35 : SAME_METHOD);
      if (best.isPresent()) {
        return best;
      }
    }
    if (wanted.kind() != Kind.METHOD || wanted.tokens().size() < 20) {
      return Optional.empty();
    }
    List<Member> anywhere = new ArrayList<>();
    if (type.isPresent()) {
      anywhere.addAll(type.get().source().members());
    }
    anywhere.addAll(base.members("", wanted.name()));
    return mostAlike(
        anywhere.stream()
            .filter(m -> m.kind() == Kind.METHOD)
            // One that the affected release has too, in the same place, is another method.
            .filter(m ->
                affected.type(m.file(), m.owner().name()).flatMap(t -> t.member(m.key())).isEmpty())
            // From a type that both have it moves as it is, or is another method called so.
            .filter(m ->
                affected.type(m.file(), m.owner().name()).isEmpty()
                    || m.key().equals(wanted.key()) && m.likeness(wanted) > AS_IT_IS)
            .toList(),
        wanted,
        0.75);
  }

  /**
   * The method which does here itself what it only calls in the affected release: an earlier
   * release split it.
   */
  private Optional<Member> unsplit(Type ours, Member wanted) {
    Optional<Type> after = fixed.type(wanted.file(), wanted.owner().name());
    List<Member> whole =
        ours.members().stream()
            .filter(m -> m.kind() == Kind.METHOD && m.name().equals(wanted.name()))
            .filter(m -> !Change.onlyCalls(m, wanted))
            .filter(m ->
                wanted
                    .owner()
                    .member(m.key())
                    .filter(l -> l != wanted && Change.onlyCalls(l, wanted))
                    // One that the fix changes itself is a place of its own.
                    .filter(l ->
                        after
                            .flatMap(t -> t.member(l.key()))
                            .filter(f -> f.normal().equals(l.normal()))
                            .isPresent())
                    .isPresent())
            .toList();
    return mostAlike(whole, wanted, UNSPLIT);
  }

  private static boolean shares(Member one, Member other) {
    Set<String> names = new HashSet<>(List.of(one.name().split(",")));
    names.retainAll(List.of(other.name().split(",")));
    return !names.isEmpty();
  }

  private static Optional<Member> mostAlike(List<Member> some, Member wanted, double least) {
    List<String> tokens = Token.texts(wanted.tokens());
    Member best = null;
    double most = least;
    for (Member one : some) {
      double like = Alignment.dice(Token.texts(one.tokens()), tokens);
      if (like >= most) {
        best = one;
        most = like;
      }
    }
    return Optional.ofNullable(best);
  }

  private String withImports(String path, String text, Set<String> used, Set<String> more) {
    if (!base.has(path)) {
      return text;
    }
    Source ours = base.source(path);
    Set<String> known = new HashSet<>();
    Set<String> all = new HashSet<>();
    ours.imports()
        .forEach(i -> {
          known.add(i.simpleName());
          all.add(i.text());
        });
    Set<String> lines = new LinkedHashSet<>();
    Map<String, String> packages = new HashMap<>();
    for (Source from : origins.getOrDefault(path, Set.of())) {
      for (Source.Import one : from.imports()) {
        String simple = one.simpleName();
        boolean isNeighbour = !one.isStatic() && base.has(folder(path) + simple + ".java");
        if (used.contains(simple)
            && !known.contains(simple)
            && !isNeighbour
            && !declares(ours, simple)) {
          lines.add(packages.getOrDefault(one.text(), one.text()));
        }
      }
    }
    lines.addAll(more);
    lines.removeAll(all);
    String inPackage = ours.packageName();
    lines.removeIf(l ->
        !l.contains("static ")
            && l.equals("import " + inPackage + "." + l.substring(l.lastIndexOf('.') + 1)));
    if (lines.isEmpty()) {
      return text;
    }
    int place = ours.importPlace();
    String eol = text.contains("\r\n") ? "\r\n" : "\n";
    String lead = ours.imports().isEmpty() ? eol : "";
    return text.substring(0, place) + lead + eol + String.join(eol, lines) + text.substring(place);
  }

  private static boolean declares(Source source, String simple) {
    return source.types().keySet().stream()
        .anyMatch(t -> t.equals(simple) || t.endsWith("$" + simple));
  }

  /** What is called otherwise in the version. */
  record Renames(Map<String, String> names) {
    static Renames between(Member l, Member v) {
      List<Token> lt = l.tokens();
      List<Token> vt = v.tokens();
      List<String> lw = Token.texts(lt);
      List<String> vw = Token.texts(vt);
      Map<String, String> names = new LinkedHashMap<>();
      if (lw.equals(vw)) {
        return new Renames(names);
      }
      int[] partners = Alignment.equal(lw, vw);
      Set<String> inL = new HashSet<>(lw);
      Set<String> inV = new HashSet<>(vw);
      Set<String> refused = new HashSet<>();
      for (int i = 1; i + 1 < lt.size(); i++) {
        if (partners[i] >= 0 || partners[i - 1] < 0 || partners[i + 1] != partners[i - 1] + 2) {
          continue;
        }
        Token old = lt.get(i);
        Token ours = vt.get(partners[i - 1] + 1);
        boolean renamed =
            old.isWord()
                && ours.isWord()
                && !inV.contains(old.text())
                && !inL.contains(ours.text());
        if (!renamed || lw.get(i - 1).equals(".")) {
          continue;
        }
        String other = names.putIfAbsent(old.text(), ours.text());
        if (other != null && !other.equals(ours.text())) {
          refused.add(old.text());
        }
      }
      names.keySet().removeAll(refused);
      names.keySet().removeIf(n -> Character.isUpperCase(n.charAt(0)));
      return new Renames(names);
    }

    /** {@return the member with our names, in a text of its own} */
    Member in(Member member) {
      if (names.isEmpty()) {
        return member;
      }
      Source source = member.owner().source();
      StringBuilder text = new StringBuilder();
      int at = 0;
      String before = "";
      for (Token token : member.tokens()) {
        String ours = names.get(token.text());
        if (token.isWord() && ours != null && !before.equals(".")) {
          text.append(source.text(), at, token.start()).append(ours);
          at = token.end();
        }
        before = token.text();
      }
      text.append(source.text().substring(at));
      Source renamed = Source.parse(source.path(), text.toString());
      Type type = renamed.types().get(member.owner().name());
      int index = member.owner().members().indexOf(member);
      return type == null || type.members().size() != member.owner().members().size()
          ? member
          : type.members().get(index);
    }
  }
}
