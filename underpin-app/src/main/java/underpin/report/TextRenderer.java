package underpin.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.Reach;
import underpin.cases.Severity;
import underpin.cases.Verdict;
import underpin.cases.Vulnerability;

/**
 * The report a person reads in ten seconds: how many, how bad, what was done; then one line for
 * each group, and for each case where there are few.
 */
final class TextRenderer {
  /** Up to so many cases each gets a line of its own without being asked. */
  private static final int FEW = 24;

  /** So many groups of one outcome are shown unless all are asked for. */
  private static final int GROUPS_SHOWN = 15;

  private final Report report;
  private final RenderOptions options;
  private final Overview overview;
  private final boolean everyCase;
  private final List<String> lines = new ArrayList<>();

  TextRenderer(Report report, RenderOptions options) {
    this.report = report;
    this.options = options;
    this.overview = Overview.of(report);
    this.everyCase = options.all() || overview.stories().size() <= FEW;
  }

  void write(Writer writer) throws IOException {
    headline();
    table();
    for (Outcome outcome : Outcome.values()) {
      section(outcome);
    }
    foot();
    for (String line : lines) {
      writer.write(line.stripTrailing());
      writer.write('\n');
    }
  }

  private void headline() {
    Inventory.Target target = report.inventory().target();
    line(
        new Line()
            .add(Ink.BOLD, "underpin " + report.command())
            .add("  ")
            .add(Ink.BOLD, target.name()));
    String advisories =
        report.advisories().newest().isEmpty()
            ? ""
            : ", advisories up to " + day(report.advisories().newest());
    line(
        new Line()
            .add(
                Ink.DIM,
                Words.count(report.inventory().entries().size(), "component", "components")
                    + advisories));
    blank();
    line(verdictSentence());
    reachSentence();
    blank();
  }

  /** Where it was searched at all. */
  private void reachSentence() {
    long called = overview.stories().stream().filter(CaseStory::isCalled).count();
    long not = overview.stories().stream().filter(CaseStory::isUncalled).count();
    if (called + not > 0) {
      line(
          new Line()
              .add(
                  "The vulnerable code is called in %s, not called in %s, undecided in %s."
                      .formatted(
                          number((int) called),
                          number((int) not),
                          number(overview.stories().size() - (int) (called + not)))));
    }
  }

  /** What was searched, or why nothing was: said once, not at every case. */
  private void searched() {
    if (overview.stories().isEmpty()) {
      return;
    }
    report
        .calls()
        .notSearched()
        .ifPresent(why -> labelled("Calls", Ink.PLAIN, "not searched: " + why));
    List<Report.SearchedProgram> programs = report.calls().programs();
    int shown = options.all() ? programs.size() : Math.min(4, programs.size());
    programs
        .subList(0, shown)
        .forEach(program -> labelled("Searched", Ink.PLAIN, program.sentence()));
    if (shown < programs.size()) {
      labelled(
          "Searched", Ink.PLAIN, "and " + number(programs.size() - shown) + " more (--verbose)");
    }
  }

  /** The one sentence to read when there is time for one only. */
  private Line verdictSentence() {
    int all = overview.stories().size();
    if (report.inventory().entries().isEmpty()
        && report.inventory().target().kind() == Inventory.Target.Kind.ARCHIVE) {
      return new Line().add(Ink.WARNING, "No component was recognised, so nothing was judged.");
    }
    if (all == 0) {
      return new Line()
          .add(
              Ink.GOOD,
              report.inventory().problems().isEmpty()
                  ? "No known vulnerability in any component."
                  : "No known vulnerability in what could be read.");
    }
    int fixed = overview.fixed();
    Line line =
        new Line()
            .add(
                Ink.BOLD,
                Words.count(all, "case", "cases")
                    + " in "
                    + Words.count(overview.affectedComponents(), "component", "components"))
            .add(
                fixed == 0
                    ? "."
                    : fixed == all
                        ? ": all fixed."
                        : ": " + number(fixed) + " fixed, " + number(all - fixed) + " not.");
    long kev = overview.stories().stream().filter(s -> s.subject().vulnerability().kev()).count();
    if (kev > 0) {
      Line exploited =
          new Line().add(Ink.CRITICAL, Words.count(kev, "is", "are") + " known to be exploited.");
      if (line.columns() + 1 + exploited.columns() > options.width()) {
        line(line);
        return exploited;
      }
      line.add(" ").add(exploited);
    }
    return line;
  }

