package underpin.program.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import underpin.program.ClassPathProblem;
import underpin.program.graph.Types.Method;

/**
 * A finished call graph: methods and hubs as numbers, methods first; calls in arrays, those into a
 * node together; the best way to each node. A hub stands for all calls of one method whose receiver
 * is not known more closely; it is no step of a path. What the JVM and frameworks call is called by
 * the last node.
 *
 * <p>It is one block of bytes, as it lies in a file: nothing is unpacked before it is asked for.
 */
final class GraphData {
  private final ByteBuffer all;
  private final String started;
  private final List<String> models;
  private final List<ClassPathProblem> problems;
  private final Texts classNames;
  private final Texts sources;

  /** Of classes: the project's own, the JDK's; 0 for the libraries'. */
  static final int OWN = 1;

  static final int JDK = 2;

  /** Of methods: made by a lambda; one with which a run may begin. */
  static final int HIDDEN = 1;

  static final int ENTRY = 2;

  private final IntBuffer own;
  private final IntBuffer classes;
  private final IntBuffer names;
  private final Texts nameTexts;
  private final IntBuffer hidden;
  private final IntBuffer starts;
  private final IntBuffer callers;
  private final IntBuffer lines;
  private final IntBuffer wayWidths;
  private final LongBuffer costs;
  private final IntBuffer before;
  private final IntBuffer wayLines;
  private final IntBuffer index;

