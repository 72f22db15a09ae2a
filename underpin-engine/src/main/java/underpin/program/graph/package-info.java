/**
 * A tool: the whole-program call graph. In: a class path, the JDK it runs on, and models of
 * frameworks. Out: which methods may run, and the shortest call path to any of them, with what was
 * assumed. Never loads or runs what it reads. What cannot be seen counts as possible: a value of
 * unknown origin may be of any class that is created anywhere. Start at {@link
 * underpin.program.graph.CallGraph}; reasons stand in docs/decisions/0011-call-graph.md.
 */
@NullMarked
package underpin.program.graph;

import org.jspecify.annotations.NullMarked;
