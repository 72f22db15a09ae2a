package underpin.advisory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Severity;
import underpin.cases.Vulnerability.Cvss;

/**
 * What an index is written from, and can be turned back into.
 *
 * @param flaws sorted by id
 */
record IndexContent(
    List<Flaw> flaws, List<Coverage> coverage, String complete, List<String> attributions) {
  IndexContent {
    flaws = List.copyOf(flaws);
    coverage = List.copyOf(coverage);
    attributions = List.copyOf(attributions);
  }

  /**
   * One vulnerability with everything it affects, all its sources merged.
   *
   * @param affected by {@link PackageName#key}
   */
  record Flaw(
      String id,
      List<String> aliases,
      String summary,
      Severity severity,
      Optional<Cvss> cvss,
      Optional<Epss> epss,
      boolean kev,
      List<String> cwes,
      List<String> references,
      List<String> fixes,
      SortedMap<String, OsvRecord.Affected> affected) {
    Flaw {
      aliases = List.copyOf(aliases);
      cwes = List.copyOf(cwes);
      references = List.copyOf(references);
      fixes = List.copyOf(fixes);
      affected = new TreeMap<>(affected);
    }
  }

  /** EPSS, both from 0 to 1, kept to five decimals as FIRST publishes them. */
  record Epss(double score, double percentile) {}

  /** What is known of CVEs beside the advisories. */
  record Extras(Map<String, Epss> epss, java.util.Set<String> kev) {
    static final Extras NONE = new Extras(Map.of(), java.util.Set.of());
  }
}