  private void table() {
    if (overview.stories().isEmpty()) {
      return;
    }
    List<Severity> severities = overview.severities();
    boolean narrow = options.width() < 72;
    Line head = new Line().add(" ".repeat(16));
    for (Severity severity : severities) {
      head.add("  ")
          .add(ink(severity), right(columnTitle(severity, narrow), cell(severity, narrow)));
    }
    line(head.add("  ").add(Ink.BOLD, right("all", 6)));
    for (Map.Entry<Outcome, SortedMap<Severity, Integer>> row : overview.counts().entrySet()) {
      Line line =
          new Line()
              .add(ink(row.getKey()), mark(row.getKey()) + " ")
              .add(left(row.getKey().title(), 14));
      for (Severity severity : severities) {
        int count = row.getValue().getOrDefault(severity, 0);
        line.add("  ")
            .add(
                count == 0 ? Ink.DIM : Ink.PLAIN,
                right(
                    count == 0 ? (options.unicode() ? "·" : "-") : number(count),
                    cell(severity, narrow)));
      }
      line(line.add("  ").add(Ink.BOLD, right(number(overview.count(row.getKey())), 6)));
    }
    blank();
  }

  private void section(Outcome outcome) {
    List<Overview.Group> groups =
        overview.groups().stream().filter(g -> g.outcome() == outcome).toList();
    if (groups.isEmpty()) {
      return;
    }
    line(
        new Line()
            .add(ink(outcome), mark(outcome) + " ")
            .add(Ink.BOLD, outcome.title())
            .add(Ink.DIM, "  " + outcome.meaning()));
    int shown = everyCase ? groups.size() : Math.min(groups.size(), GROUPS_SHOWN);
    groups.subList(0, shown).forEach(this::group);
    if (shown < groups.size()) {
      List<Overview.Group> rest = groups.subList(shown, groups.size());
      int cases = rest.stream().mapToInt(g -> g.cases().size()).sum();
      line(
          new Line()
              .add(
                  Ink.DIM,
                  "  and "
                      + Words.count(rest.size(), "more", "more")
                      + " with "
                      + Words.count(cases, "case", "cases")
                      + ", none worse than "
                      + Words.of(rest.getFirst().worst())));
    }
    blank();
  }

  private void group(Overview.Group group) {
    String count = Words.count(group.cases().size(), "case", "cases");
    Line tail =
        new Line()
            .add(right(count, 9))
            .add("  ")
            .add(ink(group.worst()), left(Words.of(group.worst()), 8))
            .add(group.kev() > 0 ? Ink.CRITICAL : Ink.DIM, group.kev() > 0 ? " KEV" : "    ");
    int room = options.width() - 2 - tail.columns() - 2;
    String title = shown(group.title());
    String place = placeOf(group);
    Line line = new Line().add("  ");
    if (!place.isEmpty() && Printable.columns(title + "  " + place) <= room) {
      int gap = room - Printable.columns(title) - 2;
      line(line.add(title).add("  ").add(Ink.DIM, left(place, gap)).add("  ").add(tail));
    } else if (Printable.columns(title) <= room) {
      line(line.add(left(title, room)).add("  ").add(tail));
    } else if (options.width() < 72) {
      line(line.add(cut(title, options.width() - 2)));
      line(new Line().add("   ").add(tail));
    } else {
      line(line.add(cut(title, room)).add("  ").add(tail));
    }
    where(group);
    if (everyCase) {
      group.cases().forEach(this::caseLine);
    }
  }

