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

  /** Of an application, also in a library. */
  private static final Pattern APPLICATION =
      Pattern.compile("^(?:config/)?(?:application|bootstrap)[^/]*\\.ya?ml$");

  private static final int LONGEST = 1 << 20;

  /** Longer strings are no names. */
  private static final int LONGEST_WORD = 60;

  private final List<Set<String>> ownFiles = new ArrayList<>();
  private final Set<String> named = new HashSet<>();
  private final Map<String, List<Runnable>> waiting = new HashMap<>();

  /** A property of what is bound under a prefix, and what is done when it may be set. */
  private record Bound(String prefix, Runnable then) {}

  /** By the property's name. */
  private final Map<String, List<Bound>> bound = new HashMap<>();

  /** By a part of it: keys that are named. */
  private final Map<String, List<String>> byPart = new HashMap<>();

  /** Names that stand in code or own files, and may be those of properties or fields. */
  private final Set<String> words = new HashSet<>();

  Settings(ClassSources sources) {
    for (int source = 0; source < sources.size(); source++) {
      boolean own = sources.entry(source).own();
      for (String file : sources.files(source)) {
        boolean meta = file.startsWith("META-INF/");
        if (!own && APPLICATION.matcher(file).find()) {
          read(new String(sources.bytes(source, file), StandardCharsets.UTF_8), true);
        } else if (own && FILE.matcher(file).find() || !meta && file.endsWith(".properties")) {
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
      this.words.addAll(words);
      return;
    }
    for (String line : all.split("\\R")) {
      String key = line.strip().split("[=:\\s]", 2)[0];
      if (key.indexOf('.') > 0) {
        name(plain(key));
      } else if (key.length() <= LONGEST_WORD) {
        words.add(plain(key));
      }
    }
  }

  private void name(String key) {
    if (named.add(key)) {
      for (String part : key.split("\\.")) {
        words.add(part);
        byPart.computeIfAbsent(part, _ -> new ArrayList<>()).add(key);
      }
    }
  }

  /** {@return how many names there are; grows} */
  int wordCount() {
    return words.size();
  }

  /** {@return whether code or a file has that name} */
  boolean isNamed(String word) {
    return words.contains(plain(word));
  }

  /** {@return whether an own file has the words of the property} */
  boolean isOwn(String key) {
    for (Set<String> file : ownFiles) {
      if (has(file, key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(Set<String> file, String key) {
    for (String part : key.split("\\.")) {
      if (!part.isEmpty() && !file.contains(plain(part))) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@code then} is done when a property of that name may be set of what is bound under the prefix,
   * directly or further within.
   */
  void whenBound(String prefix, String property, Runnable then) {
    String name = plain(property);
    if (isOwn(prefix + "." + property) || isNamedWithin(plain(prefix), name)) {
      then.run();
    } else {
      bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Bound(plain(prefix), then));
    }
  }

  private boolean isNamedWithin(String prefix, String name) {
    for (String key : byPart.getOrDefault(name, List.of())) {
      if (isWithin(key, prefix, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWithin(String key, String prefix, String name) {
    return key.startsWith(prefix)
        && (key.substring(prefix.length()) + ".").contains("." + name + ".");
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
    return isOwn(key);
  }

  /** {@code then} is done when code turns out to name the property. */
  void await(String key, Runnable then) {
    waiting.computeIfAbsent(plain(key), _ -> new ArrayList<>()).add(then);
  }

  /** Code in use has this string. */
  void seen(String text) {
    int equals = text.indexOf('=');
    String name = equals > 0 ? text.substring(0, equals) : text;
    if (name.indexOf('.') < 0) {
      if (name.length() <= LONGEST_WORD) {
        words.add(plain(name));
      }
    } else if (name.indexOf('.') > 0) {
      String key = plain(name);
      name(key);
      for (String part : key.split("\\.")) {
        List<Bound> of = bound.getOrDefault(part, List.of());
        for (Bound each : List.copyOf(of)) {
          if (isWithin(key, each.prefix(), part)) {
            of.remove(each);
            each.then().run();
          }
        }
      }
      List<Runnable> all = waiting.remove(key);
      if (all != null) {
        all.forEach(Runnable::run);
      }
    }
  }
}
