package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import underpin.advisory.AdvisoryStore;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.version.Ecosystem;

/**
 * Artifacts of the same release that a component was compiled with and its POM does not name, as
 * where optional ones are left out of it. Only those that an advisory names are asked for.
 */
final class Siblings {
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import\\s+(?:static\\s+)?([\\w.]+)\\.\\w+(?:\\.\\*)?\\s*;", Pattern.MULTILINE);

  /** Of a source file; imports stand at its beginning. */
  private static final int MOST_BYTES = 256 << 10;

  private final AdvisoryStore store;
  private final MavenSession maven;

  Siblings(AdvisoryStore store, MavenSession maven) {
    this.store = store;
    this.maven = maven;
  }

  /**
   * {@return jars by artifact}
   *
   * @param known what the component holds and is compiled with, as its POM says
   */
  SortedMap<String, Path> of(Gav component, Path sources, Collection<Path> known)
      throws IOException {
    Set<String> packages = imported(sources, component.groupId());
    for (Path jar : known) {
      packages.removeAll(ClassFiles.packages(jar, ArchiveLimits.DEFAULT));
    }
    SortedMap<String, Path> found = new TreeMap<>();
    String artifact = component.artifactId();
    String start = artifact.substring(0, artifact.lastIndexOf('-') + 1);
    for (String one : packages) {
      String rest = one.substring(component.groupId().length());
      for (String segment : rest.split("\\.")) {
        String name = component.groupId() + ":" + start + segment;
        boolean asked =
            !segment.isEmpty()
                && !start.isEmpty()
                && !found.containsKey(name)
                && !store.forPackage(Ecosystem.MAVEN, name).isEmpty();
        Optional<Path> jar =
            asked
                ? maven.fetch(new Gav(component.groupId(), start + segment, component.version()))
                : Optional.empty();
        if (jar.isPresent()
            && ClassFiles.packages(jar.get(), ArchiveLimits.DEFAULT).contains(one)) {
          found.put(name, jar.get());
        }
      }
    }
    return found;
  }

  /**
   * What the sources import and do not hold, of the group: others cannot be in an artifact of it,
   * by what people do.
   */
  private static Set<String> imported(Path sources, String group) throws IOException {
    Set<String> packages = new TreeSet<>();
    Set<String> own = new TreeSet<>();
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (entry.getName().endsWith(".java")) {
          int folder = Math.max(0, entry.getName().lastIndexOf('/'));
          own.add(entry.getName().substring(0, folder).replace('/', '.'));
          try (var in = zip.getInputStream(entry)) {
            Matcher line =
                IMPORT.matcher(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            while (line.find()) {
              // A nested type's outer one is none; type names begin with a capital.
              String name = line.group(1).replaceAll("\\.[A-Z].*", "");
              if (name.startsWith(group + ".")) {
                packages.add(name);
              }
            }
          }
        }
      }
    }
    packages.removeAll(own);
    return packages;
  }
}
