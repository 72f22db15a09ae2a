/**
 * A tool: bytecode. In: class paths. Out: which references resolve, and which stop resolving when
 * one class path replaces another. Reads class files with java.lang.classfile at one boundary.
 * Start at {@link underpin.program.Linkage}.
 */
@NullMarked
package underpin.program;

import org.jspecify.annotations.NullMarked;
