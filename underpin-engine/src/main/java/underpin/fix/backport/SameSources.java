package underpin.fix.backport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.program.ArchiveLimits;

/**
 * Whether two releases whose Java files are the same differ in nothing else that does something:
 * compilers may write the same source in two ways, but a class without a source, or another file,
 * may be the fix.
 */
final class SameSources {
  private final Fix fix;
  private final Sources sources;
  private final ArchiveLimits limits;

  /**
   * @param sources of both
   */
  SameSources(Fix fix, Sources sources, ArchiveLimits limits) {
    this.fix = fix;
    this.sources = sources;
    this.limits = limits;
  }

  /** {@return whether each file that differs is compiled from a source, or only says what it is} */
  boolean isShown() throws IOException {
    try (ZipFile before = new ZipFile(fix.affected().jar().toFile());
        ZipFile after = new ZipFile(fix.fixed().jar().toFile())) {
      Set<String> names = names(before);
      if (!names.equals(names(after))) {
        return false;
      }
      for (String name : names) {
        if (!hasSource(name) && !isSame(bytes(before, name), bytes(after, name))) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean isSame(byte[] before, byte[] after) {
    return Math.max(before.length, after.length) <= limits.entryBytes()
        && (Arrays.equals(before, after)
            || unnamed(before, fix.affected()).equals(unnamed(after, fix.fixed())));
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
  private static Set<String> names(ZipFile zip) {
    return zip.stream()
        .filter(entry -> !entry.isDirectory())
        .map(ZipEntry::getName)
        .filter(name ->
            !name.startsWith("META-INF/maven/")
                && !name.equals("META-INF/MANIFEST.MF")
                && !name.equals("META-INF/INDEX.LIST"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** At most one byte more than the limit, which tells that there is more. */
  private byte[] bytes(ZipFile zip, String name) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return in.readNBytes((int) limits.entryBytes() + 1);
    }
  }
}
