/**
 * Decides which advisories apply to a component. In: components and advisories. Out: one {@link
 * underpin.cases.Finding} per pair that matches. Reads no network and no clock: the same input
 * gives the same findings. Start at {@link underpin.match.Matcher}.
 */
@NullMarked
package underpin.match;

import org.jspecify.annotations.NullMarked;
