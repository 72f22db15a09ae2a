package underpin.reach.functions;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/**
 * How rare a word is among the names of one release: in jackson-databind "deserializer" tells
 * little, "nesting" much.
 */
final class Rarity {
  private final Map<String, Integer> holders = new HashMap<>();
  private final double all;

  Rarity(JarCode jar) {
    int methods = 0;
    Map<String, Set<String>> stems = new HashMap<>();
    for (ClassCode type : jar.classes()) {
      Set<String> ofClass = Names.stems(type.name());
      for (MethodCode method : type.methods()) {
        Set<String> words = new HashSet<>(ofClass);
        words.addAll(stems.computeIfAbsent(method.name(), Names::stems));
        words.forEach(w -> holders.merge(w, 1, Integer::sum));
        methods++;
      }
    }
    this.all = Math.max(2, methods);
  }

  /** {@return 0 for a word in every name to 1 for one in a single name} */
  double of(String stem) {
    return Math.max(0, 1 - Math.log(holders.getOrDefault(stem, 1)) / Math.log(all));
  }

  /** {@return which part of what the name tells is among the words, 0 to 1} */
  double share(String name, Set<String> words) {
    double told = 0;
    double matched = 0;
    for (String stem : Names.stems(name)) {
      told += of(stem) + 0.1;
      matched += words.contains(stem) ? of(stem) + 0.1 : 0;
    }
    return told == 0 ? 0 : matched / told;
  }

  /** {@return the rarity of the rarest word of the name that is among the words} */
  double best(String name, Set<String> words) {
    double best = 0;
    for (String stem : Names.stems(name)) {
      best = words.contains(stem) ? Math.max(best, of(stem)) : best;
    }
    return best;
  }
}
