package underpin.maven;

import static java.util.Objects.requireNonNull;

import underpin.cases.Component;

/**
 * A Maven artifact.
 *
 * @param classifier empty where there is none
 * @param extension the file extension that the repository uses, "jar" mostly
 */
public record Gav(
    String groupId, String artifactId, String version, String classifier, String extension)
    implements Comparable<Gav> {
  public Gav {
    requireNonNull(groupId, "groupId");
    requireNonNull(artifactId, "artifactId");
    requireNonNull(version, "version");
    requireNonNull(classifier, "classifier");
    requireNonNull(extension, "extension");
  }

  public Gav(String groupId, String artifactId, String version) {
    this(groupId, artifactId, version, "", "jar");
  }

  /** {@return {@code group:artifact}} */
  public String key() {
    return groupId + ":" + artifactId;
  }

  public Gav withVersion(String other) {
    return new Gav(groupId, artifactId, other, classifier, extension);
  }

  public Component component() {
    return Component.maven(groupId, artifactId, version, classifier, extension);
  }

  @Override
  public int compareTo(Gav other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return key()
        + ":"
        + version
        + (classifier.isEmpty() ? "" : ":" + classifier)
        + (extension.equals("jar") ? "" : "@" + extension);
  }
}
