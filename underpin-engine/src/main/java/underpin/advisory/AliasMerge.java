package underpin.advisory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.IndexContent.Extras;
import underpin.advisory.IndexContent.Flaw;
import underpin.cases.Severity;
import underpin.cases.Vulnerability.Cvss;
import underpin.version.VersionOrder;

/**
 * Makes one vulnerability of all records that speak of it (docs/formats/advisory-index.md, "Which
 * records are one vulnerability").
 *
 * <ul>
 *   <li>A CVE is one vulnerability: records that name it belong to it.
 *   <li>A record that names several CVEs tells of each of them; it never makes them one.
 *   <li>Records that name no CVE are joined by the ids they share, and belong to the CVE under
 *       which one of these ids is known elsewhere; else they are a vulnerability of their own.
 *   <li>{@code related} says nothing about identity.
 *   <li>What is affected is the union of what the sources say: doubt counts against.
 * </ul>
 */
final class AliasMerge {
  private static final int MAX_REFERENCES = 4;
  private static final int MAX_FIXES = 8;

  /** GHSA first, because it carries words and weaknesses; then by id. */
  private static final Comparator<OsvRecord> BEST_TOLD =
      Comparator.<OsvRecord, Boolean>comparing(r -> !r.ids().stream().anyMatch(AliasMerge::isGhsa))
          .thenComparing(r -> !isGhsa(r.id()))
          .thenComparing(OsvRecord::id);

  private AliasMerge() {}

  /**
   * {@return one record per id} Of records with the same id the one modified last counts, and of
   * those modified at the same time the first.
   */
  static Collection<OsvRecord> latest(Collection<OsvRecord> all) {
    SortedMap<String, OsvRecord> byId = new TreeMap<>();
    for (OsvRecord record : all) {
      byId.merge(
          record.id(),
          record,
          (old, other) -> other.modified().compareTo(old.modified()) > 0 ? other : old);
    }
    return byId.values();
  }

  /** {@return the vulnerabilities, by id} Withdrawn records are left out. */
  static List<Flaw> merge(Collection<OsvRecord> all, Extras extras) {
    List<OsvRecord> standing =
        all.stream().filter(r -> !r.withdrawn() && !r.affected().isEmpty()).toList();

    SortedMap<String, List<OsvRecord>> groups = new TreeMap<>();
    Map<String, SortedSet<String>> placedByOne = new HashMap<>();
    Map<String, SortedSet<String>> placedByMany = new HashMap<>();
    List<OsvRecord> withoutCve = new ArrayList<>();
    for (OsvRecord record : standing) {
      List<String> cves = cves(record);
      if (cves.isEmpty()) {
        withoutCve.add(record);
      }
      for (String cve : cves) {
        groups.computeIfAbsent(cve, _ -> new ArrayList<>()).add(record);
        Map<String, SortedSet<String>> placed = cves.size() == 1 ? placedByOne : placedByMany;
        for (String id : record.ids()) {
          placed.computeIfAbsent(id, _ -> new TreeSet<>()).add(cve);
        }
      }
    }
    for (List<OsvRecord> joined : joinedByIds(withoutCve)) {
      SortedSet<String> homes = homes(joined, placedByOne);
      if (homes.isEmpty()) {
        homes = homes(joined, placedByMany);
      }
      if (homes.isEmpty()) {
        homes = new TreeSet<>(Set.of(ownId(joined)));
      }
      for (String home : homes) {
        groups.computeIfAbsent(home, _ -> new ArrayList<>()).addAll(joined);
      }
    }
    List<Flaw> flaws = new ArrayList<>();
    groups.forEach((id, records) -> flaws.add(flaw(id, records, placedByOne, extras)));
    return flaws;
  }

  static boolean isCve(String id) {
    return id.startsWith("CVE-");
  }

  private static boolean isGhsa(String id) {
    return id.startsWith("GHSA-");
  }

  private static List<String> cves(OsvRecord record) {
    return record.ids().stream().filter(AliasMerge::isCve).toList();
  }

  private static SortedSet<String> homes(
      List<OsvRecord> records, Map<String, SortedSet<String>> placed) {
    SortedSet<String> homes = new TreeSet<>();
    for (OsvRecord record : records) {
      record.ids().forEach(id -> homes.addAll(placed.getOrDefault(id, new TreeSet<>())));
    }
    return homes;
  }

  private static String ownId(List<OsvRecord> records) {
    SortedSet<String> ids = new TreeSet<>();
    records.forEach(r -> ids.addAll(r.ids()));
    return ids.stream()
        .filter(AliasMerge::isGhsa)
        .findFirst()
        .orElseGet(() -> records.stream().map(OsvRecord::id).sorted().findFirst().orElseThrow());
  }

