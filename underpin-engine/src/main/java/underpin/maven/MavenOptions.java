package underpin.maven;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the user runs Maven.
 *
 * @param offline no network at all; what the local repository lacks is a problem, not a wait
 * @param localRepository empty: as settings and Maven's default say
 * @param userSettings empty: {@code ~/.m2/settings.xml} where it exists
 * @param profiles as after {@code -P}: "id", "!id" or "-id"
 * @param userProperties as after {@code -D}
 * @param javaHome the JDK that the project is built with: decides {@code <jdk>} activation and
 *     {@code java.version}; empty: the running one
 * @param trustProjectRepositories logins of the settings go by id alone, as Maven sends them, also
 *     to a server that only a POM names
 */
public record MavenOptions(
    boolean offline,
    Optional<Path> localRepository,
    Optional<Path> userSettings,
    List<String> profiles,
    SortedMap<String, String> userProperties,
    Optional<Path> javaHome,
    boolean trustProjectRepositories) {
  public MavenOptions {
    profiles = List.copyOf(profiles);
    userProperties = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(userProperties));
  }

  public MavenOptions(
      boolean offline,
      Optional<Path> localRepository,
      Optional<Path> userSettings,
      List<String> profiles,
      SortedMap<String, String> userProperties,
      Optional<Path> javaHome) {
    this(offline, localRepository, userSettings, profiles, userProperties, javaHome, false);
  }

  public static MavenOptions defaults() {
    return new MavenOptions(
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        new TreeMap<>(Map.of()),
        Optional.empty(),
        false);
  }
}
