package underpin.advisory;

import java.util.Locale;
import underpin.version.Ecosystem;

/** When two names mean one package: each ecosystem has its own rule. */
final class PackageName {
  private PackageName() {}

  /**
   * {@return the name that all spellings of one package share} PyPI: PEP 503 (case, and runs of
   * {@code - _ .}). NuGet and Packagist ignore case. Maven, npm (which has old mixed-case packages
   * beside new ones), Go, RubyGems and crates.io compare as written; crates.io treats {@code -} and
   * {@code _} as one for new names, ignoring case.
   */
  static String normalise(Ecosystem ecosystem, String name) {
    if (ecosystem.equals(Ecosystem.PYPI)) {
      return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }
    if (ecosystem.equals(Ecosystem.NUGET) || ecosystem.equals(Ecosystem.PACKAGIST)) {
      return name.toLowerCase(Locale.ROOT);
    }
    if (ecosystem.equals(Ecosystem.CRATES_IO)) {
      return name.replace('_', '-').toLowerCase(Locale.ROOT);
    }
    return name;
  }

  /** {@return the key of the index: purl type, NUL, normalised name} */
  static String key(Ecosystem ecosystem, String name) {
    return ecosystem.purlType() + '\0' + normalise(ecosystem, name);
  }
}
