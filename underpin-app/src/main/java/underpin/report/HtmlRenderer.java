package underpin.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Reach;
import underpin.cases.Rung;
import underpin.cases.Severity;
import underpin.cases.Verdict;
import underpin.cases.Vulnerability;

/**
 * Writes one page that needs no network: style and script lie in it, and its content security
 * policy lets in these two by digest and nothing else. Readable without the script.
 */
final class HtmlRenderer {
  /** A page with more rows than that is none; the JSON form has them all. */
  private static final int MOST_COMPONENTS = 3_000;

  private static final int MOST_DIFF_LINES = 4_000;

  private static final String TURN =
      "<svg class=\"turn\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path d=\"M3 1l4 4-4 4\"/></svg>";
  private static final String PASSED =
      "<svg class=\"mark\" viewBox=\"0 0 20 20\" role=\"img\" aria-label=\"passed\"><path d=\"M4 10.5l4 4 8-9\"/></svg>";
  private static final String FAILED =
      "<svg class=\"mark\" viewBox=\"0 0 20 20\" role=\"img\" aria-label=\"failed\"><path d=\"M5 5l10 10M15 5L5 15\"/></svg>";
  private static final String NOT_RUN =
      "<svg class=\"mark\" viewBox=\"0 0 20 20\" role=\"img\" aria-label=\"not run\"><path d=\"M6 10h8\"/></svg>";

  private final Report report;
  private final RenderOptions options;
  private final Overview overview;

  HtmlRenderer(Report report, RenderOptions options) {
    this.report = report;
    this.options = options;
    this.overview = Overview.of(report);
  }

  void write(Writer writer) throws IOException {
    Html html = new Html(writer);
    String style = resource("report.css");
    String script = resource("report.js");
    html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.open(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src '"
            + digest(style)
            + "'; script-src '"
            + digest(script)
            + "'; img-src data:; base-uri 'none'; form-action 'none'");
    html.markup("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .markup(
            "<meta name=\"referrer\" content=\"no-referrer\">\n<link rel=\"icon\" href=\"data:,\">\n");
    html.element("title", report.inventory().target().name() + ": underpin " + report.command());
    html.markup("<style>").markup(style).markup("</style>\n</head>\n<body>\n");
    html.markup("<a class=\"skip\" href=\"#cases\">Go to the cases</a>\n");
    header(html);
    html.open("div", "class", "wrap");
    overview(html);
    notes(html);
    html.close("div");
    if (!overview.stories().isEmpty()) {
      tools(html);
    }
    html.open("main", "class", "wrap", "id", "cases");
    for (Outcome outcome : Outcome.values()) {
      section(html, outcome);
    }
    if (!overview.stories().isEmpty()) {
      html.markup(
          "<p class=\"empty\" id=\"nothing\" hidden>No case fits the search and the filters.</p>\n");
    }
    diff(html);
    inventory(html);
    about(html);
    html.close("main");
    html.open("footer").open("div", "class", "wrap");
    html.text("underpin " + report.toolVersion() + ". Not run never counts as passed.");
    if (options.at().isPresent()) {
      html.text(" Written " + options.at().get() + ".");
    }
    html.close("div").close("footer");
    html.markup("<script>").markup(script).markup("</script>\n</body>\n</html>\n");
  }

  private void header(Html html) throws IOException {
    html.open("header", "class", "top").open("div", "class", "wrap").open("div", "class", "names");
    html.markup(
        "<div class=\"brand\"><svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"M2 5h16M5 5v11M15"
            + " 5v11M5 16l10-11\"/></svg>underpin ");
    html.text(report.command()).markup("</div>\n");
    html.element("h1", report.inventory().target().name());
    String newest = report.advisories().newest();
    html.element(
        "p",
        Words.count(report.inventory().entries().size(), "component", "components")
            + (newest.isEmpty() ? "" : ", advisories up to " + day(newest)),
        "class",
        "lead");
    html.close("div");
    html.markup("<button type=\"button\" class=\"button theme\" hidden>Dark</button>\n");
    html.close("div").close("header");
  }

