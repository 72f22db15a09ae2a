package underpin.fix.backport;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be fixed, and where the fix can be seen.
 *
 * @param version the version in use
 * @param classPath what it is compiled with, as far as it can be had; without its own jar
 * @param fixes releases around the fix, the nearest first
 * @param functions what the fix changes, the likeliest first
 * @param scratch an empty folder for what has to lie in files meanwhile
 */
public record BackportRequest(
    Release version,
    List<Path> classPath,
    List<Fix> fixes,
    List<FixFunction> functions,
    Path scratch) {
  public BackportRequest {
    requireNonNull(version, "version");
    classPath = List.copyOf(classPath);
    fixes = List.copyOf(fixes);
    functions = List.copyOf(functions);
  }

  /**
   * One release.
   *
   * @param name {@code artifact:version}, for people
   */
  public record Release(String name, Path jar, Optional<Path> sources) {}

  /** The last affected release of a line and the first fixed one after it. */
  public record Fix(Release affected, Release fixed) {}
}
