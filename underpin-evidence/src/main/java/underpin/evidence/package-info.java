/**
 * Signed evidence that anyone can check offline. In: {@link underpin.evidence.Statement}s and
 * {@link underpin.evidence.Keys}. Out: one file, an evidence bundle, and a {@link
 * underpin.evidence.BundleCheck} of such a file.
 *
 * <p>Statements are in-toto Statements v1 in DSSE v1 envelopes, each with an Ed25519 and an
 * ML-DSA-65 signature (both must verify), chained in a Merkle tree as RFC 9162 hashes it. The
 * format stands in {@code docs/formats/evidence-bundle.md}.
 *
 * <p>Never uses the network, never knows what a predicate means, and needs only the JDK and
 * jackson-core, so that it runs alone where artifacts are checked. Start at {@link
 * underpin.evidence.EvidenceWriter} to write and {@link underpin.evidence.BundleVerifier} to check.
 */
@NullMarked
package underpin.evidence;

import org.jspecify.annotations.NullMarked;
