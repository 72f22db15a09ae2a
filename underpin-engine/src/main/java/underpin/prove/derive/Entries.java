package underpin.prove.derive;

import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** Finds the public calls of a jar from which some functions are not far. */
final class Entries {
  private static final int FARTHEST = 12;

  /** Steps from where an object is made to where its methods are called by others. */
  private static final int CALLED_BACK = 4;

  /** Types that an input can take the form of. */
  private static final Set<String> INPUTS =
      Set.of(
          "java.lang.String",
          "java.lang.CharSequence",
          "java.lang.Object",
          "java.lang.StringBuilder",
          "java.lang.StringBuffer",
          "java.io.Reader",
          "char[]",
          "java.io.InputStream",
          "java.util.zip.ZipInputStream",
          "java.util.zip.ZipFile",
          "byte[]",
          "java.nio.ByteBuffer",
          "java.io.File",
          "java.nio.file.Path",
          "java.net.URL",
          "java.net.URI",
          "org.xml.sax.InputSource",
          "javax.xml.transform.Source");

  private final Library library;
  private final Set<String> inFixed = new HashSet<>();
  private final Map<String, Integer> distances = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();

  private Entries(Library library, JarCode fixed) {
    this.library = library;
    for (ClassCode type : fixed.classes()) {
      type.methods().forEach(m -> inFixed.add(m.id()));
    }
  }

  /**
   * {@return calls that lead to one of the functions, the nearest and likeliest first} Only what
   * both releases let others call.
   *
   * @param functions {@code a.b.C$D.name(descriptor)}, the likeliest first
   */
  static List<Entry> of(JarCode affected, JarCode fixed, List<String> functions, int most) {
    Entries entries = new Entries(new Library(affected), fixed);
    entries.measure(functions);
    return entries.collect(most);
  }

  private void measure(List<String> functions) {
    Map<String, List<Caller>> callers = callers();
    PriorityQueue<Reached> open = new PriorityQueue<>();
    int rank = 1;
    for (String function : functions) {
      open.add(new Reached(0, rank++, function));
    }
    while (!open.isEmpty()) {
      Reached at = open.remove();
      if (distances.putIfAbsent(at.method(), at.distance()) == null) {
        ranks.put(at.method(), at.rank());
        for (Caller caller : callers.getOrDefault(at.method(), List.of())) {
          int distance = at.distance() + caller.steps();
          if (distance <= FARTHEST && !distances.containsKey(caller.method())) {
            open.add(new Reached(distance, at.rank(), caller.method()));
          }
        }
      }
    }
  }

  private record Reached(int distance, int rank, String method) implements Comparable<Reached> {
    @Override
    public int compareTo(Reached other) {
      return Comparator.comparingInt(Reached::distance)
          .thenComparingInt(Reached::rank)
          .thenComparing(Reached::method)
          .compare(this, other);
    }
  }

  private record Caller(String method, int steps) {}

  /** Who may call a method, by names: any override below or above of what is written. */
  private Map<String, List<Caller>> callers() {
    Map<String, List<MethodCode>> bySignature = library.bySignature();
    Map<String, Set<String>> families = new HashMap<>();
    Map<String, List<Caller>> callers = new HashMap<>();
    for (ClassCode type : library.classes().values()) {
      for (MethodCode method : type.methods()) {
        for (String event : method.events()) {
          int parameters = event.indexOf('(');
          int dot = parameters < 0 ? -1 : event.lastIndexOf('.', parameters);
          if (!event.startsWith("call ") || dot < 0) {
            continue;
          }
          String owner = event.substring("call ".length(), dot).replace('/', '.');
          Set<String> family = families.computeIfAbsent(owner, library::family);
          for (MethodCode target : bySignature.getOrDefault(event.substring(dot + 1), List.of())) {
            if (family.contains(target.className())) {
              add(callers, target, method, 1);
            }
          }
        }
      }
      if (library.isCalledFromElsewhere(type)) {
        calledBack(type, callers);
      }
      type.methods().stream()
          .filter(m -> m.name().equals("<clinit>"))
          .forEach(m -> type.methods().forEach(other -> add(callers, m, other, 1)));
    }
    return callers;
  }

  /** What overrides a method of elsewhere is called by whoever is given the object. */
  private static void calledBack(ClassCode type, Map<String, List<Caller>> callers) {
    for (MethodCode method : type.methods()) {
      if (!method.name().startsWith("<") && !Library.isStatic(method)) {
        type.methods().stream()
            .filter(m -> m.name().equals("<init>"))
            .forEach(m -> add(callers, method, m, CALLED_BACK));
      }
    }
  }

  private static void add(
      Map<String, List<Caller>> callers, MethodCode target, MethodCode caller, int steps) {
    callers
        .computeIfAbsent(target.id(), _ -> new ArrayList<>())
        .add(new Caller(caller.id(), steps));
  }

