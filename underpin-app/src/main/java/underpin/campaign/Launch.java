package underpin.campaign;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import underpin.program.graph.CallGraph;
import underpin.reach.Program;

/**
 * One way to start the target's code.
 *
 * @param modules paths of the modules that run in it; empty where a target has none
 * @param tests whether it runs the tests; then it tells nothing of what only production has
 */
record Launch(Program program, CallGraph.Start start, SortedSet<String> modules, boolean tests) {
  Launch {
    modules = Collections.unmodifiableSortedSet(new TreeSet<>(modules));
  }

  /** {@return what people call it} */
  String name() {
    return tests ? "the tests of " + program.name() : program.name();
  }
}
