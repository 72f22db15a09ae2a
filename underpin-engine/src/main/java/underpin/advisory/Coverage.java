package underpin.advisory;

import underpin.version.Ecosystem;

/**
 * How far the advisories of one ecosystem go.
 *
 * @param complete the day up to which a whole export was read, ISO 8601, empty when none was
 * @param newest the day of the newest record, ISO 8601
 */
public record Coverage(Ecosystem ecosystem, String complete, String newest) {}
