package underpin.reach.functions;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import underpin.program.method.ClassCode;
import underpin.program.method.Events;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** Measures each change of one pair of releases by every {@link Signal}, 0 to 1. */
final class Signals {
  private static final Pattern GUARD_NAME =
      Pattern.compile(
          "(?i)check|valid|verif|sanit|escap|encod|canonical|normali[sz]|secur|allow|den(y|ied)|forbid|block"
              + "|limit|max|restrict|filter|permit|authori[sz]|quot|safe|trust|reject|ensure|assert"
              + "|require|protect|strip|clean|exceed|too(Many|Large|Big|Deep|Long)");

  private static final Pattern SECURITY_TEXT =
      Pattern.compile(
          "(?i)disallow|external-|secure|not allowed|illegal|invalid|forbidden|denied|exceed|limit|too (many|large|deep|long|big)"
              + "|maximum|unsafe|untrusted|traversal|outside|escape|\\.\\.[/\\\\]?$|whitelist|blacklist|nesting|depth");

  private static final Pattern TRIVIAL =
      Pattern.compile("toString|hashCode|equals|clone|get[A-Z]\\w*|set[A-Z]\\w*|is[A-Z]\\w*");

  private static final int TRIVIAL_EVENTS = 3;
  private static final int ALIKE = 3;

  private final AdvisoryWords words;
  private final Weakness weakness;
  private final Set<String> addedMembers = new HashSet<>();
  private final Set<String> classesAfter = new HashSet<>();
  private final Set<String> sinkMembers = new HashSet<>();
  private final Map<String, Integer> alike = new HashMap<>();

  /** Events that were asked for: most stand in many methods. */
  private final Map<String, Boolean> sinks = new HashMap<>();

  private final Rarity rarity;
  private final Optional<PatchFiles> patch;
  private final Optional<KnownFix> fix;

  Signals(
      AdvisoryWords words,
      Weakness weakness,
      JarComparison.Difference difference,
      JarCode before,
      JarCode after,
      Optional<PatchFiles> patch,
      Optional<KnownFix> fix) {
    this.words = words;
    this.weakness = weakness;
    this.patch = patch;
    this.fix = fix;
    this.rarity = new Rarity(before);
    difference.added().forEach(m -> addedMembers.add(member(m)));
    after.classes().forEach(c -> classesAfter.add(JarComparison.unnumbered(c.name())));
    for (ClassCode type : before.classes()) {
      for (MethodCode method : type.methods()) {
        if (method.events().stream().anyMatch(this::isSink)) {
          sinkMembers.add(member(method));
        }
      }
    }
    difference.changes().forEach(c -> alike.merge(likeness(c), 1, Integer::sum));
  }

  private static String member(MethodCode method) {
    return JarComparison.unnumbered(method.className()).replace('.', '/') + "." + method.name();
  }

  private boolean isSink(String event) {
    return sinks.computeIfAbsent(
        event,
        each ->
            each.equals("loop")
                ? weakness.isSink(each)
                : Events.member(each).filter(weakness::isSink).isPresent());
  }

  /** What is added and removed, without the names of the class's own members. */
  private static String likeness(Change change) {
    String own = change.before().className().replace('.', '/');
    return change.kind()
        + " "
        + change.added().stream().filter(e -> !e.contains(own)).sorted().toList()
        + change.removed().stream().filter(e -> !e.contains(own)).sorted().toList();
  }

  Map<Signal, Double> of(Change change) {
    Map<Signal, Double> found = new EnumMap<>(Signal.class);
    names(change, found);
    events(change, found);
    kind(change, found);
    MethodCode method = change.before();
    boolean file =
        patch.filter(p -> p.touchesFile(method)).isPresent()
            || fix.filter(f -> f.touchesClass(method)).isPresent();
    boolean lines =
        patch.filter(p -> p.touchesLines(method)).isPresent()
            || fix.filter(f -> f.touches(method)).isPresent();
    found.put(Signal.PATCH_FILE, file ? 1.0 : 0);
    found.put(Signal.PATCH_LINES, lines ? 1.0 : 0);
    found.values().removeIf(v -> v == 0);
    return found;
  }

  private void names(Change change, Map<Signal, Double> found) {
    MethodCode method = change.before();
    String type = Names.simple(method.className());
    boolean named = false;
    for (String part : type.split("\\$")) {
      named |= part.length() > 3 && isName(part) && words.texts().contains(part);
    }
    found.put(Signal.CLASS_NAMED, named ? 1.0 : 0);
    boolean methodNamed =
        method.name().length() > 3
            && (isName(method.name()) || named)
            && words.texts().contains(method.name());
    found.put(Signal.METHOD_NAMED, methodNamed ? 1.0 : 0);
    found.put(Signal.CLASS_WORDS, rarity.share(type, words.stems()));
    found.put(
        Signal.METHOD_WORDS,
        method.name().startsWith("<") ? 0 : rarity.share(method.name(), words.stems()));
    int dot = method.className().lastIndexOf('.');
    String pack = dot < 0 ? "" : method.className().substring(0, dot);
    found.put(Signal.PACKAGE_WORDS, rarity.best(pack, words.stems()));
    double best = 0;
    for (List<String> events : List.of(change.added(), change.removed())) {
      for (String event : events) {
        best = Math.max(best, rarity.best(text(event), words.stems()));
      }
    }
    found.put(Signal.EVENT_WORDS, best);
  }

