package underpin.fix.backport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.Backport.PatchedMethod.State;
import underpin.program.method.ClassCode;
import underpin.program.method.Events;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** Whether methods hold what a fix adds, and lack what it takes away, by their bytecode. */
final class FixCheck {
  private static final String TEXT = "const \"";

  /** Some compilers write this where texts are joined, and others do not. */
  private static final String JOINED =
      "call java/lang/String.valueOf(Ljava/lang/Object;)Ljava/lang/String;";

  private final Map<String, MethodCode> affected;
  private final Map<String, MethodCode> fixed;
  private final Map<String, MethodCode> version;
  private final Kin kin;
  private final Set<String> said;

  /**
   * Methods by id.
   *
   * @param version what is to be fixed, before it is
   * @param kin of the types of the version and of the fixed release
   */
  FixCheck(
      Map<String, MethodCode> affected,
      Map<String, MethodCode> fixed,
      Map<String, MethodCode> version,
      Kin kin) {
    this(affected, fixed, version, kin, Set.of());
  }

  private FixCheck(
      Map<String, MethodCode> affected,
      Map<String, MethodCode> fixed,
      Map<String, MethodCode> version,
      Kin kin,
      Set<String> said) {
    this.affected = affected;
    this.fixed = fixed;
    this.version = version;
    this.kin = kin;
    this.said = Set.copyOf(said);
  }

  /**
   * {@return the same, where some calls of the JDK are said in older words}
   *
   * @param calls simple names of types, a dot, and what is called
   */
  FixCheck saying(Set<String> calls) {
    return new FixCheck(affected, fixed, version, kin, calls);
  }

  /** {@return the methods of a jar by id, but for other forms of its classes} */
  static Map<String, MethodCode> byKey(JarCode jar) {
    Map<String, MethodCode> methods = new HashMap<>();
    for (ClassCode type : jar.classes()) {
      if (type.variant() == 0) {
        type.methods().forEach(m -> methods.putIfAbsent(m.id(), m));
      }
    }
    return methods;
  }

  /** {@return whether the fix changes the method at all, between these releases} */
  boolean isChanged(String id) {
    MethodCode before = affected.get(id);
    MethodCode after = fixed.get(id);
    return before != null && after != null && !before.exact().equals(after.exact());
  }

  /** {@return whether both releases have the same methods, and these do the same} */
  boolean isNothingChanged() {
    return affected.keySet().equals(fixed.keySet())
        && affected.values().stream()
            .allMatch(m -> deeds(m).equals(deeds(fixed.getOrDefault(m.id(), m))));
  }

  private static Map<String, Integer> deeds(MethodCode method) {
    Map<String, Integer> deeds = counts(method);
    deeds.keySet().removeIf(e -> !tells(e));
    return deeds;
  }

  /** {@return how each method compares that a change of sources changes} */
  List<PatchedMethod> of(Change change, Map<String, MethodCode> patched) {
    String name = start(change);
    return affected.keySet().stream()
        .filter(id -> id.startsWith(name) && isChanged(id))
        .sorted()
        .flatMap(id -> check(id, patched).stream())
        .toList();
  }

  /**
   * {@return fields by owner and name that something still reads and no constructor or initialiser
   * sets any more, though one of the version does, or that is new and nothing sets, though the
   * fixed release does; and what is to be told of it} Where the fix gives what a field holds
   * another name, what else the version does with it must come along.
   */
  Map<String, String> unset(Map<String, MethodCode> patched) {
    Set<String> set = filled(version);
    set.removeAll(filled(patched));
    set.retainAll(fields(patched.values(), "get "));
    Set<String> theirs = fields(fixed.values(), "get ");
    theirs.removeAll(filled(fixed));
    set.removeAll(theirs);
    Map<String, String> unset = new TreeMap<>();
    for (String field : set) {
      String name = field.substring(0, field.indexOf(':'));
      unset.put(name, name.replace('/', '.') + " is read and no constructor sets it any more");
    }
    Set<String> never = fields(patched.values(), "get ");
    never.removeAll(fields(patched.values(), "put "));
    never.removeAll(fields(version.values(), "get "));
    never.retainAll(fields(fixed.values(), "put "));
    for (String field : never) {
      String name = field.substring(0, field.indexOf(':'));
      if (!isAddedTo(name.substring(0, name.lastIndexOf('.')), patched)) {
        unset.put(name, name.replace('/', '.') + " is read and nothing sets it");
      }
    }
    return unset;
  }

  /**
   * Whether a nested class is told by another to change something: {@code x.n += 1} is an accessor
   * before Java 11 that reads a field and sets it, and is not looked into.
   */
  private static boolean isAddedTo(String type, Map<String, MethodCode> methods) {
    String accessor = " " + type + ".access$";
    return methods.values().stream()
        .anyMatch(m -> m.events().stream().anyMatch(e -> e.contains(accessor)));
  }

