/**
 * A tool: what the methods of a jar do, in a form that ignores how they were compiled. In: a jar.
 * Out: one {@link underpin.program.method.MethodCode} per method, with a digest that tells any
 * change of meaning, and the events a reader of the change would name. Knows no advisory. Start at
 * {@link underpin.program.method.JarCode}.
 */
@NullMarked
package underpin.program.method;

import org.jspecify.annotations.NullMarked;
