package underpin.inventory;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.cases.Component;
import underpin.version.Ecosystem;

/** From package-urls to components, named as OSV names them. */
final class Purl {
  /** Qualifiers that say where a package was had from, not which package it is. */
  private static final Set<String> ORIGIN =
      Set.of("repository_url", "download_url", "vcs_url", "file_name", "checksum");

  private static final Pattern PYPI_SEPARATORS = Pattern.compile("[-_.]+");

  /** Maven purls whose parts stand for themselves. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "pkg:maven/([A-Za-z0-9._-]{1,200})/([A-Za-z0-9._-]{1,200})@([A-Za-z0-9._-]{1,200})");

  private Purl() {}

  /**
   * Reads a package-url. A subpath is dropped: it names a place in the package.
   *
   * @throws MalformedPackageURLException if it is none; the message says why
   */
  static Component parse(String text) throws MalformedPackageURLException {
    Matcher plain = PLAIN.matcher(text);
    if (plain.matches()) {
      // Most purls: nothing to decode and nothing to normalize.
      String namespace = plain.group(1);
      String name = plain.group(2);
      return new Component(Ecosystem.MAVEN, namespace + ":" + name, plain.group(3));
    }
    return parseByLibrary(text);
  }

  /** The same for any purl, and slower. */
  static Component parseByLibrary(String text) throws MalformedPackageURLException {
    PackageURL purl = new PackageURL(text);
    Ecosystem ecosystem = Ecosystem.ofPurlType(purl.getType());
    String namespace = Optional.ofNullable(purl.getNamespace()).orElse("");
    String version = Optional.ofNullable(purl.getVersion()).orElse("");
    TreeMap<String, String> qualifiers = new TreeMap<>();
    Map<String, String> given = purl.getQualifiers();
    if (given != null) {
      qualifiers.putAll(given);
      qualifiers.keySet().removeAll(ORIGIN);
    }
    String name = namespace.isEmpty() ? purl.getName() : namespace + "/" + purl.getName();
    if (ecosystem.equals(Ecosystem.MAVEN)) {
      if (namespace.isEmpty()) {
        throw new MalformedPackageURLException("a Maven purl needs a namespace, the groupId");
      }
      name = namespace + ":" + purl.getName();
      qualifiers.remove("type", "jar"); // the default
    } else if (ecosystem.equals(Ecosystem.PYPI)) {
      // PEP 503, "Normalized Names": OSV's names are written so.
      name = PYPI_SEPARATORS.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
    }
    return new Component(ecosystem, name, version, qualifiers);
  }
}
