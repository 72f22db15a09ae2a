package underpin.advisory;

import java.util.List;
import java.util.Optional;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

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
   * One interval of versions in the ecosystem's order. At most one of {@code fixed}, {@code
   * lastAffected} and {@code limit} is present; with none of them the end is open.
   *
   * @param introduced inclusive; "0" is before every version
   * @param fixed exclusive, and a version that the advisory names as fixed
   * @param lastAffected inclusive
   * @param limit exclusive, but no source calls it a fix: OSV's {@code limit} events, and GitHub's
   *     {@code last_known_affected_version_range} of "&lt; x" where no fix is known
   */
  public record AffectedRange(
      String introduced,
      Optional<String> fixed,
      Optional<String> lastAffected,
      Optional<String> limit)
      implements Comparable<AffectedRange> {
    public AffectedRange {
      int ends = (fixed.isPresent() ? 1 : 0) + (lastAffected.isPresent() ? 1 : 0);
      if (ends + (limit.isPresent() ? 1 : 0) > 1) {
        throw new IllegalArgumentException("A range from " + introduced + " has two ends");
      }
    }

    public AffectedRange(String introduced, Optional<String> fixed, Optional<String> lastAffected) {
      this(introduced, fixed, lastAffected, Optional.empty());
    }

    /** {@return whether the version lies in the interval} */
    public boolean contains(String version, VersionOrder order) {
      return (introduced.equals("0") || order.compare(version, introduced) >= 0)
          && (fixed.isEmpty() || order.compare(version, fixed.get()) < 0)
          && (limit.isEmpty() || order.compare(version, limit.get()) < 0)
          && (lastAffected.isEmpty() || order.compare(version, lastAffected.get()) <= 0);
    }

    /** {@return as people write it: {@code >= 2.0.0, < 2.15.0}} */
    public String text() {
      String end =
          fixed
              .or(() -> limit)
              .map(v -> "< " + v)
              .or(() -> lastAffected.map(v -> "<= " + v))
              .orElse("");
      if (introduced.equals("0")) {
        return end.isEmpty() ? "every version" : end;
      }
      return ">= " + introduced + (end.isEmpty() ? "" : ", " + end);
    }

    /** Compares as text: an order for output, not for versions. */
    @Override
    public int compareTo(AffectedRange other) {
      int order = introduced.compareTo(other.introduced);
      return order != 0 ? order : toString().compareTo(other.toString());
    }
  }
}