  /**
   * {@return how members that come as the fixed release has them would differ from the version by
   * more than the fix, by id of the method} What the version calls or says there, and nothing that
   * changed does any more, though the fix does not take it away; and what both releases do there,
   * and the version does not. Texts with spaces are for people, who understand other words for it.
   *
   * @param asFixed the changes to these members
   * @param patched the methods of the result
   */
  Map<String, String> altered(Set<Change> asFixed, Map<String, MethodCode> patched) {
    Map<String, Integer> more = more(patched);
    Map<String, String> altered = new TreeMap<>();
    for (Change change : asFixed) {
      String start = start(change);
      for (MethodCode old : version.values()) {
        MethodCode now = patched.get(old.id());
        if (old.id().startsWith(start) && now != null && !now.exact().equals(old.exact())) {
          Map<String, Integer> had = services(old);
          Map<String, Integer> has = services(now);
          Map<String, Integer> was = services(affected.getOrDefault(old.id(), old));
          Map<String, Integer> is = services(fixed.getOrDefault(old.id(), now));
          List<String> lost = new ArrayList<>();
          had.forEach((name, n) -> {
            if (!has.containsKey(name) && more.getOrDefault(name, 0) < 0) {
              lost.add(name);
            }
          });
          List<String> brought = new ArrayList<>();
          has.forEach((name, n) -> {
            if (was.containsKey(name) && is.containsKey(name) && !had.containsKey(name)) {
              brought.add(name);
            }
          });
          lost.sort(null);
          brought.sort(null);
          if (!lost.isEmpty()) {
            altered.put(old.id(), "would lose " + some(lost));
          } else if (!brought.isEmpty()) {
            altered.put(old.id(), "would do more than the fix: " + some(brought));
          }
        }
      }
    }
    return altered;
  }

  /**
   * How often more than before the methods that changed do something, where what the fix takes away
   * is no less.
   */
  private Map<String, Integer> more(Map<String, MethodCode> patched) {
    Map<String, Integer> more = new HashMap<>();
    patched.forEach((id, now) -> {
      MethodCode old = version.get(id);
      if (old == null || !old.exact().equals(now.exact())) {
        services(now).forEach((name, n) -> more.merge(name, n, Integer::sum));
      }
      if (old != null && !old.exact().equals(now.exact())) {
        services(old).forEach((name, n) -> more.merge(name, -n, Integer::sum));
        Map<String, Integer> is = services(fixed.getOrDefault(id, now));
        services(affected.getOrDefault(id, old))
            .forEach((name, n) ->
                more.merge(name, Math.max(0, n - is.getOrDefault(name, 0)), Integer::sum));
      }
    });
    return more;
  }

  /**
   * What a method calls, by the name of the method and of its type, of the JDK's by that of the
   * method alone, which has many forms of a service; and what it says that others may read. How
   * texts and objects of the JDK are made tells nothing.
   */
  private static Map<String, Integer> services(MethodCode method) {
    Map<String, Integer> names = new TreeMap<>();
    for (String event : method.events()) {
      int end = event.indexOf('(');
      if (event.startsWith(TEXT)
          && event.length() > TEXT.length() + 1
          && event.indexOf(' ', TEXT.length()) < 0) {
        names.merge(event, 1, Integer::sum);
      }
      if (event.startsWith("call ") && end > 0) {
        int dot = event.lastIndexOf('.', end);
        boolean isJdk = event.startsWith("call java/") || event.startsWith("call javax/");
        String name = isJdk ? event.substring(dot + 1, end) : plain(event.substring(0, end));
        boolean isMeans =
            isJdk && (name.equals("<init>") || event.startsWith("call java/lang/Str"));
        if (!isMeans && !name.contains("access$")) {
          names.merge(name, 1, Integer::sum);
        }
      }
    }
    return names;
  }

  private static String start(Change change) {
    String file = change.path().replace(".java", "").replace('/', '.');
    return file.substring(0, file.lastIndexOf('.') + 1)
        + change.type()
        + "."
        + (change.names().isEmpty() ? "<init>" : change.names().getFirst())
        + "(";
  }

  /** What constructors and initialisers set. */
  private static Set<String> filled(Map<String, MethodCode> methods) {
    return fields(methods.values().stream().filter(m -> m.name().startsWith("<")).toList(), "put ");
  }

  private static Set<String> fields(Collection<MethodCode> methods, String how) {
    Set<String> fields = new TreeSet<>();
    for (MethodCode method : methods) {
      for (String event : method.events()) {
        if (event.startsWith(how) && event.indexOf(':') > 0) {
          fields.add(event.substring(how.length()));
        }
      }
    }
    return fields;
  }

