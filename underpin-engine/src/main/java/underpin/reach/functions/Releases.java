package underpin.reach.functions;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import underpin.advisory.Advisory;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.VersionOrders;
import underpin.version.VersionOrder;

/** Which releases of a package lie directly before and after its fixes, one pair per branch. */
final class Releases {
  private static final Pattern PRE_RELEASE =
      Pattern.compile(
          "(^|[^a-z])(alpha|beta|a|b|m|milestone|rc|cr|snapshot|ea|pre|preview|dev|test|nightly|pr|incubating)[-.]?\\d*([^a-z]|$)");

  private static final Pattern FLAVOUR =
      Pattern.compile("[-.](jre\\d*|jdk\\d*|android|java\\d+|atlassian[-.\\d]*|redhat[-.\\d]*)$");

  private final Advisory advisory;
  private final VersionOrder order;
  private final List<String> released;

  /**
   * @param released every release that repositories list, ascending
   */
  Releases(Advisory advisory, List<String> released) {
    this.advisory = advisory;
    this.order = VersionOrders.of(advisory.ecosystem());
    this.released = List.copyOf(released);
  }

  static boolean isStable(String version) {
    return !PRE_RELEASE.matcher(version.toLowerCase(Locale.ROOT)).find();
  }

  static String flavour(String version) {
    var found = FLAVOUR.matcher(version.toLowerCase(Locale.ROOT));
    return found.find() ? found.group(1) : "";
  }

  /**
   * {@return the pairs to add where those of {@link #pairs} tell little: from the last pre-release
   * of the fix, and to the release after it} An advisory's bounds may be off by one.
   */
  List<ReleasePair> wider(ReleasePair pair) {
    List<ReleasePair> wider = new ArrayList<>();
    released.stream()
        .filter(v -> order.compare(v, pair.affected()) > 0 && order.compare(v, pair.fixed()) < 0)
        .filter(v -> sameFlavour(v, pair.fixed()))
        .reduce((_, later) -> later)
        .ifPresent(v -> wider.add(new ReleasePair(pair.name(), v, pair.fixed())));
    released.stream()
        .filter(v -> order.compare(v, pair.fixed()) > 0 && isStable(v) && !isAffected(v))
        .filter(v -> sameFlavour(v, pair.fixed()))
        .findFirst()
        .ifPresent(v -> wider.add(new ReleasePair(pair.name(), pair.affected(), v)));
    return wider;
  }

  /** {@return one pair per range that ends, the newest branch first, each once} */
  List<ReleasePair> pairs() {
    Set<ReleasePair> pairs = new LinkedHashSet<>();
    List<AffectedRange> ranges = new ArrayList<>(advisory.ranges());
    ranges.sort((a, b) -> order.compare(end(b), end(a)));
    for (AffectedRange range : ranges) {
      fixed(range).flatMap(f -> pair(range, f).or(() -> plain(range, f))).ifPresent(pairs::add);
    }
    if (pairs.isEmpty() && !advisory.affectedVersions().isEmpty()) {
      afterListed().ifPresent(pairs::add);
    }
    return List.copyOf(pairs);
  }

  private static String end(AffectedRange range) {
    return range.fixed().or(range::lastAffected).or(range::limit).orElse("0");
  }

  private Optional<String> fixed(AffectedRange range) {
    if (range.fixed().isPresent()) {
      String named = range.fixed().get();
      return released.stream()
          .filter(v -> order.compare(v, named) >= 0 && !isAffected(v))
          .filter(v -> sameFlavour(v, named))
          .filter(v -> isStable(v) || order.compare(v, named) == 0 || !isStable(named))
          .findFirst();
    }
    return range
        .lastAffected()
        .flatMap(last ->
            released.stream()
                .filter(v -> order.compare(v, last) > 0 && !isAffected(v))
                .filter(v -> isStable(v) && sameFlavour(v, last))
                .findFirst());
  }

  /** The highest release below the fix: a stable one, unless the range has none. */
  private Optional<String> lastAffected(AffectedRange range, String fixed) {
    List<String> below =
        released.stream()
            .filter(v -> range.contains(v, order) && order.compare(v, fixed) < 0)
            .filter(v -> sameFlavour(v, fixed))
            .toList();
    return below.stream()
        .filter(Releases::isStable)
        .reduce((_, later) -> later)
        .or(() -> below.stream().reduce((_, later) -> later));
  }

  private Optional<ReleasePair> pair(AffectedRange range, String fixed) {
    return lastAffected(range, fixed)
        .map(affected -> new ReleasePair(advisory.packageName(), affected, fixed));
  }

  /**
   * Where the fix is named in a flavour that has no release before it ({@code 1.4.14-jdk7}, after
   * {@code 1.4.13}): the releases without a flavour, by their numbers alone.
   */
  private Optional<ReleasePair> plain(AffectedRange range, String fixed) {
    String flavour = flavour(fixed);
    if (flavour.isEmpty()) {
      return Optional.empty();
    }
    String number = fixed.substring(0, fixed.length() - flavour.length() - 1);
    return released.contains(number) ? pair(range, number) : Optional.empty();
  }

  private Optional<ReleasePair> afterListed() {
    List<String> affected =
        released.stream().filter(this::isAffected).filter(Releases::isStable).toList();
    if (affected.isEmpty()) {
      return Optional.empty();
    }
    String last = affected.getLast();
    return released.stream()
        .filter(v -> order.compare(v, last) > 0 && isStable(v) && sameFlavour(v, last))
        .findFirst()
        .map(next -> new ReleasePair(advisory.packageName(), last, next));
  }

  private boolean isAffected(String version) {
    return advisory.ranges().stream().anyMatch(range -> range.contains(version, order))
        || advisory.affectedVersions().stream().anyMatch(v -> order.compare(v, version) == 0);
  }

  /** Releases for different platforms differ in more than the fix. */
  private static boolean sameFlavour(String one, String other) {
    return flavour(one).equals(flavour(other));
  }
}