  /** Below a group: where it is edited, or why there is nothing to edit. */
  private void where(Overview.Group group) {
    CaseStory first = group.cases().getFirst();
    switch (group.outcome()) {
      case FIXED, MITIGATED -> {}
      case NOT_VERIFIED, INCOMPLETE ->
          reason(
              switch (first.verdictOrReason()) {
                case Verdict.Incomplete incomplete -> incomplete.because();
                case Verdict.NotVerified not -> not.because();
                case Verdict.Fixed _, Verdict.Mitigated _ -> "";
              });
      case DECLINED -> {
        reason(first.noPatchBecause());
        if (everyCase && !first.wouldHelp().isEmpty()) {
          detail("would help: " + first.wouldHelp());
        }
        if (everyCase) {
          first.considered().forEach(each -> detail("considered: " + each));
        }
      }
      case CLEARED ->
          first
              .cleared()
              .ifPresent(found ->
                  detail(
                      "%s, such as %s".formatted(found.because(), found.functions().getFirst())));
      case ACCEPTED ->
          first
              .accepted()
              .ifPresent(
                  r -> detail("until " + r.expires() + " by " + r.author() + ": " + r.reason()));
      case OPEN -> {
        String declared =
            overview
                .entry(first.subject().component())
                .flatMap(Inventory.Entry::declaredAt)
                .map(TextRenderer::declared)
                .orElse("");
        Set<String> named = new LinkedHashSet<>();
        group.cases().forEach(c -> named.addAll(c.fixesNearby()));
        List<String> fixed =
            new ArrayList<>(report.fixes().getOrDefault(first.subject().component(), List.of()));
        fixed.retainAll(named);
        String help =
            fixed.isEmpty()
                ? "no fixed version known"
                : "fixed in "
                    + (fixed.size() <= 3
                        ? String.join(", ", fixed)
                        // The first fixes one case at least, the last all of them.
                        : fixed.getFirst() + ", ..., " + fixed.getLast());
        detail(declared.isEmpty() ? help : help + "; " + declared);
      }
    }
  }

  /** {@return where the group's patch edits, as printable text; empty when it does not} */
  private String placeOf(Overview.Group group) {
    List<Patch.Edit> edits = group.patch().map(Patch::edits).orElse(List.of());
    if (edits.isEmpty()) {
      return "";
    }
    String more =
        edits.size() > 1
            ? " and " + Words.count(edits.size() - 1, "more place", "more places")
            : "";
    return shown(edits.getFirst().file() + ":" + edits.getFirst().line() + more);
  }

  private static String declared(Declaration at) {
    return switch (at.kind()) {
      case LITERAL -> "version at " + Words.place(at);
      case PROPERTY -> "property " + at.name() + " at " + Words.place(at);
      case MANAGED -> "managed at " + Words.place(at);
      case IMPORTED_BOM -> "from BOM " + at.name() + " at " + Words.place(at);
      case PARENT -> "from parent " + at.name() + " at " + Words.place(at);
      case PLUGIN -> "plugin at " + Words.place(at);
      case TRANSITIVE -> "brought by " + Words.place(at);
      case DOCUMENT -> Words.place(at);
    };
  }

  /** A place or a note: a line or two, all of it where all was asked for. */
  private void detail(String text) {
    detail(text, everyCase ? 2 : 1);
  }

  /** Why something is not fixed, which is what a reader came for: three lines. */
  private void reason(String text) {
    detail(text, 3);
  }

  private void detail(String text, int most) {
    paragraph(text, 4, options.all() ? Integer.MAX_VALUE : most)
        .forEach(part -> line(new Line().add("    ").add(Ink.DIM, part)));
  }

  private List<String> paragraph(String text, int indent, int most) {
    int room = options.width() - indent;
    List<String> wrapped = wrap(shown(text), room);
    if (wrapped.size() <= most) {
      return wrapped;
    }
    List<String> kept = new ArrayList<>(wrapped.subList(0, most));
    kept.set(most - 1, cut(wrapped.get(most - 1) + " " + wrapped.get(most), room));
    return kept;
  }

  private void caseLine(CaseStory story) {
    Case subject = story.subject();
    Vulnerability v = subject.vulnerability();
    Component component = subject.component();
    String score =
        v.cvss().map(c -> String.format(Locale.ROOT, "%5.1f", c.score())).orElse("    -");
    Line line =
        new Line()
            .add("    ")
            .add(left(cut(shown(v.id()), 20), 20))
            .add(" ")
            .add(ink(v.severity()), left(Words.of(v.severity()), 8) + score);
    if (v.kev()) {
      line.add(Ink.CRITICAL, " KEV");
    }
    switch (story.reach()) {
      case Reach.Reached _ ->
          line.add(Ink.WARNING, isTestOnly(component) ? " called by tests" : " called");
      case Reach.NotReached _ -> line.add(Ink.DIM, " not called");
      case Reach.Undecided _ -> {}
    }
    line.add("  ").add(artifact(component));
    if (!v.summary().isEmpty() && line.columns() + 12 <= options.width()) {
      line.add("  ").add(Ink.DIM, v.summary());
    }
    line(line);
    if (everyCase) {
      way(story.reach());
    }
  }