  Optional<PatchedMethod> check(String id, Map<String, MethodCode> patched) {
    MethodCode before = affected.get(id);
    MethodCode after = fixed.get(id);
    if (after == null) {
      return Optional.empty();
    }
    MethodCode ours = patched.get(id);
    if (before == null) {
      return ours == null ? Optional.empty() : Optional.of(added(after, ours));
    }
    if (ours == null) {
      ours = otherSignature(before, patched);
    }
    if (ours == null) {
      ours = unsplit(before, patched);
    }
    if (ours == null) {
      ours = moved(before, patched);
    }
    if (ours == null) {
      return Optional.of(new PatchedMethod(id, State.ABSENT, "the version has no such method"));
    }
    return Optional.of(compared(before, after, ours));
  }

  private static PatchedMethod added(MethodCode after, MethodCode ours) {
    boolean isSame = ours.exact().equals(after.exact()) || ours.loose().equals(after.loose());
    return new PatchedMethod(
        ours.id(),
        isSame ? State.AS_UPSTREAM : State.DIFFERENT,
        isSame ? "the same code as upstream's" : "is not what the fix adds");
  }

  /**
   * {@return whether methods that do in the version what one does that it lacks all changed, and
   * hold what the fix makes of that one}
   *
   * @param forms ids of methods of the version
   */
  boolean isFixedIn(List<String> forms, String id, Map<String, MethodCode> patched) {
    MethodCode before = affected.get(id);
    MethodCode after = fixed.get(id);
    return before != null
        && after != null
        && !forms.isEmpty()
        && forms.stream()
            .allMatch(form -> {
              MethodCode old = version.get(form);
              MethodCode now = patched.get(form);
              return old != null
                  && now != null
                  && !old.exact().equals(now.exact())
                  && compared(before, after, now).state() == State.FIXED;
            });
  }

  private PatchedMethod compared(MethodCode before, MethodCode after, MethodCode ours) {
    String id = before.id();
    MethodCode old = version.get(ours.id());
    boolean isPatched = old == null || !old.exact().equals(ours.exact());
    boolean tellsApart = isPatched || !before.loose().equals(after.loose());
    if (ours.exact().equals(after.exact()) || tellsApart && ours.loose().equals(after.loose())) {
      return new PatchedMethod(id, State.AS_UPSTREAM, "the same code as upstream's");
    }
    Map<String, Integer> was = counts(before);
    Map<String, Integer> is = counts(after);
    Map<String, Integer> here = counts(ours);
    Map<String, Integer> unpatched = old == null ? Map.of() : counts(old);
    List<String> missing = new ArrayList<>();
    List<String> left = new ArrayList<>();
    is.forEach((event, n) -> {
      int more = n - was.getOrDefault(event, 0);
      int now = here.getOrDefault(event, 0) + kin.calls(event, here, is);
      int earlier = unpatched.getOrDefault(event, 0) + kin.calls(event, unpatched, is);
      boolean noneNew = now < n && now <= earlier && (!isPatched || tells(event));
      if (more > 0 && (now < more || noneNew) && !isSaid(event)) {
        missing.add(event);
      }
    });
    was.forEach((event, n) -> {
      int stay = is.getOrDefault(event, 0);
      int now = here.getOrDefault(event, 0) + kin.calls(event, here, is);
      boolean noneGone =
          now > stay && now >= unpatched.getOrDefault(event, 0) && (!isPatched || tells(event));
      if (stay < n && now > 0 && (stay == 0 || noneGone)) {
        left.add(event);
      }
    });
    boolean addsWhatTells = is.keySet().stream().anyMatch(e -> tells(e) && !was.containsKey(e));
    List<String> lost = lost(ours.id(), was, is, here);
    missing.sort(null);
    left.sort(null);
    lost.sort(null);
    if (missing.isEmpty() && left.isEmpty() && !lost.isEmpty()) {
      return new PatchedMethod(
          id, State.DIFFERENT, "lost what the version does and the fix leaves: " + some(lost));
    }
    if (missing.isEmpty() && left.isEmpty() && !isPatched && !addsWhatTells) {
      return new PatchedMethod(
          id, State.DIFFERENT, "has nothing that only the fix can have put there");
    }
    if (missing.isEmpty() && left.isEmpty()) {
      return new PatchedMethod(
          id, State.FIXED, "holds all that the fix adds, nothing that it removes");
    }
    return new PatchedMethod(
        id,
        State.DIFFERENT,
        (missing.isEmpty() ? "" : "lacks " + some(missing))
            + (left.isEmpty() ? "" : (missing.isEmpty() ? "" : "; ") + "still has " + some(left)));
  }

