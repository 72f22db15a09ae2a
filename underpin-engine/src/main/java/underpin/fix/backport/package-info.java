/**
 * The upstream fix on the version in use. In: the vulnerable release, the releases around the fix
 * (classes and sources) and the functions that the fix changes. Out: a {@link
 * underpin.fix.backport.Backport}: changed sources, compiled classes, and which hunks were kept or
 * left; or why the fix does not apply, or could not be made to fit. Compiles, but runs none of the
 * code, starts no process and uses no network. Start at {@link underpin.fix.backport.Backporter}.
 */
@NullMarked
package underpin.fix.backport;

import org.jspecify.annotations.NullMarked;
