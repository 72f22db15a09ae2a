package underpin.fix.backport;

import com.sun.source.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import underpin.fix.backport.Source.Member;

/**
 * Brings the change from one text to another into a third, by statements: V is what we have, L what
 * the fix was made for, F the fixed text. The result is V with no other change than that from L to
 * F; what cannot be placed is a conflict.
 */
final class Merge {
  /** Less alike than this, two statements of a kind have nothing to do with each other. */
  private static final double ALIKE = 0.5;

  private final List<String> conflicts = new ArrayList<>();
  private final List<String> guesses = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<List<String>> unplaced = new ArrayList<>();

  /** Whether a statement that the fix replaces is replaced although V has another form of it. */
  private final boolean bold;

  /** Statements of V that change outside of the list where L has them. */
  private final Map<Node, String> elsewhere = new HashMap<>();

  private List<Node> all = List.of();
  private Set<Node> partnered = Set.of();

  Merge(boolean bold) {
    this.bold = bold;
  }

  List<String> conflicts() {
    return conflicts;
  }

  List<String> guesses() {
    return guesses;
  }

  /**
   * {@return statements of the fix that are not in the result, for what they change is not here}
   */
  List<String> leftOut() {
    return leftOut;
  }

  /** {@return the words of what the fix changes, as it was before, and what has no place here} */
  List<List<String>> unplaced() {
    return unplaced;
  }

  /** {@return the text of the member with the change, without its comments} */
  String member(Member v, Member l, Member f) {
    String vn = v.normal();
    String ln = l.normal();
    String fn = f.normal();
    if (ln.equals(fn) || vn.equals(fn)) {
      return v.text();
    }
    if (vn.equals(ln)) {
      return fit(
          f.text(), indent(f.owner().source(), f.start()), indent(v.owner().source(), v.start()));
    }
    if (v.body().isPresent() && l.body().isPresent() && f.body().isPresent()) {
      Node vb = Node.of(v.owner().source(), v.body().get());
      Node lb = Node.of(l.owner().source(), l.body().get());
      Node fb = Node.of(f.owner().source(), f.body().get());
      String head =
          whole(
              v.owner().source().span(v.start(), vb.start()),
              l.owner().source().span(l.start(), lb.start()),
              f.owner().source().span(f.start(), fb.start()));
      all = vb.all();
      partnered = new HashSet<>();
      String body = node(vb, lb, fb);
      if (!elsewhere.isEmpty()) {
        // Once more, now that it is known what changes out of its place.
        conflicts.clear();
        guesses.clear();
        leftOut.clear();
        unplaced.clear();
        body = node(vb, lb, fb);
      }
      return head + body;
    }
    return tokens(
        v.owner().source().span(v.start(), v.end()),
        l.owner().source().span(l.start(), l.end()),
        f.owner().source().span(f.start(), f.end()));
  }

  /** {@return the text of the member with what changes before its body, and the body of the fix} */
  String head(Member v, Member l, Member f) {
    if (v.normal().equals(f.normal())) {
      return v.text();
    }
    Source vs = v.owner().source();
    Source fs = f.owner().source();
    int fb = fs.start(f.body().orElseThrow());
    String head =
        whole(
            vs.span(v.start(), vs.start(v.body().orElseThrow())),
            l.owner().source().span(l.start(), l.owner().source().start(l.body().orElseThrow())),
            fs.span(f.start(), fb));
    return head
        + fit(fs.text().substring(fb, f.end()), indent(fs, f.start()), indent(vs, v.start()));
  }

  /** Two statements that stand for each other: how alike, 0 where not at all. */
  private static double likeness(Node one, Node other) {
    if (one.kind() != other.kind()) {
      return 0;
    }
    List<String> a = one.words();
    List<String> b = other.words();
    if (a.equals(b)) {
      return 1 + Math.min(a.size(), 50) / 100.0;
    }
    double like = Alignment.dice(a, b);
    boolean sameHead =
        !one.children().isEmpty()
            && !other.children().isEmpty()
            && one.kind() != Tree.Kind.TRY
            && one.header().equals(other.header());
    if (sameHead) {
      return 0.6 + like * 0.39;
    }
    if (declares(one, a) && declares(other, b) && name(a).equals(name(b))) {
      return 0.5 + like * 0.4;
    }
    return like >= ALIKE ? like * 0.95 : 0;
  }