  private void way(Reach reach) {
    switch (reach) {
      case Reach.Reached(List<String> path, List<String> functions) -> {
        dim(Words.REACHED + Words.others(functions) + ":");
        path.forEach(this::dim);
      }
      case Reach.Undecided(String because, List<String> way) when !way.isEmpty() -> {
        dim("undecided: " + because + ". " + Words.WAY + ":");
        way.forEach(this::dim);
      }
      case Reach.Undecided _, Reach.NotReached _ -> {}
    }
  }

  private void dim(String text) {
    paragraph(text, 8, Integer.MAX_VALUE)
        .forEach(part -> line(new Line().add("        ").add(Ink.DIM, part)));
  }

  private boolean isTestOnly(Component component) {
    return overview
        .entry(component)
        .filter(entry -> entry.scopes().equals(Set.of("test")))
        .isPresent();
  }

  private static String artifact(Component component) {
    String name = component.name();
    return name.substring(name.indexOf(':') + 1) + " " + component.version();
  }

  private void foot() {
    report
        .baseline()
        .ifPresent(b -> {
          List<String> tests = new ArrayList<>();
          b.tests().forEach((word, count) -> tests.add(number(count) + " " + word));
          String said =
              b.builds()
                  ? "builds on "
                      + b.jdk()
                      + (tests.isEmpty()
                          ? ", no test was run"
                          : "; tests: " + String.join(", ", tests))
                  : "does not build, so no patch can be verified: " + b.failure().orElse("?");
          labelled("Project as it is", b.builds() ? Ink.PLAIN : Ink.CRITICAL, said);
        });
    report.sandbox().ifPresent(s -> labelled("Sandbox", Ink.PLAIN, s));
    if (!report.changes().isEmpty()) {
      labelled(
          "Patch",
          Ink.PLAIN,
          (report.applied() ? "written to " : "changes ")
              + Words.count(report.changes().size(), "file", "files")
              + ": "
              + String.join(", ", report.changes().stream().map(c -> c.file()).toList()));
    }
    searched();
    for (String warning : report.warnings()) {
      labelled("Warning", Ink.WARNING, warning);
    }
    List<Inventory.Problem> problems = report.inventory().problems();
    int shown = options.all() ? problems.size() : Math.min(5, problems.size());
    for (Inventory.Problem problem : problems.subList(0, shown)) {
      labelled("Not read", Ink.WARNING, problem.place() + ": " + problem.message());
    }
    if (shown < problems.size()) {
      labelled(
          "Not read", Ink.WARNING, "and " + number(problems.size() - shown) + " more (--verbose)");
    }
    if (!everyCase) {
      line(new Line().add(Ink.DIM, "One line for each case: --verbose"));
    }
  }

  private void labelled(String label, Ink ink, String text) {
    int indent = 18;
    String before = label;
    for (String part : paragraph(text, indent, options.all() ? Integer.MAX_VALUE : 4)) {
      line(new Line().add(Ink.DIM, left(before, indent)).add(ink, part));
      before = "";
    }
  }

