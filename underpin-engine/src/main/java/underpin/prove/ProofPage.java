package underpin.prove;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import underpin.cases.Proof;

/** The page of a proof: a title, facts as {@code - key: value}, and why it matters. */
final class ProofPage {
  private ProofPage() {}

  static Proof read(String name, String page, String source) {
    String title = "";
    Map<String, String> facts = new TreeMap<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("# ") && title.isEmpty()) {
        title = line.substring(2).strip();
      } else if (line.startsWith("- ") && line.indexOf(": ") > 0) {
        int colon = line.indexOf(": ");
        facts.putIfAbsent(line.substring(2, colon), line.substring(colon + 2).strip());
      }
    }
    return new Proof(
        name,
        title,
        list(fact(name, facts, "id")),
        number(name, fact(name, facts, "cwe")),
        fact(name, facts, "component"),
        fact(name, facts, "affected"),
        fact(name, facts, "fixed"),
        list(facts.getOrDefault("needs", "")),
        jdk(name, facts.getOrDefault("jdk", "8 and later")),
        source);
  }

  private static String fact(String name, Map<String, String> facts, String key) {
    String value = facts.get(key);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "The page %s.md has no line '- %s: ...'. Add it.".formatted(name, key));
    }
    return value;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split("[,\\s]+")).filter(item -> !item.isEmpty()).toList();
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The page %s.md says '%s' where a number belongs.".formatted(name, text), e);
    }
  }

  private static Proof.JdkRange jdk(String name, String text) {
    String[] words = text.split("\\s+");
    if (words.length == 3 && words[1].equals("to")) {
      return new Proof.JdkRange(number(name, words[0]), number(name, words[2]));
    }
    return new Proof.JdkRange(number(name, words[0]), Integer.MAX_VALUE);
  }
}
