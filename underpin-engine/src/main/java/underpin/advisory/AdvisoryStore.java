package underpin.advisory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.IndexReader.Entry;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * The compiled advisories, memory-mapped. Safe for use from several threads. Every method that
 * reads may throw {@link IndexCorruptedException} when it meets a damaged part.
 */
public final class AdvisoryStore implements AutoCloseable {
  private final IndexReader index;
  private final Path file;
  private final List<String> warnings;

  private AdvisoryStore(IndexReader index, Path file, List<String> warnings) {
    this.index = index;
    this.file = file;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Opens an index.
   *
   * @throws IOException if it cannot be read
   * @throws IndexCorruptedException if it is no index, cut off, or of another format
   */
  public static AdvisoryStore open(Path index) throws IOException {
    return new AdvisoryStore(IndexReader.open(index), index, List.of());
  }

  /**
   * {@return the newest of the user's updated index and the one that ships} A damaged index of the
   * user's gives a warning ({@link #warnings}) and the shipped one.
   *
   * @throws IOException if no index is found; the message names the places
   * @throws IndexCorruptedException if the shipped one is damaged and the user has none
   */
  public static AdvisoryStore openDefault() throws IOException {
    return openDefault(IndexPlaces.ofThisProcess());
  }

  static AdvisoryStore openDefault(IndexPlaces places) throws IOException {
    Optional<Path> shipped = places.shippedFile();
    if (!Files.isRegularFile(places.user())) {
      return open(shipped.orElseThrow(places::noneFound));
    }
    List<String> warnings = new ArrayList<>();
    try {
      IndexReader user = IndexReader.open(places.user());
      user.checkAll();
      AdvisoryStore updated = new AdvisoryStore(user, places.user(), List.of());
      if (shipped.isEmpty()) {
        return updated;
      }
      AdvisoryStore built = open(shipped.get());
      if (updated.snapshot().newest().compareTo(built.snapshot().newest()) >= 0) {
        return updated;
      }
      return built;
    } catch (IOException | IndexCorruptedException e) {
      warnings.add(
          e instanceof IndexCorruptedException
              ? e.getMessage()
              : "The advisory index %s cannot be read (%s). Run \"underpin advisories update\" again."
                  .formatted(places.user(), e));
    }
    Path fallback = shipped.orElseThrow(places::noneFound);
    return new AdvisoryStore(IndexReader.open(fallback), fallback, warnings);
  }

  /** {@return the index file} */
  public Path file() {
    return file;
  }

  /** {@return what to tell the user about the choice of the index; mostly empty} */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * {@return merged advisories of one package, by vulnerability id; withdrawn ones are not in the
   * store} The name is normalised as the ecosystem does.
   */
  public List<Advisory> forPackage(Ecosystem ecosystem, String name) {
    return guarded(() -> {
      List<Advisory> advisories = new ArrayList<>();
      index
          .advisoriesOf(PackageName.key(ecosystem, name))
          .ifPresent(range -> {
            for (int i = range[0]; i < range[1]; i++) {
              advisories.add(index.advisory(i));
            }
          });
      return List.copyOf(advisories);
    });
  }

  /** {@return by any id or alias, case-insensitive, one entry per affected package} */
  public List<Advisory> byId(String id) {
    return guarded(() -> {
      List<Advisory> advisories = new ArrayList<>();
      for (Entry entry : entries(id)) {
        entry.advisories().forEach(number -> advisories.add(index.advisory(number)));
      }
      return List.copyOf(advisories);
    });
  }

  /**
   * {@return whether a vulnerability is known of a package}
   *
   * @param id any id or alias, case-insensitive
   */
  public boolean concerns(String id, Ecosystem ecosystem, Predicate<String> packageName) {
    return byId(id).stream()
        .anyMatch(a -> a.ecosystem().equals(ecosystem) && packageName.test(a.packageName()));
  }

  /** {@return every advisory of an ecosystem, one entry per affected package} For generators. */
  public List<Advisory> all(Ecosystem ecosystem) {
    return guarded(() ->
        IntStream.range(0, index.advisories())
            .mapToObj(index::advisory)
            .filter(advisory -> advisory.ecosystem().equals(ecosystem))
            .toList());
  }

  /** {@return commits that the sources link as fix of a vulnerability, by any id or alias} */
  public List<String> fixCommits(String id) {
    return guarded(() -> entries(id).stream().flatMap(e -> e.fixes().stream()).distinct().toList());
  }

  /** {@return the share of CVEs that EPSS finds less likely to be exploited, 0 to 1} */
  public OptionalDouble epssPercentile(String id) {
    return guarded(() ->
        entries(id).stream()
            .map(Entry::percentile)
            .filter(OptionalDouble::isPresent)
            .findFirst()
            .orElse(OptionalDouble.empty()));
  }

  private List<Entry> entries(String id) {
    return index.vulnerabilitiesOf(id.strip().toUpperCase(Locale.ROOT)).stream()
        .map(index::vulnerability)
        .toList();
  }

  /**
   * {@return why this version is affected, in words, or empty when it is not} A version that is
   * empty, or no version in the ecosystem's order, has every range against it.
   */
  public Optional<String> affects(Advisory advisory, String version) {
    String source = " (" + String.join(", ", advisory.sourceIds()) + ")";
    if (version.isBlank()) {
      return Optional.of("no version is known, so every range counts" + source);
    }
    VersionOrder order = VersionOrders.of(advisory.ecosystem());
    if (!VersionOrders.readable(advisory.ecosystem(), version)) {
      return Optional.of(
          "\"%s\" is no version of %s, so every range counts%s"
              .formatted(shown(version), advisory.ecosystem().osvName(), source));
    }
    for (AffectedRange range : advisory.ranges()) {
      if (range.contains(version, order)) {
        return Optional.of(range.text() + source);
      }
    }
    for (String listed : advisory.affectedVersions()) {
      if (order.compare(listed, version) == 0) {
        return Optional.of("listed as affected: " + listed + source);
      }
    }
    return Optional.empty();
  }

  /** {@return versions that the advisory names as fixed, in the ecosystem's order, each once} */
  public static List<String> fixedVersions(Advisory advisory) {
    return advisory.ranges().stream()
        .flatMap(range -> range.fixed().stream())
        .distinct()
        .sorted(VersionOrders.of(advisory.ecosystem()).thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /**
   * {@return what the store says of one package, by vulnerability id: every advisory, with the
   * reason where this version is affected} An empty version has every range against it.
   */
  public List<Judged> judge(Ecosystem ecosystem, String name, String version) {
    return forPackage(ecosystem, name).stream()
        .map(a -> new Judged(a, affects(a, version), fixedVersions(a)))
        .toList();
  }

  /** One advisory and what it means for one version. */
  public record Judged(Advisory advisory, Optional<String> because, List<String> fixedVersions) {
    public Judged {
      fixedVersions = List.copyOf(fixedVersions);
    }
  }

  private static String shown(String version) {
    return version.length() <= 60 ? version : version.substring(0, 60) + "…";
  }

  public Snapshot snapshot() {
    return guarded(() ->
        new Snapshot(
            index.digest(),
            index.complete(),
            index.coverage().stream()
                .map(Coverage::newest)
                .max(Comparator.naturalOrder())
                .orElse(""),
            index.vulnerabilities(),
            index.attributions()));
  }

  /** {@return how far each ecosystem's advisories go, by ecosystem} */
  public List<Coverage> coverage() {
    return guarded(index::coverage);
  }

  /**
   * Checks the SHA-256 of every part and reads every record once.
   *
   * @throws IndexCorruptedException naming the first part that is wrong
   */
  public void verify() {
    guarded(() -> {
      index.verify();
      return true;
    });
  }

  IndexReader index() {
    return index;
  }

  /** A forged index with right checksums ends here: its records break the rules of the nouns. */
  private <T> T guarded(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      IndexCorruptedException damaged =
          new IndexCorruptedException(file.toString(), "a record", String.valueOf(e.getMessage()));
      damaged.initCause(e);
      throw damaged;
    }
  }

  /**
   * What the store holds: for the report. Dates are ISO, complete = complete up to.
   *
   * @param complete Maven advisories are complete up to this day; later ones are a selection
   * @param newest the day the newest advisory was published
   * @param records vulnerabilities, after aliases were merged
   */
  public record Snapshot(
      String digest, String complete, String newest, long records, List<String> attributions) {
    public Snapshot {
      attributions = List.copyOf(attributions);
    }
  }

  @Override
  public void close() {
    index.close();
  }
}
