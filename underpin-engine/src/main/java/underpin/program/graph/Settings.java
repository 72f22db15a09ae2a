package underpin.program.graph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which configuration properties may have a value: those whose words stand in one of the project's
 * own files, those that a library's properties file names, and those that code in use names. What
 * is set only where the program runs (the environment, the command line) is not seen.
 */
final class Settings {
  private static final Pattern FILE =
      Pattern.compile("\\.(?:properties|xml|ya?ml|json|conf|cfg|toml|env)$");

  private static final int LONGEST = 1 << 20;

  private final List<Set<String>> ownFiles = new ArrayList<>();
  private final Set<String> named = new HashSet<>();
  private final Map<String, List<Runnable>> waiting = new HashMap<>();

  Settings(ClassSources sources) {
    for (int source = 0; source < sources.size(); source++) {
      boolean own = sources.entry(source).own();
      for (String file : sources.files(source)) {
        boolean meta = file.startsWith("META-INF/");
        if (own && FILE.matcher(file).find() || !meta && file.endsWith(".properties")) {
          read(new String(sources.bytes(source, file), StandardCharsets.UTF_8), own);
        }
      }
    }
  }

  private void read(String text, boolean own) {
    String all = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    if (own) {
      Set<String> words = new HashSet<>();
      for (String word : all.split("[^A-Za-z0-9_-]+")) {
        words.add(plain(word));
      }
      ownFiles.add(words);
      return;
    }
    for (String line : all.split("\\R")) {
      String key = line.strip().split("[=:\\s]", 2)[0];
      if (key.indexOf('.') > 0) {
        named.add(plain(key));
      }
    }
  }

  /** Names are compared as Spring Boot does: without case, hyphens and underscores. */
  private static String plain(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** {@return whether the property may have a value} */
  boolean maySet(String key) {
    if (named.contains(plain(key))) {
      return true;
    }
    for (Set<String> words : ownFiles) {
      boolean all = true;
      for (String part : key.split("\\.")) {
        all &= words.contains(plain(part));
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  /** {@code then} is done when code turns out to name the property. */
  void await(String key, Runnable then) {
    waiting.computeIfAbsent(plain(key), _ -> new ArrayList<>()).add(then);
  }

  /** Code in use has this string. */
  void seen(String text) {
    if (text.indexOf('.') > 0) {
      String key = plain(text);
      named.add(key);
      List<Runnable> all = waiting.remove(key);
      if (all != null) {
        all.forEach(Runnable::run);
      }
    }
  }
}
