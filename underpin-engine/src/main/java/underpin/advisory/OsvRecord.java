package underpin.advisory;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import underpin.advisory.Advisory.AffectedRange;
import underpin.cases.Severity;
import underpin.cases.Vulnerability.Cvss;
import underpin.version.Ecosystem;

/**
 * What one source says of one vulnerability, cut to what the store keeps.
 *
 * @param ids the record's own id and its aliases
 * @param modified ISO instant, or empty where the source gives none
 * @param word the source's own severity word, where it has one
 * @param references pages to read, without those that follow from an id
 * @param fixes commits that the source links
 */
record OsvRecord(
    String id,
    SortedSet<String> ids,
    String published,
    String modified,
    boolean withdrawn,
    String summary,
    Optional<Severity> word,
    Optional<Cvss> cvss,
    List<String> cwes,
    List<String> references,
    List<String> fixes,
    List<Affected> affected) {
  OsvRecord {
    ids = new TreeSet<>(ids);
    cwes = List.copyOf(cwes);
    references = List.copyOf(references);
    fixes = List.copyOf(fixes);
    affected = List.copyOf(affected);
  }

  /**
   * One package that the record says is affected.
   *
   * @param versions listed ones that no range covers
   * @param sources ids of the records that say so
   */
  record Affected(
      Ecosystem ecosystem,
      String name,
      List<AffectedRange> ranges,
      List<String> versions,
      List<String> sources) {
    Affected {
      ranges = List.copyOf(ranges);
      versions = List.copyOf(versions);
      sources = List.copyOf(sources);
    }
  }
}