  private static boolean declares(Node node, List<String> words) {
    return node.kind() == Tree.Kind.VARIABLE && words.contains("=");
  }

  private static String name(List<String> words) {
    int at = words.indexOf("=");
    return at > 0 ? words.get(at - 1) : "";
  }

  private String node(Node v, Node l, Node f) {
    partnered.add(v);
    String moved = elsewhere.get(v);
    if (moved != null) {
      return moved;
    }
    String vn = v.normal();
    String ln = l.normal();
    String fn = f.normal();
    if (ln.equals(fn) && elsewhere.isEmpty() || vn.equals(fn)) {
      return v.text();
    }
    if (vn.equals(ln) && elsewhere.isEmpty()) {
      return fit(f.text(), indent(f.source(), f.start()), indent(v.source(), v.start()));
    }
    if (v.isList() && l.isList() && f.isList()) {
      return list(v, l, f);
    }
    if (!v.isList() && !l.isList() && !f.isList() && !v.children().isEmpty()) {
      int count = v.children().size();
      if (count == l.children().size()
          && count <= f.children().size()
          && sameKinds(v, l, f, count)) {
        return places(v, l, f, count);
      }
    }
    if (v.children().isEmpty() && f.children().isEmpty() || v.isSimple() && f.isSimple()) {
      return whole(
          v.source().span(v.start(), v.end()),
          l.source().span(l.start(), l.end()),
          f.source().span(f.start(), f.end()));
    }
    return tokens(
        v.source().span(v.start(), v.end()),
        l.source().span(l.start(), l.end()),
        f.source().span(f.start(), f.end()));
  }

  /** Token by token; where that is a guess, the text of the fix as a whole, for that is Java. */
  private String whole(Span v, Span l, Span f) {
    int before = guesses.size();
    String text = tokens(v, l, f);
    if (guesses.size() == before
        && depth(Token.of(text)) != depth(v.tokens())
        && depth(v.tokens()) == depth(f.tokens())) {
      String brief = Token.normal(f.toString());
      (bold ? guesses : conflicts).add("both put brackets into it: " + brief);
    }
    return guesses.size() == before ? text : f.toString();
  }

  /** How many brackets stay open. */
  private static int depth(List<Token> tokens) {
    int depth = 0;
    for (Token token : tokens) {
      depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
    }
    return depth;
  }

  private static boolean sameKinds(Node v, Node l, Node f, int count) {
    for (int i = 0; i < count; i++) {
      Tree.Kind kind = l.children().get(i).kind();
      if (kind != v.children().get(i).kind() || kind != f.children().get(i).kind()) {
        return false;
      }
    }
    return true;
  }

  /** Statements in fixed places; what the fix has after the last of them comes along. */
  private String places(Node v, Node l, Node f, int count) {
    StringBuilder out = new StringBuilder();
    int va = v.start();
    int la = l.start();
    int fa = f.start();
    for (int i = 0; i < count; i++) {
      Node vc = v.children().get(i);
      Node lc = l.children().get(i);
      Node fc = f.children().get(i);
      out.append(
          whole(
              v.source().span(va, vc.start()),
              l.source().span(la, lc.start()),
              f.source().span(fa, fc.start())));
      out.append(node(vc, lc, fc));
      va = vc.end();
      la = lc.end();
      fa = fc.end();
    }
    out.append(
        whole(
            v.source().span(va, v.end()),
            l.source().span(la, l.end()),
            f.source().span(fa, f.end())));
    return out.toString();
  }

  /** Where the statements of a list begin: after its brace or colon. */
  private static int inner(Node list) {
    if (list.hasBraces()) {
      return list.start() + 1;
    }
    if (list.kind() == Tree.Kind.BLOCK
        && list.children().size() == 1
        && list.children().getFirst().start() == list.start()) {
      return list.start();
    }
    int to = list.children().isEmpty() ? list.end() : list.children().getFirst().start();
    String opening = list.kind() == Tree.Kind.CASE ? ":" : "{";
    int at = list.start();
    for (Token token : Token.of(list.source().text(), list.start(), to)) {
      if (token.text().equals(opening) || token.text().equals("->")) {
        at = token.end();
        if (!opening.equals(":")) {
          break;
        }
      }
    }
    return at;
  }

