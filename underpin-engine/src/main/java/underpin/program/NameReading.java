package underpin.program;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Finds what may be the name of a class or package in any file of a jar, whatever its format: a
 * class that a file names may be loaded by who reads the file.
 */
final class NameReading {
  /** What a program shows, compiles or checks against; none of it makes a JVM load a class. */
  private static final Set<String> NEVER =
      Set.of(
          "html",
          "htm",
          "css",
          "scss",
          "less",
          "js",
          "mjs",
          "ts",
          "map",
          "md",
          "adoc",
          "svg",
          "png",
          "gif",
          "jpg",
          "jpeg",
          "ico",
          "bmp",
          "ttf",
          "otf",
          "eot",
          "woff",
          "woff2",
          "pdf",
          "dtd",
          "xsd",
          "rng",
          "rnc",
          "wsdl",
          "so",
          "dll",
          "dylib",
          "jnilib",
          "a",
          "exe",
          "jar",
          "zip",
          "gz",
          "java",
          "kt",
          "scala",
          "kotlin_module",
          "sf",
          "rsa",
          "dsa",
          "ec",
          "class");

  private static final int LONGEST = 200;

  private NameReading() {}

  /** {@return whether the file is looked at} */
  static boolean wanted(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (name.startsWith("META-INF/")) {
      // What only build tools, shrinkers and native images read names a jar's own classes.
      for (String folder : new String[] {"maven/", "native-image/", "proguard/", "licenses/"}) {
        if (name.startsWith(folder, "META-INF/".length())) {
          return false;
        }
      }
      if (file.equals("index.list") || file.startsWith("license") || file.startsWith("notice")) {
        return false;
      }
    }
    return !NEVER.contains(file.substring(file.lastIndexOf('.') + 1));
  }

  static void read(String name, byte[] bytes, Symbols symbols, Set<Integer> into) {
    if (name.equals("META-INF/MANIFEST.MF")) {
      manifest(new String(bytes, StandardCharsets.UTF_8), symbols, into);
      return;
    }
    int start = -1;
    boolean qualified = false;
    for (int at = 0; at <= bytes.length; at++) {
      char c = at < bytes.length ? (char) (bytes[at] & 0xff) : ' ';
      if (c == '.' || c == '/') {
        qualified |= start >= 0;
      } else if (!(c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c >= '0' && c <= '9'
          || c == '_'
          || c == '$')) {
        if (qualified && at - start <= LONGEST) {
          keep(new String(bytes, start, at - start, StandardCharsets.US_ASCII), symbols, into);
        }
        start = -1;
        qualified = false;
      } else if (start < 0) {
        start = at;
      }
    }
  }

  /** A signed jar's manifest lists every file; only its attributes say what is started. */
  private static void manifest(String text, Symbols symbols, Set<Integer> into) {
    for (String line : text.replaceAll("\r?\n ", "").lines().toList()) {
      int colon = line.indexOf(": ");
      if (colon > 0 && line.substring(0, colon).endsWith("-Class")) {
        keep(line.substring(colon + 2).strip(), symbols, into);
      }
    }
  }

  private static void keep(String text, Symbols symbols, Set<Integer> into) {
    into.add(symbols.of(text.replace('.', '/')));
  }
}