  private List<Entry> collect(int most) {
    List<Entry> all = new ArrayList<>();
    for (ClassCode type : library.classes().values()) {
      if (library.isPublic(type)) {
        for (MethodCode method : type.methods()) {
          Integer distance = distances.get(method.id());
          if (distance != null
              && Library.isPublic(method)
              && inFixed.contains(method.id())
              && !method.name().equals("<clinit>")) {
            add(type, method, distance, ranks.getOrDefault(method.id(), 1), all);
          }
        }
      }
    }
    all.sort(
        Comparator.<Entry>comparingInt(
                e -> e.distance() + Math.min(e.likelihood(), 12) / 3 + weight(e))
            .thenComparing(e -> e.name().length())
            .thenComparing(Entry::name));
    // Of one function only some overloads and receivers, so that others get a turn.
    Map<String, Integer> turns = new HashMap<>();
    List<Entry> chosen = new ArrayList<>();
    for (Entry entry : all) {
      if (chosen.size() < most
          && turns.merge(entry.function() + " " + entry.how(), 1, Integer::sum) <= 1
          && turns.merge(entry.function(), 1, Integer::sum) <= 6) {
        chosen.add(entry);
      }
    }
    return chosen;
  }

  private static int weight(Entry entry) {
    return switch (entry.type()) {
      case "java.lang.String", "java.io.InputStream", "java.io.Reader", "byte[]" -> 0;
      case "java.lang.Object" -> 4;
      default -> 1;
    };
  }

  private void add(ClassCode type, MethodCode method, int distance, int rank, List<Entry> all) {
    boolean makes = method.name().equals("<init>");
    if (makes && (type.flags() & (ClassFile.ACC_ABSTRACT | ClassFile.ACC_ENUM)) != 0) {
      return;
    }
    List<String> parameters = Library.parameters(method);
    String result = makes ? type.name() : Library.result(method);
    List<String> receivers =
        makes
            ? List.of("new " + Library.source(type.name()))
            : Library.isStatic(method)
                ? List.of(Library.source(type.name()) + "." + method.name())
                : library.ways(type.name()).stream()
                    .sorted(Comparator.comparing(w -> !distances.containsKey(w.by())))
                    .map(w -> w.java() + "." + method.name())
                    .toList();
    for (String receiver : receivers) {
      for (int at = 0; at < parameters.size(); at++) {
        if (INPUTS.contains(parameters.get(at))) {
          int input = at;
          arguments(parameters, at)
              .ifPresent(rest ->
                  all.add(
                      new Entry(
                          function(method),
                          receiver + input,
                          parameters.get(input),
                          value -> receiver + "(" + rest.formatted(value) + ")",
                          result,
                          distance + (receivers.size() > 1 ? receivers.indexOf(receiver) : 0),
                          rank)));
        }
      }
    }
    if (!makes && !Library.isStatic(method)) {
      held(type, method, parameters, distance, rank, all);
    }
  }

  /** The input is given to the constructor, and used by a method without one. */
  private void held(
      ClassCode type,
      MethodCode method,
      List<String> parameters,
      int distance,
      int rank,
      List<Entry> all) {
    Optional<String> rest = arguments(parameters, -1);
    if (rest.isEmpty() || (type.flags() & ClassFile.ACC_ABSTRACT) != 0) {
      return;
    }
    for (MethodCode maker : type.methods()) {
      List<String> given = Library.parameters(maker);
      if (!maker.name().equals("<init>")
          || !Library.isPublic(maker)
          || !inFixed.contains(maker.id())) {
        continue;
      }
      for (int at = 0; at < given.size(); at++) {
        int input = at;
        if (INPUTS.contains(given.get(at)) && !given.get(at).equals("java.lang.Object")) {
          arguments(given, at)
              .ifPresent(others ->
                  all.add(
                      new Entry(
                          function(method),
                          "of " + given.get(input) + input,
                          given.get(input),
                          value ->
                              "new %s(%s).%s(%s)"
                                  .formatted(
                                      Library.source(type.name()),
                                      others.formatted(value),
                                      method.name(),
                                      rest.get().formatted()),
                          Library.result(method),
                          distance + 1,
                          rank)));
        }
      }
    }
  }

  private static String function(MethodCode method) {
    return method.className() + "." + method.name();
  }

  /** {@return ordinary arguments, with a place for the input at one of them; -1: for none} */
  private Optional<String> arguments(List<String> parameters, int at) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (i == at) {
        all.add("%s");
        continue;
      }
      Optional<String> value = library.ordinary(parameters.get(i));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      all.add("(" + Library.source(parameters.get(i)) + ") " + value.get().replace("%", "%%"));
    }
    return Optional.of(String.join(", ", all));
  }
}
