package underpin.advisory;

import java.util.List;
import java.util.Optional;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;

/**
 * A published description of one vulnerability as it affects one package; records of several
 * sources that are aliases of each other are merged.
 *
 * @param sourceIds ids of the OSV records that say so, sorted
 */
public record Advisory(
    Vulnerability vulnerability,
    Ecosystem ecosystem,
    String packageName,
    List<AffectedRange> ranges,
    List<String> affectedVersions,
    List<String> sourceIds) {
  public Advisory {
    ranges = List.copyOf(ranges);
    affectedVersions = List.copyOf(affectedVersions);
    sourceIds = List.copyOf(sourceIds);
  }

  /**
   * One interval of versions in the ecosystem's order.
   *
   * @param introduced inclusive; "0" is before every version
   * @param fixed exclusive
   * @param lastAffected inclusive; at most one of fixed and lastAffected is present, none: open end
   */
  public record AffectedRange(
      String introduced, Optional<String> fixed, Optional<String> lastAffected) {}
}
