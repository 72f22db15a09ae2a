package underpin.inventory;

import com.github.packageurl.MalformedPackageURLException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Inventory;
import underpin.cases.Inventory.Problem;

/**
 * What a document says, whatever its format: elements, each under a reference, and which brings
 * which. Collects while a document streams by, then becomes an inventory. Time is linear in
 * elements and relations (but for one sort); the paths kept are bounded by {@link #MAX_STEPS}.
 */
final class SbomGraph {
  /** The most steps of all kept paths together: some 30 MB. */
  private static final int MAX_STEPS = 8_000_000;

  /** A longer path is counted but not kept: nobody reads it. */
  private static final int MAX_PATH = 100;

  /** The most problems told one by one, of each kind. */
  private static final int TOLD = 20;

  private final Path file;
  private final String fileName;
  private final SbomLimits limits;
  private final List<Element> elements = new ArrayList<>();
  private final Map<String, Integer> byReference = new HashMap<>();
  private final List<Integer> roots = new ArrayList<>();
  private final Map<String, Component> read = new HashMap<>();
  private final Tally invalid = new Tally("more components have an invalid purl and are left out");
  private final Tally nameless =
      new Tally("more components have no purl and cannot be matched with advisories");
  private final List<Problem> notes = new ArrayList<>();
  private long[] relations = new long[1024];
  private int relationCount;

  /** Relations by reference, kept until all elements are known. */
  private final List<String[]> named = new ArrayList<>();

  SbomGraph(Path file, SbomLimits limits) {
    this.file = file;
    this.fileName = String.valueOf(file.getFileName());
    this.limits = limits;
  }

  private record Element(
      List<Component> components, String reference, int line, boolean optional) {}

  /** The same kind of problem many times: the first ones, then a count. */
  private static final class Tally {
    private final String more;
    private final List<Problem> told = new ArrayList<>();
    private int untold;

    Tally(String more) {
      this.more = more;
    }

    void add(String place, String message) {
      if (told.size() < TOLD) {
        told.add(new Problem(place, message));
      } else {
        untold++;
      }
    }

    void into(List<Problem> problems, String place) {
      problems.addAll(told);
      if (untold > 0) {
        problems.add(new Problem(place, untold + " " + more));
      }
    }
  }

  /** What a format knows about one element. Texts are empty where it says nothing. */
  record Described(
      String reference, List<String> purls, String name, boolean optional, int line, int column) {}

  void note(String message) {
    notes.add(new Problem(fileName, message));
  }

  /** {@return the element's number} */
  int add(Described described) throws UnreadableTargetException {
    if (elements.size() >= limits.components()) {
      throw new UnreadableTargetException(
          file,
          described.line(),
          "more than %d components. Split the SBOM, or raise the limit."
              .formatted(limits.components()));
    }
    String place = fileName + ":" + described.line() + ":" + described.column();
    List<Component> components = new ArrayList<>(1);
    for (String purl : described.purls()) {
      try {
        components.add(component(purl));
      } catch (MalformedPackageURLException | IllegalArgumentException e) {
        invalid.add(
            place,
            "Invalid purl '%s' (%s): the component is left out. Correct it in the tool that wrote the"
                    .formatted(shortened(purl), e.getMessage())
                + " SBOM.");
      }
    }
    if (described.purls().isEmpty()) {
      nameless.add(
          place,
          "Component '%s' has no purl, so it cannot be matched with advisories."
              .formatted(shortened(described.name())));
    }
    int number = elements.size();
    elements.add(
        new Element(
            List.copyOf(components),
            described.reference(),
            described.line(),
            described.optional()));
    if (!described.reference().isEmpty()) {
      byReference.putIfAbsent(described.reference(), number);
    }
    return number;
  }

  /** The element stands for the target itself: no component of it. */
  int addRoot(String reference, List<String> purls, int line) {
    List<Component> components = new ArrayList<>(1);
    for (String purl : purls) {
      try {
        components.add(component(purl));
      } catch (MalformedPackageURLException | IllegalArgumentException e) {
        // Only names the target; nothing is matched with it.
        continue;
      }
    }
    int number = elements.size();
    elements.add(new Element(List.copyOf(components), reference, line, false));
    if (!reference.isEmpty()) {
      byReference.putIfAbsent(reference, number);
    }
    roots.add(number);
    return number;
  }

  private Component component(String purl) throws MalformedPackageURLException {
    Component known = read.get(purl);
    if (known == null) {
      known = Purl.parse(purl);
      read.put(purl, known);
    }
    return known;
  }

  void relate(int from, int to, int line) throws UnreadableTargetException {
    checkRelations(line);
    if (relationCount == relations.length) {
      relations = Arrays.copyOf(relations, relations.length * 2);
    }
    relations[relationCount++] = ((long) from << 32) | to;
  }

  /** Both ends may be described later in the document. */
  void relate(String from, String to, int line) throws UnreadableTargetException {
    checkRelations(line);
    named.add(new String[] {from, to});
  }