  /** Part of an event that the author named: the member's name, its class, a text. */
  private static String text(String event) {
    if (event.startsWith("const ")) {
      return event.substring("const ".length());
    }
    return Events.member(event).map(m -> m.substring(m.lastIndexOf('/') + 1)).orElse("");
  }

  /** A word with a capital within, which no plain word of a text has. */
  private static boolean isName(String word) {
    return word.matches(".*[a-z].*[A-Z].*|[A-Z].*[A-Z].*[a-z].*|.*[_0-9].*");
  }

  private void events(Change change, Map<Signal, Double> found) {
    int throwsMore = 0;
    int branches = 0;
    boolean helper = false;
    boolean guard = false;
    boolean guardName = false;
    boolean constant = false;
    boolean securityText = false;
    for (String event : change.added()) {
      throwsMore += event.equals("throw") ? 1 : 0;
      branches += event.startsWith("if ") ? 1 : 0;
      constant |= event.startsWith("const ");
      securityText |= event.startsWith("const \"") && SECURITY_TEXT.matcher(event).find();
      Optional<String> member = Events.member(event);
      if (member.isPresent()) {
        String name = member.get();
        helper |= addedMembers.contains(name);
        guard |= weakness.isGuard(name);
        guardName |= GUARD_NAME.matcher(name.substring(name.lastIndexOf('/') + 1)).find();
      }
    }
    found.put(Signal.NEW_THROW, throwsMore > 0 ? 1.0 : 0);
    found.put(Signal.NEW_BRANCH, branches == 0 ? 0 : branches < 4 ? 1 : 0.7);
    found.put(Signal.NEW_HELPER, helper ? 1.0 : 0);
    found.put(Signal.NEW_GUARD, guard ? 1.0 : 0);
    found.put(Signal.GUARD_NAME, guardName ? 1.0 : 0);
    found.put(Signal.NEW_CONSTANT, constant ? 1.0 : 0);
    found.put(Signal.SECURITY_TEXT, securityText ? 1.0 : 0);
    boolean sink = change.before().events().stream().anyMatch(this::isSink);
    found.put(Signal.SINK, sink ? 1.0 : 0);
    found.put(
        Signal.SINK_GONE,
        change.after().isPresent() && change.removed().stream().anyMatch(this::isSink) ? 1.0 : 0);
    found.put(Signal.NEAR_SINK, !sink && calls(change, sinkMembers) ? 1.0 : 0);
  }

  private static boolean calls(Change change, Set<String> members) {
    String own = member(change.before());
    return change.before().events().stream()
        .flatMap(e -> Events.member(e).stream())
        .anyMatch(m -> !m.equals(own) && members.contains(m));
  }

  private void kind(Change change, Map<Signal, Double> found) {
    MethodCode method = change.before();
    int same = alike.getOrDefault(likeness(change), 1);
    found.put(
        Signal.MANY_ALIKE, same <= ALIKE ? 0 : Math.min(1, Math.log(same / (double) ALIKE) / 3));
    double likeness = change.after().map(after -> Alike.of(method, after)).orElse(0.0);
    found.put(Signal.LARGE, change.after().isPresent() ? 1 - likeness : 0);
    found.put(Signal.SMALL, change.after().isPresent() && change.size() <= 6 ? 1.0 : 0);
    boolean trivial =
        TRIVIAL.matcher(method.name()).matches() && method.events().size() <= TRIVIAL_EVENTS;
    found.put(Signal.TRIVIAL, trivial ? 1.0 : 0);
    found.put(Signal.INITIALISER, method.name().equals("<clinit>") ? 1.0 : 0);
    found.put(Signal.SHAPE_ONLY, change.shape() ? 1.0 : 0);
    boolean gone = change.kind() == Change.Kind.REMOVED;
    found.put(Signal.REMOVED, gone ? 1.0 : 0);
    found.put(
        Signal.CLASS_REMOVED,
        gone && !classesAfter.contains(JarComparison.unnumbered(method.className())) ? 1.0 : 0);
    found.put(Signal.USES, change.kind() == Change.Kind.USES ? 1.0 : 0);
    found.put(Signal.SIGNATURE, change.kind() == Change.Kind.SIGNATURE ? 1.0 : 0);
  }
}
