package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Exclusion;
import org.apache.maven.model.Model;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;

/** What a release was built with, by its POM. */
final class ReleaseClassPath {
  private static final String TEST_JAR = "test-jar";
  private static final Set<String> TYPES = Set.of("jar", "bundle", TEST_JAR);

  private final MavenSession maven;
  private final Progress progress;

  ReleaseClassPath(MavenSession maven, Progress progress) {
    this.maven = maven;
    this.progress = progress;
  }

  /**
   * Files of a class path.
   *
   * @param files one release of each artifact
   * @param missing what no repository at hand has
   */
  record Needs(SortedMap<Gav, Path> files, List<String> missing) {}

  /** {@return the same by {@code group:artifact}, with {@code :classifier} where there is one} */
  static SortedMap<String, Path> byArtifact(SortedMap<Gav, Path> files) {
    SortedMap<String, Path> byArtifact = new TreeMap<>();
    files.forEach((gav, file) -> byArtifact.putIfAbsent(artifact(gav), file));
    return byArtifact;
  }

  private static String artifact(Gav gav) {
    return gav.key() + (gav.classifier().isEmpty() ? "" : ":" + gav.classifier());
  }

  /** {@return its own dependencies and theirs, also those that users do not get} */
  Needs compiledWith(Gav component) throws IOException {
    return resolve(
        component, one -> !"test".equals(one.getScope()) && !TEST_JAR.equals(one.getType()));
  }

  /** {@return the same with those of its tests} */
  Needs testedWith(Gav component) throws IOException {
    return resolve(component, _ -> true);
  }

  private Needs resolve(Gav component, Predicate<Dependency> wanted) throws IOException {
    Optional<Model> model = maven.effectiveModel(component);
    if (model.isEmpty()) {
      return new Needs(new TreeMap<>(), List.of());
    }
    Path folder = Files.createTempDirectory("underpin-class-path-");
    Path pom = folder.resolve("pom.xml");
    try {
      Files.writeString(pom, pom(model.get(), wanted), StandardCharsets.UTF_8);
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      SortedMap<Gav, Path> files = new TreeMap<>();
      Set<String> names = new TreeSet<>();
      List<String> missing = new ArrayList<>();
      for (Resolution.ModuleResolution module : maven.resolve(reactor, true, progress).modules()) {
        for (Resolution.Dependency one : module.dependencies()) {
          Optional<Path> file = one.file().filter(Files::isRegularFile);
          if (file.isEmpty()) {
            missing.add(one.gav().toString());
          } else if (names.add(artifact(one.gav()))) {
            files.put(one.gav(), file.get());
          }
        }
      }
      return new Needs(files, missing);
    } catch (MavenProjectException e) {
      throw new IOException(
          "what " + component + " is compiled with cannot be resolved: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(pom);
      Files.deleteIfExists(folder);
    }
  }

  private static String pom(Model model, Predicate<Dependency> wanted) {
    StringBuilder out =
        new StringBuilder(
            """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>underpin.coordinates</groupId>
              <artifactId>target</artifactId>
              <version>1</version>
              <dependencies>
            """);
    for (Dependency one : model.getDependencies()) {
      boolean usable =
          wanted.test(one)
              && !"system".equals(one.getScope())
              && (one.getType() == null || TYPES.contains(one.getType()))
              && one.getVersion() != null;
      if (usable) {
        out.append("<dependency>");
        element(out, "groupId", one.getGroupId());
        element(out, "artifactId", one.getArtifactId());
        element(out, "version", one.getVersion());
        if (TEST_JAR.equals(one.getType())) {
          element(out, "type", one.getType());
        }
        if (one.getClassifier() != null && !one.getClassifier().isEmpty()) {
          element(out, "classifier", one.getClassifier());
        }
        out.append("<exclusions>");
        for (Exclusion exclusion : one.getExclusions()) {
          out.append("<exclusion>");
          element(out, "groupId", exclusion.getGroupId());
          element(out, "artifactId", exclusion.getArtifactId());
          out.append("</exclusion>");
        }
        out.append("</exclusions></dependency>\n");
      }
    }
    return out.append("</dependencies></project>").toString();
  }

  private static void element(StringBuilder out, String name, String text) {
    out.append('<')
        .append(name)
        .append('>')
        .append(text.replace("&", "&amp;").replace("<", "&lt;"))
        .append("</")
        .append(name)
        .append('>');
  }
}
