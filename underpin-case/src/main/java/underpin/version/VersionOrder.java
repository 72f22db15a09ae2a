package underpin.version;

import java.util.Comparator;

/**
 * The order of an ecosystem's versions, total over every text: what is no valid version has a place
 * too, so that a strange version never stops a scan.
 */
@FunctionalInterface
public interface VersionOrder extends Comparator<String> {}
