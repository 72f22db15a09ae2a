/**
 * A tool: the only door to foreign code. In: a command, what it may see, and limits. Out: its exit
 * and what it printed. Nothing else in underpin starts a process. Start at {@link
 * underpin.sandbox.Sandbox}.
 */
@NullMarked
package underpin.sandbox;

import org.jspecify.annotations.NullMarked;
