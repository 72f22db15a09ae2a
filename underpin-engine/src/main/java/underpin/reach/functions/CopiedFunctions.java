package underpin.reach.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import underpin.cases.Embedding;
import underpin.program.method.Events;

/** Vulnerable functions where they lie in a copy, under the names that they have there. */
public final class CopiedFunctions {
  private CopiedFunctions() {}

  /**
   * {@return the published functions that were recognised, by the names they have in the copy} That
   * one of them has the flaw is as much less sure as what was not recognised could have it. What
   * else the fix changed is not known by the copy's names and is left out.
   *
   * @param recognised functions of the copy
   */
  public static FunctionList of(FunctionList.Derived list, List<Embedding.Function> recognised) {
    Map<String, List<String>> byShape = new HashMap<>();
    for (Embedding.Function function : recognised) {
      byShape.computeIfAbsent(shape(function.id()), _ -> new ArrayList<>()).add(function.id());
    }
    List<VulnerableFunction> found = new ArrayList<>();
    double known = 0;
    double all = 0;
    for (VulnerableFunction function : list.cut()) {
      List<String> ids = byShape.getOrDefault(shape(function.id()), List.of());
      ids.forEach(id -> found.add(renamed(function, id)));
      known += ids.isEmpty() ? 0 : function.score();
      all += function.score();
    }
    if (found.isEmpty() || all <= 0) {
      return new FunctionList.Undecided(
          list.id(), "none of its published functions was recognised in the copy", List.of());
    }
    double sure = list.confidence() * known / all;
    return new FunctionList.Derived(
        list.id(), found, List.of(), list.compared(), list.methods(), sure, sure, list.notes());
  }

  /** Of {@code a.b.C.name(descriptor)}: without packages. */
  private static String shape(String id) {
    int open = id.indexOf('(');
    String[] parts = id.substring(0, open).split("\\.");
    return String.join(".", Stream.of(parts).skip(Math.max(0, parts.length - 2)).toList())
        + Events.withoutPackages(id.substring(open));
  }

  private static VulnerableFunction renamed(VulnerableFunction function, String id) {
    int open = id.indexOf('(');
    int dot = id.lastIndexOf('.', open);
    return new VulnerableFunction(
        function.artifacts(),
        id.substring(0, dot),
        function.methodName(),
        id.substring(open),
        function.enclosing(),
        function.change(),
        function.rank(),
        function.score(),
        true,
        function.evidence(),
        function.affected(),
        function.fixed(),
        function.fingerprint(),
        function.signals());
  }
}
