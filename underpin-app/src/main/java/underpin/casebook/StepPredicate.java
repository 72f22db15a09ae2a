package underpin.casebook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import underpin.cases.Case;
import underpin.cases.Patch;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Reach;
import underpin.cases.Rung;
import underpin.cases.Step;
import underpin.cases.Verdict;
import underpin.evidence.Statement;

/**
 * One Step as the predicate of an in-toto statement; the format stands in
 * docs/formats/step-predicate.md. The same Step gives the same bytes.
 */
public final class StepPredicate {
  /** The predicate type of every Step. */
  public static final String TYPE = "urn:underpin:step:1";

  private static final JsonFactory JSON = new JsonFactory();

  private StepPredicate() {}

  /**
   * @param context facts of the run that the Step rests on (tool version, snapshot digest,
   *     sandbox), in order
   */
  public static byte[] of(Case of, Step step, Map<String, String> context) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("case", of.id());
      json.writeStringField("component", of.component().purl());
      json.writeStringField("vulnerability", of.vulnerability().id());
      json.writeStringField("step", step.word());
      write(json, step);
      context(json, context);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * {@return the predicate that says which files the verified patch was made for, and what they
   * become}
   */
  public static byte[] ofFiles(List<FileChange> changes, Map<String, String> context) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("files");
      for (FileChange change : changes) {
        json.writeStartObject();
        json.writeStringField("file", change.file());
        json.writeStringField("before", Statement.Subject.of("before", change.before()).sha256());
        json.writeStringField("after", Statement.Subject.of("after", change.after()).sha256());
        json.writeEndObject();
      }
      json.writeEndArray();
      context(json, context);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void context(JsonGenerator json, Map<String, String> context) throws IOException {
    json.writeObjectFieldStart("context");
    for (Map.Entry<String, String> fact : context.entrySet()) {
      json.writeStringField(fact.getKey(), fact.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Step step) throws IOException {
    switch (step) {
      case Step.Found(var finding) -> {
        json.writeStringField("source", finding.source());
        json.writeStringField("because", finding.because());
        strings(json, "fixedVersions", finding.fixedVersions());
      }
      case Step.FixFound(var because, var functions) -> {
        json.writeStringField("because", because);
        strings(json, "functions", functions);
      }
      case Step.ReachJudged(var reach) -> {
        json.writeStringField("reach", reach.word());
        switch (reach) {
          case Reach.Reached(var path, var functions) -> {
            strings(json, "path", path);
            strings(json, "functions", functions);
          }
          case Reach.NotReached(var searched) -> json.writeStringField("because", searched);
          case Reach.Undecided(var because, var way) -> {
            json.writeStringField("because", because);
            if (!way.isEmpty()) {
              strings(json, "way", way);
            }
          }
        }
      }
      case Step.RiskAccepted(var reason, var author, var expires) -> {
        json.writeStringField("because", reason);
        json.writeStringField("author", author);
        json.writeStringField("expires", expires.toString());
      }
      case Step.PatchProposed(Patch patch) -> write(json, patch);
      case Step.PatchDeclined(var because, var wouldHelp, var considered) -> {
        json.writeStringField("because", because);
        json.writeStringField("wouldHelp", wouldHelp);
        considered(json, considered);
      }
      case Step.Verified(var verdict) -> {
        json.writeStringField("verdict", verdict.word());
        switch (verdict) {
          case Verdict.Fixed _, Verdict.Mitigated _ -> {}
          case Verdict.Incomplete not -> json.writeStringField("because", not.because());
          case Verdict.NotVerified not -> json.writeStringField("because", not.because());
        }
        json.writeArrayFieldStart("rungs");
        for (Map.Entry<Rung, Rung.Result> rung : verdict.rungs().entrySet()) {
          json.writeStartObject();
          json.writeNumberField("rung", rung.getKey().number());
          json.writeStringField("result", rung.getValue().word());
          json.writeStringField("because", rung.getValue().because());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
    }
  }

  private static void write(JsonGenerator json, Patch patch) throws IOException {
    json.writeStringField("patch", patch.word());
    json.writeStringField("part", patch.part());
    json.writeStringField("summary", patch.summary());
    json.writeArrayFieldStart("changes");
    for (Patch.VersionChange change : patch.changes()) {
      json.writeStartObject();
      json.writeStringField("name", change.name());
      json.writeStringField("from", change.from());
      json.writeStringField("to", change.to());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("edits");
    for (Patch.Edit edit : patch.edits()) {
      json.writeStartObject();
      json.writeStringField("file", edit.file());
      json.writeNumberField("line", edit.line());
      json.writeStringField("before", edit.before());
      json.writeStringField("after", edit.after());
      json.writeEndObject();
    }
    json.writeEndArray();
    considered(json, patch.considered());
  }

  private static void considered(JsonGenerator json, List<Patch.Considered> considered)
      throws IOException {
    json.writeArrayFieldStart("considered");
    for (Patch.Considered each : considered) {
      json.writeStartObject();
      json.writeStringField("version", each.version());
      json.writeStringField("because", each.because());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