  private void overview(Html html) throws IOException {
    int all = overview.stories().size();
    if (all == 0) {
      html.open("section", "class", "card empty", "aria-label", "Summary");
      html.element(
          "p",
          report.inventory().problems().isEmpty()
              ? "No known vulnerability in any component."
              : "No known vulnerability in what could be read.",
          "class",
          "good");
      html.close("section");
      return;
    }
    int fixed = overview.fixed();
    html.open("section", "class", "card overview", "aria-label", "Summary")
        .open("div", "class", "verdict");
    boolean fix = !report.command().equals("scan");
    html.open("div", "class", "big").text(number(fix ? fixed : all)).open("small");
    html.text(
        fix
            ? " of " + Words.count(all, "case", "cases") + " fixed"
            : all == 1 ? " case" : " cases");
    html.close("small").close("div");
    bar(html, all);
    html.element(
        "p", "In " + Words.count(overview.affectedComponents(), "component", "components") + ".");
    long kev = overview.stories().stream().filter(s -> s.subject().vulnerability().kev()).count();
    if (kev > 0) {
      html.element(
          "p",
          Words.count(kev, "case is", "cases are") + " known to be exploited.",
          "class",
          "kevline");
    }
    html.close("div").open("div", "class", "matrix").open("table");
    html.markup("<thead><tr><th scope=\"col\">What was done</th>");
    List<Severity> severities = overview.severities();
    for (Severity severity : severities) {
      html.open("th", "scope", "col");
      // On a narrow screen the first letters stay; a screen reader has the whole word.
      String word = Words.of(severity);
      int kept = Math.min(4, word.length());
      html.open("span", "class", "pill " + word).text(word.substring(0, kept));
      html.markup("<span class=\"rest\">").text(word.substring(kept)).markup("</span></span>");
      html.close("th");
    }
    html.markup("<th scope=\"col\">All</th></tr></thead>\n<tbody>\n");
    for (Map.Entry<Outcome, SortedMap<Severity, Integer>> row : overview.counts().entrySet()) {
      html.open("tr").open("th", "scope", "row");
      html.markup("<svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">");
      html.open("circle", "class", "o-" + row.getKey().word(), "cx", "5", "cy", "5", "r", "5");
      html.markup("</circle></svg>").text(row.getKey().title()).close("th");
      for (Severity severity : severities) {
        int count = row.getValue().getOrDefault(severity, 0);
        html.element("td", number(count), "class", count == 0 ? "zero" : "some");
      }
      html.element("td", number(overview.count(row.getKey()))).close("tr");
    }
    html.markup("</tbody></table></div>").close("section");
  }

  private void bar(Html html, int all) throws IOException {
    html.open(
        "svg",
        "class",
        "bar",
        "viewBox",
        "0 0 1000 12",
        "preserveAspectRatio",
        "none",
        "aria-hidden",
        "true");
    double x = 0;
    for (Outcome outcome : Outcome.values()) {
      double width = 1000.0 * overview.count(outcome) / all;
      if (width > 0) {
        html.open(
            "rect",
            "class",
            "o-" + outcome.word(),
            "x",
            decimal(x),
            "y",
            "0",
            "width",
            decimal(Math.max(1, width - 3)),
            "height",
            "12");
        html.close("rect");
      }
      x += width;
    }
    html.close("svg");
  }

  private void notes(Html html) throws IOException {
    if (report.baseline().isPresent() && !report.baseline().get().builds()) {
      html.element(
          "p",
          "The project as it is does not build, so no patch could be verified: "
              + report.baseline().get().failure().orElse("no reason is known"),
          "class",
          "note bad");
    }
    for (String warning : report.warnings()) {
      html.element("p", warning, "class", "note");
    }
    for (Inventory.Problem problem : report.inventory().problems()) {
      html.open("p", "class", "note")
          .open("b")
          .text("Not read: " + problem.place())
          .markup("</b> ");
      html.text(problem.message()).close("p");
    }
  }

  private void tools(Html html) throws IOException {
    html.markup(
        "<div class=\"tools\" role=\"search\" hidden><div class=\"wrap\">\n<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"Search: id, component, words   (press /)\" aria-label=\"Search the cases\">\n");
    html.open("div", "class", "chips", "role", "group", "aria-label", "Severity");
    for (Severity severity : overview.severities()) {
      chip(html, "severity", Words.of(severity), Words.of(severity));
    }
    html.close("div");
    if (overview.counts().size() > 1) {
      html.open("div", "class", "chips", "role", "group", "aria-label", "What was done");
      for (Outcome outcome : overview.counts().keySet()) {
        chip(html, "outcome", outcome.word(), outcome.title());
      }
      html.close("div");
    }
    html.markup(
        "<button type=\"button\" class=\"button\" id=\"unfold\">Unfold all</button>\n<span class=\"shown\" role=\"status\"></span>\n</div></div>\n");
  }

  private static void chip(Html html, String kind, String value, String label) throws IOException {
    html.element(
        "button",
        label,
        "type",
        "button",
        "class",
        "chip",
        "aria-pressed",
        "false",
        "data-kind",
        kind,
        "data-value",
        value);
  }

  private void section(Html html, Outcome outcome) throws IOException {
    List<Overview.Group> groups =
        overview.groups().stream().filter(g -> g.outcome() == outcome).toList();
    if (groups.isEmpty()) {
      return;
    }
    html.open("section", "class", "outcome").open("h2").text(outcome.title());
    html.element("span", number(overview.count(outcome)), "class", "n").close("h2");
    html.element("p", sentence(outcome.meaning()), "class", "meaning");
    for (Overview.Group group : groups) {
      group(html, group, overview.groups().size() == 1);
    }
    html.close("section");
  }

  private void group(Html html, Overview.Group group, boolean open) throws IOException {
    html.markup(open ? "<details class=\"group card\" open>" : "<details class=\"group card\">");
    html.markup("<summary>").markup(TURN).open("span", "class", "title").text(group.title());
    String place = place(group);
    if (!place.isEmpty()) {
      html.element("span", place, "class", "place mono");
    }
    html.close("span").open("span", "class", "mix");
    if (group.kev() > 0) {
      html.element("span", "known exploited", "class", "pill kev");
    }
    for (Map.Entry<Severity, Integer> count : group.bySeverity().entrySet()) {
      pill(html, count.getKey(), " " + count.getValue());
    }
    html.close("span");
    html.element("span", Words.count(group.cases().size(), "case", "cases"), "class", "count");
    html.close("summary").open("div", "class", "inside");
    CaseStory first = group.cases().getFirst();
    reason(html, group, first);
    if (group.patch().isPresent()) {
      patch(html, group.patch().get(), group);
    }
    for (Map.Entry<Component, List<CaseStory>> component : group.byComponent().entrySet()) {
      component(html, component.getKey(), component.getValue(), group.sharedVerdict().isEmpty());
    }
    html.close("div").close("details");
  }

  private String place(Overview.Group group) {
    List<Patch.Edit> edits = group.patch().map(Patch::edits).orElse(List.of());
    if (!edits.isEmpty()) {
      return edits.getFirst().file()
          + ":"
          + edits.getFirst().line()
          + (edits.size() > 1
              ? " and " + Words.count(edits.size() - 1, "more place", "more places")
              : "");
    }
    return group.patch().isPresent()
        ? ""
        : overview
            .entry(group.cases().getFirst().subject().component())
            .flatMap(Inventory.Entry::declaredAt)
            .map(Words::place)
            .orElse("");
  }

  private static void reason(Html html, Overview.Group group, CaseStory story) throws IOException {
    switch (group.outcome()) {
      case DECLINED -> {
        because(html, "Why not", story.noPatchBecause());
        if (!story.wouldHelp().isEmpty()) {
          because(html, "Would help", story.wouldHelp());
        }
        considered(html, story.considered());
      }
      case CLEARED -> {
        var found = story.cleared().orElseThrow();
        because(
            html, "How it is known", found.because() + ": " + String.join(", ", found.functions()));
      }
      case ACCEPTED -> {
        var risk = story.accepted().orElseThrow();
        because(
            html, "Accepted until " + risk.expires(), risk.reason() + " (" + risk.author() + ")");
      }
      case INCOMPLETE, NOT_VERIFIED -> {
        switch (story.verdictOrReason()) {
          case Verdict.Incomplete incomplete -> because(html, "What failed", incomplete.because());
          case Verdict.NotVerified not -> because(html, "What could not run", not.because());
          case Verdict.Fixed _, Verdict.Mitigated _ -> {}
        }
      }
      case FIXED, MITIGATED, OPEN -> {}
    }
  }

  private static void because(Html html, String label, String text) throws IOException {
    html.open("p", "class", "because")
        .open("b")
        .text(label + ": ")
        .markup("</b>")
        .text(text)
        .close("p");
  }

  private static void considered(Html html, List<Patch.Considered> considered) throws IOException {
    if (considered.isEmpty()) {
      return;
    }
    html.markup("<details class=\"fold\"><summary>")
        .markup(TURN)
        .text("Also considered")
        .element("span", number(considered.size()), "class", "n")
        .close("summary")
        .open("ul", "class", "plain");
    for (Patch.Considered each : considered) {
      html.open("li");
      if (!each.version().isEmpty()) {
        html.open("b").text(each.version() + ": ").markup("</b>");
      }
      html.text(each.because()).close("li");
    }
    html.close("ul").close("details");
  }

  private static void patch(Html html, Patch patch, Overview.Group group) throws IOException {
    html.open("div", "class", "two").open("div");
    if (!patch.changes().isEmpty()) {
      html.element("h3", "Versions");
      html.open("table", "class", "moves");
      for (Patch.VersionChange change : patch.changes()) {
        html.open("tr")
            .element("td", change.name(), "class", "mono")
            .element("td", change.from(), "class", "mono");
        html.element("td", change.to().isEmpty() ? "removed" : "→ " + change.to(), "class", "mono")
            .close("tr");
      }
      html.close("table");
    }
    html.element("h3", "Edits").open("ul", "class", "plain mono");
    for (Patch.Edit edit : patch.edits()) {
      html.element("li", edit.file() + ":" + edit.line());
    }
    html.close("ul");
    considered(html, patch.considered());
    html.close("div").open("div");
    if (group.sharedVerdict().isPresent()) {
      html.element("h3", "Verification");
      ladder(html, group.sharedVerdict().get());
    } else if (group.cases().stream().noneMatch(c -> c.verdict().isPresent())) {
      html.element("h3", "Verification")
          .element("p", "The patch was not verified.", "class", "because");
    }
    html.close("div").close("div");
  }

  /** Rungs that were not run for one and the same reason are one line. */
  private static void ladder(Html html, Verdict verdict) throws IOException {
    html.open("ol", "class", "ladder");
    List<Map.Entry<Rung, Rung.Result>> rungs = new ArrayList<>(verdict.rungs().entrySet());
    for (int i = 0; i < rungs.size(); ) {
      Rung.Result result = rungs.get(i).getValue();
      int next = i + 1;
      while (result instanceof Rung.Result.NotRun
          && next < rungs.size()
          && rungs.get(next).getValue().equals(result)) {
        next++;
      }
      html.open("li", "class", result.word());
      html.markup(
          switch (result) {
            case Rung.Result.Passed _ -> PASSED;
            case Rung.Result.Failed _ -> FAILED;
            case Rung.Result.NotRun _ -> NOT_RUN;
          });
      html.open("div")
          .text(
              next - i > 1
                  ? rungs.get(i).getKey().number()
                      + " to "
                      + rungs.get(next - 1).getKey().number()
                      + ". Not run"
                  : rungs.get(i).getKey().number()
                      + ". "
                      + sentence(rungs.get(i).getKey().title()).replaceAll("\\.$", ""));
      html.element("span", result.because(), "class", "why").close("div").close("li");
      i = next;
    }
    html.close("ol");
  }

  private void component(
      Html html, Component component, List<CaseStory> stories, boolean withLadder)
      throws IOException {
    html.open("div", "class", "component").element("h4", component.display(), "class", "mono");
    var entry = overview.entry(component);
    if (entry.isPresent()) {
      Inventory.Entry e = entry.get();
      List<String> facts = new ArrayList<>();
      if (!Words.scopes(e).isEmpty()) {
        facts.add(Words.scopes(e));
      }
      facts.add(e.direct() ? "declared directly" : "brought by others");
      e.declaredAt()
          .ifPresent(d ->
              facts.add(
                  Words.of(d.kind()).replace('-', ' ') + " " + d.name() + " at " + Words.place(d)));
      html.element("p", String.join(" · ", facts), "class", "where");
      PathPicture.draw(html, e);
    }
    for (CaseStory story : stories) {
      oneCase(html, story, withLadder);
    }
    html.close("div");
  }

  private void oneCase(Html html, CaseStory story, boolean withLadder) throws IOException {
    Vulnerability v = story.subject().vulnerability();
    html.open(
        "details",
        "class",
        "case",
        "data-severity",
        Words.of(v.severity()),
        "data-outcome",
        story.outcome().word(),
        "data-find",
        find(story));
    html.markup("<summary>")
        .markup(TURN)
        .element("span", v.id(), "class", "id mono")
        .open("span", "class", "rate");
    pill(
        html,
        v.severity(),
        v.cvss().map(c -> String.format(Locale.ROOT, " %.1f", c.score())).orElse(""));
    html.close("span").element("span", v.summary(), "class", "sum").open("span", "class", "epss");
    if (v.kev()) {
      html.element("span", "known exploited", "class", "pill kev");
    }
    if (v.epss().isPresent()) {
      html.element(
          "span",
          "EPSS " + Words.percent(v.epss().getAsDouble()),
          "title",
          "Probability of exploitation within 30 days, FIRST.org");
    }
    html.markup("</span>").close("summary").open("dl", "class", "facts");
    if (!v.aliases().isEmpty()) {
      fact(html, "Also known as", String.join(", ", v.aliases()));
    }
    for (var finding : story.findings()) {
      fact(html, "Found", finding.source() + ": " + finding.because());
      if (!finding.fixedVersions().isEmpty()) {
        fact(html, "Fixed in", String.join(", ", finding.fixedVersions()));
      }
    }
    fact(
        html,
        "Reach",
        switch (story.reach()) {
          case Reach.Reached(List<String> path, List<String> functions) ->
              Words.REACHED + ": " + String.join(" → ", path) + Words.others(functions);
          case Reach.NotReached(String searched) -> "not reached: " + searched;
          case Reach.Undecided(String why, List<String> way) ->
              "undecided: "
                  + why
                  + (way.isEmpty() ? "" : ". " + Words.WAY + ": " + String.join(" → ", way));
        });
    if (v.cvss().isPresent()) {
      fact(html, "CVSS " + v.cvss().get().version(), v.cvss().get().vector());
    }
    if (!v.cwes().isEmpty()) {
      fact(html, "Weakness", String.join(", ", v.cwes()));
    }
    if (!v.references().isEmpty()) {
      html.element("dt", "References").open("dd");
      for (String reference : v.references().stream().limit(8).toList()) {
        html.open("div");
        if (Identity.isWebAddress(reference)) {
          html.element("a", reference, "href", reference, "rel", "noreferrer noopener");
        } else {
          html.text(reference);
        }
        html.close("div");
      }
      html.close("dd");
    }
    for (CaseStory.Attempt attempt : story.attempts()) {
      fact(
          html,
          "Tried before",
          attempt.patch().summary() + attempt.verdict().map(x -> ": " + x.word()).orElse(""));
    }
    html.close("dl");
    if (withLadder && story.verdict().isPresent()) {
      ladder(html, story.verdict().get());
    }
    html.close("details");
  }

  private static String find(CaseStory story) {
    Vulnerability v = story.subject().vulnerability();
    return String.join(
            " ",
            v.id(),
            String.join(" ", v.aliases()),
            story.subject().component().display(),
            v.summary(),
            story.patch().map(Patch::summary).orElse(""),
            v.kev() ? "kev known exploited" : "",
            String.join(" ", v.cwes()))
        .toLowerCase(Locale.ROOT);
  }

  private static void fact(Html html, String name, String value) throws IOException {
    html.element("dt", name).element("dd", value);
  }

  private void diff(Html html) throws IOException {
    if (report.changes().isEmpty()) {
      return;
    }
    html.open("h2").text("The patch");
    html.element("span", Words.count(report.changes().size(), "file", "files"), "class", "n")
        .close("h2");
    html.element(
        "p",
        report.applied()
            ? "Written to the project's files."
            : "Not applied. It lies in fix.patch, for git apply.",
        "class",
        "meaning");
    int left = MOST_DIFF_LINES;
    for (FileChange change : report.changes()) {
      html.open("div", "class", "diff card")
          .element("div", change.file(), "class", "file mono")
          .markup("<pre tabindex=\"0\">");
      if (UnifiedDiff.isBinary(change)) {
        html.text(
                (change.isNew() ? "A new file of " : "A file of ")
                    + number(change.after().length)
                    + " bytes")
            .markup("</pre>")
            .close("div");
        continue;
      }
      // Shown, not applied: a byte that is no UTF-8 may become a mark here.
      List<String> lines =
          new String(UnifiedDiff.of(List.of(change)), StandardCharsets.UTF_8).lines().toList();
      int from = 0;
      while (from < lines.size() && !lines.get(from).startsWith("@@")) {
        from++;
      }
      for (String line : lines.subList(from, lines.size())) {
        if (left-- <= 0) {
          html.markup("<span class=\"at\">The rest is in fix.patch.</span>");
          break;
        }
        html.open(
            "span",
            "class",
            line.startsWith("+")
                ? "add"
                : line.startsWith("-") ? "del" : line.startsWith(" ") ? "same" : "at");
        html.text(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
            .markup("</span>");
      }
      html.markup("</pre>").close("div");
    }
  }

  private void inventory(Html html) throws IOException {
    List<Inventory.Entry> entries = report.inventory().entries();
    html.open("h2")
        .text("Components")
        .element("span", number(entries.size()), "class", "n")
        .close("h2");
    html.markup("<details class=\"fold card inventory\"><summary>")
        .markup(TURN)
        .text("All components and where their versions are declared")
        .close("summary");
    html.markup(
        "<div class=\"scroll\" tabindex=\"0\"><table class=\"list\"><thead><tr><th scope=\"col\">Component</th><th scope=\"col\">Scopes</th><th scope=\"col\">Declared at</th><th scope=\"col\">Cases</th></tr></thead>\n<tbody>\n");
    Map<Component, Long> cases =
        overview.stories().stream()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    s -> s.subject().component(),
                    java.util.TreeMap::new,
                    java.util.stream.Collectors.counting()));
    for (Inventory.Entry entry : entries.stream().limit(MOST_COMPONENTS).toList()) {
      html.open("tr").element("td", entry.component().display(), "class", "mono");
      html.element("td", Words.scopes(entry));
      html.element("td", entry.declaredAt().map(Words::place).orElse(""), "class", "mono");
      long count = cases.getOrDefault(entry.component(), 0L);
      html.element("td", count == 0 ? "" : number(count)).close("tr");
    }
    html.markup("</tbody></table></div>");
    if (entries.size() > MOST_COMPONENTS) {
      html.element(
          "p",
          "And " + number(entries.size() - MOST_COMPONENTS) + " more; --format json lists all.",
          "class",
          "empty");
    }
    html.close("details");
  }

