package underpin.reach.functions;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Names of code as the words they are made of. */
final class Names {
  private static final String[] ENDINGS = {
    "izations",
    "ization",
    "izers",
    "izer",
    "izing",
    "ized",
    "izes",
    "ize",
    "ations",
    "ation",
    "ators",
    "ator",
    "ating",
    "ated",
    "ates",
    "ate",
    "ings",
    "ing",
    "ions",
    "ion",
    "ers",
    "er",
    "ors",
    "or",
    "ies",
    "ed",
    "es",
    "s",
    "e",
    "y",
  };
  private static final int SHORTEST = 3;

  private Names() {}

  /**
   * {@return the words of a name in camel case or with underscores, lower case, without endings}
   */
  static Set<String> stems(String name) {
    Set<String> stems = new LinkedHashSet<>();
    String[] words = name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");
    for (String word : words) {
      if (word.length() >= SHORTEST && !Stopwords.has(word)) {
        stems.add(stem(word.toLowerCase(Locale.ROOT)));
      }
    }
    return stems;
  }

  /** {@return the word without its English ending, so that parser and parsing are one} */
  static String stem(String word) {
    for (String ending : ENDINGS) {
      if (word.endsWith(ending) && word.length() - ending.length() >= SHORTEST) {
        return word.substring(0, word.length() - ending.length());
      }
    }
    return word;
  }

  /** {@return the last part of a class's name, without packages and outer classes' numbers} */
  static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
