package underpin.program.graph;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import underpin.program.ClassPathProblem;
import underpin.program.graph.Types.Method;

/**
 * A finished call graph: methods and hubs as numbers, methods first; calls in arrays, those into a
 * node together. A hub stands for all calls of one method whose receiver is not known more closely;
 * it is no step of a path. What the JVM and frameworks call is called by the last node.
 *
 * @param classNames binary names
 * @param sources by class: the source file with its package, or empty
 * @param own by class: whether it is the project's own
 * @param classes by method
 * @param names by method, as {@code name descriptor} without a blank between
 * @param hidden by method: made by a lambda, no step of a path
 * @param nodes methods, hubs and the start
 * @param starts by node: where its callers begin in {@code callers}; one more at the end
 */
record GraphData(
    String started,
    List<String> models,
    List<ClassPathProblem> problems,
    String[] classNames,
    String[] sources,
    boolean[] own,
    int[] classes,
    String[] names,
    boolean[] hidden,
    int nodes,
    int[] starts,
    int[] callers,
    int[] lines) {
  static GraphData of(Solver solver, ClassSources sources, Models models, String started) {
    List<Method> methods = solver.reached();
    Map<Method, Integer> numbers = new HashMap<>();
    Map<Types.Type, Integer> classNumbers = new HashMap<>();
    List<Types.Type> types = new ArrayList<>();
    int[] classes = new int[methods.size()];
    String[] names = new String[methods.size()];
    boolean[] hidden = new boolean[methods.size()];
    int[] byId = new int[solver.types.methods().size()];
    for (int i = 0; i < methods.size(); i++) {
      Method method = methods.get(i);
      byId[method.id] = i;
      classes[i] =
          classNumbers.computeIfAbsent(
              method.owner,
              type -> {
                types.add(type);
                return types.size() - 1;
              });
      names[i] = method.name + method.descriptor;
      hidden[i] = method.lambda != null;
    }
    String[] classNames = new String[types.size()];
    String[] files = new String[types.size()];
    boolean[] own = new boolean[types.size()];
    for (int i = 0; i < classNames.length; i++) {
      Types.Type type = types.get(i);
      classNames[i] = type.name.replace('/', '.');
      own[i] = type.own;
      String file = type.facts == null ? "" : type.facts.source;
      files[i] =
          file.isEmpty() ? "" : type.name.substring(0, type.name.lastIndexOf('/') + 1) + file;
    }
    int hubs = solver.hubCount();
    int root = methods.size() + hubs;
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
    return new GraphData(
        started,
        models.activeNames(),
        sources.problems(),
        classNames,
        files,
        own,
        classes,
        names,
        hidden,
        nodes,
        starts,
        callers,
        lines);
  }

  private static int node(int solverNode, int[] byId, int methods, int root) {
    if (solverNode < 0) {
      return root;
    }
    return (solverNode & 1) == 0 ? byId[solverNode >> 1] : methods + (solverNode >> 1);
  }

  boolean isHub(int node) {
    return node >= methodCount() && node < nodes - 1;
  }

  /** {@return the node of what the JVM and frameworks call} */
  int root() {
    return nodes - 1;
  }

  int methodCount() {
    return classes.length;
  }

  int edgeCount() {
    return callers.length;
  }

  String className(int method) {
    return classNames[classes[method]];
  }

  CallGraph.Method method(int number) {
    String name = names[number];
    int open = name.indexOf('(');
    return new CallGraph.Method(className(number), name.substring(0, open), name.substring(open));
  }

  // --- as bytes -------------------------------------------------------------------------------

  void write(DataOutputStream out) throws IOException {
    text(out, started);
    texts(out, models.toArray(String[]::new));
    out.writeInt(problems.size());
    for (ClassPathProblem problem : problems) {
      text(out, problem.kind().name());
      text(out, problem.place());
      text(out, problem.message());
    }
    texts(out, classNames);
    texts(out, sources);
    flags(out, own);
    ints(out, classes);
    texts(out, names);
    flags(out, hidden);
    out.writeInt(nodes);
    ints(out, starts);
    ints(out, callers);
    ints(out, lines);
  }

  /**
   * @throws java.nio.BufferUnderflowException if it ends early
   * @throws IllegalArgumentException if it is no graph
   */
  static GraphData read(ByteBuffer in) {
    String started = text(in);
    List<String> models = List.of(texts(in));
    List<ClassPathProblem> problems = new ArrayList<>();
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      problems.add(
          new ClassPathProblem(ClassPathProblem.Kind.valueOf(text(in)), text(in), text(in)));
    }
    return new GraphData(
        started,
        models,
        List.copyOf(problems),
        texts(in),
        texts(in),
        flags(in),
        ints(in),
        texts(in),
        flags(in),
        in.getInt(),
        ints(in),
        ints(in),
        ints(in));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(ByteBuffer in) {
    int length = length(in, 1);
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private static void texts(DataOutputStream out, String[] texts) throws IOException {
    out.writeInt(texts.length);
    for (String text : texts) {
      text(out, text);
    }
  }

  private static String[] texts(ByteBuffer in) {
    String[] texts = new String[length(in, Integer.BYTES)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(in);
    }
    return texts;
  }

  private static void ints(DataOutputStream out, int[] ints) throws IOException {
    out.writeInt(ints.length);
    ByteBuffer bytes = ByteBuffer.allocate(ints.length * Integer.BYTES);
    bytes.asIntBuffer().put(ints);
    out.write(bytes.array());
  }

  private static int[] ints(ByteBuffer in) {
    int[] ints = new int[length(in, Integer.BYTES)];
    in.asIntBuffer().get(ints);
    in.position(in.position() + ints.length * Integer.BYTES);
    return ints;
  }

  private static void flags(DataOutputStream out, boolean[] flags) throws IOException {
    out.writeInt(flags.length);
    for (boolean flag : flags) {
      out.writeBoolean(flag);
    }
  }

  private static boolean[] flags(ByteBuffer in) {
    boolean[] flags = new boolean[length(in, 1)];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = in.get() != 0;
    }
    return flags;
  }

  private static int length(ByteBuffer in, int each) {
    int length = in.getInt();
    if (length < 0 || (long) length * each > in.remaining()) {
      throw new IllegalArgumentException("no length: " + length);
    }
    return length;
  }
}
