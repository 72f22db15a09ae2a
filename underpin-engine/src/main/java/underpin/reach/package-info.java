/**
 * Is the vulnerable function called from here. In: a case and the class path. Out: a {@link
 * underpin.cases.Reach}. Until function-level analysis lands, every answer is Undecided, and says
 * so.
 */
@NullMarked
package underpin.reach;

import org.jspecify.annotations.NullMarked;
