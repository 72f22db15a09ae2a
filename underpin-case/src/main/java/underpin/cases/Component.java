package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.version.Ecosystem;

/**
 * One open-source package at one version.
 *
 * @param name as OSV writes it: {@code group:artifact} for Maven, {@code @scope/name} for npm,
 *     {@code vendor/package} for Packagist, the module path for Go
 * @param version may be empty where a document names none; then every range applies
 * @param qualifiers purl qualifiers such as {@code classifier} and {@code type} (a Maven type of
 *     {@code jar} is left out)
 */
public record Component(
    Ecosystem ecosystem, String name, String version, SortedMap<String, String> qualifiers)
    implements Comparable<Component> {

  private static final Comparator<Component> ORDER =
      Comparator.comparing(Component::ecosystem)
          .thenComparing(Component::name)
          .thenComparing(Component::version)
          .thenComparing(c -> c.qualifiers().toString());

  public Component {
    requireNonNull(ecosystem, "ecosystem");
    requireNonNull(version, "version");
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "Component in " + ecosystem.osvName() + " has a blank name");
    }
    qualifiers = Collections.unmodifiableSortedMap(new TreeMap<>(qualifiers));
  }

  public Component(Ecosystem ecosystem, String name, String version) {
    this(ecosystem, name, version, Collections.emptySortedMap());
  }

  /**
   * {@return a Maven component}; {@code classifier} may be empty, {@code type} "jar" is the default
   */
  public static Component maven(
      String groupId, String artifactId, String version, String classifier, String type) {
    TreeMap<String, String> qualifiers = new TreeMap<>();
    if (!classifier.isEmpty()) {
      qualifiers.put("classifier", classifier);
    }
    if (!type.isEmpty() && !type.equals("jar")) {
      qualifiers.put("type", type);
    }
    return new Component(Ecosystem.MAVEN, groupId + ":" + artifactId, version, qualifiers);
  }

  public static Component maven(String groupId, String artifactId, String version) {
    return maven(groupId, artifactId, version, "", "jar");
  }

  /** {@return the canonical package-url} See the purl specification, "How to build purl string". */
  public String purl() {
    StringBuilder purl = new StringBuilder("pkg:").append(ecosystem.purlType()).append('/');
    String path = ecosystem.equals(Ecosystem.MAVEN) ? name.replace(':', '/') : name;
    boolean first = true;
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty()) {
        continue;
      }
      purl.append(first ? "" : "/").append(encode(segment));
      first = false;
    }
    if (!version.isEmpty()) {
      purl.append('@').append(encode(version));
    }
    char separator = '?';
    for (Map.Entry<String, String> qualifier : qualifiers.entrySet()) {
      purl.append(separator).append(qualifier.getKey()).append('=');
      purl.append(encode(qualifier.getValue()));
      separator = '&';
    }
    return purl.toString();
  }

  /**
   * {@return {@code group:artifact:version} for Maven, else {@code name@version}: for people} What
   * lies in another file says in which.
   */
  public String display() {
    String shown = ecosystem.equals(Ecosystem.MAVEN) ? name + ":" + version : name + "@" + version;
    String classifier = qualifiers.get("classifier");
    String carrier = qualifiers.get(Embedding.QUALIFIER);
    return shown
        + (classifier == null ? "" : ":" + classifier)
        + (carrier == null ? "" : " in " + carrier);
  }

  public Component withVersion(String other) {
    return new Component(ecosystem, name, other, qualifiers);
  }

  @Override
  public int compareTo(Component other) {
    return ORDER.compare(this, other);
  }

  private static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ".-_~:".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }
}
