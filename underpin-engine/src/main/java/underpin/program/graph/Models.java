package underpin.program.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What happens behind the code's back: reflection, and frameworks that find classes by annotation,
 * supertype or file. Read from text files, one per framework; docs/formats/model.md has the format.
 */
public final class Models {
  private static final String BUILT_IN = "models/";
  private static final String SUFFIX = ".model";

  /** What a call to a method brings about. Values are counted by {@link #value}. */
  record CallRule(Kind kind, int value, int second, String target, List<String> names) {
    enum Kind {
      /** The string names a class, which is the result. */
      NAMES,
      /** The result is the object's class. */
      CLASSOF,
      /** An object of the class is made. */
      CREATES,
      /** Providers of the class, as services, are made. */
      PROVIDES,
      /** The object's method {@code target} is called. */
      RUNS,
      /** All methods of the class may be called, where the class is known. */
      LISTS,
      /** Methods of the class by the name in {@code second} may be called. */
      MEMBERS,
      /** The methods {@code names} of every object that is a {@code target} are called. */
      EVERY,
      /** The string names a class; the result says whether there is one. */
      PRESENT
    }
  }

  /**
   * A method that is called only where something is configured.
   *
   * @param method internal name of the class, '/', name of the method
   * @param files patterns of files' names
   * @param keys of settings
   */
  record OnlyRule(String method, List<Pattern> files, List<String> keys) {}

  /**
   * What an annotation or a supertype marks: an own class is made, a method is called.
   *
   * @param on CLASS: own classes; USED: any class in use; METHOD: methods of any class in use, and
   *     own classes with such
   * @param mark internal name of the annotation or supertype
   * @param annotation which of both
   * @param prefixes of the names of methods that are called too, of a class that is made
   * @param model whose rule it is
   */
  record MarkRule(On on, String mark, boolean annotation, List<String> prefixes, String model) {
    enum On {
      CLASS,
      USED,
      METHOD
    }
  }

  /**
   * A class or method with the annotation counts only where something holds.
   *
   * @param element whose value is asked for; empty for all
   * @param value that the element must have for the condition to matter
   * @param needed the class that must then be there
   */
  record Condition(Kind kind, String annotation, String element, String value, String needed) {
    enum Kind {
      /** All classes that it names are there. */
      REQUIRES,
      /** None of the classes that it names is there. */
      ABSENT,
      /** Properties have a value: elements as of Spring Boot's ConditionalOnProperty. */
      PROPERTY,
      /** Where {@code element} is {@code value}, the class {@code needed} is there. */
      NEEDS
    }
  }

  /** Classes named in a file of the class path are made. */
  record FileRule(String file, String model) {}

  /** Methods of the project's own classes in use that a framework finds by their name. */
  record NameRule(String prefix, String model) {}

  private final Map<String, List<CallRule>> calls = new HashMap<>();
  private final Set<String> calledNames = new HashSet<>();
  private final Set<String> onlyNames = new HashSet<>();
  private final List<MarkRule> marks = new ArrayList<>();
  private final List<FileRule> files = new ArrayList<>();
  private final List<NameRule> names = new ArrayList<>();
  private final Map<String, OnlyRule> only = new HashMap<>();
  private final Set<String> plain = new HashSet<>();
  private boolean mocks;
  private final Set<String> starts = new HashSet<>();
  private final List<String> bound = new ArrayList<>();
  private final List<String> companions = new ArrayList<>();
  private final List<String> vm = new ArrayList<>();
  private final List<String> entries = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final Map<String, List<Condition>> conditions = new HashMap<>();
  private final List<String> active = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /** One file's lines. */
  private record Source(String place, List<String> lines) {}

  private final List<Source> sources = new ArrayList<>();

  private Models() {}