  private List<String> wrap(String text, int width) {
    List<String> out = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String fitting = cut(word, width);
      if (!current.isEmpty() && Printable.columns(current + " " + fitting) > width) {
        out.add(current.toString());
        current.setLength(0);
      }
      current.append(current.isEmpty() ? "" : " ").append(fitting);
    }
    out.add(current.toString());
    return out;
  }

  private String mark(Outcome outcome) {
    boolean u = options.unicode();
    return switch (outcome) {
      case FIXED, CLEARED -> u ? "✓" : "+";
      case MITIGATED -> u ? "◐" : "~";
      case NOT_VERIFIED -> "?";
      case INCOMPLETE -> u ? "✗" : "x";
      case DECLINED -> u ? "✗" : "x";
      case ACCEPTED -> u ? "○" : "o";
      case OPEN -> u ? "●" : "*";
    };
  }

  private static String columnTitle(Severity severity, boolean narrow) {
    if (!narrow) {
      return Words.of(severity);
    }
    return switch (severity) {
      case CRITICAL -> "crit";
      case MEDIUM -> "med";
      case UNKNOWN -> "?";
      case HIGH, LOW, NONE -> Words.of(severity);
    };
  }

  private static int cell(Severity severity, boolean narrow) {
    return Math.max(4, columnTitle(severity, narrow).length());
  }

  private static Ink ink(Severity severity) {
    return switch (severity) {
      case CRITICAL -> Ink.CRITICAL;
      case HIGH -> Ink.HIGH;
      case MEDIUM -> Ink.MEDIUM;
      case LOW, NONE -> Ink.LOW;
      case UNKNOWN -> Ink.DIM;
    };
  }

  private static Ink ink(Outcome outcome) {
    return switch (outcome) {
      case FIXED, CLEARED -> Ink.GOOD;
      case MITIGATED, NOT_VERIFIED, ACCEPTED -> Ink.WARNING;
      case INCOMPLETE, DECLINED, OPEN -> Ink.CRITICAL;
    };
  }

  private static String day(String time) {
    return time.matches("\\d{4}-\\d{2}-\\d{2}T.*") ? time.substring(0, 10) : time;
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private String shown(String text) {
    return Printable.line(text, options.unicode());
  }

  private String cut(String text, int width) {
    return Printable.cut(text, width, options.unicode());
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - Printable.columns(text)));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - Printable.columns(text))) + text;
  }

  private void blank() {
    lines.add("");
  }

  private void line(Line line) {
    lines.add(line.fitted());
  }

  /** Pieces of text with their colours, cut at the width. */
  private final class Line {
    private final List<Piece> pieces = new ArrayList<>();

    private record Piece(Ink ink, String text) {}

    Line add(String text) {
      return add(Ink.PLAIN, text);
    }

    /** Text may be a stranger's: it is made printable here, whoever forgot to. */
    Line add(Ink ink, String text) {
      pieces.add(new Piece(ink, padded(text)));
      return this;
    }

    Line add(Line other) {
      pieces.addAll(other.pieces);
      return this;
    }

    int columns() {
      return pieces.stream().mapToInt(p -> Printable.columns(p.text())).sum();
    }

    /** {@return the line in the options' width}; a line that is too long is cut, never wrapped. */
    String fitted() {
      int left = options.width();
      StringBuilder out = new StringBuilder();
      boolean cutting = columns() > left;
      for (Piece piece : pieces) {
        int columns = Printable.columns(piece.text());
        boolean last = cutting && columns >= left;
        String text = last ? cut(piece.text() + " ".repeat(left + 1), left) : piece.text();
        out.append(options.colour() ? piece.ink().around(text) : text);
        if (last) {
          break;
        }
        left -= columns;
      }
      return out.toString();
    }

    private String padded(String text) {
      int start = 0;
      while (start < text.length() && text.charAt(start) == ' ') {
        start++;
      }
      int end = text.length();
      while (end > start && text.charAt(end - 1) == ' ') {
        end--;
      }
      return " ".repeat(start)
          + inner(text.substring(start, end))
          + " ".repeat(text.length() - end);
    }

    private String inner(String text) {
      // Blanks between columns are ours; only what is between them may be a stranger's.
      StringBuilder out = new StringBuilder();
      int from = 0;
      while (from < text.length()) {
        int gap = text.indexOf("  ", from);
        if (gap < 0) {
          return out.append(shown(text.substring(from))).toString();
        }
        int after = gap;
        while (after < text.length() && text.charAt(after) == ' ') {
          after++;
        }
        out.append(shown(text.substring(from, gap))).append(" ".repeat(after - gap));
        from = after;
      }
      return out.toString();
    }
  }

  /** Colours that terminals share, in their light and dark themes alike. */
  private enum Ink {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    GOOD("32"),
    WARNING("33"),
    CRITICAL("1;31"),
    HIGH("31"),
    MEDIUM("33"),
    LOW("36");

    private final String code;

    Ink(String code) {
      this.code = code;
    }

    String around(String text) {
      return code.isEmpty() || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
  }
}
