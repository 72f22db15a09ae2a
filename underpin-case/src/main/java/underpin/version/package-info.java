/**
 * Ecosystems and how their versions are named. In: names and version texts. Out: an {@link
 * underpin.version.Ecosystem} and an order ({@link underpin.version.VersionOrder}). The orders
 * themselves come from libraries and live in {@code underpin.advisory}; this package needs only the
 * JDK.
 */
@NullMarked
package underpin.version;

import org.jspecify.annotations.NullMarked;
