package underpin.cli;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Verify;
import underpin.evidence.BundleCheck;
import underpin.evidence.Statement;
import underpin.report.JsonEscapes;

/** What a checked bundle says, for people and for programs. */
final class BundleText {
  private static final ObjectMapper JSON =
      new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build());

  private BundleText() {}

  static void write(BundleCheck check, Verify request, PrintWriter out) throws IOException {
    if (request.rendering().format() == Format.JSON) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(check)));
      return;
    }
    switch (check) {
      case BundleCheck.Refused(var reason, var entry) -> {
        out.println("REFUSED  " + printable(request, request.bundle().toString()));
        out.println(
            (entry.isPresent() ? "entry " + entry.getAsInt() + ": " : "")
                + printable(request, reason));
        out.println("Do not rely on anything in this bundle.");
      }
      case BundleCheck.Valid valid -> {
        out.println("VALID  " + printable(request, request.bundle().toString()));
        out.println();
        valid.proves().forEach(line -> out.println("  " + line));
        out.println();
        steps(valid)
            .forEach((what, count) ->
                out.println("  %5d  %s".formatted(count, printable(request, what))));
      }
    }
  }

  private static String printable(Verify request, String text) {
    return Terminal.printable(request.rendering(), text);
  }

  private static ObjectNode json(BundleCheck check) {
    ObjectNode root = JSON.createObjectNode();
    switch (check) {
      case BundleCheck.Refused(var reason, var entry) -> {
        root.put("result", "refused").put("because", reason);
        entry.ifPresent(index -> root.put("entry", index));
      }
      case BundleCheck.Valid valid -> {
        root.put("result", "valid");
        root.put("keyId", valid.signer().hex());
        root.put("trusted", valid.trusted());
        root.put("root", valid.root());
        ArrayNode proves = root.putArray("proves");
        valid.proves().forEach(proves::add);
        ObjectNode counted = root.putObject("statements");
        steps(valid).forEach(counted::put);
      }
    }
    return root;
  }

  private static Map<String, Integer> steps(BundleCheck.Valid valid) {
    Map<String, Integer> count = new TreeMap<>();
    for (BundleCheck.Entry entry : valid.entries()) {
      count.merge(word(entry.statement()), 1, Integer::sum);
    }
    return count;
  }

  private static String word(Statement statement) {
    try {
      JsonNode predicate = JSON.readTree(statement.predicate());
      String step = predicate.path("step").asText("");
      String verdict = predicate.path("verdict").asText("");
      return step.isEmpty()
          ? statement.predicateType()
          : verdict.isEmpty() ? step : step + " " + verdict;
    } catch (IOException e) {
      // A statement of another producer may hold any predicate; its type still says what it is.
      return statement.predicateType();
    }
  }
}
