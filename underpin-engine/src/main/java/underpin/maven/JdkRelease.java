package underpin.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The system properties that a Maven started on another JDK would see. They decide {@code <jdk>}
 * activation and any {@code ${java.version}} in a POM.
 */
final class JdkRelease {
  private JdkRelease() {}

  /**
   * {@return the properties that differ, from the {@code release} file that every JDK since 7 has}
   * Empty when the folder has none: then the running JDK's stay.
   */
  static Map<String, String> properties(Path javaHome) {
    Path release = javaHome.resolve("release");
    if (!Files.isRegularFile(release)) {
      release = javaHome.resolve("../release").normalize(); // a JDK 8's jre folder
    }
    Map<String, String> lines = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(release)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          lines.put(
              line.substring(0, equals).strip(),
              line.substring(equals + 1).strip().replaceAll("^\"|\"$", ""));
        }
      }
    } catch (IOException noReleaseFile) {
      return Map.of();
    }
    String version = lines.get("JAVA_VERSION");
    if (version == null || version.isEmpty()) {
      return Map.of();
    }
    String[] parts = version.split("[._+-]", -1);
    String feature = parts[0].equals("1") && parts.length > 1 ? "1." + parts[1] : parts[0];
    Map<String, String> properties = new TreeMap<>();
    properties.put("java.version", version);
    properties.put("java.specification.version", feature);
    properties.put("java.vm.specification.version", feature);
    properties.put("java.runtime.version", lines.getOrDefault("JAVA_RUNTIME_VERSION", version));
    properties.put("java.vendor", lines.getOrDefault("IMPLEMENTOR", ""));
    properties.put("java.home", javaHome.toAbsolutePath().normalize().toString());
    properties.put("env.JAVA_HOME", javaHome.toAbsolutePath().normalize().toString());
    return properties;
  }
}
