package underpin.advisory;

import io.github.nscuro.versatile.VersionFactory;
import io.github.nscuro.versatile.spi.InvalidVersionException;
import io.github.nscuro.versatile.spi.Version;
import io.github.nscuro.versatile.version.KnownVersioningSchemes;
import java.util.Map;
import org.apache.maven.artifact.versioning.ComparableVersion;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * The version order of each ecosystem. Maven's is Maven's own; PyPI's, NuGet's and Packagist's come
 * from the versatile library. npm, Go and crates.io share {@link SemVer} and RubyGems has {@link
 * GemVersion}: versatile has no order for gems and crates, and its npm order is not antisymmetric
 * (it says {@code 1.0 < 1.0.0} and {@code 1.0.0 = 1.0}).
 *
 * <p>Every order is total: a text that is no version of its ecosystem comes before all that are,
 * and two such texts compare as text. Whether a text is a version: {@link #readable}.
 */
public final class VersionOrders {
  /** Longer texts are no versions; keeps hostile ones from nesting the parsers too deep. */
  static final int MAX_LENGTH = 256;

  private static final ReadOrder SEMVER = new ReadOrder(SemVer::read);

  private static final Map<Ecosystem, ReadOrder> ORDERS =
      Map.of(
          Ecosystem.MAVEN,
          new ReadOrder(ComparableVersion::new),
          Ecosystem.PYPI,
          versatile(KnownVersioningSchemes.SCHEME_PYPI),
          Ecosystem.NUGET,
          versatile(KnownVersioningSchemes.SCHEME_NUGET),
          Ecosystem.PACKAGIST,
          versatile(KnownVersioningSchemes.SCHEME_COMPOSER),
          Ecosystem.RUBYGEMS,
          new ReadOrder(GemVersion::read),
          Ecosystem.NPM,
          SEMVER,
          Ecosystem.GO,
          SEMVER,
          Ecosystem.CRATES_IO,
          SEMVER);

  private VersionOrders() {}

  /** {@return the order of an ecosystem's versions; an unknown ecosystem gets SemVer's} */
  public static VersionOrder of(Ecosystem ecosystem) {
    return ORDERS.getOrDefault(ecosystem, SEMVER);
  }

  /**
   * {@return whether the text is a version in its ecosystem} In Maven every text is, up to 256
   * characters.
   */
  public static boolean readable(Ecosystem ecosystem, String version) {
    return ORDERS.getOrDefault(ecosystem, SEMVER).readable(version);
  }

  private static ReadOrder versatile(String scheme) {
    return new ReadOrder(text -> {
      try {
        Version version = VersionFactory.forScheme(scheme, text);
        return version;
      } catch (InvalidVersionException e) {
        throw new NotAVersionException(text, e);
      }
    });
  }
}