  private void checkRelations(int line) throws UnreadableTargetException {
    if (relationCount + named.size() >= limits.relations()) {
      throw new UnreadableTargetException(
          file,
          line,
          "more than %d relations between components. Split the SBOM, or raise the limit."
              .formatted(limits.relations()));
    }
  }

  /** Makes already added elements the roots; unknown references are ignored. */
  void describe(Set<String> references) {
    List<Integer> described = new ArrayList<>();
    for (String reference : references) {
      Integer number = byReference.get(reference);
      if (number != null) {
        described.add(number);
      }
    }
    // A document that describes many packages lists what it holds; one that describes one, its
    // target.
    if (described.size() == 1) {
      roots.addAll(described);
    } else {
      listed.addAll(described);
    }
  }

  private final List<Integer> listed = new ArrayList<>();

  Inventory toInventory() throws UnreadableTargetException {
    connectNamed();
    boolean hasGraph = relationCount > 0;
    Reached reached = new Reached();
    Map<Component, List<Integer>> holders = new LinkedHashMap<>();
    Set<Integer> targets = Set.copyOf(roots);
    for (int i = 0; i < elements.size(); i++) {
      if (!targets.contains(i)) {
        for (Component component : elements.get(i).components()) {
          holders.computeIfAbsent(component, _ -> new ArrayList<>(1)).add(i);
        }
      }
    }
    if (holders.isEmpty()) {
      // The document is about one package alone, and that is what was asked about.
      for (int root : roots) {
        for (Component component : elements.get(root).components()) {
          holders.computeIfAbsent(component, _ -> new ArrayList<>(1)).add(root);
        }
      }
    }
    List<Inventory.Entry> entries = new ArrayList<>(holders.size());
    holders.forEach((component, where) -> entries.add(entry(component, where, reached)));

    List<Problem> problems = new ArrayList<>(notes);
    invalid.into(problems, fileName);
    nameless.into(problems, fileName);
    if (!hasGraph && !entries.isEmpty()) {
      problems.add(
          new Problem(
              fileName,
              "The SBOM does not say which component brings which: dependency paths are unknown."));
    }
    if (reached.left <= 0) {
      problems.add(
          new Problem(
              fileName, "There are too many dependency paths to keep; some are only counted."));
    }
    return new Inventory(
        new Inventory.Target(Inventory.Target.Kind.SBOM, fileName, file), entries, problems);
  }

  private void connectNamed() throws UnreadableTargetException {
    Set<String> unknown = new LinkedHashSet<>();
    for (String[] relation : named) {
      Integer from = byReference.get(relation[0]);
      Integer to = byReference.get(relation[1]);
      if (from == null || to == null) {
        unknown.add(from == null ? relation[0] : relation[1]);
      } else {
        if (relationCount == relations.length) {
          relations = Arrays.copyOf(relations, relations.length * 2);
        }
        relations[relationCount++] = ((long) from << 32) | to;
      }
    }
    named.clear();
    if (!unknown.isEmpty()) {
      notes.add(
          new Problem(
              fileName,
              "The dependency graph names %d references that no component has (the first: '%s')."
                  .formatted(unknown.size(), shortened(unknown.iterator().next()))));
    }
    Arrays.sort(relations, 0, relationCount);
    int distinct = 0;
    for (int i = 0; i < relationCount; i++) {
      long relation = relations[i];
      boolean toItself = (relation >>> 32) == (relation & 0xffffffffL);
      if (!toItself && (distinct == 0 || relations[distinct - 1] != relation)) {
        relations[distinct++] = relation;
      }
    }
    relationCount = distinct;
  }

  private Inventory.Entry entry(Component component, List<Integer> where, Reached reached) {
    Set<List<Component>> paths = new LinkedHashSet<>();
    long count = 0;
    boolean direct = false;
    boolean optional = true;
    for (int number : where) {
      optional &= elements.get(number).optional();
      direct |= reached.direct[number];
      count = saturated(count, reached.count[number]);
      reached.paths(number, component, paths);
    }
    List<DependencyPath> kept =
        paths.stream()
            .sorted((a, b) -> Integer.compare(a.size(), b.size()))
            .limit(Inventory.Entry.MAX_PATHS)
            .map(steps -> new DependencyPath(".", steps))
            .toList();
    Element first = elements.get(where.getFirst());
    String name = first.reference().isEmpty() ? component.purl() : first.reference();
    return new Inventory.Entry(
        component,
        Inventory.Role.DEPENDENCY,
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        direct,
        optional,
        Optional.of(
            new Declaration(fileName, first.line(), Declaration.Kind.DOCUMENT, name, false)),
        kept,
        Math.max(count, kept.size()),
        Optional.empty(),
        Optional.empty());
  }

