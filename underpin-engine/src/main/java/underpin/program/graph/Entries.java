package underpin.program.graph;

import static java.lang.classfile.ClassFile.ACC_PROTECTED;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;

import java.util.List;
import underpin.program.graph.CallGraph.Start;
import underpin.program.graph.Types.Method;
import underpin.program.graph.Types.Type;

/** Where a run begins: see {@link Start}. */
final class Entries {
  private final Solver solver;
  private final ClassSources sources;
  private final Models models;

  Entries(Solver solver, ClassSources sources, Models models) {
    this.solver = solver;
    this.sources = sources;
    this.models = models;
  }

  /** {@return what was taken, in words} */
  String start(Start wanted) {
    solver.framework().start();
    List<String> own = sources.ownClasses();
    int mains = wanted == Start.LIBRARY ? 0 : mains(own);
    int found = solver.framework().findOwn(own);
    if (wanted == Start.APPLICATION || wanted == Start.AUTOMATIC && mains + found > 0) {
      return "an application: %d main methods, %d classes that frameworks find"
          .formatted(mains, found);
    }
    return "a library: %d public and protected methods".formatted(api(own));
  }

  private int mains(List<String> own) {
    int count = 0;
    for (String name : own) {
      Type type = solver.types.of(name);
      for (String entry : models.entries()) {
        int open = entry.indexOf('(');
        Method method =
            type.declared.get(
                solver.types.selector(entry.substring(0, open), entry.substring(open)));
        if (method != null && method.isStatic()) {
          solver.enter(method);
          count++;
        }
      }
    }
    return count;
  }

  private int api(List<String> own) {
    int count = 0;
    for (String name : own) {
      Type type = solver.types.of(name);
      if (type.facts == null || !type.facts.is(ACC_PUBLIC)) {
        continue;
      }
      for (Method method : type.methods) {
        if (method.is(ACC_PUBLIC) || method.is(ACC_PROTECTED)) {
          if (!method.name.equals("<init>") || !type.isAbstract()) {
            solver.enter(method);
            count++;
          } else {
            solver.edge(Solver.ROOT, method, 0);
          }
        }
      }
    }
    return count;
  }
}
