package underpin.campaign;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import underpin.cases.Case;
import underpin.cases.Patch;
import underpin.cases.Step;

/** The commit message: what changed, what it fixes, how it was checked. Wrapped at 72 columns. */
final class FixStory {
  private FixStory() {}

  static String of(List<Case> cases, String checkedBy) {
    Map<String, List<Case>> byPart = new TreeMap<>();
    Map<String, Patch> parts = new TreeMap<>();
    for (Case each : cases) {
      if (each.isFixed()) {
        Patch patch = each.last(Step.PatchProposed.class).orElseThrow().patch();
        parts.put(patch.part(), patch);
        byPart.merge(
            patch.part(),
            List.of(each),
            (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
      }
    }
    long vulnerabilities =
        byPart.values().stream()
            .flatMap(List::stream)
            .map(c -> c.vulnerability().id())
            .distinct()
            .count();
    StringBuilder text = new StringBuilder("Fix ");
    text.append(vulnerabilities).append(" known ");
    text.append(vulnerabilities == 1 ? "vulnerability" : "vulnerabilities");
    text.append(" in dependencies\n");
    parts.forEach((id, patch) -> {
      text.append('\n');
      wrap(text, "- ", patch.summary());
      String ids =
          String.join(
              ", ",
              byPart.getOrDefault(id, List.of()).stream()
                  .map(c -> c.vulnerability().id())
                  .distinct()
                  .sorted()
                  .toList());
      wrap(text, "  ", "fixes " + ids);
    });
    text.append('\n');
    wrap(text, "", checkedBy);
    return text.toString();
  }

  private static void wrap(StringBuilder text, String lead, String words) {
    StringBuilder line = new StringBuilder(lead);
    boolean empty = true;
    for (String word : words.strip().split("\\s+")) {
      if (!empty && line.length() + 1 + word.length() > 72) {
        text.append(line).append('\n');
        line = new StringBuilder(" ".repeat(lead.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    text.append(line).append('\n');
  }
}