  /**
   * @param all its own from now on
   * @throws RuntimeException of {@code java.nio} or IllegalArgumentException, if it is no graph
   */
  GraphData(ByteBuffer all) {
    this.all = all.order(ByteOrder.LITTLE_ENDIAN);
    Sections in = new Sections(this.all);
    ByteBuffer about = in.next();
    this.started = text(about);
    List<String> models = new ArrayList<>();
    for (int i = about.getInt(); i > 0; i--) {
      models.add(text(about));
    }
    this.models = List.copyOf(models);
    List<ClassPathProblem> problems = new ArrayList<>();
    for (int i = about.getInt(); i > 0; i--) {
      problems.add(
          new ClassPathProblem(
              ClassPathProblem.Kind.valueOf(text(about)), text(about), text(about)));
    }
    this.problems = List.copyOf(problems);
    this.classNames = new Texts(in.next().asIntBuffer(), in.next());
    this.sources = new Texts(in.next().asIntBuffer(), in.next());
    this.own = in.next().asIntBuffer();
    this.classes = in.next().asIntBuffer();
    this.names = in.next().asIntBuffer();
    this.nameTexts = new Texts(in.next().asIntBuffer(), in.next());
    this.hidden = in.next().asIntBuffer();
    this.starts = in.next().asIntBuffer();
    this.callers = in.next().asIntBuffer();
    this.lines = in.next().asIntBuffer();
    this.wayWidths = in.next().asIntBuffer();
    this.costs = in.next().asLongBuffer();
    this.before = in.next().asIntBuffer();
    this.wayLines = in.next().asIntBuffer();
    this.index = in.next().asIntBuffer();
    if (starts.limit() < 2
        || starts.limit() <= classes.limit()
        || names.limit() != classes.limit()
        || index.limit() < classes.limit()
        || before.limit() != starts.limit() - 1) {
      throw new IllegalArgumentException("its parts do not fit together");
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static GraphData of(Solver solver, ClassSources sources, Models models, String started) {
    List<Method> methods = solver.reached();
    Names known = solver.types.names;
    int[] classNumbers = new int[solver.types.count()];
    List<Types.Type> types = new ArrayList<>();
    int[] classes = new int[methods.size()];
    int[] hidden = new int[methods.size()];
    int[] names = new int[methods.size()];
    int[] nameNumbers = new int[known.selectorCount()];
    List<String> nameTexts = new ArrayList<>();
    int[] byId = new int[solver.types.methods().size()];
    for (int i = 0; i < methods.size(); i++) {
      Method method = methods.get(i);
      byId[method.id] = i;
      if (classNumbers[method.owner.id] == 0) {
        types.add(method.owner);
        classNumbers[method.owner.id] = types.size();
      }
      classes[i] = classNumbers[method.owner.id] - 1;
      if (nameNumbers[method.selector] == 0) {
        nameTexts.add(method.name + method.descriptor);
        nameNumbers[method.selector] = nameTexts.size();
      }
      names[i] = nameNumbers[method.selector] - 1;
      hidden[i] = (method.lambda != null ? HIDDEN : 0) | (method.entry ? ENTRY : 0);
    }
    List<String> classNames = new ArrayList<>();
    List<String> files = new ArrayList<>();
    int[] own = new int[types.size()];
    for (int i = 0; i < own.length; i++) {
      Types.Type type = types.get(i);
      classNames.add(type.name.replace('/', '.'));
      own[i] = type.own ? OWN : type.source == ClassSources.JDK ? JDK : 0;
      String file = type.facts == null ? "" : type.facts.source;
      files.add(
          file.isEmpty() ? "" : type.name.substring(0, type.name.lastIndexOf('/') + 1) + file);
    }
    int root = methods.size() + solver.hubCount();
    int nodes = root + 1;
    Edges edges = solver.edges;
    int[] starts = new int[nodes + 1];
    for (int i = 0; i < edges.count(); i++) {
      starts[node(edges.to(i), byId, methods.size(), root) + 1]++;
    }
    for (int i = 0; i < nodes; i++) {
      starts[i + 1] += starts[i];
    }
    int[] at = Arrays.copyOf(starts, nodes);
    int[] callers = new int[edges.count()];
    int[] lines = new int[edges.count()];
    for (int i = 0; i < edges.count(); i++) {
      int place = at[node(edges.to(i), byId, methods.size(), root)]++;
      callers[place] = node(edges.from(i), byId, methods.size(), root);
      lines[place] = edges.line(i);
    }
    CompletableFuture<Ways> search =
        CompletableFuture.supplyAsync(
            () -> new Ways(methods.size(), own, classes, hidden, names, starts, callers, lines));
    // Four numbers and a cost a node, two a call, and what methods are called.
    Packing out = new Packing(nodes * 28 + callers.length * 8 + methods.size() * 64 + (1 << 16));
    out.text(started);
    out.number(models.activeNames().size());
    models.activeNames().forEach(out::text);
    List<ClassPathProblem> problems = sources.problems();
    out.number(problems.size());
    for (ClassPathProblem problem : problems) {
      out.text(problem.kind().name());
      out.text(problem.place());
      out.text(problem.message());
    }
    out.end();
    out.texts(classNames);
    out.texts(files);
    out.numbers(own);
    out.numbers(classes);
    out.numbers(names);
    out.texts(nameTexts);
    out.numbers(hidden);
    out.numbers(starts);
    out.numbers(callers);
    out.numbers(lines);
    int[] index = index(classes, names, classNames, nameTexts);
    Ways ways = search.join();
    out.numbers(ways.wayWidths());
    out.longs(ways.costs());
    out.numbers(ways.before());
    out.numbers(ways.lines());
    out.numbers(index);
    return new GraphData(out.done());
  }

  private static int node(int solverNode, int[] byId, int methods, int root) {
    if (solverNode < 0) {
      return root;
    }
    return (solverNode & 1) == 0 ? byId[solverNode >> 1] : methods + (solverNode >> 1);
  }

  /** Methods by their names: open addressing, number + 1. */
  private static int[] index(
      int[] classes, int[] names, List<String> classNames, List<String> nameTexts) {
    int[] slots = new int[Integer.highestOneBit(Math.max(1, classes.length)) * 4];
    for (int i = 0; i < classes.length; i++) {
      int slot = hash(classNames.get(classes[i]), nameTexts.get(names[i])) & slots.length - 1;
      while (slots[slot] != 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = i + 1;
    }
    return slots;
  }

  private static int hash(String className, String nameAndDescriptor) {
    int hash = className.hashCode() * 31 + nameAndDescriptor.hashCode();
    return hash ^ hash >>> 15;
  }

  /** {@return the number of a method, or -1 if it may not run} */
  int find(CallGraph.Method method) {
    String name = method.name() + method.descriptor();
    int mask = index.limit() - 1;
    int slot = hash(method.className(), name) & mask;
    for (int number = index.get(slot); number != 0; number = index.get(slot)) {
      if (nameTexts.is(names.get(number - 1), name)
          && classNames.is(classes.get(number - 1), method.className())) {
        return number - 1;
      }
      slot = slot + 1 & mask;
    }
    return -1;
  }

  // --- what is in it --------------------------------------------------------------------------

  String started() {
    return started;
  }

  List<String> models() {
    return models;
  }

  List<ClassPathProblem> problems() {
    return problems;
  }

  int methodCount() {
    return classes.limit();
  }

  int classCount() {
    return own.limit();
  }

  int edgeCount() {
    return callers.limit();
  }

  /** {@return how many methods, hubs and the start there are} */
  int nodes() {
    return starts.limit() - 1;
  }

  boolean isHub(int node) {
    return node >= methodCount() && node < nodes() - 1;
  }

  /** {@return whether it is made by a lambda, and no step of a path} */
  boolean isHidden(int node) {
    return node < methodCount() && (hidden.get(node) & HIDDEN) != 0;
  }

  /** {@return whether a run may begin with it: who starts the program or a framework calls it} */
  boolean isEntry(int method) {
    return (hidden.get(method) & ENTRY) != 0;
  }

  boolean isJdk(int method) {
    return own.get(classes.get(method)) == JDK;
  }

  /** {@return the node of what the JVM and frameworks call} */
  int root() {
    return nodes() - 1;
  }

  boolean isOwn(int method) {
    return own.get(classes.get(method)) == OWN;
  }

  String className(int method) {
    return classNames.get(classes.get(method));
  }

  /** {@return the source file with its package, or empty} */
  String source(int method) {
    return sources.get(classes.get(method));
  }

  /** {@return name and descriptor without a blank between} */
  String name(int method) {
    return nameTexts.get(names.get(method));
  }

  CallGraph.Method method(int number) {
    String name = name(number);
    int open = name.indexOf('(');
    return new CallGraph.Method(className(number), name.substring(0, open), name.substring(open));
  }

  /**
   * {@return where the calls into a node begin among all calls; for one node more, where they end}
   */
  int start(int node) {
    return starts.get(node);
  }

  int caller(int call) {
    return callers.get(call);
  }

  int line(int call) {
    return lines.get(call);
  }

  // --- the best ways, see Ways ----------------------------------------------------------------

  /** {@return how many methods the last call on its best way may mean} */
  int wayWidth(int node) {
    return wayWidths.get(node);
  }

  long cost(int node) {
    return costs.get(node);
  }

  /** {@return the node before it on its best way; -1 if there is none} */
  int before(int node) {
    return before.get(node);
  }

  /** {@return the line of the last call on its best way} */
  int wayLine(int node) {
    return wayLines.get(node);
  }

  // --- as bytes -------------------------------------------------------------------------------

  /** {@return all of it, to be read only} */
  ByteBuffer bytes() {
    return all.duplicate().rewind();
  }

  /** Texts one after the other, and where each begins. */
  private record Texts(IntBuffer starts, ByteBuffer bytes) {
    String get(int number) {
      byte[] text = new byte[starts.get(number + 1) - starts.get(number)];
      bytes.get(starts.get(number), text);
      return new String(text, StandardCharsets.UTF_8);
    }

    boolean is(int number, String text) {
      // In UTF-8 no character is shorter than in UTF-16 code units of Latin letters.
      int length = starts.get(number + 1) - starts.get(number);
      return length >= text.length() && length <= text.length() * 3L && get(number).equals(text);
    }
  }

  /** Reads parts in their order: at the beginning of the bytes stands where each ends. */
  private static final class Sections {
    private final ByteBuffer all;
    private int number;
    private int from = SECTION_TABLE;

    Sections(ByteBuffer all) {
      this.all = all;
    }

    ByteBuffer next() {
      int to = all.getInt(number++ * Integer.BYTES);
      ByteBuffer part = all.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
      from = to + 7 & ~7;
      return part;
    }
  }

  private static final int MOST_SECTIONS = 32;
  private static final int SECTION_TABLE = MOST_SECTIONS * Integer.BYTES;

  /** Writes parts in their order, each at a multiple of eight. */
  private static final class Packing {
    private ByteBuffer out;
    private int number;

    Packing(int size) {
      this.out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      out.position(SECTION_TABLE);
    }

    private void room(long bytes) {
      if (out.remaining() < bytes) {
        long wanted = Math.max(out.capacity() * 2L, out.position() + bytes);
        if (wanted > Integer.MAX_VALUE - 16) {
          wanted = Integer.MAX_VALUE - 16;
        }
        ByteBuffer longer = ByteBuffer.allocate((int) wanted).order(ByteOrder.LITTLE_ENDIAN);
        longer.put(out.flip());
        out = longer;
      }
    }

    void end() {
      room(8);
      out.putInt(number++ * Integer.BYTES, out.position());
      out.position(out.position() + 7 & ~7);
    }

    void number(int value) {
      room(Integer.BYTES);
      out.putInt(value);
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      room(bytes.length);
      out.put(bytes);
    }

    void numbers(int[] values) {
      room((long) values.length * Integer.BYTES);
      out.asIntBuffer().put(values);
      out.position(out.position() + values.length * Integer.BYTES);
      end();
    }

    void longs(long[] values) {
      room((long) values.length * Long.BYTES);
      out.asLongBuffer().put(values);
      out.position(out.position() + values.length * Long.BYTES);
      end();
    }

    void texts(List<String> texts) {
      int[] starts = new int[texts.size() + 1];
      byte[][] bytes = new byte[texts.size()][];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
        starts[i + 1] = starts[i] + bytes[i].length;
      }
      numbers(starts);
      for (byte[] each : bytes) {
        room(each.length);
        out.put(each);
      }
      end();
    }

    ByteBuffer done() {
      return out.flip().slice();
    }
  }
}
