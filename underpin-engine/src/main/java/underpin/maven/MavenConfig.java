package underpin.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import underpin.cases.Inventory.Problem;
import underpin.maven.MavenProjectException.Kind;

/**
 * How the project itself wants Maven to be run: {@code .mvn/maven.config} and the {@code -D} of
 * {@code .mvn/jvm.config}, below what the user asked for. Only what concerns the build is taken:
 * the project does not say with which settings, logins, caches and connections it is looked at.
 *
 * @param top the folder with {@code .mvn}, or the project's own
 * @param user what the user asked for
 * @param options the same with what the project says below it
 * @param systemProperties from jvm.config
 * @param problems what was not taken and may change what is read
 */
record MavenConfig(
    Path top,
    MavenOptions user,
    MavenOptions options,
    TreeMap<String, String> systemProperties,
    List<Problem> problems) {
  /** Properties that set up Maven itself, not the build. */
  private static final List<String> OF_MAVEN =
      List.of(
          "aether.",
          "env.",
          "http.",
          "https.",
          "javax.net.",
          "maven.conf",
          "maven.home",
          "maven.repo.",
          "maven.resolver.",
          "maven.settings",
          "maven.user.",
          "maven.wagon.",
          "org.apache.maven.",
          "settings.security",
          "user.");

  private static final Set<String> GLOBAL = Set.of("-gs", "--global-settings");
  private static final Set<String> OF_USER = Set.of("-s", "--settings");
  private static final Set<String> FILE = Set.of("-f", "--file");

  /** Reads the configuration of the project in {@code folder} (absolute). */
  static MavenConfig read(Path folder, MavenOptions user) throws MavenProjectException {
    Path top = folder;
    for (Path up = folder; up != null; up = up.getParent()) {
      if (Files.isDirectory(up.resolve(".mvn"))) {
        top = up;
        break;
      }
    }
    List<String> profiles = new ArrayList<>();
    TreeMap<String, String> properties = new TreeMap<>();
    TreeMap<String, String> system = new TreeMap<>();
    boolean offline = user.offline();
    List<Problem> problems = new ArrayList<>();

    List<String> args = words(top.resolve(".mvn/maven.config"));
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      boolean last = i + 1 == args.size();
      if (arg.equals("-o") || arg.equals("--offline")) {
        offline = true;
      } else if (arg.equals("-D") || arg.equals("--define")) {
        define(last ? "" : args.get(++i), properties);
      } else if (arg.startsWith("-D")) {
        define(arg.substring(2), properties);
      } else if (arg.startsWith("--define=")) {
        define(arg.substring("--define=".length()), properties);
      } else if (arg.equals("-P") || arg.equals("--activate-profiles")) {
        profiles.addAll(List.of(last ? new String[0] : args.get(++i).split(",")));
      } else if (arg.startsWith("--activate-profiles=")) {
        profiles.addAll(List.of(arg.substring("--activate-profiles=".length()).split(",")));
      } else if (arg.startsWith("-P")) {
        profiles.addAll(List.of(arg.substring(2).split(",")));
      } else if ((GLOBAL.contains(arg) || OF_USER.contains(arg)) && !last) {
        String named = args.get(++i);
        if (GLOBAL.contains(arg) || user.userSettings().isEmpty()) {
          problems.add(notTaken(arg + " " + named, "--settings " + named));
        }
      } else if (FILE.contains(arg) && !last) {
        String named = args.get(++i);
        problems.add(notTaken(arg + " " + named, "that POM as the project"));
      }
    }
    for (String arg : words(top.resolve(".mvn/jvm.config"))) {
      if (arg.startsWith("-D")) {
        define(arg.substring(2), system);
      }
    }
    if (properties.containsKey("maven.repo.local") && user.localRepository().isEmpty()) {
      String named = properties.get("maven.repo.local");
      problems.add(notTaken("-Dmaven.repo.local=" + named, "--maven-repo-local " + named));
    }
    properties.keySet().removeIf(MavenConfig::isOfMaven);
    system.keySet().removeIf(MavenConfig::isOfMaven);
    profiles.addAll(user.profiles());
    properties.putAll(user.userProperties());
    List<String> ids = profiles.stream().map(String::strip).filter(p -> !p.isEmpty()).toList();
    return new MavenConfig(
        top,
        user,
        new MavenOptions(
            offline,
            user.localRepository(),
            user.userSettings(),
            ids,
            properties,
            user.javaHome(),
            user.trustProjectRepositories()),
        system,
        List.copyOf(problems));
  }

  private static boolean isOfMaven(String name) {
    return OF_MAVEN.stream().anyMatch(name::startsWith);
  }

  private static Problem notTaken(String what, String instead) {
    return new Problem(
        ".mvn/maven.config",
        "'%s' was not taken from the project. Pass %s when you trust it.".formatted(what, instead));
  }

  private static void define(String definition, TreeMap<String, String> into) {
    int equals = definition.indexOf('=');
    if (equals < 0) {
      into.put(definition.strip(), "true");
    } else {
      into.put(definition.substring(0, equals).strip(), definition.substring(equals + 1));
    }
  }

  /** Words as Maven splits them: by blanks, except within quotes; from 3.9 on also whole lines. */
  private static List<String> words(Path file) throws MavenProjectException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("#")) {
          continue;
        }
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
          char c = line.charAt(i);
          if (c == '"') {
            quoted = !quoted;
          } else if (Character.isWhitespace(c) && !quoted) {
            add(word, words);
          } else {
            word.append(c);
          }
        }
        add(word, words);
      }
    } catch (IOException e) {
      throw new MavenProjectException(
          Kind.SETTINGS,
          file.toString(),
          "cannot be read (" + e.getMessage() + "). Make it readable text in UTF-8.");
    }
    return words;
  }

  private static void add(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
