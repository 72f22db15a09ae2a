package underpin.maven;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import underpin.cases.Progress;

/** One conversation with Maven's model builder and resolver. Safe for use from several threads. */
public final class MavenSession implements AutoCloseable {
  private MavenSession() {}

  public static MavenSession open(MavenOptions options) {
    throw new IllegalStateException("skeleton");
  }

  /** Reads the project and all its modules with effective models. */
  public Reactor read(Path project, PomOverlay overlay) throws MavenProjectException {
    throw new IllegalStateException("skeleton");
  }

  /**
   * Resolves every module as {@code mvn dependency:list} does; without files only POMs are fetched.
   */
  public Resolution resolve(Reactor reactor, boolean withFiles, Progress progress) {
    throw new IllegalStateException("skeleton");
  }

  /** Build plugins and their own dependencies, module by module. */
  public Resolution resolvePlugins(Reactor reactor, boolean withFiles, Progress progress) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * {@return every released version that the repositories list, ascending; empty when none answers}
   */
  public List<String> versions(String groupId, String artifactId) {
    throw new IllegalStateException("skeleton");
  }

  public Optional<Path> fetch(Gav gav) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * {@return what a BOM or parent manages, "group:artifact" (plus ":classifier" where there is one)
   * to version}
   */
  public Optional<SortedMap<String, String>> managedVersions(Gav pom) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public void close() {}
}
