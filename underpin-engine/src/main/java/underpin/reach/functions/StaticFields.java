package underpin.reach.functions;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import underpin.program.method.MethodCode;

/** Which static fields two versions of a static initialiser set otherwise. */
final class StaticFields {
  private StaticFields() {}

  /** {@return the events that read such fields: {@code "get a/B.f:I"}} */
  static Set<String> changed(MethodCode before, MethodCode after) {
    Map<String, String> old = settings(before);
    Set<String> reads = new HashSet<>();
    settings(after)
        .forEach((field, how) -> {
          if (!how.equals(old.get(field))) {
            reads.add("get " + field);
          }
        });
    return reads;
  }

  /** By field, the events that lead to its being set. */
  private static Map<String, String> settings(MethodCode initialiser) {
    Map<String, String> settings = new HashMap<>();
    StringBuilder since = new StringBuilder();
    for (String event : initialiser.events()) {
      if (event.startsWith("put ")) {
        settings.merge(event.substring("put ".length()), since.toString(), String::concat);
        since.setLength(0);
      } else {
        since.append(event).append('\n');
      }
    }
    return settings;
  }
}
