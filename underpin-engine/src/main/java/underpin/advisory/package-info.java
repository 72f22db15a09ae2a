/**
 * A tool: the store of advisories (OSV), with EPSS and KEV, and the version order of each
 * ecosystem. In: the compiled index, OSV exports. Out: {@link underpin.advisory.Advisory} records.
 * Start at {@link underpin.advisory.AdvisoryStore}.
 */
@NullMarked
package underpin.advisory;

import org.jspecify.annotations.NullMarked;