  private String list(Node v, Node l, Node f) {
    List<Node> vs = v.children();
    List<Node> ls = l.children();
    List<Node> fs = f.children();
    int[] lv = Alignment.by(ls, vs, Merge::likeness);
    int[] lf = Alignment.by(ls, fs, Merge::likeness);
    int[] fl = inverse(lf, fs.size());
    int[] vl = inverse(lv, vs.size());
    String[] changed = new String[vs.size()];
    boolean[] gone = new boolean[vs.size()];
    Map<Integer, List<String>> inserted = new HashMap<>();
    Map<Node, String> inWrappers = new HashMap<>();
    String indent = listIndent(v);
    for (int partner : lv) {
      if (partner >= 0) {
        partnered.add(vs.get(partner));
      }
    }

    for (int i = 0; i < ls.size(); i++) {
      Node old = ls.get(i);
      if (lv[i] >= 0 && lf[i] >= 0) {
        changed[lv[i]] = node(vs.get(lv[i]), old, fs.get(lf[i]));
      } else if (lv[i] >= 0) {
        Node ours = vs.get(lv[i]);
        partnered.add(ours);
        gone[lv[i]] = true;
        if (!ours.normal().equals(old.normal())) {
          Node within = wrapped(old, fs, fl);
          if (within != null) {
            inWrappers.put(within, node(ours, old, within));
          } else if (bold) {
            guesses.add("replaced, though it is written otherwise here: " + brief(ours));
          } else {
            conflicts.add("the fix removes what is written otherwise here: " + brief(ours));
          }
        }
      } else if (lf[i] >= 0
          && !old.normal().equals(fs.get(lf[i]).normal())
          && missing(old, fs.get(lf[i]))) {
        fl[lf[i]] = -1;
        lf[i] = -1;
      }
    }
    for (int j = 0; j < fs.size(); ) {
      if (fl[j] >= 0) {
        j++;
        continue;
      }
      int from = j;
      while (j < fs.size() && fl[j] < 0) {
        j++;
      }
      int gap = gap(from, j, fl, lv, lf, vs.size(), ls.size());
      for (int k = from; k < j; k++) {
        Node add = fs.get(k);
        String normal = add.normal();
        boolean there = false;
        for (int o = 0; o < vs.size(); o++) {
          there |= vl[o] < 0 && vs.get(o).normal().equals(normal);
        }
        if (!there) {
          inserted
              .computeIfAbsent(gap, _ -> new ArrayList<>())
              .add(comment(f, fs, k, indent) + replaced(add, inWrappers, indent));
        }
      }
    }
    return render(v, l, f, changed, gone, inserted, indent);
  }

  /** The comment lines directly before a statement that the fix adds. */
  private static String comment(Node list, List<Node> statements, int at, String indent) {
    int from = at == 0 ? inner(list) : statements.get(at - 1).end();
    String before =
        list.source().text().substring(from, Math.max(from, statements.get(at).start()));
    int line = before.indexOf('\n');
    String own = line < 0 ? "" : before.substring(line).strip();
    return own.isEmpty() ? "" : own.replaceAll("\\R\\s*", "\n" + indent) + "\n" + indent;
  }

  private String replaced(Node add, Map<Node, String> parts, String indent) {
    String text = add.text();
    List<Node> inside = add.all().stream().filter(parts::containsKey).toList();
    for (Node part : inside.reversed()) {
      text =
          text.substring(0, part.start() - add.start())
              + parts.get(part)
              + text.substring(part.end() - add.start());
    }
    return fit(text, indent(add.source(), add.start()), indent);
  }

  /** The statement within one that the fix adds which stands for one that it removes. */
  private static @org.jspecify.annotations.Nullable Node wrapped(
      Node old, List<Node> fs, int[] fl) {
    Node best = null;
    double most = 0.7;
    for (int j = 0; j < fs.size(); j++) {
      if (fl[j] < 0) {
        for (Node inside : fs.get(j).all()) {
          double like = inside.equals(fs.get(j)) ? 0 : likeness(old, inside);
          if (like > most) {
            best = inside;
            most = like;
          }
        }
      }
    }
    return best;
  }

