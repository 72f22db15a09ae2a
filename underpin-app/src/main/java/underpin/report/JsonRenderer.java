package underpin.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Embedding;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Reach;
import underpin.cases.Rung;
import underpin.cases.Severity;
import underpin.cases.Verdict;
import underpin.cases.Vulnerability;

/** Writes {@code underpin/report/1}; {@code docs/formats/report.md} is the contract. */
final class JsonRenderer {
  static final String SCHEMA = "underpin/report/1";

  /** Components of a report that somebody may read as it is. */
  private static final int MOST_INDENTED = 2_000;

  private final Report report;
  private final Overview overview;

  JsonRenderer(Report report) {
    this.report = report;
    this.overview = Overview.of(report);
  }

  void write(Writer writer) throws IOException {
    Json.document(writer, report.inventory().entries().size() <= MOST_INDENTED, this::root);
  }

  private void root(Json json) throws IOException {
    json.text("schema", SCHEMA);
    json.object(
        "tool",
        () -> {
          json.text("name", "underpin");
          json.text("version", report.toolVersion());
        });
    json.text("command", report.command());
    json.object(
        "target",
        () -> {
          Inventory.Target target = report.inventory().target();
          json.text("kind", Words.of(target.kind()));
          json.text("name", target.name());
          json.text("path", slashed(target.path()));
        });
    json.object(
        "advisories",
        () -> {
          json.text("digest", report.advisories().digest());
          json.text("complete", report.advisories().complete());
          json.text("newest", report.advisories().newest());
          json.number("records", report.advisories().records());
          json.texts("attributions", report.advisories().attributions());
        });
    summary(json);
    calls(json);
    json.texts("warnings", report.warnings());
    json.array(
        "problems",
        report.inventory().problems(),
        problem ->
            json.object(() -> {
              json.text("place", problem.place());
              json.text("message", problem.message());
            }));
    if (report.baseline().isPresent()) {
      baseline(json, report.baseline().get());
    }
    json.text("sandbox", report.sandbox());
    json.object("patch", () -> patchOfAll(json));
    json.array("cases", overview.stories(), story -> json.object(() -> oneCase(json, story)));
    json.array(
        "components",
        report.inventory().entries(),
        entry -> json.object(() -> component(json, entry)));
  }

  private void calls(Json json) throws IOException {
    json.object(
        "calls",
        () -> {
          json.text("notSearched", report.calls().notSearched());
          json.array(
              "programs",
              report.calls().programs(),
              program ->
                  json.object(() -> {
                    json.text("name", program.name());
                    json.flag("tests", program.tests());
                    json.text("started", program.started());
                    json.number("methods", program.methods());
                    json.number("classes", program.classes());
                  }));
        });
  }

  private void summary(Json json) throws IOException {
    json.object(
        "summary",
        () -> {
          json.number("components", report.inventory().entries().size());
          json.number("affectedComponents", overview.affectedComponents());
          json.number("cases", overview.stories().size());
          json.number(
              "knownExploited",
              overview.stories().stream().filter(s -> s.subject().vulnerability().kev()).count());
          json.object(
              "bySeverity",
              () -> {
                for (Severity severity : Overview.WORST_FIRST) {
                  json.number(Words.of(severity), overview.count(severity));
                }
              });
          json.object(
              "byOutcome",
              () -> {
                for (Outcome outcome : Outcome.values()) {
                  json.number(outcome.word(), overview.count(outcome));
                }
              });
          json.object(
              "byReach",
              () -> {
                for (String verdict : List.of("reached", "undecided", "not-reached")) {
                  json.number(
                      verdict,
                      overview.stories().stream()
                          .filter(s -> s.reach().word().equals(verdict))
                          .count());
                }
              });
        });
  }

  private static void baseline(Json json, Report.BaselineSummary baseline) throws IOException {
    json.object(
        "baseline",
        () -> {
          json.flag("builds", baseline.builds());
          json.text("jdk", baseline.jdk());
          json.object(
              "tests",
              () -> {
                for (Map.Entry<String, Integer> count : baseline.tests().entrySet()) {
                  json.number(count.getKey(), count.getValue());
                }
              });
          json.text("failure", baseline.failure());
        });
  }

