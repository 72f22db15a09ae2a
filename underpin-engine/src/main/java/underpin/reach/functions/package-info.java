/**
 * The functions that an advisory is about, derived from the releases around its fix. In: an
 * advisory and Maven repositories. Out: a {@link underpin.reach.functions.FunctionList}: methods
 * with rank and evidence, or why none can be named. Runs none of the code. Start at {@link
 * underpin.reach.functions.FunctionFinder}.
 */
@NullMarked
package underpin.reach.functions;

import org.jspecify.annotations.NullMarked;
