/**
 * Judges a patch by the ladder of the design, whoever made it. In: a project, a baseline and a
 * {@link underpin.cases.PatchSet}. Out: a {@link underpin.cases.Verdict} per part. {@link
 * underpin.verify.ProofRungs} judges an artifact before and after by a {@link
 * underpin.cases.Proof}. Never sees the fixer.
 */
@NullMarked
package underpin.verify;

import org.jspecify.annotations.NullMarked;
