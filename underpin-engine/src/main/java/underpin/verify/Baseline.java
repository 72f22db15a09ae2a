package underpin.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The project as it is, built and tested in a copy.
 *
 * @param copy the folder that was built
 * @param sources digests (hex SHA-256) of the files that matter, by relative path
 * @param tests outcome by test, "module#class#method"
 * @param failure why nothing can be verified, with the log's telling lines; empty when it builds
 */
public record Baseline(
    Path project,
    Path copy,
    Optional<Jdk> jdk,
    SortedMap<String, String> sources,
    SortedMap<String, TestOutcome> tests,
    Optional<String> failure) {
  public Baseline {
    sources = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(sources));
    tests = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tests));
  }

  /** What a test did. */
  public enum TestOutcome {
    PASSED,
    FAILED,
    SKIPPED,
    FLAKY
  }

  /**
   * A JDK on this machine.
   *
   * @param because why this one was chosen
   */
  public record Jdk(Path home, int release, String because) {}

  /**
   * {@return the class folders per module path that the build left, main first} A module without
   * classes is absent. Only Maven's standard folders are known.
   */
  public Map<String, List<Path>> classFolders() {
    Map<String, List<Path>> folders = new TreeMap<>();
    for (String file : sources.keySet()) {
      if (file.equals("pom.xml") || file.endsWith("/pom.xml")) {
        Path module = copy.resolve(file).getParent();
        List<Path> found = new ArrayList<>();
        for (String name : List.of("target/classes", "target/test-classes")) {
          Path folder = module == null ? copy.resolve(name) : module.resolve(name);
          if (Files.isDirectory(folder)) {
            found.add(folder);
          }
        }
        if (!found.isEmpty()) {
          folders.put(
              file.equals("pom.xml") ? "." : file.substring(0, file.length() - "/pom.xml".length()),
              found);
        }
      }
    }
    return folders;
  }
}