  private void patchOfAll(Json json) throws IOException {
    json.flag("applied", report.applied());
    json.array(
        "files",
        report.changes(),
        (FileChange change) ->
            json.object(() -> {
              json.text("file", change.file());
              json.text("sha256Before", Identity.sha256(change.before()));
              json.text("sha256After", Identity.sha256(change.after()));
            }));
    List<Overview.Group> parts =
        overview.groups().stream().filter(g -> g.patch().isPresent()).toList();
    json.array(
        "parts",
        parts,
        part ->
            json.object(() -> {
              Patch patch = part.patch().orElseThrow();
              json.text("part", patch.part());
              json.text("summary", patch.summary());
              json.text("outcome", part.outcome().word());
              json.array("cases", part.cases(), s -> json.text(s.subject().id()));
            }));
  }

  private void oneCase(Json json, CaseStory story) throws IOException {
    json.text("id", story.subject().id());
    json.text("component", story.subject().component().purl());
    json.text("state", Words.of(story.subject().state()));
    json.text("outcome", story.outcome().word());
    vulnerability(json, story.subject().vulnerability());
    json.array(
        "findings",
        story.findings(),
        (Finding finding) ->
            json.object(() -> {
              json.text("source", finding.source());
              json.text("because", finding.because());
              json.texts("fixedVersions", finding.fixedVersions());
            }));
    json.object(
        "reach",
        () -> {
          json.text("verdict", story.reach().word());
          switch (story.reach()) {
            case Reach.Reached reached -> {
              json.texts("path", reached.path());
              json.texts("functions", reached.functions());
            }
            case Reach.NotReached not -> json.text("searched", not.searched());
            case Reach.Undecided undecided -> {
              json.text("because", undecided.because());
              if (!undecided.way().isEmpty()) {
                json.texts("way", undecided.way());
              }
            }
          }
        });
    if (story.accepted().isPresent()) {
      var risk = story.accepted().get();
      json.object(
          "accepted",
          () -> {
            json.text("reason", risk.reason());
            json.text("author", risk.author());
            json.text("expires", risk.expires().toString());
          });
    }
    if (story.cleared().isPresent()) {
      var found = story.cleared().get();
      json.object(
          "fixFound",
          () -> {
            json.text("because", found.because());
            json.texts("functions", found.functions());
          });
    }
    json.object(
        "patch",
        () -> {
          if (story.patch().isPresent()) {
            patch(json, story.patch().get());
          } else {
            json.text("kind", "none");
            json.text("summary", "no patch");
            json.text("because", story.noPatchBecause());
            json.textIfAny("wouldHelp", story.wouldHelp());
            json.texts("edits", List.of());
            if (story.declined().isPresent()) {
              considered(json, story.considered());
            }
          }
        });
    json.object("verdict", () -> verdict(json, story.verdictOrReason(), story.patch().isPresent()));
    json.arrayIfAny(
        "attempts",
        story.attempts(),
        attempt ->
            json.object(() -> {
              json.object("patch", () -> patch(json, attempt.patch()));
              if (attempt.verdict().isPresent()) {
                json.object("verdict", () -> verdict(json, attempt.verdict().get(), true));
              }
            }));
  }

  private static void vulnerability(Json json, Vulnerability v) throws IOException {
    json.object(
        "vulnerability",
        () -> {
          json.text("id", v.id());
          json.texts("aliases", v.aliases());
          json.text("summary", v.summary());
          json.text("severity", Words.of(v.severity()));
          if (v.cvss().isPresent()) {
            var cvss = v.cvss().get();
            json.object(
                "cvss",
                () -> {
                  json.text("version", cvss.version());
                  json.text("vector", cvss.vector());
                  json.number("score", cvss.score());
                });
          }
          if (v.epss().isPresent()) {
            json.number("epss", v.epss().getAsDouble());
          }
          json.flag("kev", v.kev());
          json.texts("cwes", v.cwes());
          json.texts("references", v.references());
        });
  }