  /**
   * The fix changes a statement that V has not in this place: perhaps it stands elsewhere. A call
   * that is in no form in V came with an earlier fix, and comes as the fix leaves it.
   *
   * @return whether it is to be inserted
   */
  private boolean missing(Node old, Node now) {
    Node best = null;
    double most = 0.6;
    for (Node ours : all) {
      boolean otherCall = isCall(old) && isCall(ours) && !called(old).equals(called(ours));
      double like = partnered.contains(ours) || otherCall ? 0 : likeness(old, ours);
      if (like > most) {
        best = ours;
        most = like;
      }
    }
    if (best != null) {
      if (!elsewhere.containsKey(best)) {
        elsewhere.put(best, node(best, old, now));
      }
      return false;
    }
    if (bold && isCall(old) && isCall(now) && all.stream().noneMatch(n -> isAlike(n, old, now))) {
      guesses.add("inserted, for what it was before the fix is not here: " + brief(now));
      return true;
    }
    unplaced.add(old.words());
    if (bold) {
      leftOut.add(brief(now));
    } else {
      conflicts.add("the fix changes what is not here: " + brief(old));
    }
    return false;
  }

  private static boolean isCall(Node node) {
    List<String> words = node.words();
    return node.kind() == Tree.Kind.EXPRESSION_STATEMENT
        && words.contains("(")
        && words.stream().noneMatch(w -> w.endsWith("=") || w.equals("++") || w.equals("--"));
  }

  /** Whether a statement of V names what is called. */
  private static boolean isAlike(Node ours, Node old, Node now) {
    return ours.words().contains(called(old)) || ours.words().contains(called(now));
  }

  private static String called(Node call) {
    return call.words().get(Math.max(0, call.words().indexOf("(") - 1));
  }

  private static int[] inverse(int[] partners, int size) {
    int[] inverse = new int[size];
    java.util.Arrays.fill(inverse, -1);
    for (int i = 0; i < partners.length; i++) {
      if (partners[i] >= 0) {
        inverse[partners[i]] = i;
      }
    }
    return inverse;
  }

  /** Before which statement of V the statements {@code from} to {@code to} of F belong. */
  private static int gap(int from, int to, int[] fl, int[] lv, int[] lf, int vSize, int lSize) {
    int lFrom = from == 0 ? 0 : fl[from - 1] + 1;
    int lTo = to == fl.length ? lSize : fl[to];
    for (int i = lFrom; i < lTo; i++) {
      if (lf[i] < 0 && lv[i] >= 0) {
        return lv[i]; // it takes the place of what goes
      }
    }
    int previous = -1;
    for (int i = lFrom - 1; i >= 0 && previous < 0; i--) {
      previous = lv[i];
    }
    int next = -1;
    for (int i = lTo; i < lSize && next < 0; i++) {
      next = lv[i];
    }
    boolean directlyBefore = lTo < lSize && lv[lTo] >= 0;
    if (next >= 0 && (directlyBefore || previous < 0)) {
      return next;
    }
    return previous >= 0
        ? previous + 1
        : next >= 0 ? next : vSize == 0 ? 0 : lFrom == 0 ? 0 : vSize;
  }