  private static long saturated(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 120) + "...";
  }

  /** Which elements the roots bring, and by which paths. */
  private final class Reached {
    private final int size = elements.size();
    private final boolean[] direct = new boolean[size];

    /** How many paths lead here; relations that close a cycle are not followed. */
    private final long[] count = new long[size];

    /** The element before on a shortest path; -1 for direct ones, -2 for those not reached. */
    private final int[] before = new int[size];

    private final int[] outStart = new int[size + 1];
    private final int[] inStart = new int[size + 1];
    private final int[] in = new int[relationCount];
    private int left = MAX_STEPS;

    Reached() {
      for (int i = 0; i < relationCount; i++) {
        outStart[from(i) + 1]++;
        inStart[to(i) + 1]++;
      }
      for (int i = 0; i < size; i++) {
        outStart[i + 1] += outStart[i];
        inStart[i + 1] += inStart[i];
      }
      int[] next = Arrays.copyOf(inStart, size);
      for (int i = 0; i < relationCount; i++) {
        in[next[to(i)]++] = from(i);
      }
      List<Integer> starts = starts();
      shortest(starts);
      count(starts);
    }

    private int from(int relation) {
      return (int) (relations[relation] >>> 32);
    }

    private int to(int relation) {
      return (int) relations[relation];
    }

    /**
     * What the target declares itself: what its root brings; without a root, what nothing brings.
     */
    private List<Integer> starts() {
      Set<Integer> starts = new LinkedHashSet<>(listed);
      for (int root : roots) {
        for (int i = outStart[root]; i < outStart[root + 1]; i++) {
          starts.add(to(i));
        }
      }
      roots.forEach(starts::remove);
      if (starts.isEmpty() && relationCount > 0) {
        for (int i = 0; i < size; i++) {
          if (inStart[i] == inStart[i + 1]) {
            starts.add(i);
          }
        }
        roots.forEach(starts::remove);
      }
      return List.copyOf(starts);
    }

    private void shortest(List<Integer> starts) {
      Arrays.fill(before, -2);
      int[] queue = new int[size];
      int head = 0;
      int tail = 0;
      for (int start : starts) {
        direct[start] = true;
        before[start] = -1;
        queue[tail++] = start;
      }
      for (int root : roots) {
        before[root] = -3; // a path never leads through the target itself
      }
      while (head < tail) {
        int at = queue[head++];
        for (int i = outStart[at]; i < outStart[at + 1]; i++) {
          if (before[to(i)] == -2) {
            before[to(i)] = at;
            queue[tail++] = to(i);
          }
        }
      }
    }

    /** Adds up along a topological order, found without recursion. */
    private void count(List<Integer> starts) {
      byte[] state = new byte[size]; // 0 new, 1 on the way, 2 done
      for (int root : roots) {
        state[root] = 2;
      }
      int[] cursor = Arrays.copyOf(outStart, size);
      int[] finished = new int[size];
      int done = 0;
      boolean[] closes = new boolean[relationCount];
      ArrayDeque<Integer> way = new ArrayDeque<>();
      for (int start : starts) {
        if (state[start] != 0) {
          continue;
        }
        way.push(start);
        state[start] = 1;
        while (!way.isEmpty()) {
          int at = way.getFirst();
          if (cursor[at] == outStart[at + 1]) {
            state[at] = 2;
            finished[done++] = at;
            way.pop();
            continue;
          }
          int relation = cursor[at]++;
          int to = to(relation);
          if (state[to] == 0) {
            state[to] = 1;
            way.push(to);
          } else if (state[to] == 1) {
            closes[relation] = true;
          }
        }
      }
      for (int start : starts) {
        count[start] = 1;
      }
      for (int i = done - 1; i >= 0; i--) {
        int at = finished[i];
        for (int relation = outStart[at]; relation < outStart[at + 1]; relation++) {
          if (!closes[relation]) {
            count[to(relation)] = saturated(count[to(relation)], count[at]);
          }
        }
      }
      for (int root : roots) {
        count[root] = 0;
      }
    }

    /** A shortest path, and for each other way in the shortest path that takes it. */
    void paths(int number, Component last, Set<List<Component>> into) {
      if (before[number] < -1) {
        return;
      }
      add(before[number], number, last, into);
      for (int i = inStart[number];
          i < inStart[number + 1] && into.size() < Inventory.Entry.MAX_PATHS;
          i++) {
        if (in[i] != before[number] && before[in[i]] >= -1) {
          add(in[i], number, last, into);
        }
      }
    }

    private void add(int parent, int number, Component last, Set<List<Component>> into) {
      if (left <= 0) {
        return;
      }
      List<Component> steps = new ArrayList<>();
      steps.add(last);
      int length = 0;
      for (int at = parent; at >= 0; at = before[at]) {
        if (at == number || ++length >= MAX_PATH) {
          return;
        }
        List<Component> components = elements.get(at).components();
        if (!components.isEmpty() && !components.getFirst().equals(steps.getLast())) {
          steps.add(components.getFirst());
        }
      }
      left -= steps.size();
      Collections.reverse(steps);
      into.add(List.copyOf(steps));
    }
  }
}
