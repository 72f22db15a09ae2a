/**
 * Looks for a proof of a flaw that nobody wrote one for: calls of public functions that lead to the
 * vulnerable ones, with inputs shaped by the weakness.
 */
@NullMarked
package underpin.prove.derive;

import org.jspecify.annotations.NullMarked;
