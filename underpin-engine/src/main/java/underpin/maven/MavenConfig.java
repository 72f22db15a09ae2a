package underpin.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import underpin.maven.MavenProjectException.Kind;

/**
 * How the project itself wants Maven to be run: {@code .mvn/maven.config} and the {@code -D} of
 * {@code .mvn/jvm.config}, below what the user asked for.
 *
 * @param top the folder with {@code .mvn}, or the project's own
 * @param globalSettings as after {@code -gs}
 * @param systemProperties from jvm.config
 */
record MavenConfig(
    Path top,
    MavenOptions options,
    Optional<Path> globalSettings,
    Optional<String> file,
    TreeMap<String, String> systemProperties) {

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
    Optional<Path> settings = user.userSettings();
    Optional<Path> globalSettings = Optional.empty();
    Optional<String> file = Optional.empty();

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
      } else if ((arg.equals("-s") || arg.equals("--settings")) && !last) {
        Path named = top.resolve(args.get(++i)).normalize();
        settings = Optional.of(settings.orElse(named));
      } else if ((arg.equals("-gs") || arg.equals("--global-settings")) && !last) {
        globalSettings = Optional.of(top.resolve(args.get(++i)).normalize());
      } else if ((arg.equals("-f") || arg.equals("--file")) && !last) {
        file = Optional.of(args.get(++i));
      }
    }
    for (String arg : words(top.resolve(".mvn/jvm.config"))) {
      if (arg.startsWith("-D")) {
        define(arg.substring(2), system);
      }
    }
    profiles.addAll(user.profiles());
    properties.putAll(user.userProperties());
    List<String> ids = profiles.stream().map(String::strip).filter(p -> !p.isEmpty()).toList();
    return new MavenConfig(
        top,
        new MavenOptions(
            offline, user.localRepository(), settings, ids, properties, user.javaHome()),
        globalSettings,
        file,
        system);
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
