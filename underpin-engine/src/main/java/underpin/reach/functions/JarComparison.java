package underpin.reach.functions;

import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** Compares two releases of one artifact, method by method. */
final class JarComparison {
  /**
   * From so many methods on, and this share of all, whose events are the same and whose code is
   * not, the compiler was another one: such methods are then no changes.
   */
  private static final int RECOMPILED = 12;

  private static final double RECOMPILED_SHARE = 0.02;

  /** Of the users of one initialiser; more of them are users of a constant, not of a guard. */
  private static final int MOST_USES = 6;

  /** Shorter bodies are alike by chance, so they tell nothing of a move. */
  private static final int TELLING = 4;

  /**
   * What differs.
   *
   * @param changes in the order of names
   * @param added methods of the fixed release that have no counterpart
   * @param methods methods of the affected release
   * @param recompiled how many methods differ only in how they were compiled
   */
  record Difference(List<Change> changes, List<MethodCode> added, int methods, int recompiled) {}

  private final Versions versions;
  private final Map<String, List<MethodCode>> before;
  private final Map<String, List<MethodCode>> after;
  private final Map<String, List<MethodCode>> free = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();

  private JarComparison(ReleasePair pair, JarCode before, JarCode after) {
    this.versions = Versions.of(pair);
    this.before = byKey(before);
    this.after = byKey(after);
  }

  static Difference compare(ReleasePair pair, JarCode before, JarCode after) {
    return new JarComparison(pair, before, after).difference();
  }

  private static Map<String, List<MethodCode>> byKey(JarCode jar) {
    Map<String, List<MethodCode>> methods = new TreeMap<>();
    for (ClassCode type : jar.classes()) {
      for (MethodCode method : type.methods()) {
        methods.computeIfAbsent(key(method), _ -> new ArrayList<>()).add(method);
      }
    }
    return methods;
  }

  private static String key(MethodCode method) {
    return unnumbered(method.className()) + "." + method.name() + unnumbered(method.descriptor());
  }

  /** Anonymous classes are numbered in the order of the source, so their numbers tell nothing. */
  static String unnumbered(String name) {
    return name.indexOf('$') < 0 ? name : name.replaceAll("\\$\\d+", "\\$#");
  }

  private Difference difference() {
    List<MethodCode> unmatched = new ArrayList<>();
    after.forEach((key, methods) -> {
      List<MethodCode> rest = without(methods, before.getOrDefault(key, List.of()));
      if (!rest.isEmpty()) {
        free.put(key, rest);
      }
    });
    before.forEach((key, methods) -> {
      for (MethodCode method : without(methods, after.getOrDefault(key, List.of()))) {
        Optional<MethodCode> same = take(key, method);
        if (same.isPresent()) {
          change(method, same.get(), Change.Kind.CHANGED);
        } else {
          unmatched.add(method);
        }
      }
    });
    elsewhere(unmatched);
    return result();
  }

  /** The methods whose exact code the others lack. */
  private static List<MethodCode> without(List<MethodCode> methods, List<MethodCode> others) {
    List<String> digests = new ArrayList<>();
    others.forEach(other -> digests.add(other.exact()));
    List<MethodCode> rest = new ArrayList<>();
    for (MethodCode method : methods) {
      if (!digests.remove(method.exact())) {
        rest.add(method);
      }
    }
    return rest;
  }

  private void change(MethodCode from, MethodCode to, Change.Kind kind) {
    changes.add(Change.between(from, to, kind, versions));
  }

  /** The free method of this key that is most alike. */
  private Optional<MethodCode> take(String key, MethodCode method) {
    List<MethodCode> candidates = free.getOrDefault(key, List.of());
    Optional<MethodCode> best =
        candidates.stream().max(Comparator.comparingDouble(c -> Alike.of(method, c)));
    best.ifPresent(b -> remove(key, b));
    return best;
  }

  private void remove(String key, MethodCode method) {
    List<MethodCode> left = new ArrayList<>(free.getOrDefault(key, List.of()));
    left.remove(method);
    if (left.isEmpty()) {
      free.remove(key);
    } else {
      free.put(key, left);
    }
  }

