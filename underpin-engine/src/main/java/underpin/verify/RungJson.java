package underpin.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Rung;

/** Results of rungs as JSON in files that are kept: an object for each rung, by its name. */
public final class RungJson {
  private RungJson() {}

  /** Adds the results to a node that has none. */
  public static void write(SortedMap<Rung, Rung.Result> rungs, ObjectNode to) {
    rungs.forEach((rung, result) ->
        to.putObject(rung.name()).put("result", result.word()).put("because", result.because()));
  }

  /**
   * {@return what {@link #write} wrote; none for a node that is no object}
   *
   * @throws IllegalArgumentException if it names a rung that there is not
   */
  public static SortedMap<Rung, Rung.Result> read(JsonNode node) {
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      String because = e.getValue().path("because").asText();
      rungs.put(
          Rung.valueOf(e.getKey()),
          switch (e.getValue().path("result").asText()) {
            case "passed" -> new Rung.Result.Passed(because);
            case "failed" -> new Rung.Result.Failed(because);
            default -> new Rung.Result.NotRun(because);
          });
    }
    return rungs;
  }
}