  private static void patch(Json json, Patch patch) throws IOException {
    json.text("kind", patch.word());
    json.text("part", patch.part());
    json.text("summary", patch.summary());
    json.array(
        "changes",
        patch.changes(),
        change ->
            json.object(() -> {
              json.text("name", change.name());
              json.text("from", change.from());
              json.text("to", change.to());
            }));
    json.array(
        "edits",
        patch.edits(),
        edit ->
            json.object(() -> {
              json.text("file", edit.file());
              json.number("line", edit.line());
              json.text("before", edit.before());
              json.text("after", edit.after());
            }));
    considered(json, patch.considered());
  }

  private static void considered(Json json, List<Patch.Considered> considered) throws IOException {
    json.array(
        "considered",
        considered,
        each ->
            json.object(() -> {
              json.textIfAny("version", each.version());
              json.text("because", each.because());
            }));
  }

  /**
   * @param judged whether there was a patch to judge; without one, eleven rungs that say so eleven
   *     times were a third of a large report
   */
  private static void verdict(Json json, Verdict verdict, boolean judged) throws IOException {
    json.text("result", verdict.word());
    switch (verdict) {
      case Verdict.Incomplete incomplete -> json.text("because", incomplete.because());
      case Verdict.NotVerified not -> json.text("because", not.because());
      case Verdict.Fixed _, Verdict.Mitigated _ -> {}
    }
    json.array(
        "rungs",
        judged ? verdict.rungs().entrySet() : Set.<Map.Entry<Rung, Rung.Result>>of(),
        (Map.Entry<Rung, Rung.Result> rung) ->
            json.object(() -> {
              json.number("rung", rung.getKey().number());
              json.text("name", rung.getKey().title());
              json.text("result", rung.getValue().word());
              json.text("because", rung.getValue().because());
            }));
  }

  private void component(Json json, Inventory.Entry entry) throws IOException {
    Component component = entry.component();
    json.text("purl", component.purl());
    json.text("ecosystem", component.ecosystem().osvName());
    json.text("name", component.name());
    json.text("version", component.version());
    json.text("role", Words.of(entry.role()));
    json.texts("scopes", entry.scopes());
    json.texts("modules", entry.modules());
    json.flag("direct", entry.direct());
    json.flag("optional", entry.optional());
    if (entry.declaredAt().isPresent()) {
      Declaration at = entry.declaredAt().get();
      json.object(
          "declaredAt",
          () -> {
            json.text("file", at.file());
            json.number("line", at.line());
            json.text("kind", Words.of(at.kind()));
            json.text("name", at.name());
            json.flag("editable", at.editable());
          });
    }
    json.array(
        "paths",
        entry.paths(),
        (DependencyPath path) ->
            json.object(() -> {
              json.text("module", path.module());
              json.array("steps", path.steps(), step -> json.text(step.purl()));
            }));
    json.number("pathCount", entry.pathCount());
    json.text("location", entry.location());
    if (entry.embedding().isPresent()) {
      Embedding embedding = entry.embedding().get();
      json.object("embedded", () -> embedded(json, embedding));
    }
  }

  private static void embedded(Json json, Embedding embedding) throws IOException {
    json.text("carrier", embedding.carrier());
    json.text("atLeast", embedding.atLeast());
    json.text("below", embedding.below());
    json.texts("vulnerable", embedding.vulnerable());
    json.texts("fixed", embedding.fixed());
    json.array(
        "evidence",
        embedding.evidence().entrySet(),
        (Map.Entry<String, List<Embedding.Function>> one) ->
            json.object(() -> {
              json.text("vulnerability", one.getKey());
              json.array(
                  "functions",
                  one.getValue(),
                  (Embedding.Function function) ->
                      json.object(() -> {
                        json.text("method", function.id());
                        json.text("digest", function.digest());
                      }));
            }));
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }
}