  private String render(
      Node v,
      Node l,
      Node f,
      String[] changed,
      boolean[] gone,
      Map<Integer, List<String>> inserted,
      String indent) {
    String text = v.source().text();
    List<Node> vs = v.children();
    int inner = inner(v);
    StringBuilder out = new StringBuilder();
    boolean bare = inner == v.start() && !v.hasBraces() && v.kind() == Tree.Kind.BLOCK;
    if (!bare) {
      out.append(
          whole(
              v.source().span(v.start(), inner),
              l.source().span(l.start(), inner(l)),
              f.source().span(f.start(), inner(f))));
    }
    StringBuilder body = new StringBuilder();
    int at = inner;
    int count = 0;
    for (int i = 0; i <= vs.size(); i++) {
      int end = i < vs.size() ? vs.get(i).start() : at;
      String lead = i < vs.size() ? text.substring(at, end) : "";
      for (String add : inserted.getOrDefault(i, List.of())) {
        body.append('\n').append(indent).append(add);
        count++;
      }
      if (i < vs.size()) {
        if (!gone[i]) {
          body.append(lead.isEmpty() && !body.isEmpty() ? "\n" + indent : lead);
          body.append(changed[i] != null ? changed[i] : elsewhere(vs.get(i)));
          count++;
        } else if (lead.contains("\n")
            && lead.strip().startsWith("//")
            && !lead.substring(0, lead.indexOf('\n')).isBlank()) {
          body.append(lead, 0, lead.indexOf('\n')); // belongs to the statement before
        }
        at = vs.get(i).end();
      }
    }
    if (bare) {
      boolean braces = count != 1 || f.hasBraces();
      String only = body.toString().strip();
      return braces ? "{\n" + indent + only + "\n" + outer(indent) + "}" : only;
    }
    out.append(body);
    String tail = text.substring(at, v.end());
    out.append(
        vs.isEmpty() && !body.isEmpty() && !tail.contains("\n")
            ? "\n" + outer(indent) + tail.strip()
            : tail);
    return out.toString();
  }

  /** What changes in a statement that stays as a whole, because a part of it has moved here. */
  private String elsewhere(Node ours) {
    if (elsewhere.isEmpty()) {
      return ours.text();
    }
    String text = ours.text();
    List<Node> inside = ours.all().stream().filter(elsewhere::containsKey).toList();
    for (Node part : inside.reversed()) {
      text =
          text.substring(0, part.start() - ours.start())
              + elsewhere.get(part)
              + text.substring(part.end() - ours.start());
    }
    return text;
  }

  private static String outer(String indent) {
    return indent.endsWith("\t")
        ? indent.substring(0, indent.length() - 1)
        : indent.substring(0, Math.max(0, indent.length() - (indent.length() % 4 == 0 ? 4 : 2)));
  }

  private static String listIndent(Node list) {
    if (!list.children().isEmpty()) {
      return indent(list.source(), list.children().getFirst().start());
    }
    String own = indent(list.source(), list.start());
    return own + (own.contains("\t") ? "\t" : "    ");
  }