  /** Methods that are gone under their name: moved, given other parameters, or removed. */
  private void elsewhere(List<MethodCode> unmatched) {
    Map<String, List<MethodCode>> byExact = new HashMap<>();
    Map<String, List<MethodCode>> bySimple = new HashMap<>();
    free.values().stream()
        .flatMap(List::stream)
        .forEach(m -> {
          byExact.computeIfAbsent(m.loose(), _ -> new ArrayList<>()).add(m);
          bySimple.computeIfAbsent(simpleName(m), _ -> new ArrayList<>()).add(m);
        });
    Set<MethodCode> taken = new HashSet<>();
    for (MethodCode method : unmatched) {
      Optional<MethodCode> moved =
          method.events().size() < TELLING
              ? Optional.empty()
              : byExact.getOrDefault(method.loose(), List.of()).stream()
                  .filter(m -> !taken.contains(m))
                  .findFirst();
      if (moved.isPresent()) {
        taken.add(moved.get());
        remove(key(moved.get()), moved.get());
        continue;
      }
      Optional<MethodCode> renamed =
          bySimple.getOrDefault(simpleName(method), List.of()).stream()
              .filter(m -> !taken.contains(m))
              .max(Comparator.comparingDouble(m -> Alike.of(method, m)));
      if (renamed.isPresent()) {
        taken.add(renamed.get());
        remove(key(renamed.get()), renamed.get());
        boolean sameParameters = renamed.get().descriptor().equals(method.descriptor());
        if (!sameParameters || !renamed.get().loose().equals(method.loose())) {
          change(
              method, renamed.get(), sameParameters ? Change.Kind.CHANGED : Change.Kind.SIGNATURE);
        }
      } else {
        changes.add(Change.removed(method));
      }
    }
  }

  /**
   * The methods that read the static fields which an initialiser sets otherwise, and who calls
   * these in their name. All methods are gone through twice, however many initialisers differ.
   */
  private List<Change> uses(List<Change> found) {
    Set<String> taken = new HashSet<>();
    found.forEach(c -> taken.add(c.before().id()));
    List<Change> initialisers =
        found.stream()
            .filter(c -> c.before().name().equals("<clinit>") && c.after().isPresent())
            .toList();
    List<List<MethodCode>> readers =
        users(
            initialisers.stream()
                .map(c -> StaticFields.changed(c.before(), c.after().orElseThrow()))
                .toList(),
            taken);
    List<List<MethodCode>> callers =
        users(readers.stream().map(JarComparison::calls).toList(), taken);
    List<Change> uses = new ArrayList<>();
    for (int i = 0; i < initialisers.size(); i++) {
      Change initialiser = initialisers.get(i);
      readers.get(i).forEach(m -> uses.add(Change.uses(m, initialiser)));
      callers.get(i).forEach(m -> uses.add(Change.uses(m, initialiser)));
    }
    return uses;
  }

  /** For each set of events a few methods, none of them taken before, that have one of it. */
  private List<List<MethodCode>> users(List<Set<String>> events, Set<String> taken) {
    Map<String, List<MethodCode>> having = new HashMap<>();
    events.forEach(some -> some.forEach(event -> having.put(event, new ArrayList<>())));
    Map<MethodCode, Integer> places = new IdentityHashMap<>();
    if (!having.isEmpty()) {
      before.values().stream()
          .flatMap(List::stream)
          .filter(m -> !m.name().equals("<clinit>"))
          .forEach(m -> {
            places.put(m, places.size());
            m.events().stream()
                .distinct()
                .map(having::get)
                .filter(Objects::nonNull)
                .forEach(users -> users.add(m));
          });
    }
    List<List<MethodCode>> users = new ArrayList<>();
    for (Set<String> some : events) {
      List<MethodCode> few = new ArrayList<>();
      some.stream()
          .flatMap(event -> having.getOrDefault(event, List.of()).stream())
          .sorted(Comparator.comparing(places::get))
          .filter(m -> few.size() < MOST_USES && taken.add(m.id()))
          .forEach(few::add);
      users.add(few);
    }
    return users;
  }

  /** The calls of those that nothing outside of their package calls, so others do in their name. */
  private static Set<String> calls(List<MethodCode> methods) {
    Set<String> calls = new HashSet<>();
    for (MethodCode method : methods) {
      if ((method.flags() & ClassFile.ACC_PUBLIC) == 0 && !method.name().startsWith("<")) {
        calls.add(
            "call "
                + unnumbered(method.className()).replace('.', '/')
                + "."
                + method.name()
                + unnumbered(method.descriptor()));
      }
    }
    return calls;
  }

  private static String simpleName(MethodCode method) {
    String type = unnumbered(method.className());
    return type.substring(type.lastIndexOf('.') + 1) + "." + method.name();
  }

  private Difference result() {
    long shapes = changes.stream().filter(Change::shape).count();
    int methods = before.values().stream().mapToInt(List::size).sum();
    boolean recompiled = shapes >= RECOMPILED && shapes > RECOMPILED_SHARE * methods;
    List<Change> real =
        new ArrayList<>(
            changes.stream()
                .filter(c -> !c.isVersionOnly())
                .filter(c -> !(recompiled && c.shape()))
                .toList());
    real.addAll(uses(real));
    real.sort(Comparator.comparing(c -> c.before().id()));
    return new Difference(
        real,
        free.values().stream().flatMap(List::stream).toList(),
        methods,
        recompiled ? (int) shapes : 0);
  }
}