  /** Union-find over the ids of records that name no CVE. */
  private static Collection<List<OsvRecord>> joinedByIds(List<OsvRecord> records) {
    Map<String, String> parents = new HashMap<>();
    for (OsvRecord record : records) {
      for (String id : record.ids()) {
        String a = root(parents, record.id());
        String b = root(parents, id);
        if (!a.equals(b)) {
          parents.put(a.compareTo(b) < 0 ? b : a, a.compareTo(b) < 0 ? a : b);
        }
      }
    }
    SortedMap<String, List<OsvRecord>> joined = new TreeMap<>();
    for (OsvRecord record : records) {
      joined.computeIfAbsent(root(parents, record.id()), _ -> new ArrayList<>()).add(record);
    }
    return joined.values();
  }

  private static String root(Map<String, String> parents, String id) {
    String at = id;
    for (String up = parents.get(at); up != null; up = parents.get(at)) {
      at = up;
    }
    return at;
  }

  private static Flaw flaw(
      String id,
      List<OsvRecord> unsorted,
      Map<String, SortedSet<String>> placedByOne,
      Extras extras) {
    List<OsvRecord> records = unsorted.stream().sorted(BEST_TOLD).toList();
    SortedSet<String> aliases = new TreeSet<>();
    SortedSet<String> cwes =
        new TreeSet<>(Comparator.comparing(String::length).thenComparing(String::compareTo));
    Set<String> references = new LinkedHashSet<>();
    Set<String> fixes = new LinkedHashSet<>();
    SortedMap<String, OsvRecord.Affected> affected = new TreeMap<>();
    Severity severity = Severity.UNKNOWN;
    for (OsvRecord record : records) {
      aliases.add(record.id());
      for (String alias : record.ids()) {
        boolean elsewhere =
            placedByOne.containsKey(alias)
                && !placedByOne.getOrDefault(alias, new TreeSet<>()).contains(id);
        if (!isCve(alias) && !(isCve(id) && elsewhere)) {
          aliases.add(alias);
        }
      }
      cwes.addAll(record.cwes());
      references.addAll(record.references());
      fixes.addAll(record.fixes());
      if (record.word().filter(w -> w.compareTo(Severity.NONE) > 0).isPresent()) {
        severity = worse(severity, record.word().orElseThrow());
      }
      for (OsvRecord.Affected one : record.affected()) {
        affected.merge(PackageName.key(one.ecosystem(), one.name()), one, AliasMerge::union);
      }
    }
    aliases.remove(id);
    Optional<Cvss> cvss = records.stream().flatMap(r -> r.cvss().stream()).max(Vectors.NEWEST);
    if (severity == Severity.UNKNOWN && cvss.isPresent()) {
      severity = Severity.ofScore(cvss.get().score());
    }
    if (severity == Severity.UNKNOWN && records.stream().allMatch(r -> r.word().isPresent())) {
      severity = Severity.NONE; // every source calls it a notice
    }
    affected.replaceAll((_, one) -> withoutCovered(one));
    return new Flaw(
        id,
        List.copyOf(aliases),
        records.stream().map(OsvRecord::summary).filter(s -> !s.isBlank()).findFirst().orElse(""),
        severity,
        cvss,
        Optional.ofNullable(extras.epss().get(id)),
        extras.kev().contains(id),
        List.copyOf(cwes),
        references.stream().limit(MAX_REFERENCES).toList(),
        fixes.stream().limit(MAX_FIXES).toList(),
        affected);
  }

  private static Severity worse(Severity a, Severity b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static OsvRecord.Affected union(OsvRecord.Affected a, OsvRecord.Affected b) {
    SortedSet<AffectedRange> ranges = new TreeSet<>(a.ranges());
    ranges.addAll(b.ranges());
    SortedSet<String> versions = new TreeSet<>(a.versions());
    versions.addAll(b.versions());
    SortedSet<String> sources = new TreeSet<>(a.sources());
    sources.addAll(b.sources());
    return new OsvRecord.Affected(
        a.ecosystem(), a.name(), List.copyOf(ranges), List.copyOf(versions), List.copyOf(sources));
  }

  /** Sorts the ranges by version and leaves out listed versions that one of them holds. */
  private static OsvRecord.Affected withoutCovered(OsvRecord.Affected one) {
    VersionOrder order = VersionOrders.of(one.ecosystem());
    List<AffectedRange> ranges =
        one.ranges().stream()
            .sorted(
                Comparator.comparing(AffectedRange::introduced, order)
                    .thenComparing(Comparator.naturalOrder()))
            .distinct()
            .toList();
    List<String> versions =
        one.versions().stream()
            .filter(v -> ranges.stream().noneMatch(r -> r.contains(v, order)))
            .sorted(order.thenComparing(Comparator.naturalOrder()))
            .distinct()
            .toList();
    return new OsvRecord.Affected(one.ecosystem(), one.name(), ranges, versions, one.sources());
  }
}
