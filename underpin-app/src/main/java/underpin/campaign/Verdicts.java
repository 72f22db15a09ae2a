package underpin.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import underpin.cases.Reach;
import underpin.evidence.Sha256;
import underpin.program.KeptFiles;
import underpin.program.graph.CallGraph;
import underpin.report.Report.SearchedProgram;

/**
 * What was answered for one launch, kept in a file of the user's cache: an answer follows from the
 * call graph and the functions asked for, so while both are the same no graph is read at all. A
 * file that is damaged, or of another build of underpin, counts as none.
 */
final class Verdicts {
  /** A file takes some 10 KB. */
  private static final int MOST_FILES = 400;

  private final KeptJson file;
  private final Map<String, Reach> answers = new TreeMap<>();
  private final Map<String, Reach> passing = new TreeMap<>();
  private Optional<SearchedProgram> looked = Optional.empty();
  private boolean changed;

  private Verdicts(KeptJson file) {
    this.file = file;
  }

  /**
   * {@return what is known of this launch}
   *
   * @throws underpin.program.graph.GraphException if its JDK cannot be read
   */
  static Verdicts of(Launch launch, CallGraph.Options options, Path folder) {
    String key =
        String.join(
            "\n",
            OwnBuild.text(),
            CallGraph.key(launch.program().classPath(), options),
            launch.name(),
            launch.program().notBuilt().toString());
    Verdicts verdicts =
        new Verdicts(
            new KeptJson(
                new KeptFiles(folder, ".json", MOST_FILES),
                Sha256.hex(key.getBytes(StandardCharsets.UTF_8)).substring(0, 32)));
    verdicts.read();
    return verdicts;
  }

  private void read() {
    try {
      Optional<JsonNode> kept = file.read();
      if (kept.isEmpty()) {
        return;
      }
      JsonNode all = kept.get();
      JsonNode program = all.path("looked");
      Map<String, Reach> read = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : all.path("answers").properties()) {
        Optional<Reach> answer = reach(each.getValue());
        if (answer.isEmpty()) {
          return;
        }
        read.put(each.getKey(), answer.get());
      }
      if (program.path("name").isTextual()) {
        looked =
            Optional.of(
                new SearchedProgram(
                    program.path("name").asText(),
                    program.path("tests").asBoolean(),
                    program.path("started").asText(),
                    program.path("methods").asInt(),
                    program.path("classes").asInt()));
        answers.putAll(read);
      }
    } catch (IOException damaged) {
      return; // answered anew, and written over
    }
  }

  private static Optional<Reach> reach(JsonNode node) {
    String text = node.path("text").asText();
    return switch (node.path("verdict").asText()) {
      case "reached" -> {
        List<String> path = KeptJson.texts(node.path("path"));
        yield path.isEmpty()
            ? Optional.empty()
            : Optional.of(new Reach.Reached(path, KeptJson.texts(node.path("functions"))));
      }
      case "not-reached" -> Optional.of(new Reach.NotReached(text));
      case "undecided" -> Optional.of(new Reach.Undecided(text, KeptJson.texts(node.path("way"))));
      default -> Optional.empty();
    };
  }

  /** {@return what the program is, once it was looked at} */
  Optional<SearchedProgram> looked() {
    return looked;
  }

  Optional<Reach> get(String question) {
    return Optional.ofNullable(passing.get(question))
        .or(() -> Optional.ofNullable(answers.get(question)));
  }

  /** Answers for this run only: the next time it may be another. */
  void pass(String question, Reach answer) {
    passing.put(question, answer);
  }

  void put(String question, Reach answer) {
    answers.put(question, answer);
    changed = true;
  }

  void looked(SearchedProgram program) {
    looked = Optional.of(program);
    changed = true;
  }

  /** Writes what is new, in one move; a cache that cannot be written only costs time. */
  void keep() {
    if (!changed || looked.isEmpty()) {
      return;
    }
    ObjectNode all = KeptJson.node();
    SearchedProgram program = looked.get();
    all.putObject("looked")
        .put("name", program.name())
        .put("tests", program.tests())
        .put("started", program.started())
        .put("methods", program.methods())
        .put("classes", program.classes());
    ObjectNode written = all.putObject("answers");
    answers.forEach((question, answer) -> {
      ObjectNode node = written.putObject(question).put("verdict", answer.word());
      switch (answer) {
        case Reach.Reached(List<String> path, List<String> functions) -> {
          path.forEach(node.putArray("path")::add);
          functions.forEach(node.putArray("functions")::add);
        }
        case Reach.NotReached(String searched) -> node.put("text", searched);
        case Reach.Undecided(String because, List<String> way) -> {
          node.put("text", because);
          way.forEach(node.putArray("way")::add);
        }
      }
    });
    try {
      file.keep(all);
      changed = false;
    } catch (IOException notKept) {
      return;
    }
  }
}
