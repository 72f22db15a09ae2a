package underpin.version;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A family of packages with one naming scheme and one version order.
 *
 * @param osvName the name in OSV records ("Maven", "crates.io"); for types OSV does not know, the
 *     purl type
 * @param purlType the package-url type, lower case ("maven", "cargo")
 */
public record Ecosystem(String osvName, String purlType) implements Comparable<Ecosystem> {
  public static final Ecosystem MAVEN = new Ecosystem("Maven", "maven");
  public static final Ecosystem NPM = new Ecosystem("npm", "npm");
  public static final Ecosystem PYPI = new Ecosystem("PyPI", "pypi");
  public static final Ecosystem GO = new Ecosystem("Go", "golang");
  public static final Ecosystem CRATES_IO = new Ecosystem("crates.io", "cargo");
  public static final Ecosystem NUGET = new Ecosystem("NuGet", "nuget");
  public static final Ecosystem RUBYGEMS = new Ecosystem("RubyGems", "gem");
  public static final Ecosystem PACKAGIST = new Ecosystem("Packagist", "composer");

  /** The ecosystems whose advisories ship with the product, in the order of their OSV names. */
  public static final List<Ecosystem> KNOWN =
      List.of(CRATES_IO, GO, MAVEN, NPM, NUGET, PACKAGIST, PYPI, RUBYGEMS);

  public Ecosystem {
    Objects.requireNonNull(osvName, "osvName");
    Objects.requireNonNull(purlType, "purlType");
    if (purlType.isBlank()) {
      throw new IllegalArgumentException("An ecosystem has a blank purl type");
    }
  }

  /** {@return the ecosystem of a purl type; an unknown type becomes an ecosystem of its own} */
  public static Ecosystem ofPurlType(String purlType) {
    String type = purlType.toLowerCase(Locale.ROOT);
    return KNOWN.stream()
        .filter(e -> e.purlType.equals(type))
        .findFirst()
        .orElseGet(() -> new Ecosystem(type, type));
  }

  /** {@return the known ecosystem of an OSV name; suffixes such as ":v3" are ignored} */
  public static Optional<Ecosystem> ofOsvName(String osvName) {
    int colon = osvName.indexOf(':');
    String plain = colon < 0 ? osvName : osvName.substring(0, colon);
    return KNOWN.stream().filter(e -> e.osvName.equals(plain)).findFirst();
  }

  @Override
  public int compareTo(Ecosystem other) {
    return purlType.compareTo(other.purlType);
  }
}
