import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticListener;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Reads lines "label TAB file.java TAB from-to,from-to" and prints "label TAB class TAB method TAB
 * parameters" for each method with one of the lines in it. Classes in binary form; parameters as
 * simple erased types. Code of anonymous classes and lambdas counts for the method around it;
 * initialisers are called as in class files.
 */
class SourceMethods {
  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticListener<JavaFileObject> silent = problem -> {};
    try (var files = compiler.getStandardFileManager(silent, null, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split("\t");
        try {
          var task =
              (JavacTask)
                  compiler.getTask(
                      null, files, silent, List.of("-proc:none"), null,
                      files.getJavaFileObjects(Path.of(parts[1])));
          for (CompilationUnitTree unit : task.parse()) {
            var found = new Finder(unit, Trees.instance(task).getSourcePositions(), ranges(parts[2]));
            found.scan(unit, null);
            found.methods.forEach(m -> out.println(parts[0] + "\t" + m));
          }
        } catch (RuntimeException | AssertionError unreadable) {
          System.err.println(parts[1] + ": " + unreadable);
        }
        Files.deleteIfExists(Path.of(parts[1]));
      }
    }
    out.flush();
  }

  private static List<long[]> ranges(String text) {
    List<long[]> ranges = new ArrayList<>();
    for (String range : text.split(",")) {
      String[] ends = range.split("-");
      ranges.add(new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])});
    }
    return ranges;
  }

  private static final class Finder extends TreeScanner<Void, Void> {
    final Set<String> methods = new LinkedHashSet<>();
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<long[]> ranges;
    private String type;
    private boolean inMember;

    Finder(CompilationUnitTree unit, SourcePositions positions, List<long[]> ranges) {
      this.unit = unit;
      this.positions = positions;
      this.ranges = ranges;
      this.type = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
      if (inMember) {
        return super.visitClass(tree, nothing);
      }
      String outer = type;
      boolean top = outer.isEmpty() || outer.endsWith(".");
      type = top ? outer + tree.getSimpleName() : outer + "$" + tree.getSimpleName();
      if (isTouchedOutside(tree)) {
        methods.add(type + "\t\t");
      }
      for (Tree member : tree.getMembers()) {
        switch (member) {
          case ClassTree nested -> visitClass(nested, nothing);
          case MethodTree method ->
              member(
                  method,
                  method.getName().toString(),
                  method.getParameters().stream()
                      .map(p -> simple(p.getType()))
                      .collect(Collectors.joining(",")));
          case VariableTree field -> {
            boolean isStatic =
                field.getModifiers().getFlags().contains(Modifier.STATIC)
                    || tree.getKind() == Tree.Kind.INTERFACE;
            if (field.getInitializer() != null) {
              member(field, isStatic ? "<clinit>" : "<init>", "*");
            }
          }
          case BlockTree block -> member(block, block.isStatic() ? "<clinit>" : "<init>", "*");
          default -> {}
        }
      }
      type = outer;
      return null;
    }

    /** Whether a line is in the class, but in none of its members: its header, an annotation. */
    private boolean isTouchedOutside(ClassTree tree) {
      return ranges.stream()
          .anyMatch(r ->
              overlaps(tree, r) && tree.getMembers().stream().noneMatch(m -> overlaps(m, r)));
    }

    private boolean overlaps(Tree tree, long[] range) {
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      return start >= 0
          && end > start
          && unit.getLineMap().getLineNumber(start) <= range[1]
          && unit.getLineMap().getLineNumber(end) >= range[0];
    }

    private void member(Tree tree, String name, String parameters) {
      if (ranges.stream().anyMatch(r -> overlaps(tree, r))) {
        methods.add(type + "\t" + name + "\t" + parameters);
      }
    }

    private static String simple(Tree parameter) {
      String text = String.valueOf(parameter).replaceAll("@\\w+(\\([^)]*\\))?\\s*", "");
      String before;
      do {
        before = text;
        text = text.replaceAll("<[^<>]*>", "");
      } while (!text.equals(before));
      return text.replace("...", "[]").replaceAll("\\s", "").replaceAll("[\\w.]*\\.(\\w)", "$1");
    }
  }
}