  private boolean isSaid(String event) {
    if (!event.startsWith("call java/")) {
      return false;
    }
    String called = event.substring(event.lastIndexOf('/', event.indexOf('(')) + 1);
    return said.contains(called.substring(0, called.indexOf('(')).replace('$', '.'));
  }

  /** What the version did before and does no more, though the fix does not take it away. */
  private List<String> lost(
      String id, Map<String, Integer> was, Map<String, Integer> is, Map<String, Integer> here) {
    List<String> lost = new ArrayList<>();
    MethodCode before = version.get(id);
    if (before != null) {
      Map<String, Integer> did = counts(before);
      did.forEach((event, n) -> {
        int otherwise = kin.calls(event, here, Map.of()) - kin.calls(event, did, Map.of());
        int less = n - here.getOrDefault(event, 0) - Math.max(0, otherwise);
        int taken = Math.max(0, was.getOrDefault(event, 0) - is.getOrDefault(event, 0));
        boolean counts = event.startsWith("call ") || event.startsWith("const \"");
        if (counts && less > taken) {
          lost.add(event);
        }
      });
    }
    return lost;
  }

  /** The one method of the class called so, where it has other parameters. */
  private @Nullable MethodCode otherSignature(MethodCode before, Map<String, MethodCode> patched) {
    String start = before.className() + "." + before.name() + "(";
    List<MethodCode> named =
        patched.values().stream()
            .filter(m -> m.id().startsWith(start))
            // One that the affected release has too is another method.
            .filter(m -> !affected.containsKey(m.id()) && !fixed.containsKey(m.id()))
            .toList();
    if (named.size() > 1) {
      String parameters = before.descriptor().substring(0, before.descriptor().indexOf(')') + 1);
      named = named.stream().filter(m -> m.descriptor().startsWith(parameters)).toList();
    }
    return named.size() == 1 ? named.getFirst() : null;
  }

  /** The one method which only calls it in the affected release, and does it all itself here. */
  private @Nullable MethodCode unsplit(MethodCode before, Map<String, MethodCode> patched) {
    String start = before.className() + "." + before.name() + "(";
    String call =
        "%s.%s%s"
            .formatted(before.className().replace('.', '/'), before.name(), before.descriptor());
    List<MethodCode> whole =
        patched.values().stream()
            .filter(m -> m.id().startsWith(start) && !m.id().equals(before.id()))
            .filter(m -> affected.containsKey(m.id()) && calls(affected.get(m.id()), call))
            .filter(m -> !calls(m, call) && !isChanged(m.id()))
            .toList();
    return whole.size() == 1 ? whole.getFirst() : null;
  }

  /** The method in the one class called so, where the version has it in another package. */
  private @Nullable MethodCode moved(MethodCode before, Map<String, MethodCode> patched) {
    String simple = simple(before.className());
    Set<String> classes = new TreeSet<>();
    patched.values().stream()
        .map(MethodCode::className)
        .filter(c -> simple(c).equals(simple))
        .forEach(classes::add);
    if (classes.size() != 1 || classes.contains(before.className())) {
      return null;
    }
    String type = classes.iterator().next();
    boolean both = affected.values().stream().anyMatch(m -> m.className().equals(type));
    List<MethodCode> named =
        patched.values().stream()
            .filter(m -> m.className().equals(type) && m.name().equals(before.name()))
            .filter(m -> Cut.parameters(m.descriptor()).equals(Cut.parameters(before.descriptor())))
            .toList();
    MethodCode same = patched.get(type + "." + before.name() + before.descriptor());
    return both ? null : same != null ? same : named.size() == 1 ? named.getFirst() : null;
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static boolean calls(@Nullable MethodCode method, String call) {
    return method != null && method.events().stream().anyMatch(e -> e.endsWith(call));
  }

  private static String some(List<String> events) {
    return String.join(", ", events.subList(0, Math.min(3, events.size())))
        + (events.size() > 3 ? " and " + (events.size() - 3) + " more" : "");
  }

  /** {@return whether an event tells what is done, not how} */
  static boolean tells(String event) {
    return event.startsWith("call ")
        || event.startsWith("super ")
        || event.startsWith("get ")
        || event.startsWith("put ")
        || event.startsWith("const \"");
  }

  private static Map<String, Integer> counts(MethodCode method) {
    Map<String, Integer> counts = new HashMap<>();
    method.events().forEach(e -> counts.merge(plain(e), 1, Integer::sum));
    counts.remove(JOINED);
    return counts;
  }

  /** Compilers turn conditions round and join texts in their own ways. */
  private static String plain(String event) {
    return Events.withoutPackages(event);
  }
}
