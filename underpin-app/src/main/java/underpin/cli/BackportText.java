package underpin.cli;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import underpin.campaign.BackportOutcome;
import underpin.cli.Commands.Format;
import underpin.fix.backport.Hunk;
import underpin.report.JsonEscapes;

/** {@code backport}: the outcome for a person or a program. */
final class BackportText {
  private static final int SHOWN = 12;

  private static final ObjectMapper JSON =
      new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build());

  private final Commands.Backport request;
  private final PrintWriter out;

  BackportText(Commands.Backport request, PrintWriter out) {
    this.request = request;
    this.out = out;
  }

  ExitCode show(BackportOutcome outcome) throws JsonProcessingException {
    if (request.rendering().format() == Format.JSON) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(outcome)));
    } else {
      text(outcome);
    }
    return outcome.isGood() ? ExitCode.CLEAN : ExitCode.AFFECTED;
  }

  private ObjectNode json(BackportOutcome outcome) {
    ObjectNode node = JSON.createObjectNode();
    node.put("result", outcome.result().word());
    node.put("because", outcome.because());
    node.put("component", request.component().toString());
    node.put("advisory", request.advisory());
    node.put("folder", request.folder().toString());
    ArrayNode rungs = node.putArray("rungs");
    outcome
        .rungs()
        .forEach((rung, result) ->
            rungs
                .addObject()
                .put("number", rung.number())
                .put("title", rung.title())
                .put("result", result.word())
                .put("because", result.because()));
    ArrayNode hunks = node.putArray("hunks");
    for (Hunk hunk : outcome.hunks()) {
      hunks
          .addObject()
          .put("file", hunk.file())
          .put("member", hunk.member())
          .put("change", hunk.change())
          .put("fate", hunk.fate().name().toLowerCase(Locale.ROOT))
          .put("because", hunk.because());
    }
    texts(node, "files", outcome.files());
    texts(node, "evidence", outcome.evidence());
    texts(node, "notes", outcome.notes());
    return node;
  }

  private static void texts(ObjectNode node, String name, List<String> texts) {
    ArrayNode array = node.putArray(name);
    texts.forEach(array::add);
  }

  private void text(BackportOutcome outcome) {
    String title =
        switch (outcome.result()) {
          case FIXED -> "Fixed";
          case MITIGATED -> "Every check that could run passed";
          case INCOMPLETE -> "No backport";
          case NOT_APPLICABLE -> "Nothing to fix";
        };
    out.println(title + ": " + printable(outcome.because()));
    outcome.evidence().stream().limit(SHOWN).forEach(e -> out.println("  " + printable(e)));
    if (!outcome.rungs().isEmpty()) {
      out.println();
      outcome
          .rungs()
          .forEach((rung, result) ->
              out.println(
                  "%3d %-8s %s: %s"
                      .formatted(
                          rung.number(),
                          result.word(),
                          rung.title(),
                          printable(result.because()))));
    }
    List<Hunk> shown = outcome.hunks().stream().filter(h -> h.fate() != Hunk.Fate.LEFT).toList();
    if (!outcome.hunks().isEmpty()) {
      out.println();
      out.println(
          "%d of the %d differences between the releases around the fix belong to it:"
              .formatted(shown.size(), outcome.hunks().size()));
      shown.forEach(h ->
          out.println(
              "  %-8s %s (%s)"
                  .formatted(
                      h.fate().name().toLowerCase(Locale.ROOT),
                      printable(h.member()),
                      printable(h.because()))));
    }
    outcome.notes().forEach(note -> out.println("Note: " + printable(note)));
    if (!outcome.files().isEmpty()) {
      out.println();
      out.println("In " + printable(request.folder().toString()) + ":");
      outcome.files().forEach(file -> out.println("  " + printable(file)));
    }
  }

  private String printable(String text) {
    return Terminal.printable(request.rendering(), text);
  }
}