  private void about(Html html) throws IOException {
    html.element("h2", "How this was made")
        .open("div", "class", "about card")
        .open("dl", "class", "facts");
    if (report.baseline().isPresent()) {
      Report.BaselineSummary b = report.baseline().get();
      List<String> tests = new ArrayList<>();
      b.tests().forEach((word, count) -> tests.add(number(count) + " " + word));
      fact(
          html,
          "Project as it is",
          (b.builds() ? "builds on " + b.jdk() : "does not build")
              + (tests.isEmpty() ? "" : "; tests: " + String.join(", ", tests)));
    } else {
      fact(html, "Project as it is", "not built");
    }
    fact(html, "Sandbox", report.sandbox().orElse("no foreign code was run"));
    fact(
        html,
        "Advisories",
        Words.count(report.advisories().records(), "record", "records")
            + ", complete up to "
            + report.advisories().complete());
    html.element("dt", "Snapshot").element("dd", report.advisories().digest(), "class", "mono");
    fact(
        html,
        "Target",
        Words.of(report.inventory().target().kind()).replace('-', ' ')
            + " "
            + report.inventory().target().path().toString().replace('\\', '/'));
    for (String attribution : report.advisories().attributions()) {
      fact(html, "Data", attribution);
    }
    html.close("dl").close("div");
  }

  private static void pill(Html html, Severity severity, String more) throws IOException {
    html.open("span", "class", "pill " + Words.of(severity))
        .text(Words.of(severity) + more)
        .markup("</span>");
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private static String day(String time) {
    return time.matches("\\d{4}-\\d{2}-\\d{2}T.*") ? time.substring(0, 10) : time;
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String decimal(double n) {
    return String.format(Locale.ROOT, "%.2f", n);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HtmlRenderer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("The program lacks its own file " + name + "; install it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** As the Content Security Policy names an inline block, CSP Level 3, section 6.7.3.3. */
  private static String digest(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256, which every Java must have", e);
    }
  }
}
