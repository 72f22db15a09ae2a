/**
 * Shows that a published flaw is there, or not. In: a {@link underpin.cases.Proof} and a class
 * path. Out: a {@link underpin.cases.Proof.Run}: what the proof, its variants and its ordinary uses
 * came to. Foreign code runs in the sandbox only, without network but loopback. Start at {@link
 * underpin.prove.ProofRunner}; the proofs that ship are in {@link underpin.prove.ProofLibrary}.
 */
@NullMarked
package underpin.prove;

import org.jspecify.annotations.NullMarked;