  /** {@return the white space that begins the line of a place} */
  static String indent(Source source, int at) {
    String text = source.text();
    int line = text.lastIndexOf('\n', at - 1) + 1;
    int end = line;
    while (end < at && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(line, end);
  }

  /** {@return the text with the lines after the first moved from one indent to another} */
  static String fit(String text, String from, String to) {
    String plain = text.replace("\r\n", "\n");
    return from.equals(to) || plain.contains("\"\"\"")
        ? plain
        : plain.replace("\n" + from, "\n" + to);
  }

  private static String brief(Node node) {
    String normal = node.normal();
    return normal.length() <= 100 ? normal : normal.substring(0, 97) + "...";
  }

  /** Token by token; the result is V's text, white space and all, with the tokens of the change. */
  String tokens(Span ours, Span last, Span fixed) {
    String vText = ours.text();
    String fText = fixed.text();
    List<Token> v = ours.tokens();
    List<Token> l = last.tokens();
    List<Token> f = fixed.tokens();
    List<String> vt = Token.texts(v);
    List<String> lt = Token.texts(l);
    List<String> ft = Token.texts(f);
    if (lt.equals(ft) || vt.equals(ft)) {
      return ours.toString();
    }
    if (vt.equals(lt)) {
      return fixed.toString();
    }
    int[] lv = Alignment.equal(lt, vt);
    int[] lf = Alignment.equal(lt, ft);
    StringBuilder out = new StringBuilder();
    int vi = 0;
    int li = 0;
    int fi = 0;
    int written = ours.from();
    while (true) {
      int next = li;
      while (next < l.size() && (lv[next] < 0 || lf[next] < 0)) {
        next++;
      }
      int vEnd = next < l.size() ? lv[next] : v.size();
      int fEnd = next < l.size() ? lf[next] : f.size();
      List<String> vPart = vt.subList(vi, vEnd);
      List<String> lPart = lt.subList(li, next);
      List<String> fPart = ft.subList(fi, fEnd);
      int[] beside = beside(vPart, lPart, fPart);
      if (beside != null) {
        int from = vi < vEnd ? v.get(vi).start() : vi > 0 ? v.get(vi - 1).end() : ours.from();
        int to = vi < vEnd ? v.get(vEnd - 1).end() : from;
        out.append(vText, written, Math.max(written, from));
        String first = part(vText, v, vi + beside[0], vi + beside[1]);
        String fixes = part(fText, f, fi + beside[2], fi + beside[3]);
        boolean oursFirst = beside[0] == 0 && beside[2] > 0;
        String one = oursFirst ? first : fixes;
        String other = oursFirst ? fixes : first;
        out.append(from == to ? " " : "").append(one);
        out.append(one.isEmpty() || other.isEmpty() ? "" : " ").append(other);
        written = Math.max(written, to);
      } else if (!lPart.equals(fPart) && !vPart.equals(fPart)) {
        boolean both = lPart.isEmpty() && !vPart.isEmpty();
        if (!vPart.equals(lPart) && !bold) {
          conflicts.add(
              "%s became %s here and %s in the fix"
                  .formatted(shown(lPart), shown(vPart), shown(fPart)));
        } else if (!vPart.equals(lPart)) {
          guesses.add("%s taken, where %s stood".formatted(shown(fPart), shown(vPart)));
        }
        int from = vi < v.size() ? v.get(vi).start() : ours.to();
        int to = vEnd > vi ? v.get(vEnd - 1).end() : from;
        if (both) {
          from = to; // both add: ours first
        }
        if (vEnd == vi && vi > 0 && fi > 0) {
          // Nothing of V is replaced: directly after what stands before.
          from = v.get(vi - 1).end();
          to = from;
        }
        out.append(vText, written, Math.max(written, from));
        if (fEnd > fi) {
          boolean space = fi > 0 && f.get(fi - 1).end() < f.get(fi).start() && to == from;
          out.append(space ? " " : "");
          out.append(fText, f.get(fi).start(), f.get(fEnd - 1).end());
          boolean after =
              fEnd < f.size()
                  && to == from
                  && f.get(fEnd - 1).end() < f.get(fEnd).start()
                  && to < vText.length()
                  && !Character.isWhitespace(vText.charAt(to));
          out.append(after ? " " : "");
        } else if (from == to) {
          out.append("");
        } else {
          out.append(' ');
        }
        written = Math.max(written, to);
      }
      if (next >= l.size()) {
        break;
      }
      vi = vEnd + 1;
      fi = fEnd + 1;
      li = next + 1;
    }
    out.append(vText, written, ours.to());
    return out.toString();
  }

  private static String part(String text, List<Token> tokens, int from, int to) {
    return from < to ? text.substring(tokens.get(from).start(), tokens.get(to - 1).end()) : "";
  }

  /**
   * {@return which tokens of V and which of F make up the result, where one changes the beginning
   * of a part and the other its end: no conflict, though the changes touch; {@code null} where they
   * overlap}
   */
  private static int @org.jspecify.annotations.Nullable [] beside(
      List<String> v, List<String> l, List<String> f) {
    if (l.isEmpty() || l.equals(f) || l.equals(v) || v.equals(f)) {
      return null;
    }
    int rest = l.size() - sameAtEnd(f, l);
    if (rest <= sameAtStart(v, l)) {
      return new int[] {rest, v.size(), 0, f.size() - (l.size() - rest)};
    }
    int start = sameAtStart(f, l);
    if (l.size() - start <= sameAtEnd(v, l) && start > 0) {
      return new int[] {0, v.size() - (l.size() - start), start, f.size()};
    }
    return null;
  }

  private static int sameAtStart(List<String> one, List<String> other) {
    int same = 0;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }

  private static int sameAtEnd(List<String> one, List<String> other) {
    return sameAtStart(one.reversed(), other.reversed());
  }

  private static String shown(List<String> tokens) {
    String text = String.join(" ", tokens);
    return "'" + (text.length() <= 60 ? text : text.substring(0, 57) + "...") + "'";
  }
}
