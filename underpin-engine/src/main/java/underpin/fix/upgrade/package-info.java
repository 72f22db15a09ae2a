/**
 * Patches by other versions of components. In: a Maven project, its cases, the tools. Out: a {@link
 * underpin.cases.PatchSet}, and for each case without a patch the reason. Writes nothing to the
 * project. Start at {@link underpin.fix.upgrade.Upgrader}.
 */
@NullMarked
package underpin.fix.upgrade;

import org.jspecify.annotations.NullMarked;
