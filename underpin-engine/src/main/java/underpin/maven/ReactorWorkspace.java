package underpin.maven;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.model.Build;
import org.apache.maven.model.Model;
import org.apache.maven.repository.internal.MavenWorkspaceReader;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.jspecify.annotations.Nullable;

/**
 * The modules of a reactor, for each other: effective models as read, with the overlay. And the
 * releases that are offered beside the repositories.
 */
final class ReactorWorkspace implements MavenWorkspaceReader {
  private final WorkspaceRepository repository;
  private final Map<String, ReactorModule> modules = new HashMap<>();
  private final List<OfferedReleases> offered;

  ReactorWorkspace(Reactor reactor, List<OfferedReleases> offered) {
    this.offered = offered;
    // The reactor is part of the key: the resolver remembers versions by workspace.
    this.repository = new WorkspaceRepository("reactor", System.identityHashCode(reactor));
    for (ReactorModule module : reactor.modules()) {
      modules.put(module.gav().key(), module);
    }
  }

  Optional<ReactorModule> module(Artifact artifact) {
    ReactorModule module = modules.get(artifact.getGroupId() + ":" + artifact.getArtifactId());
    return Optional.ofNullable(module)
        .filter(m ->
            m.gav().version().equals(artifact.getVersion())
                || m.gav().version().equals(artifact.getBaseVersion()));
  }

  @Override
  public @Nullable Model findModel(Artifact artifact) {
    return module(artifact).map(ReactorModule::effective).orElse(null);
  }

  @Override
  public WorkspaceRepository getRepository() {
    return repository;
  }

  @Override
  public @Nullable File findArtifact(Artifact artifact) {
    Optional<ReactorModule> module = module(artifact);
    if (module.isEmpty()) {
      return offered.stream()
          .flatMap(releases -> releases.file(DependencyGraph.gav(artifact)).stream())
          .findFirst()
          .map(Path::toFile)
          .orElse(null);
    }
    if (artifact.getExtension().equals("pom")) {
      return module.get().pom().toFile();
    }
    return output(module.get(), artifact).map(Path::toFile).orElse(null);
  }

  /** {@return the folder that the module's build writes the artifact's classes to, if it exists} */
  static Optional<Path> output(ReactorModule module, Artifact artifact) {
    Build build = module.effective().getBuild();
    if (build == null || !artifact.getExtension().equals("jar")) {
      return Optional.empty();
    }
    String folder =
        artifact.getClassifier().isEmpty()
            ? build.getOutputDirectory()
            : artifact.getClassifier().equals("tests") ? build.getTestOutputDirectory() : null;
    return Optional.ofNullable(folder)
        .map(f -> module.pom().resolveSibling(f))
        .filter(Files::isDirectory);
  }

  @Override
  public List<String> findVersions(Artifact artifact) {
    ReactorModule module = modules.get(artifact.getGroupId() + ":" + artifact.getArtifactId());
    if (module != null) {
      return List.of(module.gav().version());
    }
    return offered.stream()
        .flatMap(each -> each.versions(artifact.getGroupId(), artifact.getArtifactId()).stream())
        .distinct()
        .toList();
  }
}