  /**
   * {@return the models that come with underpin, and those of a folder}
   *
   * @param folders of {@code *.model} files, may be none
   * @throws GraphException naming file and line of the first mistake
   */
  public static Models load(List<Path> folders) {
    Models models = new Models();
    for (String name : builtIn("index")) {
      models.sources.add(new Source(name, builtIn(name + SUFFIX)));
    }
    for (Path folder : folders) {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path file : all.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
          models.sources.add(new Source(file.toString(), Files.readAllLines(file)));
        }
      } catch (IOException unreadable) {
        throw new GraphException(
            "The models in " + folder + " cannot be read (" + unreadable + ").", unreadable);
      }
    }
    models.sources.forEach(source -> models.text.append(String.join("\n", source.lines())));
    models.active(_ -> true);
    return models;
  }

  private static List<String> builtIn(String name) {
    try (InputStream in = Models.class.getResourceAsStream(BUILT_IN + name)) {
      if (in == null) {
        throw new IllegalStateException("no " + BUILT_IN + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** {@return those whose frameworks are there} */
  Models activeFor(Predicate<String> present) {
    Models models = new Models();
    models.sources.addAll(sources);
    models.text.append(text);
    models.active(present);
    return models;
  }

  private void active(Predicate<String> present) {
    for (Source source : sources) {
      String name = "";
      boolean on = true;
      int number = 0;
      for (String raw : source.lines()) {
        number++;
        int comment = raw.indexOf('#');
        String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
        if (line.isEmpty()) {
          continue;
        }
        String[] words = line.split("\\s+");
        try {
          if (words[0].equals("model")) {
            name = words[1];
            on = true;
          } else if (words[0].equals("when")) {
            on = Stream.of(words).skip(1).anyMatch(word -> present.test(internal(word)));
          } else if (on) {
            rule(words, name);
            if (!active.contains(name)) {
              active.add(name);
            }
          }
        } catch (IndexOutOfBoundsException | IllegalArgumentException wrong) {
          throw new GraphException(
              "%s:%d: \"%s\" is no rule of a model. See docs/formats/model.md."
                  .formatted(source.place(), number, line),
              wrong);
        }
      }
    }
  }

  private void rule(String[] words, String model) {
    switch (words[0]) {
      case "vm" -> vm.add(words[1]);
      case "entry" -> entries.add(words[1]);
      case "ignore" -> ignored.add(internal(words[1].substring(1)));
      case "requires", "absent", "property" -> condition(words, "", "", "");
      case "needs" -> {
        int equals = words[2].indexOf('=');
        condition(
            words,
            words[2].substring(0, equals),
            words[2].substring(equals + 1),
            internal(words[3]));
      }
      case "call" -> call(words);
      case "class", "used", "method" -> mark(words, model);
      case "file" -> files.add(new FileRule(words[1], model));
      case "bound" -> bound.add(internal(words[1].substring(1)));
      case "only" -> only(words);
      case "mocks" -> mocks = true;
      case "starts" -> starts.add(internal(words[1]));
      case "plain" -> plain.add(internal(words[1].substring(1)));
      case "companion" -> companions.add(words[1]);
      case "own" -> names.add(new NameRule(words[1], model));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private void condition(String[] words, String element, String value, String needed) {
    if (!words[1].startsWith("@")) {
      throw new IllegalArgumentException(words[1]);
    }
    Condition condition =
        new Condition(
            Condition.Kind.valueOf(words[0].toUpperCase(java.util.Locale.ROOT)),
            internal(words[1].substring(1)),
            element,
            value,
            needed);
    conditions.computeIfAbsent(condition.annotation(), _ -> new ArrayList<>()).add(condition);
  }

  private void only(String[] words) {
    if (!words[2].equals("with")) {
      throw new IllegalArgumentException(words[2]);
    }
    String method = internal(words[1]);
    List<Pattern> files = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (String word : words[3].split(",")) {
      if (word.startsWith("file:")) {
        String name = word.substring("file:".length());
        files.add(Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q")));
      } else {
        keys.add(word);
      }
    }
    only.put(method, new OnlyRule(method, List.copyOf(files), List.copyOf(keys)));
    onlyNames.add(method.substring(method.lastIndexOf('/') + 1));
  }

  private void call(String[] words) {
    CallRule.Kind kind = CallRule.Kind.valueOf(words[2].toUpperCase(java.util.Locale.ROOT));
    CallRule rule =
        switch (kind) {
          case NAMES, CLASSOF, CREATES, PROVIDES, LISTS, PRESENT ->
              new CallRule(kind, Integer.parseInt(words[3]), -1, "", List.of());
          case RUNS -> new CallRule(kind, Integer.parseInt(words[3]), -1, words[4], List.of());
          case MEMBERS ->
              new CallRule(
                  kind, Integer.parseInt(words[3]), Integer.parseInt(words[4]), "", List.of());
          case EVERY ->
              new CallRule(kind, -1, -1, internal(words[3]), List.of(words[4].split(",")));
        };
    String called = internal(words[1]);
    calls.computeIfAbsent(called, _ -> new ArrayList<>()).add(rule);
    calledNames.add(called.substring(called.lastIndexOf('/') + 1));
  }

  private void mark(String[] words, String model) {
    boolean annotation = words[1].startsWith("@");
    if (!annotation && !words[1].startsWith("<")) {
      throw new IllegalArgumentException(words[1]);
    }
    MarkRule.On on =
        switch (words[0] + " " + words[2]) {
          case "class creates", "class calls" -> MarkRule.On.CLASS;
          case "used calls" -> MarkRule.On.USED;
          case "method calls" -> MarkRule.On.METHOD;
          default -> throw new IllegalArgumentException(words[2]);
        };
    List<String> prefixes =
        !words[0].equals("method") && words[2].equals("calls")
            ? List.of(words[3].split(","))
            : List.of();
    marks.add(new MarkRule(on, internal(words[1].substring(1)), annotation, prefixes, model));
  }

  private static String internal(String name) {
    return name.replace('.', '/');
  }

  /**
   * @param method internal name of the class, '/', name of the method
   */
  List<CallRule> calls(String method) {
    return calls.getOrDefault(method, List.of());
  }

  /**
   * @param className internal
   */
  List<CallRule> calls(String className, String method) {
    return calledNames.contains(method) ? calls(className + "/" + method) : List.of();
  }

  /** {@return what must be there for the method to be called} */
  Optional<OnlyRule> only(String className, String method) {
    return onlyNames.contains(method)
        ? Optional.ofNullable(only.get(className + "/" + method))
        : Optional.empty();
  }

  Collection<OnlyRule> only() {
    return only.values();
  }

  /** {@return whether what the method calls by reflection is the program's own main method} */
  boolean startsProgram(String className, String method) {
    return !starts.isEmpty() && starts.contains(className + "/" + method);
  }

  /** {@return whether any object may answer as a test tells it} */
  boolean mocks() {
    return mocks;
  }

  /** {@return annotations of classes and methods whose objects' setters are called by settings} */
  List<String> bound() {
    return bound;
  }

  List<MarkRule> marks() {
    return marks;
  }

  List<FileRule> files() {
    return files;
  }

  List<NameRule> names() {
    return names;
  }

  /** {@return ends of the names of classes that are made with the class before that end} */
  List<String> companions() {
    return companions;
  }

  /** {@return methods that the JVM calls by itself, {@code class.method}} */
  List<String> vm() {
    return vm;
  }

  /** {@return static methods of own classes where a run begins, {@code name(descriptor)} */
  List<String> entries() {
    return entries;
  }

  boolean ignores(String annotation) {
    return ignored.contains(annotation);
  }

  /** {@return whether an annotation says nothing about who writes fields} */
  boolean isPlain(String annotation) {
    return plain.contains(annotation);
  }

  boolean isCondition(String annotation) {
    return conditions.containsKey(annotation);
  }

  /** {@return what must hold for a class or method with the annotation to count} */
  List<Condition> conditions(String annotation) {
    return conditions.getOrDefault(annotation, List.of());
  }

  /** {@return names of the models with rules that hold here} */
  List<String> activeNames() {
    return List.copyOf(active);
  }

  /** {@return all text, for a digest} */
  String text() {
    return text.toString();
  }
}
