package underpin.fix.backport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.fix.backport.BackportRequest.Fix;

/**
 * Whether two releases whose Java files are the same differ in nothing else that does something:
 * compilers may write the same source in two ways, but a class without a source, or another file,
 * may be the fix.
 */
final class SameSources {
  private final Fix fix;
  private final Sources sources;

  /**
   * @param sources of both
   */
  SameSources(Fix fix, Sources sources) {
    this.fix = fix;
    this.sources = sources;
  }

  /** {@return whether each file that differs is compiled from a source, or only says what it is} */
  boolean isShown() throws IOException {
    Map<String, byte[]> before = entries(fix.affected());
    Map<String, byte[]> after = entries(fix.fixed());
    if (!before.keySet().equals(after.keySet())) {
      return false;
    }
    for (Map.Entry<String, byte[]> one : before.entrySet()) {
      byte[] now = java.util.Objects.requireNonNull(after.get(one.getKey()));
      boolean same =
          Arrays.equals(one.getValue(), now)
              || hasSource(one.getKey())
              || unnamed(one.getValue(), fix.affected()).equals(unnamed(now, fix.fixed()));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** A text without the version of its release. */
  private static String unnamed(byte[] text, BackportRequest.Release release) {
    String version = release.name().substring(release.name().lastIndexOf(' ') + 1);
    return new String(text, StandardCharsets.ISO_8859_1).replace(version, "");
  }

  private boolean hasSource(String entry) {
    int dollar = entry.indexOf('$', entry.lastIndexOf('/') + 2);
    String outer = dollar < 0 ? entry.replace(".class", "") : entry.substring(0, dollar);
    return entry.endsWith(".class") && sources.has(outer + ".java");
  }

  /** But for what every build writes anew. */
  private static Map<String, byte[]> entries(BackportRequest.Release release) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(release.jar().toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        boolean isOfBuild =
            entry.isDirectory()
                || entry.getName().startsWith("META-INF/maven/")
                || entry.getName().equals("META-INF/MANIFEST.MF")
                || entry.getName().equals("META-INF/INDEX.LIST");
        if (!isOfBuild) {
          try (var in = zip.getInputStream(entry)) {
            entries.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
    return entries;
  }
}
