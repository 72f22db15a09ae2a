/**
 * Is the vulnerable function called from here. In: the vulnerable functions of a vulnerability and
 * the programs of a project. Out: a {@link underpin.cases.Reach}. Starts no process, reads no
 * network. Start at {@link underpin.reach.Reachability}.
 */
@NullMarked
package underpin.reach;

import org.jspecify.annotations.NullMarked;
