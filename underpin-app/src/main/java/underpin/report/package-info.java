/**
 * One stream of typed messages, many renderings: text, JSON, SARIF, CycloneDX, OpenVEX, HTML. Reads
 * no network and no clock.
 */
@NullMarked
package underpin.report;

import org.jspecify.annotations.NullMarked;
